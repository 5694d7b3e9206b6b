//! Somebody has stolen the authority's key: what they can and cannot sign with it.

use crate::{ADDRESS, Made, NAME, NOW};
use dienhong::authority::Authority;
use rcgen::{
    BasicConstraints, Certificate, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};
use rustls::CertificateError;
use rustls::pki_types::CertificateDer;
use std::io::Write;
use std::path::Path;
use std::process::Command;

/// What a thief makes with the key and the certificate: whatever they like.
struct Thief<'a> {
    made: &'a Made,
    issuer: Issuer<'static, KeyPair>,
}

impl<'a> Thief<'a> {
    fn at(made: &'a Made) -> Self {
        let pem = std::fs::read_to_string(Authority::key_path(&made.ca())).expect("the key");
        let key = KeyPair::from_pem(&pem).expect("a key");
        let root = CertificateDer::from(made.authority.root().der());
        Self { made, issuer: Issuer::from_ca_cert_der(&root, key).expect("an issuer") }
    }

    fn server(&self, hosts: &[&str]) -> CertificateDer<'static> {
        Self::params(hosts).signed_by(&KeyPair::generate().expect("a key"), &self.issuer).expect("signed").into()
    }

    /// A server's certificate from an authority of the thief's own, and that authority's from the stolen key.
    fn behind_a_second_authority(&self, host: &str) -> (Certificate, Certificate) {
        let key = KeyPair::generate().expect("a key");
        let mut params = Self::params(&[]);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        params.distinguished_name.push(DnType::CommonName, "second");
        let second = params.signed_by(&key, &self.issuer).expect("signed");
        let issuer = Issuer::new(params, key);
        let leaf = Self::params(&[host]).signed_by(&KeyPair::generate().expect("a key"), &issuer).expect("signed");
        (leaf, second)
    }

    fn params(hosts: &[&str]) -> CertificateParams {
        let hosts: Vec<String> = hosts.iter().map(ToString::to_string).collect();
        let mut params = CertificateParams::new(hosts).expect("names");
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params
    }

    /// Is anybody convinced by a certificate for that host?
    fn passes_as(&self, host: &str) -> Result<(), CertificateError> {
        self.made.convinces(host, &[self.server(&[host])], NOW)
    }
}

fn assert_out_of_bounds(outcome: Result<(), CertificateError>, host: &str) {
    let why = outcome.expect_err(host);
    // rustls passes webpki's error on as it is.
    assert!(format!("{why:?}").contains("NameConstraintViolation"), "{host}: {why:?}");
}

#[test]
fn a_stolen_key_is_good_for_the_halls_names_and_no_other_site() {
    let made = Made::for_the_hall();
    let thief = Thief::at(&made);
    for own in [NAME, ADDRESS, "x.hoidong.test"] {
        thief.passes_as(own).expect("that is what was stolen");
    }
    for other in ["bank.example", "test", "xhoidong.test", "hoidong.test.example", "192.168.1.11", "8.8.8.8", "fd00::1"]
    {
        assert_out_of_bounds(thief.passes_as(other), other);
    }
    let mixed = thief.server(&[NAME, "bank.example"]);
    assert_out_of_bounds(made.convinces(NAME, &[mixed], NOW), "both at once");
}

#[test]
fn without_addresses_none_is_open_to_a_thief() {
    let names_only = Made::limited_to(&[NAME], &[]);
    let v6_only = Made::limited_to(&[NAME], &["fd00::10"]);
    for (made, address) in [(&names_only, "192.168.1.10"), (&names_only, "fd00::10"), (&v6_only, "192.168.1.10")] {
        assert_out_of_bounds(Thief::at(made).passes_as(address), address);
    }
    Thief::at(&v6_only).passes_as("fd00::10").expect("its own");
}

#[test]
fn a_further_authority_made_with_it_goes_no_further() {
    let made = Made::for_the_hall();
    let (leaf, second) = Thief::at(&made).behind_a_second_authority("bank.example");
    assert_out_of_bounds(
        made.convinces("bank.example", &[leaf.der().clone(), second.der().clone()], NOW),
        "bank.example",
    );
}

/// A server's key lies where the network is.
#[test]
fn a_servers_key_signs_for_nobody() {
    let made = Made::for_the_hall();
    made.issue(90);
    let pem = std::fs::read_to_string(made.tls().join("server.key")).expect("the key");
    let issuer = Issuer::from_ca_cert_der(&made.leaf(), KeyPair::from_pem(&pem).unwrap()).expect("an issuer");
    let leaf = Thief::params(&[NAME]).signed_by(&KeyPair::generate().unwrap(), &issuer).expect("signed");
    assert!(made.convinces(NAME, &[leaf.into(), made.leaf()], NOW).is_err());
}

#[test]
fn openssl_agrees() {
    if !Command::new("openssl").arg("version").output().is_ok_and(|output| output.status.success()) {
        // Straight to the file, because the test harness swallows eprintln! of tests that pass.
        let _ = writeln!(std::io::stderr(), "SKIPPED openssl_agrees: install openssl to run it");
        return;
    }
    let made = Made::for_the_hall();
    made.issue(90);
    let thief = Thief::at(&made);
    let authority = made.ca().join("authority.pem");
    let at = NOW.0.to_string();
    let verify = |purpose: &str, files: &[&Path]| {
        let mut command = Command::new("openssl");
        command.args(["verify", "-attime", &at, "-purpose", purpose, "-no-CApath", "-no-CAstore", "-CAfile"]);
        let output = command.arg(&authority).args(files).output().expect("it runs");
        (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let own = made.tls().join("server.pem");
    assert_eq!(verify("sslserver", &[Path::new("-x509_strict"), &own]), (true, String::new()));
    assert!(!verify("sslclient", &[&own]).0 && !verify("smimesign", &[&own]).0);

    let (forged, second) = (made.path("forged.pem"), made.path("second.pem"));
    for host in ["bank.example", "192.168.1.11", "fd00::1"] {
        let leaf = Thief::params(&[host]).signed_by(&KeyPair::generate().unwrap(), &thief.issuer).expect("signed");
        std::fs::write(&forged, leaf.pem()).unwrap();
        let (passes, said) = verify("sslserver", &[&forged]);
        assert!(!passes && said.contains("permitted subtree violation"), "{host}: {said}");
    }
    // Not even for the hall's own name: OpenSSL counts how long a chain the authority allows.
    let (leaf, between) = thief.behind_a_second_authority(NAME);
    std::fs::write(&forged, leaf.pem()).unwrap();
    std::fs::write(&second, between.pem()).unwrap();
    let (passes, said) = verify("sslserver", &[Path::new("-untrusted"), &second, &forged]);
    assert!(!passes && said.contains("path length constraint exceeded"), "{said}");
}
