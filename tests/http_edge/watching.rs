//! A page that only watches sees and is told the same whether its bytes go bare or over TLS: the one is taken apart, the other not.

use crate::support::{GUARD, start_with};
use crate::tls::Certificate;
use async_trait::async_trait;
use axum::Router;
use axum::routing::get;
use dienhong::chamber::ids::PersonId;
use dienhong::http::listener::ListenerConfig;
use dienhong::http::socket::Handshake;
use dienhong::hub::admission::Denial;
use dienhong::hub::close::Close;
use dienhong::hub::fan::Fan;
use dienhong::hub::room::{Audience, Frame, Room, Topic};
use dienhong::hub::socket::Visit;
use dienhong::hub::{Answered, Errand, Inbox};
use dienhong::sequencer::{Answer, Submission};
use dienhong::wire::frames::{Page, Reply};
use dienhong::wire::views::{Found, Query};
use futures_util::{SinkExt, StreamExt};
use std::sync::Arc;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::{Bytes, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

struct Hall {
    room: Arc<Room>,
    leave: watch::Sender<Option<Close>>,
    router: Router,
}

impl Hall {
    fn new() -> Self {
        let room = Arc::new(Room::new());
        let leave = watch::Sender::new(None);
        let (entered, leaving, fan) = (room.clone(), leave.subscribe(), Arc::new(Fan::default()));
        let upgrade = async move |handshake: Handshake| {
            let (room, leave, fan) = (entered, leaving, fan);
            handshake.lead_to(Visit { room, inbox: Arc::new(Nobody), challenge: [7; 32], leave, fan })
        };
        Self { room, leave, router: Router::new().route("/ws", get(upgrade)) }
    }

    fn show(&self, stamp: u64) {
        let text = format!("state {stamp}").into();
        self.room.show(Audience::Onlookers, Topic::Live, Frame { stamp, text });
    }
}

#[tokio::test]
async fn over_bare_tcp() {
    let hall = Hall::new();
    let server = start_with(hall.router.clone(), ListenerConfig::default(), None).await;
    let mut walls = Vec::new();
    for _ in 0..3 {
        walls.push(TcpStream::connect(server.address).await.expect("a connection"));
    }
    watch_and_leave(&hall, walls).await;
}

#[tokio::test]
async fn over_tls() {
    let certificate = Certificate::new();
    let tls = certificate.files().load().expect("good files").config;
    let hall = Hall::new();
    let server = start_with(hall.router.clone(), ListenerConfig::default(), Some(tls)).await;
    let mut walls = Vec::new();
    for _ in 0..3 {
        walls.push(certificate.connect(server.address).await);
    }
    watch_and_leave(&hall, walls).await;
}

async fn watch_and_leave<S: AsyncRead + AsyncWrite + Unpin>(hall: &Hall, streams: Vec<S>) {
    hall.show(1);
    let mut walls = Vec::new();
    for stream in streams {
        let (mut wall, _) = client_async("ws://localhost/ws", stream).await.expect("a handshake");
        assert!(text(&mut wall).await.contains(r#""type":"challenge""#));
        wall.send(Message::text(r#"{"type":"join","protocol":1,"page":"wall"}"#)).await.expect("sent");
        assert_eq!(text(&mut wall).await, r#"{"type":"joined","page":"wall","person":null}"#);
        assert_eq!(text(&mut wall).await, "state 1");
        walls.push(wall);
    }
    assert_eq!(hall.room.watching(), (3, 0));
    hall.show(2);
    for wall in &mut walls {
        assert_eq!(text(wall).await, "state 2");
    }

    // One asks, one breaks the protocol, the other two go on.
    let refused = r#"{"type":"refused","id":"1","code":"wrong_person","retry":false}"#;
    walls[0].send(Message::text(r#"{"type":"cast_vote","id":"1","statement":"x"}"#)).await.expect("sent");
    assert_eq!(text(&mut walls[0]).await, refused);
    walls[0].send(Message::Ping(Bytes::from_static(b"here"))).await.expect("sent");
    assert_eq!(heard(&mut walls[0]).await, Message::Pong(Bytes::from_static(b"here")));
    let mut rude = walls.pop().expect("three");
    rude.send(Message::text("hello")).await.expect("sent");
    assert!(text(&mut rude).await.contains(r#""code":"bad_frame""#));
    assert_eq!(closed(&mut rude).await, 4000);
    hall.show(3);
    for wall in &mut walls {
        assert_eq!(text(wall).await, "state 3");
    }

    // One goes by itself, the last is sent.
    let mut leaving = walls.pop().expect("two");
    leaving.close(None).await.expect("closed");
    let mut changes = hall.room.comings_and_goings();
    while hall.room.watching() != (1, 0) {
        timeout(GUARD, changes.changed()).await.expect("in time").expect("the room is there");
    }
    hall.leave.send_replace(Some(Close::Ended));
    assert_eq!(closed(&mut walls[0]).await, 4008);
}

async fn heard<S: AsyncRead + AsyncWrite + Unpin>(wall: &mut WebSocketStream<S>) -> Message {
    timeout(GUARD, wall.next()).await.expect("in time").expect("a frame").expect("a whole frame")
}

async fn text<S: AsyncRead + AsyncWrite + Unpin>(wall: &mut WebSocketStream<S>) -> String {
    heard(wall).await.into_text().expect("a text").to_string()
}

async fn closed<S: AsyncRead + AsyncWrite + Unpin>(wall: &mut WebSocketStream<S>) -> u16 {
    match heard(wall).await {
        Message::Close(Some(close)) => close.code.into(),
        other => panic!("instead of a close: {other:?}"),
    }
}

/// Nobody here acts.
struct Nobody;

#[async_trait]
impl Inbox for Nobody {
    fn submit(&self, _: Submission, answered: Answered) {
        answered(Answer::Busy);
    }

    async fn serve(&self, _: PersonId, _: Errand) -> Result<Reply, Denial> {
        Err(Denial::Busy)
    }

    async fn look_up(&self, _: PersonId, _: Query) -> Result<Found, Denial> {
        Err(Denial::Busy)
    }

    fn joined(&self, _: &PersonId, _: Page) {}

    async fn renew(&self) {}

    fn now(&self) -> u64 {
        0
    }
}
