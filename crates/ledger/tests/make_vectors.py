#!/usr/bin/env python3
"""Writes vectors/{leaf,note,checkpoint,tlog-proof,merkle} anew, byte for byte the same each time.

It shares no code with the crate: hashes come from hashlib, signatures from the Python package
`cryptography` (OpenSSL), trees and proofs from the recursive definitions of RFC 6962. So the vectors
check the crate rather than mirror it. Run it from anywhere: python3 make_vectors.py
"""

import base64
import hashlib
import json
import pathlib
import shutil

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ROOT = pathlib.Path(__file__).resolve().parents[3] / "vectors"
ORIGIN = "sigu/v1/mfrggzdfmztwq2lk"  # base32 of "abcdefghij"
SEED = bytes(range(32))  # published here: never a real key


def sha(data):
    return hashlib.sha256(data).digest()


def b64(data):
    return base64.b64encode(data).decode()


def b64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def put(folder, name, data):
    path = ROOT / folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)


# RFC 6962 section 2.1, as written there.


def leaf_hash(data):
    return sha(b"\0" + data)


def node(left, right):
    return sha(b"\1" + left + right)


def split(n):
    k = 1
    while 2 * k < n:
        k *= 2
    return k


def mth(leaves):
    if not leaves:
        return sha(b"")
    if len(leaves) == 1:
        return leaves[0]
    k = split(len(leaves))
    return node(mth(leaves[:k]), mth(leaves[k:]))


def path(m, leaves):
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if m < k:
        return path(m, leaves[:k]) + [mth(leaves[k:])]
    return path(m - k, leaves[k:]) + [mth(leaves[:k])]


def subproof(m, leaves, whole):
    if m == len(leaves):
        return [] if whole else [mth(leaves)]
    k = split(len(leaves))
    if m <= k:
        return subproof(m, leaves[:k], whole) + [mth(leaves[k:])]
    return subproof(m - k, leaves[k:], False) + [mth(leaves[:k])]


# C2SP signed-note.


def vkey(name, key):
    public = b"\1" + key.public_key().public_bytes_raw()
    key_id = sha(name.encode() + b"\n" + public)[:4]
    return key_id, f"{name}+{key_id.hex()}+{b64(public)}"


def signature_line(text, name, key, signed=None):
    blob = vkey(name, key)[0] + key.sign((text if signed is None else signed).encode())
    return f"\N{EM DASH} {name} {b64(blob)}\n"


def sign(text, name, key):
    return text + "\n" + signature_line(text, name, key)


KEY = Ed25519PrivateKey.from_private_bytes(SEED)
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(32))


def leaves():
    digests = sorted(b64url(sha(b"disclosure %d" % i)) for i in range(4))
    good = {
        "_sd": digests,
        "_sd_alg": "sha-256",
        "at": "2026-11-22T08:00:00.123Z",
        "kind": "evidence.fixed",
        "nb": {
            "chain": "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971",
            "rand": "fb8f7bc29bf24db51871ec8c79f3a1e4bd0557bc0dfcee9ed1d924e69d1c60dc",
            "round": 123,
        },
        "nonce": b64url(sha(b"nonce")[:16]),
        "seq": 350,
        "v": 1,
    }

    def form(sort=True, spaced=False, **changes):
        value = {k: v for k, v in (good | changes).items() if v is not ...}
        return json.dumps(value, sort_keys=sort, separators=None if spaced else (",", ":"))

    text = form()
    put("leaf", "good-beacon.json", text)
    put("leaf", "good-no-beacon.json", form(nb=...))
    put("leaf", "good-genesis.json", form(nb=..., kind="genesis", seq=0))
    put("leaf", "good-no-disclosures.json", form(nb=..., _sd=[]))
    put("leaf", "good-largest-seq.json", form(nb=..., seq=2**53 - 1))
    put("leaf", "good-leap-day.json", form(nb=..., at="2028-02-29T23:59:59.999Z"))
    many = [b64url(sha(b"%d" % i)) for i in range(1000)]
    filler = sorted(many)[: (8192 - len(form(nb=..., _sd=[])) + 1) // 46]
    put("leaf", "good-many-digests.json", form(nb=..., _sd=filler))

    def bad(defect, data):
        put("leaf", f"bad-{defect}.json", data)

    bad("duplicate-key", text.replace('"seq":350', '"seq":349,"seq":350'))
    bad("duplicate-version", text.replace('"v":1', '"v":1,"v":1'))
    bad("float-seq", form(seq=350.0))
    bad("exponent-seq", text.replace("350", "35e1"))
    bad("negative-seq", form(seq=-1))
    bad("string-seq", form(seq="350"))
    bad("seq-over-2-53", form(seq=2**53))
    bad("seq-over-2-64", form(seq=2**64))
    bad("leading-zero-seq", text.replace("350", "0350"))
    bad("unknown-version", form(v=2))
    bad("unknown-version-with-new-key", form(v=2, witness="x"))
    bad("version-zero", form(v=0))
    bad("unknown-key", form(note="x"))
    bad("unknown-beacon-key", form(nb=good["nb"] | {"sig": "x"}))
    bad("missing-nonce", form(nonce=...))
    bad("missing-version", form(v=...))
    bad("unsorted-sd", form(_sd=digests[::-1]))
    bad("duplicate-sd", form(_sd=digests[:1] + digests))
    bad("short-digest", form(_sd=[digests[0][:42]]))
    bad("digest-with-unused-bits", form(_sd=["A" * 42 + "B"]))
    bad("other-sd-alg", form(_sd_alg="sha-512"))
    bad("whitespace", form(spaced=True))
    bad("wrong-key-order", json.dumps(dict(reversed(good.items())), separators=(",", ":")))
    beacon = dict(reversed(good["nb"].items()))
    bad("wrong-beacon-key-order", json.dumps(good | {"nb": beacon}, separators=(",", ":")))
    bad("at-without-millis", form(at="2026-11-22T08:00:00Z"))
    bad("at-with-micros", form(at="2026-11-22T08:00:00.123456Z"))
    bad("at-with-offset", form(at="2026-11-22T16:00:00.123+08:00"))
    bad("at-not-a-day", form(at="2026-02-29T08:00:00.123Z"))
    bad("at-leap-second", form(at="2026-12-31T23:59:60.000Z"))
    bad("short-nonce", form(nonce=b64url(bytes(15))))
    bad("padded-base64", form(nonce=good["nonce"] + "=="))
    bad("standard-base64-nonce", form(nonce="+" * 21 + "A"))
    bad("null-kind", form(kind=None))
    bad("null-beacon", form(nb=None))
    bad("upper-case-kind", form(kind="Evidence.fixed"))
    bad("long-kind", form(kind="a" * 65))
    bad("upper-case-beacon", form(nb=good["nb"] | {"rand": good["nb"]["rand"].upper()}))
    bad("short-beacon", form(nb=good["nb"] | {"chain": "52db9ba7"}))
    bad("beacon-round-over-2-53", form(nb=good["nb"] | {"round": 2**53}))
    bad("escaped-unicode-noncanonical", text.replace("evidence", "\\u0065vidence"))
    bad("array-form", json.dumps([good[key] for key in sorted(good)], separators=(",", ":")))
    bad("trailing-newline", text + "\n")
    bad("trailing-bytes", text + "{}")
    bad("truncated", text[:-1])
    bad("empty", "")
    bad("bom", "\N{BYTE ORDER MARK}" + text)
    bad("invalid-utf8", text.encode().replace(b"evidence", b"evidence\xff"))
    bad("too-large", form(_sd=sorted(many)[:180]))
    return form(seq=4)


def notes():
    put("note", "good-c2sp-example.vkey", "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")
    put(
        "note",
        "good-c2sp-example.note",
        "This is an example message.\n\n\N{EM DASH} example.com/foo "
        "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n",
    )
    name = "example.org/log"
    key_id, key = vkey(name, KEY)
    put("note", "key.vkey", key)
    text = "A note.\n"
    good = sign(text, name, KEY)
    line = good.split("\n\n")[1]
    put("note", "good-one-signature.note", good)
    others = [signature_line(text, f"witness{i}.example", OTHER) for i in range(15)]
    put("note", "good-sixteen-signatures.note", text + "\n" + "".join(others) + line)
    put("note", "good-stranger-with-the-same-name.note", good + signature_line(text, name, OTHER))
    put("note", "good-unknown-bad-signature.note", good + signature_line(text, "other.example", OTHER, "x\n"))
    put("note", "good-empty-lines-in-text.note", sign("A\n\n\nB\n", name, KEY))
    put("note", "good-signature-line-in-text.note", sign(good, name, KEY))
    put("note", "good-chinese-text.note", sign("电子证据\n", name, KEY))

    def bad(defect, data):
        put("note", f"bad-{defect}.note", data)

    bad("known-key-bad-signature", good.replace("A note.", "B note."))
    bad("good-then-bad-signature-of-the-known-key", good + signature_line(text, name, KEY, "x\n"))
    bad("only-unknown-keys", sign(text, "other.example", OTHER))
    bad("no-blank-line", text + line)
    bad("no-signature", text + "\n")
    bad("ascii-dash-instead-of-em-dash", good.replace("\N{EM DASH}", "-"))
    bad("en-dash-instead-of-em-dash", good.replace("\N{EM DASH}", "\N{EN DASH}"))
    bad("two-spaces", good.replace("\N{EM DASH} ", "\N{EM DASH}  "))
    bad("missing-final-newline", good[:-1])
    bad("crlf", good.replace("\n", "\r\n"))
    bad("tab-in-text", sign("A\tnote.\n", name, KEY))
    bad("plus-in-name", sign(text, "a+b", KEY))
    bad("signature-without-padding", good.rstrip("=\n") + "\n")
    bad("short-signature", text + f"\n\N{EM DASH} {name} {b64(key_id + bytes(63))}\n")
    bad("key-id-without-signature", text + f"\n\N{EM DASH} {name} {b64(key_id)}\n")
    bad("blank-line-between-signatures", good + "\n" + signature_line(text, "other.example", OTHER))
    bad("too-many-signatures", good + "".join(others) * 7)
    bad("too-large", sign("a" * 65536 + "\n", name, KEY))
    bad("invalid-utf8", good.encode().replace(b"A note", b"A\xffnote"))
    bad("empty", "")

    public = KEY.public_key().public_bytes_raw()
    put("note", "bad-wrong-key-id.vkey", f"{name}+00000000+{b64(bytes([1]) + public)}")
    cosigner = b"\4" + public
    cosigner_id = sha(name.encode() + b"\n" + cosigner)[:4].hex()
    put("note", "bad-cosignature-type.vkey", f"{name}+{cosigner_id}+{b64(cosigner)}")
    put("note", "bad-short-key.vkey", f"{name}+{key_id.hex()}+{b64(bytes([1]) + public[:31])}")
    put("note", "bad-two-parts.vkey", f"{name}+{key_id.hex()}")
    put("note", "bad-space-in-name.vkey", "a b" + key[len(name) :])


def checkpoints():
    put("checkpoint", "key.vkey", vkey(ORIGIN, KEY)[1])
    root = mth([leaf_hash(b"%d" % i) for i in range(5)])
    lines = [ORIGIN, "5", b64(root)]

    def note(lines, name=ORIGIN, key=KEY):
        return sign("".join(line + "\n" for line in lines), name, key)

    put("checkpoint", "good-five-leaves.note", note(lines))
    put("checkpoint", "good-empty-log.note", note([ORIGIN, "0", b64(sha(b""))]))
    put("checkpoint", "good-cosigned.note", note(lines) + signature_line("x\n", "witness.example", OTHER))

    def bad(defect, data):
        put("checkpoint", f"bad-{defect}.note", data)

    bad("leading-zero-size", note([ORIGIN, "05", b64(root)]))
    bad("negative-size", note([ORIGIN, "-5", b64(root)]))
    bad("hex-size", note([ORIGIN, "0x5", b64(root)]))
    bad("size-over-2-64", note([ORIGIN, str(2**64), b64(root)]))
    bad("empty-size", note([ORIGIN, "", b64(root)]))
    bad("extension-line", note(lines + ["extension"]))
    bad("truncated-root", note([ORIGIN, "5", b64(root[:31])]))
    bad("unpadded-root", note([ORIGIN, "5", b64(root).rstrip("=")]))
    bad("hex-root", note([ORIGIN, "5", root.hex()]))
    bad("missing-root", note(lines[:2]))
    bad("empty-origin", note(["", "5", b64(root)]))
    bad("other-origin", note(["sigu/v1/aaaaaaaaaaaaaaaa"] + lines[1:]))
    bad("other-log", note(["other.example"] + lines[1:], "other.example", OTHER))
    bad("changed-size", note(lines).replace("\n5\n", "\n6\n"))
    bad("missing-final-newline", note(lines)[:-1])
    bad("no-blank-line", note(lines).replace("\n\n", "\n"))
    bad("ascii-dash-instead-of-em-dash", note(lines).replace("\N{EM DASH}", "-"))


def proofs(leaf):
    data = [b"leaf %d" % i for i in range(7)]
    data[4] = leaf.encode()
    tree = [leaf_hash(d) for d in data]
    put("tlog-proof", "key.vkey", vkey(ORIGIN, KEY)[1])
    put("tlog-proof", "leaf.json", leaf)

    def checkpoint(tree, origin=ORIGIN):
        return sign(f"{origin}\n{len(tree)}\n{b64(mth(tree))}\n", ORIGIN, KEY)

    def proof(index=4, hashes=None, extra=None, note=checkpoint(tree)):
        hashes = path(4, tree) if hashes is None else hashes
        head = "c2sp.org/tlog-proof@v1\n" + (f"extra {extra}\n" if extra is not None else "")
        return head + f"index {index}\n" + "".join(b64(h) + "\n" for h in hashes) + "\n" + note

    def write(name, text):
        put("tlog-proof", name + ".tlog-proof", text)

    good = proof()
    write("good-seven-leaves", good)
    write("good-extra", proof(extra=b64(b"not authenticated")))
    write("good-only-leaf", proof(0, [], note=checkpoint([tree[4]])))

    write("bad-leftover-hash", proof(hashes=path(4, tree) + [sha(b"x")]))
    write("bad-missing-hash", proof(hashes=path(4, tree)[:-1]))
    write("bad-swapped-hashes", proof(hashes=path(4, tree)[::-1]))
    write("bad-other-leaf", proof(hashes=path(5, tree)))
    write("bad-other-index", proof(5))
    write("bad-index-out-of-range", proof(7))
    write("bad-leading-zero-index", good.replace("index 4", "index 04"))
    write("bad-missing-index", good.replace("index 4\n", ""))
    write("bad-index-before-extra", proof(extra="eA==").replace("extra eA==\nindex 4\n", "index 4\nextra eA==\n"))
    write("bad-second-version", good.replace("@v1", "@v2"))
    write("bad-extra-without-padding", proof(extra="eA"))
    write("bad-truncated-hash", good.replace(b64(tree[5]), b64(tree[5][:31])))
    write("bad-too-many-hashes", proof(hashes=[sha(b"x")] * 64))
    write("bad-no-blank-line", good.replace("\n\n", "\n", 1))
    write("bad-two-blank-lines", good.replace("\n\n", "\n\n\n", 1))
    write("bad-missing-final-newline", good[:-1])
    write("bad-crlf", good.replace("\n", "\r\n"))
    write("bad-changed-root", good.replace(b64(mth(tree)), b64(sha(b"x"))))
    write("bad-other-origin", proof(note=checkpoint(tree, "sigu/v1/aaaaaaaaaaaaaaaa")))
    write("bad-unsigned", good.split("\n\n")[0] + "\n\n" + f"{ORIGIN}\n7\n{b64(mth(tree))}\n")


# The leaves and roots of the RFC 6962 tests, as published with transparency-dev/merkle.
LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def merkle():
    def write(name, **value):
        put("merkle", name + ".json", json.dumps(value, indent=1) + "\n")

    write("good-rfc6962-roots", leaves=LEAVES, roots=ROOTS)
    tree = [leaf_hash(bytes.fromhex(leaf)) for leaf in LEAVES]
    assert [mth(tree[:n]).hex() for n in range(9)] == ROOTS
    numbers = [leaf_hash(i.to_bytes(8, "big")) for i in range(70_000)]
    sizes = [255, 256, 257, 600, 65_536, 65_537, 70_000]
    write("good-large-roots", leaf="u64 big endian", roots={n: mth(numbers[:n]).hex() for n in sizes})

    def inclusion(at, of, **changes):
        proof = [h.hex() for h in path(at, tree[:of])]
        value = {"leaf": tree[at].hex(), "index": at, "size": of, "proof": proof, "root": ROOTS[of]}
        return {"inclusion": value | changes}

    def consistency(first, second, **changes):
        proof = [h.hex() for h in subproof(first, tree[:second], True)]
        value = {"old": first, "new": second, "old_root": ROOTS[first], "new_root": ROOTS[second], "proof": proof}
        return {"consistency": value | changes}

    for index, size in [(0, 1), (0, 8), (5, 8), (2, 3), (6, 7)]:
        write(f"good-inclusion-{index}-of-{size}", **inclusion(index, size))
    for old, new in [(1, 1), (1, 8), (6, 8), (2, 5), (7, 8), (4, 8)]:
        write(f"good-consistency-{old}-to-{new}", **consistency(old, new))

    extra = sha(b"x").hex()
    five = inclusion(5, 8)["inclusion"]["proof"]
    write("bad-inclusion-leftover-hash", **inclusion(5, 8, proof=five + [extra]))
    write("bad-inclusion-missing-hash", **inclusion(5, 8, proof=five[:-1]))
    write("bad-inclusion-swapped-hashes", **inclusion(5, 8, proof=five[::-1]))
    write("bad-inclusion-other-index", **inclusion(5, 8, index=4))
    write("bad-inclusion-index-is-size", **inclusion(5, 8, index=8))
    write("bad-inclusion-empty-tree", **inclusion(0, 1, size=0))
    write("bad-inclusion-other-root", **inclusion(5, 8, root=ROOTS[7]))
    # An inner node passed off as a leaf: right hashes, wrong depth.
    inner = node(tree[4], tree[5]).hex()
    write("bad-inclusion-inner-node-as-leaf", **inclusion(5, 8, leaf=inner, proof=five[1:]))
    six = consistency(6, 8)["consistency"]["proof"]
    write("bad-consistency-from-zero", **consistency(1, 8, old=0, old_root=ROOTS[0]))
    write("bad-consistency-shrunk", **consistency(6, 8, old=8, new=6))
    write("bad-consistency-leftover-hash", **consistency(6, 8, proof=six + [extra]))
    write("bad-consistency-missing-hash", **consistency(6, 8, proof=six[:-1]))
    write("bad-consistency-empty-proof", **consistency(6, 8, proof=[]))
    write("bad-consistency-same-size-with-proof", **consistency(8, 8, proof=[extra]))
    write("bad-consistency-same-size-other-root", **consistency(8, 8, new_root=ROOTS[7]))
    write("bad-consistency-other-old-root", **consistency(6, 8, old_root=ROOTS[5]))
    write("bad-consistency-other-new-root", **consistency(6, 8, new_root=ROOTS[7]))


for folder in ["leaf", "note", "checkpoint", "tlog-proof", "merkle"]:
    shutil.rmtree(ROOT / folder, ignore_errors=True)
    (ROOT / folder).mkdir(parents=True)
proven = leaves()
notes()
checkpoints()
proofs(proven)
merkle()
