//! Order numbers, transaction ids and ticket numbers have the shape of their software and the time inside.

use sigu_practice_shop::Skin;

use crate::browser::shop;

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[test]
fn order_numbers_carry_the_time_in_china() {
    // (skin, length, where the time stands)
    let shapes = [
        (Skin::DjUnicorn, 16, None),
        (Skin::DjHyper, 16, None),
        (Skin::Acg, 18, Some((3, "261122093001"))),
        (Skin::Qs, 26, Some((6, "261122093001"))),
        (Skin::Rbw, 17, Some((0, "20261122093001"))),
    ];
    for (skin, length, time) in shapes {
        let shop = shop(skin);
        for _ in 0..20 {
            let number = shop.buy(1, 1, "a", "").unwrap().order_no;
            assert_eq!(number.len(), length, "{skin} {number}");
            match time {
                Some((at, time)) => assert_eq!(&number[at..at + time.len()], time, "{skin}"),
                None => {
                    assert!(number.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()), "{number}");
                    assert!(number.bytes().any(|b| b.is_ascii_uppercase()), "{number}");
                }
            }
            match skin {
                Skin::Acg | Skin::Rbw => assert!(digits(&number), "{number}"),
                Skin::Qs => {
                    assert!(number.starts_with("YZ") && digits(&number[2..18]), "{number}");
                    assert!(number[18..].bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)));
                }
                _ => {}
            }
        }
    }
}

#[test]
fn transaction_ids_have_28_digits_and_the_date() {
    let shop = shop(Skin::DjUnicorn);
    let id = shop.buy(1, 1, "a", "").unwrap().transaction_id;
    assert!(digits(&id) && id.len() == 28 && id.starts_with("42"), "{id}");
    assert_eq!(&id[10..18], "20261122");
}

#[test]
fn the_same_seed_gives_the_same_shop() {
    let buy = || shop(Skin::Qs).buy(1, 2, "a", "").unwrap();
    let (one, other) = (buy(), buy());
    assert_eq!((one.order_no, one.codes), (other.order_no, other.codes));
}
