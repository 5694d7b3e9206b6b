//! Those who watch: one thread that reads all sockets and notes how long each change took to arrive.

use crate::Side;
use crate::measure::Program;
use mio::net::TcpStream as Polled;
use mio::{Events, Interest, Poll, Token};
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

const JOIN: &str = r#"{"type":"join","protocol":1,"page":"wall"}"#;
/// Nothing on the loopback takes longer; reached only when something hangs.
const LIMIT: Duration = Duration::from_secs(30);
/// After the last change, for what is still under way.
const AFTERMATH: Duration = Duration::from_millis(500);

pub struct Crowd {
    poll: Poll,
    watchers: Vec<Watcher>,
    /// Joined, and never read again.
    _stuck: Vec<TcpStream>,
    next: u64,
    scratch: Vec<u8>,
}

struct Watcher {
    stream: Polled,
    held: Vec<u8>,
    last: u64,
}

impl Crowd {
    pub fn gather(program: &Program, sockets: usize, stuck: usize) -> Self {
        let poll = Poll::new().expect("a poll");
        let stuck_ones = (0..stuck).map(|_| join(program).0).collect();
        let mut watchers = Vec::new();
        for number in 0..sockets - stuck {
            let (stream, held) = join(program);
            stream.set_nonblocking(true).expect("set");
            let mut stream = Polled::from_std(stream);
            poll.registry().register(&mut stream, Token(number), Interest::READABLE).expect("registered");
            watchers.push(Watcher { stream, held, last: 0 });
        }
        let mut crowd = Self { poll, watchers, _stuck: stuck_ones, next: 1, scratch: vec![0; 256 * 1024] };
        crowd.all_here(program);
        crowd
    }

    /// Until everybody has seen a change.
    fn all_here(&mut self, program: &Program) {
        let until = Instant::now() + LIMIT;
        while self.watchers.iter().any(|watcher| watcher.last == 0) {
            assert!(Instant::now() < until, "everybody joins in time");
            program.show(self.next, 100);
            self.next += 1;
            let mut seen = Vec::new();
            self.read_until(Instant::now() + Duration::from_millis(200), |_, _| seen.push(()));
        }
        self.read_until(Instant::now() + AFTERMATH, |_, _| {});
    }

    /// So many changes at that rate; for each arrival its delay in milliseconds.
    pub fn watch(&mut self, program: &mut Program, bytes: usize, rate: u32, changes: u32) -> Vec<f32> {
        let (first, start) = (self.next, Instant::now());
        let mut shown: Vec<Instant> = Vec::new();
        let mut delays = Vec::with_capacity(self.watchers.len() * changes as usize);
        for change in 0..changes {
            let due = start + Duration::from_secs(1) * change / rate;
            self.read_until(due, |number, at| note(&mut delays, &shown, first, number, at));
            shown.push(Instant::now());
            program.show(self.next, bytes);
            self.next += 1;
        }
        self.read_until(Instant::now() + AFTERMATH, |number, at| note(&mut delays, &shown, first, number, at));
        delays
    }

    fn read_until(&mut self, until: Instant, mut arrived: impl FnMut(u64, Instant)) {
        let mut events = Events::with_capacity(1024);
        loop {
            let wait = until.saturating_duration_since(Instant::now());
            if wait.is_zero() {
                return;
            }
            match self.poll.poll(&mut events, Some(wait)) {
                Ok(()) => {}
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => panic!("{error}"),
            }
            for event in &events {
                self.watchers[event.token().0].read(&mut self.scratch, &mut arrived);
            }
        }
    }
}

fn note(delays: &mut Vec<f32>, shown: &[Instant], first: u64, number: u64, at: Instant) {
    // Earlier ones belong to the warm-up.
    if let Some(shown) = number.checked_sub(first).and_then(|n| shown.get(n as usize)) {
        delays.push(at.saturating_duration_since(*shown).as_secs_f32() * 1e3);
    }
}

impl Watcher {
    fn read(&mut self, scratch: &mut [u8], arrived: &mut impl FnMut(u64, Instant)) {
        loop {
            let read = match self.stream.read(scratch) {
                Ok(0) => panic!("the server hung up"),
                Ok(read) => read,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return,
                Err(error) => panic!("{error}"),
            };
            self.held.extend_from_slice(&scratch[..read]);
            let at = Instant::now();
            while let Some((number, len)) = frame(&self.held) {
                self.held.drain(..len);
                if let Some(number) = number {
                    assert!(number > self.last, "{number} after {}", self.last);
                    self.last = number;
                    arrived(number, at);
                }
            }
            if read < scratch.len() {
                return;
            }
        }
    }
}

/// The change a whole frame is about, and the frame's length.
fn frame(held: &[u8]) -> Option<(Option<u64>, usize)> {
    let (start, len) = match *held.get(1)? {
        126 => (4, usize::from(u16::from_be_bytes(*held.get(2..)?.first_chunk()?))),
        127 => panic!("nothing here is that long"),
        len => (2, usize::from(len)),
    };
    let payload = held.get(start..start + len)?;
    let number = payload.get(..20).and_then(|digits| std::str::from_utf8(digits).ok()?.parse().ok());
    Some((number, start + len))
}

/// Connected and joined as a wall, with what was read beyond the handshake.
fn join(program: &Program) -> (TcpStream, Vec<u8>) {
    let mut stream = TcpStream::connect(("127.0.0.1", program.port)).expect("the server listens");
    stream.set_nodelay(true).expect("set");
    let request = "GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
        Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    stream.write_all(request.as_bytes()).expect("sent");
    let (mut head, mut read) = (Vec::new(), [0; 2048]);
    let end = loop {
        let bytes = stream.read(&mut read).expect("an answer");
        assert!(bytes > 0, "an upgrade");
        head.extend_from_slice(&read[..bytes]);
        if let Some(end) = head.windows(4).position(|four| four == b"\r\n\r\n") {
            break end + 4;
        }
    };
    if program.side == Side::Hub {
        // The mask of zeros leaves the text as it is.
        let mut join = vec![0x81, 0x80 | JOIN.len() as u8, 0, 0, 0, 0];
        join.extend(JOIN.as_bytes());
        stream.write_all(&join).expect("sent");
    }
    (stream, head.split_off(end))
}
