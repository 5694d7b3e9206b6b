//! Where a council is reached, and what is asked over HTTP: enrolling, the roster, anything to be read.

use super::error::ClientError;
use super::identity::{DeviceKey, Identity};
use crate::chamber::ids::CouncilId;
use crate::wire::http::{EnrolRequest, EnrolResponse, LookRequest, LookResponse, Problem};
use reqwest::Url;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::sync::{Arc, Once};
use std::time::Duration;

/// A server's address and one council on it. Cheap to clone; clones share the pool of HTTP connections.
#[derive(Debug, Clone)]
pub struct Endpoint {
    base: Url,
    council: CouncilId,
    http: reqwest::Client,
    tls: Option<Arc<rustls::ClientConfig>>,
}

/// A whole HTTP exchange. The slowest honest one is an import of a large roster.
const HTTP_LIMIT: Duration = Duration::from_secs(30);
const CONNECT_LIMIT: Duration = Duration::from_secs(10);
/// The longest body we read: ten times the largest roll (10,000 people of some 100 bytes).
const MOST_BODY: usize = 10 << 20;

impl Endpoint {
    /// `base_url` such as `http://127.0.0.1:8080`; a path or query in it is not allowed.
    ///
    /// # Errors
    /// `bad_address`, `bad_council`.
    pub fn new(base_url: &str, council: &str) -> Result<Self, ClientError> {
        Self::build(base_url, council, None)
    }

    /// For servers whose certificate comes from an own authority: `tls` says whom to trust.
    ///
    /// # Errors
    /// `bad_address`, `bad_council`.
    pub fn with_tls(base_url: &str, council: &str, tls: rustls::ClientConfig) -> Result<Self, ClientError> {
        Self::build(base_url, council, Some(tls))
    }

    fn build(base_url: &str, council: &str, tls: Option<rustls::ClientConfig>) -> Result<Self, ClientError> {
        install_crypto();
        let bad = || ClientError::BadAddress(base_url.to_owned());
        let base = Url::parse(base_url).map_err(|_| bad())?;
        let plain = base.scheme() == "http";
        let bare = base.path() == "/" && base.query().is_none() && base.fragment().is_none() && base.host().is_some();
        if !bare || !(plain || base.scheme() == "https") {
            return Err(bad());
        }
        let council = CouncilId::parse(council).map_err(|_| ClientError::BadCouncil(council.to_owned()))?;
        let mut http = reqwest::Client::builder()
            .timeout(HTTP_LIMIT)
            .connect_timeout(CONNECT_LIMIT)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy();
        // Without TLS no roots are loaded: some small systems have none and building the client would fail for nothing.
        if let Some(config) = tls.clone().or_else(|| plain.then(trusting_nobody)) {
            http = http.tls_backend_preconfigured(config);
        }
        let http = http.build().map_err(|error| ClientError::Unreachable(error.to_string()))?;
        Ok(Self { base, council, http, tls: tls.map(Arc::new) })
    }

    pub fn council(&self) -> &CouncilId {
        &self.council
    }

    /// The server's address without a trailing slash, as a browser writes it in `Origin`.
    pub fn origin(&self) -> String {
        self.base.origin().ascii_serialization()
    }

    /// An absolute URL below the council's own path, such as `page("wall")`.
    pub fn page(&self, path: &str) -> String {
        format!("{}/c/{}/{path}", self.origin(), self.council)
    }

    /// Whose code is this? Spends nothing, counts as a try.
    ///
    /// # Errors
    /// `bad_code`, `too_many_tries` as refusals; what the way there can do.
    pub async fn look(&self, code: &str) -> Result<LookResponse, ClientError> {
        self.post("api/enrol/look", &LookRequest { code: code.to_owned() }).await
    }

    /// Spends a one-time code: looks whose it is, signs with the new key, enrols it and checks the receipt.
    ///
    /// # Errors
    /// Those of [`Endpoint::look`]; `bad_receipt` when the enrolment is not proved.
    pub async fn enrol(&self, code: &str, key: DeviceKey) -> Result<Identity, ClientError> {
        let look = self.look(code).await?;
        let (identity, statement) = Identity::claim(self.council.as_str(), &look, key)?;
        let request = EnrolRequest { code: code.to_owned(), statement: statement.clone() };
        let response: EnrolResponse = self.post("api/enrol", &request).await?;
        identity.check(&response.receipt, &statement)?;
        Ok(identity)
    }

    /// GET below the council's path, as JSON.
    ///
    /// # Errors
    /// `refused` with the problem's code; `protocol` when the body is something else.
    pub async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, ClientError> {
        read(self.http.get(self.page(path))).await
    }

    /// POST of JSON below the council's path.
    ///
    /// # Errors
    /// As [`Endpoint::get`].
    pub async fn post<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> Result<T, ClientError> {
        read(self.http.post(self.page(path)).header("Origin", self.origin()).json(body)).await
    }

    pub(super) fn socket_url(&self) -> String {
        let scheme = if self.base.scheme() == "https" { "wss" } else { "ws" };
        format!("{scheme}{}", self.page("ws").trim_start_matches("https").trim_start_matches("http"))
    }

    pub(super) fn tls(&self) -> Option<Arc<rustls::ClientConfig>> {
        self.tls.clone()
    }
}

async fn read<T: DeserializeOwned>(request: reqwest::RequestBuilder) -> Result<T, ClientError> {
    let mut response = request.send().await.map_err(unreachable)?;
    let status = response.status();
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(unreachable)? {
        body.extend_from_slice(&chunk);
        if body.len() > MOST_BODY {
            return Err(ClientError::Protocol(format!("an answer of more than {MOST_BODY} bytes")));
        }
    }
    if status.is_success() {
        return serde_json::from_slice(&body).map_err(|error| ClientError::Protocol(format!("answer: {error}")));
    }
    match serde_json::from_slice::<Problem>(&body) {
        Ok(problem) => Err(ClientError::Refused { retry: status.as_u16() == 503, code: problem.code }),
        Err(_) => Err(ClientError::Protocol(format!("status {status} without a problem document"))),
    }
}

fn unreachable(error: reqwest::Error) -> ClientError {
    if error.is_timeout() { ClientError::TimedOut } else { ClientError::Unreachable(describe(&error)) }
}

/// The whole chain: reqwest's own text leaves out why.
fn describe(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        text = format!("{text}: {next}");
        cause = next.source();
    }
    text
}

fn trusting_nobody() -> rustls::ClientConfig {
    rustls::ClientConfig::builder().with_root_certificates(rustls::RootCertStore::empty()).with_no_client_auth()
}

/// rustls wants one provider chosen for the whole process. Whoever was first stays.
fn install_crypto() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_become_pages_and_sockets() {
        let plain = Endpoint::new("http://127.0.0.1:8080", "mau").unwrap();
        assert_eq!(plain.page("wall"), "http://127.0.0.1:8080/c/mau/wall");
        assert_eq!(plain.socket_url(), "ws://127.0.0.1:8080/c/mau/ws");
        let secure = Endpoint::with_tls("https://hall.example/", "mau", trusting_nobody()).unwrap();
        assert_eq!(secure.origin(), "https://hall.example");
        assert_eq!(secure.socket_url(), "wss://hall.example/c/mau/ws");
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for bad in ["", "hall", "ftp://hall", "http://hall/c/mau", "http://hall?x=1", "http://"] {
            assert_eq!(Endpoint::new(bad, "mau").unwrap_err().code(), "bad_address", "{bad}");
        }
        assert_eq!(Endpoint::new("http://hall", "Mẫu").unwrap_err().code(), "bad_council");
    }
}
