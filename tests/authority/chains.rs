//! What the issued certificates are good for, by the rules of webpki, and of OpenSSL where it is at hand.

use crate::{ADDRESS, Made, NAME, NOW, days};
use dienhong::authority::{AuthorityError, Host, Moment, ServerCertificate};
use rustls::CertificateError;
use rustls::pki_types::UnixTime;
use rustls::server::WebPkiClientVerifier;
use std::sync::Arc;
use std::time::Duration;

#[test]
fn a_server_is_believed_under_its_names_only() {
    let made = Made::for_the_hall();
    let issued = made.issue(90);
    assert_eq!(issued.hosts, [Host::parse(NAME).unwrap(), Host::parse(ADDRESS).unwrap()]);
    let chain = [made.leaf()];
    for host in [NAME, ADDRESS] {
        made.convinces(host, &chain, NOW).expect(host);
    }
    for host in ["evil.test", "x.hoidong.test", "hoidong.test.evil.example", "192.168.1.11", "::1"] {
        let refused = made.convinces(host, &chain, NOW).expect_err(host);
        assert!(matches!(refused, CertificateError::NotValidForNameContext { .. }), "{host}: {refused:?}");
    }
    // Another hall's authority, also one of the same names, does not help.
    let refused = Made::for_the_hall().convinces(NAME, &chain, NOW).expect_err("a stranger");
    assert!(matches!(refused, CertificateError::UnknownIssuer | CertificateError::BadSignature), "{refused:?}");
}

#[test]
fn it_is_believed_from_a_day_before_until_its_end() {
    let made = Made::for_the_hall();
    let issued = made.issue(90);
    assert_eq!(issued.life.until, NOW.plus_days(90));
    assert_eq!(days(issued.life), 91);
    let chain = [made.leaf()];
    let day_before = Moment(NOW.0 - 24 * 3600);
    for at in [day_before, issued.life.until] {
        made.convinces(NAME, &chain, at).expect("good");
    }
    let early = made.convinces(NAME, &chain, Moment(day_before.0 - 1)).expect_err("too early");
    assert!(matches!(early, CertificateError::NotValidYetContext { .. }), "{early:?}");
    let late = made.convinces(NAME, &chain, Moment(issued.life.until.0 + 1)).expect_err("expired");
    assert!(matches!(late, CertificateError::ExpiredContext { .. }), "{late:?}");
}

#[test]
fn no_certificate_is_good_for_longer_than_devices_take() {
    let made = Made::for_the_hall();
    let longest = made.issue(397);
    assert_eq!(days(longest.life), 398);
    assert_eq!(days(made.authority.root().life()), 5 * 365 + 1);
    for days in [0, 398] {
        let refused = made.authority.issue(&[], days, &made.path("other"), NOW).expect_err("too long");
        assert_eq!(refused.code(), "bad_life");
    }
    // The last one ends with the authority.
    let end = made.authority.root().life().until;
    let late = Moment(end.0 - 10 * 24 * 3600);
    let last = made.authority.issue(&[], 90, &made.path("last"), late).expect("still good");
    assert_eq!(last.life.until, end);
    let after = made.authority.issue(&[], 90, &made.path("after"), end).expect_err("over");
    assert!(matches!(after, AuthorityError::Ended { until } if until == end));
}

#[test]
fn a_servers_certificate_is_for_servers() {
    let made = Made::for_the_hall();
    made.issue(90);
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(made.roots()), provider).build().unwrap();
    let now = UnixTime::since_unix_epoch(Duration::from_secs(NOW.0));
    let refused = verifier.verify_client_cert(&made.leaf(), &[], now).expect_err("no client");
    let rustls::Error::InvalidCertificate(why) = refused else { panic!("{refused}") };
    assert!(matches!(why, CertificateError::InvalidPurposeContext { .. }), "{why:?}");
}

#[test]
fn it_is_issued_for_covered_hosts_only() {
    let made = Made::for_the_hall();
    let below = Host::parse("may.hoidong.test").unwrap();
    let issued = made.authority.issue(std::slice::from_ref(&below), 90, &made.tls(), NOW).expect("below its name");
    assert_eq!(issued.hosts, [below]);
    made.convinces("may.hoidong.test", &[made.leaf()], NOW).expect("good");
    for host in ["evil.example", "xhoidong.test", "test", "192.168.1.11", "fd00::1"] {
        let refused = made.authority.issue(&[Host::parse(host).unwrap()], 90, &made.path("no"), NOW);
        assert_eq!(refused.expect_err(host).code(), "not_covered", "{host}");
    }
    assert!(!made.path("no").exists(), "nothing was written");
}

#[test]
fn serve_takes_the_files_as_they_are() {
    let made = Made::for_the_hall();
    made.issue(90);
    let tls = dienhong::http::tls::TlsFiles {
        cert: ServerCertificate::path(&made.tls()),
        key: ServerCertificate::key_path(&made.tls()),
    };
    let certificate = tls.load().expect("good files").certificate;
    assert!(certificate.names(NAME) && certificate.names(ADDRESS) && !certificate.names("evil.test"));
}
