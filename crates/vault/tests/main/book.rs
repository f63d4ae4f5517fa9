//! The job book: lines are kept, one of several claims succeeds, notes open at their own line only, and it tells nothing.

use sigu_vault::{Error, JobBook, JobClaim, JobLine, Refusal};

use super::support::{House, at};

fn job(house: &House, name: &str) -> JobLine {
    house.with(|vault| {
        let id = vault.job_id("look", name);
        let note = vault.seal_note(id, name.as_bytes());
        JobLine { id, due: Some(at(5)), state: "planned".to_owned(), note }
    })
}

#[test]
fn lines_are_kept_written_over_and_forgotten() {
    let house = House::new();
    let (one, other) = (job(&house, "https://a.example/"), job(&house, "https://b.example/"));
    {
        let book = JobBook::open(&house.places).unwrap();
        assert!(book.lines("look").unwrap().is_empty());
        book.put("look", &one).unwrap();
        book.put("look", &other).unwrap();
        book.put("tell", &other).unwrap();
    }
    let book = JobBook::open(&house.places).unwrap();
    assert_eq!(book.line("look", one.id).unwrap().unwrap(), one);
    let done = JobLine { due: None, state: "done".to_owned(), ..one.clone() };
    book.put("look", &done).unwrap();
    assert_eq!(book.line("look", one.id).unwrap().unwrap(), done);
    book.forget("look", other.id).unwrap();
    assert_eq!(book.lines("look").unwrap(), [done]);
    assert_eq!(book.lines("tell").unwrap().len(), 1, "another kind is another line");
    let again = JobLine { due: Some(at(9)), ..one.clone() };
    book.put_all("look", &[again.clone(), other]).unwrap();
    assert_eq!(book.line("look", one.id).unwrap().unwrap(), again);
    assert_eq!(book.lines("look").unwrap().len(), 2);
}

#[test]
fn of_two_who_claim_one_succeeds() {
    let house = House::new();
    let one = job(&house, "https://a.example/");
    let (first, second) = (JobBook::open(&house.places).unwrap(), JobBook::open(&house.places).unwrap());
    let other = job(&house, "https://b.example/");
    let claim = |own: &JobLine| JobClaim { seen: None, own: own.clone() };
    let late = JobLine { state: "late".to_owned(), ..one.clone() };
    assert_eq!(first.claim("look", &[claim(&one)]).unwrap(), [true]);
    assert_eq!(second.claim("look", &[claim(&late), claim(&other)]).unwrap(), [false, true]);
    assert!(first.claim("look", &[]).unwrap().is_empty());
    assert_eq!(second.line("look", one.id).unwrap().unwrap(), one);
}

#[test]
fn of_two_who_saw_the_same_line_one_writes_over_it() {
    let house = House::new();
    let seen = job(&house, "https://a.example/");
    let (first, second) = (JobBook::open(&house.places).unwrap(), JobBook::open(&house.places).unwrap());
    first.put("look", &seen).unwrap();
    let told = |state: &str| JobLine { state: state.to_owned(), due: None, ..seen.clone() };
    let over = |seen: &JobLine, state: &str| [JobClaim { seen: Some(seen.clone()), own: told(state) }];
    assert_eq!(first.claim("look", &over(&seen, "mine")).unwrap(), [true]);
    assert_eq!(second.claim("look", &over(&seen, "yours")).unwrap(), [false]);
    assert_eq!(second.line("look", seen.id).unwrap().unwrap(), told("mine"));
    first.forget("look", seen.id).unwrap();
    let gone = second.claim("look", &over(&told("mine"), "yours")).unwrap();
    assert_eq!(gone, [false], "what is gone is not written over");
}

#[test]
fn a_note_opens_at_its_own_line_only_and_the_file_tells_nothing() {
    let house = House::new();
    let (one, other) = (job(&house, "https://a.example/"), job(&house, "https://b.example/"));
    house.with(|vault| {
        assert_eq!(&**vault.open_note(one.id, &one.note).unwrap(), b"https://a.example/");
        assert!(vault.open_note(other.id, &one.note).is_none());
        assert!(vault.open_note(one.id, b"damaged").is_none());
        assert_ne!(vault.job_id("tell", "https://a.example/"), one.id);
    });
    let book = JobBook::open(&house.places).unwrap();
    book.put("look", &one).unwrap();
    drop(book);
    let bytes = std::fs::read(house.places.state.join("jobs.db")).unwrap();
    assert!(!bytes.windows(9).any(|seen| seen == b"a.example"));
}

#[test]
fn a_book_of_a_later_version_is_refused_and_a_file_that_is_none_is_damage() {
    let house = House::new();
    drop(JobBook::open(&house.places).unwrap());
    let path = house.places.state.join("jobs.db");
    let open = || JobBook::open(&house.places).unwrap_err();
    rusqlite::Connection::open(&path).unwrap().pragma_update(None, "user_version", 9).unwrap();
    assert!(matches!(open(), Error::Refused(Refusal::UnknownFormat(_))));
    std::fs::write(&path, "no book at all, and long enough to have a header of a hundred bytes ".repeat(9))
        .unwrap();
    assert!(matches!(open(), Error::Damaged(_)));
}
