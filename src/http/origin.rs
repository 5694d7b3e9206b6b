//! Which sites' pages may change something here or open a socket. Statements are signed and there are no cookies, so a foreign
//! page could do little; but it should not even be able to use a visitor's browser to try codes or to hold sockets.

use super::listener::Peer;
use super::problem::ApiError;
use super::tls::Certificate;
use axum::extract::{Request, State};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

/// Pages of this server itself (same host and port as the request's `Host`), and of the origins listed. And which names the
/// server answers to at all: without that, somebody's own name made to point at this server ("DNS rebinding") would make their
/// pages the server's own in a visitor's browser.
#[derive(Debug, Clone, Default)]
pub struct OriginPolicy {
    listed: Arc<[Origin]>,
    names: Arc<[String]>,
    certificate: Option<Arc<Certificate>>,
}

/// A configured origin could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not an origin: write it as https://host or https://host:port, without a path")]
pub struct BadOrigin(pub String);

/// A configured name of the server could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a host's name: write it as hoidong.example, without https:// and without a port")]
pub struct BadHost(pub String);

impl OriginPolicy {
    /// This server's own pages are always allowed; `listed` are others, such as a proxy's public name.
    pub fn new<T: AsRef<str>>(listed: impl IntoIterator<Item = T>) -> Result<Self, BadOrigin> {
        let parse = |text: T| Origin::parse(text.as_ref()).ok_or_else(|| BadOrigin(text.as_ref().to_owned()));
        let listed: Result<Vec<_>, _> = listed.into_iter().map(parse).collect();
        Ok(Self { listed: listed?.into(), ..Self::default() })
    }

    /// Names the server has beside its addresses and `localhost`.
    pub fn answering_to<T: AsRef<str>>(self, names: impl IntoIterator<Item = T>) -> Result<Self, BadHost> {
        let parse = |text: T| name(text.as_ref()).ok_or_else(|| BadHost(text.as_ref().to_owned()));
        let names: Result<Vec<_>, _> = names.into_iter().map(parse).collect();
        Ok(Self { names: names?.into(), ..self })
    }

    /// The names in the certificate are the server's too: nobody else could have had them certified.
    pub fn certified_by(self, certificate: Option<Arc<Certificate>>) -> Self {
        Self { certificate, ..self }
    }

    /// Is this a name the server goes by? `authority` as in `Host`, with or without a port. A browser sends an IP address only
    /// where its user went to that address, so any will do.
    pub fn answers_to(&self, authority: &str) -> bool {
        let Some(Origin { host, .. }) = Origin::of_authority(false, authority) else {
            return false;
        };
        let v6 = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
        host == "localhost"
            || v6.map_or_else(|| host.parse::<Ipv4Addr>().is_ok(), |v6| v6.parse::<Ipv6Addr>().is_ok())
            || self.names.contains(&host)
            || self.listed.iter().any(|origin| origin.host == host)
            || self.certificate.as_ref().is_some_and(|certificate| certificate.names(&host))
    }

    fn knows_host_of(&self, request: &Request) -> bool {
        let mut hosts = request.headers().get_all(header::HOST).iter();
        let (Some(host), None) = (hosts.next(), hosts.next()) else {
            return false;
        };
        // A request to a proxy names the host in its first line as well.
        let target = request.uri().authority().is_none_or(|authority| self.answers_to(authority.as_str()));
        target && host.to_str().is_ok_and(|host| self.answers_to(host))
    }

    /// May a request with these headers change something or open a socket? `over_tls`: this server ended its TLS.
    ///
    /// Browsers send `Origin` with every POST and every WebSocket handshake. Other programs send none and are let through,
    /// unless `Sec-Fetch-Site` gives away a browser acting for another site.
    pub fn allowed(&self, headers: &HeaderMap, over_tls: bool) -> bool {
        let mut origins = headers.get_all(header::ORIGIN).iter();
        match (origins.next(), origins.next()) {
            (None, _) => !from_another_site(headers),
            (Some(origin), None) => {
                let Some(origin) = origin.to_str().ok().and_then(Origin::parse) else {
                    return false;
                };
                self.listed.contains(&origin) || is_own(&origin, headers, over_tls)
            }
            (Some(_), Some(_)) => false,
        }
    }
}

/// Middleware: refuses whatever asks for a host this is not; and what may change something, and WebSocket handshakes, from pages
/// that are not allowed.
pub async fn guard(State(policy): State<OriginPolicy>, request: Request, next: Next) -> Response {
    // Those who watch over processes send what they like as a host, and all they learn is that one runs.
    if request.uri().path() != "/healthz" && !policy.knows_host_of(&request) {
        return ApiError::WrongHost.into_response();
    }
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let upgrades = request.headers().contains_key(header::UPGRADE);
    let tls = request.extensions().get::<Peer>().is_some_and(|peer| peer.tls);
    if (!reads || upgrades) && !policy.allowed(request.headers(), tls) {
        return ApiError::BadOriginHeader.into_response();
    }
    next.run(request).await
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Origin {
    https: bool,
    host: String,
    port: u16,
}

impl Origin {
    /// `None` also for `null`, which sandboxed frames and local files send.
    fn parse(text: &str) -> Option<Self> {
        let (scheme, rest) = text.split_once("://")?;
        let https = match scheme.to_ascii_lowercase().as_str() {
            "https" => true,
            "http" => false,
            _ => return None,
        };
        Self::of_authority(https, rest)
    }

    fn of_authority(https: bool, text: &str) -> Option<Self> {
        // Browsers put no user into either header; `Authority` would take one.
        if text.contains('@') {
            return None;
        }
        let authority: Authority = text.parse().ok()?;
        // `Authority::port` is silent both where there is none and where it is no number.
        let port = match text.strip_prefix(authority.host())?.strip_prefix(':') {
            Some(port) => port.parse().ok()?,
            None if https => 443,
            None => 80,
        };
        Some(Self { https, host: authority.host().to_ascii_lowercase(), port })
    }
}

/// As it is compared: in small letters. `None` for what is no plain name.
fn name(text: &str) -> Option<String> {
    let plain = !text.is_empty() && !text.contains([':', '/', '@', '[']);
    let authority: Authority = plain.then(|| text.parse().ok())??;
    Some(authority.host().to_ascii_lowercase())
}

fn is_own(origin: &Origin, headers: &HeaderMap, over_tls: bool) -> bool {
    // A page that came in the clear may have been changed on its way. Without TLS here, a proxy may have ended it.
    if over_tls && !origin.https {
        return false;
    }
    let mut hosts = headers.get_all(header::HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else {
        return false;
    };
    let host = host.to_str().ok().and_then(|host| Origin::of_authority(origin.https, host));
    host.as_ref() == Some(origin)
}

fn from_another_site(headers: &HeaderMap) -> bool {
    let site = headers.get(HeaderName::from_static("sec-fetch-site"));
    site.is_some_and(|site| site != "same-origin" && site != "none")
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut map = HeaderMap::new();
        for (name, value) in pairs {
            map.append(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        map
    }

    fn own(origin: &'static str, host: &'static str, tls: bool) -> bool {
        OriginPolicy::default().allowed(&headers(&[("origin", origin), ("host", host)]), tls)
    }

    #[test]
    fn the_same_host_and_port_is_own() {
        assert!(own("http://localhost:8080", "localhost:8080", false));
        assert!(own("http://[::1]:8080", "[::1]:8080", false));
        assert!(own("https://Hall.example", "hall.example", true));
        assert!(own("https://hall.example", "hall.example:443", true));
        // A proxy in front ended the TLS.
        assert!(own("https://hall.example", "hall.example", false));
    }

    #[test]
    fn others_are_not() {
        assert!(!own("http://localhost:8081", "localhost:8080", false));
        assert!(!own("https://evil.example", "hall.example", true));
        assert!(!own("https://hall.example.evil.example", "hall.example", true));
        assert!(!own("http://hall.example", "hall.example", true));
        assert!(!own("null", "hall.example", true));
        assert!(!own("https://hall.example@evil.example", "evil.example", true));
        assert!(!own("https://", "", true));
        assert!(!own("file://hall.example", "hall.example", true));
        assert!(!own("https://hall.example/path", "hall.example", true));
        assert!(!own("https://hall.example:99999", "hall.example", true));
    }

    #[test]
    fn doubled_headers_are_refused() {
        let policy = OriginPolicy::default();
        let two = [("origin", "http://a"), ("origin", "http://a"), ("host", "a")];
        assert!(!policy.allowed(&headers(&two), false));
        let two = [("origin", "http://a"), ("host", "a"), ("host", "b")];
        assert!(!policy.allowed(&headers(&two), false));
        assert!(!policy.allowed(&headers(&[("origin", "http://a")]), false));
    }

    #[test]
    fn programs_without_origin_pass_unless_a_browser_shows() {
        let policy = OriginPolicy::default();
        assert!(policy.allowed(&headers(&[("host", "a")]), true));
        assert!(policy.allowed(&headers(&[("sec-fetch-site", "same-origin")]), true));
        assert!(policy.allowed(&headers(&[("sec-fetch-site", "none")]), true));
        assert!(!policy.allowed(&headers(&[("sec-fetch-site", "cross-site")]), true));
        assert!(!policy.allowed(&headers(&[("sec-fetch-site", "same-site")]), true));
    }

    #[test]
    fn only_names_of_its_own_are_answered_to() {
        let policy = OriginPolicy::new(["https://vote.example:8443"]).expect("an origin");
        let policy = policy.answering_to(["HoiDong.example"]).expect("a name");
        for known in [
            "localhost",
            "LocalHost:8420",
            "127.0.0.1:8420",
            "10.0.0.5",
            "[::1]:8420",
            "hoidong.example",
            "hoidong.example:443",
            "vote.example",
        ] {
            assert!(policy.answers_to(known), "{known}");
        }
        for strange in [
            "",
            "evil.example",
            "hoidong.example.evil.example",
            "x.hoidong.example",
            "localhost.evil.example",
            "10.0.0.5.evil.example",
            "1.2.3",
            "[evil.example]",
            "localhost@evil.example",
            "localhost:x",
        ] {
            assert!(!policy.answers_to(strange), "{strange}");
        }
        for bad in ["https://hoidong.example", "hoidong.example:443", "hoidong.example/", "a b", "", "[::1]"] {
            assert_eq!(OriginPolicy::default().answering_to([bad]).map(|_| ()), Err(BadHost(bad.into())));
        }
    }

    #[test]
    fn listed_origins_pass_exactly() {
        let policy = OriginPolicy::new(["https://vote.example:8443"]).expect("an origin");
        let with = |origin| policy.allowed(&headers(&[("origin", origin), ("host", "10.0.0.5")]), false);
        assert!(with("https://vote.example:8443"));
        assert!(!with("https://vote.example"));
        assert!(!with("http://vote.example:8443"));
        assert_eq!(OriginPolicy::new(["vote.example"]).map(|_| ()), Err(BadOrigin("vote.example".into())));
        assert!(OriginPolicy::new(["https://vote.example/"]).is_err());
    }
}
