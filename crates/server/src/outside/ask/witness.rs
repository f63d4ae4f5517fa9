//! A witness is shown a checkpoint, with a proof from what it saw last (C2SP tlog-witness, add-checkpoint).

use std::future::Future;

use sigu_attestation::witness::{
    AddCheckpoint, CosignatureError, ForkSign, Judgement, Refusal, Submission, VerifiedCosignature,
    judge_answer,
};
use sigu_ledger::{Hash, SignedCheckpoint, verify_consistency};

use crate::outside::net::{Net, NetFault, Question};
use crate::outside::services::KnownWitness;

/// The most bytes of an answer that are read: as many as a note may have.
const MAX_ANSWER_BYTES: usize = sigu_ledger::MAX_NOTE_BYTES;
const KIND: &str = "text/plain; charset=utf-8";

/// Holds what a witness is shown.
#[derive(Clone, Copy, Debug)]
pub struct Submitted<'a> {
    /// The signed checkpoint.
    pub signed: &'a SignedCheckpoint,
    /// The size this witness cosigned last, as far as is known here; 0 if nothing.
    pub last_cosigned: u64,
    /// The largest size this log ever signed.
    pub largest_signed: u64,
}

/// Holds a consistency proof that leads to the checkpoint that is shown.
#[derive(Clone, Debug)]
pub struct Proven {
    /// The root of this log at the size it starts from.
    pub root: Hash,
    /// The proof; empty if the sizes are equal.
    pub proof: Vec<Hash>,
}

/// Says what a witness answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Witnessed {
    /// It cosigned.
    Cosigned {
        /// Its signature lines, for `witness.cosig`.
        lines: String,
        /// What they say.
        cosignatures: Vec<VerifiedCosignature>,
    },
    /// It saw a later checkpoint of this log, which was signed here: nothing is wrong, and this one needs no showing.
    SawLater {
        /// The size it saw.
        size: u64,
    },
    /// **Alarm.** It saw a larger tree than was ever signed here: this log was put back. Stop signing.
    Ahead {
        /// The size it saw.
        size: u64,
    },
    /// **Alarm.** It saw another tree: there are two histories. Stop signing. The proof that was sent held here.
    Fork(ForkSign),
    /// It will not serve this log, before its owner or this configuration changes something.
    Refused(Refusal),
    /// What it saw last changed while it was asked. Ask again later.
    Unsettled,
    /// It is busy or broken. Ask again later.
    Unavailable {
        /// The HTTP status.
        status: u16,
    },
    /// An answer outside the protocol. Ask again later.
    Garbage,
    /// A cosignature that claims to be its and is not.
    BadCosignature(CosignatureError),
    /// Nothing came.
    Unreachable(NetFault),
    /// The proof made here does not hold: damage in this vault. Nothing was sent.
    OwnProof {
        /// The size it starts from.
        from: u64,
    },
}

/// Shows a checkpoint to a witness; where it saw another size last, once more with a proof from there.
///
/// `prove` gives root and proof for a size from 1 to that of the checkpoint, or `None` if the vault cannot; it is a future
/// so that a vault is read where reading may wait.
pub async fn ask_witness<P, F>(
    net: &Net,
    witness: &KnownWitness,
    submitted: Submitted<'_>,
    mut prove: P,
) -> Witnessed
where
    P: FnMut(u64) -> F,
    F: Future<Output = Option<Proven>>,
{
    let size = submitted.signed.checkpoint().size;
    let mut old = submitted.last_cosigned.min(size);
    for again in [false, true] {
        match show(net, witness, submitted, old, &mut prove).await {
            Err(ended) => return ended,
            Ok(from) if from > size => return Witnessed::SawLater { size: from },
            Ok(_) if again => break,
            Ok(from) => old = from,
        }
    }
    Witnessed::Unsettled
}

/// Asks once; `Ok` with the size to prove from.
async fn show<P, F>(
    net: &Net,
    witness: &KnownWitness,
    submitted: Submitted<'_>,
    old: u64,
    prove: &mut P,
) -> Result<u64, Witnessed>
where
    P: FnMut(u64) -> F,
    F: Future<Output = Option<Proven>>,
{
    let checkpoint = submitted.signed.checkpoint();
    let proof = if old == 0 {
        Vec::new()
    } else {
        let holds = |made: &Proven| {
            verify_consistency(old, checkpoint.size, &made.root, &checkpoint.root, &made.proof).is_ok()
        };
        // A wrong proof would look like a fork; so it is checked before it goes out.
        let made = prove(old).await.filter(holds).ok_or(Witnessed::OwnProof { from: old })?;
        made.proof
    };
    let body = AddCheckpoint { old, proof, note: submitted.signed.note().to_owned() }.to_body();
    let url = format!("{}/add-checkpoint", witness.url);
    let question = Question {
        url: &url,
        body: Some((KIND, body.into_bytes())),
        accept: "text/plain, text/x.tlog.size",
        most: MAX_ANSWER_BYTES,
    };
    let answer = net.ask(question).await.map_err(Witnessed::Unreachable)?;
    let sent = Submission { checkpoint, old, largest_signed: submitted.largest_signed };
    let keys = std::slice::from_ref(&witness.key);
    Err(match judge_answer(&sent, keys, answer.status, &answer.body) {
        Judgement::Retry { from } => return Ok(from),
        Judgement::Cosigned(cosignatures) => {
            Witnessed::Cosigned { lines: lines_of(witness, &answer.body), cosignatures }
        }
        Judgement::RolledBack { size } => Witnessed::Ahead { size },
        Judgement::Fork(sign) => Witnessed::Fork(sign),
        Judgement::Refused(refusal) => Witnessed::Refused(refusal),
        Judgement::Unavailable { status } => Witnessed::Unavailable { status },
        Judgement::Garbage => Witnessed::Garbage,
        Judgement::BadCosignature(error) => Witnessed::BadCosignature(error),
    })
}

/// The lines under the witness's name; what else it sent is not kept.
fn lines_of(witness: &KnownWitness, body: &[u8]) -> String {
    let own = format!("— {} ", witness.key.name());
    let text = String::from_utf8_lossy(body);
    text.split_inclusive('\n').filter(|line| line.starts_with(&own)).collect()
}
