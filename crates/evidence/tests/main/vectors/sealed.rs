//! Vectors of sealed files: good ones, and one for each defect with everything else right.
//!
//! A defective header carries a right authentication code, so that only the check the file is named after
//! can refuse it. Uses ciphers directly where the writer rightly refuses to make such a file.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use chacha20poly1305::aead::Aead;
use chacha20poly1305::{ChaCha20Poly1305, KeyInit, Nonce};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use sigu_evidence::{Identity, Recipient, plain_key_file, seal_bytes};

use super::{Vector, repeatable};

const CHUNK: usize = 65_536;
const SEALED_CHUNK: usize = CHUNK + 16;

/// The key that opens the good vectors.
pub(crate) fn vault() -> Identity {
    Identity::generate(&mut repeatable("vault"))
}

/// The second key of `good-two-recipients.age`.
pub(crate) fn recovery() -> Identity {
    Identity::generate(&mut repeatable("recovery"))
}

/// A sealed file taken apart, with the key that only its maker knows.
struct Parts {
    file_key: [u8; 16],
    /// The header up to and without `---`.
    header: String,
    nonce: [u8; 16],
    payload: Vec<u8>,
}

impl Parts {
    fn seal(plaintext: &[u8], recipients: &[Recipient]) -> Self {
        let sealed = seal_bytes(plaintext, recipients, &mut repeatable("seal"));
        let mut file_key = [0; 16];
        repeatable("seal")(&mut file_key);
        let code = sealed.windows(4).position(|bytes| bytes == b"\n---").unwrap() + 1;
        let header = String::from_utf8(sealed[..code].to_vec()).unwrap();
        let rest = &sealed[code + 48..];
        Self { file_key, header, nonce: rest[..16].try_into().unwrap(), payload: rest[16..].to_vec() }
    }

    fn short() -> Self {
        Self::seal(SHORT, &[vault().recipient()])
    }

    fn line(&self, n: usize) -> &str {
        self.header.lines().nth(n).unwrap()
    }

    fn with_line(mut self, n: usize, line: &str) -> Self {
        self.header = self.header.replacen(&self.line(n).to_owned(), line, 1);
        self
    }

    fn derived(&self, salt: &[u8], label: &str) -> [u8; 32] {
        let mut key = [0; 32];
        Hkdf::<Sha256>::new(Some(salt), &self.file_key).expand(label.as_bytes(), &mut key).unwrap();
        key
    }

    fn code(&self) -> String {
        let mut code = Hmac::<Sha256>::new_from_slice(&self.derived(&[], "header")).unwrap();
        code.update(self.header.as_bytes());
        code.update(b"---");
        STANDARD_NO_PAD.encode(code.finalize().into_bytes())
    }

    fn chunk(&self, index: u8, last: bool, plaintext: &[u8]) -> Vec<u8> {
        let cipher = ChaCha20Poly1305::new((&self.derived(&self.nonce, "payload")).into());
        let mut nonce = [0; 12];
        nonce[10] = index;
        nonce[11] = u8::from(last);
        cipher.encrypt(&Nonce::from(nonce), plaintext).unwrap()
    }

    fn bytes_with_code(&self, code: &str) -> Vec<u8> {
        let head = format!("{}--- {code}\n", self.header);
        [head.as_bytes(), &self.nonce, &self.payload].concat()
    }

    fn bytes(&self) -> Vec<u8> {
        self.bytes_with_code(&self.code())
    }

    fn with_payload(mut self, payload: Vec<u8>) -> Vec<u8> {
        self.payload = payload;
        self.bytes()
    }
}

const SHORT: &[u8] = "卡号：YST0093821    卡密：7QKD-ZT4M-90XA\n".as_bytes();

fn long() -> Vec<u8> {
    b"sigu test vector\n".iter().copied().cycle().take(CHUNK + 1).collect()
}

/// All vectors of sealed files.
pub(crate) fn all() -> Vec<Vector> {
    let mut vectors = vec![
        ("vault.key".to_owned(), plain_key_file(&vault()).as_bytes().to_vec()),
        ("recovery.key".to_owned(), plain_key_file(&recovery()).as_bytes().to_vec()),
    ];
    for (name, plaintext, sealed) in good() {
        vectors.push((format!("good-{name}.age"), sealed));
        vectors.push((format!("good-{name}.plain"), plaintext));
    }
    for (name, sealed) in bad_headers().into_iter().chain(bad_base64()).chain(bad_payloads()) {
        vectors.push((format!("bad-{name}.age"), sealed));
    }
    vectors.into_iter().map(|(name, bytes)| (format!("sealed/{name}"), bytes)).collect()
}

fn good() -> Vec<(&'static str, Vec<u8>, Vec<u8>)> {
    let vault = [vault().recipient()];
    let both = [vault[0], recovery().recipient()];
    let mut grease = Parts::short();
    let body = STANDARD_NO_PAD.encode([7; 48]);
    grease.header.push_str(&format!("-> some-grease a b\n{body}\n\n"));
    vec![
        ("empty", vec![], Parts::seal(b"", &vault).bytes()),
        ("short", SHORT.to_vec(), Parts::short().bytes()),
        ("two-recipients", SHORT.to_vec(), Parts::seal(SHORT, &both).bytes()),
        ("two-chunks", long(), Parts::seal(&long(), &vault).bytes()),
        ("unknown-stanza", SHORT.to_vec(), grease.bytes()),
    ]
}

fn bad_headers() -> Vec<(&'static str, Vec<u8>)> {
    let short = Parts::short().bytes();
    let nonce_at = short.len() - SHORT.len() - 16 - 16;
    let stanza = |line: &str, body: &str| Parts::short().with_line(1, line).with_line(2, body).bytes();
    let (share, body) = (Parts::short().line(1).to_owned(), Parts::short().line(2).to_owned());
    let b64 = |bytes: &[u8]| STANDARD_NO_PAD.encode(bytes);
    let mut none = Parts::short();
    none.header = "age-encryption.org/v1\n".into();
    let mut passphrase = Parts::short();
    passphrase.header.push_str(&format!("-> scrypt {} 10\n{body}\n", b64(&[7; 16])));
    let mut long = Parts::short();
    long.header.push_str("-> some-grease\n");
    long.header.push_str(&format!("{}\n", "A".repeat(64)).repeat(1010));
    let mut wrong_code = Parts::short().code().into_bytes();
    wrong_code[0] = if wrong_code[0] == b'A' { b'B' } else { b'A' };
    vec![
        ("unknown-version-line", Parts::short().with_line(0, "age-encryption.org/v2").bytes()),
        ("crlf-version-line", Parts::short().with_line(0, "age-encryption.org/v1\r").bytes()),
        ("truncated-header", short[..nonce_at - 20].to_vec()),
        ("truncated-nonce", short[..nonce_at + 15].to_vec()),
        ("header-too-long", long.bytes()),
        ("no-recipient", none.bytes()),
        ("two-arguments", stanza(&format!("{share} x"), &body)),
        ("double-space", stanza(&share.replace("X25519 ", "X25519  "), &body)),
        ("passphrase-beside-key", passphrase.bytes()),
        ("share-wrong-length", stanza(&format!("-> X25519 {}", b64(&[9; 31])), &body)),
        ("body-wrong-length", stanza(&share, &b64(&[9; 33]))),
        ("zero-shared-secret", stanza(&format!("-> X25519 {}", b64(&[0; 32])), &body)),
        ("low-order-share", stanza(&format!("-> X25519 {}", b64(&low_order())), &body)),
        ("another-key", Parts::seal(SHORT, &[recovery().recipient()]).bytes()),
        ("wrong-mac", Parts::short().bytes_with_code(&String::from_utf8(wrong_code).unwrap())),
        ("added-stanza", added_stanza()),
    ]
}

/// A stanza put in after the code was made: only the code can tell.
fn added_stanza() -> Vec<u8> {
    let mut parts = Parts::short();
    let code = parts.code();
    parts.header.push_str("-> some-grease\n\n");
    parts.bytes_with_code(&code)
}

/// A point of order eight (RFC 7748, section 7; its multiple by any clamped scalar is zero).
fn low_order() -> [u8; 32] {
    [
        0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3, 0xfa, 0xf1, 0x9f, 0xc4, 0x6a, 0xda,
        0x09, 0x8d, 0xeb, 0x9c, 0x32, 0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16, 0x5f, 0x49, 0xb8, 0x00,
    ]
}

fn bad_base64() -> Vec<(&'static str, Vec<u8>)> {
    let (share, body) = (Parts::short().line(1).to_owned(), Parts::short().line(2).to_owned());
    let code = Parts::short().code();
    vec![
        ("noncanonical-base64-share", Parts::short().with_line(1, &stray_bits(&share)).bytes()),
        ("noncanonical-base64-body", Parts::short().with_line(2, &stray_bits(&body)).bytes()),
        ("noncanonical-base64-mac", Parts::short().bytes_with_code(&stray_bits(&code))),
        ("padded-base64-share", Parts::short().with_line(1, &format!("{share}=")).bytes()),
        ("padded-base64-body", Parts::short().with_line(2, &format!("{body}=")).bytes()),
        ("space-after-mac", Parts::short().bytes_with_code(&format!("{code} "))),
    ]
}

/// Sets the unused low bits of the last base64 character: the same bytes, written otherwise.
fn stray_bits(text: &str) -> String {
    const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let at = ALPHABET.find(text.chars().last().unwrap()).unwrap();
    format!("{}{}", &text[..text.len() - 1], &ALPHABET[at + 1..at + 2])
}

fn bad_payloads() -> Vec<(&'static str, Vec<u8>)> {
    let vault = [vault().recipient()];
    let short = Parts::short();
    let two = Parts::seal(&[long(), long()].concat()[..2 * CHUNK], &vault);
    let (first, second) = two.payload.split_at(SEALED_CHUNK);
    let swapped = [second, first].concat();
    let cut = Parts::seal(&long(), &vault).payload[..SEALED_CHUNK].to_vec();
    let one = Parts::seal(&long()[..CHUNK], &vault);
    let empty_final = [one.chunk(0, false, &long()[..CHUNK]), one.chunk(1, true, b"")].concat();
    let after_full = [&one.payload[..], b"x"].concat();
    let mut nonce = Parts::short();
    nonce.nonce[0] ^= 1;
    vec![
        ("flipped-nonce", nonce.bytes()),
        ("flipped-bit", flipped(&short.payload)),
        ("no-payload", Parts::short().with_payload(vec![])),
        ("truncated-tag", Parts::short().with_payload(short.payload[..10].to_vec())),
        ("truncated-payload", Parts::short().with_payload(short.payload[..20].to_vec())),
        ("trailing-byte", Parts::short().with_payload([&short.payload[..], b"x"].concat())),
        ("short-chunk-not-final", Parts::short().with_payload(short.chunk(0, false, SHORT))),
        ("swapped-chunks", two.with_payload(swapped)),
        ("missing-final-chunk", Parts::seal(&long(), &vault).with_payload(cut)),
        ("empty-final-chunk", Parts::seal(&long()[..CHUNK], &vault).with_payload(empty_final)),
        ("trailing-byte-after-full-chunk", one.with_payload(after_full)),
    ]
}

fn flipped(payload: &[u8]) -> Vec<u8> {
    let mut payload = payload.to_vec();
    payload[3] ^= 0x10;
    Parts::short().with_payload(payload)
}
