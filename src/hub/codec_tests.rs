//! The same bytes to this codec and to tungstenite.

use super::*;
use proptest::collection::vec;
use proptest::prelude::*;
use std::io::{Cursor, Read, Write};
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocket, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, Message};

const LIMIT: usize = 200;

/// A frame as a client may or may not send it.
#[derive(Debug, Clone)]
struct Sent {
    first: u8,
    mask: Option<[u8; 4]>,
    payload: Vec<u8>,
}

impl Sent {
    fn bytes(&self) -> Vec<u8> {
        let mut bytes = frame(0, &self.payload).to_vec();
        bytes[0] = self.first;
        let Some(mask) = self.mask else { return bytes };
        bytes[1] |= MASKED;
        let start = bytes.len() - self.payload.len();
        for (byte, key) in bytes[start..].iter_mut().zip(mask.iter().cycle()) {
            *byte ^= key;
        }
        bytes.splice(start..start, mask);
        bytes
    }
}

fn sent() -> impl Strategy<Value = Sent> {
    let first = prop_oneof![
        8 => (prop_oneof![Just(TEXT), Just(CONTINUATION), Just(PING), Just(PONG)], any::<bool>())
            .prop_map(|(opcode, is_final)| opcode | if is_final { FINAL } else { 0 }),
        1 => any::<u8>(),
    ];
    let payload = prop_oneof![
        4 => "[a-zạ-ỹ ]{0,40}".prop_map(String::into_bytes),
        1 => vec(any::<u8>(), 0..LIMIT + 20),
    ];
    let mask = prop_oneof![15 => any::<[u8; 4]>().prop_map(Some), 1 => Just(None)];
    (first, mask, payload).prop_map(|(first, mask, payload)| Sent { first, mask, payload })
}

/// Texts and pings until the first thing that is wrong, and whether there was one.
fn ours(bytes: &[u8], step: usize) -> (Vec<Heard>, Option<Wrong>) {
    let mut input = Input::new(LIMIT, Vec::new());
    let mut all = Vec::new();
    for read in bytes.chunks(step) {
        input.add(read);
        loop {
            match input.take() {
                Ok(Some(Heard::Close)) => return (all, None),
                Ok(Some(heard @ (Heard::Text(_) | Heard::Ping(_) | Heard::Pong(_)))) => all.push(heard),
                Ok(Some(Heard::Piece)) => {}
                Ok(None) => break,
                Err(wrong) => return (all, Some(wrong)),
            }
        }
    }
    (all, None)
}

struct Wire(Cursor<Vec<u8>>);

impl Read for Wire {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        match self.0.read(into)? {
            0 => Err(std::io::ErrorKind::WouldBlock.into()),
            read => Ok(read),
        }
    }
}

impl Write for Wire {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn tungstenites(bytes: &[u8]) -> (Vec<Heard>, Option<Wrong>) {
    let config = WebSocketConfig::default().max_message_size(Some(LIMIT)).max_frame_size(Some(LIMIT));
    let mut socket = WebSocket::from_raw_socket(Wire(Cursor::new(bytes.to_vec())), Role::Server, Some(config));
    let mut all = Vec::new();
    loop {
        match socket.read() {
            Ok(Message::Text(text)) => all.push(Heard::Text(text.to_string())),
            Ok(Message::Ping(data)) => all.push(Heard::Ping(data.to_vec())),
            Ok(Message::Pong(data)) => all.push(Heard::Pong(data.to_vec())),
            Ok(Message::Close(_)) => return (all, None),
            Ok(other) => panic!("{other:?}"),
            Err(Error::Io(_)) => return (all, None),
            Err(Error::Capacity(_)) => return (all, Some(Wrong::Oversize)),
            Err(Error::Utf8(_)) => return (all, Some(Wrong::NoUtf8)),
            Err(_) => return (all, Some(Wrong::NoFrame)),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

    #[test]
    fn frames_are_understood_as_tungstenite_understands_them(frames in vec(sent(), 0..12), step in 1usize..64) {
        // No page sends binary frames, and what a close says is not looked at.
        let plain = |frame: &Sent| ![BINARY, CLOSE].contains(&(frame.first & 0x0F));
        let bytes: Vec<u8> = frames.iter().filter(|frame| plain(frame)).flat_map(Sent::bytes).collect();
        let (heard, wrong) = ours(&bytes, step);
        let (told, refused) = tungstenites(&bytes);
        // Tungstenite looks into a text before it is whole, so it may refuse sooner; never the other way round.
        prop_assert!(heard.starts_with(&told), "{:?} {:?}", heard, told);
        prop_assert!(wrong.is_none() || refused.is_some(), "{:?} {:?}", wrong, refused);
        if frames.iter().all(|frame| std::str::from_utf8(&frame.payload).is_ok()) {
            prop_assert_eq!((heard, wrong.is_some()), (told, refused.is_some()));
        }
    }

    #[test]
    fn anything_at_all_is_survived(bytes in vec(any::<u8>(), 0..600), step in 1usize..64) {
        let at_once = ours(&bytes, bytes.len().max(1));
        prop_assert_eq!(ours(&bytes, step), at_once, "however it arrives");
    }

    #[test]
    fn what_goes_out_is_read_by_a_client(said in ".{0,300}", long in 0usize..3, data in vec(any::<u8>(), 0..=MAX_CONTROL)) {
        let said = said.repeat([1, 200, 70_000 / said.len().max(1)][long]);
        let bytes = [text(&said), pong(&data), BARE_PING, close(Close::Slow)].concat();
        let mut client = WebSocket::from_raw_socket(Wire(Cursor::new(bytes)), Role::Client, None);
        prop_assert_eq!(client.read().unwrap(), Message::text(said));
        prop_assert_eq!(client.read().unwrap(), Message::Pong(data.into()));
        prop_assert_eq!(client.read().unwrap(), Message::Ping(Bytes::new()));
        let Message::Close(Some(told)) = client.read().unwrap() else { panic!("no close") };
        prop_assert_eq!((u16::from(told.code), told.reason.as_str()), (4004, "slow"));
    }
}

#[test]
fn what_no_page_sends_is_wrong() {
    let masked = |first, payload: &[u8]| Sent { first, mask: Some([1, 2, 3, 4]), payload: payload.to_vec() }.bytes();
    let unmasked = Sent { first: FINAL | TEXT, mask: None, payload: b"hi".to_vec() }.bytes();
    let huge = [&[FINAL | TEXT, MASKED | 127][..], &[0xFF; 8], &[0; 4]].concat();
    for (name, bytes, wrong) in [
        ("unmasked", unmasked, Wrong::NoFrame),
        ("binary", masked(FINAL | BINARY, b"hi"), Wrong::Binary),
        ("reserved bit", masked(FINAL | 0x40 | TEXT, b"hi"), Wrong::NoFrame),
        ("reserved opcode", masked(FINAL | 0x3, b"hi"), Wrong::NoFrame),
        ("a piece of nothing", masked(FINAL | CONTINUATION, b"hi"), Wrong::NoFrame),
        ("a ping in pieces", masked(PING, b"hi"), Wrong::NoFrame),
        ("a long ping", masked(FINAL | PING, &[b'x'; 126]), Wrong::NoFrame),
        ("a text in a text", [masked(TEXT, b"a"), masked(FINAL | TEXT, b"b")].concat(), Wrong::NoFrame),
        ("no text", masked(FINAL | TEXT, &[0xFF]), Wrong::NoUtf8),
        ("a long text", masked(FINAL | TEXT, &[b'x'; LIMIT + 1]), Wrong::Oversize),
        ("a long text in pieces", [masked(TEXT, &[b'x'; LIMIT]), masked(FINAL, b"x")].concat(), Wrong::Oversize),
        ("a length of all bits", huge, Wrong::Oversize),
    ] {
        assert_eq!(ours(&bytes, 1), (Vec::new(), Some(wrong)), "{name}");
    }
}
