//! A WebSocket by hand, byte for byte: says what no library would.

use crate::hall::LIMIT;
use crate::tablet::{Tablet, address};
use dienhong::client::{Endpoint, Identity};
use dienhong::ledger::text::base64;
use dienhong::wire::frames::{ClientFrame, PROTOCOL, Page};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

pub const CONTINUATION: u8 = 0x0;
pub const TEXT: u8 = 0x1;
pub const BINARY: u8 = 0x2;
pub const CLOSE: u8 = 0x8;
pub const PING: u8 = 0x9;
pub const PONG: u8 = 0xA;
pub const FINAL: u8 = 0x80;
const MASKED: u8 = 0x80;
const MASK: [u8; 4] = [0x37, 0xfa, 0x21, 0x3d];

pub struct Line {
    stream: TcpStream,
    heard: Vec<u8>,
}

/// A frame of the server's.
#[derive(Debug, PartialEq)]
pub struct Frame {
    pub first: u8,
    pub payload: Vec<u8>,
}

/// How far a socket has come when the attack begins.
#[derive(Debug, Clone, Copy)]
pub enum State<'a> {
    Unjoined,
    Watching,
    Joined(Page, &'a Identity),
}

/// The header of a masked frame that says it has `len` bytes.
pub fn header(first: u8, len: u64) -> Vec<u8> {
    let mut bytes = vec![first];
    match len {
        0..=125 => bytes.push(MASKED | len as u8),
        126..=0xFFFF => {
            bytes.push(MASKED | 126);
            bytes.extend((len as u16).to_be_bytes());
        }
        _ => {
            bytes.push(MASKED | 127);
            bytes.extend(len.to_be_bytes());
        }
    }
    bytes.extend(MASK);
    bytes
}

/// A masked frame.
pub fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut bytes = header(first, payload.len() as u64);
    bytes.extend(payload.iter().zip(MASK.iter().cycle()).map(|(byte, key)| byte ^ key));
    bytes
}

/// What asks for a socket, without the end of the header.
pub fn handshake(endpoint: &Endpoint) -> String {
    format!(
        "GET /c/{}/ws HTTP/1.1\r\nHost: {}\r\nOrigin: {}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {}\r\n",
        endpoint.council(),
        address(endpoint),
        endpoint.origin(),
        base64(&[7; 16])
    )
}

impl Line {
    /// Upgraded; the challenge is the next to be heard.
    pub async fn open(endpoint: &Endpoint) -> Self {
        let stream = TcpStream::connect(address(endpoint)).await.expect("the server listens");
        let mut line = Self { stream, heard: Vec::new() };
        line.send(format!("{}\r\n", handshake(endpoint)).as_bytes()).await;
        let end = loop {
            match line.heard.windows(4).position(|four| four == b"\r\n\r\n") {
                Some(end) => break end,
                None => assert!(line.hear_more().await, "the server answers"),
            }
        };
        let head: Vec<u8> = line.heard.drain(..end + 4).collect();
        assert!(head.starts_with(b"HTTP/1.1 101 "), "{}", String::from_utf8_lossy(&head));
        line
    }

    pub async fn in_state(endpoint: &Endpoint, state: State<'_>) -> Self {
        let mut line = Self::open(endpoint).await;
        let hello = line.text().await;
        let (page, statement) = match state {
            State::Unjoined => return line,
            State::Watching => (Page::Public, None),
            State::Joined(page, device) => {
                let challenge = hello["challenge"].as_str().expect("a challenge");
                (page, Some(device.login(challenge).expect("a login")))
            }
        };
        let join = ClientFrame::Join { protocol: PROTOCOL, page, statement };
        line.send(&frame(FINAL | TEXT, &serde_json::to_vec(&join).expect("a frame"))).await;
        assert_eq!(line.text().await["type"], "joined");
        line
    }

    /// The server may have closed already: what follows is heard, not assumed.
    pub async fn send(&mut self, bytes: &[u8]) {
        let _ = timeout(LIMIT, self.stream.write_all(bytes)).await.expect("the server reads or closes");
    }

    /// The next frame; `None` at the end.
    pub async fn frame(&mut self) -> Option<Frame> {
        loop {
            if let Some((frame, len)) = first_frame(&self.heard) {
                self.heard.drain(..len);
                return Some(frame);
            }
            if !self.hear_more().await {
                return None;
            }
        }
    }

    /// The next text; pings are passed over.
    async fn text(&mut self) -> Value {
        loop {
            let frame = self.frame().await.expect("a text");
            match frame.first {
                0x81 => return serde_json::from_slice(&frame.payload).expect("JSON"),
                0x89 => {}
                _ => panic!("{frame:?}"),
            }
        }
    }

    /// The code it is closed with and the last complaint before it; 0 when it is just gone.
    pub async fn closing(&mut self) -> (u16, Option<String>) {
        let mut complaint = None;
        while let Some(frame) = self.frame().await {
            match (frame.first, frame.payload.as_slice()) {
                (0x88, [high, low, ..]) => return (u16::from_be_bytes([*high, *low]), complaint),
                (0x88, _) => return (1005, complaint),
                (0x81, text) => {
                    let said: Value = serde_json::from_slice(text).expect("JSON");
                    if said["type"] == "error" {
                        complaint = said["code"].as_str().map(str::to_owned);
                    }
                }
                _ => {}
            }
        }
        (0, complaint)
    }

    /// True when bytes came, false at the end.
    async fn hear_more(&mut self) -> bool {
        let mut scratch = vec![0; 16 * 1024];
        match timeout(LIMIT, self.stream.read(&mut scratch)).await.expect("the server says something or closes") {
            Ok(read @ 1..) => {
                self.heard.extend_from_slice(&scratch[..read]);
                true
            }
            _ => false,
        }
    }
}

/// The first frame in `bytes` and its length.
fn first_frame(bytes: &[u8]) -> Option<(Frame, usize)> {
    let (first, second) = (*bytes.first()?, *bytes.get(1)?);
    assert_eq!(second & MASKED, 0, "a server does not mask");
    let (start, len) = match second {
        126 => (4, u16::from_be_bytes(*bytes.get(2..)?.first_chunk()?).into()),
        127 => (10, u64::from_be_bytes(*bytes.get(2..)?.first_chunk()?) as usize),
        len => (2, len.into()),
    };
    let payload = bytes.get(start..start + len)?.to_vec();
    Some((Frame { first, payload }, start + len))
}

/// Somebody who is let in while others misbehave.
pub async fn still_serves(endpoint: &Endpoint) {
    let mut tablet = Tablet::open(endpoint).await;
    tablet.ask_in(Page::Public, None).await;
    tablet.frame().await;
}
