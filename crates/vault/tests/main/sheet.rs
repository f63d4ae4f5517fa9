//! Sheets: read once, brought up to date by what was logged since, and never the truth of another vault.

use std::sync::Arc;

use sigu_case::dossier::Figures;
use sigu_case::report::{MerchantNoted, PartyNamed, ProfileAdded, Role};
use sigu_case::{Command, OrderFacts};
use sigu_vault::{Agenda, OrderSummary, Sheet, Vault};

use crate::support::{House, ORDER, at, fix, open_order, order, put_back, say};

fn lines(sheet: &Sheet<OrderSummary>) -> Vec<OrderSummary> {
    let mut all: Vec<OrderSummary> = sheet.lines().cloned().collect();
    all.sort_by(|one, other| one.order.cmp(&other.order));
    all
}

/// Brings a sheet up to date in a vault opened anew, compares it with one that is read whole, and tells how many
/// lines it read.
fn renewed(house: &House, sheet: &mut Arc<Sheet<OrderSummary>>) -> usize {
    house.with(|vault| {
        let before = sheet.clone();
        *sheet = vault.sheet(Some(&before)).unwrap();
        assert_eq!(lines(sheet), vault.orders().unwrap());
        if Arc::ptr_eq(sheet, &before) { 0 } else { sheet.read() }
    })
}

fn filled() -> House {
    let house = House::new();
    house.with(|vault| {
        for number in 2..9 {
            open_order(vault, &format!("dk{number:02}"), number).unwrap();
        }
    });
    house
}

fn note(vault: &Vault, minute: i64) {
    let note = MerchantNoted {
        at: at(minute),
        merchant: "橙壳数卡".into(),
        deposit_fen: None,
        shown_rate_bp: None,
        escrow: None,
        coverage: None,
        note: Some("快".into()),
        proof: None,
    };
    vault.execute(vec![Command::Report(note.into())], at(minute)).unwrap();
}

#[test]
fn only_orders_of_later_leaves_are_read_again() {
    let house = filled();
    let mut sheet = house.with(|vault| vault.sheet::<OrderSummary>(None).unwrap());
    assert_eq!((sheet.len(), sheet.read()), (8, 8));
    assert_eq!(renewed(&house, &mut sheet), 0, "nothing was logged");
    house.with(|vault| {
        fix(vault, "a page", 20);
        say(vault, "delivered", 21);
        open_order(vault, "dk20", 22).unwrap();
    });
    assert_eq!(renewed(&house, &mut sheet), 2, "the one that was touched, and the new one");
    house.with(|vault| {
        let gone = fix(vault, "erased later", 23);
        vault.erase(gone, &[], at(24)).unwrap();
    });
    assert_eq!(renewed(&house, &mut sheet), 1);
    house.with(|vault| note(vault, 25));
    assert_eq!(renewed(&house, &mut sheet), 9, "what belongs to no order may change any");
    house.with(|vault| {
        let line = vault.line(&sheet, &order(ORDER)).unwrap();
        assert_eq!((line.order.as_str(), line.messages), (ORDER, 1));
        assert!(vault.line(&sheet, &order("none")).is_none());
    });
}

#[test]
fn a_vault_put_in_the_place_of_another_is_noticed() {
    let house = filled();
    let older = house.copy();
    let mut sheet = house.with(|vault| {
        open_order(vault, "later", 30).unwrap();
        vault.sheet::<OrderSummary>(None).unwrap()
    });
    assert_eq!(sheet.len(), 9);
    // The older state, on a machine that is put back too: it has fewer leaves.
    put_back(&older.places.vault, &house.places.vault);
    put_back(&older.places.state, &house.places.state);
    assert_eq!(renewed(&house, &mut sheet), 8);
    // As many leaves as before and one more, of another history.
    let before = sheet.clone();
    house.with(|vault| open_order(vault, "one", 31).unwrap());
    assert_eq!(renewed(&house, &mut sheet), 1);
    put_back(&older.places.vault, &house.places.vault);
    put_back(&older.places.state, &house.places.state);
    house.with(|vault| {
        open_order(vault, "two", 31).unwrap();
        open_order(vault, "three", 32).unwrap();
    });
    assert_eq!(renewed(&house, &mut sheet), 10, "the same log, another history");
    let mut from_older = before;
    assert_eq!(renewed(&house, &mut from_older), 2, "this one the log went on from");
    // Another vault altogether.
    let other = filled();
    assert_eq!(renewed(&other, &mut sheet), 8);
}

#[test]
fn agendas_and_figures_are_what_rebuilding_makes() {
    let house = filled();
    let facts =
        OrderFacts { merchant: Some("橙壳数卡".into()), paid_at: Some(at(40)), ..OrderFacts::default() };
    let (agendas, figures) = house.with(|vault| {
        vault.execute(vec![Command::OpenOrder { order: order("paid"), facts }], at(41)).unwrap();
        (vault.sheet::<Agenda>(None).unwrap(), vault.sheet::<Figures>(None).unwrap())
    });
    let toml = include_str!("../../../case/data/platforms/acg.toml").replace("id = \"acg\"", "id = \"own\"");
    house.with(|vault| {
        let party = PartyNamed {
            at: at(42),
            order: order("paid"),
            role: Role::Merchant,
            name: Some("橙壳".into()),
            legal_name: Some("云州橙壳".into()),
            address: None,
            contact: None,
            licence: None,
            proof: None,
        };
        vault.execute(vec![Command::Report(party.into())], at(43)).unwrap();
        let profile = ProfileAdded { at: at(44), id: "own".into(), toml };
        vault.execute(vec![Command::Report(profile.into())], at(45)).unwrap();
        let renewed = (vault.sheet(Some(&agendas)).unwrap(), vault.sheet(Some(&figures)).unwrap());
        vault.rebuild().unwrap();
        let whole = (vault.sheet::<Agenda>(None).unwrap(), vault.sheet::<Figures>(None).unwrap());
        assert!(renewed.0.lines().eq(whole.0.lines()));
        assert!(renewed.1.lines().eq(whole.1.lines()));
        assert!(!figures.lines().eq(whole.1.lines()), "the party says something of the merchant");
        assert!(
            whole
                .1
                .lines()
                .any(|one| one.at(at(50)).is_some_and(|says| says.name.as_deref() == Some("橙壳数卡")))
        );
    });
    assert_eq!(house.assert_clean(), []);
}

#[test]
fn a_vault_from_before_the_figures_gets_them() {
    let house = filled();
    let meddle = |sql: &str| {
        house.with(|vault| {
            say(vault, "the last word", 40);
            let connection = rusqlite::Connection::open(house.places.vault.join("vault.db")).unwrap();
            connection.execute_batch(sql).unwrap();
        });
    };
    meddle("DROP TABLE case_figures; PRAGMA user_version = 2");
    assert_eq!(house.assert_clean(), [], "it is whole without them");
    house.with(|vault| assert_eq!(vault.sheet::<Figures>(None).unwrap().len(), 8));
    assert_eq!(house.assert_clean(), []);
    meddle("DROP TABLE case_pages; UPDATE case_figures SET figures = x'00'; PRAGMA user_version = 4");
    house.with(|vault| assert_eq!(vault.sheet::<Figures>(None).unwrap().len(), 8, "figures of another form"));
    assert_eq!(house.assert_clean(), []);
    meddle("DELETE FROM case_figures");
    assert_eq!(house.codes(), [sigu_vault::FindingCode::ProjectionDiffers]);
    house.with(|vault| vault.rebuild().unwrap());
    assert_eq!(house.assert_clean(), []);
}

#[test]
fn a_part_of_a_content_is_what_stands_there() {
    let house = House::new();
    let content: Vec<u8> =
        (0..3_u32 << 16).map(|place| (place.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let item =
        house.with(|vault| crate::support::try_fix(vault, std::slice::from_ref(&content), 2).unwrap()[0]);
    house.with(|vault| {
        let end = content.len();
        for (from, most) in
            [(0, 9), (65_530, 20), (65_536, 65_536), (1, end), (131_071, 2), (end - 3, 99), (end, 5)]
        {
            let wanted = &content[from..(from + most).min(end)];
            assert_eq!(vault.content_part(item, from as u64, most as u64).unwrap(), wanted, "{from} {most}");
        }
        assert!(vault.content_part(item, u64::MAX, 1).unwrap().is_empty());
    });
    let blob = crate::support::blobs(&house.places).remove(0);
    let mut bytes = std::fs::read(&blob).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    std::fs::write(&blob, bytes).unwrap();
    house.with(|vault| {
        assert_eq!(vault.content_part(item, 5, 4).unwrap(), content[5..9], "the first chunk is whole");
        assert!(vault.content_part(item, 131_072, 4).is_err());
    });
}
