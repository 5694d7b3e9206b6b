//! The commands and their files: who may read them, what is never written over, and what a renewal changes.

use crate::process::{stderr, stdout};
use crate::{Made, NAME, NOW, ca};
use dienhong::authority::{Authority, AuthorityError, Moment, Renewal, Root, ServerCertificate};
use dienhong::http::tls::TlsFiles;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::time_provider::TimeProvider;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio_rustls::{TlsAcceptor, TlsConnector};

#[tokio::test]
async fn the_commands_make_what_serve_takes() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().expect("text").to_owned();
    let (authority, tls, poster) = (path("ca"), path("tls"), path("poster.html"));
    let mut said = String::new();
    for arguments in [
        &["new", "--for", NAME, "--ip", "192.168.1.10", "--out", &authority][..],
        &["issue", "--authority", &authority, "--host", NAME, "--out", &tls],
        &["renew", "--authority", &authority, "--out", &tls],
        &["show", "--authority", &authority, "--install-port", "8080"],
        &["poster", "--authority", &authority, "--out", &poster],
    ] {
        let output = ca(arguments, folder.path()).await;
        assert!(output.status.success(), "{arguments:?}: {}", stderr(&output));
        said.extend([stdout(&output), stderr(&output)]);
    }
    let root = Root::read(Path::new(&authority)).expect("an authority");
    for line in root.fingerprint().split(' ').collect::<Vec<_>>().chunks(4) {
        assert_eq!(said.matches(&line.join(" ")).count(), 2, "new and show tell the fingerprint: {said}");
    }
    assert!(said.contains("http://192.168.1.10:8080/install"), "{said}");
    assert!(said.contains("Still good: nothing was done."), "{said}");
    let certificate = ServerCertificate::read(Path::new(&tls)).expect("a certificate");
    assert_eq!(certificate.hosts.iter().map(ToString::to_string).collect::<Vec<_>>(), [NAME]);

    // Nothing says a key, whatever it is asked.
    said += &fs::read_to_string(&poster).unwrap();
    said += &format!("{:?} {certificate:?}", Authority::open(Path::new(&authority)).expect("it opens"));
    for key in [path("ca/authority.key"), path("tls/server.key")] {
        let pem = fs::read_to_string(key).unwrap();
        let secret: Vec<&str> = pem.lines().filter(|line| !line.starts_with('-')).collect();
        assert!(!secret.is_empty() && secret.iter().all(|line| line.len() > 10 && !said.contains(line)));
    }

    let mode = |name: &str| fs::metadata(path(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!([mode("ca/authority.key"), mode("tls/server.key")], [0o600; 2]);
    assert_eq!([mode("ca/authority.pem"), mode("tls/server.pem")], [0o644; 2]);
    assert_eq!([mode("ca"), mode("tls")], [0o700; 2]);
}

#[tokio::test]
async fn what_cannot_be_done_says_why_and_how_it_is_called() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().expect("text").to_owned();
    let (authority, tls, nowhere) = (path("ca"), path("tls"), path("nowhere"));
    let fails = async |arguments: &[&str], code: &str| {
        let output = ca(arguments, folder.path()).await;
        assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(1), ""), "{arguments:?}");
        assert!(stderr(&output).ends_with(&format!("({code})\n")), "{arguments:?}: {}", stderr(&output));
    };
    fails(&["new", "--for", "gov.vn", "--out", &authority], "too_wide").await;
    assert!(!Path::new(&authority).exists());
    assert!(ca(&["new", "--for", NAME, "--out", &authority], folder.path()).await.status.success());
    assert!(ca(&["issue", "--authority", &authority, "--out", &tls], folder.path()).await.status.success());

    let before = (fs::read(path("ca/authority.key")).unwrap(), fs::read(path("tls/server.key")).unwrap());
    fails(&["new", "--for", NAME, "--out", &authority], "exists").await;
    fails(&["issue", "--authority", &authority, "--out", &tls], "exists").await;
    let after = (fs::read(path("ca/authority.key")).unwrap(), fs::read(path("tls/server.key")).unwrap());
    assert_eq!(before, after);

    fails(&["issue", "--authority", &authority, "--host", "evil.example", "--out", &nowhere], "not_covered").await;
    fails(&["issue", "--authority", &nowhere, "--out", &tls], "unreadable").await;
    fails(&["renew", "--authority", &authority, "--out", &nowhere], "unreadable").await;
    fails(&["show", "--authority", &nowhere], "unreadable").await;
    // The server's own certificate is no authority's.
    fs::copy(path("tls/server.pem"), path("tls/authority.pem")).unwrap();
    fails(&["show", "--authority", &tls], "not_a_certificate").await;
    fs::set_permissions(path("ca/authority.key"), Permissions::from_mode(0o640)).unwrap();
    fails(&["renew", "--authority", &authority, "--out", &tls], "exposed").await;
    fs::set_permissions(path("ca/authority.key"), Permissions::from_mode(0o600)).unwrap();
    fs::copy(path("tls/server.key"), path("ca/authority.key")).unwrap();
    fails(&["issue", "--authority", &authority, "--out", &nowhere], "wrong_key").await;
    fs::write(path("ca/authority.key"), "nothing").unwrap();
    fails(&["issue", "--authority", &authority, "--out", &nowhere], "not_a_key").await;
}

#[test]
fn a_renewal_does_nothing_until_a_third_is_left_and_then_everything_once() {
    let made = Made::for_the_hall();
    let first = made.issue(90);
    let read =
        || (fs::read(ServerCertificate::path(&made.tls())).unwrap(), fs::read(made.tls().join("server.key")).unwrap());
    let (certificate, key) = read();
    let renewed = |at: Moment| match made.authority.renew(&made.tls(), at).expect("it can be renewed") {
        Renewal::NotDue(_) => false,
        Renewal::Renewed(now) => {
            assert_eq!((now.life.until, &now.hosts), (at.plus_days(90), &first.hosts));
            true
        }
    };
    // 91 days in all, a day of them before NOW: a third is left on day 59 and 16 hours.
    for day in [0, 30, 59] {
        assert!(!renewed(NOW.plus_days(day)), "day {day}");
        assert_eq!(read(), (certificate.clone(), key.clone()));
    }
    // What a power cut left of an earlier try.
    fs::write(made.tls().join("server.part"), "half").unwrap();
    let due = NOW.plus_days(60);
    assert!(renewed(due));
    let (next, same_key) = read();
    assert_ne!(next, certificate);
    assert_eq!(same_key, key);
    assert_eq!(fs::read_dir(made.tls()).unwrap().count(), 2, "nothing is left over");
    made.convinces(NAME, &[made.leaf()], due.plus_days(90)).expect("good");
    assert!(!renewed(due) && !renewed(due.plus_days(59)));
    // Long after its end as well: a hall that was closed all summer.
    assert!(renewed(due.plus_days(300)));
}

#[test]
fn a_renewal_keeps_to_its_own() {
    let (made, other) = (Made::for_the_hall(), Made::for_the_hall());
    made.issue(90);
    let foreign = other.authority.renew(&made.tls(), NOW.plus_days(80)).expect_err("another authority's");
    assert!(matches!(foreign, AuthorityError::NotOurs { .. }), "{foreign}");
    other.issue(90);
    fs::copy(other.tls().join("server.key"), made.tls().join("server.key")).unwrap();
    let wrong = made.authority.renew(&made.tls(), NOW.plus_days(80)).expect_err("another key");
    assert!(matches!(wrong, AuthorityError::WrongKey { .. }), "{wrong}");

    // Once it ends with the authority, a daily renewal says so instead of making the same again.
    let end = made.authority.root().life().until;
    let last = made.authority.issue(&[], 90, &made.path("last"), Moment(end.0 - 40 * 24 * 3600)).expect("good");
    assert_eq!(last.life.until, end);
    let ended = made.authority.renew(&made.path("last"), Moment(end.0 - 24 * 3600)).expect_err("no more");
    assert!(matches!(ended, AuthorityError::Ended { .. }), "{ended}");
}

#[tokio::test]
async fn a_running_server_takes_a_renewed_certificate_up() {
    let made = Made::for_the_hall();
    made.issue(90);
    let files = TlsFiles { cert: ServerCertificate::path(&made.tls()), key: ServerCertificate::key_path(&made.tls()) };
    let tls = files.load().expect("good files");
    let shown = async || {
        let (browser, server) = tokio::io::duplex(64 * 1024);
        let accepted = TlsAcceptor::from(tls.config.clone()).accept(server);
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ClientConfig::builder_with_details(provider, Arc::new(At(NOW.plus_days(61))))
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_root_certificates(made.roots())
            .with_no_client_auth();
        let name = ServerName::try_from(NAME).unwrap();
        let (server, browser) = tokio::join!(accepted, TlsConnector::from(Arc::new(config)).connect(name, browser));
        server.expect("accepted");
        let browser = browser.expect("believed");
        browser.get_ref().1.peer_certificates().expect("a certificate")[0].clone().into_owned()
    };
    let before: CertificateDer<'static> = made.leaf();
    assert_eq!(shown().await, before);
    assert!(matches!(made.authority.renew(&made.tls(), NOW.plus_days(61)), Ok(Renewal::Renewed(_))));
    assert_eq!(shown().await, before, "not before it looks");
    assert!(tls.certificate.renew().expect("good files"));
    assert_ne!(made.leaf(), before);
    assert_eq!(shown().await, made.leaf());
}

/// A browser's clock that stands still.
#[derive(Debug)]
struct At(Moment);

impl TimeProvider for At {
    fn current_time(&self) -> Option<UnixTime> {
        Some(UnixTime::since_unix_epoch(Duration::from_secs(self.0.0)))
    }
}
