//! A server on a port the system chose, and a client that speaks plain bytes, so that what is asserted is what goes over the wire.

use axum::Router;
use axum::routing::post;
use dienhong::http::json::{BodyTime, JsonBody};
use dienhong::http::listener::{Bound, Drained, ListenerConfig};
use dienhong::http::metrics::{Metrics, ProcessRoutes};
use dienhong::http::origin::OriginPolicy;
use dienhong::http::pages::{Asset, Pages};
use dienhong::http::{Shell, shell};
use dienhong::wire::http::{LookRequest, Problem};
use std::borrow::Cow;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// Ends a test that hangs; no test's outcome depends on it.
pub const GUARD: Duration = Duration::from_secs(30);
/// A limit short enough to wait for.
pub const SHORT: Duration = Duration::from_millis(50);

pub struct Running {
    pub address: SocketAddr,
    pub stop: watch::Sender<bool>,
    pub done: JoinHandle<Drained>,
}

pub async fn start_with(router: Router, config: ListenerConfig, tls: Option<Arc<rustls::ServerConfig>>) -> Running {
    let any = SocketAddr::from(([127, 0, 0, 1], 0));
    let bound = Bound::bind(any, config, tls).await.expect("a free port");
    let (stop, stopped) = watch::channel(false);
    Running { address: bound.address(), stop, done: tokio::spawn(bound.serve(router, stopped)) }
}

pub async fn start(councils: Router) -> Running {
    start_with(shell(shell_config(), councils), ListenerConfig::default(), None).await
}

pub fn shell_config() -> Shell {
    Shell {
        origins: OriginPolicy::new(["https://vote.example"]).expect("an origin"),
        pages: Pages { delegate_client: |_| None, chamber_display: sample },
        process: ProcessRoutes {
            metrics: Metrics::install().expect("a recorder"),
            metrics_for_all: false,
            ready: Arc::new(|| Box::pin(async { Err("the store is away".to_owned()) })),
        },
        body_time: BodyTime::default(),
    }
}

pub fn sample(path: &str) -> Option<Asset> {
    let data: &'static [u8] = match path {
        "index.html" => b"<!doctype html><title>home</title>",
        "wall.html" => b"<!doctype html><title>wall</title>",
        "assets/index-abc.js" => b"export {}",
        _ => return None,
    };
    let sum = u8::try_from(data.len()).ok()?;
    Some(Asset { data: Cow::Borrowed(data), sha256: [sum; 32] })
}

/// Sends the bytes on a new connection and reads until the server closes it.
pub async fn say(address: SocketAddr, request: impl AsRef<[u8]>) -> String {
    let talk = async {
        let mut stream = TcpStream::connect(address).await.expect("a connection");
        stream.write_all(request.as_ref()).await.expect("sent");
        let mut answer = Vec::new();
        // A reset after the answer, because the server did not read all of a body, is an end too.
        let _ = stream.read_to_end(&mut answer).await;
        String::from_utf8_lossy(&answer).into_owned()
    };
    tokio::time::timeout(GUARD, talk).await.expect("an end of the connection")
}

/// Sends the bytes and reads the head of the answer; the connection may stay open.
pub async fn head_of(address: SocketAddr, request: impl AsRef<[u8]>) -> String {
    let talk = async {
        let mut stream = TcpStream::connect(address).await.expect("a connection");
        // The server may answer and close before it has taken everything.
        let _ = stream.write_all(request.as_ref()).await;
        let mut answer = Vec::new();
        while !answer.ends_with(b"\r\n\r\n") {
            answer.push(stream.read_u8().await.expect("an answer"));
        }
        String::from_utf8_lossy(&answer).into_owned()
    };
    tokio::time::timeout(GUARD, talk).await.expect("an answer")
}

pub async fn get_path(address: SocketAddr, path: &str, extra: &str) -> String {
    say(address, format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{extra}\r\n")).await
}

pub async fn post_json(address: SocketAddr, path: &str, extra: &str, body: &str) -> String {
    let length = body.len();
    let head = format!("POST {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Length: {length}\r\n");
    say(address, format!("{head}{extra}\r\n{body}")).await
}

pub fn status(answer: &str) -> u16 {
    answer.split(' ').nth(1).and_then(|s| s.parse().ok()).unwrap_or_default()
}

pub fn header<'a>(answer: &'a str, name: &str) -> Option<&'a str> {
    let head = answer.split("\r\n\r\n").next()?;
    let mut lines = head.lines().filter_map(|line| line.split_once(": "));
    lines.find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

pub fn body(answer: &str) -> &str {
    answer.split_once("\r\n\r\n").map_or("", |(_, body)| body)
}

pub fn problem(answer: &str) -> Problem {
    assert_eq!(header(answer, "content-type"), Some("application/problem+json"), "{answer}");
    let problem: Problem = serde_json::from_str(body(answer)).expect("a problem");
    assert_eq!(problem.status, status(answer));
    problem
}

pub fn look() -> Router {
    let echo = async |JsonBody(look): JsonBody<LookRequest>| look.code;
    Router::new().route("/c/{council}/api/enrol/look", post(echo))
}

pub const LOOK: &str = "/c/hanoi/api/enrol/look";
pub const JSON: &str = "Content-Type: application/json\r\n";
