//! Accepting, limits of time and number, stopping.

use crate::support::{GUARD, Running, SHORT, body, get_path, head_of, say, shell_config, start, start_with, status};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Extension;
use axum::extract::ws::{Message, WebSocketUpgrade};
use axum::routing::get;
use dienhong::http::listener::{Bound, Drained, ListenError, ListenerConfig, Peer};
use dienhong::http::shell;
use futures_util::{SinkExt, StreamExt};
use std::convert::Infallible;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::{mpsc, watch};

#[tokio::test]
async fn a_port_in_use_is_named() {
    let first = start(Router::new()).await;
    let second = Bound::bind(first.address, ListenerConfig::default(), None).await;
    let error = second.expect_err("the port is taken");
    assert!(matches!(error, ListenError::InUse { .. }));
    assert!(error.to_string().contains(&format!("port {} ", first.address.port())), "{error}");
}

#[tokio::test]
async fn silent_slow_and_idle_connections_are_cut() {
    let config = ListenerConfig { header_time: SHORT, ..ListenerConfig::default() };
    let server = start_with(shell(shell_config(), Router::new()), config, None).await;
    assert_eq!(say(server.address, "").await, "");
    assert_eq!(say(server.address, "PRI ").await, "");
    assert_eq!(say(server.address, "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: ").await, "");
    let kept_alive = say(server.address, "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n").await;
    assert_eq!((status(&kept_alive), body(&kept_alive)), (200, "ok\n"));
}

#[tokio::test]
async fn an_oversized_header_is_refused() {
    let server = start(Router::new()).await;
    let large = "a".repeat(64 * 1024);
    let answer =
        head_of(server.address, format!("GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Large: {large}\r\n\r\n")).await;
    assert_eq!(status(&answer), 431);
}

#[tokio::test]
async fn more_connections_than_allowed_wait_for_a_place() {
    let config = ListenerConfig { connections: 1, ..ListenerConfig::default() };
    let server = start_with(shell(shell_config(), Router::new()), config, None).await;
    let mut first = TcpStream::connect(server.address).await.expect("a connection");
    first.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n").await.expect("sent");
    first.read_u8().await.expect("an answer");
    let second = tokio::spawn(async move { get_path(server.address, "/healthz", "").await });
    // The kernel takes the second connection; the server serves it when the first has gone.
    drop(first);
    assert_eq!(status(&second.await.expect("an answer")), 200);
}

#[tokio::test]
async fn a_peer_that_does_not_read_is_cut() {
    let endless = async || {
        let chunk = Bytes::from_static(&[b'x'; 16 * 1024]);
        Body::from_stream(futures_util::stream::repeat_with(move || Ok::<_, Infallible>(chunk.clone())))
    };
    let config = ListenerConfig { stall_time: SHORT, connections: 1, ..ListenerConfig::default() };
    let router = shell(shell_config(), Router::new().route("/endless", get(endless)));
    let server = start_with(router, config, None).await;
    let mut lazy = TcpStream::connect(server.address).await.expect("a connection");
    lazy.write_all(b"GET /endless HTTP/1.1\r\nHost: localhost\r\n\r\n").await.expect("sent");
    lazy.read_u8().await.expect("the beginning of an answer");
    // The only place becomes free although the lazy peer still holds its end.
    assert_eq!(status(&get_path(server.address, "/healthz", "").await), 200);
    drop(lazy);
}

#[tokio::test]
async fn a_stop_waits_for_a_running_request() {
    let (entered, mut has_entered) = mpsc::channel::<()>(1);
    let (release, released) = watch::channel(false);
    let slow = async move || {
        let _ = entered.send(()).await;
        let _ = released.clone().wait_for(|go| *go).await;
        "done"
    };
    let config = ListenerConfig { drain_time: GUARD, ..ListenerConfig::default() };
    let router = shell(shell_config(), Router::new().route("/slow", get(slow)));
    let Running { address, stop, done } = start_with(router, config, None).await;
    let mut idle = TcpStream::connect(address).await.expect("a connection");
    idle.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n").await.expect("sent");
    idle.read_u8().await.expect("an answer");
    let request = tokio::spawn(async move { get_path(address, "/slow", "").await });
    has_entered.recv().await.expect("the request arrived");

    stop.send(true).expect("a running server");
    // The idle connection is let go at once, and nobody new is taken.
    let mut rest = Vec::new();
    idle.read_to_end(&mut rest).await.expect("closed in order");
    assert!(TcpStream::connect(address).await.is_err());
    assert!(!done.is_finished());

    release.send(true).expect("a waiting handler");
    let answer = request.await.expect("an answer");
    assert_eq!((status(&answer), body(&answer)), (200, "done"));
    assert_eq!(done.await.expect("ended"), Drained { left: 0 });
}

#[tokio::test]
async fn a_stop_counts_open_sockets_and_does_not_wait_for_ever() {
    let echo = async |upgrade: WebSocketUpgrade| {
        upgrade.on_upgrade(async |mut socket| {
            while let Some(Ok(Message::Text(text))) = socket.recv().await {
                let _ = socket.send(Message::Text(text)).await;
            }
        })
    };
    let config = ListenerConfig { drain_time: SHORT, ..ListenerConfig::default() };
    let router = shell(shell_config(), Router::new().route("/c/{council}/ws", get(echo)));
    let Running { address, stop, done } = start_with(router, config, None).await;
    let url = format!("ws://{address}/c/hanoi/ws");
    let (mut socket, _) = tokio_tungstenite::connect_async(url).await.expect("a socket");
    socket.send("hello".into()).await.expect("sent");
    let echoed = socket.next().await.expect("a frame").expect("a good frame");
    assert_eq!(echoed.into_text().expect("text").as_str(), "hello");

    // The sender gone is a stop as well.
    drop(stop);
    assert_eq!(done.await.expect("ended"), Drained { left: 1 });
}

#[tokio::test]
async fn handlers_learn_the_peer() {
    let who = async |Extension(peer): Extension<Peer>| format!("{} {}", peer.address.ip(), peer.tls);
    let server = start(Router::new().route("/who", get(who))).await;
    assert_eq!(body(&get_path(server.address, "/who", "").await), "127.0.0.1 false");
}
