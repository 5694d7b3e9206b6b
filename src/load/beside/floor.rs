//! The floor: takes its sockets, then for every change one `write` of the ready frame to each. Nobody can do less, so what a
//! server costs is read beside it. It runs as a process of its own.

use super::changes;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::time::{Duration, Instant};

const SWITCHING: &[u8] = b"HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n";
const TEXT: u8 = 0x81;
const LONGEST_SHORT: usize = 125;
const LENGTH_OF_TWO: u8 = 126;
const LENGTH_OF_EIGHT: u8 = 127;

/// Until everybody has come; who started it may be gone.
const GATHER_LIMIT: Duration = Duration::from_secs(60);
const LOOK_EVERY: Duration = Duration::from_millis(1);
const REQUEST_LIMIT: Duration = Duration::from_secs(10);

struct Socket {
    stream: TcpStream,
    /// The rest of a frame that a reader far behind had no room for; until it is written, newer ones are skipped.
    rest: Vec<u8>,
}

/// Tells its port with `announce`, waits for so many sockets, and shows what its input asks for until that ends.
///
/// # Errors
/// When there is no port, or a socket fails before it is taken.
pub fn run(sockets: u32, announce: impl FnOnce(u16)) -> io::Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    announce(listener.local_addr()?.port());
    listener.set_nonblocking(true)?;
    let until = Instant::now() + GATHER_LIMIT;
    let mut sockets: Vec<Socket> = (0..sockets).map(|_| take(&listener, until)).collect::<io::Result<_>>()?;
    for text in changes(io::stdin().lock()).map(|change| change.text()) {
        let ready = frame(&text);
        // Who has gone is not waited for.
        sockets.retain_mut(|socket| socket.write(&ready).is_ok());
    }
    Ok(())
}

// No council shares this process.
#[allow(clippy::disallowed_methods)]
fn take(listener: &TcpListener, until: Instant) -> io::Result<Socket> {
    let mut stream = loop {
        match listener.accept() {
            Ok((stream, _)) => break stream,
            Err(error) if error.kind() == ErrorKind::WouldBlock && Instant::now() < until => {
                std::thread::sleep(LOOK_EVERY);
            }
            Err(error) => return Err(error),
        }
    };
    stream.set_read_timeout(Some(REQUEST_LIMIT))?;
    let (mut head, mut read) = (Vec::new(), [0; 1024]);
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read(&mut read)? {
            0 => return Err(ErrorKind::UnexpectedEof.into()),
            bytes => head.extend_from_slice(&read[..bytes]),
        }
    }
    stream.write_all(SWITCHING)?;
    stream.set_nodelay(true)?;
    stream.set_nonblocking(true)?;
    Ok(Socket { stream, rest: Vec::new() })
}

fn frame(text: &str) -> Vec<u8> {
    let mut frame = vec![TEXT];
    match text.len() {
        short if short <= LONGEST_SHORT => frame.push(short as u8),
        middle if middle <= usize::from(u16::MAX) => {
            frame.push(LENGTH_OF_TWO);
            frame.extend((middle as u16).to_be_bytes());
        }
        long => {
            frame.push(LENGTH_OF_EIGHT);
            frame.extend((long as u64).to_be_bytes());
        }
    }
    frame.extend(text.as_bytes());
    frame
}

impl Socket {
    fn write(&mut self, ready: &[u8]) -> io::Result<()> {
        if !self.rest.is_empty() {
            let written = some(self.stream.write(&self.rest))?;
            self.rest.drain(..written);
            if !self.rest.is_empty() {
                return Ok(());
            }
        }
        let written = some(self.stream.write(ready))?;
        if written > 0 && written < ready.len() {
            self.rest.extend_from_slice(&ready[written..]);
        }
        Ok(())
    }
}

fn some(written: io::Result<usize>) -> io::Result<usize> {
    match written {
        Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(0),
        written => written,
    }
}
