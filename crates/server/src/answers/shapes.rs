//! The form of what the engines say, for the description of the API.
//!
//! `sigu-case` knows no OpenAPI, so its types are described here: words by the very lists the code has, fields of notes
//! by those of their kinds, what is written often by hand, and what is large as an object with the place that explains
//! it. A test compares what is described by hand with what is answered.

use std::borrow::Cow;

use sigu_case::report::Report;
use sigu_case::wire::{FieldForm, Holds};
use sigu_case::{Channel, Coded, Direction, GoodsKind, Slot, report};
use sigu_documents::Kind;
use utoipa::openapi::schema::{
    AdditionalProperties, ArrayBuilder, ObjectBuilder, OneOfBuilder, SchemaType, Type,
};
use utoipa::openapi::{KnownFormat, RefOr, Schema, SchemaFormat};
use utoipa::{PartialSchema, ToSchema};

fn word(about: &str, words: Vec<&'static str>) -> RefOr<Schema> {
    ObjectBuilder::new()
        .schema_type(SchemaType::new(Type::String))
        .description(Some(about))
        .enum_values(Some(words))
        .into()
}

fn coded<T: Coded>() -> Vec<&'static str> {
    T::all().iter().map(|one| one.word()).collect()
}

/// Declares the schema of a word by the list of all its values.
macro_rules! words {
    ($($(#[doc = $about:literal])+ $name:ident = $all:expr;)+) => {$(
        $(#[doc = $about])+
        #[derive(Debug)]
        pub struct $name;

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                word(concat!($($about),+).trim(), $all)
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                stringify!($name).into()
            }
        }
    )+};
}

words! {
    /// What was bought.
    GoodsWord = GoodsKind::ALL.map(GoodsKind::code).to_vec();
    /// What a piece of evidence shows.
    SlotWord = Slot::ALL.map(Slot::code).to_vec();
    /// Who spoke: `in` to the buyer, `out` from the buyer.
    DirectionWord = vec![Direction::In.code(), Direction::Out.code()];
    /// Where it was said.
    ChannelWord = Channel::ALL.map(Channel::code).to_vec();
    /// What a message does.
    SenseWord = coded::<report::Sense>();
    /// Whom one turns to.
    BodyWord = coded::<report::Body>();
    /// How an order ended.
    OutcomeWord = coded::<report::Outcome>();
    /// Kinds of letters.
    LetterKind = coded::<sigu_case::letter::LetterKind>();
    /// To whom a statement speaks.
    VariantWord = coded::<sigu_case::appeal::Variant>();
    /// Kinds of papers.
    PaperKind = Kind::ALL.iter().filter(|kind| kind.by_order()).map(|kind| kind.code()).collect();
    /// Kinds of notes one can write.
    NoteKind = crate::noting::kinds().collect();
}

/// Declares the schema of an object that is explained elsewhere.
macro_rules! objects {
    ($($(#[doc = $about:literal])+ $name:ident;)+) => {$(
        $(#[doc = $about])+
        #[derive(Debug)]
        pub struct $name;

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                ObjectBuilder::new()
                    .schema_type(SchemaType::new(Type::Object))
                    .description(Some(concat!($($about),+).trim()))
                    .additional_properties(Some(AdditionalProperties::FreeForm(true)))
                    .into()
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                stringify!($name).into()
            }
        }
    )+};
}

objects! {
    /// How far the four fixations are: the archive clock, each fixation with its needs, facts still unknown.
    Completeness;
    /// All that the engines say of an order at an instant, as `sigu advise --json` prints it.
    Advice;
    /// What to choose on the platform's form, and what not.
    Category;
    /// What is still missing before one can appeal.
    Readiness;
    /// The statement: text, limit, footnotes, what was left out, what the form wants besides.
    StatementText;
    /// A merchant by one's own orders: disputes, replies, promises, money; what is unknown says so.
    Dossier;
    /// What speaks for and against a purchase, and what to save before paying.
    PurchaseCheck;
    /// A month: merchants, platforms and kinds of goods with their figures, reasons and what follows; changes of rules.
    Review;
    /// Whom an offer is of: address, host, platform, merchant, by what it is known, who else it could be.
    Whom;
    /// A platform profile, each value with source, date and confidence.
    PlatformProfile;
    /// A statute.
    Statute;
    /// An article in our own words, with its source and how sure we are.
    Article;
    /// An article on a day: what it says and whether it was in force.
    Citation;
    /// A body one can turn to: what it can and cannot do, what it wants, its clocks, its ways in.
    Rung;
    /// Where words were found: order, target, instant, texts with marks.
    Hit;
    /// What was read from a text, each reading with where it stands and how sure it is, and contradictions.
    Readings;
    /// How a fixing stands to the archive window: `state`, and `late_by_s` where it was late.
    Lateness;
    /// What a check did and found.
    CheckReport;
    /// What a backup did.
    BackupOutcome;
}

/// A text in both languages.
#[derive(Debug, ToSchema)]
pub struct Bilingual {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

/// What is known of an order; what is absent or null is unknown.
#[derive(Debug, ToSchema)]
pub struct OrderFacts {
    /// The product as the shop names it.
    pub title: Option<String>,
    /// What was bought.
    #[schema(value_type = Option<GoodsWord>)]
    pub goods: Option<String>,
    /// The shop's order number.
    pub order_no: Option<String>,
    /// The amount paid, in 分.
    pub amount_fen: Option<i64>,
    /// The merchant's name.
    pub merchant: Option<String>,
    /// The platform's name or host.
    pub platform: Option<String>,
    /// When the payment succeeded.
    pub paid_at: Option<jiff::Timestamp>,
    /// When the shop delivered.
    pub delivered_at: Option<jiff::Timestamp>,
    /// When the order was placed.
    pub created_at: Option<jiff::Timestamp>,
    /// When what was bought was credited.
    pub credited_at: Option<jiff::Timestamp>,
    /// When an account was handed over.
    pub handed_over_at: Option<jiff::Timestamp>,
    /// When the buyer confirmed receipt.
    pub confirmed_at: Option<jiff::Timestamp>,
    /// When it was activated.
    pub activated_at: Option<jiff::Timestamp>,
    /// When the secret was first shown.
    pub revealed_at: Option<jiff::Timestamp>,
    /// How many pieces were bought.
    pub quantity: Option<u32>,
    /// The price of one, in 分.
    pub unit_fen: Option<i64>,
    /// The status as the page shows it.
    pub status: Option<String>,
    /// The platform profile that applies.
    pub profile: Option<String>,
    /// The account to be credited.
    pub charge_account: Option<String>,
    /// A second number of the shop.
    pub internal_no: Option<String>,
    /// Whether the payment is held in escrow.
    pub escrow: Option<bool>,
}

/// An order with all that was recorded of it.
#[derive(Debug, ToSchema)]
pub struct Order {
    /// The user's label.
    pub id: String,
    /// When it was opened here.
    pub opened_at: jiff::Timestamp,
    /// What is known of it.
    pub facts: OrderFacts,
    /// Its evidence, in the order of the log.
    pub exhibits: Vec<Exhibit>,
    /// Its messages, in the order of the log.
    pub messages: Vec<Message>,
    /// When packages of it were made.
    pub exports: Vec<jiff::Timestamp>,
    /// Everything else that was noted.
    pub reports: Vec<NoteShown>,
}

/// Fixed evidence.
#[derive(Debug, ToSchema)]
pub struct Exhibit {
    /// Its place in the log, such as `1-79`.
    pub item: String,
    /// What it shows.
    #[schema(value_type = SlotWord)]
    pub slot: String,
    /// When it was fixed.
    pub fixed_at: jiff::Timestamp,
    /// When it came into being, as the user says.
    pub formed_at: Option<jiff::Timestamp>,
    /// The user's note, masked.
    pub note: Option<String>,
    /// Whether its content was erased.
    pub erased: bool,
}

/// A line of dialogue.
#[derive(Debug, ToSchema)]
pub struct Message {
    /// Its place in the log.
    pub item: String,
    /// When it was said.
    pub said_at: jiff::Timestamp,
    /// When it was recorded.
    pub recorded_at: jiff::Timestamp,
    /// Who spoke.
    #[schema(value_type = DirectionWord)]
    pub direction: String,
    /// Where.
    #[schema(value_type = ChannelWord)]
    pub channel: String,
    /// The words, masked; null once erased.
    pub text: Option<String>,
    /// What it does.
    pub detail: MessageDetail,
}

/// What a message does, as recorded with it.
#[derive(Debug, ToSchema)]
pub struct MessageDetail {
    /// What it does.
    #[schema(value_type = Option<SenseWord>)]
    pub sense: Option<String>,
    /// The time it sets or promises.
    pub due_at: Option<jiff::Timestamp>,
    /// What was sent with it.
    pub exhibits: Vec<String>,
    /// What it was sent in spite of.
    pub overrode: Vec<String>,
}

/// One line of the list of orders.
#[derive(Debug, ToSchema)]
pub struct OrderSummary {
    /// The label.
    pub order: String,
    /// The product, masked.
    pub title: Option<String>,
    /// In 分.
    pub amount_fen: Option<i64>,
    /// When the trade was completed.
    pub completed_at: Option<jiff::Timestamp>,
    /// When all should be archived.
    pub archive_due_at: Option<jiff::Timestamp>,
    /// How many of the four fixations are complete.
    pub complete: usize,
    /// How many pieces of evidence are kept.
    pub exhibits: usize,
    /// How many messages there are.
    pub messages: usize,
    /// How many needs were met only after the window.
    pub late: usize,
    /// The merchant, masked.
    pub merchant: Option<String>,
    /// How it ended, once it is closed.
    #[schema(value_type = Option<OutcomeWord>)]
    pub outcome: Option<String>,
}

/// A leaf of the log.
#[derive(Debug, ToSchema)]
pub struct LogEntry {
    /// Its place.
    pub item: String,
    /// What kind of event it is.
    pub kind: String,
    /// The device's clock when it was logged: a claim.
    pub claimed_at: String,
    /// The fields still readable, as pairs of name and value; texts masked.
    #[schema(value_type = Vec<Vec<serde_json::Value>>)]
    pub fields: Vec<Vec<serde_json::Value>>,
    /// The RFC 6962 hash of the leaf, in hex.
    pub leaf_hash: String,
}

/// A row of the timeline.
#[derive(Debug, ToSchema)]
pub struct TimelineRow {
    /// When it was said, or when nothing had come.
    pub at: jiff::Timestamp,
    /// `message`, `silence` or `promise_over`.
    pub kind: String,
    /// Who.
    pub who: String,
    /// The words, masked.
    pub what: String,
    /// What a message does.
    #[schema(value_type = Option<SenseWord>)]
    pub sense: Option<String>,
    /// The message.
    pub item: Option<String>,
    /// The time it sets or promises.
    pub due_at: Option<jiff::Timestamp>,
}

/// What to do next.
#[derive(Debug, ToSchema)]
pub struct NextStep {
    /// What, in both languages.
    pub say: Bilingual,
    /// Why.
    pub why: Bilingual,
    /// The command that does it.
    pub command: String,
    /// Until when, where there is a time.
    pub due_at: Option<jiff::Timestamp>,
}

/// A drafted letter.
#[derive(Debug, ToSchema)]
pub struct LetterText {
    /// Which kind.
    #[schema(value_type = LetterKind)]
    pub kind: String,
    /// The words.
    pub text: String,
    /// Until when it asks for an answer.
    pub due_at: jiff::Timestamp,
    /// The most characters one message may have.
    pub max_chars: usize,
}

/// What was found in words before they leave.
#[derive(Debug, ToSchema)]
pub struct Gate {
    /// What keeps them from being sent.
    #[schema(value_type = Vec<Object>)]
    pub blocked: Vec<serde_json::Value>,
    /// What does not.
    #[schema(value_type = Vec<Object>)]
    pub warnings: Vec<serde_json::Value>,
}

/// Something to send with a letter.
#[derive(Debug, ToSchema)]
pub struct SendStep {
    /// The piece of evidence.
    pub item: String,
    /// Its caption.
    pub caption: String,
}

/// Words to paste.
#[derive(Debug, ToSchema)]
pub struct Paste {
    /// The words.
    pub text: String,
    /// How many characters they have.
    pub chars: usize,
    /// The most they may have.
    pub max_chars: usize,
    /// What was shortened or left out to fit.
    pub shortened: Vec<String>,
}

/// A note as it stands in the log: `item`, `kind`, `recorded_at`, and the fields of its kind; texts masked.
#[derive(Debug)]
pub struct NoteShown;

impl PartialSchema for NoteShown {
    fn schema() -> RefOr<Schema> {
        let text = || ObjectBuilder::new().schema_type(SchemaType::new(Type::String));
        ObjectBuilder::new()
            .schema_type(SchemaType::new(Type::Object))
            .description(Some(
                "A note as it stands in the log: its kind, and the fields of that kind; texts masked.",
            ))
            .property("item", text())
            .required("item")
            .property("kind", text())
            .required("kind")
            .property("recorded_at", text().format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime))))
            .required("recorded_at")
            .additional_properties(Some(AdditionalProperties::FreeForm(true)))
            .into()
    }
}

impl ToSchema for NoteShown {
    fn name() -> Cow<'static, str> {
        "NoteShown".into()
    }
}

/// A note to be recorded: its kind and the fields of that kind, as they stand in the log. Made from the kinds themselves.
#[derive(Debug)]
pub struct Note;

impl PartialSchema for Note {
    fn schema() -> RefOr<Schema> {
        let mut any = OneOfBuilder::new().description(Some(
            "A note: its kind and the fields of that kind, as `reports` of an order have them. Without \
             `happened_at` it happened now.",
        ));
        for kind in crate::noting::kinds() {
            any = any.item(note_of(kind, Report::form_of(kind).unwrap_or_default()));
        }
        any.into()
    }
}

impl ToSchema for Note {
    fn name() -> Cow<'static, str> {
        "Note".into()
    }
}

fn note_of(kind: &'static str, form: &[FieldForm]) -> Schema {
    let mut object = ObjectBuilder::new()
        .schema_type(SchemaType::new(Type::Object))
        .title(Some(kind))
        .property("kind", word("The kind.", vec![kind]))
        .required("kind");
    for field in form.iter().filter(|field| field.name != "order") {
        object = object.property(field.name, held(field.holds));
        if !field.optional && field.name != "happened_at" {
            object = object.required(field.name);
        }
    }
    object.additional_properties(Some(AdditionalProperties::FreeForm(false))).into()
}

fn held(holds: Holds) -> RefOr<Schema> {
    let of = |of: Type| ObjectBuilder::new().schema_type(SchemaType::new(of));
    let formed = |format| of(Type::String).format(Some(SchemaFormat::KnownFormat(format)));
    let text = || of(Type::String);
    match holds {
        Holds::Text | Holds::Item | Holds::Order => text().into(),
        Holds::Int => of(Type::Integer).into(),
        Holds::Flag => of(Type::Boolean).into(),
        Holds::Time => formed(KnownFormat::DateTime).into(),
        Holds::Day => formed(KnownFormat::Date).into(),
        Holds::List | Holds::Items => ArrayBuilder::new().items(text()).into(),
        Holds::Word(all) => text().enum_values(Some(all())).into(),
        Holds::Words(all) => ArrayBuilder::new().items(text().enum_values(Some(all()))).into(),
    }
}
