//! Certificates of timestamp services, good and bad, made now by rcgen.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rcgen::{
    BasicConstraints, CertificateParams, CustomExtension, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    date_time_ymd,
};

/// ExtKeyUsageSyntax with timeStamping alone (RFC 5280 §4.2.1.12), and the name of that extension.
const TIME_STAMPING: &[u8] = &[0x30, 0x0a, 0x06, 0x08, 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x08];
const EXTENDED_KEY_USAGE: &[u64] = &[2, 5, 29, 37];

/// A certificate in PEM and the key to it.
pub(crate) struct Party {
    pub(crate) certificate: String,
    pub(crate) key: String,
    issuer: Issuer<'static, KeyPair>,
}

impl Party {
    /// An authority that signed itself.
    pub(crate) fn root(name: &str) -> Self {
        let mut params = named(name, 2020, 2046);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap();
        Self::of(params, key, certificate.der())
    }

    /// A service that may stamp, in the years from `from` to `to`.
    pub(crate) fn service(name: &str, authority: &Self, from: i32, to: i32) -> Self {
        let mut params = named(name, from, to);
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        let mut purpose = CustomExtension::from_oid_content(EXTENDED_KEY_USAGE, TIME_STAMPING.to_vec());
        purpose.set_criticality(true);
        params.custom_extensions = vec![purpose];
        params.use_authority_key_identifier_extension = true;
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &authority.issuer).unwrap();
        Self::of(params, key, certificate.der())
    }

    fn of(params: CertificateParams, key: KeyPair, der: &[u8]) -> Self {
        let secret = pem("PRIVATE KEY", &key.serialize_der());
        Self { certificate: pem("CERTIFICATE", der), key: secret, issuer: Issuer::new(params, key) }
    }
}

fn named(name: &str, from: i32, to: i32) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::OrganizationName, "Tests");
    params.distinguished_name.push(DnType::CommonName, name);
    params.not_before = date_time_ymd(from, 1, 1);
    params.not_after = date_time_ymd(to, 1, 1);
    params
}

/// RFC 7468.
pub(crate) fn pem(label: &str, der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let lines: Vec<&str> =
        text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}
