//! Sockets that say too little, nothing any more, or too much; and a device that is no longer anybody's.

use crate::checker::{Record, ended};
use crate::floor::{person, recorded};
use crate::hall::{COUNCIL, LIMIT};
use crate::node::metric;
use crate::proxy::{Line, Proxy};
use crate::report::{Figure, Outcome, Size, Times};
use crate::support::place::Place;
use crate::tablet::{Heard, Tablet, address};
use crate::world::{Voting, World, a_moment};
use dienhong::chamber::command::Command;
use dienhong::client::Endpoint;
use dienhong::wire::frames::{ClientFrame, Page};
use futures_util::future::join_all;
use futures_util::{StreamExt, stream};
use std::fs;
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;

/// Connections begun at a time: fewer than a listener's queue holds.
const AT_ONCE: usize = 128;

/// Requests that never end, a byte at a time, while the hall votes.
pub async fn loris(size: Size) -> Outcome {
    let count = size.of(5_000, 200);
    let world = World::open(Place::sqlite()).await;
    let mut voting = Voting::begin(&world.floor, &[world.process.endpoint()]).await;
    voting.more(20).await;
    let to = address(&world.process.endpoint());
    let before = pss_kib(&world);
    let beginning = stream::iter(0..count).map(|_| begin_a_request(to)).buffer_unordered(AT_ONCE);
    let requests: Vec<(TcpStream, Instant)> = beginning.collect().await;
    let held = requests.len() as f64;
    let during = pss_kib(&world);
    let receipts = voting.count();
    let cut = join_all(requests.into_iter().map(|(stream, begun)| say_a_byte_at_a_time(stream, begun))).await;
    voting.more(1).await;
    let receipts = voting.count() - receipts;
    let mut times = Times::default();
    cut.into_iter().for_each(|after| times.add(after));
    let after = pss_kib(&world);
    voting.close().await;
    Outcome::Held(vec![
        Figure::count("sockets", count as usize),
        Figure::new("cut off after: median", times.percentile(50.0), "ms"),
        Figure::new("max", times.max(), "ms").at_most(10_000.0),
        Figure::new("KiB a socket", (during - before).max(0.0) / held, "").at_most(16.0),
        Figure::new("KiB more once they were gone", (after - before).max(0.0), ""),
        Figure::count("receipts of the hall meanwhile", receipts),
    ])
}

async fn begin_a_request(to: SocketAddr) -> (TcpStream, Instant) {
    let mut stream = TcpStream::connect(to).await.expect("the server listens");
    let begun = Instant::now();
    stream.write_all(format!("GET / HTTP/1.1\r\nHost: {to}\r\nX-Slow: ").as_bytes()).await.expect("it reads");
    (stream, begun)
}

/// How long the server bore it.
async fn say_a_byte_at_a_time(stream: TcpStream, begun: Instant) -> Duration {
    let (mut reading, mut writing) = stream.into_split();
    let talking = async {
        while writing.write_all(b"a").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
        std::future::pending::<()>().await
    };
    let mut answer = [0; 1024];
    // An answer, such as 408, is the beginning of the end.
    let ending = async { while matches!(reading.read(&mut answer).await, Ok(read) if read > 0) {} };
    tokio::select! {
        ended = timeout(LIMIT, ending) => ended.expect("it is cut off"),
        () = talking => {}
    }
    begun.elapsed()
}

/// Pages whose cable was pulled: nobody says so, and they are let go of all the same.
pub async fn half_open(size: Size) -> Outcome {
    let count = size.of(500, 20) as usize;
    let world = World::open(Place::sqlite()).await;
    let proxy = Proxy::to(vec![address(&world.process.endpoint())]).await;
    let endpoint = Endpoint::new(&proxy.url(), COUNCIL).expect("an address");
    let before = connections(&world).await;
    let mut pages = Vec::new();
    for n in 0..count {
        let mut page = Tablet::open(&endpoint).await;
        match world.floor.delegates.get(n + 1) {
            Some(delegate) => page.ask_in(Page::Delegate, Some(delegate)).await,
            None => page.ask_in(Page::Public, None).await,
        }
        page.frame().await;
        pages.push(page);
    }
    assert!(connections(&world).await >= before + count as f64, "the server holds them");
    proxy.set(Line::Silent);
    let silent = Instant::now();
    let let_go = async {
        while connections(&world).await > before {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    timeout(LIMIT, let_go).await.expect("the server lets go of them");
    let took = silent.elapsed();
    Outcome::Held(vec![
        Figure::count("sockets", count),
        Figure::new("all let go of after", took.as_secs_f64(), "s").at_most(25.0),
    ])
}

/// The pages' own line is slow, cut, or goes silent: what was answered into the void is answered again.
pub async fn line(size: Size) -> Outcome {
    let times = size.of(100, 3);
    let world = World::open(Place::sqlite()).await;
    let proxy = Proxy::to(vec![address(&world.process.endpoint())]).await;
    let mut voting = Voting::begin(&world.floor, &[Endpoint::new(&proxy.url(), COUNCIL).expect("an address")]).await;
    let mut back = Times::default();
    for n in 0..times {
        proxy.set(Line::Delay(Duration::from_millis(5)));
        voting.more(20).await;
        a_moment(20).await;
        // A page gives a silent server up only after 25 s, so silence is the rarer one.
        proxy.set(if n % 10 == 9 { Line::Silent } else { Line::Cut });
        a_moment(100).await;
        let mended = Instant::now();
        proxy.set(Line::Through);
        voting.more(1).await;
        back.add(mended.elapsed());
    }
    let mut figures = ended(&world.place, &world.floor, voting, times).await;
    figures.push(Figure::new("first receipt after the line was back: max", back.max(), "ms"));
    Outcome::Held(figures)
}

/// Pages that take in a hundred bytes a second, while the hall votes.
pub async fn trickle(size: Size) -> Outcome {
    const RECEIPTS: usize = 300;
    let count = size.of(100, 5);
    let world = World::open(Place::sqlite()).await;
    let endpoint = world.process.endpoint();
    let proxy = Proxy::to(vec![address(&endpoint)]).await;
    let slow = Endpoint::new(&proxy.url(), COUNCIL).expect("an address");
    let mut voting = Voting::begin(&world.floor, &[endpoint]).await;
    voting.more(RECEIPTS).await;
    let begun = Instant::now();
    voting.more(RECEIPTS).await;
    let alone = begun.elapsed();
    let mut pages = Vec::new();
    for _ in 0..count {
        let mut page = Tablet::open(&slow).await;
        page.ask_in(Page::Public, None).await;
        pages.push(page);
    }
    proxy.set(Line::Trickle(100));
    let begun = Instant::now();
    voting.more(RECEIPTS).await;
    let beside = begun.elapsed();
    let figures = ended(&world.place, &world.floor, voting, count).await;
    let each = |took: Duration| took.as_secs_f64() * 1_000.0 / RECEIPTS as f64;
    let compared = [
        Figure::new("ms for a receipt of the hall without them", each(alone), ""),
        Figure::new("beside them", each(beside), "").at_most(each(alone) * 1.1),
    ];
    Outcome::Held([figures, compared.into()].concat())
}

/// Frames far beyond what anybody may send.
pub async fn giants(size: Size) -> Outcome {
    let count = size.of(1_000, 20);
    let world = World::open(Place::sqlite()).await;
    let before = pss_kib(&world);
    let giant = "x".repeat(1 << 20);
    for n in 0..count as usize {
        let mut page = Tablet::open(&world.process.endpoint()).await;
        if n % 2 == 1 {
            let delegate = &world.floor.delegates[1 + n % (world.floor.delegates.len() - 1)];
            page.ask_in(Page::Delegate, Some(delegate)).await;
            page.frame().await;
        }
        page.say_message(Message::text(giant.as_str())).await;
        while let Heard::Frame(_) = page.hear().await {}
    }
    let after = pss_kib(&world);
    Outcome::Held(vec![
        Figure::count("frames of 1 MiB, each the end of its socket", count as usize),
        Figure::new("KiB more afterwards", (after - before).max(0.0), ""),
    ])
}

/// A device is revoked while its page is open.
pub async fn revoked(size: Size) -> Outcome {
    let times = size.of(100, 2) as usize;
    let world = World::open(Place::sqlite()).await;
    let endpoint = world.process.endpoint();
    let opened = world.floor.open(Some(0)).await;
    let mut gone = Times::default();
    let mut devices = world.floor.delegates.clone();
    for n in 0..times {
        let at = 1 + n % (devices.len() - 1);
        let device = &devices[at];
        let mut page = Tablet::join(&endpoint, Page::Delegate, device).await;
        let id = device.person().as_str();
        let reason = "mất máy".to_owned();
        recorded(&world.floor.secretary, Command::RevokeDevice { person: person(id), reason }).await;
        let revoked = Instant::now();
        // What it signs from now on is worth nothing.
        let vote = device.vote(&opened.id, &opened.document_sha256, "yes", 1).expect("a vote");
        page.say(&ClientFrame::CastVote { id: "late".to_owned(), statement: vote }).await;
        assert_eq!(page.closing().await.0, 4002);
        gone.add(revoked.elapsed());
        let mut again = Tablet::open(&endpoint).await;
        again.ask_in(Page::Delegate, Some(device)).await;
        assert_eq!(again.closing().await.0, 4002);
        let renewed = world.process.enrol(id).await;
        devices[at] = renewed;
    }
    let record = Record::read(&world.place, &world.key()).await;
    assert!(!record.lines.iter().any(|line| line.contains(r#""kind":"vote_cast""#)), "a revoked device has voted");
    let figures = gone.figures("page closed after", 1_000.0);
    Outcome::Held([vec![Figure::count("devices", times)], figures.into()].concat())
}

/// Proportional set size: what is shared with others counts by its share.
fn pss_kib(world: &World) -> f64 {
    let rollup = fs::read_to_string(format!("/proc/{}/smaps_rollup", world.process.id())).unwrap_or_default();
    let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:")).unwrap_or("0");
    line.trim().trim_end_matches("kB").trim().parse().expect("a number")
}

async fn connections(world: &World) -> f64 {
    metric(&world.process.endpoint(), "dienhong_connections_open", "").await
}
