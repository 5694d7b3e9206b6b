//! WebSocket frames (RFC 6455) where the hub reads and writes a stream itself: while a page joins, and for pages that only
//! watch. Extensions are never agreed on, so a set reserved bit is wrong.

use super::close::Close;
use bytes::Bytes;

const CONTINUATION: u8 = 0x0;
const TEXT: u8 = 0x1;
const BINARY: u8 = 0x2;
const CLOSE: u8 = 0x8;
const PING: u8 = 0x9;
const PONG: u8 = 0xA;
const FINAL: u8 = 0x80;
const MASKED: u8 = 0x80;
/// Of a control frame's payload.
const MAX_CONTROL: usize = 125;

/// Of a frame that is not masked.
const MAX_HEADER: usize = 10;

/// A ping that asks only whether somebody is there.
pub const BARE_PING: Bytes = Bytes::from_static(&[FINAL | PING, 0]);

/// One frame a client sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    Text(String),
    /// A piece of a text that goes on.
    Piece,
    Ping(Vec<u8>),
    Pong(Vec<u8>),
    Close,
}

/// Nothing after it can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    /// A text longer than the limit, known from its header.
    Oversize,
    /// A good frame that no page sends.
    Binary,
    /// No frame of a client.
    NoFrame,
    NoUtf8,
}

impl From<Wrong> for Close {
    fn from(wrong: Wrong) -> Self {
        match wrong {
            // Told, so that a page does not come back with the same frame.
            Wrong::Oversize | Wrong::Binary => Self::Protocol,
            Wrong::NoFrame => Self::NoFrame,
            Wrong::NoUtf8 => Self::NoUtf8,
        }
    }
}

/// What was read and not understood yet. Holds at most one text of `limit` bytes and one read.
#[derive(Debug)]
pub struct Input {
    held: Vec<u8>,
    /// A text that came in pieces, so far.
    text: Option<Vec<u8>>,
    limit: usize,
}

impl Input {
    pub fn new(limit: usize, held: Vec<u8>) -> Self {
        Self { held, text: None, limit }
    }

    pub fn add(&mut self, read: &[u8]) {
        self.held.extend_from_slice(read);
    }

    /// Read and not taken.
    pub fn into_rest(self) -> Vec<u8> {
        self.held
    }

    /// The next whole frame; `None`: read more.
    pub fn take(&mut self) -> Result<Option<Heard>, Wrong> {
        let Some(header) = header(&self.held)? else { return Ok(None) };
        let before = match header.opcode {
            CONTINUATION => self.text.as_ref().ok_or(Wrong::NoFrame)?.len(),
            TEXT if self.text.is_none() => 0,
            CLOSE | PING | PONG if header.is_final && header.len <= MAX_CONTROL => 0,
            BINARY if self.text.is_none() => return Err(Wrong::Binary),
            _ => return Err(Wrong::NoFrame),
        };
        if header.len > self.limit.saturating_sub(before) {
            return Err(Wrong::Oversize);
        }
        let end = header.start + header.len;
        let Some(masked) = self.held.get(header.start..end) else { return Ok(None) };
        let payload: Vec<u8> = masked.iter().zip(header.mask.iter().cycle()).map(|(byte, key)| byte ^ key).collect();
        self.held.drain(..end);
        if self.held.is_empty() {
            // An idle connection holds nothing.
            self.held = Vec::new();
        }
        Ok(Some(match header.opcode {
            PING => Heard::Ping(payload),
            PONG => Heard::Pong(payload),
            CLOSE => Heard::Close,
            _ => {
                let mut text = self.text.take().unwrap_or_default();
                text.extend(payload);
                if header.is_final {
                    Heard::Text(String::from_utf8(text).map_err(|_| Wrong::NoUtf8)?)
                } else {
                    self.text = Some(text);
                    Heard::Piece
                }
            }
        }))
    }
}

struct Header {
    is_final: bool,
    opcode: u8,
    mask: [u8; 4],
    /// Where the payload begins.
    start: usize,
    len: usize,
}

fn header(bytes: &[u8]) -> Result<Option<Header>, Wrong> {
    let Some([first, second]) = bytes.first_chunk() else { return Ok(None) };
    let opcode = first & 0x0F;
    if first & 0x70 != 0 || second & MASKED == 0 || !matches!(opcode, CONTINUATION..=BINARY | CLOSE..=PONG) {
        return Err(Wrong::NoFrame);
    }
    let rest = &bytes[2..];
    let (len, more) = match second & !MASKED {
        126 => {
            let Some(len) = rest.first_chunk() else { return Ok(None) };
            (u64::from(u16::from_be_bytes(*len)), 2)
        }
        127 => {
            let Some(len) = rest.first_chunk() else { return Ok(None) };
            (u64::from_be_bytes(*len), 8)
        }
        len => (u64::from(len), 0),
    };
    let Some(mask) = rest.get(more..).and_then(|rest| rest.first_chunk()) else { return Ok(None) };
    let len = usize::try_from(len).map_err(|_| Wrong::Oversize)?;
    Ok(Some(Header { is_final: first & FINAL != 0, opcode, mask: *mask, start: 2 + more + 4, len }))
}

/// A text as it goes out.
pub fn text(text: &str) -> Bytes {
    frame(TEXT, text.as_bytes())
}

/// What stands before a text of `len` bytes that is written beside it.
pub fn text_header(len: usize) -> Bytes {
    let mut header = Vec::with_capacity(MAX_HEADER);
    push_header(&mut header, TEXT, len);
    header.into()
}

/// The pong brings the data back.
pub fn ping(data: &[u8]) -> Bytes {
    frame(PING, data)
}

/// What came with the ping goes back.
pub fn pong(data: &[u8]) -> Bytes {
    frame(PONG, data)
}

pub fn close(close: Close) -> Bytes {
    frame(CLOSE, &[&close.code().to_be_bytes(), close.reason().as_bytes()].concat())
}

/// The answer to a peer's own close.
pub fn close_back() -> Bytes {
    frame(CLOSE, &[])
}

fn frame(opcode: u8, payload: &[u8]) -> Bytes {
    let mut frame = Vec::with_capacity(MAX_HEADER + payload.len());
    push_header(&mut frame, opcode, payload.len());
    frame.extend_from_slice(payload);
    frame.into()
}

fn push_header(frame: &mut Vec<u8>, opcode: u8, len: usize) {
    frame.push(FINAL | opcode);
    match (u8::try_from(len), u16::try_from(len)) {
        (Ok(len @ ..126), _) => frame.push(len),
        (_, Ok(len)) => {
            frame.push(126);
            frame.extend(len.to_be_bytes());
        }
        _ => {
            frame.push(127);
            frame.extend((len as u64).to_be_bytes());
        }
    }
}

#[cfg(test)]
#[path = "codec_tests.rs"]
mod tests;
