//! WebSocket frames (RFC 6455) as a generator of thousands of clients reads them: nothing is copied that is not looked at, and
//! of a view only its head is.

use std::borrow::Cow;

/// What a whole frame from the server was.
#[derive(Debug, PartialEq)]
pub enum Heard<'a> {
    /// A topic's state, of which only the head was read. `bytes` is the whole payload's length.
    View {
        topic: &'a str,
        size: u64,
        bytes: u64,
    },
    /// Any other text.
    Text(&'a str),
    /// Binary: this server sends none, but one of those it is measured beside does.
    Bytes(&'a [u8]),
    Ping(&'a [u8]),
    Close(u16),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadFrame {
    /// The server never splits a message, so this reader need not put one together.
    #[error("a split, reserved or masked frame")]
    Unexpected,
    #[error("a frame of {0} bytes")]
    TooLong(u64),
    #[error("text that is not UTF-8, or a view without its head")]
    Unreadable,
}

/// The server's frames stay below 2 MiB (http::socket).
const LONGEST: u64 = 2 << 20;
/// `{"type":"view","size":…,"topic":"…"` with room to spare; the state after it is left unread.
const HEAD: usize = 96;
const VIEW: &[u8] = br#"{"type":"view""#;

const TEXT: u8 = 1;
const BINARY: u8 = 2;
const CLOSE: u8 = 8;
const PING: u8 = 9;
const PONG: u8 = 10;

/// Cuts the stream into frames.
#[derive(Debug, Default)]
pub struct Parser {
    /// A header that came in parts.
    header: Vec<u8>,
    frame: Option<Frame>,
}

#[derive(Debug)]
struct Frame {
    opcode: u8,
    length: u64,
    left: u64,
    /// What came so far, where the payload comes in parts; of a view the head only.
    held: Vec<u8>,
}

impl Parser {
    /// Takes what was read and tells every frame that it completes.
    pub fn feed(&mut self, mut bytes: &[u8], heard: &mut dyn FnMut(Heard<'_>)) -> Result<(), BadFrame> {
        loop {
            let Some(mut frame) = self.frame.take() else {
                if bytes.is_empty() {
                    return Ok(());
                }
                bytes = self.header(bytes)?;
                continue;
            };
            let now = bytes.split_at(usize::try_from(frame.left).unwrap_or(usize::MAX).min(bytes.len()));
            (frame.left, bytes) = (frame.left - now.0.len() as u64, now.1);
            if frame.left == 0 {
                let (opcode, length) = (frame.opcode, frame.length);
                let whole = if frame.held.is_empty() { Cow::Borrowed(now.0) } else { frame.hold(now.0).held.into() };
                tell(opcode, length, &whole, heard)?;
                continue;
            }
            self.frame = Some(frame.hold(now.0));
            return Ok(());
        }
    }

    /// Reads on in a header and gives back what comes after it.
    fn header<'a>(&mut self, bytes: &'a [u8]) -> Result<&'a [u8], BadFrame> {
        let before = self.header.len();
        let mut head = [0; 10];
        head[..before].copy_from_slice(&self.header);
        let now = bytes.len().min(head.len() - before);
        head[before..before + now].copy_from_slice(&bytes[..now]);
        let there = before + now;
        let needed = match head[1] {
            _ if there < 2 => 2,
            126 => 4,
            127 => 10,
            _ => 2,
        };
        if there < needed || there < 2 {
            self.header = head[..there].to_vec();
            return Ok(&bytes[now..]);
        }
        // Final, nothing reserved, not masked.
        if head[0] & 0xf0 != 0x80 || head[1] & 0x80 != 0 {
            return Err(BadFrame::Unexpected);
        }
        let length = match head[1] {
            126 => u64::from(u16::from_be_bytes([head[2], head[3]])),
            127 => head[2..10].iter().fold(0, |length, byte| length << 8 | u64::from(*byte)),
            short => u64::from(short),
        };
        if length > LONGEST {
            return Err(BadFrame::TooLong(length));
        }
        self.header = Vec::new();
        self.frame = Some(Frame { opcode: head[0] & 0x0f, length, left: length, held: Vec::new() });
        Ok(&bytes[needed - before..])
    }
}

impl Frame {
    fn hold(mut self, bytes: &[u8]) -> Self {
        let is_view = self.held.starts_with(VIEW);
        let room = if is_view { HEAD.saturating_sub(self.held.len()) } else { bytes.len() };
        self.held.extend_from_slice(&bytes[..bytes.len().min(room)]);
        if self.held.starts_with(VIEW) {
            self.held.truncate(HEAD);
        }
        self
    }
}

fn tell(opcode: u8, bytes: u64, payload: &[u8], heard: &mut dyn FnMut(Heard<'_>)) -> Result<(), BadFrame> {
    match opcode {
        TEXT if payload.starts_with(VIEW) => {
            let (topic, size) = view_head(payload).ok_or(BadFrame::Unreadable)?;
            heard(Heard::View { topic, size, bytes });
        }
        TEXT => heard(Heard::Text(std::str::from_utf8(payload).map_err(|_| BadFrame::Unreadable)?)),
        BINARY => heard(Heard::Bytes(payload)),
        PING => heard(Heard::Ping(payload)),
        PONG => {}
        CLOSE => heard(Heard::Close(payload.first_chunk().map_or(1005, |code| u16::from_be_bytes(*code)))),
        _ => return Err(BadFrame::Unexpected),
    }
    Ok(())
}

/// Topic and size, in whichever order they stand before the state.
pub fn view_head(payload: &[u8]) -> Option<(&str, u64)> {
    let head = &payload[..payload.len().min(HEAD)];
    let after = |key: &[u8]| {
        let at = head.windows(key.len()).position(|window| window == key)?;
        head.get(at + key.len()..)
    };
    let digits = after(br#""size":"#)?;
    let end = digits.iter().position(|byte| !byte.is_ascii_digit())?;
    let size = std::str::from_utf8(&digits[..end]).ok()?.parse().ok()?;
    let topic = after(br#""topic":""#)?;
    let end = topic.iter().position(|byte| *byte == b'"')?;
    Some((std::str::from_utf8(&topic[..end]).ok()?, size))
}

pub fn text(payload: &str) -> Vec<u8> {
    client_frame(TEXT, payload.as_bytes())
}

pub fn pong(payload: &[u8]) -> Vec<u8> {
    client_frame(PONG, payload)
}

/// Masked with zeros: what masking protects against is a page's script that talks to a proxy, and there is neither here.
fn client_frame(opcode: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = Vec::with_capacity(payload.len() + 14);
    frame.push(0x80 | opcode);
    match payload.len() {
        short @ ..=125 => frame.push(0x80 | short as u8),
        middle @ ..=0xffff => {
            frame.push(0x80 | 126);
            frame.extend((middle as u16).to_be_bytes());
        }
        long => {
            frame.push(0x80 | 127);
            frame.extend((long as u64).to_be_bytes());
        }
    }
    frame.extend([0; 4]);
    frame.extend(payload);
    frame
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from_server(opcode: u8, payload: &[u8]) -> Vec<u8> {
        let mut frame = client_frame(opcode, payload);
        frame[1] &= 0x7f;
        let mask = frame.len() - payload.len() - 4;
        frame.drain(mask..mask + 4);
        frame
    }

    fn told(heard: &Heard<'_>) -> String {
        match heard {
            Heard::Text(text) => format!("text {}", text.len()),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn frames_are_told_the_same_however_they_are_cut() {
        let long = format!(r#"{{"type":"view","size":71234,"topic":"council","state":"{}"}}"#, "x".repeat(70_000));
        let receipt = format!(r#"{{"type":"receipt","id":"{}"}}"#, "7".repeat(300));
        let mut stream = from_server(TEXT, br#"{"type":"view","size":5,"topic":"live","state":{"a":1}}"#);
        stream.extend(from_server(TEXT, long.as_bytes()));
        stream.extend(from_server(PING, b"12345678"));
        stream.extend(from_server(TEXT, receipt.as_bytes()));
        stream.extend(from_server(TEXT, b""));
        stream.extend(from_server(CLOSE, &4003u16.to_be_bytes()));
        let expected = vec![
            told(&Heard::View { topic: "live", size: 5, bytes: 55 }),
            told(&Heard::View { topic: "council", size: 71_234, bytes: long.len() as u64 }),
            told(&Heard::Ping(b"12345678")),
            format!("text {}", receipt.len()),
            "text 0".to_owned(),
            told(&Heard::Close(4003)),
        ];
        for cut in [1, 2, 3, 7, 64, 4_096, stream.len()] {
            let (mut parser, mut seen) = (Parser::default(), Vec::new());
            for part in stream.chunks(cut) {
                parser.feed(part, &mut |heard| seen.push(told(&heard))).expect("whole frames");
            }
            assert_eq!(seen, expected, "in parts of {cut}");
        }
    }

    #[test]
    fn what_no_server_of_ours_sends_is_refused() {
        let mut nothing = |_: Heard<'_>| {};
        assert_eq!(Parser::default().feed(&[0x01, 0x01, b'a'], &mut nothing), Err(BadFrame::Unexpected));
        assert_eq!(Parser::default().feed(&client_frame(TEXT, b"a"), &mut nothing), Err(BadFrame::Unexpected));
        let endless = [0x81, 127, 0, 0, 0, 1, 0, 0, 0, 0];
        assert_eq!(Parser::default().feed(&endless, &mut nothing), Err(BadFrame::TooLong(1 << 32)));
        let headless = from_server(TEXT, br#"{"type":"view","state":1}"#);
        assert_eq!(Parser::default().feed(&headless, &mut nothing), Err(BadFrame::Unreadable));
    }
}
