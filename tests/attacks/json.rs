//! JSON that parsers read differently or choke on, at every door that takes any.

use crate::edge::{JSON, header, say, status};
use crate::floor::{Floor, LONG};
use crate::hall::{COUNCIL, Hall, ORIGIN};
use crate::line::{FINAL, Line, State, TEXT, frame};
use crate::requests::POSTS;
use crate::support::place::Place;
use crate::tablet::{Tablet, address, refused};
use dienhong::client::DeviceKey;
use dienhong::ledger::merkle::Hash;
use dienhong::ledger::statement::{Order, Statement};
use dienhong::wire::frames::Page;
use ed25519_dalek::SigningKey;

/// `good` with `"field":"value"` in it, spoilt in every way.
fn spoilt(good: &str, field: &str) -> Vec<(&'static str, Vec<u8>)> {
    let value = |instead: &str| good.replacen(&format!(r#""{field}":"value""#), &format!(r#""{field}":{instead}"#), 1);
    let deep = |open: &str, depth| value(&format!("{}0", open.repeat(depth)));
    let raw = |instead: &[u8]| {
        let (before, after) = good.split_once("value").expect("a value");
        [before.as_bytes(), instead, after.as_bytes()].concat()
    };
    vec![
        ("nothing", Vec::new()),
        ("half", good.as_bytes()[..good.len() - 1].to_vec()),
        ("something after it", format!("{good}{good}").into()),
        ("a list", format!("[{good}]").into()),
        ("null", b"null".to_vec()),
        ("deep lists", deep("[", 7_000).into()),
        ("deep objects", deep(r#"{"a":"#, 2_000).into()),
        ("just too deep", format!("{}{}", "[".repeat(129), "]".repeat(129)).into()),
        ("a field twice", value(&format!(r#""value","{field}":"other""#)).into()),
        (
            "a field twice in other letters",
            value(&format!(r#""value","\u{:04x}{}":"other""#, field.as_bytes()[0], &field[1..])).into(),
        ),
        ("a field too many", value(r#""value","__proto__":{"admin":true}"#).into()),
        ("another kind", value("17").into()),
        ("a number past every other", value("1e999").into()),
        ("a number of many digits", value(&"9".repeat(4_000)).into()),
        ("no number", value("NaN").into()),
        ("no UTF-8", raw(b"\xff")),
        ("an overlong letter", raw(b"\xc0\xaf")),
        ("an encoded surrogate", raw(b"\xed\xa0\x80")),
        ("half a pair", raw(br"\ud800")),
        ("the other half", raw(br"\udc00\ud800")),
        ("no escape there is", raw(br"\x41")),
        ("a bare line feed", raw(b"\n")),
        ("a bare zero", raw(b"\0")),
        ("a mark of byte order", ["\u{feff}", good].concat().into()),
        ("UTF-16", good.encode_utf16().flat_map(u16::to_le_bytes).collect()),
        ("a comment", good.replacen('{', "{/**/", 1).into()),
        ("single quotes", good.replace('"', "'").into()),
        ("a comma too many", good.replacen('}', ",}", 1).into()),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_post_refuses_bad_json_by_its_code() {
    let hall = Hall::open(Place::sqlite(), "province", 1).await;
    let address = address(&hall.endpoint());
    let goods = [
        (POSTS[0], r#"{"code":"value"}"#, "code"),
        (POSTS[1], r#"{"code":"value","statement":"x"}"#, "code"),
        (POSTS[2], r#"{"statement":"value","arguments":"x","csv":"x"}"#, "statement"),
        (POSTS[3], r#"{"statement":"value","arguments":"x","csv":"x"}"#, "statement"),
        (POSTS[4], r#"{"statement":"value","arguments":"x"}"#, "statement"),
    ];
    for (path, good, field) in goods {
        let post = async |body: &[u8]| {
            let length = body.len();
            let head = format!(
                "POST /c/{COUNCIL}/{path} HTTP/1.1\r\nHost: {address}\r\n{JSON}Connection: close\r\nContent-Length: {length}\r\n\r\n"
            );
            let answer = say(address, [head.as_bytes(), body].concat()).await;
            assert_eq!(header(&answer, "content-type"), Some("application/problem+json"), "{answer}");
            (status(&answer), answer.contains(r#""code":"bad_request""#))
        };
        assert!(!post(good.as_bytes()).await.1, "{path} takes what is well formed");
        for (name, body) in spoilt(good, field) {
            assert_eq!(post(&body).await, (400, true), "{path}: {name}");
        }
    }
    hall.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_socket_refuses_bad_json_by_its_code() {
    let hall = Hall::open(Place::sqlite(), "province", 1).await;
    let (endpoint, device) = (hall.endpoint(), hall.enrol("p1").await);
    let join = r#"{"type":"join","protocol":1,"page":"delegate","statement":"value"}"#;
    let vote = r#"{"type":"cast_vote","id":"1","statement":"value"}"#;
    let states = [
        (State::Unjoined, join),
        (State::Watching, vote),
        (State::Joined(Page::Delegate, &device), vote),
        (State::Joined(Page::Chair, &device), vote),
    ];
    for (state, good) in states {
        for (name, text) in spoilt(good, "statement") {
            let mut line = Line::in_state(&endpoint, state).await;
            line.send(&frame(FINAL | TEXT, &text)).await;
            let (code, complaint) = line.closing().await;
            // What is no UTF-8 is no frame either, and gets no answer of its own.
            let expected = match std::str::from_utf8(&text) {
                Ok(_) => (4000, Some("bad_frame".to_owned())),
                Err(_) => (1007, None),
            };
            assert_eq!((code, complaint), expected, "{state:?}: {name}");
        }
    }
    hall.close().await;
}

/// The hash is right, so only the reader of the arguments stands between them and the chamber.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn signed_arguments_are_read_as_strictly() {
    let hall = Hall::open(Place::sqlite(), "province", 2).await;
    let floor = Floor::ready(&hall, 1, 2).await;
    let opened = floor.open(LONG).await;
    let endpoint = hall.endpoint();
    let seed = [5; 32];
    let chair = endpoint.enrol(&hall.code("p1").await, DeviceKey::from_seed(seed)).await.expect("the code is good");
    let mut page = Tablet::join(&endpoint, Page::Chair, &chair).await;
    let arguments = [
        "",
        "null",
        "[30]",
        r#"{"seconds":30"#,
        r#"{"seconds":30}{}"#,
        r#"{"seconds":30,"seconds":60}"#,
        r#"{"seconds":30,"s\u0065conds":60}"#,
        r#"{"seconds":30,"target":"b2"}"#,
        r#"{"seconds":30,"type":"close_ballot"}"#,
        r#"{"seconds":1e1}"#,
        r#"{"seconds":30.0}"#,
        r#"{"seconds":-30}"#,
        r#"{"seconds":4294967326}"#,
        r#"{"seconds":"30"}"#,
    ];
    for arguments in arguments {
        let order = Statement::Order(Order {
            log: ORIGIN.to_owned(),
            person: chair.person().clone(),
            order: "extend_ballot".to_owned(),
            target: Some(opened.id.clone()),
            arguments: Hash::of(arguments.as_bytes()),
            nonce: [3; 16],
        });
        let note = order.sign(&SigningKey::from_bytes(&seed)).expect("it can be signed");
        assert_eq!(refused(page.give(&note, arguments).await), "bad_statement", "{arguments}");
    }
    hall.close().await;
}
