//! TLS from files made for the test.

use crate::support::{SHORT, header, say, shell_config, start_with, status};
use axum::Router;
use dienhong::http::listener::ListenerConfig;
use dienhong::http::origin::OriginPolicy;
use dienhong::http::shell;
use dienhong::http::tls::{TlsError, TlsFiles};
use rustls::pki_types::ServerName;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

pub struct Certificate {
    folder: tempfile::TempDir,
    root: rustls::pki_types::CertificateDer<'static>,
}

impl Certificate {
    pub fn new() -> Self {
        Self::named(&["localhost"])
    }

    fn named(names: &[&str]) -> Self {
        let names: Vec<String> = names.iter().map(ToString::to_string).collect();
        let made = rcgen::generate_simple_self_signed(names).expect("a certificate");
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("cert.pem"), made.cert.pem()).expect("written");
        std::fs::write(folder.path().join("key.pem"), made.signing_key.serialize_pem()).expect("written");
        Self { folder, root: made.cert.der().clone() }
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    pub fn files(&self) -> TlsFiles {
        TlsFiles { cert: self.path("cert.pem"), key: self.path("key.pem") }
    }

    pub async fn connect(&self, address: SocketAddr) -> TlsStream<TcpStream> {
        self.try_connect(address).await.expect("a handshake")
    }

    async fn try_connect(&self, address: SocketAddr) -> std::io::Result<TlsStream<TcpStream>> {
        let mut roots = rustls::RootCertStore::empty();
        roots.add(self.root.clone()).expect("a root");
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_root_certificates(roots)
            .with_no_client_auth();
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let stream = TcpStream::connect(address).await.expect("a connection");
        let name = ServerName::try_from("localhost").expect("a name");
        TlsConnector::from(Arc::new(config)).connect(name, stream).await
    }
}

#[tokio::test]
async fn tls_serves_http_1_with_strict_transport() {
    let certificate = Certificate::new();
    let tls = certificate.files().load().expect("good files").config;
    let server = start_with(shell(shell_config(), Router::new()), ListenerConfig::default(), Some(tls)).await;
    let mut stream = certificate.connect(server.address).await;
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(b"http/1.1".as_slice()));
    stream.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await.expect("sent");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.expect("an answer, closed in order");
    let answer = String::from_utf8(answer).expect("text");
    assert_eq!(status(&answer), 200);
    assert_eq!(header(&answer, "strict-transport-security"), Some("max-age=15552000"));
}

#[tokio::test]
async fn a_renewed_certificate_serves_without_a_restart() {
    let (old, new) = (Certificate::new(), Certificate::new());
    let tls = old.files().load().expect("good files");
    let router = shell(shell_config(), Router::new());
    let server = start_with(router, ListenerConfig::default(), Some(tls.config)).await;
    let mut standing = old.connect(server.address).await;
    assert!(!tls.certificate.renew().expect("still good"), "nothing changed");

    // Half renewed: the old one stays.
    std::fs::copy(new.path("cert.pem"), old.path("cert.pem")).expect("copied");
    assert!(matches!(tls.certificate.renew(), Err(TlsError::WrongKey { .. })));
    old.connect(server.address).await;

    std::fs::copy(new.path("key.pem"), old.path("key.pem")).expect("copied");
    assert!(tls.certificate.renew().expect("good files"));
    new.connect(server.address).await;
    assert!(old.try_connect(server.address).await.is_err());
    standing.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await.expect("sent");
    let mut answer = Vec::new();
    standing.read_to_end(&mut answer).await.expect("an answer, closed in order");
    assert_eq!(status(&String::from_utf8_lossy(&answer)), 200);
}

#[test]
fn the_names_in_the_certificate_are_answered_to() {
    let certificate = Certificate::named(&["hall.example", "*.hoidong.example"]);
    let tls = certificate.files().load().expect("good files");
    let policy = OriginPolicy::default().certified_by(Some(tls.certificate));
    for known in ["hall.example", "Hall.example:443", "vinh.hoidong.example"] {
        assert!(policy.answers_to(known), "{known}");
    }
    for strange in ["evil.example", "hoidong.example", "x.hall.example"] {
        assert!(!policy.answers_to(strange), "{strange}");
    }
}

#[tokio::test]
async fn a_handshake_that_does_not_come_is_cut() {
    let tls = Certificate::new().files().load().expect("good files").config;
    let config = ListenerConfig { handshake_time: SHORT, ..ListenerConfig::default() };
    let server = start_with(shell(shell_config(), Router::new()), config, Some(tls)).await;
    assert_eq!(say(server.address, "").await, "");
    // Half a ClientHello.
    assert_eq!(say(server.address, [0x16, 0x03, 0x01, 0x01, 0x00, 0x01]).await, "");
}

#[test]
fn bad_tls_files_are_named() {
    let (one, other) = (Certificate::new(), Certificate::new());
    let error = |cert: &Path, key: &Path| {
        let files = TlsFiles { cert: cert.to_owned(), key: key.to_owned() };
        files.load().expect_err("bad files")
    };
    let (cert, key) = (one.path("cert.pem"), one.path("key.pem"));

    let wrong = error(&cert, &other.path("key.pem"));
    assert!(matches!(wrong, TlsError::WrongKey { .. }), "{wrong}");
    assert!(wrong.to_string().contains("does not belong to the certificate"));

    let missing = error(&one.path("nothing.pem"), &key);
    assert!(matches!(missing, TlsError::Unreadable { .. }), "{missing}");
    assert!(missing.to_string().contains("nothing.pem"));

    for (cert, key, named) in [(&key, &key, "certificate"), (&cert, &cert, "private key")] {
        let not_pem = error(cert, key);
        assert!(matches!(not_pem, TlsError::NotPem { .. }), "{not_pem}");
        assert!(not_pem.to_string().contains(named), "{not_pem}");
    }
}
