//! Requests by hand: from other sites' pages, with paths that lead elsewhere, with two lengths at once, too large. The routes are
//! read from the source, so that a new one is walked as well.

use crate::edge::{JSON, LOOK, head_of, header, say, start_with, status};
use crate::hall::{COUNCIL, Hall, LIMIT, council_id};
use crate::support::place::Place;
use crate::tablet::address;
use dienhong::http::listener::ListenerConfig;
use dienhong::http::metrics::Metrics;
use dienhong::http::origin::OriginPolicy;
use dienhong::http::security::CONTENT_SECURITY_POLICY;
use dienhong::http::tls::TlsFiles;
use dienhong::http::{MAX_BODY, councils};
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use std::collections::BTreeSet;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

pub const POSTS: [&str; 5] = ["api/enrol/look", "api/enrol", "api/roster/check", "api/roster", "api/councils"];
const SMUGGLED: &str = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_answer_of_every_route_has_the_headers_that_shield_it() {
    let hall = Hall::open(Place::sqlite(), "province", 1).await;
    let address = address(&hall.endpoint());
    for path in routes() {
        for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "get"] {
            let answer = ask(address, method, &path, "X-Secret: reflected\r\n").await;
            let what = format!("{method} {path}: {answer}");
            let is = |name, value: &str| assert_eq!(header(&answer, name), Some(value), "{name} of {what}");
            is("content-security-policy", CONTENT_SECURITY_POLICY);
            is("x-content-type-options", "nosniff");
            is("referrer-policy", "no-referrer");
            is("cross-origin-opener-policy", "same-origin");
            is("cross-origin-resource-policy", "same-origin");
            assert!(header(&answer, "permissions-policy").is_some_and(|policy| policy.contains("camera=()")), "{what}");
            let heads = answer.to_ascii_lowercase();
            for absent in [
                "\nset-cookie:",
                "\naccess-control-",
                "\nserver:",
                "\nx-powered-by:",
                "\nstrict-transport",
                "reflected",
            ] {
                assert!(!heads.contains(absent), "{absent} in {what}");
            }
            assert!(status(&answer) < 500 || unbuilt(&answer), "{what}");
            if !["GET", "HEAD"].contains(&method) {
                assert!((400..500).contains(&status(&answer)), "nothing without a body is done: {what}");
            }
        }
    }
    let policy: Vec<&str> = CONTENT_SECURITY_POLICY.split("; ").collect();
    for rule in
        ["default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"]
    {
        assert!(policy.contains(&rule), "{rule}");
    }
    assert!(!CONTENT_SECURITY_POLICY.contains("unsafe"));
    hall.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn under_tls_every_answer_keeps_the_browser_there() {
    let hall = Hall::open(Place::sqlite(), "province", 1).await;
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
    let (cert, key) = (hall.path("cert.pem"), hall.path("key.pem"));
    fs::write(&cert, made.cert.pem()).expect("written");
    fs::write(&key, made.signing_key.serialize_pem()).expect("written");
    let tls = TlsFiles { cert, key }.load().expect("good files").config;
    let metrics = Metrics::install().expect("a recorder");
    let router = councils::router(hall.platform().clone(), OriginPolicy::default(), metrics, false);
    let server = start_with(router, ListenerConfig::default(), Some(tls)).await;

    let mut roots = RootCertStore::empty();
    roots.add(made.cert.der().clone()).expect("a root");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let trusting = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let trusting = trusting.expect("versions").with_root_certificates(roots).with_no_client_auth();
    let connector = TlsConnector::from(Arc::new(trusting));
    for path in routes() {
        let stream = TcpStream::connect(server.address).await.expect("a connection");
        let name = ServerName::try_from("localhost").expect("a name");
        let mut stream = connector.connect(name, stream).await.expect("a handshake");
        let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.expect("sent");
        let mut answer = Vec::new();
        while !answer.ends_with(b"\r\n\r\n") {
            answer.push(timeout(LIMIT, stream.read_u8()).await.expect("in time").expect("an answer"));
        }
        let answer = String::from_utf8_lossy(&answer);
        assert_eq!(header(&answer, "strict-transport-security"), Some("max-age=15552000"), "{path}: {answer}");
        assert_eq!(header(&answer, "content-security-policy"), Some(CONTENT_SECURITY_POLICY), "{path}: {answer}");
    }
    drop(server);
    hall.close().await;
}

/// Without cookies a foreign page has nothing to ride on. It cannot send the one content type that is taken without asking first
/// (and gets no permission), and what its browser says of it is refused besides.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_foreign_page_changes_nothing() {
    let hall = Hall::open(Place::sqlite(), "province", 1).await;
    let (endpoint, address) = (hall.endpoint(), address(&hall.endpoint()));
    let before = size(&hall).await;
    let body = format!(r#"{{"code":"{}"}}"#, hall.code("p1").await);
    let simple = ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"];
    for path in POSTS.map(|path| format!("/c/{COUNCIL}/{path}")) {
        let post = async |headers: String| {
            let length = body.len();
            say(address, format!(
                "POST {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n{body}"
            ))
            .await
        };
        for kind in simple.iter().map(|kind| format!("Content-Type: {kind}\r\n")).chain([String::new()]) {
            assert_eq!(status(&post(kind.clone()).await), 415, "{path} {kind}");
        }
        let own = endpoint.origin();
        for says in [
            "Origin: https://elsewhere.example".to_owned(),
            "Origin: null".to_owned(),
            "Origin: ".to_owned(),
            format!("Origin: {own}\r\nOrigin: https://elsewhere.example"),
            format!("Origin: {own} https://elsewhere.example"),
            "Sec-Fetch-Site: cross-site".to_owned(),
            "Sec-Fetch-Site: same-site".to_owned(),
        ] {
            assert_eq!(status(&post(format!("{says}\r\n{JSON}")).await), 403, "{path} {says}");
        }
        let asked = "Origin: https://elsewhere.example\r\nAccess-Control-Request-Method: POST\r\n\
            Access-Control-Request-Headers: content-type\r\n";
        let answer = ask(address, "OPTIONS", &path, asked).await;
        assert!(status(&answer) >= 400 && !answer.to_ascii_lowercase().contains("access-control-"), "{answer}");
    }
    assert_eq!(size(&hall).await, before);
    hall.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_path_leads_out() {
    let hall = Hall::open(Place::sqlite(), "province", 1).await;
    let address = address(&hall.endpoint());
    let roots = ["/", "/app/delegate-client/", "/app/chamber-display/", "/app/chamber-display/assets/"];
    let councils = ["/c/", "/c/mau/", "/c/mau/record/tile/", "/c/mau/record/tile/0/", "/c/mau/api/view/"];
    let tricks = [
        "../../../../../../etc/passwd",
        "..%2f..%2f..%2fCargo.toml",
        "%2e%2e/%2e%2e/Cargo.toml",
        "%252e%252e%252f%252e%252e%252fCargo.toml",
        "..\\..\\Cargo.toml",
        "..%5c..%5cCargo.toml",
        "%c0%ae%c0%ae/%c0%ae%c0%ae/Cargo.toml",
        "%uff0e%uff0e/Cargo.toml",
        "....//....//Cargo.toml",
        "..;/..;/Cargo.toml",
        "/etc/passwd",
        "%2fetc%2fpasswd",
        "file:///etc/passwd",
        "wall.html%00",
        "wall.html%00.js",
        "wall.html%2f",
        "wall.html/..",
        ".git/config",
        "%2egit/config",
        "instance.key",
        "record.sqlite",
        "x:..",
    ];
    for (root, trick) in roots.iter().chain(&councils).flat_map(|root| tricks.map(|trick| (root, trick))) {
        let answer = ask(address, "GET", &format!("{root}{trick}"), "").await;
        // What could be a council's name gets its slash, and nothing else.
        let slash = header(&answer, "location") == Some(&format!("{root}{trick}/"));
        assert!([400, 404].contains(&status(&answer)) || slash, "{root}{trick}: {answer}");
    }
    // The only redirect stays here, whatever it is made of.
    for council in
        ["/evil.example", "%2fevil.example", "%0d%0aLocation:%20x", "..", "%2e%2e", "\\evil.example", "a%20b"]
    {
        let answer = ask(address, "GET", &format!("/c/{council}"), "").await;
        assert!([400, 404].contains(&status(&answer)) && header(&answer, "location").is_none(), "{council}: {answer}");
    }
    hall.close().await;
}

/// What a proxy in front might end elsewhere than this server does: one answer, and nothing of the rest is read.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_with_two_ends_is_refused_and_the_line_cut() {
    let hall = Hall::open(Place::sqlite(), "province", 1).await;
    let address = address(&hall.endpoint());
    let head = format!("POST {} HTTP/1.1\r\nHost: {address}\r\n{JSON}", LOOK.replace("hanoi", COUNCIL));
    let length = SMUGGLED.len() + 5;
    let chunked = "Transfer-Encoding: chunked\r\n";
    let shapes = [
        ("a length and chunks", format!("Content-Length: {length}\r\n{chunked}\r\n0\r\n\r\n")),
        ("chunks and a length", format!("{chunked}Content-Length: {length}\r\n\r\n0\r\n\r\n")),
        ("two lengths", "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}".to_owned()),
        ("a list of lengths", "Content-Length: 2, 3\r\n\r\n{}".to_owned()),
        ("a list of the same", "Content-Length: 2, 2\r\n\r\n{}".to_owned()),
        ("a sign", "Content-Length: +2\r\n\r\n{}".to_owned()),
        ("less than nothing", "Content-Length: -2\r\n\r\n{}".to_owned()),
        ("hex", "Content-Length: 0x2\r\n\r\n{}".to_owned()),
        ("past every number", "Content-Length: 18446744073709551618\r\n\r\n{}".to_owned()),
        ("no coding there is", "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n".to_owned()),
        ("chunks inside", "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n".to_owned()),
        ("a space before the colon", "Content-Length : 2\r\n\r\n{}".to_owned()),
        ("a folded line", "X: a\r\n Content-Length: 2\r\n\r\n{}".to_owned()),
        ("half a line's end", "X: a\rContent-Length: 2\r\n\r\n{}".to_owned()),
        ("a zero byte", "X: a\0b\r\nContent-Length: 2\r\n\r\n{}".to_owned()),
        ("a chunk's length in C", format!("{chunked}\r\n0x2\r\n{{}}\r\n0\r\n\r\n")),
        ("a chunk past every number", format!("{chunked}\r\n10000000000000002\r\n{{}}\r\n0\r\n\r\n")),
        ("chunks ended by half", format!("{chunked}\r\n2\n{{}}\n0\n\n")),
    ];
    for (name, rest) in shapes {
        let answer = say(address, format!("{head}{rest}{SMUGGLED}")).await;
        assert_eq!(status(&answer), 400, "{name}: {answer}");
        assert!(!answer.contains("200 OK"), "{name}: {answer}");
    }
    let old = head.replace("HTTP/1.1", "HTTP/1.0");
    let answer = say(address, format!("{old}{chunked}\r\n0\r\n\r\n{SMUGGLED}")).await;
    assert!(status(&answer) == 400 && !answer.contains("200 OK"), "chunks before there were any: {answer}");
    hall.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn too_much_of_anything_is_refused() {
    let hall = Hall::open(Place::sqlite(), "province", 1).await;
    let address = address(&hall.endpoint());
    let head = format!("GET /healthz HTTP/1.1\r\nHost: {address}\r\n");
    let many: String = (0..500).map(|n| format!("X-{n}: a\r\n")).collect();
    let bombs = [
        format!("{head}{many}\r\n"),
        format!("{head}X: {}\r\n\r\n", "a".repeat(100 * 1024)),
        format!("{head}{}: a\r\n\r\n", "a".repeat(100 * 1024)),
        format!("GET /{} HTTP/1.1\r\nHost: {address}\r\n\r\n", "a".repeat(100 * 1024)),
    ];
    for bomb in bombs {
        let code = status(&head_of(address, &bomb).await);
        assert!([414, 431].contains(&code), "{code}: {bomb:.60}");
    }
    for path in POSTS.map(|path| format!("/c/{COUNCIL}/{path}")) {
        let post = format!("POST {path} HTTP/1.1\r\nHost: {address}\r\n{JSON}");
        let announced = head_of(address, format!("{post}Content-Length: {}\r\n\r\n", MAX_BODY + 1)).await;
        assert_eq!(status(&announced), 413, "{path}");
        let endless = format!("{post}Transfer-Encoding: chunked\r\n\r\n100001\r\n{}", " ".repeat(MAX_BODY + 1));
        assert_eq!(status(&head_of(address, endless).await), 413, "{path}");
        // What stands beside the chunks is no way round the limit.
        let extension = format!("{post}Transfer-Encoding: chunked\r\n\r\n1;{}\r\n", "x".repeat(100 * 1024));
        assert_eq!(status(&head_of(address, extension).await), 400, "{path}");
        let trailers = "X: a\r\n".repeat(10_000);
        let trailing = format!("{post}Transfer-Encoding: chunked\r\n\r\n2\r\n{{}}\r\n0\r\n{trailers}\r\n");
        assert_eq!(status(&head_of(address, trailing).await), 400, "{path}");
    }
    hall.close().await;
}

/// The paths in the source of the server's routes, with something put in for their parameters.
fn routes() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for file in source_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/http")) {
        let text = fs::read_to_string(file).expect("a source file");
        let text = text.split("#[cfg(test)]").next().unwrap_or_default();
        let strings = text.split('"').filter(|string| string.starts_with('/') && !string.contains([' ', '\n']));
        found.extend(
            strings.map(|path| {
                path.replace("{council}", COUNCIL).replace("{topic}", "live").replace("{*path}", "0/000.p/1")
            }),
        );
    }
    for known in ["/", "/metrics", "/c/mau/ws", "/c/mau/wall", "/c/mau/api/enrol", "/c/mau/record/tile/0/000.p/1"] {
        assert!(found.contains(known), "{known} is not in {found:?}");
    }
    found
}

fn source_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for path in fs::read_dir(folder).expect("the source").flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            files.extend(source_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

/// The head of the answer: some bodies never end.
async fn ask(address: SocketAddr, method: &str, path: &str, headers: &str) -> String {
    head_of(address, format!("{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{headers}\r\n")).await
}

/// A page of a source tree whose pages were not built says so with 503.
fn unbuilt(answer: &str) -> bool {
    status(answer) == 503 && header(answer, "content-type") == Some("text/html; charset=utf-8")
}

async fn size(hall: &Hall) -> u64 {
    let council = hall.platform().council(&council_id()).expect("the council");
    council.ask(|sequencer| sequencer.size()).await.expect("it answers")
}
