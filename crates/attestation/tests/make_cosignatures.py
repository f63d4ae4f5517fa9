#!/usr/bin/env python3
"""Writes vectors/cosignature and vectors/drand anew, byte for byte the same each time.

It shares no code with the crate: signatures come from the Python package `cryptography` (OpenSSL). The requests in
`story.json` and the answers they get are those of the tests of litewitness, a witness in Go by the author of the
specification, put into the form of add-checkpoint. Run it from anywhere: python3 make_cosignatures.py
"""

import base64
import hashlib
import json
import pathlib

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ROOT = pathlib.Path(__file__).resolve().parents[3] / "vectors"
HERE = ROOT / "cosignature"
NOTE = (ROOT / "checkpoint" / "good-five-leaves.note").read_text()
TEXT = NOTE.split("\n\n")[0] + "\n"
NAME = "witness.example/w1"
KEY = Ed25519PrivateKey.from_private_bytes(bytes([4] * 32))  # published here: never a real key
STRANGER = Ed25519PrivateKey.from_private_bytes(bytes([5] * 32))
AT = 1795334401


def b64(data):
    return base64.b64encode(data).decode()


def key_id(name, public, kind):
    return hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:4]


def vkey(name, public, kind):
    return f"{name}+{key_id(name, public, kind).hex()}+{b64(bytes([kind]) + public)}"


def line(name=NAME, key=KEY, at=AT, text=TEXT, kind=4, message=None, blob=None):
    if message is None:
        message = f"cosignature/v1\ntime {at}\n{text}"
    if blob is None:
        blob = at.to_bytes(8, "big") + key.sign(message.encode())
    return f"\N{EM DASH} {name} {b64(key_id(name, key.public_key().public_bytes_raw(), kind) + blob)}\n"


def put(name, text):
    (HERE / name).write_text(text)


def cosignatures():
    put("checkpoint.note", NOTE)
    put("witness.vkey", vkey(NAME, KEY.public_key().public_bytes_raw(), 4))
    stranger = line("witness.example/w2", STRANGER)
    post_quantum = line(kind=6, blob=bytes(2428))
    put("good-one.cosig", line())
    put(
        "good-among-strangers.cosig", stranger + line() + line("witness.example/w2", STRANGER, blob=bytes(72))
    )
    put("good-beside-post-quantum.cosig", post_quantum + line())
    put("good-twice.cosig", line() + line(at=AT + 60))
    put("bad-only-strangers.cosig", stranger)
    put("bad-empty.cosig", "")
    put("bad-other-checkpoint.cosig", line(text=TEXT.replace("\n5\n", "\n6\n")))
    put("bad-changed-time.cosig", line(message=f"cosignature/v1\ntime {AT}\n{TEXT}", at=AT - 3600))
    put("bad-signed-as-a-log.cosig", line(message=TEXT))
    put("bad-without-time.cosig", line(blob=KEY.sign(f"cosignature/v1\ntime 0\n{TEXT}".encode())))
    put("bad-time-zero.cosig", line(at=0))
    put("bad-time-above-2-63.cosig", line(at=2**63))
    put("bad-time-beyond-year-9999.cosig", line(at=2**40))
    put("bad-good-then-bad.cosig", line() + line(blob=bytes(72)))
    put("bad-blank-line.cosig", line() + "\n" + line())
    put("bad-whole-note.cosig", NOTE + line())
    put("bad-crlf.cosig", line().replace("\n", "\r\n"))
    put("bad-ascii-dash.cosig", line().replace("\N{EM DASH}", "-"))


def policies():
    log = vkey(
        "sigu/v1/mfrggzdfmztwq2lk",
        Ed25519PrivateKey.from_private_bytes(bytes(range(32))).public_key().public_bytes_raw(),
        1,
    )
    keys = [
        vkey(
            f"witness.example/w{i}",
            Ed25519PrivateKey.from_private_bytes(bytes([i] * 32)).public_key().public_bytes_raw(),
            4,
        )
        for i in range(1, 7)
    ]
    x = "".join(f"witness X{i} {keys[i - 1]} https://x{i}.example/\n" for i in (1, 2, 3))
    y = "".join(f"witness Y{i} {keys[i + 2]}\n" for i in (1, 2, 3))
    groups = "group X-witnesses 2 X1 X2 X3\ngroup Y-witnesses any Y1 Y2 Y3\ngroup X-and-Y all X-witnesses Y-witnesses\n"
    put(
        "good-two-levels.policy",
        f"# 两级\nlog {log}\n\n{x}{groups.splitlines()[0]}\n\n{y}"
        + "\n".join(groups.splitlines()[1:])
        + "\nquorum X-and-Y\n",
    )
    put("good-none.policy", "quorum none\n")
    put("good-one-witness.policy", f"\t witness\t见证 \t{keys[0]} \nquorum 见证\n\n # end\n")
    put("bad-no-quorum.policy", f"log {log}\n")
    put("bad-two-quorums.policy", "quorum none\nquorum none\n")
    put("bad-unknown-quorum.policy", "quorum X1\n")
    put("bad-unknown-member.policy", f"{x}group g any X1 X4\nquorum g\n")
    put("bad-later-member.policy", f"group g any X1\n{x}quorum g\n")
    put("bad-member-of-two-groups.policy", f"{x}group g any X1\ngroup h any X1 X2\nquorum g\n")
    put("bad-member-twice.policy", f"{x}group g 2 X1 X1\nquorum g\n")
    put("bad-threshold-zero.policy", f"{x}group g 0 X1\nquorum g\n")
    put("bad-threshold-above-members.policy", f"{x}group g 4 X1 X2 X3\nquorum g\n")
    put("bad-threshold-leading-zero.policy", f"{x}group g 01 X1\nquorum g\n")
    put("bad-empty-group.policy", f"{x}group g any\nquorum g\n")
    put("bad-name-taken.policy", f"{x}group X1 any X2\nquorum X1\n")
    put("bad-name-none.policy", f"witness none {keys[0]}\nquorum none\n")
    put("bad-duplicate-witness.policy", f"{x}witness X4 {keys[0]}\nquorum none\n")
    put("bad-duplicate-log.policy", f"log {log}\nlog {log} https://a.example/\nquorum none\n")
    put("bad-log-key-as-witness.policy", f"witness X1 {log}\nquorum X1\n")
    put("bad-witness-key-as-log.policy", f"log {keys[0]}\nquorum none\n")
    put("bad-keyword.policy", "logs\nquorum none\n")
    put("bad-carriage-return.policy", "quorum none\r\n")
    put("bad-missing-final-newline.policy", "quorum none")


# litewitness: the keys, tree heads and proofs of its test, hex as there.
SIGSUM = "sigsum.org/v1/tree/4d6d8825a6bb689d459628312889dfbb0bcd41b5211d9e1ce768b0ff0309e562"
SIGSUM_KEY = bytes.fromhex("ffdc2d4d98e4124d3feaf788c0c2f9abfd796083d1f0495437f302ec79cf100f")
ROOTS = {
    1: "2a00000000000000000000000000000000000000000000000000000000000000",
    3: "45c088d4d939e9971298811f227d1295eaad57bbafae55cd71c171e7de48c25d",
    5: "42bb57ad06420afa4882c4a63ac6a1ec77480b330b2f20dfc53a0caa5f564e36",
}
SIGNATURES = {
    1: "b7cf653aa9c565a1ca359db81bd3bc656ab2890c6ea4c0aec42295e80aa05049423505026434f987923ccdf07d440c152cd59e736e5914d8ada8d7a4d51b2106",
    3: "655bb4871d15bc05032d67eece88900c4863a27f190393b99176391577f5def971b023d9a418c3226b7b7ea47b33686d9b3849451dadc6b07c007c595af1ea0a",
    5: "0fc43899968b48b5150b0e8fe7ad07b17c21c7056a6fe381deb0cd19ece103d59b2119b5dbe5d54d8a1262ce67f01245c5898b4b56f747495804a17a2eec0f0c",
}
NODES = {f"2a0{i}": f"2a0{i}" + "0" * 60 for i in range(5)} | {
    "2a02-changed": "2a02" + "0" * 59 + "1",
    "pair": "f9f50357e93def4078237b8aaea24ce1a3f5965a0f64ff26bebd99e30470d8b2",
    "first": "c2088815d65f60dbfa594d4e96504ab169cb6084bf0c132ab7c521fd2e0eba41",
}


def sigsum_request(old, size, proof, origin=SIGSUM, spoil=False):
    signature = bytes.fromhex(SIGNATURES[size])
    if spoil:
        signature = signature[:-1] + bytes([signature[-1] ^ 1])
    root = b64(bytes.fromhex(ROOTS[size]))
    signed = b64(key_id(SIGSUM, SIGSUM_KEY, 1) + signature)
    lines = "".join(b64(bytes.fromhex(NODES[node])) + "\n" for node in proof)
    return f"old {old}\n{lines}\n{origin}\n{size}\n{root}\n\n\N{EM DASH} {SIGSUM} {signed}\n"


def story():
    three = ["2a01", "2a02"]
    five = ["2a02", "2a03", "first", "2a04"]
    steps = [
        ("the first checkpoint", sigsum_request(0, 1, []), 200),
        ("a signature that does not hold", sigsum_request(1, 3, three, spoil=True), 403),
        ("a log nobody knows", sigsum_request(1, 3, three, origin=SIGSUM[:-1] + "1"), 404),
        ("no proof", sigsum_request(1, 3, []), 422),
        ("a proof with a changed hash", sigsum_request(1, 3, ["2a01", "2a02-changed"]), 422),
        ("three leaves", sigsum_request(1, 3, three), 200),
        ("from a size that was seen before", sigsum_request(1, 5, ["2a01", "pair", "2a04"]), 409),
        ("a checkpoint below the old size", sigsum_request(5, 3, []), 400),
        ("five leaves", sigsum_request(3, 5, five), 200),
        ("the same once more", sigsum_request(5, 5, []), 200),
        ("the same with a proof", sigsum_request(5, 5, ["2a04"]), 422),
        ("from nothing, later", sigsum_request(0, 5, []), 409),
        ("not a request", "old five\n\nx\n", 400),
    ]
    told = [{"what": what, "body": body, "status": status} for what, body, status in steps]
    whole = {"log": vkey(SIGSUM, SIGSUM_KEY, 1), "steps": told}
    put("story.json", json.dumps(whole, ensure_ascii=False, indent=1) + "\n")


# drand quicknet: round 123 as three other libraries verify it, and what is wrong around it.
ROUND = 123
SIGNATURE = "b75c69d0b72a5d906e854e808ba7e2accb1542ac355ae486d591aa9d43765482e26cd02df835d3546d23c4b13e0dfc92"


def drand():
    folder = ROOT / "drand"
    folder.mkdir(exist_ok=True)
    randomness = hashlib.sha256(bytes.fromhex(SIGNATURE)).hexdigest()

    def answer(name, **over):
        fields = {"round": ROUND, "randomness": randomness, "signature": SIGNATURE} | over
        kept = {key: value for key, value in fields.items() if value is not None}
        (folder / name).write_text(json.dumps(kept, separators=(",", ":")))

    answer("good-round-123.json")
    answer("good-without-randomness.json", randomness=None)
    answer("good-with-more-fields.json", previous_signature="", metadata={"chain": 1})
    answer("bad-another-round.json", round=124)
    answer("bad-round-zero.json", round=0)
    answer("bad-round-text.json", round="123")
    answer("bad-round-above-2-53.json", round=2**53)
    answer("bad-other-randomness.json", randomness="0" * 64)
    answer("bad-short-signature.json", signature=SIGNATURE[:-2])
    answer("bad-upper-case-signature.json", signature=SIGNATURE.upper())
    answer("bad-no-signature.json", signature=None)
    answer("bad-changed-signature.json", signature=SIGNATURE[:-1] + "3", randomness=None)
    answer("bad-infinity.json", signature="c0" + "00" * 47, randomness=None)
    # A point of the curve that is not in the subgroup: x = 4, compressed.
    answer("bad-not-in-the-subgroup.json", signature="80" + "00" * 46 + "04", randomness=None)
    (folder / "bad-not-json.json").write_text("<html>")
    (folder / "bad-round-twice.json").write_text(f'{{"round":123,"round":123,"signature":"{SIGNATURE}"}}')


if __name__ == "__main__":
    HERE.mkdir(exist_ok=True)
    for one in HERE.iterdir():
        one.unlink()
    cosignatures()
    policies()
    story()
    drand()
