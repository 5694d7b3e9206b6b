//! One connection over a pipe that takes as much as the test says.

use super::*;
use proptest::collection::vec;
use proptest::prelude::*;
use std::cell::RefCell;
use std::io::Cursor;
use std::rc::Rc;
use std::time::Duration;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocket};
use tokio_tungstenite::tungstenite::{Error, Message};

const SERVER_TIME: u64 = 1_700_000_000_000;

#[derive(Default)]
struct Pipe {
    /// What it still takes.
    room: usize,
    taken: Vec<u8>,
    to_read: VecDeque<u8>,
    hung_up: bool,
    finished: bool,
}

#[derive(Clone, Default)]
struct Near(Rc<RefCell<Pipe>>);

impl Read for Near {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let mut pipe = self.0.borrow_mut();
        match pipe.to_read.read(into)? {
            0 if !pipe.hung_up => Err(ErrorKind::WouldBlock.into()),
            read => Ok(read),
        }
    }
}

impl Write for Near {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut pipe = self.0.borrow_mut();
        let part = bytes.len().min(pipe.room);
        if part == 0 {
            return Err(ErrorKind::WouldBlock.into());
        }
        pipe.room -= part;
        pipe.taken.extend_from_slice(&bytes[..part]);
        Ok(part)
    }

    fn write_vectored(&mut self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        self.write(&slices.iter().flat_map(|slice| slice.to_vec()).collect::<Vec<u8>>())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Stream for Near {
    fn finish(&self) {
        self.0.borrow_mut().finished = true;
    }
}

/// A watcher and the other end of its pipe.
struct Line {
    watcher: Watcher<Near>,
    pipe: Near,
    now: Instant,
}

impl Line {
    fn new(room: usize) -> Self {
        let pipe = Near::default();
        pipe.0.borrow_mut().room = room;
        let now = Instant::now();
        Self { watcher: Watcher::new(pipe.clone(), Vec::new(), now), pipe, now }
    }

    /// A client's frame, masked.
    fn say(&mut self, opcode: u8, payload: &[u8]) -> Result<(), End> {
        let mut bytes = vec![0x80 | opcode];
        match payload.len() {
            len @ ..126 => bytes.push(0x80 | len as u8),
            len => {
                bytes.push(0x80 | 126);
                bytes.extend((len as u16).to_be_bytes());
            }
        }
        bytes.extend([0; 4]);
        bytes.extend(payload);
        self.send(&bytes)
    }

    fn say_text(&mut self, text: &str) -> Result<(), End> {
        self.say(1, text.as_bytes())
    }

    fn send(&mut self, bytes: &[u8]) -> Result<(), End> {
        self.pipe.0.borrow_mut().to_read.extend(bytes);
        self.watcher.read(&mut [0; 100], self.now, SERVER_TIME)?;
        self.watcher.write(&Ready::default(), self.now)
    }

    /// Everything that arrived, as a client understands it.
    fn heard(&self) -> Vec<Message> {
        heard(&self.pipe.0.borrow().taken)
    }

    /// The end, with all the room it needs.
    fn bid_farewell(self, end: End) -> Vec<Message> {
        let Self { watcher, pipe, now } = self;
        pipe.0.borrow_mut().room = usize::MAX;
        if let Some(mut leaving) = watcher.leave(end, now) {
            assert!(!leaving.go(&mut [0; SMALL_FRAME], now), "it waits for the peer to hang up");
            assert!(pipe.0.borrow().finished);
            pipe.0.borrow_mut().hung_up = true;
            assert!(leaving.go(&mut [0; SMALL_FRAME], now));
        }
        let taken = pipe.0.borrow().taken.clone();
        heard(&taken)
    }
}

fn heard(bytes: &[u8]) -> Vec<Message> {
    let mut client = WebSocket::from_raw_socket(Cursor::new(bytes.to_vec()), Role::Client, None);
    let mut all = Vec::new();
    loop {
        match client.read() {
            Ok(message) => all.push(message),
            Err(Error::Protocol(_) | Error::ConnectionClosed) => return all,
            Err(error) => panic!("{error}"),
        }
    }
}

fn closed_with(said: &[Message]) -> Option<u16> {
    match said.last()? {
        Message::Close(close) => close.as_ref().map(|close| close.code.into()),
        _ => None,
    }
}

fn view(topic: usize, stamp: u64, len: usize) -> Option<(u64, Bytes)> {
    Some((stamp, codec::text(&format!("{topic} {stamp} {}", "x".repeat(len)))))
}

/// Topic and stamp of each view that arrived.
fn views(said: &[Message]) -> Vec<(usize, u64)> {
    let read = |text: &str| {
        let mut words = text.split(' ');
        Some((words.next()?.parse().ok()?, words.next()?.parse().ok()?))
    };
    said.iter().map(|message| read(message.to_text().expect("a text")).expect("a view")).collect()
}

#[derive(Debug, Clone)]
enum Step {
    Change { topic: usize, len: usize },
    Take(usize),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        (0..TOPICS, 0usize..400).prop_map(|(topic, len)| Step::Change { topic, len }),
        (0usize..600).prop_map(Step::Take),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

    #[test]
    fn however_slowly_a_peer_reads_stamps_never_fall_and_the_last_of_each_topic_arrives(steps in vec(step(), 1..60)) {
        let mut line = Line::new(0);
        let mut newest = Ready::default();
        for (stamp, step) in (1..).zip(steps) {
            match step {
                Step::Change { topic, len } => newest[topic] = view(topic, stamp, len),
                Step::Take(bytes) => line.pipe.0.borrow_mut().room += bytes,
            }
            prop_assert_eq!(line.watcher.write(&newest, line.now), Ok(()));
        }
        line.pipe.0.borrow_mut().room = usize::MAX;
        prop_assert_eq!(line.watcher.write(&newest, line.now), Ok(()));
        prop_assert!(!line.watcher.is_full());
        let mut last = [0; TOPICS];
        for (topic, stamp) in views(&line.heard()) {
            prop_assert!(stamp > last[topic], "{stamp} after {} of {topic}", last[topic]);
            last[topic] = stamp;
        }
        prop_assert_eq!(last, newest.map(|frame| frame.map_or(0, |(stamp, _)| stamp)));
    }
}

#[test]
fn a_half_written_frame_is_finished_and_only_the_newest_follows() {
    let mut line = Line::new(10);
    let mut newest = Ready::default();
    for stamp in 1..=100 {
        newest[2] = view(2, stamp, 50);
        line.watcher.write(&newest, line.now).unwrap();
    }
    assert!(line.watcher.is_full());
    line.pipe.0.borrow_mut().room = 1_000;
    line.watcher.write(&newest, line.now).unwrap();
    assert_eq!(views(&line.heard()), [(2, 1), (2, 100)]);
}

#[test]
fn who_takes_nothing_for_five_seconds_is_sent_away_and_who_takes_a_little_is_not() {
    let mut line = Line::new(10);
    let mut newest = Ready::default();
    newest[0] = view(0, 1, 500);
    line.watcher.write(&newest, line.now).unwrap();
    let second = Duration::from_secs(1);
    assert_eq!(line.watcher.tick(line.now + 4 * second), Ok(false));
    // One byte is taken: the five seconds begin again.
    line.pipe.0.borrow_mut().room = 1;
    line.watcher.write(&newest, line.now + 4 * second).unwrap();
    assert_eq!(line.watcher.tick(line.now + 8 * second), Ok(false));
    let end = line.watcher.tick(line.now + 9 * second).unwrap_err();
    assert_eq!(end, End::Close(Close::Slow));
    // Should it read now after all, it is told, after the frame that was begun.
    let said = line.bid_farewell(end);
    assert_eq!((views(&said[..1]), closed_with(&said)), (vec![(0, 1)], Some(4004)));
}

#[test]
fn nobody_waits_for_a_goodbye_for_longer_than_five_seconds() {
    let line = Line::new(0);
    let mut leaving = line.watcher.leave(End::Close(Close::Stopping), line.now).unwrap();
    assert!(!leaving.go(&mut [0; 100], line.now));
    assert!(leaving.go(&mut [0; 100], line.now + SEND_WITHIN));
}

#[test]
fn a_silent_peer_is_asked_twice_and_then_sent_away() {
    let mut line = Line::new(1_000);
    let mut asked = 0;
    let end = (1..=100).find_map(|quarter| {
        let now = line.now + Duration::from_millis(250) * quarter;
        match line.watcher.tick(now) {
            Ok(due) => {
                asked += usize::from(due);
                line.watcher.write(&Ready::default(), now).unwrap();
                None
            }
            Err(end) => Some((quarter, end)),
        }
    });
    assert_eq!((asked, end), (2, Some((100, End::Close(Close::Silent)))));
    assert_eq!(line.heard(), vec![Message::Ping(Bytes::new()); 2]);
    let said = line.bid_farewell(End::Close(Close::Silent));
    assert_eq!(closed_with(&said), Some(4006));
}

#[test]
fn a_peer_that_is_heard_of_stays() {
    let mut line = Line::new(1_000);
    for _ in 0..10 {
        line.now += Duration::from_secs(20);
        line.say(10, b"").unwrap();
        assert!(line.watcher.tick(line.now).is_ok());
    }
}

#[test]
fn what_a_watching_page_says_is_answered() {
    let mut line = Line::new(10_000);
    line.say(9, b"are you there").unwrap();
    for text in [
        r#"{"type":"ping","at":5}"#,
        r#"{"type":"cast_vote","id":"1","statement":"x"}"#,
        r#"{"type":"order","id":"2","statement":"x","arguments":"{}"}"#,
        r#"{"type":"query","id":"3","query":{"query":"audit"}}"#,
    ] {
        line.say_text(text).unwrap();
    }
    let refused = |id: &str, code: &str| {
        Message::text(format!(r#"{{"type":"refused","id":"{id}","code":"{code}","retry":false}}"#))
    };
    assert_eq!(
        line.heard(),
        [
            Message::Pong(Bytes::from_static(b"are you there")),
            Message::text(format!(r#"{{"type":"pong","at":5.0,"server_time":{SERVER_TIME}}}"#)),
            refused("1", "wrong_person"),
            refused("2", "wrong_person"),
            refused("3", "not_allowed"),
        ]
    );
    assert_eq!(line.say(8, &[]), Err(End::Left));
    assert_eq!(line.bid_farewell(End::Left).last(), Some(&Message::Close(None)), "a goodbye is returned");
}

#[test]
fn who_breaks_the_protocol_is_told_how_and_sent_away() {
    let text = |text: &str| (1, text.as_bytes().to_vec());
    for (name, (opcode, payload), code, complaint) in [
        ("not json", text("hello"), 4000, Some("bad_frame")),
        ("a second join", text(r#"{"type":"join","protocol":1,"page":"wall"}"#), 4000, Some("bad_frame")),
        (
            "a long id",
            text(&format!(r#"{{"type":"cast_vote","id":"{}","statement":""}}"#, "i".repeat(65))),
            4000,
            Some("bad_frame"),
        ),
        ("too much", text(&"x".repeat(SMALL_FRAME + 1)), 4000, Some("too_large")),
        ("binary", (2, b"x".to_vec()), 4000, None),
        ("no text", (1, vec![0xFF]), 1007, None),
        ("no opcode", (3, vec![]), 1002, None),
        ("a piece of nothing", (0, vec![]), 1002, None),
    ] {
        let mut line = Line::new(0);
        let end = line.say(opcode, &payload).unwrap_err();
        let said = line.bid_farewell(end);
        assert_eq!(closed_with(&said), Some(code), "{name}");
        let told = said.iter().find_map(|message| message.to_text().ok().filter(|t| t.contains(r#""type":"error""#)));
        assert_eq!(told.is_some(), complaint.is_some(), "{name}");
        assert!(complaint.is_none_or(|complaint| told.unwrap().contains(complaint)), "{name}");
    }
    let mut line = Line::new(0);
    let end = line.send(&[0x81, 2, b'h', b'i']).unwrap_err();
    assert_eq!(closed_with(&line.bid_farewell(end)), Some(1002), "unmasked");
}

#[test]
fn frames_that_come_too_fast_end_it_whatever_they_are() {
    for opcode in [9, 10] {
        let mut line = Line::new(0);
        let end = (0..).find_map(|n| line.say(opcode, b"x").err().map(|end| (n, end)));
        assert_eq!(end, Some((FRAMES_BURST, End::Close(Close::TooFast))));
        assert_eq!(closed_with(&line.bid_farewell(End::Close(Close::TooFast))), Some(4003));
    }
    // One text in endless empty pieces.
    let mut line = Line::new(0);
    line.send(&[0x01, 0x80, 0, 0, 0, 0]).unwrap();
    let end = (1..).find_map(|n| line.send(&[0x00, 0x80, 0, 0, 0, 0]).err().map(|end| (n, end)));
    assert_eq!(end, Some((FRAMES_BURST, End::Close(Close::TooFast))));
}

#[test]
fn what_came_with_the_join_is_answered() {
    let pipe = Near::default();
    pipe.0.borrow_mut().room = 100;
    let now = Instant::now();
    let mut watcher = Watcher::new(pipe.clone(), vec![0x89, 0x80, 0, 0, 0, 0], now);
    watcher.read(&mut [0; 10], now, SERVER_TIME).unwrap();
    watcher.write(&Ready::default(), now).unwrap();
    assert_eq!(heard(&pipe.0.borrow().taken), [Message::Pong(Bytes::new())]);
}

#[test]
fn a_peer_that_hangs_up_is_gone() {
    let mut line = Line::new(100);
    line.pipe.0.borrow_mut().hung_up = true;
    assert_eq!(line.say(10, b""), Err(End::Gone));
    assert_eq!(line.bid_farewell(End::Gone), []);
}
