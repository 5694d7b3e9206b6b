//! TLS from a certificate chain and a key in PEM files, read again when they are renewed.

use rustls::ServerConfig;
use rustls::client::verify_server_name;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::server::{ClientHello, ParsedCertificate, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
use tokio::time::{MissedTickBehavior, interval};

/// Where the server's certificate chain (its own first) and private key are.
#[derive(Debug, Clone)]
pub struct TlsFiles {
    pub cert: PathBuf,
    pub key: PathBuf,
}

/// TLS ready to be spoken.
#[derive(Debug, Clone)]
pub struct Tls {
    pub config: Arc<ServerConfig>,
    pub certificate: Arc<Certificate>,
}

/// The certificate in use and its key. A renewed one serves the handshakes that follow; connections that stand are left alone.
#[derive(Debug)]
pub struct Certificate {
    files: TlsFiles,
    current: RwLock<Arc<CertifiedKey>>,
}

/// Why TLS cannot start. Each says which file to look at.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    #[error("cannot read {}: {source}", path.display())]
    Unreadable { path: PathBuf, source: io::Error },
    #[error("{} holds no {expected} in PEM format (a block that begins with {begins})", path.display())]
    NotPem { path: PathBuf, expected: &'static str, begins: &'static str },
    #[error("the private key in {} does not belong to the certificate in {}", key.display(), cert.display())]
    WrongKey { cert: PathBuf, key: PathBuf },
    #[error("{} and {} cannot be used: {source}", cert.display(), key.display())]
    Unusable { cert: PathBuf, key: PathBuf, source: rustls::Error },
}

impl TlsFiles {
    /// Reads both files and checks that they belong together.
    pub fn load(&self) -> Result<Tls, TlsError> {
        let current = RwLock::new(Arc::new(self.read()?));
        let certificate = Arc::new(Certificate { files: self.clone(), current });
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| self.unusable(error))?
            .with_no_client_auth()
            .with_cert_resolver(certificate.clone());
        // WebSockets here are HTTP/1.1 upgrades.
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        // Stateless tickets: a hall whose Wi-Fi came back resumes without 10,000 full handshakes.
        config.ticketer = ring::Ticketer::new().map_err(|error| self.unusable(error))?;
        Ok(Tls { config: Arc::new(config), certificate })
    }

    fn read(&self) -> Result<CertifiedKey, TlsError> {
        let chain = read(&self.cert, "certificate", "-----BEGIN CERTIFICATE-----", |pem| {
            let chain: Vec<_> = CertificateDer::pem_slice_iter(pem).collect::<Result<_, _>>().ok()?;
            (!chain.is_empty()).then_some(chain)
        })?;
        let key = read(&self.key, "private key", "-----BEGIN PRIVATE KEY-----", |pem| {
            PrivateKeyDer::from_pem_slice(pem).ok()
        })?;
        CertifiedKey::from_der(chain, key, &ring::default_provider()).map_err(|error| self.unusable(error))
    }

    fn unusable(&self, source: rustls::Error) -> TlsError {
        let (cert, key) = (self.cert.clone(), self.key.clone());
        match source {
            rustls::Error::InconsistentKeys(_) => TlsError::WrongKey { cert, key },
            source => TlsError::Unusable { cert, key, source },
        }
    }
}

impl Certificate {
    /// Is `host` one of the names in it? Wildcards cover one label.
    pub fn names(&self, host: &str) -> bool {
        let current = self.current();
        let parsed = current.end_entity_cert().and_then(ParsedCertificate::try_from);
        match (parsed, ServerName::try_from(host)) {
            (Ok(parsed), Ok(name)) => verify_server_name(&parsed, &name).is_ok(),
            _ => false,
        }
    }

    /// Reads the files again; `true` when they hold another certificate, which is used from now on. With an error the old one
    /// stays.
    pub fn renew(&self) -> Result<bool, TlsError> {
        let read = self.files.read()?;
        if read.cert == self.current().cert {
            return Ok(false);
        }
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(read);
        Ok(true)
    }

    /// Looks for a renewed certificate, for ever. What is wrong with the files is said each time: the old one will run out.
    pub async fn keep_renewed(self: Arc<Self>) {
        // Soon beside the days a renewal comes early; two small files cost nothing.
        const EVERY: Duration = Duration::from_secs(60);
        let mut tick = interval(EVERY);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tick.tick().await;
            let this = Arc::clone(&self);
            match tokio::task::spawn_blocking(move || this.renew()).await {
                Ok(Ok(true)) => tracing::info!(cert = %self.files.cert.display(), "the certificate was renewed"),
                Ok(Ok(false)) => {}
                Ok(Err(error)) => tracing::warn!(%error, "the certificate cannot be read again; the old one stays"),
                Err(error) => tracing::warn!(%error, "the certificate was not read again"),
            }
        }
    }

    fn current(&self) -> Arc<CertifiedKey> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl ResolvesServerCert for Certificate {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.current())
    }
}

fn read<T>(
    path: &Path,
    expected: &'static str,
    begins: &'static str,
    parse: impl FnOnce(&[u8]) -> Option<T>,
) -> Result<T, TlsError> {
    let pem = std::fs::read(path).map_err(|source| TlsError::Unreadable { path: path.to_owned(), source })?;
    parse(&pem).ok_or_else(|| TlsError::NotPem { path: path.to_owned(), expected, begins })
}
