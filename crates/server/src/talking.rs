//! What is said to the other side: a draft by the engine, and what must not leave with it.

use jiff::Timestamp;
use sigu_case::advice::Dispute;
use sigu_case::appeal::{AppealInput, Statement, StatementError, Variant, statement};
use sigu_case::claim::{Claim, ClaimKind};
use sigu_case::diagnosis::diagnose;
use sigu_case::letter::{Gate, Letter, LetterInput, LetterKind, draft, gate_knowing};
use sigu_case::report::Sense;
use sigu_case::timeline::{TimelineKind, timeline};
use sigu_case::tone::Venue;
use sigu_case::{Channel, Command, Direction, ItemId, MessageDetail, Order, OrderId, View, dialogue};
use sigu_vault::{Error, Vault};
use zeroize::Zeroizing;

/// Why nothing can be drafted yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotYet {
    /// Nothing is known to be wrong.
    NoProblem,
    /// What is asked for lacks an amount or a number.
    ClaimOpen(ClaimKind),
}

/// What went wrong and what is claimed; both must be known before anything can be written.
///
/// # Errors
/// Says which of the two is not known.
pub fn dispute(view: &View<'_>) -> Result<(Dispute, Claim), NotYet> {
    let scenario = diagnose(view).scenario.ok_or(NotYet::NoProblem)?;
    let dispute = Dispute::of(view, scenario);
    let claim = dispute.claim.claim.clone().ok_or(NotYet::ClaimOpen(dispute.claim.kind))?;
    Ok((dispute, claim))
}

/// Drafts a letter of a kind; with weak merit a notice becomes a request for goodwill.
///
/// # Errors
/// As [`dispute`].
pub fn letter(
    view: &View<'_>,
    kind: LetterKind,
    due_at: Option<Timestamp>,
    cite_unverified: bool,
) -> Result<Letter, NotYet> {
    let (dispute, claim) = dispute(view)?;
    let kind = if dispute.merit.goodwill && kind == LetterKind::Notice { LetterKind::Goodwill } else { kind };
    let input = LetterInput {
        kind,
        scenario: dispute.scenario,
        claim: &claim,
        laws: &dispute.laws(),
        rules: &dispute.rules(),
        due_at,
        cite_unverified,
    };
    Ok(draft(view, &input))
}

/// The kind of letter that answers the newest thing said, or not said.
pub fn fitting(view: &View<'_>) -> LetterKind {
    let Some(last) = timeline(view).pop() else { return LetterKind::Notice };
    let theirs = last.item.and_then(|item| view.order.messages.iter().find(|one| one.item == item));
    let theirs = theirs.is_some_and(|message| message.direction == Direction::In);
    match (last.kind, last.sense) {
        (TimelineKind::Silence | TimelineKind::PromiseOver, _) => LetterKind::Reminder,
        (TimelineKind::Message, Some(Sense::Refusal)) if theirs => LetterKind::AnswerRefusal,
        (TimelineKind::Message, Some(Sense::Solicitation)) if theirs => LetterKind::StayOnPlatform,
        _ => LetterKind::Notice,
    }
}

/// How a statement is wished for.
#[derive(Debug, Clone, Copy)]
pub struct Wished {
    /// To whom.
    pub variant: Variant,
    /// Whether citations that are to be checked (待核验) may stand in it.
    pub cite_unverified: bool,
    /// Whether sentences that nothing shows may stand as the buyer's own.
    pub own_statements: bool,
    /// A limit in characters below that of the variant and the profile.
    pub max_chars: Option<u32>,
}

impl Wished {
    /// To somebody, with nothing unverified and nothing unproved.
    pub const fn to(variant: Variant) -> Self {
        Self { variant, cite_unverified: false, own_statements: false, max_chars: None }
    }
}

/// Why there is no statement.
#[derive(Debug)]
pub enum NotStated {
    /// Nothing can be written yet.
    NotYet(NotYet),
    /// The engine refuses.
    Refused(StatementError),
}

/// Writes a statement on what went wrong.
///
/// # Errors
/// As [`dispute`], and as [`statement`].
pub fn stated(view: &View<'_>, wished: &Wished) -> Result<(Dispute, Statement), NotStated> {
    let (dispute, claim) = dispute(view).map_err(NotStated::NotYet)?;
    let input = AppealInput {
        variant: wished.variant,
        scenario: dispute.scenario,
        claim: &claim,
        laws: &dispute.laws(),
        rules: &dispute.rules(),
        cite_unverified: wished.cite_unverified,
        own_statements: wished.own_statements,
        max_chars: wished.max_chars,
    };
    let made = statement(view, &input).map_err(NotStated::Refused)?;
    Ok((dispute, made))
}

/// Looks over a text for a venue, knowing the order's delivered secrets, so that none of them leaves.
///
/// # Errors
/// Fails as the vault does.
pub fn gate(vault: &Vault, view: &View<'_>, venue: Venue, text: &str) -> Result<Gate, Error> {
    let secrets = secrets(vault, &view.order)?;
    let plain: Vec<String> = secrets.iter().map(|secret| secret.to_string()).collect();
    let gate = gate_knowing(text, view, venue, &plain);
    drop(Zeroizing::new(plain));
    Ok(gate)
}

fn secrets(vault: &Vault, order: &Order) -> Result<Vec<Zeroizing<String>>, Error> {
    let secret = order.exhibits.iter().filter(|one| one.manifest().is_some_and(|manifest| manifest.secret));
    let texts = secret.map(|one| vault.short_text(one.item)).collect::<Result<Vec<_>, _>>()?;
    Ok(texts.into_iter().flatten().collect())
}

/// What a sent text does: a draft that was not changed is a notice with its time, other words are read.
pub fn sent(text: &str, letter: Option<&Letter>, said_at: Timestamp) -> MessageDetail {
    match letter.filter(|letter| letter.text == text) {
        Some(letter) => MessageDetail {
            sense: Some(Sense::Notice),
            due_at: Some(letter.due_at),
            ..MessageDetail::default()
        },
        None => dialogue::detail(Direction::Out, text, said_at),
    }
}

/// Cuts a text into messages of at most `max` characters: between sentences where it can, else between clauses, else
/// anywhere. Joined they say the same.
pub fn messages(text: &str, max: usize) -> Vec<String> {
    let max = max.max(1);
    let mut all: Vec<String> = Vec::new();
    let mut put = |part: &str| match all.last_mut() {
        Some(last) if count(last) + count(part.trim_end()) <= max => last.push_str(part),
        _ => all.push(part.to_owned()),
    };
    for sentence in cut(text, SENTENCE_ENDS) {
        if count(sentence.trim()) <= max {
            put(sentence);
            continue;
        }
        for clause in cut(sentence, CLAUSE_ENDS) {
            let mut rest = clause;
            while count(rest.trim_end()) > max {
                let (head, tail) =
                    rest.split_at(rest.char_indices().nth(max).map_or(rest.len(), |one| one.0));
                put(head);
                rest = tail;
            }
            put(rest);
        }
    }
    all.iter().map(|one| one.trim().to_owned()).filter(|one| !one.is_empty()).collect()
}

/// Signs that end a sentence, and those that end a clause in it.
pub(crate) const SENTENCE_ENDS: &[char] = &['。', '！', '？', '!', '?', '；', ';', '\n'];
const CLAUSE_ENDS: &[char] = &['，', ',', '、', '：', ' '];

fn cut<'t>(text: &'t str, ends: &'static [char]) -> impl Iterator<Item = &'t str> {
    text.split_inclusive(ends)
}

fn count(text: &str) -> usize {
    text.chars().count()
}

/// A line of dialogue as it was said.
#[derive(Debug, Clone)]
pub struct Line {
    /// Of which order.
    pub order: OrderId,
    /// When it was said.
    pub said_at: Timestamp,
    /// Who spoke.
    pub direction: Direction,
    /// Where.
    pub channel: Channel,
    /// The words.
    pub text: String,
}

/// Records a line; what it does is read from its words.
///
/// # Errors
/// Fails as the vault does; the case refuses an order it does not know, no words, and too many.
pub fn record(vault: &Vault, line: Line, now: Timestamp) -> Result<(ItemId, MessageDetail), Error> {
    let detail = dialogue::detail(line.direction, &line.text, line.said_at);
    let item = say(vault, line, detail.clone(), now)?;
    Ok((item, detail))
}

fn say(vault: &Vault, line: Line, detail: MessageDetail, now: Timestamp) -> Result<ItemId, Error> {
    let Line { order, said_at, direction, channel, text } = line;
    let command = Command::RecordMessage { order, said_at, direction, channel, text, detail };
    Ok(vault.execute(vec![command], now)?[0])
}

/// Words that are to be recorded as sent.
#[derive(Debug)]
pub struct Sending<'a> {
    /// The words.
    pub text: String,
    /// The draft they may be; then the time it sets is recorded with them.
    pub draft: Option<&'a Letter>,
    /// When they were sent.
    pub said_at: Timestamp,
    /// Where.
    pub channel: Channel,
    /// What was sent with them.
    pub exhibits: Vec<ItemId>,
    /// Whether they were sent in spite of what stands against them.
    pub anyway: bool,
}

/// Records words as sent, unless something stands against them that was not expressly overridden: then that comes back.
///
/// # Errors
/// Fails as the vault does.
pub fn send(
    vault: &Vault,
    view: &View<'_>,
    sending: Sending<'_>,
    now: Timestamp,
) -> Result<Result<ItemId, Gate>, Error> {
    let Sending { text, draft, said_at, channel, exhibits, anyway } = sending;
    let gate = gate(vault, view, Venue::MerchantChat, &text)?;
    let overrode = if anyway { gate.codes() } else { Vec::new() };
    if !gate.open(&overrode) {
        return Ok(Err(gate));
    }
    let detail = MessageDetail { exhibits, overrode, ..sent(&text, draft, said_at) };
    let (order, direction) = (view.order.id.clone(), Direction::Out);
    say(vault, Line { order, said_at, direction, channel, text }, detail, now).map(Ok)
}
