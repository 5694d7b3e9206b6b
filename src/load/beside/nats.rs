//! The NATS server: spectators over its WebSocket, the publisher over TCP, both in its text protocol.

use crate::load::LoadError;
use crate::load::frame::{self, Heard};
use crate::load::line::{Door, Ear, Mouth, open};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::net::tcp::OwnedWriteHalf;
use tokio::time::timeout;

const CONNECT: &str = r#"CONNECT {"verbose":false,"pedantic":false,"tls_required":false,"lang":"load","version":"1"}"#;
/// Its answer to our first PING: everything before it has been taken.
const WELCOME_LIMIT: Duration = Duration::from_secs(10);
const MESSAGE: &[u8] = b"MSG ";
const END: &[u8] = b"\r\n";

/// No pings while it is measured, no compression, room for every spectator.
pub fn settings(port: u16, websocket: u16) -> String {
    format!(
        "listen: \"127.0.0.1:{port}\"\nmax_connections: 64000\nping_interval: \"1h\"\n\
         websocket {{ listen: \"127.0.0.1:{websocket}\", no_tls: true, compression: false }}\n"
    )
}

/// A spectator who is subscribed.
pub async fn let_in(door: &Door) -> Result<(Ear, Arc<Mouth>), LoadError> {
    let (mut ear, mouth) = open(door, "/").await?;
    mouth.send(&frame::text(&format!("{CONNECT}\r\nSUB live 1\r\nPING\r\n"))).await?;
    let mut welcome = false;
    let subscribed = async {
        while !welcome {
            let mut note = |frame: Heard<'_>| {
                if let Heard::Bytes(bytes) = frame {
                    welcome |= bytes.windows(4).any(|word| word == b"PONG");
                }
            };
            ear.hear(&mouth, &mut note).await?;
        }
        Ok::<_, LoadError>(())
    };
    timeout(WELCOME_LIMIT, subscribed).await.map_err(|_| LoadError::TooLong("subscribing"))??;
    Ok((ear, mouth))
}

#[derive(Debug)]
pub struct Publisher(OwnedWriteHalf);

impl Publisher {
    pub async fn connect(port: u16) -> Result<Self, LoadError> {
        let stream = TcpStream::connect(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await?;
        stream.set_nodelay(true)?;
        let (mut read, mut write) = stream.into_split();
        // What it has to say (INFO, a first PING) is of no use here, and must not fill its buffers.
        tokio::spawn(async move {
            let mut scratch = [0; 4096];
            while read.read(&mut scratch).await.is_ok_and(|read| read > 0) {}
        });
        write.write_all(format!("{CONNECT}\r\n").as_bytes()).await?;
        Ok(Self(write))
    }

    pub async fn show(&mut self, text: &str) -> Result<(), LoadError> {
        Ok(self.0.write_all(format!("PUB live {}\r\n{text}\r\n", text.len()).as_bytes()).await?)
    }
}

/// Finds the messages in what a subscriber is sent, however it was cut.
#[derive(Debug, Default)]
pub struct Messages {
    held: Vec<u8>,
}

impl Messages {
    pub fn feed(&mut self, bytes: &[u8], message: &mut dyn FnMut(&[u8])) {
        if self.held.is_empty() {
            let rest = read(bytes, message);
            self.held.extend_from_slice(rest);
        } else {
            self.held.extend_from_slice(bytes);
            let rest = read(&self.held, message).len();
            self.held.drain(..self.held.len() - rest);
        }
        if self.held.is_empty() {
            // No buffer stays with a socket that is idle.
            self.held = Vec::new();
        }
    }
}

/// Tells every whole message and gives back what is not whole yet.
fn read<'a>(mut bytes: &'a [u8], message: &mut dyn FnMut(&[u8])) -> &'a [u8] {
    while let Some(end) = bytes.windows(END.len()).position(|two| two == END) {
        let (line, after) = (&bytes[..end], &bytes[end + END.len()..]);
        if !line.starts_with(MESSAGE) {
            // INFO, PING, PONG, +OK.
            bytes = after;
            continue;
        }
        let length = line.rsplit(|byte| *byte == b' ').next().and_then(|digits| std::str::from_utf8(digits).ok());
        let length: usize = length.and_then(|digits| digits.parse().ok()).unwrap_or(0);
        let (Some(payload), Some(rest)) = (after.get(..length), after.get(length + END.len()..)) else { break };
        message(payload);
        bytes = rest;
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_found_however_they_are_cut() {
        let stream =
            b"INFO {}\r\nPONG\r\nMSG live 1 5\r\nab\r\nc\r\nPING\r\nMSG live 1 0\r\n\r\nMSG live 1 2\r\nxy\r\n";
        for cut in [1, 2, 5, 16, stream.len()] {
            let (mut messages, mut seen) = (Messages::default(), Vec::new());
            for part in stream.chunks(cut) {
                messages.feed(part, &mut |payload| seen.push(payload.to_vec()));
            }
            assert_eq!(seen, [&b"ab\r\nc"[..], b"", b"xy"], "in parts of {cut}");
            assert!(messages.held.is_empty());
        }
    }
}
