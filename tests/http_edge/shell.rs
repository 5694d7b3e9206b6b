//! What every request passes, the pages, and the process's own routes.

use crate::support::{
    JSON, LOOK, SHORT, body, get_path, head_of, header, look, post_json, problem, say, shell_config, start, start_with,
    status,
};
use axum::Router;
use axum::extract::Path;
use axum::extract::ws::WebSocketUpgrade;
use axum::routing::get;
use dienhong::http::json::BodyTime;
use dienhong::http::listener::ListenerConfig;
use dienhong::http::metrics::ProcessRoutes;
use dienhong::http::pages::Pages;
use dienhong::http::{MAX_BODY, Shell, shell};
use futures_util::future::BoxFuture;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

#[tokio::test]
async fn every_answer_has_the_security_headers() {
    let boom = async || -> &'static str { panic!("the secret cause") };
    let server = start(Router::new().route("/boom", get(boom))).await;
    for (path, expected) in [("/", 200), ("/nowhere", 404), ("/boom", 500), ("/readyz", 503), ("/c/hanoi", 308)] {
        let answer = get_path(server.address, path, "").await;
        assert_eq!(status(&answer), expected, "{path}");
        let policy = header(&answer, "content-security-policy").unwrap_or_default();
        assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self'; "), "{path}: {policy}");
        assert!(!policy.contains("unsafe") && !policy.contains("  "));
        assert_eq!(header(&answer, "x-content-type-options"), Some("nosniff"));
        assert_eq!(header(&answer, "referrer-policy"), Some("no-referrer"));
        assert!(header(&answer, "permissions-policy").is_some_and(|p| p.contains("camera=()")));
        assert_eq!(header(&answer, "cross-origin-opener-policy"), Some("same-origin"));
        assert_eq!(header(&answer, "strict-transport-security"), None);
        assert!(!answer.contains("secret"), "{answer}");
    }
}

#[tokio::test]
async fn errors_are_problems() {
    let socket = async |upgrade: WebSocketUpgrade| upgrade.on_upgrade(async |_| {});
    let number = async |Path(n): Path<u32>| n.to_string();
    let routes = look().route("/c/{council}/ws", get(socket)).route("/number/{n}", get(number));
    let server = start(routes).await;
    // The framework's own refusals as well.
    for path in ["/c/hanoi/ws", "/number/x", "/number/%ff"] {
        let found = problem(&get_path(server.address, path, "").await);
        assert_eq!((found.status, found.code.as_str()), (400, "bad_request"), "{path}");
    }
    assert_eq!(problem(&get_path(server.address, "/nowhere?code=x", "").await).code, "not_found");
    assert_eq!(problem(&get_path(server.address, "/c/No%20Such/wall", "").await).code, "unknown_council");
    assert_eq!(problem(&get_path(server.address, "/app/chamber-display/nothing.js", "").await).code, "not_found");
    assert_eq!(problem(&get_path(server.address, "/readyz", "").await).code, "store_unavailable");
    let wrong_method = get_path(server.address, LOOK, "").await;
    assert_eq!((status(&wrong_method), problem(&wrong_method).code.as_str()), (405, "bad_request"));
}

#[tokio::test]
async fn bodies_are_checked() {
    let server = start(look()).await;
    let good = post_json(server.address, LOOK, JSON, r#"{"code":"ABCD-EFGH"}"#).await;
    assert_eq!((status(&good), body(&good)), (200, "ABCD-EFGH"));
    let deep = "[".repeat(10_000);
    let cases = [
        ("", r#"{"code":"x"}"#, 415),
        (JSON, r#"{"code":"#, 400),
        (JSON, r#"{"code":1}"#, 400),
        (JSON, r#"{"code":"a","code":"b"}"#, 400),
        (JSON, r#"{"code":"a","more":"b"}"#, 400),
        (JSON, deep.as_str(), 400),
    ];
    for (headers, body, expected) in cases {
        let found = problem(&post_json(server.address, LOOK, headers, body).await);
        assert_eq!((found.status, found.code.as_str()), (expected, "bad_request"), "{body:.40}");
    }
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused() {
    let server = start(look()).await;
    let head = format!("POST {LOOK} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{JSON}");
    // Announced, and not even sent.
    let announced = format!("{head}Content-Length: {}\r\n\r\n", MAX_BODY + 1);
    assert_eq!(problem(&say(server.address, announced).await).code, "too_large");
    // In one chunk, without a length for the whole.
    let size = MAX_BODY + 1;
    let chunked = format!("{head}Transfer-Encoding: chunked\r\n\r\n{size:x}\r\n{}", " ".repeat(size));
    assert_eq!(status(&head_of(server.address, chunked).await), 413);
}

#[tokio::test]
async fn a_body_that_trickles_is_given_up() {
    let config = Shell { body_time: BodyTime(SHORT), ..shell_config() };
    let server = start_with(shell(config, look()), ListenerConfig::default(), None).await;
    let head =
        format!("POST {LOOK} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{JSON}Content-Length: 20\r\n\r\n{{");
    assert_eq!(problem(&say(server.address, head).await).status, 408);
}

#[tokio::test]
async fn foreign_pages_may_neither_post_nor_upgrade() {
    let socket = async |upgrade: WebSocketUpgrade| upgrade.on_upgrade(async |_| {});
    let server = start(look().route("/c/{council}/ws", get(socket))).await;
    let (address, code) = (server.address, r#"{"code":"x"}"#);
    let upgrade = |extra: &str| {
        let asks = "Connection: upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n";
        let key = "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n";
        head_of(address, format!("GET /c/hanoi/ws HTTP/1.1\r\nHost: {address}\r\n{asks}{key}{extra}\r\n"))
    };
    let own = format!("Origin: http://{address}\r\n");
    for friendly in [own.as_str(), "Origin: https://vote.example\r\n", ""] {
        assert_eq!(status(&post_json(address, LOOK, &format!("{friendly}{JSON}"), code).await), 200, "{friendly}");
        assert_eq!(status(&upgrade(friendly).await), 101, "{friendly}");
    }
    for foreign in ["Origin: https://evil.example\r\n", "Origin: null\r\n", "Sec-Fetch-Site: cross-site\r\n"] {
        let refused = problem(&post_json(address, LOOK, &format!("{foreign}{JSON}"), code).await);
        assert_eq!((refused.status, refused.code.as_str()), (403, "bad_origin_header"));
        assert_eq!(status(&upgrade(foreign).await), 403, "{foreign}");
        // Reading is open to all.
        assert_eq!(status(&get_path(address, "/c/hanoi/wall", foreign).await), 200);
    }
}

#[tokio::test]
async fn a_name_that_is_not_the_servers_gets_nothing() {
    let server = start(look()).await;
    let (address, port) = (server.address, server.address.port());
    let ask = |line: &str, host: &str| say(address, format!("{line} HTTP/1.1\r\n{host}Connection: close\r\n\r\n"));
    // Somebody's own name, made to point here: their page would be of the same origin.
    for path in ["/", "/metrics", "/readyz", "/c/hanoi/wall", "/c/hanoi/ws", "/nowhere"] {
        let refused = problem(&ask(&format!("GET {path}"), &format!("Host: evil.example:{port}\r\n")).await);
        assert_eq!((refused.status, refused.code.as_str()), (421, "bad_origin_header"), "{path}");
    }
    let hosts =
        ["", "Host: localhost\r\nHost: evil.example\r\n", "Host: evil.example\r\nOrigin: http://evil.example\r\n"];
    for host in hosts {
        assert_eq!(status(&ask("GET /", host).await), 421, "{host}");
    }
    assert_eq!(status(&ask("GET http://evil.example/", "Host: localhost\r\n").await), 421);
    for host in [format!("localhost:{port}"), address.to_string(), "vote.example".to_owned()] {
        assert_eq!(status(&ask("GET /", &format!("Host: {host}\r\n")).await), 200, "{host}");
    }
    assert_eq!(status(&ask("GET /healthz", "Host: anything.example\r\n").await), 200);
}

#[tokio::test]
async fn readiness_is_not_asked_of_the_store_each_time() {
    let asked = Arc::new(AtomicUsize::new(0));
    let counted = asked.clone();
    // The store is away at the first question, and back at the second.
    let ready = Arc::new(move || -> BoxFuture<'static, Result<(), String>> {
        let n = counted.fetch_add(1, Ordering::SeqCst);
        Box::pin(async move { if n == 0 { Err("away".to_owned()) } else { Ok(()) } })
    });
    let process = ProcessRoutes { ready, ..shell_config().process };
    let config = Shell { process, ..shell_config() };
    let server = start_with(shell(config, Router::new()), ListenerConfig::default(), None).await;
    assert_eq!(status(&get_path(server.address, "/readyz", "").await), 503);
    let start = Instant::now();
    for _ in 0..50 {
        assert_eq!(status(&get_path(server.address, "/readyz", "").await), 200);
    }
    // Once, and once more for each second the fifty took.
    let most = 2 + usize::try_from(start.elapsed().as_secs()).expect("a short time");
    assert!((2..=most).contains(&asked.load(Ordering::SeqCst)));
}

#[tokio::test]
async fn pages_are_revalidated_and_hashed_files_kept() {
    let server = start(Router::new()).await;
    let page = get_path(server.address, "/c/hanoi/wall", "").await;
    assert_eq!((status(&page), header(&page, "cache-control")), (200, Some("no-cache")));
    assert_eq!(header(&page, "content-type"), Some("text/html; charset=utf-8"));
    assert!(body(&page).contains("wall"));
    let tag = header(&page, "etag").expect("a tag");
    let again = get_path(server.address, "/c/hanoi/wall", &format!("If-None-Match: {tag}\r\n")).await;
    assert_eq!((status(&again), body(&again), header(&again, "etag")), (304, "", Some(tag)));

    let script = get_path(server.address, "/app/chamber-display/assets/index-abc.js", "").await;
    assert_eq!(header(&script, "cache-control"), Some("public, max-age=31536000, immutable"));
    assert_eq!(header(&script, "content-type"), Some("text/javascript; charset=utf-8"));

    let head = say(server.address, "HEAD / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await;
    assert_eq!((status(&head), header(&head, "content-length"), body(&head)), (200, Some("34"), ""));
    assert_eq!(header(&get_path(server.address, "/c/hanoi", "").await, "location"), Some("/c/hanoi/"));
}

#[tokio::test]
async fn pages_that_were_not_built_say_how() {
    let server = start(Router::new()).await;
    let answer = get_path(server.address, "/c/hanoi/delegate", "").await;
    assert_eq!(status(&answer), 503);
    assert!(body(&answer).contains("<code>make pages</code>"));
}

#[tokio::test]
async fn nothing_outside_the_built_folders_is_served() {
    let config = Shell { pages: Pages::embedded(), ..shell_config() };
    let server = start_with(shell(config, Router::new()), ListenerConfig::default(), None).await;
    let outside = [
        "../package.json",
        "%2e%2e/package.json",
        "..%2fpackage.json",
        "..%5cpackage.json",
        "../../Cargo.toml",
        "/etc/passwd",
        "%2fetc/passwd",
        "assets/../../package.json",
    ];
    for path in outside {
        for app in ["delegate-client", "chamber-display"] {
            let answer = get_path(server.address, &format!("/app/{app}/{path}"), "").await;
            assert_eq!(problem(&answer).code, "not_found", "{path}");
        }
    }
}

#[tokio::test]
async fn the_process_tells_how_it_is() {
    let process = ProcessRoutes { ready: Arc::new(|| Box::pin(async { Ok(()) })), ..shell_config().process };
    let config = Shell { process, ..shell_config() };
    let server = start_with(shell(config, Router::new()), ListenerConfig::default(), None).await;
    assert_eq!(status(&get_path(server.address, "/readyz", "").await), 200);
    assert_eq!(status(&get_path(server.address, "/no/such/path", "").await), 404);
    let metrics = get_path(server.address, "/metrics", "").await;
    assert_eq!(status(&metrics), 200);
    for expected in [
        "dienhong_http_requests_total{route=\"/readyz\",method=\"GET\",status=\"200\"}",
        "dienhong_http_request_seconds_bucket{route=\"/readyz\",le=\"0.001\"}",
        "dienhong_http_problems_total{code=\"not_found\"}",
        "dienhong_connections_open ",
    ] {
        assert!(metrics.contains(expected), "{expected} in {metrics}");
    }
    // Paths nobody knows make no labels.
    assert!(!metrics.contains("/no/such/path"));
}
