#!/usr/bin/env python3
"""Writes vectors/opentimestamps anew, except `good-example-*` and `hello-world.txt`, byte for byte the same each time.

Trees are built, merged and written by the Python package `opentimestamps`, the reference; the bad files are its bytes
with one defect. The examples are those of the project's own client. The block is mined here at the lowest difficulty:
it is no block of Bitcoin. Run it with the packages that scripts/need.sh puts into .venv-stamps:
.venv-stamps/bin/python make_timestamps.py
"""

import hashlib
import pathlib

from opentimestamps.core.notary import BitcoinBlockHeaderAttestation, PendingAttestation, UnknownAttestation
from opentimestamps.core.op import OpAppend, OpPrepend, OpSHA256
from opentimestamps.core.serialize import BytesSerializationContext
from opentimestamps.core.timestamp import DetachedTimestampFile, Timestamp

ROOT = pathlib.Path(__file__).resolve().parents[3] / "vectors"
HERE = ROOT / "opentimestamps"
DATA = (ROOT / "checkpoint" / "good-five-leaves.note").read_bytes()
NONCE = bytes(range(16))
ALICE, BOB = "https://alice.calendar.example", "https://bob.calendar.example"
HEIGHT = 920_000


def put(name, data):
    (HERE / name).write_bytes(data)


def written(thing):
    context = BytesSerializationContext()
    thing.serialize(context)
    return context.getbytes()


def answer(sent, uri, salt):
    """What a calendar says to a digest: a few steps of its own, and its promise."""
    stamp = Timestamp(sent)
    promised = stamp.ops.add(OpPrepend(bytes([salt] * 4))).ops.add(OpAppend(bytes([salt] * 8)))
    promised.attestations.add(PendingAttestation(uri))
    return stamp, promised.msg


def header(merkle_root):
    """A header whose hash is below the easiest target."""
    fixed = (
        (0x20000000).to_bytes(4, "little") + bytes(32) + merkle_root + (1_795_420_800).to_bytes(4, "little")
    )
    for nonce in range(1 << 20):
        made = fixed + bytes.fromhex("ffff7f20") + nonce.to_bytes(4, "little")
        if hashlib.sha256(hashlib.sha256(made).digest()).digest()[31] < 0x7F:
            return made


def good():
    digest = hashlib.sha256(DATA).digest()
    put("stamped.note", DATA)
    proof = DetachedTimestampFile(OpSHA256(), Timestamp(digest))
    sent = proof.timestamp.ops.add(OpPrepend(NONCE)).ops.add(OpSHA256())
    promises = []
    for uri, salt, name in [(ALICE, 1, "alice"), (BOB, 2, "bob")]:
        stamp, promised = answer(sent.msg, uri, salt)
        promises.append(promised)
        put(f"calendar-{name}.answer", written(stamp))
        sent.merge(stamp)
    put("good-pending.ots", written(proof))
    upgrade = Timestamp(promises[0])
    root = upgrade.ops.add(OpSHA256()).ops.add(OpAppend(bytes(32))).ops.add(OpSHA256()).ops.add(OpSHA256())
    root.attestations.add(BitcoinBlockHeaderAttestation(HEIGHT))
    put("calendar-alice.upgrade", written(upgrade))
    put("block.header", header(root.msg))
    kept = sent.ops[OpPrepend(bytes([1] * 4))].ops[OpAppend(bytes([1] * 8))]
    kept.merge(upgrade)
    put("good-attested.ots", written(proof))
    return written(proof)


def bad(made):
    head = made[:31]
    body = made[31:]
    digest = hashlib.sha256(DATA).digest()
    start = head + b"\x01\x08" + digest
    pending = written(PendingAttestation(ALICE))
    put("bad-empty.ots", b"")
    put("bad-changed-magic.ots", b"\x01" + made[1:])
    put("bad-major-version-2.ots", head + b"\x02" + body[1:])
    put("bad-file-digest-of-unknown-kind.ots", head + b"\x01\x67" + body[2:])
    put("bad-truncated.ots", made[:-1])
    put("bad-trailing-byte.ots", made + b"\0")
    put("bad-nothing-after-the-digest.ots", start)
    put("bad-unknown-step.ots", start + b"\x09\0" + pending)
    put("bad-keccak256-step.ots", start + b"\x67\0" + pending)
    put("bad-empty-argument.ots", start + b"\xf0\0\0" + pending)
    put("bad-long-argument.ots", start + b"\xf0\x81\x20" + bytes(4097) + b"\0" + pending)
    put("bad-long-message.ots", start + b"\xf0\x80\x20" + bytes(4096) + b"\x08\0" + pending)
    put("bad-deep.ots", start + b"\x08" * 256 + b"\0" + pending)
    put("good-deepest.ots", start + b"\x08" * 255 + b"\0" + pending)
    put("bad-fork-without-second.ots", start + b"\xff\0" + pending)
    put(
        "bad-number-above-2-64.ots",
        start + b"\0" + BitcoinBlockHeaderAttestation.TAG + b"\x0b" + b"\xff" * 10 + b"\x01",
    )
    put("bad-height-with-more-bytes.ots", start + b"\0" + BitcoinBlockHeaderAttestation.TAG + b"\x02\x05\x05")
    put("bad-address-with-a-space.ots", start + b"\0" + PendingAttestation.TAG + b"\x04\x03a b")
    put(
        "bad-address-of-1001-bytes.ots",
        start + b"\0" + PendingAttestation.TAG + b"\xeb\x07\xe9\x07" + b"a" * 1001,
    )
    put("bad-payload-of-8193-bytes.ots", start + b"\0" + bytes(8) + b"\x81\x40" + bytes(8193))
    put("good-payload-of-8192-bytes.ots", start + b"\0" + written(UnknownAttestation(bytes(8), bytes(8192))))
    put("bad-too-large.ots", start + b"\xff\0" * 40_000)


if __name__ == "__main__":
    for one in HERE.iterdir():
        if not one.name.startswith("good-example-") and one.name != "hello-world.txt":
            one.unlink()
    bad(good())
