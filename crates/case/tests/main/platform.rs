//! Platform profiles: what is known and from where, users' profiles, rule versions and watched values.

use std::collections::BTreeSet;

use jiff::Timestamp;
use proptest::prelude::*;
use sigu_case::ItemId;
use sigu_case::category::advise;
use sigu_case::confidence::Confidence;
use sigu_case::platform::{
    Appeal, AppealWindow, InForce, NoticeVerdict, Profile, ProfileError, ProfileProblem, RefundDestination,
    Registry, RuleBook, RuleVersion, SellerType, WatchTopic, WatchUnit, watched_changes, watched_values,
};
use sigu_case::scenario::Scenario;

fn profile(key: &str) -> &'static Profile {
    Registry::built_in().find(key).unwrap_or_else(|| panic!("no profile {key}"))
}

fn user(text: &str) -> Result<Registry, ProfileError> {
    Registry::with_user(vec![("mine.toml".to_owned(), text.to_owned())])
}

const HEAD: &str = "source = \"rules page\"\nchecked_at = \"2026-11-01\"\nconfidence = \"C\"\n";

#[test]
fn all_profiles_are_there_and_have_one_name_each() {
    let ids: Vec<_> = Registry::built_in().profiles().iter().map(|profile| profile.id.as_str()).collect();
    let wanted = "dj djh djn acg kmf qs qfk rbw fkn jiaoyimao pangxie 5173 xianyu taobao-virtual wechat-mini \
                  closed-app generic-t1 generic-t2 generic-t3 generic-t4 generic-t5 generic-t6";
    assert_eq!(ids, wanted.split_whitespace().collect::<Vec<_>>());
    let mut keys = BTreeSet::new();
    for profile in Registry::built_in().profiles() {
        for key in profile.aliases.iter().map(|alias| alias.to_lowercase()).chain([profile.id.clone()]) {
            assert!(keys.insert(key.clone()), "{key} twice");
            assert_eq!(
                Registry::built_in().find(&key).map(|found| found.id.as_str()),
                Some(profile.id.as_str())
            );
        }
    }
    for (at, kind) in SellerType::ALL.iter().enumerate() {
        assert_eq!(profile(&format!("generic-t{}", at + 1)).seller_type, *kind);
    }
}

#[test]
fn profiles_are_found_by_id_alias_and_name() {
    let table = [
        ("QS", "qs"),
        (" 骑士 ", "qs"),
        ("closed_app", "closed-app"),
        ("交易猫", "jiaoyimao"),
        ("5173", "5173"),
    ];
    for (key, id) in table {
        assert_eq!(profile(key).id, id, "{key}");
    }
    for key in ["", "  ", "nobody", "https://", "."] {
        assert_eq!(Registry::built_in().find(key), None, "{key}");
    }
}

#[test]
fn what_the_dossier_says_of_complaints_holds() {
    let qs = profile("qs");
    assert_eq!(qs.window(), Some(AppealWindow::SameDay));
    let facts = &qs.facts;
    assert_eq!(facts.complaint_sla_h.as_ref().map(|fact| fact.value), Some(24));
    assert_eq!(facts.one_shot.as_ref().map(|fact| fact.value), Some(true));
    assert_eq!(facts.description_min.as_ref().map(|fact| fact.value), Some(20));
    assert_eq!(facts.categories.as_ref().map(|fact| fact.value.len()), Some(9));
    // The buyer's own message keeps its 4 h there (C03): the form says nothing of the merchant's answer.
    assert_eq!(facts.merchant_reply_h, None);
    let qfk = &profile("qfk").facts;
    assert_eq!(qfk.max_complaints.as_ref().map(|fact| fact.value), Some(5));
    assert_eq!(qfk.description_max.as_ref().map(|fact| fact.value), Some(1000));
    let rbw = &profile("rbw").facts;
    assert_eq!(rbw.refund_destination.as_ref().map(|fact| fact.value), Some(RefundDestination::Balance));
    let acg = profile("acg").facts.evidence_max.as_ref().unwrap();
    assert_eq!((acg.value.count, acg.value.types.len()), (Some(8), 3));
    let wechat = profile("wechat-mini").facts.merchant_reply_h.as_ref().unwrap();
    assert_eq!((wechat.value, wechat.from.confidence), (48, Confidence::A));
    assert_eq!(profile("closed_app").facts.escrow.as_ref().map(|fact| fact.value), Some(true));
}

#[test]
fn shops_without_an_appeal_say_so() {
    // D3; at ACG only buyers with an account have tickets, so the guest of C01 has none.
    let table = [
        ("dj", Some(false), Some(false)),
        ("djh", Some(false), Some(false)),
        ("djn", Some(false), Some(false)),
        ("kmf", Some(false), Some(false)),
        ("acg", Some(false), Some(true)),
        ("qs", Some(true), Some(true)),
        ("qfk", Some(true), Some(true)),
        ("fkn", Some(true), Some(true)),
        ("rbw", Some(true), Some(true)),
        ("closed-app", Some(true), Some(true)),
        ("generic-t1", Some(false), Some(false)),
        ("generic-t2", Some(true), Some(true)),
        ("generic-t6", Some(false), Some(false)),
    ];
    for (id, guest, member) in table {
        assert_eq!(
            (profile(id).takes_complaints(true), profile(id).takes_complaints(false)),
            (guest, member),
            "{id}"
        );
    }
}

#[test]
fn every_fact_has_a_source_and_no_limit_is_invented() {
    for profile in Registry::built_in().profiles() {
        for (field, from) in profile.facts.provenance() {
            let Some(from) = from else { continue };
            assert!(!from.source.is_empty(), "{}: {field}", profile.id);
            assert!(from.note.as_ref().is_none_or(|note| !note.is_incomplete()), "{}: {field}", profile.id);
        }
        let facts = &profile.facts;
        // Nobody has seen these in any source, so no profile may state them.
        assert!(facts.deposit_rule.is_none() && facts.refund_ratio_rule.is_none(), "{}", profile.id);
        assert!(facts.auto_confirm_after_h.is_none() && facts.message_max.is_none(), "{}", profile.id);
        assert!(facts.operator_company.is_none() && profile.hosts.is_empty(), "{}", profile.id);
        // Windows are known for one software only; the others stay unknown.
        assert_eq!(profile.window().is_some(), profile.id == "qs", "{}", profile.id);
    }
}

#[test]
fn every_text_of_a_profile_is_there_in_both_languages() {
    for profile in Registry::built_in().profiles() {
        let facts = &profile.facts;
        let categories = facts.categories.iter().flat_map(|fact| &fact.value);
        let names = categories.flat_map(|own| [Some(&own.name), own.note.as_ref()]);
        let maps = facts.category_map.iter().flat_map(|fact| &fact.value).map(|map| map.note.as_ref());
        let gaps = facts.unmapped.iter().flat_map(|fact| &fact.value).map(|gap| Some(&gap.reason));
        let traps = facts.refund_traps.iter().flat_map(|fact| &fact.value).map(Some);
        let notes = facts.notes.iter().flat_map(|fact| &fact.value).map(|note| Some(&note.text));
        let entry = facts.complaint_entry.iter().map(|fact| Some(&fact.value));
        let all = names.chain(maps).chain(gaps).chain(traps).chain(notes).chain(entry).flatten();
        for text in all.chain([&profile.name]) {
            assert!(!text.is_incomplete(), "{}: {text:?}", profile.id);
            assert!(!text.en.contains(['，', '。', '；']), "{}: {text:?}", profile.id);
        }
    }
}

#[test]
fn every_right_category_is_mapped_or_explained_where_there_is_an_appeal() {
    for profile in Registry::built_in().profiles() {
        assert_eq!(profile.unmapped_right(), [], "{}", profile.id);
        let wrong = |problem| {
            matches!(
                problem,
                ProfileProblem::DanglingEntry
                    | ProfileProblem::UnmappedCategory
                    | ProfileProblem::Contradiction
            )
        };
        let found: Vec<_> = profile.check().into_iter().filter(|finding| wrong(finding.problem)).collect();
        assert_eq!(found, [], "{}", profile.id);
    }
}

#[test]
fn a_check_tells_what_is_missing_and_what_is_unverified() {
    let problems = |id: &str, field: &str| {
        let found = profile(id).check().into_iter().filter(|finding| finding.field == field);
        found.map(|finding| finding.problem).collect::<Vec<_>>()
    };
    assert_eq!(problems("qs", "deposit_rule"), [ProfileProblem::Missing]);
    assert_eq!(problems("qs", "appeal_window"), []);
    assert_eq!(problems("qfk", "appeal_window"), [ProfileProblem::Missing]);
    assert_eq!(problems("dj", "appeal_window"), [], "a shop without an appeal needs no window");
    assert_eq!(problems("xianyu", "categories"), [ProfileProblem::Unverified]);
    for profile in Registry::built_in().profiles() {
        for finding in profile.check() {
            assert!(!finding.label.is_incomplete() && !finding.advice.is_incomplete(), "{finding:?}");
        }
    }
}

#[test]
fn every_field_and_every_problem_has_words() {
    // An empty profile has every wanted field missing; each finding needs its words.
    let registry = user(&format!(
        "id = \"bare\"\nname = {{ zh = \"空\", en = \"bare\" }}\nseller_type = \"T2\"\n{HEAD}"
    ));
    let findings = registry.unwrap().find("bare").unwrap().check();
    assert!(findings.iter().filter(|finding| finding.problem == ProfileProblem::Missing).count() > 15);
    let unmapped = findings.iter().filter(|finding| finding.problem == ProfileProblem::UnmappedCategory);
    assert_eq!(unmapped.count(), 11);
}

const EXTENDS: &str = r#"
extends = "qs"
id = "yunzhan"
name.zh = "云栈寄售发卡"
name.en = "Yunzhan"
hosts = ["yunzhan.test"]
source = "rules page"
checked_at = 2026-11-01
confidence = "C"

[facts]
complaint_sla_h = { value = 12 }
appeal_window = { value = { kind = "hours_after_order", n = 24 }, confidence = "B" }

[[rules]]
title = "云栈寄售平台售后规则"
article = "第三条"
text = "无效卡密应补发或退款。"
in_force_from = "2026-01-01"
published_at = 2025-12-20
snapshot = "1-17"
retrieved_at = "2026-09-21T14:40:00+08:00"
"#;

#[test]
fn a_users_profile_changes_the_named_fields_and_keeps_the_rest() {
    let registry = user(EXTENDS).unwrap();
    let mine = registry.find("yunzhan").unwrap();
    let sla = mine.facts.complaint_sla_h.as_ref().unwrap();
    assert_eq!((sla.value, sla.from.source.as_str(), sla.from.confidence), (12, "rules page", Confidence::C));
    assert_eq!(sla.from.checked_at.to_string(), "2026-11-01");
    assert_eq!(mine.window(), Some(AppealWindow::HoursAfterOrder(24)));
    assert_eq!(mine.facts.appeal_window.as_ref().unwrap().from.confidence, Confidence::B);
    let one_shot = mine.facts.one_shot.as_ref().unwrap();
    assert_eq!(
        (one_shot.value, one_shot.from.source.as_str()),
        (true, "QS"),
        "what is taken over keeps its source"
    );
    assert_eq!((mine.seller_type, mine.system.as_deref()), (SellerType::T2, Some("QS")));
    assert_eq!(mine.based_on.as_deref(), Some("qs"));
    assert_eq!(registry.profiles().len(), Registry::built_in().profiles().len() + 1);
    assert_eq!(registry.find("qs").unwrap(), profile("qs"), "the built-in one stays");
    assert_eq!(mine.rules[0].platform, "yunzhan");
    assert_eq!(mine.rules[0].snapshot, Some(ItemId::new(1, 17)));
}

#[test]
fn a_users_profile_is_found_by_host_and_address() {
    let registry = user(EXTENDS).unwrap();
    for key in
        ["yunzhan.test", "www.yunzhan.test", "https://yunzhan.test/order?orderId=1", "YUNZHAN.TEST:8080/x"]
    {
        assert_eq!(registry.find(key).map(|found| found.id.as_str()), Some("yunzhan"), "{key}");
    }
    for key in ["notyunzhan.test", "yunzhan.test.evil.test", "evil.test/yunzhan.test", "test"] {
        assert_eq!(registry.find(key), None, "{key}");
    }
}

#[test]
fn without_an_id_it_stands_in_the_place_of_the_built_in_one() {
    let registry =
        user(&format!("extends = \"qfk\"\n{HEAD}[facts]\ndescription_max = {{ value = 500 }}\n")).unwrap();
    assert_eq!(registry.profiles().len(), Registry::built_in().profiles().len());
    let facts = &registry.find("qfk").unwrap().facts;
    assert_eq!(facts.description_max.as_ref().map(|fact| fact.value), Some(500));
    assert_eq!(facts.max_complaints.as_ref().map(|fact| fact.value), Some(5));
}

#[test]
fn what_nobody_vouches_for_is_unverified() {
    let text = "extends = \"qfk\"\nsource = \"heard\"\nchecked_at = \"2026-11-01\"\n\
                [facts]\none_shot = { value = true }\n";
    let registry = user(text).unwrap();
    let fact = registry.find("qfk").unwrap().facts.one_shot.clone().unwrap();
    assert_eq!((fact.value, fact.from.confidence), (true, Confidence::D));
}

/// What is wrong with a file, and the line, the field, and a word of what is allowed instead.
#[test]
fn an_error_names_line_field_and_what_is_allowed() {
    let full = format!("id = \"mine\"\nname = {{ zh = \"我\", en = \"me\" }}\nseller_type = \"T1\"\n{HEAD}");
    let extends = format!("extends = \"qs\"\n{HEAD}");
    let table = [
        (extends.replace("qs", "sq"), 1, "extends", "generic-t1"),
        (format!("{full}colour = \"red\"\n"), 7, "colour", "`hosts`"),
        (format!("{full}[facts]\ncolour = {{ value = 1 }}\n"), 8, "facts.colour", "`appeal_window`"),
        (format!("{full}[facts]\none_shot = {{ value = \"yes\" }}\n"), 8, "facts.one_shot", "boolean"),
        (format!("{full}[facts]\nappeal = {{ value = \"maybe\" }}\n"), 8, "facts.appeal", "`login_only`"),
        (format!("{full}[facts]\none_shot = {{ worth = true }}\n"), 8, "facts.one_shot", "`value`"),
        (full.replace("T1", "T9"), 3, "seller_type", "`T6`"),
        (full.replace("seller_type = \"T1\"\n", ""), 1, "seller_type", "extends"),
        (full.replace("source = \"rules page\"\n", ""), 1, "source", "a text"),
        (full.replace("checked_at = \"2026-11-01\"\n", ""), 1, "checked_at", "2026-11-22"),
        (full.replace("2026-11-01", "yesterday"), 5, "checked_at", "2026-11-22"),
        (full.replace("\"mine\"", "\"My Shop\""), 1, "id", "a-z"),
        (full.replace("\"mine\"", "\"qs\""), 1, "id", "id of its own"),
        (format!("{extends}id = \"djn\"\n"), 5, "id", "id of its own"),
        (format!("{extends}id = \"x\"\nsystem = \"DJ\"\n"), 6, "system", "[facts]"),
        (format!("{full}id = \n"), 7, "id", ""),
        ("\u{feff}= ]".to_owned(), 1, "", ""),
        (
            format!(
                "{full}[facts]\ncategory_map = {{ value = [{{ canonical = \"other\", own = \"9\" }}] }}\n"
            ),
            8,
            "facts.category_map",
            "no categories",
        ),
    ];
    for (text, line, field, allowed) in table {
        let error = user(&text).expect_err(&text);
        assert_eq!(
            (error.file.as_str(), error.line, error.field.as_str()),
            ("mine.toml", line, field),
            "{error}"
        );
        assert!(error.allowed.contains(allowed), "{error}");
    }
}

#[test]
fn an_entry_made_for_the_scenario_comes_before_the_general_one() {
    let text = format!(
        "extends = \"qfk\"\n{HEAD}[facts.category_map]\nvalue = [\n\
         {{ canonical = \"not_received\", own = \"1\" }},\n\
         {{ canonical = \"not_received\", own = \"4\", scenarios = [\"non_delivery\"] }},\n]\n"
    );
    let registry = user(&text).unwrap();
    let entry = |scenario| {
        let advice = advise(scenario, registry.find("qfk").unwrap());
        (advice.on_platform.map(|own| own.code), advice.alternatives.len())
    };
    assert_eq!(entry(Scenario::NonDelivery), (Some("4".to_owned()), 1));
    assert_eq!(entry(Scenario::LateDelivery), (Some("1".to_owned()), 0));
}

#[test]
fn two_files_cannot_have_one_id() {
    let file = |name: &str| (name.to_owned(), EXTENDS.to_owned());
    let error = Registry::with_user(vec![file("a.toml"), file("b.toml")]).unwrap_err();
    assert_eq!((error.file.as_str(), error.line, error.field.as_str()), ("b.toml", 3, "id"));
}

#[test]
fn contradictions_are_found() {
    let text = format!(
        "extends = \"qfk\"\n{HEAD}[facts]\nappeal = {{ value = \"none\" }}\n\
         description_min = {{ value = 2000 }}\n"
    );
    let registry = user(&text).unwrap();
    let findings = registry.find("qfk").unwrap().check();
    let fields = findings.iter().filter(|finding| finding.problem == ProfileProblem::Contradiction);
    assert_eq!(
        fields.map(|finding| finding.field.as_str()).collect::<Vec<_>>(),
        ["appeal", "description_min"]
    );
    let mine = registry.find("qfk").unwrap();
    assert_eq!(mine.facts.appeal.as_ref().map(|fact| fact.value), Some(Appeal::None));
    // Entries of a form that is not open are no advice.
    let advice = advise(Scenario::KeyInvalid, mine);
    assert_eq!(advice.on_platform, None);
    assert_eq!(advice.not_mapped_reason, advise(Scenario::KeyInvalid, profile("dj")).not_mapped_reason);
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn version(text: &str, from: Option<&str>, to: Option<&str>, retrieved: Option<&str>) -> RuleVersion {
    let day = |day: &str| day.parse().unwrap();
    RuleVersion {
        platform: "rbw".to_owned(),
        title: "晨星卡盟虚拟商品售后规范".to_owned(),
        article: "第5条".to_owned(),
        text: text.to_owned(),
        in_force_from: from.map(day),
        in_force_to: to.map(day),
        published_at: None,
        snapshot: None,
        retrieved_at: retrieved.map(at),
    }
}

#[test]
fn the_version_in_force_is_found_by_instant() {
    let book = RuleBook::new(vec![
        version("new", Some("2026-06-01"), None, None),
        version("old", Some("2026-01-01"), Some("2026-05-31"), None),
        version("newest", Some("2026-09-01"), None, None),
    ]);
    let found = |instant: &str| {
        let found = book.in_force("rbw", "《晨星卡盟虚拟商品售后规范》", "第5条", at(instant));
        found.version().map(|version| version.text.clone())
    };
    let table = [
        ("2025-12-31T23:59:59+08:00", None),
        ("2025-12-31T16:00:00Z", Some("old")),
        ("2026-05-31T23:59:59+08:00", Some("old")),
        ("2026-06-01T00:00:00+08:00", Some("new")),
        ("2026-08-31T23:59:59+08:00", Some("new")),
        ("2026-09-11T10:15:00+08:00", Some("newest")),
    ];
    for (instant, want) in table {
        assert_eq!(found(instant).as_deref(), want, "{instant}");
    }
    let other = book.in_force("rbw", "晨星卡盟虚拟商品售后规范", "第6条", at("2026-07-01T00:00:00Z"));
    assert_eq!(other, InForce::Unknown);
    let texts: Vec<_> = book
        .history("rbw", "晨星卡盟虚拟商品售后规范", "第5条")
        .iter()
        .map(|one| one.text.as_str())
        .collect();
    assert_eq!(texts, ["old", "new", "newest"]);
}

#[test]
fn a_version_without_a_date_counts_from_the_day_it_was_seen() {
    let book = RuleBook::new(vec![version("seen", None, None, Some("2026-09-11T10:00:00+08:00"))]);
    let title = "晨星卡盟虚拟商品售后规范";
    assert!(matches!(book.in_force("rbw", title, "第5条", at("2026-09-12T00:00:00Z")), InForce::Seen(_)));
    assert_eq!(book.in_force("rbw", title, "第5条", at("2026-09-01T00:00:00Z")), InForce::Unknown);
    let undated = RuleBook::new(vec![version("undated", None, None, None)]);
    assert_eq!(undated.in_force("rbw", title, "第5条", at("2026-09-01T00:00:00Z")), InForce::Unknown);
}

#[test]
fn a_citation_without_a_snapshot_is_unverified() {
    // S27.
    let title = "晨星卡盟虚拟商品售后规范";
    let instant = at("2026-09-11T10:15:30+08:00");
    let bare = version("24 小时内补发或退款", Some("2026-01-01"), None, None);
    let shown = RuleVersion { snapshot: Some(ItemId::new(1, 4)), ..bare.clone() };
    let undated = RuleVersion {
        in_force_from: None,
        retrieved_at: Some(at("2026-09-11T09:00:00+08:00")),
        ..shown.clone()
    };
    for (version, verified, dated) in [(bare, false, true), (shown, true, true), (undated, true, false)] {
        let cited = RuleBook::new(vec![version]).cite("rbw", title, "第5条", instant).unwrap();
        assert_eq!((cited.verified, cited.dated), (verified, dated));
        assert_eq!(cited.text, "24 小时内补发或退款");
    }
    assert_eq!(RuleBook::default().cite("rbw", title, "第5条", instant), None);
}

#[test]
fn the_notice_of_a_change_is_counted_in_days() {
    // L-PRM-12: 7 days; L-PRM-13: 15 days.
    let table = [
        (Some("2026-03-01"), Some("2026-03-16"), Some(15), NoticeVerdict::Ample),
        (Some("2026-03-01"), Some("2026-03-15"), Some(14), NoticeVerdict::EnoughUnlessImportant),
        (Some("2026-03-01"), Some("2026-03-08"), Some(7), NoticeVerdict::EnoughUnlessImportant),
        (Some("2026-03-01"), Some("2026-03-07"), Some(6), NoticeVerdict::TooShort),
        (Some("2026-03-01"), Some("2026-02-20"), Some(-9), NoticeVerdict::TooShort),
        (None, Some("2026-03-07"), None, NoticeVerdict::Unknown),
        (Some("2026-03-01"), None, None, NoticeVerdict::Unknown),
    ];
    for (published, from, days, verdict) in table {
        let mut rule = version("x", from, None, None);
        rule.published_at = published.map(|day| day.parse().unwrap());
        assert_eq!((rule.notice().days, rule.notice().verdict), (days, verdict), "{published:?} {from:?}");
    }
}

#[test]
fn watched_values_are_read() {
    use WatchTopic::{Deposit, RefundRatio, TimeLimit};
    use WatchUnit::{BasisPoints, Days, Fen, Hours, Minutes, WorkingDays};
    type Line = (&'static str, &'static [(WatchTopic, i64, WatchUnit)]);
    let table: &[Line] = &[
        ("虚拟商品退款比例为70%。", &[(RefundRatio, 7_000, BasisPoints)]),
        ("退还货款的 99.5％", &[(RefundRatio, 9_950, BasisPoints)]),
        ("商家保证金为1,000元", &[(Deposit, 100_000, Fen)]),
        ("保证金不低于 1.5 万元", &[(Deposit, 1_500_000, Fen)]),
        ("卡类商品须在激活后2小时内验证", &[(TimeLimit, 2, Hours)]),
        (
            "商家应在 24 h 内处理；逾期 3 个工作日内退款",
            &[(TimeLimit, 24, Hours), (TimeLimit, 3, WorkingDays)],
        ),
        ("超过15日未退款，30分钟内未付款", &[(TimeLimit, 15, Days), (TimeLimit, 30, Minutes)]),
        ("下单24小时后可投诉", &[(TimeLimit, 24, Hours)]),
        ("处理时限为24小时", &[(TimeLimit, 24, Hours)]),
        ("处理时限为24小时内", &[(TimeLimit, 24, Hours)]),
        ("本店概不退换", &[]),
        ("保证金另行通知", &[]),
        ("", &[]),
    ];
    for (text, want) in table {
        let found: Vec<_> =
            watched_values(text).iter().map(|value| (value.topic, value.amount, value.unit)).collect();
        assert_eq!(found, *want, "{text}");
    }
}

#[test]
fn changes_show_old_and_new() {
    // S51.
    let old = "虚拟商品退款比例为80%。商家保证金1000元。无效卡密应在24小时内补发。";
    let new = "虚拟商品退款比例为70%。商家保证金1000元。无效卡密应在48小时内补发。买家须在2小时内验证。";
    let table: Vec<_> = watched_changes(old, new)
        .into_iter()
        .map(|change| (change.topic, change.old.map(|one| one.amount), change.new.map(|one| one.amount)))
        .collect();
    let want = [
        (WatchTopic::RefundRatio, Some(8_000), Some(7_000)),
        (WatchTopic::TimeLimit, Some(24), Some(48)),
        (WatchTopic::TimeLimit, None, Some(2)),
    ];
    assert_eq!(table, want);
    assert_eq!(watched_changes(old, old), []);
    assert_eq!(watched_changes(old, "")[0].new, None);
    // A clause that only moved is no change, even between clauses of the same words.
    assert_eq!(
        watched_changes("应在24小时内处理。应在48小时内处理。", "应在48小时内处理。应在24小时内处理。"),
        []
    );
    assert_eq!(watched_changes("退款比例80%。保证金100元。", "保证金100元。退款比例80%。"), []);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn any_text_can_be_watched(old in "\\PC{0,80}", new in "(退款|保证金|[0-9]{1,20}|[.,%元天内。]|万元|小时){0,24}") {
        prop_assert!(watched_values(&new).iter().all(|value| value.amount >= 0));
        prop_assert_eq!(watched_changes(&new, &new), []);
        watched_changes(&old, &new);
    }

    #[test]
    fn any_file_is_read_or_refused(
        text in "(id|extends|=|\"qs\"|\\[facts\\]|\\[|\\]|\n|é|=\\{|value|#|'){0,24}",
    ) {
        if let Err(error) = user(&text) {
            prop_assert!(error.line >= 1 && error.line <= text.lines().count().max(1) + 1, "{error}");
        }
    }

    #[test]
    fn anything_can_be_looked_for(key in "\\PC{0,30}") {
        Registry::built_in().find(&key);
    }
}
