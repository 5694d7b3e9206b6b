//! How a tablet comes to trust the hall: a page with the authority's certificate, and the sheet of paper it is compared with. It
//! needs no script and no built page, and is served in the clear too, since it is read before there is trust.

mod template;

use super::listener::ListenerConfig;
use super::problem::ApiError;
use super::{metrics, security};
use crate::authority::Root;
use crate::ledger::text;
use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderValue, header};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};
use sha2::{Digest, Sha256};
use std::time::Duration;
use template::fill;

/// The page, its style, the certificate in the two forms that devices take, and nothing else. `site`: what the page sends people to
/// once they are done, such as `https://hoidong.lan`.
pub fn routes(root: &Root, site: &str) -> Router {
    with_headers(offers(root, site))
}

/// The same on a port of its own, in the clear.
pub fn in_the_clear(root: &Root, site: &str) -> Router {
    with_headers(offers(root, site).fallback(async || ApiError::NotFound))
}

/// Where the page is, for a tablet that does not trust the authority yet.
pub fn page_address(host: &str, port: u16) -> String {
    if port == 80 { format!("http://{host}/install") } else { format!("http://{host}:{port}/install") }
}

/// Where the server is, for one that does.
pub fn site(root: &Root, port: u16) -> String {
    let host = root.names().first();
    if port == 443 { format!("https://{host}") } else { format!("https://{host}:{port}") }
}

/// Limits of that port. Each tablet asks for three small files, once.
pub fn listener_config() -> ListenerConfig {
    ListenerConfig {
        // A province's delegates all at once; more wait for a moment.
        connections: 256,
        // Nothing that goes on for long.
        stall_time: Duration::from_secs(10),
        ..ListenerConfig::default()
    }
}

/// The sheet for the hall's wall, as one file of HTML that needs nothing else. `address`: of the install page.
pub fn poster(root: &Root, address: &str, site: &str) -> String {
    let mut values = values(root, site);
    // A quarter of it may be hidden by tape or a fold. It would hold 1,663 characters of this level, an address has 300 at most.
    let code = QrCode::with_error_correction_level(address, EcLevel::Q);
    let picture = code.map(|code| code.render::<svg::Color<'_>>().quiet_zone(false).build()).unwrap_or_default();
    let qr = format!("data:image/svg+xml;base64,{}", STANDARD.encode(picture));
    values.extend([("address", address.to_owned()), ("qr", qr)]);
    fill(include_str!("poster.html"), &values)
}

/// A configuration profile: the form in which iPads and iPhones take a certificate from a page.
fn profile(root: &Root) -> String {
    let mut values = values(root, "");
    values.extend([
        ("id", text::hex(&root.sha256()).chars().take(16).collect()),
        ("profile_uuid", uuid(root, "profile")),
        ("certificate_uuid", uuid(root, "certificate")),
        ("certificate", STANDARD.encode(root.der())),
    ]);
    fill(include_str!("profile.xml"), &values)
}

fn offers(root: &Root, site: &str) -> Router {
    let page = fill(include_str!("page.html"), &values(root, site));
    let file = HeaderValue::from_str(&format!("attachment; filename=\"{}\"", file_name(root))).ok();
    Router::new()
        .route("/install", offer("text/html; charset=utf-8", None, page))
        .route("/install/page.css", offer("text/css; charset=utf-8", None, include_str!("page.css")))
        .route("/install/authority.crt", offer("application/x-x509-ca-cert", file, root.der().to_vec()))
        // Safari offers to install a profile that it shows, not one that it saves.
        .route("/install/authority.mobileconfig", offer("application/x-apple-aspen-config", None, profile(root)))
        .method_not_allowed_fallback(async || ApiError::WrongMethod)
}

fn offer(kind: &'static str, disposition: Option<HeaderValue>, body: impl Into<Bytes>) -> MethodRouter {
    let body = body.into();
    get(async move || {
        let headers = [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-cache")];
        let mut response = (headers, body).into_response();
        if let Some(disposition) = disposition {
            response.headers_mut().insert(header::CONTENT_DISPOSITION, disposition);
        }
        response
    })
}

fn with_headers(router: Router) -> Router {
    // From the inside out.
    router
        .layer(middleware::from_fn(security::headers))
        .layer(middleware::map_response(no_scripts))
        .layer(middleware::from_fn(metrics::observe))
}

/// Stricter than the other pages' policy: this one has no script, no picture and no form.
async fn no_scripts(mut response: Response) -> Response {
    const POLICY: &str =
        "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    response
}

/// What all three texts say of an authority.
fn values(root: &Root, site: &str) -> Vec<(&'static str, String)> {
    let until = root.life().until;
    let mut values = vec![
        ("file", file_name(root)),
        ("host", root.names().first()),
        ("names", root.names().to_string()),
        ("site", site.to_owned()),
        ("title", root.title().to_owned()),
        ("until", until.to_string()),
        ("until_vi", until.day_month_year()),
    ];
    // Four lines of four groups: so many can be compared at a glance.
    let fingerprint = root.fingerprint();
    let groups: Vec<&str> = fingerprint.split(' ').collect();
    let lines = ["line_1", "line_2", "line_3", "line_4"].into_iter().zip(groups.chunks(4));
    values.extend(lines.map(|(line, groups)| (line, groups.join(" "))));
    values
}

fn file_name(root: &Root) -> String {
    format!("{}.crt", root.names().first())
}

/// The same for the same certificate, so that a profile installed twice is there once.
fn uuid(root: &Root, part: &str) -> String {
    let hex = text::hex(&Sha256::new().chain_update(root.sha256()).chain_update(part).finalize()).to_uppercase();
    let groups: Vec<&str> = [0..8, 8..12, 12..16, 16..20, 20..32].into_iter().filter_map(|at| hex.get(at)).collect();
    groups.join("-")
}
