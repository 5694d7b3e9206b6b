//! The hall's own authority: whom its certificates convince and whom not, its files, its renewals, and the page where tablets take
//! it on.

#[path = "../support/hall.rs"]
#[allow(dead_code)]
mod hall;
#[path = "../e2e/plain_http.rs"]
#[allow(dead_code)]
mod plain_http;
#[path = "../e2e/process.rs"]
#[allow(dead_code)]
mod process;
#[path = "../support/mod.rs"]
mod support;
#[path = "../e2e/tablet.rs"]
#[allow(dead_code)]
mod tablet;

mod chains;
mod files;
mod forged;
mod install;
mod names;

use dienhong::authority::{Authority, Life, Moment, Names, ServerCertificate};
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, RootCertStore};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

/// A day in 2026.
pub const NOW: Moment = Moment(1_790_000_000);
pub const NAME: &str = "hoidong.test";
pub const ADDRESS: &str = "192.168.1.10";

/// An authority in a folder that is gone with it.
pub struct Made {
    pub authority: Authority,
    folder: TempDir,
}

impl Made {
    /// For the hall's name and its address.
    pub fn for_the_hall() -> Self {
        Self::limited_to(&[NAME], &[ADDRESS])
    }

    pub fn limited_to(names: &[&str], addresses: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let addresses: Vec<_> = addresses.iter().map(|address| address.parse().expect("an address")).collect();
        let names = Names::new(names, &addresses).expect("good names");
        let authority = Authority::create(&names, 5, &folder.path().join("ca"), NOW).expect("an authority");
        Self { authority, folder }
    }

    pub fn issue(&self, days: u32) -> ServerCertificate {
        self.authority.issue(&[], days, &self.tls(), NOW).expect("a certificate")
    }

    pub fn ca(&self) -> PathBuf {
        self.path("ca")
    }

    /// Where the server's certificate lies.
    pub fn tls(&self) -> PathBuf {
        self.path("tls")
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The server's certificate as it lies there now.
    pub fn leaf(&self) -> CertificateDer<'static> {
        CertificateDer::from_pem_file(ServerCertificate::path(&self.tls())).expect("a certificate")
    }

    /// Is a browser convinced that the other end is `host`?
    pub fn convinces(&self, host: &str, chain: &[CertificateDer<'_>], at: Moment) -> Result<(), CertificateError> {
        let (leaf, between) = chain.split_first().expect("a certificate");
        let name = ServerName::try_from(host.to_owned()).expect("a name");
        let at = UnixTime::since_unix_epoch(Duration::from_secs(at.0));
        match self.verifier().verify_server_cert(leaf, between, &name, &[], at) {
            Ok(_) => Ok(()),
            Err(rustls::Error::InvalidCertificate(why)) => Err(why),
            Err(error) => panic!("{error}"),
        }
    }

    fn verifier(&self) -> Arc<WebPkiServerVerifier> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        WebPkiServerVerifier::builder_with_provider(Arc::new(self.roots()), provider).build().expect("a verifier")
    }

    pub fn roots(&self) -> RootCertStore {
        let mut roots = RootCertStore::empty();
        roots.add(self.authority.root().der().to_vec().into()).expect("a root");
        roots
    }
}

/// Does `dienhong ca` with these arguments, in a process of its own.
pub async fn ca(arguments: &[&str], unused: &Path) -> std::process::Output {
    process::dienhong(unused, None, &[&["ca"], arguments].concat()).await
}

pub fn days(life: Life) -> u64 {
    life.from.days_until(life.until)
}
