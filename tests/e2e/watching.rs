//! Pages that only watch: many come and go, some do not read, and all who read see the same.

use crate::floor::{Floor, LONG, recorded, vote};
use crate::hall::{Hall, LIMIT, watch_as};
use crate::plain_http::{get, get_at};
use crate::support::place::Place;
use crate::tablet::{Heard, Tablet, address};
use dienhong::chamber::command::Command;
use dienhong::chamber::ids::BallotId;
use dienhong::client::{Endpoint, when};
use dienhong::wire::frames::{Page, ServerFrame, View};
use dienhong::wire::views::{BallotState, LiveView};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;

const SPECTATORS: usize = 200;
const DELEGATES: usize = 8;

async fn hall() -> Hall {
    Hall::open(Place::sqlite(), "province", DELEGATES as u32).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_spectators_come_and_go_during_a_ballot_and_end_with_the_same_state() {
    let hall = hall().await;
    let endpoint = hall.endpoint();
    let floor = Floor::ready(&hall, 1, DELEGATES).await;
    let ballot = floor.open(LONG).await;
    let mut spectators = Vec::new();
    for n in 0..SPECTATORS {
        spectators.push(tokio::spawn(spectator(endpoint.clone(), n)));
    }
    for n in 0..DELEGATES {
        vote(&floor.delegate(n).await, "yes").await;
    }
    let ballot = BallotId::parse(ballot.id).unwrap();
    floor.chairs(Command::CloseBallot { ballot }, BallotState::Closed).await;
    let mut last: Option<(u64, LiveView)> = None;
    for spectator in spectators {
        let (tablet, size, live) = timeout(LIMIT * 2, spectator).await.expect("in time").expect("no spectator fails");
        assert_eq!(live.ballot.as_ref().map(|ballot| ballot.received), Some(DELEGATES as u32));
        let (first_size, first) = last.get_or_insert_with(|| (size, live.clone()));
        assert_eq!((size, &live), (*first_size, &*first));
        drop(tablet);
    }
    // Everybody who went is counted off.
    let room = hall.council().room.clone();
    let mut changes = room.comings_and_goings();
    while room.watching() != (0, 0) {
        timeout(LIMIT, changes.changed()).await.expect("in time").expect("the room is there");
    }
    hall.close().await;
}

/// Watches until the ballot has closed; two of three go and come back on the way, one of those without a word.
async fn spectator(endpoint: Endpoint, n: usize) -> (Tablet, u64, LiveView) {
    let page = if n.is_multiple_of(2) { Page::Public } else { Page::Wall };
    for _ in 0..n % 3 {
        let mut tablet = Tablet::open(&endpoint).await;
        tablet.ask_in(page, None).await;
        if n % 3 == 2 {
            tablet.until(|frame| matches!(frame, ServerFrame::View { .. }).then_some(())).await;
        }
    }
    let mut tablet = Tablet::open(&endpoint).await;
    tablet.ask_in(page, None).await;
    let mut newest = 0;
    let (size, live) = tablet
        .until(|frame| {
            let ServerFrame::View { size, view: View::Live(live) } = frame else { return None };
            assert!(size >= newest, "{size} after {newest}");
            newest = size;
            let is_closed = live.ballot.as_ref().is_some_and(|ballot| ballot.state == BallotState::Closed);
            is_closed.then_some((size, *live))
        })
        .await;
    (tablet, size, live)
}

/// Takes the five seconds that a reader may take nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_spectator_that_never_reads_holds_nobody_up_and_is_sent_away() {
    let hall = hall().await;
    let endpoint = hall.endpoint();
    let floor = Floor::ready(&hall, 1, 2).await;
    let room = hall.council().room.clone();
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4 * 1024).unwrap();
    let mut stuck = Tablet::over(socket, &endpoint).await;
    stuck.ask_in(Page::Public, None).await;
    assert!(matches!(stuck.frame().await, ServerFrame::Joined { .. }));
    let healthy = watch_as(&endpoint, Page::Public).await;
    let mut changes = 0;
    // A page may order 20 times a second.
    let mut pace = tokio::time::interval(Duration::from_millis(60));
    while room.watching() != (0, 1) {
        pace.tick().await;
        changes += 1;
        let text = format!("{changes} {}", "x".repeat(90));
        recorded(&floor.secretary, Command::SetTicker { text: Some(text.clone()) }).await;
        // Whoever reads sees each last state, whatever the other does.
        when(&healthy.views().live, LIMIT, |live| live.ticker.as_ref() == Some(&text)).await.expect("it reads");
    }
    let mut last = 0;
    loop {
        match stuck.hear().await {
            Heard::Frame(frame) => {
                if let ServerFrame::View { size, view: View::Live(_) } = *frame {
                    assert!(size > last, "{size} after {last}");
                    last = size;
                }
            }
            // Whoever takes long to read on finds the line cut.
            Heard::Closed(4004) | Heard::Lost => break,
            Heard::Closed(code) => panic!("closed with {code}"),
        }
    }
    hall.close().await;
}

/// Request, join and ping in one breath; and a join that comes byte by byte.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn frames_are_understood_however_they_arrive() {
    let hall = hall().await;
    let endpoint = hall.endpoint();
    let address = address(&endpoint);
    let request = format!(
        "GET /c/mau/ws HTTP/1.1\r\nHost: {address}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    );
    let join = masked(r#"{"type":"join","protocol":1,"page":"public"}"#);
    let ping = masked(r#"{"type":"ping","at":7}"#);
    let mut at_once = TcpStream::connect(address).await.unwrap();
    at_once.write_all(&[request.as_bytes(), &join, &ping].concat()).await.unwrap();
    let answer = read_until(&mut at_once, r#""type":"pong","at":7.0"#).await;
    assert!(answer.starts_with("HTTP/1.1 101"), "{answer}");
    assert!(answer.to_ascii_lowercase().contains("sec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo="), "{answer}");

    let mut bit_by_bit = TcpStream::connect(address).await.unwrap();
    bit_by_bit.set_nodelay(true).unwrap();
    for byte in [request.as_bytes(), &join, &ping].concat() {
        bit_by_bit.write_all(&[byte]).await.unwrap();
    }
    read_until(&mut bit_by_bit, r#""type":"pong","at":7.0"#).await;
    // A frame without its mask.
    bit_by_bit.write_all(&[0x81, 2, b'h', b'i']).await.unwrap();
    read_until(&mut bit_by_bit, "\u{fffd}no_frame").await;
    hall.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_the_server_stops_everybody_is_told() {
    let hall = hall().await;
    let endpoint = hall.endpoint();
    let mut open = Vec::new();
    for page in [Page::Public, Page::Wall, Page::Public] {
        let mut tablet = Tablet::open(&endpoint).await;
        tablet.ask_in(page, None).await;
        tablet.until(|frame| matches!(frame, ServerFrame::View { .. }).then_some(())).await;
        open.push(tablet);
    }
    let stopping = tokio::spawn(hall.close());
    for tablet in &mut open {
        assert_eq!(tablet.closing().await, (1001, None));
    }
    drop(open);
    stopping.await.expect("nothing is left over");
}

/// The snapshot for caches, and the events for who cannot have a socket.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_public_state_comes_over_plain_http_as_well() {
    let hall = hall().await;
    let endpoint = hall.endpoint();
    let floor = Floor::ready(&hall, 1, 1).await;
    let mut events = TcpStream::connect(address(&endpoint)).await.unwrap();
    let request = format!("GET /c/mau/api/events HTTP/1.1\r\nHost: {}\r\n\r\n", address(&endpoint));
    events.write_all(request.as_bytes()).await.unwrap();
    let first = read_until(&mut events, r#""topic":"speaking""#).await;
    assert!(first.contains("content-type: text/event-stream"), "{first}");
    for topic in ["council", "roll", "live", "seats"] {
        assert!(first.contains(&format!(r#""topic":"{topic}""#)), "{topic}");
    }
    assert!(!first.contains(r#""topic":"console""#));
    assert_eq!(hall.council().room.watching(), (0, 1));

    // The figures of before it leave with the ticker at the latest.
    recorded(&floor.secretary, Command::SetTicker { text: Some("Chào mừng".to_owned()) }).await;
    read_until(&mut events, "Chào mừng").await;
    let shown = get(&endpoint, "api/view/live").await;
    assert!(shown.head.contains("cache-control: public, max-age=1"), "{}", shown.head);
    let tag = shown.head.lines().find_map(|line| line.strip_prefix("etag: ")).expect("a tag").to_owned();
    let again = get_at(&endpoint, "/c/mau/api/view/live", &format!("If-None-Match: {tag}\r\n")).await;
    assert_eq!((again.status, again.body.len()), (304, 0));

    recorded(&floor.secretary, Command::SetTicker { text: Some("Giải lao".to_owned()) }).await;
    read_until(&mut events, "Giải lao").await;
    let changed = get_at(&endpoint, "/c/mau/api/view/live", &format!("If-None-Match: {tag}\r\n")).await;
    assert_eq!(changed.status, 200);
    // It ends with the server.
    hall.close().await;
    read_to_end(&mut events).await;
}

async fn read_to_end(stream: &mut TcpStream) {
    let mut rest = Vec::new();
    timeout(LIMIT, stream.read_to_end(&mut rest)).await.expect("in time").expect("an end");
}

/// With a mask of zeros, which leaves the text as it is.
fn masked(text: &str) -> Vec<u8> {
    let mut frame = vec![0x81, 0x80 | u8::try_from(text.len()).unwrap(), 0, 0, 0, 0];
    frame.extend(text.as_bytes());
    frame
}

async fn read_until(stream: &mut TcpStream, wanted: &str) -> String {
    let mut all = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&all).into_owned();
        if text.contains(wanted) {
            return text;
        }
        let read = timeout(LIMIT, stream.read_buf(&mut all)).await.expect("in time").expect("an answer");
        assert!(read > 0, "it hung up before {wanted}: {text}");
    }
}
