#!/usr/bin/env python3
"""Writes vectors/rfc3161 anew: roots, requests, and replies good and bad, each bad one named after its defect.

It shares no code with the crate. Certificates come from the Python package `cryptography`; replies named `*-openssl-*`
are made by `openssl ts`, the others are put together here, element by element. Keys are drawn anew each time and not
kept, so all files change when it runs; none of these roots may be trusted by anyone. Run it from anywhere, with the
packages that scripts/need.sh puts into .venv-stamps: .venv-stamps/bin/python make_tokens.py
"""

import datetime
import hashlib
import pathlib
import shutil
import subprocess
import tempfile

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

ROOT = pathlib.Path(__file__).resolve().parents[3] / "vectors"
HERE = ROOT / "rfc3161"
DATA = (ROOT / "checkpoint" / "good-five-leaves.note").read_bytes()
NONCE = 0xF102030405060708
POLICY = "1.3.6.1.4.1.55555.1.1"
GEN_TIME = "20261122080000.123Z"
TST_INFO = "1.2.840.113549.1.9.16.1.4"
SHA256, SHA384, SHA512 = (f"2.16.840.1.101.3.4.2.{i}" for i in (1, 2, 3))
SHA1, SM3 = "1.3.14.3.2.26", "1.2.156.10197.1.401"
DIGESTS = {SHA1: "sha1", SHA256: "sha256", SHA384: "sha384", SHA512: "sha512", SM3: "sm3"}


# X.690, written.


def tlv(tag, *parts):
    body = b"".join(parts)
    if len(body) < 128:
        return bytes([tag, len(body)]) + body
    digits = len(body).to_bytes((len(body).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(digits)]) + digits + body


def seq(*parts):
    return tlv(0x30, *parts)


def set_of(*parts):
    return tlv(0x31, *sorted(parts))


def integer(value):
    return tlv(2, value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True))


def octets(data):
    return tlv(4, data)


def oid(dotted):
    numbers = [int(part) for part in dotted.split(".")]
    out = b""
    for value in [numbers[0] * 40 + numbers[1], *numbers[2:]]:
        groups = [value & 0x7F]
        while value := value >> 7:
            groups.append(0x80 | value & 0x7F)
        out += bytes(reversed(groups))
    return tlv(6, out)


def algorithm(dotted, null=True):
    return seq(oid(dotted), tlv(5) if null else b"")


def digest(dotted, data):
    if dotted == SM3:
        made = subprocess.run(
            ["openssl", "dgst", "-sm3", "-binary"], input=data, capture_output=True, check=True
        )
        return made.stdout
    return hashlib.new(DIGESTS[dotted], data).digest()


# Certificates.


def day(text):
    return datetime.datetime.fromisoformat(text)


def name(common):
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Vectors"),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


EKU_TSA = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
EKU_SERVER = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
EKU_BOTH = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING, ExtendedKeyUsageOID.SERVER_AUTH])


def usage(**on):
    fields = (
        "digital_signature content_commitment key_encipherment data_encipherment key_agreement key_cert_sign"
    )
    return x509.KeyUsage(
        **{field: field in on for field in (fields + " crl_sign encipher_only decipher_only").split()}
    )


class Party:
    """A key with its certificate."""

    def __init__(self, common, issuer=None, **over):
        self.common = common
        self.key = over.get("key") or ec.generate_private_key(ec.SECP256R1())
        self.ca = over.get("ca", issuer is None)
        signer = issuer or self
        begin, end = over.get(
            "valid", ("2020-01-01", "2046-01-01") if self.ca else ("2026-01-01", "2036-01-01")
        )
        builder = (
            x509.CertificateBuilder()
            .subject_name(name(common))
            .issuer_name(name(signer.common))
            .public_key(self.key.public_key())
            .serial_number(over.get("serial", x509.random_serial_number()))
            .not_valid_before(day(begin))
            .not_valid_after(day(end))
            .add_extension(x509.BasicConstraints(ca=self.ca, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(self.key.public_key()), critical=False)
        )
        # OpenSSL finds an issuer by this, too; a forged certificate repeats what it can.
        authority = over.get("authority", signer.key.public_key())
        builder = builder.add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(authority), critical=False
        )
        if self.ca:
            builder = builder.add_extension(usage(key_cert_sign=1, crl_sign=1), critical=True)
        else:
            builder = builder.add_extension(over.get("usage", usage(digital_signature=1)), critical=True)
        eku = over.get("eku", None if self.ca else EKU_TSA)
        if eku:
            builder = builder.add_extension(eku, critical=over.get("eku_critical", True))
        self.cert = builder.sign(signer.key, hashes.SHA256())
        self.der = self.cert.public_bytes(serialization.Encoding.DER)
        self.pem = self.cert.public_bytes(serialization.Encoding.PEM)
        self.issuer_name = self.cert.issuer.public_bytes()
        self.serial = self.cert.serial_number


# The request and the reply (RFC 3161 section 2.4, RFC 5652 section 5).


def imprint(dotted=SHA256, data=DATA):
    return seq(algorithm(dotted), octets(digest(dotted, data)))


def request(made=None, nonce=NONCE):
    return seq(integer(1), made or imprint(), integer(nonce), tlv(1, b"\xff"))


def tst_info(**over):
    nonce = over.get("nonce", NONCE)
    return seq(
        integer(over.get("version", 1)),
        oid(POLICY),
        over.get("imprint") or imprint(),
        integer(over.get("serial", 0x1234)),
        tlv(0x18, over.get("gen_time", GEN_TIME).encode()),
        over.get("accuracy", seq(integer(1), tlv(0x80, (500).to_bytes(2, "big")))),
        integer(nonce) if nonce is not None else b"",
        tlv(0xA0, tlv(0xA4, name(over.get("claimed", "TSA")).public_bytes())),
        over.get("extensions", b""),
    )


def attribute(dotted, *values):
    return seq(oid(dotted), tlv(0x31, *values))


def issuer_serial(party):
    return seq(seq(tlv(0xA4, party.issuer_name)), integer(party.serial))


def ess_v2(*parties, beside=False, dotted=SHA256):
    def one(party):
        named = b"" if dotted == SHA256 else algorithm(dotted)
        return seq(named, octets(digest(dotted, party.der)), issuer_serial(party) if beside else b"")

    value = seq(seq(*[one(party) for party in parties]))
    return attribute("1.2.840.113549.1.9.16.2.47", value)


def ess_v1(*parties):
    value = seq(seq(*[seq(octets(digest(SHA1, party.der)), issuer_serial(party)) for party in parties]))
    return attribute("1.2.840.113549.1.9.16.2.12", value)


HASH = {SHA1: hashes.SHA1, SHA256: hashes.SHA256, SHA384: hashes.SHA384, SHA512: hashes.SHA512}
RSA_WITH = {SHA1: 5, SHA256: 11, SHA384: 12, SHA512: 13}
ECDSA_WITH = {SHA256: "1.2.840.10045.4.3.2", SHA384: "1.2.840.10045.4.3.3", SHA512: "1.2.840.10045.4.3.4"}


def pss(dotted):
    size = HASH[dotted].digest_size
    hashed = tlv(0xA0, algorithm(dotted))
    mask = tlv(0xA1, seq(oid("1.2.840.113549.1.1.8"), algorithm(dotted)))
    return seq(oid("1.2.840.113549.1.1.10"), seq(hashed, mask, tlv(0xA2, integer(size))))


def sign(party, message, dotted, how):
    if isinstance(party, Sm2Party):
        return party.sign(message)
    hashed = HASH[dotted]()
    if isinstance(party.key, ec.EllipticCurvePrivateKey):
        named = "1.2.840.10045.4.1" if dotted == SHA1 else ECDSA_WITH[dotted]
        return algorithm(named, null=False), party.key.sign(message, ec.ECDSA(hashed))
    if how == "pss":
        padded = padding.PSS(padding.MGF1(hashed), hashed.digest_size)
        return pss(dotted), party.key.sign(message, padded, hashed)
    number = 1 if how == "bare" else RSA_WITH[dotted]
    return algorithm(f"1.2.840.113549.1.1.{number}"), party.key.sign(message, padding.PKCS1v15(), hashed)


def signer_info(party, content, **over):
    dotted = over.get("digest", SHA256)
    attributes = [
        attribute("1.2.840.113549.1.9.3", oid(over.get("content_type", TST_INFO))),
        attribute("1.2.840.113549.1.9.4", octets(digest(dotted, over.get("digest_of", content)))),
        *over.get("ess", [ess_v2(party)]),
        *over.get("more", []),
    ]
    attributes = sorted(attributes)
    if over.get("unsorted"):
        attributes.reverse()
    body = b"".join(attributes)
    named, signature = sign(party, tlv(0x31, body), dotted, over.get("how"))
    if over.get("spoil"):
        signature = signature[:-1] + bytes([signature[-1] ^ 1])
    if "named" in over:
        named = over["named"]
    key_id = party.cert.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
    by_key = tlv(0x80, key_id)
    return seq(
        integer(3 if over.get("by_key") else 1),
        by_key if over.get("by_key") else seq(party.issuer_name, integer(party.serial)),
        algorithm(dotted),
        b"" if over.get("bare") else tlv(0xA0, body),
        named,
        octets(signature),
    )


def open_length(tag, *parts):
    return bytes([tag, 0x80]) + b"".join(parts) + b"\0\0"


def token(party, **over):
    content = tst_info(**{"claimed": party.common} | over)
    infos = over["signers"](content) if "signers" in over else [signer_info(party, content, **over)]
    certificates = over.get("certificates", [party])
    bag = b"".join(one.der for one in certificates)
    wrapped = octets(content)
    outer, parts = seq, tlv
    if over.get("ber"):
        half = len(content) // 2
        wrapped = open_length(0x24, octets(content[:half]), octets(content[half:]))
        outer, parts = lambda *all: open_length(0x30, *all), open_length
    signed = outer(
        integer(3),
        tlv(0x31, algorithm(over.get("digest", SHA256))),
        outer(oid(over.get("e_content_type", TST_INFO)), parts(0xA0, wrapped)),
        parts(0xA0, bag) if certificates else b"",
        parts(0x31, *infos),
    )
    return outer(oid(over.get("outer_type", "1.2.840.113549.1.7.2")), parts(0xA0, signed))


def reply(made, status=0):
    return seq(seq(integer(status)), made)


def put(file, data):
    (HERE / file).write_bytes(data)


def good(root, tsa):
    put("good-fraction-of-three-digits.tsr", reply(token(tsa)))
    put("good-whole-seconds.tsr", reply(token(tsa, gen_time="20261122080000Z", accuracy=b"")))
    put("good-long-fraction.tsr", reply(token(tsa, gen_time="20261122080028.123456789987Z")))
    put("good-claimed-name-differs.tsr", reply(token(tsa, claimed="A name that nothing rests on")))
    put("good-granted-with-modifications.tsr", reply(token(tsa), status=1))
    put("good-unsorted-attributes.tsr", reply(token(tsa, unsorted=True)))
    put("good-open-lengths.tsr", reply(token(tsa, ber=True)))
    put("good-signer-by-key-id.tsr", reply(token(tsa, by_key=True)))
    put("good-several-certificate-ids.tsr", reply(token(tsa, ess=[ess_v2(tsa, root)])))
    put("good-certificate-id-with-issuer.tsr", reply(token(tsa, ess=[ess_v2(tsa, beside=True)])))
    put("good-certificate-id-by-sha512.tsr", reply(token(tsa, ess=[ess_v2(tsa, dotted=SHA512)])))
    put("good-certificate-id-by-sha1.tsr", reply(token(tsa, ess=[ess_v1(tsa)])))
    put("good-both-certificate-ids.tsr", reply(token(tsa, ess=[ess_v1(tsa), ess_v2(tsa)])))
    put("good-no-embedded-certificate.tsr", reply(token(tsa, certificates=[])))
    middle = Party("Middle", root, ca=True)
    below = Party("TSA below", middle)
    put("good-middle-certificate.tsr", reply(token(below, certificates=[middle, below])))
    put("bad-middle-certificate-missing.tsr", reply(token(below)))
    p384 = Party("TSA P-384", root, key=ec.generate_private_key(ec.SECP384R1()))
    put("good-p384-sha384.tsr", reply(token(p384, digest=SHA384)))
    by_rsa = Party("TSA RSA", root, key=rsa.generate_private_key(65537, 2048))
    put("good-rsa-sha256.tsr", reply(token(by_rsa)))
    put("good-rsa-sha512.tsr", reply(token(by_rsa, digest=SHA512)))
    put("good-rsa-pss.tsr", reply(token(by_rsa, how="pss")))
    put("good-rsa-bare-key-type.tsr", reply(token(by_rsa, how="bare")))
    old = Party("TSA of old", root, valid=("2025-01-01", "2025-12-31"))
    put("good-certificate-expired-since.tsr", reply(token(old, gen_time="20250601120000.5Z")))
    # Whoever forwards a token can put certificates in: a stranger's, and one that looks like the signer's.
    stranger = Party("Stranger")
    twin = Party(tsa.common, Party(root.common), serial=tsa.serial)
    put("good-injected-certificates.tsr", reply(token(tsa, certificates=[stranger, twin, tsa])))
    put("bad-injected-signer.tsr", reply(token(twin, certificates=[tsa, twin])))
    put("request-sm3.tsq", request(imprint(SM3)))
    put("good-sm3-imprint.tsr", reply(token(tsa, imprint=imprint(SM3))))


def bad_answers(tsa):
    put("bad-wrong-imprint.tsr", reply(token(tsa, imprint=imprint(data=b"something else"))))
    put("bad-sha1-imprint.tsr", reply(token(tsa, imprint=imprint(SHA1))))
    put("bad-sha512-imprint.tsr", reply(token(tsa, imprint=imprint(SHA512))))
    put("bad-wrong-nonce.tsr", reply(token(tsa, nonce=NONCE ^ 1)))
    put("bad-no-nonce.tsr", reply(token(tsa, nonce=None)))
    put("bad-version-2.tsr", reply(token(tsa, version=2)))
    critical = tlv(0xA1, seq(oid("1.2.3.4"), tlv(1, b"\xff"), octets(b"\5\0")))
    put("bad-critical-extension.tsr", reply(token(tsa, extensions=critical)))
    put("bad-time-with-offset.tsr", reply(token(tsa, gen_time="20261122080000+0800")))
    put("bad-time-not-a-day.tsr", reply(token(tsa, gen_time="20260231080000Z")))
    put("bad-accuracy-of-1000-millis.tsr", reply(token(tsa, accuracy=seq(tlv(0x80, b"\x03\xe8")))))


def bad_signers(root, tsa):
    second = Party("TSA 2", root)
    both = lambda content: [signer_info(tsa, content), signer_info(second, content)]
    put("bad-two-signers.tsr", reply(token(tsa, signers=both, certificates=[tsa, second])))
    put("bad-no-signer.tsr", reply(token(tsa, signers=lambda content: [])))
    put("bad-other-certificate-id.tsr", reply(token(tsa, ess=[ess_v2(second)])))
    put("bad-certificate-id-is-the-second.tsr", reply(token(tsa, ess=[ess_v2(root, tsa)])))
    put("bad-old-and-new-certificate-id-differ.tsr", reply(token(tsa, ess=[ess_v1(second), ess_v2(tsa)])))
    put("bad-no-certificate-id.tsr", reply(token(tsa, ess=[])))
    put("bad-two-certificate-id-attributes.tsr", reply(token(tsa, ess=[ess_v2(tsa), ess_v2(second)])))
    put("bad-signer-not-embedded.tsr", reply(token(second, certificates=[tsa])))
    put("bad-sha1-digest.tsr", reply(token(tsa, digest=SHA1)))
    put("bad-ecdsa-sha512.tsr", reply(token(tsa, digest=SHA512)))
    put(
        "bad-signature-algorithm-of-another-key.tsr",
        reply(token(tsa, named=algorithm("1.2.840.113549.1.1.11"))),
    )
    put("bad-changed-signature.tsr", reply(token(tsa, spoil=True)))
    put("bad-digest-of-something-else.tsr", reply(token(tsa, digest_of=b"something else")))
    put("bad-wrong-content-type-attribute.tsr", reply(token(tsa, content_type="1.2.840.113549.1.7.1")))
    twice = [attribute("1.2.840.113549.1.9.4", octets(bytes(32)))]
    put("bad-two-message-digests.tsr", reply(token(tsa, more=twice)))
    put("bad-no-signed-attributes.tsr", reply(token(tsa, bare=True)))
    made = reply(token(tsa))
    put("bad-changed-time.tsr", made.replace(GEN_TIME.encode(), b"20251122080000.123Z"))


def bad_certificates(root, tsa):
    for defect, over in {
        "wrong-purpose": {"eku": EKU_SERVER},
        "further-purpose": {"eku": EKU_BOTH},
        "no-purpose": {"eku": None},
        "purpose-not-critical": {"eku_critical": False},
        "key-usage-beside-signing": {"usage": usage(digital_signature=1, data_encipherment=1)},
        "expired-certificate": {"valid": ("2025-01-01", "2026-01-01")},
        "certificate-not-yet-valid": {"valid": ("2027-01-01", "2028-01-01")},
        "authority-as-signer": {"ca": True, "eku": EKU_TSA},
        "p521": {"key": ec.generate_private_key(ec.SECP521R1())},
        "rsa-1024": {"key": rsa.generate_private_key(65537, 1024)},
    }.items():
        party = Party("TSA " + defect, root, **over)
        more = {"digest": SHA512} if defect == "p521" else {}
        put(f"bad-{defect}.tsr", reply(token(party, **more)))
    other_root = Party("Other root")
    stranger = Party("TSA other root", other_root)
    put("bad-wrong-root.tsr", reply(token(stranger, certificates=[stranger, other_root])))
    twin_root = Party(root.common)
    forged = Party("TSA forged", twin_root, authority=root.key.public_key())
    put("bad-root-of-the-same-name.tsr", reply(token(forged, certificates=[forged, twin_root])))
    not_ca = Party("No authority", root)
    below = Party("TSA below no authority", not_ca)
    put("bad-issued-by-no-authority.tsr", reply(token(below, certificates=[below, not_ca])))
    servers = Party("Servers only", root, ca=True, eku=EKU_SERVER)
    below = Party("TSA below servers", servers)
    put("bad-authority-for-servers.tsr", reply(token(below, certificates=[below, servers])))
    early = Party("Root of old", valid=("2020-01-01", "2024-01-01"))
    put("root-of-old.pem", early.pem)
    put("bad-expired-root.tsr", reply(token(Party("TSA of an old root", early))))


def bad_shells(tsa):
    made = token(tsa)
    put("bad-garbage.tsr", b"\x30\x03\x02\x01\x00garbage")
    put("bad-html.tsr", b"<html><body>502 Bad Gateway</body></html>\n")
    put("bad-empty.tsr", b"")
    put("bad-trailing-bytes.tsr", reply(made) + b"\0")
    put("bad-truncated.tsr", reply(made)[:-1])
    put("bad-bare-token.tsr", made)
    words = tlv(0x30, tlv(0x0C, "不支持的算法".encode()))
    put("bad-rejection.tsr", seq(seq(integer(2), words, tlv(3, b"\7\x80"))))
    put("bad-waiting.tsr", seq(seq(integer(3))))
    put("bad-granted-without-token.tsr", seq(seq(integer(0))))
    put("bad-not-signed-data.tsr", reply(token(tsa, outer_type="1.2.840.113549.1.7.1")))
    put("bad-signed-something-else.tsr", reply(token(tsa, e_content_type="1.2.840.113549.1.7.1")))
    put("bad-too-large.tsr", seq(bytes(70_000)))


TSA_CONFIG = """
[tsa]
default_tsa = one
[one]
serial = serial
signer_cert = tsa.pem
signer_key = tsa.key
%s
signer_digest = sha256
default_policy = 1.3.6.1.4.1.55555.1.1
digests = sha256, sha384, sha512
accuracy = secs:1, millisecs:500
clock_precision_digits = 3
tsa_name = yes
ess_cert_id_chain = %s
ess_cert_id_alg = %s
"""


def by_openssl(file, tsa, query, certificates=b"", chain="no", ess="sha256"):
    with tempfile.TemporaryDirectory() as folder:
        place = pathlib.Path(folder)
        pem = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        (place / "tsa.pem").write_bytes(tsa.pem)
        (place / "tsa.key").write_bytes(tsa.key.private_bytes(*pem))
        (place / "others.pem").write_bytes(certificates)
        (place / "serial").write_text("01\n")
        line = "certs = others.pem" if certificates else ""
        (place / "tsa.cnf").write_text(TSA_CONFIG % (line, chain, ess))
        (place / "query").write_bytes(query)
        command = "openssl ts -reply -config tsa.cnf -section one -queryfile query -out reply"
        subprocess.run(command.split(), cwd=place, check=True, capture_output=True)
        shutil.copy(place / "reply", HERE / file)


SM2_CONFIG = """
[req]
distinguished_name = dn
prompt = no
[dn]
CN = SM2
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[tsa]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
"""


class Sm2Party:
    """An SM2 key with its certificate, made by the command line of OpenSSL; valid from today on."""

    def __init__(self, place, common, issuer=None):
        self.place, self.name = place, common.replace(" ", "-")
        key, pem, asked = f"{self.name}.key", f"{self.name}.pem", f"{self.name}.csr"
        user, check = ["-sigopt", "distid:1234567812345678"], ["-vfyopt", "distid:1234567812345678"]
        subject = ["-config", "sm2.cnf", "-subj", f"/C=CN/O=Vectors/CN={common}"]
        self.openssl("ecparam", "-name", "SM2", "-genkey", "-noout", "-out", key)
        if issuer is None:
            ask = ["req", "-new", "-x509", "-sm3", "-key", key, "-days", "7300", "-extensions", "root"]
            self.openssl(*ask, *user, *subject, "-out", pem)
        else:
            self.openssl("req", "-new", "-sm3", "-key", key, *user, *subject, "-out", asked)
            give = [
                "x509",
                "-req",
                "-sm3",
                "-in",
                asked,
                "-set_serial",
                "0x1001",
                "-days",
                "3650",
                *user,
                *check,
            ]
            by = ["-CA", f"{issuer.name}.pem", "-CAkey", f"{issuer.name}.key"]
            self.openssl(*give, *by, "-extfile", "sm2.cnf", "-extensions", "tsa", "-out", pem)
        self.pem = (place / pem).read_bytes()
        self.cert = x509.load_pem_x509_certificate(self.pem)
        self.der = self.cert.public_bytes(serialization.Encoding.DER)
        self.issuer_name = self.cert.issuer.public_bytes()
        self.serial, self.common = self.cert.serial_number, common

    def openssl(self, *arguments, data=None):
        command = ["openssl", *arguments]
        return subprocess.run(command, cwd=self.place, input=data, capture_output=True, check=True).stdout

    def sign(self, message):
        (self.place / "message").write_bytes(message)
        how = ["-sm3", "-sign", f"{self.name}.key", "-sigopt", "distid:1234567812345678", "message"]
        return algorithm("1.2.156.10197.1.501", null=False), self.openssl("dgst", *how)


def by_sm2():
    folder = ROOT / "rfc3161-sm2"
    folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        (pathlib.Path(place) / "sm2.cnf").write_text(SM2_CONFIG)
        root = Sm2Party(pathlib.Path(place), "SM2 Root")
        tsa = Sm2Party(pathlib.Path(place), "SM2 TSA", root)
        over = {
            "imprint": imprint(SM3),
            "gen_time": "20270101080000.5Z",
            "digest": SM3,
            "ess": [ess_v2(tsa, dotted=SM3)],
        }
        (folder / "root.pem").write_bytes(root.pem)
        (folder / "good-sm2.tsr").write_bytes(reply(token(tsa, **over)))
        own_type = token(tsa, outer_type="1.2.156.10197.6.1.4.2.2", **over)
        (folder / "good-sm2-signed-data.tsr").write_bytes(reply(own_type))
        (folder / "bad-changed-signature.tsr").write_bytes(reply(token(tsa, spoil=True, **over)))
        other = Sm2Party(pathlib.Path(place), "Other SM2 Root")
        stranger = Sm2Party(pathlib.Path(place), "Other SM2 TSA", other)
        more = over | {"ess": [ess_v2(stranger, dotted=SM3)]}
        (folder / "bad-wrong-root.tsr").write_bytes(
            reply(token(stranger, certificates=[stranger, other], **more))
        )


def main():
    by_sm2()
    HERE.mkdir(exist_ok=True)
    for one in HERE.iterdir():
        one.unlink()
    root = Party("Root")
    tsa = Party("TSA", root)
    put("stamped.note", DATA)
    put("request.tsq", request())
    put("others.pem", tsa.pem)
    put("root.pem", root.pem)
    good(root, tsa)
    bad_answers(tsa)
    bad_signers(root, tsa)
    bad_certificates(root, tsa)
    bad_shells(tsa)
    by_openssl("good-openssl-alone.tsr", tsa, request())
    by_openssl("good-openssl-unsorted-set.tsr", tsa, request(), root.pem, chain="yes")
    by_openssl("good-openssl-sha1-id.tsr", tsa, request(), ess="sha1")
    by_openssl("bad-replay.tsr", tsa, request(nonce=NONCE - 1))


if __name__ == "__main__":
    main()
