#!/usr/bin/env python3
"""Writes the packages with outside proofs in vectors/bundle anew, and what a reader needs to judge them.

It shares no code with the crate: leaves, trees, notes, lists and ZIPs are put together here, signatures come from the
Python package `cryptography`, tokens from `openssl ts`, proofs of OpenTimestamps from the reference library. The one
round of drand is that of vectors/drand. The keys of the services are drawn anew each time and not kept, and openssl
asks the clock, so all these files change when it runs: run it to add a package, and know that it replaces the others.

    .venv-stamps/bin/python make_stamped.py

`good-*`: consistent. `claim-*`: consistent, and the outside time rests on what came along. `refused-*`: consistent, and
a proof counts for nothing. `bad-<finding>.zip` or `bad-<finding>--<how>.zip`: altered.
"""

import base64
import binascii
import hashlib
import json
import pathlib
import shutil
import struct
import subprocess
import tempfile
import time

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from opentimestamps.core.notary import BitcoinBlockHeaderAttestation, PendingAttestation
from opentimestamps.core.op import OpAppend, OpPrepend, OpSHA256
from opentimestamps.core.serialize import BytesSerializationContext
from opentimestamps.core.timestamp import DetachedTimestampFile, Timestamp

ROOT = pathlib.Path(__file__).resolve().parents[3]
HERE = ROOT / "vectors" / "bundle"
RECIPE = ROOT / "crates" / "bundle" / "src" / "recipe"
ROUND = json.loads((ROOT / "vectors" / "drand" / "good-round-123.json").read_text())
QUICKNET = "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971"
TOKENS = hashlib.sha256(b"sigu/v1/token-beacon").hexdigest()
WITNESS = Ed25519PrivateKey.from_private_bytes(bytes([4] * 32))  # published here: never a real key
STRANGER = Ed25519PrivateKey.from_private_bytes(bytes([5] * 32))
SEEN_AT = int(time.time()) + 60  # after the tokens, which openssl dates itself
LONG_AGO = 1795478400
HEIGHT = 920_000


def sha256(data):
    return hashlib.sha256(data).digest()


def b64(data):
    return base64.b64encode(data).decode()


def b64url(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


# The log.


def node(left, right):
    return sha256(b"\x01" + left + right)


def split(count):
    """The largest power of two below `count`."""
    return 1 << (count - 1).bit_length() - 1


def root_of(hashes):
    if len(hashes) == 1:
        return hashes[0]
    half = split(len(hashes))
    return node(root_of(hashes[:half]), root_of(hashes[half:]))


def inclusion(hashes, index):
    """RFC 9162, 2.1.3.1."""
    if len(hashes) == 1:
        return []
    half = split(len(hashes))
    if index < half:
        return [*inclusion(hashes[:half], index), root_of(hashes[half:])]
    return [*inclusion(hashes[half:], index - half), root_of(hashes[:half])]


def consistency(hashes, old, whole=True):
    """RFC 9162, 2.1.4.1."""
    if old == len(hashes):
        return [] if whole else [root_of(hashes)]
    half = split(len(hashes))
    if old <= half:
        return [*consistency(hashes[:half], old, whole), root_of(hashes[half:])]
    return [*consistency(hashes[half:], old - half, False), root_of(hashes[:half])]


def public(key):
    return key.public_key().public_bytes_raw()


def key_id(name, key, kind):
    return sha256(name.encode() + b"\n" + bytes([kind]) + public(key))[:4]


def vkey(name, key, kind):
    return f"{name}+{key_id(name, key, kind).hex()}+{b64(bytes([kind]) + public(key))}"


class Log:
    def __init__(self, number, origin, seed):
        self.number, self.origin = number, origin
        self.key = Ed25519PrivateKey.from_private_bytes(bytes([seed] * 32))
        self.leaves, self.lines = [], []

    def push(self, kind, fields, nb=None):
        seq = len(self.leaves)
        lines = []
        for name, value in sorted(fields.items()):
            salt = b64url(sha256(f"{self.number} {seq} {name}".encode())[:16])
            opened = json.dumps([salt, name, value], ensure_ascii=False, separators=(",", ":"))
            lines.append(b64url(opened.encode()))
        decoy = f"{self.number} {seq} decoy"
        digests = sorted(b64url(sha256(line.encode())) for line in [*lines, decoy])
        leaf = {"_sd": digests, "_sd_alg": "sha-256", "at": f"2026-11-23T08:00:{seq:02}.000Z", "kind": kind}
        if nb:
            leaf["nb"] = nb
        leaf |= {"nonce": b64url(sha256(f"{self.number} {seq}".encode())[:16]), "seq": seq, "v": 1}
        self.leaves.append(json.dumps(leaf, separators=(",", ":")).encode())
        self.lines.append("".join(f"{line}\n" for line in lines))
        return seq

    def hashes(self, size=None):
        return [sha256(b"\x00" + leaf) for leaf in self.leaves[:size]]

    def text(self, size=None, root=None):
        size = size or len(self.leaves)
        return f"{self.origin}\n{size}\n{b64(root or root_of(self.hashes(size)))}\n"

    def note(self, size=None, root=None, key=None):
        text = self.text(size, root)
        key = key or self.key
        signature = b64(key_id(self.origin, self.key, 1) + key.sign(text.encode()))
        return f"{text}\n\N{EM DASH} {self.origin} {signature}\n".encode()


# Outsiders.

CONFIG = """[req]
distinguished_name = dn
[dn]
[root]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
[signer]
extendedKeyUsage = critical, timeStamping
keyUsage = critical, digitalSignature
[tsa]
default_tsa = tsa1
[tsa1]
serial = serial
default_policy = 1.2.3.4
digests = sha256
signer_digest = sha256
ess_cert_id_alg = sha256
accuracy = secs:1
"""


class Service:
    """A timestamp service of openssl under a root of its own, in a folder of its own."""

    def __init__(self, folder, name):
        self.folder = folder
        folder.mkdir()
        (folder / "tsa.cnf").write_text(CONFIG)
        (folder / "serial").write_text("01\n")
        key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-config", "tsa.cnf"]
        self.run("req", "-x509", *key, "-extensions", "root", "-subj", f"/O=Vectors/CN={name} root",
                 "-days", "7300", "-keyout", "root.key", "-out", "root.pem")
        self.run("req", "-new", *key, "-subj", f"/O=Vectors/CN={name}", "-keyout", "tsa.key", "-out", "tsa.csr")
        self.run("x509", "-req", "-in", "tsa.csr", "-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial",
                 "-days", "3650", "-extfile", "tsa.cnf", "-extensions", "signer", "-out", "tsa.pem")
        self.root = (folder / "root.pem").read_bytes()
        self.chain = (folder / "tsa.pem").read_bytes() + self.root

    def run(self, *words):
        subprocess.run(["openssl", *words], cwd=self.folder, check=True, capture_output=True)

    def stamp(self, name, data):
        (self.folder / "data").write_bytes(data)
        self.run("ts", "-query", "-data", "data", "-sha256", "-cert", "-out", "a.tsq")
        self.run("ts", "-reply", "-queryfile", "a.tsq", "-signer", "tsa.pem", "-inkey", "tsa.key", "-config",
                 "tsa.cnf", "-section", "tsa1", "-out", "a.tsr")
        return {
            f"{name}.tsq": (self.folder / "a.tsq").read_bytes(),
            f"{name}.tsr": (self.folder / "a.tsr").read_bytes(),
            f"{name}.chain.pem": self.chain,
        }

    def beacon(self, reply):
        """What a leaf says to be younger than the token of a reply: its SHA-256 and its time."""
        (self.folder / "x.tsr").write_bytes(reply)
        self.run("ts", "-reply", "-in", "x.tsr", "-token_out", "-out", "x.tst")
        token = (self.folder / "x.tst").read_bytes()
        told = subprocess.run(["openssl", "ts", "-reply", "-in", "x.tsr", "-text"], cwd=self.folder, check=True,
                              capture_output=True, text=True).stdout
        at = next(line for line in told.splitlines() if line.startswith("Time stamp:"))
        seconds = subprocess.run(["date", "-u", "-d", at.split(":", 1)[1], "+%s"], check=True,
                                 capture_output=True, text=True).stdout
        return {"chain": TOKENS, "rand": sha256(token).hex(), "round": int(seconds)}


def written(thing):
    context = BytesSerializationContext()
    thing.serialize(context)
    return context.getbytes()


def ots(data, in_block):
    """A proof with a promise and, if asked for, a block of the lowest difficulty, which is none of Bitcoin."""
    proof = DetachedTimestampFile(OpSHA256(), Timestamp(sha256(data)))
    sent = proof.timestamp.ops.add(OpPrepend(bytes(range(16)))).ops.add(OpSHA256())
    promised = sent.ops.add(OpPrepend(b"\x01" * 4))
    promised.attestations.add(PendingAttestation("https://alice.calendar.example"))
    if not in_block:
        return {"checkpoint.ots": written(proof)}
    above = promised.ops.add(OpSHA256()).ops.add(OpAppend(bytes(32))).ops.add(OpSHA256()).ops.add(OpSHA256())
    above.attestations.add(BitcoinBlockHeaderAttestation(HEIGHT))
    return {"checkpoint.ots": written(proof), "checkpoint.header": header(above.msg)}


def header(merkle_root):
    fixed = (0x20000000).to_bytes(4, "little") + bytes(32) + merkle_root + (SEEN_AT + 86_400).to_bytes(4, "little")
    for number in range(1 << 20):
        made = fixed + bytes.fromhex("ffff7f20") + number.to_bytes(4, "little")
        if sha256(sha256(made))[31] < 0x7F:
            return made
    raise AssertionError


def cosigned(text, key=WITNESS, name="witness.example/w1", at=SEEN_AT):
    signature = at.to_bytes(8, "big") + key.sign(f"cosignature/v1\ntime {at}\n{text}".encode())
    return f"\N{EM DASH} {name} {b64(key_id(name, key, 4) + signature)}\n".encode()


def by_stranger(text):
    return cosigned(text, STRANGER, "witness.example/w2")


# The package.


def listed(files, keep):
    names = sorted(path for path in files if keep(path))
    return "".join(f"{sha256(files[path]).hex()}  {path}\n" for path in names).encode()


def is_data(path):
    return path.startswith("data/")


def pack(name, files):
    """The one form of the ZIP; no file here needs ZIP64."""
    out, directory = b"", b""
    for path in sorted(files):
        data, full = files[path], f"{name}/{path}".encode()
        common = struct.pack("<HHHHHIIIHH", 20, 0x0800, 0, 0, 0x21, binascii.crc32(data), len(data), len(data),
                             len(full), 0)
        directory += b"PK\x01\x02\x1e\x03" + common
        directory += struct.pack("<HHHII", 0, 0, 0, 0o100644 << 16, len(out)) + full
        out += b"PK\x03\x04" + common + full + data
    end = struct.pack("<HHHHIIH", 0, 0, len(files), len(files), len(directory), len(out), 0)
    return out + directory + b"PK\x05\x06" + end


class Story:
    """Two logs with what outsiders said on the way; every package is the same story with one thing otherwise."""

    def __init__(self, alpha, beta, seed=2, told=None):
        self.alpha, self.contents = alpha, {}
        self.first = Log(1, "sigu/v1/aaaabbbbccccdddd", 1)
        first = self.first
        first.push("genesis", {"log.vkey": vkey(first.origin, first.key, 1)})
        drand = {"chain": QUICKNET, "rand": ROUND["randomness"], "round": ROUND["round"]}
        first.push("order.opened", {"order": "A-1", "order.amount_fen": 9900}, drand)
        self.fix(first, "txt", "卖家：卡密没问题。\n".encode())
        first.push("order.opened", {"order": "of somebody else"})
        self.stamps = told or {}
        if not told:
            note = first.note()
            self.stamps[1, 4] = {"checkpoint.note": note} | alpha.stamp("alpha", note)
            self.stamps[1, 4]["witness.cosig"] = cosigned(first.text())
        self.second = Log(2, "sigu/v1/eeeeffffgggghhhh", seed)
        second = self.second
        second.push("genesis", {
            "log.vkey": vkey(second.origin, second.key, 1), "prev.origin": first.origin, "prev.size": 4,
            "prev.root": root_of(first.hashes()).hex(), "prev.note_sha256": sha256(first.note()).hex(),
        })
        self.fix(second, "png", bytes(i * 7 % 251 for i in range(900)),
                 alpha.beacon(self.stamps[1, 4]["alpha.tsr"]))
        if not told:
            note = second.note()
            self.stamps[2, 2] = {"checkpoint.note": note} | alpha.stamp("alpha", note) | ots(note, False)
        second.push("message.recorded", {"order": "A-1", "direction": "in", "text": "no refund"})
        second.push("order.opened", {"order": "of somebody else"})
        if not told:
            note = second.note()
            self.stamps[2, 4] = {"checkpoint.note": note} | alpha.stamp("alpha", note)
            self.stamps[2, 4] |= beta.stamp("beta-1", note) | ots(note, True)
            self.stamps[2, 4]["witness.cosig"] = by_stranger(second.text()) + cosigned(second.text())
        else:
            for (log, size), files in self.stamps.items():
                files["checkpoint.note"] = (first if log == 1 else second).note(size)
        self.skip, self.more, self.page, self.recipe = set(), {}, None, False
        self.rounds = {"trust/beacons/quicknet-123.json": json.dumps(
            {"round": ROUND["round"], "signature": ROUND["signature"]}, separators=(",", ":")).encode()}
        # Changes to the consistency proofs, which come after the export.
        self.tamper = lambda proofs: None

    def fix(self, log, ext, data, nb=None):
        fields = {"blob.sha256": sha256(data).hex(), "blob.size": len(data), "order": "A-1"}
        seq = log.push("evidence.fixed", fields, nb)
        self.contents[f"data/items/{log.number}-{seq}.{ext}"] = data

    def only(self, *names):
        """Keeps of the proofs only these, and of the folders only those that keep one."""
        for at, files in list(self.stamps.items()):
            kept = {name: data for name, data in files.items() if name == "checkpoint.note" or name in names}
            if len(kept) > 1:
                self.stamps[at] = kept
            else:
                del self.stamps[at]

    def zip(self):
        logs = [self.first, self.second]
        files = dict(self.contents)
        files["data/index.html"], files["data/index.json"] = b"<!doctype html>\n", b"[]\n"
        oxum = f"{sum(map(len, files.values()))}.{len(files)}"
        files["bagit.txt"] = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
        files["bag-info.txt"] = (
            "Bagging-Date: 2026-11-23\nBag-Software-Agent: sigu/1 bundle\nExternal-Identifier: A-1\n"
            f"Payload-Oxum: {oxum}\n"
        ).encode()
        for name in ["VERIFY.md", "check-inclusion.sh"]:
            files[f"trust/{name}"] = (RECIPE / name).read_bytes() if self.recipe else b"#\n"
        if self.page:
            files["trust/checker.html"] = self.page
        for log in logs:
            files[f"trust/logs/{log.number}/log.vkey"] = f"{vkey(log.origin, log.key, 1)}\n".encode()
            pem = log.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
            files[f"trust/logs/{log.number}/log.pem"] = pem
            for seq in range(len(log.leaves)):
                self.put_leaf(files, log, seq)
        for (log, size), proofs in self.stamps.items():
            for name, data in proofs.items():
                files[f"trust/logs/{log}/stamped/{size}/{name}"] = data
        files |= self.rounds | self.more
        contents = listed(files, lambda path: True)
        files["trust/contents.txt"] = contents
        exported = {"export.contents_sha256": sha256(contents).hex(), "export.withheld": [], "order": "A-1"}
        seq = self.second.push("export.made", exported)
        self.put_leaf(files, self.second, seq)
        self.seal(files, logs)
        files["manifest-sha256.txt"] = listed(files, is_data)
        files["tagmanifest-sha256.txt"] = listed(files, lambda path: not is_data(path))
        return pack(f"sigu-20261123-2-{seq}", files)

    def put_leaf(self, files, log, seq):
        if (log.number, seq) not in self.skip:
            files[f"trust/logs/{log.number}/leaves/{seq}.json"] = log.leaves[seq]
            files[f"trust/logs/{log.number}/disclosures/{seq}.txt"] = log.lines[seq].encode()

    def seal(self, files, logs):
        for log in logs:
            note = log.note()
            files[f"trust/logs/{log.number}/checkpoint.note"] = note
            for seq in range(len(log.leaves)):
                if (log.number, seq) not in self.skip:
                    path = "".join(f"{b64(one)}\n" for one in inclusion(log.hashes(), seq))
                    proof = f"c2sp.org/tlog-proof@v1\nindex {seq}\n{path}\n".encode() + note
                    files[f"trust/logs/{log.number}/proofs/{seq}.tlog-proof"] = proof
        by_number = {log.number: log for log in logs}
        proofs = {
            at: "".join(f"{b64(one)}\n" for one in consistency(by_number[at[0]].hashes(), at[1]))
            for at in self.stamps if at[0] in by_number and at[1] <= len(by_number[at[0]].leaves)
        }
        self.tamper(proofs)
        for (log, size), text in proofs.items():
            files[f"trust/logs/{log}/stamped/{size}/consistency.txt"] = text.encode()


# The stories.


def root_inside_only(story, _):
    story.only("beta-1.tsq", "beta-1.tsr", "beta-1.chain.pem")


def strangers_only(story, _):
    story.only("witness.cosig")
    del story.stamps[1, 4]
    story.stamps[2, 4]["witness.cosig"] = by_stranger(story.second.text(4))


def block_only(story, _):
    story.only("checkpoint.ots", "checkpoint.header")
    del story.stamps[2, 2]


def of_another_checkpoint(story, _):
    story.stamps[2, 4] = {"checkpoint.note": story.second.note(4)} | {
        name: data for name, data in story.stamps[2, 2].items() if name.startswith("alpha")
    }


def of_another_log(story, _):
    story.stamps[2, 4] = {"checkpoint.note": story.second.note(4)} | {
        name: data for name, data in story.stamps[1, 4].items() if name.startswith("alpha")
    }


def another_request(story, alpha):
    story.stamps[2, 4]["alpha.tsq"] = alpha.stamp("x", story.second.note(4))["x.tsq"]


def unreadable_request(story, _):
    story.stamps[2, 4]["alpha.tsq"] = b"not a request"


def without_request(story, _):
    del story.stamps[2, 4]["alpha.tsq"]


def without_path(story, _):
    for files in story.stamps.values():
        files.pop("alpha.chain.pem", None)


def touched_signature(story, _):
    reply = bytearray(story.stamps[2, 4]["alpha.tsr"])
    reply[-1] ^= 1
    story.stamps[2, 4]["alpha.tsr"] = bytes(reply)


def proof_of_something_else(story, _):
    story.stamps[2, 4] |= ots(b"something else", True)


def other_header(story, _):
    story.stamps[2, 4]["checkpoint.header"] = header(bytes(32))


def cosigned_otherwise(story, _):
    story.stamps[2, 4]["witness.cosig"] = cosigned(story.second.text(2))


def lines_that_are_none(story, _):
    story.stamps[2, 4]["witness.cosig"] = b"seen\n"


def touched_round(story, _):
    text = story.rounds["trust/beacons/quicknet-123.json"].replace(b"b75c", b"b75d")
    story.rounds["trust/beacons/quicknet-123.json"] = text


def seen_before_its_beacon(story, _):
    story.stamps[2, 4]["witness.cosig"] = cosigned(story.second.text(4), at=LONG_AGO)


def leaves_withheld(story, _):
    story.skip = {(1, 3), (2, 3)}


def with_page(story, _):
    story.page = b"<!doctype html>\n<title>checker</title>\n"


def wrong_consistency(story, _):
    def tamper(proofs):
        proofs[2, 2] = f"{b64(bytes(32))}\n" + "".join(proofs[2, 2].splitlines(True)[1:])
    story.tamper = tamper


def no_newline(story, _):
    def tamper(proofs):
        proofs[2, 2] = proofs[2, 2][:-1]
    story.tamper = tamper


def other_history(at):
    def change(story, alpha):
        log = story.first if at[0] == 1 else story.second
        note = log.note(at[1], sha256(b"another history"))
        story.stamps[at] = {"checkpoint.note": note} | alpha.stamp("alpha", note)
    return change


def smaller_note(story, _):
    story.stamps[2, 4]["checkpoint.note"] = story.second.note(2)


def signed_by_a_stranger(story, _):
    story.stamps[2, 4]["checkpoint.note"] = story.second.note(4, key=STRANGER)


def no_consistency(story, _):
    story.tamper = lambda proofs: proofs.pop((2, 2))


def no_proof(story, _):
    story.stamps[2, 2] = {"checkpoint.note": story.second.note(2)}


def request_alone(story, _):
    del story.stamps[2, 2]["alpha.tsr"]


def header_alone(story, _):
    del story.stamps[2, 4]["checkpoint.ots"]


def unknown_log(story, _):
    story.stamps[9, 4] = dict(story.stamps[2, 4])


def many_services(story, _):
    story.stamps[2, 4] |= {f"s{number}.tsr": b"x" for number in range(17)}


def long_header(story, _):
    story.stamps[2, 4]["checkpoint.header"] += b"\0"


def further(path):
    def change(story, _):
        story.more = {path: story.stamps[2, 4]["alpha.tsr"]}
    return change


STAMPED = "trust/logs/2/stamped"
STORIES = {
    "good-stamped": lambda story, _: None,
    "good-stamped-leaves-withheld": leaves_withheld,
    "good-stamped-with-page": with_page,
    "good-stamped-contradiction": seen_before_its_beacon,
    "good-stamped-without-request": without_request,
    "good-stamped-without-path": without_path,
    "claim-root-inside-only": root_inside_only,
    "claim-cosignature-of-a-stranger": strangers_only,
    "claim-block-header": block_only,
    "refused-token-of-another-checkpoint": of_another_checkpoint,
    "refused-token-of-another-log": of_another_log,
    "refused-token-another-request": another_request,
    "refused-token-unreadable-request": unreadable_request,
    "refused-token-touched-signature": touched_signature,
    "refused-proof-of-something-else": proof_of_something_else,
    "refused-header-of-another-block": other_header,
    "refused-cosignature-of-another-checkpoint": cosigned_otherwise,
    "refused-cosignature-lines": lines_that_are_none,
    "refused-round-touched": touched_round,
    "bad-stamp-consistency": wrong_consistency,
    "bad-stamp-consistency--no-newline": no_newline,
    "bad-stamp-consistency--other-history": other_history((2, 2)),
    "bad-stamp-other-history": other_history((1, 4)),
    "bad-stamp-checkpoint": smaller_note,
    "bad-stamp-checkpoint--stranger": signed_by_a_stranger,
    "bad-stamp-incomplete": no_consistency,
    "bad-stamp-incomplete--no-proof": no_proof,
    "bad-stamp-incomplete--request-alone": request_alone,
    "bad-stamp-incomplete--header-alone": header_alone,
    "bad-stamp-unknown-log": unknown_log,
    "bad-too-many-proofs": many_services,
    "bad-file-too-large--header": long_header,
    "bad-unknown-file--service-name": further(f"{STAMPED}/4/Alpha.tsr"),
    "bad-unknown-file--size-with-zero": further(f"{STAMPED}/04/alpha.tsr"),
    "bad-unknown-file--folder-in-folder": further(f"{STAMPED}/4/x/alpha.tsr"),
    "bad-unknown-file--round-with-zero": further("trust/beacons/quicknet-0123.json"),
}


def copied(stamps):
    return {at: dict(files) for at, files in stamps.items()}


def main():
    folder = pathlib.Path(tempfile.mkdtemp())
    try:
        alpha, beta = Service(folder / "alpha", "Alpha"), Service(folder / "beta", "Beta")
        told = Story(alpha, beta).stamps
        (HERE / "stamped-root.pem").write_bytes(alpha.root)
        (HERE / "stamped-block.header").write_bytes(told[2, 4]["checkpoint.header"])
        policy = f"witness w1 {vkey('witness.example/w1', WITNESS, 4)}\nquorum w1\n"
        (HERE / "stamped.policy").write_text(policy)
        for name, change in STORIES.items():
            story = Story(alpha, beta, told=copied(told))
            story.recipe = name == "good-stamped"
            change(story, alpha)
            (HERE / f"{name}.zip").write_bytes(story.zip())
        # The same leaves signed with another key: the tokens are over other bytes.
        resigned = Story(alpha, beta, seed=3, told=copied(told))
        (HERE / "refused-token-over-another-signature.zip").write_bytes(resigned.zip())
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
