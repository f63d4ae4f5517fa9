//! What every paper of the example cases says, word for word, and that pages are named rightly in the PDF.

use std::fmt::Write;

use regex::Regex;
use sigu_documents::{Kind, Lang, pdf, text};

use crate::made::{Cases, written};
use crate::outside::{is_sound, pages};

/// All papers of a case in one text: what they say, or what they lack.
fn said(case: &Cases, id: &str, lang: Lang) -> String {
    let mut out = String::new();
    for kind in Kind::ALL {
        writeln!(out, "=== {}", kind.code()).unwrap();
        let made = match kind {
            Kind::Merchant => case.merchant(id, lang),
            Kind::Year => case.year(2026, lang),
            Kind::RuleLog => case.rules(lang),
            _ => case.paper(id, *kind, lang),
        };
        match made {
            Ok(made) => {
                out.push_str(&text::markdown(&made.paper));
                if let Some(paste) = &made.paper.paste {
                    writeln!(out, "--- {} / {}\n{}", paste.chars, paste.max_chars, paste.text).unwrap();
                }
                made.paper.guide.iter().for_each(|line| writeln!(out, "    {line}").unwrap());
            }
            Err(refused) => refused.missing.iter().for_each(|one| writeln!(out, "{one:?}").unwrap()),
        }
    }
    out
}

#[test]
fn the_papers_of_the_five_cases_say_this() {
    let cases = Cases::told();
    for id in ["C01", "C02", "C03", "C04", "C05"] {
        insta::assert_snapshot!(id, said(&cases, id, Lang::Zh));
    }
    insta::assert_snapshot!("C02-en", said(&cases, "C02", Lang::En));
}

#[test]
fn a_case_of_which_all_is_known_lacks_no_paper() {
    let cases = Cases::complete();
    let said = said(&cases, "C02", Lang::Zh);
    let lacking: Vec<&str> = said.lines().filter(|line| line.starts_with("Missing {")).collect();
    // It was paid by Alipay.
    assert!(lacking.len() == 1 && lacking[0].contains("微信支付交易单号"), "{lacking:?}");
    insta::assert_snapshot!("C02-complete", said);
}

#[test]
fn footnotes_name_the_pages_on_which_exhibits_begin() {
    let cases = Cases::complete();
    let made = cases.paper("C02", Kind::Appeal, Lang::Zh).unwrap();
    let set = pdf::set(&made.paper, &made.pictures).unwrap();
    let path = written("C02-complete-appeal.pdf", &set.bytes);
    is_sound(&path);
    let pages = pages(&path);
    let note = Regex::new(r"证据 ?([0-9]+) .*，见第 ?([0-9]+) ?页").unwrap();
    let mut notes = 0;
    for found in note.captures_iter(&pages[0]) {
        let page: usize = found[2].parse().unwrap();
        let head = Regex::new(&format!(r"(?m)^ *证据 ?{} {{2,}}\S", &found[1])).unwrap();
        let begins = head.is_match(&pages[page - 1]);
        assert!(begins, "{head} does not begin on page {page}:\n{}", pages[page - 1]);
        notes += 1;
    }
    assert!(notes >= 3, "{}", pages[0]);
}
