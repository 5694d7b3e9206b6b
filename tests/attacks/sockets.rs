//! Sockets that break the WebSocket protocol or flood it: before the join, on a page that only watches (one thread serves all of
//! them), on a delegate's page and on the chair's.

use crate::hall::{Hall, LIMIT};
use crate::line::{BINARY, CLOSE, CONTINUATION, FINAL, Line, PING, PONG, State, TEXT, frame, header, still_serves};
use crate::support::place::Place;
use crate::tablet::{Tablet, turned_away};
use dienhong::client::{Endpoint, Identity};
use dienhong::hub::reader::{FRAMES_BURST, LARGE_FRAME, SMALL_FRAME};
use dienhong::wire::frames::Page;
use std::iter::repeat_n;
use tokio::time::timeout;

const NO_FRAME: u16 = 1002;
const NO_UTF8: u16 = 1007;
const REFUSED: u16 = 4000;
const TOO_FAST: u16 = 4003;
const SILENT: u16 = 4006;

/// A hall with one device, whose pages make every state a socket can be in.
struct Target {
    hall: Hall,
    endpoint: Endpoint,
    device: Identity,
}

impl Target {
    async fn new() -> Self {
        let hall = Hall::open(Place::sqlite(), "province", 1).await;
        let (endpoint, device) = (hall.endpoint(), hall.enrol("p1").await);
        Self { hall, endpoint, device }
    }

    fn states(&self) -> [State<'_>; 4] {
        let joined = |page| State::Joined(page, &self.device);
        [State::Unjoined, State::Watching, joined(Page::Delegate), joined(Page::Chair)]
    }

    /// How each state's socket is closed when it sends this.
    async fn closed(&self, name: &str, bytes: &[u8], codes: &[u16]) {
        for state in self.states() {
            let mut line = Line::in_state(&self.endpoint, state).await;
            line.send(bytes).await;
            let (code, _) = line.closing().await;
            assert!(codes.contains(&code), "{name}, {state:?}: closed with {code}");
        }
    }

    async fn close(self) {
        still_serves(&self.endpoint).await;
        self.hall.close().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_websocket_frame_ends_the_socket() {
    let target = Target::new().await;
    let wrongs: Vec<(&str, Vec<u8>)> = vec![
        ("not masked", [&[FINAL | TEXT, 2][..], b"{}"].concat()),
        ("the first reserved bit", frame(FINAL | 0x40 | TEXT, b"{}")),
        ("the second reserved bit", frame(FINAL | 0x20 | TEXT, b"{}")),
        ("the third reserved bit", frame(FINAL | 0x10 | TEXT, b"{}")),
        ("a piece of nothing", frame(FINAL | CONTINUATION, b"{}")),
        ("a text in a text", [frame(TEXT, b"{"), frame(FINAL | TEXT, b"}")].concat()),
        ("a ping in pieces", frame(PING, b"")),
        ("a long ping", frame(FINAL | PING, &[0; 126])),
        ("a long pong", frame(FINAL | PONG, &[0; 126])),
        ("a long goodbye", frame(FINAL | CLOSE, &[0; 126])),
        ("zeros where HTTP would go on", vec![0; 64]),
        ("another request", b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".to_vec()),
    ];
    for (name, bytes) in &wrongs {
        target.closed(name, bytes, &[NO_FRAME]).await;
    }
    for opcode in (0x3..=0x7).chain(0xB..=0xF) {
        target.closed("a reserved opcode", &frame(FINAL | opcode, b"{}"), &[NO_FRAME]).await;
    }
    target.closed("binary", &frame(FINAL | BINARY, b"{}"), &[REFUSED]).await;
    target.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_text_ends_the_socket() {
    let target = Target::new().await;
    let wrongs: [(&str, Vec<u8>); 5] = [
        ("no UTF-8", frame(FINAL | TEXT, b"{\"type\":\"\xff\"}")),
        ("half a character", frame(FINAL | TEXT, "{\"type\":\"ă".as_bytes().split_last().expect("bytes").1)),
        ("an encoded surrogate", frame(FINAL | TEXT, b"\xed\xa0\x80")),
        ("an overlong letter", frame(FINAL | TEXT, b"\xc0\xaf")),
        ("a character in pieces, and half of one", [frame(TEXT, b"\xe1"), frame(FINAL, b"\xba")].concat()),
    ];
    for (name, bytes) in &wrongs {
        target.closed(name, bytes, &[NO_UTF8]).await;
    }
    target.close().await;
}

/// Known from the header alone: nothing is waited for, and nothing set aside.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_giant_is_refused_by_its_header() {
    let target = Target::new().await;
    for len in [u64::MAX, 1 << 63, u64::MAX >> 1, 1 << 40, u64::from(u32::MAX), LARGE_FRAME as u64 + 1] {
        target.closed("announced", &header(FINAL | TEXT, len), &[REFUSED]).await;
        target.closed("announced as a first piece", &header(TEXT, len), &[REFUSED]).await;
    }
    let piece = vec![b' '; SMALL_FRAME];
    let pieces = [frame(TEXT, &piece)].into_iter().chain(repeat_n(frame(CONTINUATION, &piece), 3));
    let mut giant: Vec<u8> = pieces.flatten().collect();
    giant.extend(header(CONTINUATION, 1));
    target.closed("in pieces", &giant, &[REFUSED]).await;
    target.close().await;
}

/// Some of a flood may still be on its way when the socket is closed; then the system may throw the goodbye away.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_kind_of_flood_is_cut() {
    let target = Target::new().await;
    let flood = |one: Vec<u8>| one.repeat(FRAMES_BURST as usize * 10);
    let floods = [
        ("pings", flood(frame(FINAL | PING, b"x"))),
        ("pongs", flood(frame(FINAL | PONG, b""))),
        ("pieces", [frame(TEXT, b""), flood(frame(CONTINUATION, b" "))].concat()),
        ("pieces of nothing", [frame(TEXT, b""), flood(frame(CONTINUATION, b""))].concat()),
    ];
    for (name, bytes) in &floods {
        target.closed(name, bytes, &[TOO_FAST, 0]).await;
    }
    let texts = flood(frame(FINAL | TEXT, br#"{"type":"ping","at":1}"#));
    for state in &target.states()[1..] {
        let mut line = Line::in_state(&target.endpoint, *state).await;
        line.send(&texts).await;
        let (code, _) = line.closing().await;
        assert!([TOO_FAST, 0].contains(&code), "texts, {state:?}: closed with {code}");
    }
    target.close().await;
}

/// The other end is gone without a word, or does nothing but take: no pong, no frame. Takes the 25 seconds that a page may be
/// silent.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn half_open_sockets_are_dropped() {
    let target = Target::new().await;
    let mut lines = Vec::new();
    for state in &target.states()[1..3] {
        lines.push(Line::in_state(&target.endpoint, *state).await);
        let mut half = Line::in_state(&target.endpoint, *state).await;
        half.send(&header(FINAL | TEXT, 100)).await;
        lines.push(half);
    }
    // A newer page of the same person takes the older one's place.
    let replaced = lines.remove(2);
    drop(replaced);
    // As a whole: the server's own pings would keep each wait alive.
    let closings = async {
        for mut line in lines {
            assert_eq!(line.closing().await, (SILENT, None));
        }
    };
    timeout(LIMIT, closings).await.expect("dropped long before");
    target.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_foreign_page_never_gets_a_socket() {
    let target = Target::new().await;
    let own = target.endpoint.origin();
    let port = own.rsplit(':').next().expect("a port");
    let foreign = [
        "https://elsewhere.example".to_owned(),
        "null".to_owned(),
        format!("http://localhost:{port}"),
        format!("{own}.elsewhere.example"),
        format!("{own}/"),
        format!("http://hall@{}", own.trim_start_matches("http://")),
        String::new(),
    ];
    for origin in &foreign {
        let refused = turned_away(&target.endpoint, origin).await;
        assert_eq!(refused, (403, "application/problem+json".to_owned()), "{origin:?}");
    }
    // Nobody is in the room of whom the server would have to know.
    let mut tablet = Tablet::join(&target.endpoint, Page::Delegate, &target.device).await;
    tablet.frame().await;
    target.close().await;
}
