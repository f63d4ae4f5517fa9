//! From the form of a history to commands, in the order in which things have to be recorded.

use jiff::Timestamp;
use sigu_evidence::ItemManifest;

use super::facts::{cited, facts, own_profile, state};
use super::form::{CaseForm, ChatForm, EventForm, EvidenceForm, Shop, Text};
use super::read::{coded, fen, line, not_one_of, time, time_in, value, word, wrong};
use super::words::{Becomes, Shows, Words, promise_in};
use super::{History, HistoryContent, HistoryError, HistoryEvidence, HistoryProblem};
use crate::calendar::day_of;
use crate::dialogue;
use crate::report::{
    CoverageBought, DecisionMade, Destination, Form, ItemDescribed, ObservationMade, Observed, OrderClosed,
    Outcome, Part, PartyNamed, PayChannel, PaymentSeen, Place, ProblemFound, ProfileAdded, PromiseMade,
    PromisePlace, RefundProof, RefundSeen, RefundState, Report, Role, RuleCaptured, Sense, SilenceNoted,
    StepMoved, StepTaken,
};
use crate::{Channel, Command, Direction, ItemId, MessageDetail, OrderFacts, OrderId, Slot};

/// One case, found sound.
#[derive(Debug, Clone)]
pub(super) struct Case {
    order: OrderId,
    facts: OrderFacts,
    told_at: Timestamp,
    exhibits: Vec<HistoryEvidence>,
    messages: Vec<Command>,
    reports: Vec<(Report, Link)>,
}

/// What a report rests on, by its place among the case's exhibits or messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Link {
    Nothing,
    Exhibit(usize),
    Message(usize),
}

impl History {
    /// Returns the evidence to be taken in, in the order in which [`History::commands`] wants its manifests.
    pub fn evidence(&self) -> impl Iterator<Item = &HistoryEvidence> {
        self.cases.iter().flat_map(|case| &case.exhibits)
    }

    /// Returns the commands, which log one leaf each, starting at `first`.
    ///
    /// `manifests` belong to [`History::evidence`] one by one; evidence without one is left out, and what rests on it
    /// stands without proof.
    pub fn commands(&self, first: ItemId, manifests: Vec<Option<ItemManifest>>) -> Vec<Command> {
        let mut manifests = manifests.into_iter();
        let mut commands = Vec::new();
        for case in &self.cases {
            let own = manifests.by_ref().take(case.exhibits.len()).collect();
            case.commands(ItemId { seq: first.seq + commands.len() as u64, ..first }, own, &mut commands);
        }
        commands
    }
}

impl Case {
    pub(super) fn new(form: CaseForm, told_at: Timestamp) -> Result<Self, HistoryError> {
        let order: OrderId = form
            .id
            .value
            .parse()
            .map_err(|_| wrong(&form.id, "id", HistoryProblem::Label(form.id.value.clone())))?;
        let facts = facts(&form)?;
        let (exhibits, messages, reports) = (Vec::new(), Vec::new(), Vec::new());
        let mut case = Self { order, facts, told_at, exhibits, messages, reports };
        case.shop(form.shop.as_ref())?;
        case.payment(&form)?;
        case.promises(&form.promise);
        case.secret(&form);
        case.delivery(&form)?;
        form.evidence.iter().try_for_each(|row| case.evidence(row))?;
        form.chat.iter().try_for_each(|row| case.chat(row))?;
        case.coverage(&form)?;
        form.events.iter().try_for_each(|row| case.event(row))?;
        case.outcome(form.outcome.as_ref())?;
        Ok(case)
    }

    pub(super) fn profile(&self) -> Option<&str> {
        self.facts.profile.as_deref()
    }

    pub(super) fn order(&self) -> &OrderId {
        &self.order
    }

    fn commands(&self, first: ItemId, manifests: Vec<Option<ItemManifest>>, out: &mut Vec<Command>) {
        let place = |ahead: usize| ItemId { seq: first.seq + ahead as u64, ..first };
        out.push(Command::OpenOrder { order: self.order.clone(), facts: self.facts.clone() });
        let mut ahead = 1;
        let mut exhibits = Vec::new();
        for (exhibit, manifest) in self.exhibits.iter().zip(manifests) {
            exhibits.push(manifest.map(|manifest| {
                out.push(Command::FixEvidence {
                    order: self.order.clone(),
                    slot: exhibit.slot,
                    formed_at: Some(exhibit.formed_at),
                    note: None,
                    manifest,
                });
                ahead += 1;
                place(ahead - 1)
            }));
        }
        let messages = ahead;
        out.extend(self.messages.iter().cloned());
        for (report, link) in &self.reports {
            let proof = match link {
                Link::Nothing => None,
                Link::Exhibit(index) => exhibits.get(*index).copied().flatten(),
                Link::Message(index) => Some(place(messages + index)),
            };
            out.extend(rest_on(report.clone(), proof).map(Command::Report));
        }
    }

    fn say(&mut self, report: impl Into<Report>, link: Link) {
        self.reports.push((report.into(), link));
    }

    /// The first instant that is known: what is said of the shop was true then.
    fn start(&self) -> Timestamp {
        let times = self.facts.times().into_iter().filter_map(|(_, time)| time);
        times.min().unwrap_or(self.told_at)
    }

    fn shop(&mut self, shop: Option<&Shop>) -> Result<(), HistoryError> {
        let Some(shop) = shop else { return Ok(()) };
        let at = self.start();
        let order = self.order.clone();
        let name = self.facts.merchant.clone();
        let (legal_name, contact) = (value(shop.legal_name.as_ref()), value(shop.contact.as_ref()));
        let (address, licence, proof) = (None, None, None);
        self.say(
            PartyNamed {
                at,
                order,
                role: Role::Merchant,
                name,
                legal_name,
                address,
                contact,
                licence,
                proof,
            },
            Link::Nothing,
        );
        let cited = shop.rule.as_ref().and_then(|rule| cited(&rule.value));
        if let (Some((title, article)), Some(platform)) = (cited, self.facts.platform.clone()) {
            let (in_force_from, in_force_to, published_on) = (None, None, None);
            let rule = RuleCaptured {
                at,
                platform,
                title,
                article,
                text: None,
                in_force_from,
                in_force_to,
                published_on,
                snapshot: None,
            };
            self.say(rule, Link::Nothing);
        }
        if let Some((id, toml)) = own_profile(shop, day_of(self.told_at))? {
            self.facts.profile = Some(id.clone());
            self.say(ProfileAdded { at, id, toml }, Link::Nothing);
        }
        Ok(())
    }

    fn payment(&mut self, form: &CaseForm) -> Result<(), HistoryError> {
        let Some(payment) = &form.payment else { return Ok(()) };
        let at = match &payment.at {
            Some(at) => time(at, "payment.at")?,
            None => self.facts.paid_at.or(self.facts.created_at).unwrap_or_else(|| self.start()),
        };
        let channel = match &payment.channel {
            Some(channel) => word(channel, "payment.channel", &Words::get().pays)?,
            None => PayChannel::Other,
        };
        let amount = payment.amount.as_ref().map(|amount| fen(amount, "payment.amount")).transpose()?;
        let seen = PaymentSeen {
            at,
            order: self.order.clone(),
            channel,
            txn: value(payment.txn.as_ref()),
            merchant_order_no: None,
            payee: value(payment.payee.as_ref()),
            payer: value(payment.payer.as_ref()),
            amount_fen: amount.or(self.facts.amount_fen),
            product: value(payment.product.as_ref()),
            proof: None,
        };
        self.say(seen, Link::Nothing);
        Ok(())
    }

    fn promises(&mut self, promises: &[Text]) {
        for promise in promises {
            let (at, text) = (self.start(), promise.value.clone());
            self.promise(at, text, PromisePlace::ProductPage, Link::Nothing);
        }
    }

    fn promise(&mut self, at: Timestamp, text: String, place: PromisePlace, link: Link) {
        let (order, kind) = (self.order.clone(), promise_in(&text));
        self.say(PromiseMade { at, order, kind, place, text, due_at: None, proof: None }, link);
    }

    fn observe(&mut self, at: Timestamp, state: Observed, place: Place, text: Option<String>, link: Link) {
        let since = text.as_deref().and_then(time_in).filter(|since| *since != at);
        let order = self.order.clone();
        self.say(ObservationMade { at, order, state, place, text, since, count: None, proof: None }, link);
    }

    /// The delivered text is evidence of its own; one that delivers nothing is an observation too.
    fn secret(&mut self, form: &CaseForm) {
        let Some(secret) = form.order.as_ref().and_then(|order| order.secret_text.as_ref()) else { return };
        let facts = &self.facts;
        let received = facts.revealed_at.or(facts.received_at()).or(facts.paid_at).or(facts.created_at);
        let formed_at = received.unwrap_or_else(|| self.start());
        let link = self.exhibit(
            formed_at,
            Slot::Delivery,
            HistoryContent::Noted(secret.value.clone()),
            line(secret),
        );
        self.describe(formed_at, Form::Transcript, vec![Part::Reveal], None, link);
        if dialogue::delivers_nothing(&secret.value) {
            self.observe(formed_at, Observed::Placeholder, Place::Shop, Some(secret.value.clone()), link);
        }
    }

    fn delivery(&mut self, form: &CaseForm) -> Result<(), HistoryError> {
        let Some(delivery) = &form.delivery else { return Ok(()) };
        if let (Some(at), Some(message)) = (&delivery.redeem_try, &delivery.issuer_message) {
            let at = time(at, "delivery.redeem_try")?;
            let state = state(message, "delivery.issuer_message")?;
            self.observe(at, state, Place::Issuer, Some(message.value.clone()), Link::Nothing);
        }
        if let (Some(at), Some(first)) = (self.facts.activated_at, &delivery.first_state) {
            let state = state(first, "delivery.first_state")?;
            self.observe(at, state, Place::Product, Some(first.value.clone()), Link::Nothing);
        }
        if let Some(at) = &delivery.seen_expired {
            self.observe(
                time(at, "delivery.seen_expired")?,
                Observed::Expired,
                Place::Product,
                None,
                Link::Nothing,
            );
        }
        Ok(())
    }

    fn exhibit(&mut self, formed_at: Timestamp, slot: Slot, content: HistoryContent, line: u64) -> Link {
        self.exhibits.push(HistoryEvidence { order: self.order.clone(), slot, formed_at, content, line });
        Link::Exhibit(self.exhibits.len() - 1)
    }

    fn describe(&mut self, at: Timestamp, form: Form, parts: Vec<Part>, url: Option<String>, link: Link) {
        let described = ItemDescribed {
            at,
            order: self.order.clone(),
            // Put right when the leaf is known; without one the description is left out.
            item: ItemId { log: 0, seq: 0 },
            form: Some(form),
            parts,
            url,
            clock_off_s: None,
            continuous: None,
            original_kept: None,
            own_account: None,
            lawful: None,
            caption: None,
            proves: None,
        };
        self.say(described, link);
    }

    fn evidence(&mut self, row: &EvidenceForm) -> Result<(), HistoryError> {
        let at = time(&row.at, "evidence.at")?;
        let Shows { slot, parts, observed } = word(&row.what, "evidence.what", &Words::get().evidence)?;
        let (content, form) = match &row.file {
            Some(file) => (HistoryContent::File(file.value.clone()), Form::Cropped),
            None => {
                let noted = row.text.as_ref().unwrap_or(&row.what).value.clone();
                (HistoryContent::Noted(noted), Form::Transcript)
            }
        };
        let link = self.exhibit(at, slot, content, line(&row.what));
        self.describe(at, form, parts, value(row.url.as_ref()), link);
        if let Some((state, place)) = observed {
            self.observe(at, state, place, value(row.text.as_ref()), link);
        }
        if let (Slot::Description, Some(text)) = (slot, &row.text) {
            self.promise(at, text.value.clone(), PromisePlace::ProductPage, link);
        }
        Ok(())
    }

    fn chat(&mut self, row: &ChatForm) -> Result<(), HistoryError> {
        let said_at = time(&row.at, "chat.at")?;
        let direction = Direction::from_code(&row.dir.value)
            .ok_or_else(|| not_one_of(&row.dir, "chat.dir", "in, out"))?;
        let channel: Channel = word(&row.ch, "chat.ch", &Words::get().channels)?;
        let read = dialogue::detail(direction, &row.text.value, said_at);
        let sense = match &row.sense {
            Some(sense) => Some(coded(
                sense,
                "chat.sense",
                Sense::from_code,
                Sense::ALL.iter().map(|sense| sense.code()),
            )?),
            None => read.sense,
        };
        let due_at = row.due.as_ref().map(|due| time(due, "chat.due")).transpose()?.or(read.due_at);
        let detail = MessageDetail { sense, due_at, ..read };
        let (order, text) = (self.order.clone(), row.text.value.clone());
        self.messages.push(Command::RecordMessage {
            order,
            said_at,
            direction,
            channel,
            text: text.clone(),
            detail,
        });
        let before = self.facts.paid_at.is_none_or(|paid| said_at <= paid);
        if direction == Direction::In && before && dialogue::promises(&text) {
            self.promise(said_at, text, PromisePlace::Dialogue, Link::Message(self.messages.len() - 1));
        }
        Ok(())
    }

    fn coverage(&mut self, form: &CaseForm) -> Result<(), HistoryError> {
        let Some(coverage) = &form.coverage else { return Ok(()) };
        let bought = CoverageBought {
            at: self.facts.completed_at().unwrap_or_else(|| self.start()),
            order: self.order.clone(),
            issuer: coverage.issuer.value.clone(),
            fee_fen: coverage.fee.as_ref().map(|fee| fen(fee, "coverage.fee")).transpose()?,
            period_days: coverage.period_days,
            claim_within_h: coverage.claim_within_h,
            condition: value(coverage.condition.as_ref()),
            proof: None,
        };
        self.say(bought, Link::Nothing);
        Ok(())
    }

    fn event(&mut self, row: &EventForm) -> Result<(), HistoryError> {
        let at = time(&row.at, "events.at")?;
        let order = self.order.clone();
        let amount_fen = row.amount.as_ref().map(|amount| fen(amount, "events.amount")).transpose()?;
        let text = value(row.text.as_ref());
        let report: Report = match word(&row.what, "events.what", &Words::get().happenings)? {
            Becomes::Silence(body) => SilenceNoted { at, order, body }.into(),
            Becomes::Step(body) => StepTaken {
                at,
                order,
                body,
                category: value(row.form_type.as_ref()),
                reference: value(row.reference.as_ref()),
                claim_fen: amount_fen,
                proof: None,
            }
            .into(),
            Becomes::Stage(body, stage) => {
                let note = value(row.result.as_ref()).or(text);
                StepMoved { at, order, body, stage, note, proof: None }.into()
            }
            Becomes::Decision(body) => {
                let result = row.result.as_ref().unwrap_or(&row.what);
                let verdict = word(result, "events.result", &Words::get().verdicts)?;
                let (by_machine, text) = (row.by_machine, text.or_else(|| Some(result.value.clone())));
                DecisionMade {
                    at,
                    order,
                    body,
                    verdict,
                    text,
                    by_machine,
                    refund_fen: amount_fen,
                    proof: None,
                }
                .into()
            }
            Becomes::Refund(body, state, destination) => {
                let shown_by = match &row.proof {
                    Some(proof) => word(proof, "events.proof", &Words::get().proofs)?,
                    None => RefundProof::None,
                };
                RefundSeen { at, order, amount_fen, state, destination, shown_by, body, proof: None }.into()
            }
            Becomes::Observation(state, place) => {
                self.observe(at, state, place, text, Link::Nothing);
                return self.refund_to_balance(at, row);
            }
            Becomes::Problem => {
                ProblemFound { at, order, scenario: None, fraud: None, resale: None, note: text }.into()
            }
        };
        self.say(report, Link::Nothing);
        self.refund_to_balance(at, row)
    }

    /// What a closing says it put on the platform's balance is a refund there.
    fn refund_to_balance(&mut self, at: Timestamp, row: &EventForm) -> Result<(), HistoryError> {
        let Some(amount) = &row.refund_to_balance else { return Ok(()) };
        let refund = RefundSeen {
            at,
            order: self.order.clone(),
            amount_fen: Some(fen(amount, "events.refund_to_balance")?),
            state: RefundState::Received,
            destination: Destination::Balance,
            shown_by: RefundProof::ShopStatus,
            body: None,
            proof: None,
        };
        self.say(refund, Link::Nothing);
        Ok(())
    }

    /// The end is as late as the last thing that happened.
    fn outcome(&mut self, outcome: Option<&Text>) -> Result<(), HistoryError> {
        let Some(outcome) = outcome else { return Ok(()) };
        let outcome: Outcome = word(outcome, "outcome", &Words::get().outcomes)?;
        let said = self.messages.iter().filter_map(|message| match message {
            Command::RecordMessage { said_at, .. } => Some(*said_at),
            _ => None,
        });
        let reported = self.reports.iter().map(|(report, _)| report.at());
        let at = said.chain(reported).max().unwrap_or_else(|| self.start());
        self.say(OrderClosed { at, order: self.order.clone(), outcome, note: None }, Link::Nothing);
        Ok(())
    }
}

/// Gives a report its proof; a description of an exhibit that was left out is left out.
fn rest_on(report: Report, item: Option<ItemId>) -> Option<Report> {
    Some(match report {
        Report::ItemDescribed(described) => ItemDescribed { item: item?, ..described }.into(),
        Report::ObservationMade(made) => ObservationMade { proof: item, ..made }.into(),
        Report::PromiseMade(made) => PromiseMade { proof: item, ..made }.into(),
        other => other,
    })
}
