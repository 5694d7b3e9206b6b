//! The built pages, embedded in the binary. Debug builds read them from the source tree instead, so that a rebuilt page shows
//! on reload.

use super::problem::ApiError;
use crate::chamber::ids::is_valid_id;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use rust_embed::RustEmbed;
use std::borrow::Cow;

/// Where the built pages come from.
#[derive(Debug, Clone, Copy)]
pub struct Pages {
    /// Pages that sign: `delegate.html`, `chair.html`, `admin.html`.
    pub delegate_client: Shelf,
    /// Pages that only watch: `index.html`, `council.html`, `wall.html`, `results.html`, `verify.html`.
    pub chamber_display: Shelf,
}

/// Finds a file by its path within one built folder. Asked only for paths that [`is_plain`] lets through.
pub type Shelf = fn(&str) -> Option<Asset>;

/// One built file.
#[derive(Debug, Clone)]
pub struct Asset {
    pub data: Cow<'static, [u8]>,
    pub sha256: [u8; 32],
}

impl Pages {
    /// The pages this binary was built with.
    pub fn embedded() -> Self {
        Self {
            delegate_client: |path| DelegateClient::get(path).map(Asset::from),
            chamber_display: |path| ChamberDisplay::get(path).map(Asset::from),
        }
    }
}

/// Routes of all pages and their files (docs/protocol.md lists the paths).
pub fn routes(pages: Pages) -> Router {
    let mut router = Router::new()
        .route(
            "/",
            get(async |State(p): State<Pages>, headers: HeaderMap| page(p.chamber_display, "index.html", &headers)),
        )
        .route("/c/{council}", get(async |Path(council): Path<String>| with_slash(&council)))
        .route("/app/delegate-client/{*path}", get(client_file))
        .route("/app/chamber-display/{*path}", get(display_file));
    for (path, file) in CLIENT_PAGES {
        let serve = async |State(p): State<Pages>, Path(council): Path<String>, headers: HeaderMap| {
            council_page(&council, p.delegate_client, file, &headers)
        };
        router = router.route(path, get(serve));
    }
    for (path, file) in DISPLAY_PAGES {
        let serve = async |State(p): State<Pages>, Path(council): Path<String>, headers: HeaderMap| {
            council_page(&council, p.chamber_display, file, &headers)
        };
        router = router.route(path, get(serve));
    }
    router.with_state(pages)
}

const CLIENT_PAGES: [(&str, &str); 3] = [
    ("/c/{council}/delegate", "delegate.html"),
    ("/c/{council}/chair", "chair.html"),
    ("/c/{council}/admin", "admin.html"),
];

const DISPLAY_PAGES: [(&str, &str); 4] = [
    ("/c/{council}/", "council.html"),
    ("/c/{council}/wall", "wall.html"),
    ("/c/{council}/results", "results.html"),
    ("/c/{council}/verify", "verify.html"),
];

#[derive(RustEmbed)]
#[folder = "delegate-client/dist"]
#[allow_missing = true]
struct DelegateClient;

#[derive(RustEmbed)]
#[folder = "chamber-display/dist"]
#[allow_missing = true]
struct ChamberDisplay;

impl From<rust_embed::EmbeddedFile> for Asset {
    fn from(file: rust_embed::EmbeddedFile) -> Self {
        Self { data: file.data, sha256: file.metadata.sha256_hash() }
    }
}

async fn client_file(State(pages): State<Pages>, Path(path): Path<String>, headers: HeaderMap) -> Response {
    file(pages.delegate_client, &path, &headers)
}

async fn display_file(State(pages): State<Pages>, Path(path): Path<String>, headers: HeaderMap) -> Response {
    file(pages.chamber_display, &path, &headers)
}

fn file(shelf: Shelf, path: &str, headers: &HeaderMap) -> Response {
    let asset = is_plain(path).then(|| shelf(path)).flatten();
    asset.map_or_else(|| ApiError::NotFound.into_response(), |asset| answer(asset, path, headers))
}

fn council_page(council: &str, shelf: Shelf, name: &str, headers: &HeaderMap) -> Response {
    if is_valid_id(council) { page(shelf, name, headers) } else { ApiError::UnknownCouncil.into_response() }
}

fn page(shelf: Shelf, name: &str, headers: &HeaderMap) -> Response {
    shelf(name).map_or_else(not_built, |asset| answer(asset, name, headers))
}

fn with_slash(council: &str) -> Response {
    // Checked, so that the redirect cannot be made to lead elsewhere.
    if is_valid_id(council) {
        Redirect::permanent(&format!("/c/{council}/")).into_response()
    } else {
        ApiError::UnknownCouncil.into_response()
    }
}

fn answer(asset: Asset, path: &str, request: &HeaderMap) -> Response {
    let tag = etag(&asset.sha256);
    let mut response = if is_known(request, &tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let body = match asset.data {
            Cow::Borrowed(data) => Bytes::from_static(data),
            Cow::Owned(data) => Bytes::from(data),
        };
        let mut response = Response::new(Body::from(body));
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type(path)));
        response
    };
    let headers = response.headers_mut();
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    // Files under assets/ have a hash of their content in their name; all others keep theirs when they change.
    let cache = if path.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    if path == "sw.js" {
        // The worker lies beside its page's files but keeps the shell of pages under a council's path.
        headers.insert("service-worker-allowed", HeaderValue::from_static("/c/"));
    }
    response
}

fn etag(sha256: &[u8; 32]) -> String {
    // Half of the hash is plenty to tell two builds apart.
    let hex: String = sha256.iter().take(16).map(|b| format!("{b:02x}")).collect();
    format!("\"{hex}\"")
}

fn is_known(request: &HeaderMap, tag: &str) -> bool {
    let lists = request.get_all(header::IF_NONE_MATCH).iter().filter_map(|list| list.to_str().ok());
    lists.flat_map(|list| list.split(',')).map(str::trim).any(|one| {
        // A proxy that compresses makes tags weak; the comparison here is the weak one (RFC 9110, 13.1.2).
        one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag
    })
}

/// What the page builder emits: relative, of plain characters, no segment that is empty or starts with a dot.
fn is_plain(path: &str) -> bool {
    path.split('/').all(|segment| {
        !segment.is_empty()
            && !segment.starts_with('.')
            && segment.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
    })
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json" | "map") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("webp") => "image/webp",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        Some("wasm") => "application/wasm",
        Some("pdf") => "application/pdf",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

fn not_built() -> Response {
    let mut response = (StatusCode::SERVICE_UNAVAILABLE, NOT_BUILT).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

const NOT_BUILT: &str = "<!doctype html>
<html lang=\"vi\">
<head>
<meta charset=\"utf-8\">
<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">
<title>Diên Hồng</title>
</head>
<body>
<h1>Diên Hồng</h1>
<p>Máy chủ đang chạy, nhưng các trang chưa được dựng. Chạy <code>make pages</code> trong thư mục mã nguồn
(cần Node 20 trở lên), rồi dựng lại máy chủ.</p>
<p lang=\"en\">The server is running, but its pages were not built. Run <code>make pages</code> in the source tree
(Node 20 or later is needed), then build the server again.</p>
</body>
</html>
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_paths_reach_the_shelf() {
        for good in ["index.html", "assets/index-B1x_2.js", "a/b.c/d"] {
            assert!(is_plain(good), "{good}");
        }
        for bad in ["", "..", "../x", "a/../b", "a//b", "/etc/passwd", "a/", ".env", "a\\b", "a%2e", "a\0b", "C:", "ă"]
        {
            assert!(!is_plain(bad), "{bad:?}");
        }
    }

    #[test]
    fn tags_match_also_when_weak_or_listed() {
        let request = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::IF_NONE_MATCH, HeaderValue::from_static(value));
            headers
        };
        let tag = "\"ab\"";
        for known in ["\"ab\"", "W/\"ab\"", "\"x\", \"ab\"", "*"] {
            assert!(is_known(&request(known), tag), "{known}");
        }
        for unknown in ["\"abc\"", "ab", ""] {
            assert!(!is_known(&request(unknown), tag), "{unknown}");
        }
    }

    #[test]
    fn the_page_for_missing_pages_needs_no_inline_code() {
        assert!(!NOT_BUILT.contains("<script") && !NOT_BUILT.contains("<style") && !NOT_BUILT.contains("style="));
    }
}
