//! The law table: every id of the dossier resolves, citations read well and only of law in force.

use std::collections::BTreeSet;

use jiff::civil::{Date, date};
use proptest::prelude::*;
use sigu_case::bilingual::Bilingual;
use sigu_case::confidence::{CheckStatus, Confidence};
use sigu_case::law::{Citation, CitationRefused, Table};

/// The day of the dossier.
const TODAY: Date = date(2026, 11, 22);

fn table() -> &'static Table {
    Table::get()
}

fn cite(id: &str) -> Citation {
    table().cite(id, TODAY).unwrap_or_else(|error| panic!("{id}: {error}"))
}

/// Expects both languages, Chinese signs in the Chinese, and no Chinese in the English but names.
pub(crate) fn good_words(words: &Bilingual) {
    let Bilingual { zh, en } = words;
    assert!(!zh.trim().is_empty() && !en.trim().is_empty(), "{words:?}");
    assert_eq!((zh.trim(), en.trim()), (zh.as_str(), en.as_str()), "{words:?}");
    let signs: Vec<char> = zh.chars().collect();
    for (at, sign) in signs.iter().enumerate().filter(|(_, sign)| ",.;:?!()\"'".contains(**sign)) {
        let inside =
            |at: Option<usize>| at.and_then(|at| signs.get(at)).is_some_and(char::is_ascii_alphanumeric);
        assert!(inside(at.checked_sub(1)) && inside(Some(at + 1)), "{sign} in {zh}");
    }
    assert!(!zh.is_ascii() && !zh.contains("  "), "{zh}");
}

/// Every id of sections 1, 3, 5 and 7 of the dossier, as they are written there.
const IDS: &str = "
    L-CPL-2 L-CPL-8 L-CPL-10 L-CPL-11 L-CPL-16 L-CPL-20 L-CPL-21/28 L-CPL-21 L-CPL-28 L-CPL-22
    L-CPL-23 L-CPL-24 L-CPL-25 L-CPL-26 L-CPL-29 L-CPL-37 L-CPL-39 L-CPL-40 L-CPL-44 L-CPL-45
    L-CPL-46 L-CPL-48 L-CPL-52 L-CPL-53 L-CPL-55 L-CPL-56 L-CPLR-9 L-CPLR-10 L-CPLR-11 L-CPLR-12
    L-CPLR-13 L-CPLR-17 L-CPLR-18 L-CPLR-19 L-CPLR-21 L-CPLR-22 L-CPLR-44 L-CPLR-46 L-CPLR-47
    L-CPLR-49 L-ECL-9 L-ECL-13 L-ECL-15/16 L-ECL-17 L-ECL-18/19 L-ECL-20 L-ECL-31 L-ECL-32/33/34
    L-ECL-38 L-ECL-39 L-ECL-49 L-ECL-50 L-ECL-51 L-ECL-53–57 L-ECL-54 L-ECL-57 L-ECL-58 L-ECL-59
    L-ECL-60 L-ECL-61 L-ECL-62 L-ECL-63 L-ECL-74 L-ECL-83 L-OTM-8 L-OTM-12 L-OTM-14 L-OTM-17/18
    L-OTM-19 L-OTM-21 L-OTM-24 L-OTM-28 L-OTM-30 L-OTM-31 L-OTM-34 L-PRM-4 L-PRM-7/8/9 L-PRM-8
    L-PRM-12/13 L-PRM-14 L-PRM-15 L-PRM-16 L-PRM-19 L-PRM-20 L-PRM-21 L-PRM-28 L-PRM-30 L-PRM-32
    L-CC-19/20 L-CC-144/145 L-CC-127 L-CC-148/152 L-CC-153 L-CC-157 L-CC-188/195 L-CC-201/203
    L-CC-491 L-CC-496–498 L-CC-497 L-CC-500 L-CC-506 L-CC-509 L-CC-511 L-CC-512 L-CC-563/565/566
    L-CC-577 L-CC-579–585 L-CC-591/592 L-CC-612 L-CC-615/617 L-CC-617 L-CC-620–622 L-CC-622 L-CC-646
    L-CC-985–987 L-CCI-10 L-CPP-24 L-CPPI-20 L-CPP-35 L-CPP-66/67/68 L-CPP-71–74 L-CPP-84
    L-CPP-122/124/126 L-CPP-165/166/168 L-CPPI-90/91/93/104–106/108/112/116/275 L-CPPI-104
    L-EVR-11,14,15 L-EVR-15 L-EVR-19 L-EVR-45–48,95 L-EVR-61,87,88,90 L-EVR-61 L-EVR-93 L-EVR-94
    L-EVR-94(2) L-OLR-11–19 L-OLR-18 L-ICR-11 L-ICJ L-ESL-4–8 L-NCI L-NCI-1 L-NCI-2 L-NCI-3 L-NCI-4
    L-NCI-5 L-NCI-6 L-NCI-7 L-NCI-10 L-PRE L-PRE-14 L-PRE-23 L-PRE-25 L-PRE-26 L-RET7 L-RET7-6
    L-RET7-7 L-RET7-14 L-RET7-20 L-PEN L-PEN-5 L-PEN-6 L-PEN-8 L-PEN-9 L-PEN-10 L-PEN-12 L-PEN-16
    L-CTR L-CTR-5–8 L-PRICE L-PRICE-19 L-PRICE-20 L-AUCL-9 L-ATF-14/20/31/44 L-ATF-20 L-ATF-31
    L-NBP-31/35 L-MIN-44/46 L-PSM-50/58 L-CRIM-266/274 L-GBT47746 L-CRM-3 L-CRM-8 L-CRM-9 L-CRM-10
    L-CRM-11/12 L-CRM-11 L-CRM-13 L-CRM-15 L-CRM-16 L-CRM-16(2) L-CRM-17 L-CRM-18/20 L-CRM-20
    L-CRM-23 L-CRM-25 L-CRM-27 L-CRM-28/31/35 L-CRM-28 L-CRM-37 L-CRM-42 L-CRM-45";

/// The short forms of section 4, and those of section 3 with spaces in them.
const SHORT: &[&str] = &[
    "CC 582",
    "PEN 5(10)",
    "PRICE 19",
    "PRICE 20",
    "NCI 1",
    "NCI 5",
    "NCI 10",
    "CPL 48(4)",
    "CPL 48(6)",
    "CPL 48(8)",
    "CPL 44(2)",
    "CPL 20(有效期限)",
    "CPL 23¶3",
    "CPL 23（3）",
    "CPLR 12",
    "CPLR 13",
    "CPLR 21",
    "CPLR 17",
    "CPLR 18",
    "CPLR 22",
    "CPLR 49",
    "CC 615",
    "CC 617",
    "CC 577",
    "CC 512",
    "CC 563",
    "CC 612",
    "CC 622",
    "CC 497",
    "CC 19",
    "CC 20",
    "CC 145",
    "CC 157",
    "CC 985",
    "CC 592",
    "CC 153",
    "CC 148",
    "CC 511(4)",
    "ECL 13",
    "ECL 15",
    "ECL 16",
    "ECL 17",
    "ECL 19",
    "ECL 20",
    "ECL 38",
    "ECL 50",
    "ECL 51",
    "ECL 57",
    "ECL 59",
    "ECL 61",
    "ECL 62",
    "ECL 74",
    "ECL 83",
    "OTM 12",
    "OTM 18",
    "OTM 21",
    "OTM 24",
    "PEN 5",
    "PEN 10",
    "PEN 16",
    "ATF",
    "ATF 14",
    "ATF 31",
    "CRIM 266",
    "MIN 44",
    "PRM 14",
    "PRM 19",
    "PRM 20",
    "PRM 30",
    "RET7 14",
    "CRM 10",
    "CRM 16(2)",
    "CRM 42",
    "CRM 45",
    "PSM 50/58",
    "CPL 20,23,48",
    "PEN 5,16",
    "L-CC-19/20, 144/145",
    "L-CC-577, 579–585",
    "L-CPL-37, 39",
];

fn ids() -> impl Iterator<Item = &'static str> {
    IDS.split_whitespace().chain(SHORT.iter().copied())
}

#[test]
fn every_id_of_the_dossier_resolves_and_can_be_cited_on_its_day() {
    for id in ids() {
        let row = table().find(id).unwrap_or_else(|| panic!("{id} is unknown"));
        let citation = cite(id);
        assert_eq!(citation.statute, row.statute, "{id}");
        assert_eq!(citation.rows.len(), table().find_all(id).len(), "{id}");
        // The canonical id names the same rows.
        assert_eq!(table().find_all(&citation.id), table().find_all(id), "{id}");
    }
}

#[test]
fn every_row_is_named_by_the_dossier() {
    let named: BTreeSet<String> = ids().flat_map(|id| table().find_all(id)).map(|row| row.id()).collect();
    let mut rows: BTreeSet<String> = table().articles().iter().map(|row| row.id()).collect();
    assert!(rows.remove("L-CRM20"), "the repealed rule has a row, so that it can be refused");
    assert_eq!(rows, named);
    for row in table().articles() {
        assert_eq!(table().find(&row.id()), Some(row), "{}", row.id());
    }
}

#[test]
fn what_is_not_there_is_not_found() {
    for id in [
        "",
        " ",
        "L-",
        "L-CPL",
        "L-CPL-",
        "L-CPL-1",
        "L-CPL-0",
        "L-CPL-99999",
        "L-CPL-20(9)",
        "L-CPL-20(",
        "L-CPL-20()",
        "L-CPL-20-",
        "L-CPL-20x",
        "L-CPL-28–21",
        "L-CPL-20/",
        "L-CPL-26–30",
        "L-XYZ-1",
        "cpl 20",
        "CPL20",
        "20",
        "L-CPL-1–9999",
        "L-CC-577/1",
        "E5",
        "《消费者权益保护法》",
        "L-CPL-２０",
        "L-CRM-46",
        "L-PRM-30(1)",
    ] {
        assert_eq!(table().find(id), None, "{id}");
        assert!(table().find_all(id).is_empty(), "{id}");
        assert!(matches!(table().cite(id, TODAY), Err(CitationRefused::Unknown { .. })), "{id}");
    }
    let long = "L-CPL-20/".repeat(1000);
    let Err(CitationRefused::Unknown { id }) = table().cite(&long, TODAY) else { panic!("a long id") };
    assert_eq!(id.chars().count(), 60);
}

#[test]
fn citations_read_as_in_chinese_documents() {
    let table = [
        ("L-CPL-20", "《消费者权益保护法》第二十条", "Consumer Rights Protection Law, art. 20"),
        ("CC 577", "《民法典》第五百七十七条", "Civil Code, art. 577"),
        (
            "CPL 48(6)",
            "《消费者权益保护法》第四十八条第一款第六项",
            "Consumer Rights Protection Law, art. 48 para. 1 item 6",
        ),
        (
            "L-CPL-21/28",
            "《消费者权益保护法》第二十一条、第二十八条",
            "Consumer Rights Protection Law, arts. 21, 28",
        ),
        ("L-ECL-53–57", "《电子商务法》第五十三条至第五十七条", "E-Commerce Law, arts. 53–57"),
        (
            "L-CPPI-104–106/275",
            "《民事诉讼法司法解释》第一百零四条至第一百零六条、第二百七十五条",
            "Interpretation on the Civil Procedure Law, arts. 104–106, 275",
        ),
        (
            "L-CRM-16(2)",
            "《市场监督管理投诉举报处理办法》第十六条第二项",
            "Measures for Handling Market Regulation Complaints and Reports, art. 16 item 2",
        ),
        ("L-NCI", "《网络消费纠纷规定（一）》", "Provisions on Online Consumer Disputes (I)"),
        ("CC 201", "《民法典》第二百零一条", "Civil Code, art. 201"),
    ];
    for (id, zh, en) in table {
        assert_eq!(cite(id).text, Bilingual::new(zh, en), "{id}");
    }
    assert_eq!(cite("L-CPL-20").full.zh, "《中华人民共和国消费者权益保护法》第二十条");
    let inner = "《最高人民法院关于适用〈中华人民共和国民法典〉合同编通则若干问题的解释》第十条";
    assert_eq!(cite("L-CCI-10").full.zh, inner);
}

#[test]
fn ids_have_one_form() {
    for (id, canonical) in [
        ("CPL 20", "L-CPL-20"),
        ("L-CPL-20", "L-CPL-20"),
        ("L-EVR-11,14,15", "L-EVR-11/14/15"),
        ("L-ECL-53-57", "L-ECL-53–57"),
        ("CPL 23¶3", "L-CPL-23(3)"),
        ("PEN 5（10）", "L-PEN-5(10)"),
        ("ATF", "L-ATF"),
        ("L-CC-577, 579–585", "L-CC-577/579–585"),
    ] {
        assert_eq!(cite(id).id, canonical, "{id}");
    }
}

#[test]
fn a_shared_summary_says_of_which_articles_it_speaks() {
    let one = cite("L-PRM-8");
    assert_eq!(one.text.zh, "《网络交易平台规则监督管理办法》第八条");
    assert_eq!(one.rows.iter().map(|row| row.of.zh.as_str()).collect::<Vec<_>>(), ["第七条至第九条"]);
    assert_eq!(cite("L-PRM-7/8/9").rows.len(), 1);
    assert_eq!(cite("L-NCI").rows[0].of.zh, "网络消费纠纷规定（一）");
    assert_eq!(cite("L-CPL-21/28").rows.len(), 2);
}

#[test]
fn a_law_is_cited_only_while_it_is_in_force() {
    let check = |id: &str, first: &str| {
        let first: Date = first.parse().unwrap();
        assert!(table().cite(id, first).is_ok(), "{id} on {first}");
        let before = first.yesterday().unwrap();
        let Err(error) = table().cite(id, before) else { panic!("{id} on {before}") };
        let CitationRefused::NotInForce { on, from, to, .. } = &error else { panic!("{id}: {error}") };
        assert_eq!((*on, *from, *to), (before, Some(first), None), "{id}");
        good_words(&error.words());
        assert!(error.words().zh.contains(&format!("自{first}起施行")), "{:?}", error.words());
    };
    check("L-CRM-15", "2026-04-15");
    check("L-PRM-19", "2026-02-01");
    check("L-CPLR-12", "2024-07-01");
    check("L-ICJ", "2025-11-01");
    check("L-PSM-50", "2026-01-01");
    check("L-CPL-20", "2014-03-15");
    check("L-ECL-51", "2019-01-01");
    check("L-OTM-28", "2021-05-01");
    check("L-CC-497", "2021-01-01");
    check("L-CPP-24", "2024-01-01");
    check("L-NCI-5", "2022-03-15");
    check("L-AUCL-9", "2025-10-15");
    check("L-EVR-93", "2020-05-01");
}

#[test]
fn the_old_rule_on_complaints_is_refused_and_its_values_are_known() {
    let refused = table().cite("L-CRM20", date(2026, 4, 15));
    let Err(CitationRefused::NotInForce { from, to, replaced_by, .. }) = &refused else {
        panic!("{refused:?}")
    };
    assert_eq!((*from, *to, replaced_by.as_deref()), (None, Some(date(2026, 4, 14)), Some("CRM")));
    good_words(&refused.unwrap_err().words());
    let last_day = table().cite("L-CRM20", date(2026, 4, 14)).unwrap();
    assert_eq!(last_day.status, CheckStatus::ToBeChecked);
    assert!(table().cite("L-CRM-23", date(2026, 4, 14)).is_err());

    let found =
        |text: &str| table().superseded_in(text).iter().map(|old| old.value.en.clone()).collect::<Vec<_>>();
    assert_eq!(found("调解应在 45 个工作日内完成"), ["mediation within 45 working days"]);
    assert_eq!(found("四十五个工作日"), ["mediation within 45 working days"]);
    assert_eq!(found("60个工作日"), ["mediation within 60 working days"]);
    assert_eq!(found("within 45 Working Days"), ["mediation within 45 working days"]);
    assert_eq!(found("六十日内调解完毕，七个工作日内告知"), Vec::<String>::new());
    for old in table().superseded() {
        good_words(&old.value);
        good_words(&old.now);
        assert!(table().statute(&old.statute).unwrap().in_force_to.is_some(), "{}", old.statute);
        assert!(table().cite(&old.replaced_by, TODAY).is_ok(), "{}", old.replaced_by);
        assert!(table().superseded_in(&old.now.zh).is_empty(), "{}", old.now.zh);
    }
}

#[test]
fn what_is_not_sure_is_to_be_checked() {
    let of = |id: &str, on: Date| table().cite(id, on).unwrap().status;
    for id in ["L-CPL-20", "L-CRM-15", "L-AUCL-9", "L-CC-497", "L-CPP-166"] {
        assert_eq!(of(id, TODAY), CheckStatus::Checked, "{id}");
    }
    for id in
        ["L-ICJ", "L-GBT47746", "L-CPP-165", "L-CRIM-266", "L-CRM-45", "L-CPP-165/166/168", "L-CRIM-274"]
    {
        assert_eq!(of(id, TODAY), CheckStatus::ToBeChecked, "{id}");
    }
    // The wording before an amendment was not read.
    assert_eq!(of("L-OTM-21", date(2025, 3, 17)), CheckStatus::ToBeChecked);
    assert_eq!(of("L-OTM-21", date(2025, 3, 18)), CheckStatus::Checked);
    for row in table().articles() {
        let unsure = row.check_before_release || matches!(row.confidence, Confidence::C | Confidence::D);
        assert_eq!(row.status() == CheckStatus::ToBeChecked, unsure, "{}", row.id());
    }
    assert_eq!(CheckStatus::of(Confidence::D, false).label().zh, "待核验");
    assert_eq!(CheckStatus::of(Confidence::C, false), CheckStatus::ToBeChecked);
    assert_eq!(CheckStatus::of(Confidence::A, true), CheckStatus::ToBeChecked);
    assert_eq!(CheckStatus::of(Confidence::B, false), CheckStatus::Checked);
}

#[test]
fn every_text_is_good_in_both_languages() {
    for row in table().articles() {
        good_words(&row.summary);
        good_words(&row.when);
        row.note.iter().for_each(good_words);
        row.parts.values().for_each(good_words);
        assert!(row.summary.zh.ends_with('。') && row.summary.en.ends_with('.'), "{}", row.id());
        // Our own words, short: never a quotation of the law at length.
        assert!(row.summary.zh.chars().count() <= 110, "{}: {}", row.id(), row.summary.zh);
        assert!(!row.summary.zh.contains("本法") && !row.summary.zh.contains("前款"), "{}", row.id());
        assert!(row.parts.is_empty() || row.no.parse::<u16>().is_ok(), "{}: parts of several", row.id());
        assert_eq!(row.checked_at, TODAY, "{}", row.id());
    }
    for statute in table().statutes() {
        for words in [&statute.full, &statute.short, &statute.issuer] {
            good_words(words);
        }
        statute.newest.iter().chain(statute.amendments.iter().map(|change| &change.by)).for_each(good_words);
        assert!(!statute.official.is_empty(), "{}", statute.code);
        assert!(statute.url.as_ref().is_none_or(|url| url.starts_with("https://www.")), "{}", statute.code);
        assert!(table().articles().iter().any(|row| row.statute == statute.code), "{}", statute.code);
        assert!(statute.in_force_from.zip(statute.in_force_to).is_none_or(|(from, to)| from <= to));
        assert!(statute.promulgated.zip(statute.in_force_from).is_none_or(|(made, from)| made <= from));
        let replaced = statute.replaced_by.as_ref();
        assert_eq!(replaced.is_some(), statute.in_force_to.is_some(), "{}", statute.code);
        assert!(replaced.is_none_or(|code| table().statute(code).is_some()), "{}", statute.code);
    }
    good_words(&table().cite("L-CPL-999", TODAY).unwrap_err().words());
}

#[test]
fn the_corrections_of_the_dossier_stand() {
    let summary = |id: &str| table().find(id).unwrap().summary.zh.clone();
    // No waiver outside the platform; short inspection periods; no seven-day return of digital goods.
    assert!(summary("L-PRM-30").contains("不得排除或者限制"));
    assert!(summary("L-CC-622").contains("外观瑕疵"));
    assert!(summary("L-CPL-25").contains("数字化商品"));
    assert!(summary("L-CRM-23").contains("六十日"));
    for row in table().articles() {
        assert!(!row.summary.zh.contains("权利丧失"), "{}", row.id());
        assert!(table().superseded_in(&row.summary.zh).is_empty(), "{}", row.id());
    }
}

proptest! {
    #[test]
    fn any_id_is_answered(id in "\\PC*", days in -4_000_000i32..3_000_000) {
        let on = date(1970, 1, 1).saturating_add(jiff::ToSpan::days(days));
        let _ = (table().find(&id), table().cite(&id, on), table().superseded_in(&id));
    }

    #[test]
    fn any_almost_id_is_answered(id in "(L-)?(CPL|CC|NCI)[- ]?[0-9/–(),¶]{0,12}") {
        if let Ok(citation) = table().cite(&id, TODAY) {
            prop_assert_eq!(table().find_all(&citation.id), table().find_all(&id));
        }
    }
}
