//! Guessing one-time codes. What a guesser may hope for is computed here from the code's alphabet as it comes out and from the
//! limiter as it is.

use crate::edge::{JSON, body, header, problem, status};
use crate::hall::{COUNCIL, Hall};
use crate::support::place::Place;
use crate::tablet::address;
use dienhong::app::control::{self, Request, Response};
use dienhong::client::DeviceKey;
use dienhong::http::limits::TryLimiter;
use dienhong::node::codes::CODE_LIFE_MS;
use std::collections::HashSet;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpSocket;

const LETTERS: &str = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// The chance that any code a council has is guessed while it lives.
const HOPE: f64 = 1e-6;
/// The largest roll.
const PEOPLE: f64 = 1_000.0;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_is_any_of_a_trillion() {
    const DRAWN: usize = 1_000;
    let hall = Hall::open(Place::sqlite(), "province", 1).await;
    let mut drawn = HashSet::new();
    let mut seen = vec![HashSet::new(); 8];
    for _ in 0..DRAWN {
        let code = hall.code("p1").await;
        let bare: Vec<char> = code.chars().filter(|c| *c != '-').collect();
        assert_eq!((code.len(), code.find('-'), bare.len()), (9, Some(4), 8), "{code}");
        for (letter, seen) in bare.into_iter().zip(&mut seen) {
            seen.insert(letter);
        }
        drawn.insert(code);
    }
    // In a thousand draws of 2^40 two alike have a chance of 5e-7, a letter missing at a place one of 5e-12.
    assert_eq!(drawn.len(), DRAWN);
    let letters: HashSet<char> = LETTERS.chars().collect();
    assert!(seen.iter().all(|seen| *seen == letters), "each letter at each place");
    assert_eq!(codes(), 2f64.powi(40));
    hall.close().await;
}

#[test]
fn a_guesser_may_hope_for_less_than_one_in_a_million() {
    assert_eq!(CODE_LIFE_MS, 600_000);
    let (alone, botnet) = (wrong_tries(1), wrong_tries(1_000));
    // From one network, against a whole council that enrols at once; and from a thousand networks, against any one code.
    assert!(alone * PEOPLE / codes() <= HOPE, "{alone} tries");
    assert!(botnet / codes() <= HOPE, "{botnet} tries");
    // docs/attacks.md tells both, and what is left of it: a thousand networks against a thousand codes at once.
    assert!((250.0..=266.0).contains(&alone), "{alone} tries");
    assert!((60_000.0..=66_200.0).contains(&botnet), "{botnet} tries");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wrong_codes_run_out_and_are_all_alike() {
    let hall = Hall::open(Place::sqlite(), "province", 2).await;
    let endpoint = hall.endpoint();
    let at = address(&endpoint);
    let from = |last: u8| match at.ip() {
        // Another address of the loopback, as far as the system has several.
        IpAddr::V4(_) if cfg!(target_os = "linux") => SocketAddr::from((Ipv4Addr::new(127, 78, last, 1), 0)),
        ip => SocketAddr::new(ip, 0),
    };
    let spent = hall.code("p1").await;
    endpoint.enrol(&spent, DeviceKey::from_seed([1; 32])).await.expect("the code is good");
    let (replaced, good) = (hall.code("p2").await, hall.code("p2").await);
    let never = if good.starts_with('0') { "1000-0000" } else { "0000-0000" };
    let look = async |from: SocketAddr, code: &str, more: &str| {
        let text = format!(r#"{{"code":"{code}"}}"#);
        post(from, at, "api/enrol/look", &text, more).await
    };

    // Never given out, spent, replaced by another, no code at all: a stranger is not told which.
    let answers: Vec<String> = {
        let mut answers = Vec::new();
        for code in [never, &spent, &replaced, "", "tất cả", "0000-000"] {
            let answer = look(from(1), code, "").await;
            assert_eq!((status(&answer), problem(&answer).code.as_str()), (403, "bad_code"), "{code}");
            answers.push(body(&answer).to_owned());
        }
        answers
    };
    assert!(answers.windows(2).all(|two| two[0] == two[1]), "{answers:?}");

    // Looking and enrolling draw on the same ten, whatever the request says of where it comes from.
    let enrol = format!(r#"{{"code":"{never}","statement":"{}"}}"#, "x");
    for n in 0..4 {
        let forwarded =
            format!("X-Forwarded-For: 203.0.113.{n}\r\nForwarded: for=203.0.113.{n}\r\nX-Real-IP: 203.0.113.{n}\r\n");
        assert_eq!(status(&look(from(1), never, &forwarded).await), 403);
    }
    for (path, text) in [("api/enrol/look", format!(r#"{{"code":"{good}"}}"#)), ("api/enrol", enrol)] {
        let answer = post(from(1), at, path, &text, "X-Forwarded-For: 203.0.113.9\r\n").await;
        assert_eq!((status(&answer), problem(&answer).code.as_str()), (429, "too_many_tries"), "{path}");
        let wait: u64 = header(&answer, "retry-after").and_then(|wait| wait.parse().ok()).expect("a time to wait");
        assert!((1..=60).contains(&wait), "{wait} s");
    }
    if cfg!(target_os = "linux") {
        assert_eq!(status(&look(from(2), &good, "").await), 200, "a neighbour is not shut out");
    }
    hall.close().await;
}

/// A new code is the end of the one before; a cancelled one is none.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_ends_with_the_next_one() {
    let hall = Hall::open(Place::sqlite(), "province", 1).await;
    let endpoint = hall.endpoint();
    let request = Request::Enrol { council: COUNCIL.to_owned(), person: "p1".to_owned(), minutes: 0 };
    let Response::Code { code: old, .. } = control::carry_out(hall.platform(), request).await else {
        panic!("no code")
    };
    assert_eq!(endpoint.look(&old).await.unwrap_err().code(), "bad_code", "one that has run out");
    let (first, second) = (hall.code("p1").await, hall.code("p1").await);
    assert_eq!(endpoint.look(&first).await.unwrap_err().code(), "bad_code");
    endpoint.look(&second).await.expect("the newest is good");
    hall.close().await;
}

fn codes() -> f64 {
    (LETTERS.len() as f64).powi(8)
}

/// Tries that were granted while a code lives, when as many neighbourhoods (/24) as that never stop asking.
fn wrong_tries(neighbourhoods: u32) -> f64 {
    let (limiter, start) = (TryLimiter::default(), Instant::now());
    let mut granted = 0u32;
    for n in 0..120_000u32 {
        let now = start + Duration::from_millis(u64::from(n) * 5);
        let host = n / neighbourhoods % 256;
        let from = Ipv4Addr::from_bits(((n % neighbourhoods) << 8) | host);
        granted += u32::from(limiter.begin(COUNCIL, from.into(), now).map(|wrong| wrong.was_wrong()).is_ok());
    }
    granted.into()
}

async fn post(from: SocketAddr, to: SocketAddr, path: &str, text: &str, more: &str) -> String {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.bind(from).expect("an address of the loopback");
    let mut stream = socket.connect(to).await.expect("the server listens");
    let length = text.len();
    let request = format!(
        "POST /c/{COUNCIL}/{path} HTTP/1.1\r\nHost: {to}\r\nConnection: close\r\nContent-Length: {length}\r\n{JSON}{more}\r\n{text}"
    );
    stream.write_all(request.as_bytes()).await.expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("an answer");
    answer
}
