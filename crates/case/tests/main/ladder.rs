//! The ladder: twelve steps in both languages, resting on articles that exist, honest about doubts.

use std::collections::BTreeSet;

use sigu_case::bilingual::Bilingual;
use sigu_case::confidence::{CheckStatus, Confidence};
use sigu_case::ladder::{ClockEvent, ClockKind, ClockOrigin, Ladder, Rung};
use sigu_case::law::Table;
use sigu_case::step::Step;

use crate::law::good_words;

fn ladder() -> &'static Ladder {
    Ladder::get()
}

#[test]
fn all_twelve_steps_stand_in_order() {
    let codes: Vec<Step> = ladder().rungs().iter().map(|step| step.code).collect();
    let all: Vec<Step> = Step::ALL.iter().copied().filter(|step| *step != Step::Coverage).collect();
    assert_eq!(codes, all);
    assert_eq!(ladder().rung(Step::Coverage), None);
    for code in Step::ALL.iter().copied().filter(|step| *step != Step::Coverage) {
        assert_eq!(ladder().rung(code).unwrap().code, code);
        assert_eq!(Step::from_code(code.code()), Some(code));
    }
}

fn words_of(step: &Rung) -> Vec<&Bilingual> {
    let mut all = vec![&step.body, &step.can, &step.cannot];
    all.extend(step.routes.iter().flat_map(|route| [&route.name, &route.entry]));
    all.extend(step.clocks.iter().map(|clock| &clock.what));
    all.extend(step.closes.iter().map(|closing| &closing.note));
    all.extend(step.keeps_open.iter().map(|open| &open.note));
    all.extend(&step.notes);
    all
}

#[test]
fn every_text_is_good_in_both_languages() {
    let steps = ladder().rungs().iter().flat_map(words_of);
    for words in steps.chain(ladder().fields().iter().map(|field| &field.label)) {
        good_words(words);
    }
}

#[test]
fn every_article_named_exists_and_is_in_force() {
    let today = jiff::civil::date(2026, 11, 22);
    let resolves = |step: &Rung, id: &str| {
        assert!(Table::get().cite(id, today).is_ok(), "{:?}: {id}", step.code);
    };
    for step in ladder().rungs() {
        step.basis.iter().for_each(|id| resolves(step, id));
        step.closes.iter().for_each(|closing| resolves(step, &closing.basis));
    }
    for (step, clock) in ladder().clocks() {
        match (&clock.basis, clock.origin) {
            (Some(id), ClockOrigin::Statute) => resolves(step, id),
            (Some(id), _) => {
                let number: u8 = id.strip_prefix('S').unwrap().parse().unwrap();
                assert!((1..=66).contains(&number), "{:?}: {id}", step.code);
            }
            (None, origin) => assert_ne!(origin, ClockOrigin::Statute, "{:?}", step.code),
        }
    }
}

#[test]
fn what_is_not_verified_is_shown_so() {
    let check = |place: String, confidence, status: CheckStatus| {
        let unsure = matches!(confidence, Confidence::C | Confidence::D);
        assert_eq!(status.label().zh == "待核验", unsure, "{place}");
    };
    let mut unverified = 0;
    for step in ladder().rungs() {
        check(step.code.code().to_owned(), step.confidence, step.status());
        for route in &step.routes {
            check(route.code.clone(), route.confidence, route.status());
        }
    }
    for (step, clock) in ladder().clocks() {
        check(format!("{:?} {}", step.code, clock.what.zh), clock.confidence, clock.status());
        unverified += usize::from(clock.confidence == Confidence::D);
        // A limit nobody has read is never given as a number.
        assert!(clock.confidence != Confidence::D || clock.n.is_none(), "{:?}", step.code);
    }
    assert_eq!(unverified, 6);
}

#[test]
fn fields_are_known_and_used() {
    let lists = ladder().rungs().iter().flat_map(|step| {
        [&step.fields].into_iter().chain(step.routes.iter().map(|route| &route.fields)).flatten()
    });
    let used: BTreeSet<&str> = lists.map(String::as_str).collect();
    let known: BTreeSet<&str> = ladder().fields().iter().map(|field| field.code.as_str()).collect();
    assert_eq!(used, known);
    assert_eq!(known.len(), ladder().fields().len(), "a code twice");
    for code in known {
        assert_eq!(ladder().field(code).unwrap().code, code);
    }
    for step in ladder().rungs() {
        let wants = !step.fields.is_empty() || step.routes.iter().any(|route| !route.fields.is_empty());
        assert!(wants, "{:?} wants nothing", step.code);
    }
}

#[test]
fn clocks_count_something_from_something() {
    for (step, clock) in ladder().clocks() {
        let counts = clock.kind != ClockKind::None;
        assert_eq!(clock.n.is_some_and(|n| n > 0), counts, "{:?}", step.code);
        assert_eq!(clock.from != ClockEvent::Nothing, counts, "{:?}", step.code);
        assert_eq!(ladder().event_label(clock.from).is_some(), counts, "{:?}", step.code);
        assert!(counts || clock.extension.is_none(), "{:?}", step.code);
        if let Some(label) = ladder().event_label(clock.from) {
            good_words(label);
        }
    }
    assert!(ladder().rungs().iter().all(|step| !step.clocks.is_empty()));
}

#[test]
fn the_clocks_are_those_of_the_dossier() {
    use ClockEvent::{
        CaseRegistered, ChannelComplaintFiled, ComplaintAccepted, ComplaintReceived, EvidencePeriodSet,
        FeeCharged, HarmKnown, LeadFound, MediationEnded, MerchantRefused, MessageSent, NoticeGiven,
        OperatorComplaintFiled, ReviewRequested, SuitFiled,
    };
    use ClockKind::{CalendarDays, Hours, Months, WorkingDays, Years};
    let found: Vec<_> = ladder()
        .clocks()
        .filter_map(|(step, clock)| Some((step.code, clock.kind, clock.n?, clock.extension, clock.from)))
        .collect();
    let expected = [
        (Step::E0, Hours, 4, None, MessageSent),
        (Step::E0, Hours, 24, None, NoticeGiven),
        (Step::E1, Hours, 48, None, MerchantRefused),
        (Step::E2, Hours, 72, None, ReviewRequested),
        (Step::E3, Hours, 48, None, ChannelComplaintFiled),
        (Step::E5, WorkingDays, 7, None, ComplaintReceived),
        (Step::E5, CalendarDays, 60, None, ComplaintAccepted),
        (Step::E5, WorkingDays, 7, None, MediationEnded),
        (Step::E5, WorkingDays, 15, Some(15), LeadFound),
        (Step::E5, Years, 3, None, HarmKnown),
        (Step::E8, CalendarDays, 15, None, OperatorComplaintFiled),
        (Step::E8, Months, 5, None, FeeCharged),
        (Step::E10, Years, 3, None, HarmKnown),
        (Step::E10, CalendarDays, 7, None, SuitFiled),
        (Step::E10, Months, 2, Some(1), CaseRegistered),
        (Step::E10, CalendarDays, 7, None, EvidencePeriodSet),
    ];
    assert_eq!(found, expected);
}

#[test]
fn the_order_trap_closes_12315_and_nothing_else() {
    let closers: Vec<Step> = ladder().closers_of(Step::E5).iter().map(|step| step.code).collect();
    assert_eq!(closers, [Step::E4, Step::E8, Step::E9, Step::E10, Step::E11]);
    for code in
        Step::ALL.iter().copied().filter(|step| *step != Step::Coverage).filter(|code| *code != Step::E5)
    {
        assert!(ladder().closers_of(code).is_empty(), "{code:?}");
    }
    for step in ladder().rungs() {
        for closing in &step.closes {
            assert_eq!(closing.basis, "L-CRM-16(2)");
            // Only whether 12300 falls under the rule is open.
            assert_eq!(closing.confidence == Confidence::D, step.code == Step::E8, "{:?}", step.code);
        }
    }
    // The platform, its review, the payment channel and 黑猫投诉 close nothing, and say so.
    for code in [Step::E1, Step::E2, Step::E3, Step::E6] {
        let step = ladder().rung(code).unwrap();
        assert!(step.closes.is_empty(), "{code:?}");
        assert!(step.keeps_open.iter().any(|open| open.step == Step::E5), "{code:?}");
    }
}

#[test]
fn steps_say_what_they_cannot_do_and_never_that_a_right_is_lost() {
    assert_eq!(ladder().rung(Step::E8).unwrap().cannot.zh, "不处理退款");
    assert!(ladder().rung(Step::E6).unwrap().cannot.zh.contains("没有法定效力"));
    for words in ladder().rungs().iter().flat_map(words_of) {
        for phrase in ["权利丧失", "视为放弃", "丧失权利"] {
            assert!(!words.zh.contains(phrase), "{}", words.zh);
        }
    }
}
