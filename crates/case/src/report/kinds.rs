//! The kinds of reports: one declaration each gives the type, its leaf kind and its fields.

use jiff::Timestamp;
use jiff::civil::Date;
use sigu_evidence::{Fields, ItemId};

use super::words::{
    Body, Destination, FollowUpKind, Form, Observed, Outcome, PageKind, PageWay, Part, PayChannel, Place,
    PromiseKind, PromisePlace, RefundProof, RefundState, Role, Sense, Stage, Verdict, Waived,
};
use crate::OrderId;
use crate::page::PageLabel;
use crate::scenario::Scenario;
use crate::wire::{FieldForm, FieldKind, Holds, WireError};

impl FieldKind for Vec<Part> {
    const HOLDS: Holds = Holds::Words(|| Part::ALL.iter().map(|part| part.code()).collect());
    const OPTIONAL: bool = true;

    fn put(&self, name: &'static str, fields: &mut Fields) -> Result<(), WireError> {
        self.iter().map(|part| part.code().to_owned()).collect::<Vec<_>>().put(name, fields)
    }

    fn take(name: &'static str, fields: &Fields) -> Result<Self, WireError> {
        let codes = Vec::<String>::take(name, fields)?;
        codes.iter().map(|code| Part::from_code(code).ok_or(WireError::Field(name))).collect()
    }
}

/// Declares one kind of report, about an order or about none (`house`); every one has `at`.
macro_rules! report {
    ($(#[$meta:meta])* $name:ident of order = $kind:literal { $($body:tt)+ }) => {
        report!(@type $(#[$meta])* $name = $kind { /** The order. */ order: OrderId = "order", $($body)+ });

        impl $name {
            pub(super) const fn order(&self) -> Option<&OrderId> {
                Some(&self.order)
            }
        }
    };
    ($(#[$meta:meta])* $name:ident of house = $kind:literal { $($body:tt)+ }) => {
        report!(@type $(#[$meta])* $name = $kind { $($body)+ });

        impl $name {
            #[allow(clippy::unused_self, reason = "the same question is put to every kind")]
            pub(super) const fn order(&self) -> Option<&OrderId> {
                None
            }
        }
    };
    (@type $(#[$meta:meta])* $name:ident = $kind:literal { $($(#[$doc:meta])* $field:ident: $type:ty = $wire:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $name {
            /// When it happened or was seen, as the user says.
            pub at: Timestamp,
            $($(#[$doc])* pub $field: $type,)+
        }

        impl $name {
            pub(super) const KIND: &'static str = $kind;
            pub(super) const NAMES: &'static [&'static str] = &["happened_at", $($wire,)+];

            pub(super) const FORM: &'static [FieldForm] = &[
                FieldForm { name: "happened_at", holds: Holds::Time, optional: false },
                $(FieldForm {
                    name: $wire,
                    holds: <$type as FieldKind>::HOLDS,
                    optional: <$type as FieldKind>::OPTIONAL,
                },)+
            ];

            pub(super) fn put(&self, fields: &mut Fields) -> Result<(), WireError> {
                self.at.put("happened_at", fields)?;
                $(self.$field.put($wire, fields)?;)+
                Ok(())
            }

            pub(super) fn take(fields: &Fields) -> Result<Self, WireError> {
                let at = FieldKind::take("happened_at", fields)?;
                Ok(Self { at, $($field: FieldKind::take($wire, fields)?,)+ })
            }
        }
    };
}

report! {
    /// Who someone is, and what shows it (S7, S12; R15 when the legal name is missing).
    PartyNamed of order = "party.named" {
        /// In which role.
        role: Role = "party.role",
        /// The name shown: shop name, nickname.
        name: Option<String> = "party.name",
        /// The registered name of the company or person.
        legal_name: Option<String> = "party.legal_name",
        /// Address.
        address: Option<String> = "party.address",
        /// How they can be reached.
        contact: Option<String> = "party.contact",
        /// Unified credit code or other licence number.
        licence: Option<String> = "party.licence",
        /// The item that shows it.
        proof: Option<ItemId> = "proof",
    }
}

report! {
    /// A payment, as its voucher shows it (S13, S14).
    PaymentSeen of order = "payment.seen" {
        /// Through whom.
        channel: PayChannel = "payment.channel",
        /// The channel's transaction number.
        txn: Option<String> = "payment.txn",
        /// The merchant's order number on the voucher.
        merchant_order_no: Option<String> = "payment.merchant_order_no",
        /// 收款方 in full.
        payee: Option<String> = "payment.payee",
        /// Who paid, where it is not the buyer (R9).
        payer: Option<String> = "payment.payer",
        /// In 分.
        amount_fen: Option<i64> = "payment.amount_fen",
        /// The goods as the voucher names them.
        product: Option<String> = "payment.product",
        /// The item that shows it.
        proof: Option<ItemId> = "proof",
    }
}

report! {
    /// A promise, with the time it runs to (S17).
    PromiseMade of order = "promise.made" {
        /// What kind.
        kind: PromiseKind = "promise.kind",
        /// Where it stands.
        place: PromisePlace = "promise.place",
        /// The words.
        text: String = "promise.text",
        /// Until when it is to be kept.
        due_at: Option<Timestamp> = "due_at",
        /// The item or message that shows it.
        proof: Option<ItemId> = "proof",
    }
}

report! {
    /// Whether a promise was kept.
    PromiseJudged of order = "promise.judged" {
        /// The promise.
        promise: ItemId = "promise.item",
        /// Whether it was kept.
        kept: bool = "promise.kept",
    }
}

report! {
    /// A state something was seen in (S6, S19).
    ObservationMade of order = "observation.made" {
        /// The state.
        state: Observed = "observed",
        /// Where it was seen.
        place: Place = "observed.place",
        /// The words shown.
        text: Option<String> = "observed.text",
        /// When it came about, where the page says so: "used at", "banned on", "changed at".
        since: Option<Timestamp> = "observed.since",
        /// How many pieces it concerns.
        count: Option<u32> = "observed.count",
        /// The item that shows it.
        proof: Option<ItemId> = "proof",
    }
}

report! {
    /// What a piece of evidence is and shows; what is not known stays absent (§5.1–5.4).
    ItemDescribed of order = "item.described" {
        /// The piece of evidence.
        item: ItemId = "item",
        /// What kind of record it is.
        form: Option<Form> = "item.form",
        /// What it shows.
        parts: Vec<Part> = "item.parts",
        /// The address it was captured at.
        url: Option<String> = "item.url",
        /// Device clock minus official time, in seconds (R7).
        clock_off_s: Option<i64> = "item.clock_off_s",
        /// Whether it is one take (S20).
        continuous: Option<bool> = "item.continuous",
        /// Whether the original is kept on its device (R2).
        original_kept: Option<bool> = "item.original_kept",
        /// Whether it was seen in the buyer's own account (R9).
        own_account: Option<bool> = "item.own_account",
        /// Whether it was obtained lawfully, as the user says (R12).
        lawful: Option<bool> = "item.lawful",
        /// A caption for sending it (S31).
        caption: Option<String> = "item.caption",
        /// The fact it is to prove (R16).
        proves: Option<String> = "item.proves",
    }
}

report! {
    /// A page was captured: which pieces of evidence belong together, and the record of how it was seen (§5.1).
    CaptureMade of order = "capture.made" {
        /// The address as shown.
        url: String = "capture.url",
        /// The title as shown.
        title: Option<String> = "capture.title",
        /// The item that says under which conditions it was seen and what could not be had.
        record: ItemId = "capture.record",
        /// The items it is made of.
        items: Vec<ItemId> = "capture.items",
    }
}

report! {
    /// A recording began (S20).
    RecordingBegan of order = "recording.began" {
        /// The address shown at the start.
        url: String = "capture.url",
        /// What the strip of the picture showed: the log's checkpoint, and a public beacon where one was known.
        beacon: Option<String> = "recording.beacon",
        /// The capture of the page as it stood before, with nothing revealed.
        before: Option<ItemId> = "recording.before",
    }
}

report! {
    /// A piece of a recording under way; all pieces in their order are its file.
    RecordingPiece of order = "recording.piece" {
        /// Its beginning.
        recording: ItemId = "recording.item",
        /// From 0.
        number: u32 = "recording.number",
        /// The piece.
        piece: ItemId = "item",
    }
}

report! {
    /// A recording ended (S20).
    RecordingEnded of order = "recording.ended" {
        /// Its beginning.
        recording: ItemId = "recording.item",
        /// How many pieces it has.
        pieces: u32 = "recording.pieces",
        /// How long it ran, in milliseconds.
        duration_ms: i64 = "recording.duration_ms",
        /// Whether it is one take.
        continuous: bool = "item.continuous",
        /// Why it ended: `stopped`, `tab_closed`, `browser_gone`, `camera_gone`, `interrupted`.
        reason: String = "recording.reason",
        /// The whole file, where it could be put together.
        whole: Option<ItemId> = "item",
        /// The item with the marks of its time line.
        marks: Option<ItemId> = "recording.marks",
        /// Its key frames.
        key_frames: Vec<ItemId> = "capture.items",
    }
}

report! {
    /// A copy of a picture with marks on it: arrows, boxes, numbers, covered secrets (S31, S32).
    CopyMade of order = "copy.made" {
        /// The original.
        of: ItemId = "copy.of",
        /// The copy.
        copy: ItemId = "item",
        /// Whether what must not be seen is covered, so that the copy may be shown.
        covers: bool = "copy.covers",
        /// The marks, as they were asked for.
        marks: Vec<String> = "copy.marks",
    }
}

report! {
    /// A paper was made of the case; it holds as long as what it rests on does.
    DocumentMade of order = "document.made" {
        /// The file.
        document: ItemId = "item",
        /// Its kind, such as `appeal`.
        kind: String = "document.kind",
        /// Its format: `pdf`, `txt`, `md`.
        format: String = "document.format",
        /// The date of the newest thing it tells of.
        as_of: Timestamp = "document.as_of",
        /// The items it rests on.
        rests_on: Vec<ItemId> = "document.rests_on",
    }
}

report! {
    /// What a message does, put right by the user.
    MessageJudged of order = "message.judged" {
        /// The message.
        message: ItemId = "message.item",
        /// What it does.
        sense: Sense = "sense",
        /// The time it sets or promises.
        due_at: Option<Timestamp> = "due_at",
    }
}

report! {
    /// Nothing came by the due time (S34).
    SilenceNoted of order = "silence.noted" {
        /// To whom it was said.
        body: Body = "step.body",
    }
}

report! {
    /// Something is wrong; `at` is when the buyer noticed.
    ProblemFound of order = "problem.found" {
        /// What it is, where the user chose.
        scenario: Option<Scenario> = "scenario",
        /// Whether the user confirms facts that show deceit (CPL 55).
        fraud: Option<bool> = "problem.fraud",
        /// Whether the goods were for resale or business (CPL 2).
        resale: Option<bool> = "problem.resale",
        /// A note.
        note: Option<String> = "note",
    }
}

report! {
    /// What the buyer wants, where it is not what follows from the facts (S44).
    ClaimChosen of order = "claim.chosen" {
        /// The kind, by its code.
        kind: String = "claim.kind",
        /// In 分.
        amount_fen: Option<i64> = "claim.amount_fen",
        /// The statute or promise an amount above the price rests on.
        basis: Option<String> = "claim.basis",
    }
}

report! {
    /// A step of the ladder was taken (S37–S46).
    StepTaken of order = "step.taken" {
        /// With whom.
        body: Body = "step.body",
        /// The category chosen on the form.
        category: Option<String> = "step.category",
        /// Number of the ticket or complaint.
        reference: Option<String> = "step.reference",
        /// The amount claimed, in 分.
        claim_fen: Option<i64> = "claim.amount_fen",
        /// The item that shows it, or the message.
        proof: Option<ItemId> = "proof",
    }
}

report! {
    /// A step moved.
    StepMoved of order = "step.moved" {
        /// With whom.
        body: Body = "step.body",
        /// How far.
        stage: Stage = "step.stage",
        /// A note.
        note: Option<String> = "note",
        /// The item that shows it.
        proof: Option<ItemId> = "proof",
    }
}

report! {
    /// A body decided.
    DecisionMade of order = "decision.made" {
        /// Who.
        body: Body = "step.body",
        /// Which way.
        verdict: Verdict = "decision.verdict",
        /// The words, with the rule they cite.
        text: Option<String> = "decision.text",
        /// Whether only a machine decided, as far as one can see (PRM 19).
        by_machine: Option<bool> = "decision.by_machine",
        /// The refund decided, in 分.
        refund_fen: Option<i64> = "decision.refund_fen",
        /// The item that shows it.
        proof: Option<ItemId> = "proof",
    }
}

report! {
    /// Money came back, was announced, or failed to come (D9).
    RefundSeen of order = "refund.seen" {
        /// In 分.
        amount_fen: Option<i64> = "refund.amount_fen",
        /// What became of it.
        state: RefundState = "refund.state",
        /// Where it went.
        destination: Destination = "refund.destination",
        /// What shows it.
        shown_by: RefundProof = "refund.shown_by",
        /// From whom.
        body: Option<Body> = "step.body",
        /// The item that shows it.
        proof: Option<ItemId> = "proof",
    }
}

report! {
    /// A coverage or insurance (S57, D11); `at` is when it begins.
    CoverageBought of order = "coverage.bought" {
        /// Who pays.
        issuer: String = "coverage.issuer",
        /// Its price, in 分.
        fee_fen: Option<i64> = "coverage.fee_fen",
        /// How long it lasts, in days.
        period_days: Option<u32> = "coverage.period_days",
        /// Within how many hours of noticing a claim must be made.
        claim_within_h: Option<u32> = "coverage.claim_within_h",
        /// Its conditions.
        condition: Option<String> = "coverage.condition",
        /// The item that shows it.
        proof: Option<ItemId> = "proof",
    }
}

report! {
    /// A thing that cannot be had, with the reason (S5).
    NeedWaived of order = "need.waived" {
        /// What.
        need: Waived = "need",
        /// Why not.
        reason: String = "need.reason",
    }
}

report! {
    /// A date to come back on (S59).
    FollowUpSet of order = "followup.set" {
        /// Why.
        kind: FollowUpKind = "follow_up.kind",
        /// When.
        due_at: Timestamp = "due_at",
        /// A note.
        note: Option<String> = "note",
    }
}

report! {
    /// A follow-up was done.
    FollowUpDone of order = "followup.done" {
        /// Which.
        follow_up: ItemId = "follow_up.item",
    }
}

report! {
    /// The end of a purchase.
    OrderClosed of order = "order.closed" {
        /// How it ended.
        outcome: Outcome = "outcome",
        /// A note.
        note: Option<String> = "note",
    }
}

report! {
    /// A closed purchase is open again.
    OrderReopened of order = "order.reopened" {
        /// A note.
        note: Option<String> = "note",
    }
}

report! {
    /// Something about a merchant (S53–S55); what is not known stays absent.
    MerchantNoted of house = "merchant.noted" {
        /// The merchant, by the name orders use.
        merchant: String = "merchant",
        /// The deposit seen, in 分 (S54).
        deposit_fen: Option<i64> = "merchant.deposit_fen",
        /// The dispute rate the platform shows, in hundredths of a percent (S55).
        shown_rate_bp: Option<u32> = "merchant.shown_rate_bp",
        /// Whether escrow is offered (S56).
        escrow: Option<bool> = "merchant.escrow",
        /// Whether coverage is offered (S57).
        coverage: Option<bool> = "merchant.coverage",
        /// A note.
        note: Option<String> = "note",
        /// The item that shows it.
        proof: Option<ItemId> = "proof",
    }
}

report! {
    /// A version of a platform's rule (S27, S50).
    RuleCaptured of house = "rule.captured" {
        /// The platform, by its profile or name.
        platform: String = "rule.platform",
        /// The rule's title, without 《》.
        title: String = "rule.title",
        /// The article, as a number.
        article: String = "rule.article",
        /// The words of the article, where they were saved.
        text: Option<String> = "rule.text",
        /// In force from, where known.
        in_force_from: Option<Date> = "rule.from",
        /// In force to, where known.
        in_force_to: Option<Date> = "rule.to",
        /// When it was published, where known.
        published_on: Option<Date> = "rule.published",
        /// The item that holds the captured page; without it the citation is unverified.
        snapshot: Option<ItemId> = "proof",
    }
}

report! {
    /// A page that is watched, or not any more (S50); what was said of it last counts.
    PageWatched of house = "page.watched" {
        /// Its name.
        page: PageLabel = "page",
        /// Its address, of HTTP or HTTPS.
        url: String = "page.url",
        /// What the user calls it.
        name: Option<String> = "page.name",
        /// What it is.
        kind: PageKind = "page.kind",
        /// The platform, by its profile or name.
        platform: Option<String> = "page.platform",
        /// The merchant whose page it is, by the name orders use.
        merchant: Option<String> = "page.merchant",
        /// The open order whose product page it is.
        bound_to: Option<OrderId> = "page.order",
        /// The title of the rule it shows, without 《》.
        title: Option<String> = "rule.title",
        /// The article, as a number.
        article: Option<String> = "rule.article",
        /// What of it is read: selectors of CSS; empty for what the cleaning profile takes.
        select: Vec<String> = "page.select",
        /// What is taken out of that: selectors of CSS.
        remove: Vec<String> = "page.remove",
        /// What flickers in its text and is passed over: regular expressions.
        mask: Vec<String> = "page.mask",
        /// How it is fetched.
        way: PageWay = "page.way",
        /// How often, in hours.
        every_hours: u32 = "page.every_hours",
        /// Whether it is watched.
        watched: bool = "page.watched",
    }
}

report! {
    /// A platform profile of the user's own.
    ProfileAdded of house = "profile.added" {
        /// Its id.
        id: String = "profile.id",
        /// Its text, as `docs/formats` has it.
        toml: String = "profile.toml",
    }
}
