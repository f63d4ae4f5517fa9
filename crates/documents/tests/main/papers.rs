//! What the papers of the five cases say.

use sigu_documents::{Block, Kind, Lang, pdf, text};

use crate::made::{Cases, written};

const IDS: [&str; 5] = ["C01", "C02", "C03", "C04", "C05"];

#[test]
fn every_paper_says_what_is_missing_or_is_made_in_both_languages() {
    let cases = Cases::told();
    for id in IDS {
        for kind in Kind::ALL.iter().filter(|kind| kind.of_one_order()) {
            for lang in [Lang::Zh, Lang::En] {
                match cases.paper(id, *kind, lang) {
                    Ok(made) => {
                        assert!(
                            !made.paper.blocks.is_empty() && !made.paper.rests_on.is_empty(),
                            "{id} {}",
                            kind.code()
                        );
                        assert!(!text::markdown(&made.paper).is_empty());
                    }
                    Err(refused) => {
                        println!("{id} {}: {:?}", kind.code(), refused.missing);
                        assert!(
                            refused.missing.iter().all(|one| !one.name.is_empty() && !one.how.is_empty())
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn no_sentence_of_fact_stands_without_an_exhibit() {
    let cases = Cases::told();
    for id in IDS {
        let Ok(made) = cases.paper(id, Kind::Appeal, Lang::Zh) else { continue };
        let facts = made.paper.blocks.iter().filter_map(|block| match block {
            Block::Facts { facts, .. } => Some(facts),
            _ => None,
        });
        for fact in facts.flatten() {
            assert!(!fact.exhibits().is_empty(), "{id}: {}", fact.text());
            assert!(fact.exhibits().iter().all(|no| made.paper.exhibits.contains_key(no)), "{id}");
        }
    }
}

#[test]
fn the_same_paper_gives_the_same_bytes() {
    let cases = Cases::told();
    for (id, kind) in [
        ("C01", Kind::Catalogue),
        ("C02", Kind::Appeal),
        ("C03", Kind::Complaint12315),
        ("C02", Kind::Letter),
    ] {
        let made = cases.paper(id, kind, Lang::Zh).unwrap();
        let one = pdf::set(&made.paper, &made.pictures).unwrap();
        let two = pdf::set(&made.paper, &made.pictures).unwrap();
        assert!(one.bytes.starts_with(b"%PDF-") && one.pages > 0);
        assert!(one.bytes == two.bytes, "{id} {}", kind.code());
        written(&format!("{id}-{}.pdf", kind.code()), &one.bytes);
    }
}

#[test]
fn what_was_shortened_is_named_in_words() {
    // All that is known of it does not fit into 300 characters.
    let made = Cases::complete().paper("C02", Kind::Alipay, Lang::Zh).unwrap();
    let paste = made.paper.paste.unwrap();
    assert!(!paste.shortened.is_empty() && paste.chars <= paste.max_chars, "{paste:?}");
    let named = |what: &String| what.chars().all(|sign| !sign.is_ascii_lowercase() && sign != '_');
    assert!(paste.shortened.iter().all(named), "{:?}", paste.shortened);
}
