//! Sockets that do not behave: each is shown the door by its own code, and nobody else notices.

use crate::floor::{Floor, LONG, ballot, vote};
use crate::hall::{Hall, LIMIT, watch_as};
use crate::plain_http::{get, get_at};
use crate::process::{Process, init};
use crate::support::place::Place;
use crate::tablet::{Heard, Tablet, turned_away};
use dienhong::app::control::{Request, Response};
use dienhong::chamber::agenda::ItemKind;
use dienhong::chamber::command::{Command, NewItem};
use dienhong::chamber::ids::{ItemId, QuestionId};
use dienhong::client::{Endpoint, when};
use dienhong::sample;
use dienhong::wire::frames::{ClientFrame, Page, ServerFrame, View};
use dienhong::wire::views::{BallotState, CouncilView};
use tokio::net::TcpSocket;
use tokio_tungstenite::tungstenite::Message;

async fn on_sqlite(seats: u32) -> Hall {
    Hall::open(Place::sqlite(), "province", seats).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_first_frame_that_is_no_join_ends_the_socket() {
    let hall = on_sqlite(3).await;
    let endpoint = hall.endpoint();
    let device = hall.enrol("p1").await;
    let deep = format!(r#"{{"type":"join","protocol":1,"page":{}"#, "[".repeat(8_000));
    let long = format!(r#"{{"type":"join","protocol":1,"page":"wall","statement":"{}"}}"#, "x".repeat(17 * 1024));
    let firsts = [
        ("not json", "hello".to_owned(), (4000, Some("bad_frame"))),
        ("nothing", String::new(), (4000, Some("bad_frame"))),
        ("deep", deep, (4000, Some("bad_frame"))),
        ("long", long, (4000, Some("bad_frame"))),
        ("a ping", r#"{"type":"ping","at":1}"#.to_owned(), (4000, Some("bad_frame"))),
        ("another type", r#"{"type":"shout"}"#.to_owned(), (4000, Some("bad_frame"))),
        ("another page", r#"{"type":"join","protocol":1,"page":"roof"}"#.to_owned(), (4000, Some("bad_frame"))),
        (
            "one more field",
            r#"{"type":"join","protocol":1,"page":"wall","as":"p1"}"#.to_owned(),
            (4000, Some("bad_frame")),
        ),
        (
            "another protocol",
            r#"{"type":"join","protocol":99,"page":"wall"}"#.to_owned(),
            (4000, Some("protocol_version")),
        ),
        (
            "nobody's delegate page",
            r#"{"type":"join","protocol":1,"page":"delegate"}"#.to_owned(),
            (4000, Some("bad_login")),
        ),
        (
            "the public with a name",
            r#"{"type":"join","protocol":1,"page":"public","statement":"x"}"#.to_owned(),
            (4000, Some("bad_login")),
        ),
        (
            "a wall with a name that is none",
            r#"{"type":"join","protocol":1,"page":"wall","statement":"x"}"#.to_owned(),
            (4002, Some("bad_login")),
        ),
        (
            "no statement",
            r#"{"type":"join","protocol":1,"page":"delegate","statement":"x"}"#.to_owned(),
            (4002, Some("bad_login")),
        ),
    ];
    for (name, text, (code, complaint)) in firsts {
        let mut tablet = Tablet::open(&endpoint).await;
        tablet.say_text(text).await;
        assert_eq!(tablet.closing().await, (code, complaint.map(str::to_owned)), "{name}");
    }
    let mut tablet = Tablet::open(&endpoint).await;
    tablet.say_message(Message::binary(vec![0; 100])).await;
    assert_eq!(tablet.closing().await, (4000, None), "binary");

    // A login over another socket's challenge.
    let other = Tablet::open(&endpoint).await;
    let mut tablet = Tablet::open(&endpoint).await;
    tablet.say(&other.join_frame(Page::Delegate, Some(&device))).await;
    assert_eq!(tablet.closing().await, (4002, Some("bad_login".to_owned())), "a replayed login");
    hall.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_joined_socket_that_breaks_the_protocol_is_closed_and_hurts_nobody() {
    let hall = on_sqlite(3).await;
    let endpoint = hall.endpoint();
    let floor = Floor::ready(&hall, 1, 3).await;
    floor.open(LONG).await;
    let bystander = floor.delegate(2).await;
    let device = &floor.delegates[1];
    let frame = |id: &str, statement: &str| {
        let (id, statement) = (id.to_owned(), statement.to_owned());
        serde_json::to_string(&ClientFrame::CastVote { id, statement }).unwrap()
    };
    let deep = format!(r#"{{"type":"cast_vote","id":{}"#, r#"{"a":"#.repeat(2_500));
    let wrongs = [
        ("not json", "{".to_owned(), Some("bad_frame")),
        ("deep", deep, Some("bad_frame")),
        ("a number for an id", r#"{"type":"cast_vote","id":7,"statement":""}"#.to_owned(), Some("bad_frame")),
        ("a long id", frame(&"i".repeat(65), "x"), Some("bad_frame")),
        ("more than a tablet may send", frame("1", &"x".repeat(17 * 1024)), Some("too_large")),
        ("more than anybody may send", frame("1", &"x".repeat(65 * 1024)), None),
        ("a second join", r#"{"type":"join","protocol":1,"page":"wall"}"#.to_owned(), Some("bad_frame")),
    ];
    for (name, text, complaint) in wrongs {
        let mut tablet = Tablet::join(&endpoint, Page::Delegate, device).await;
        tablet.say_text(text).await;
        assert_eq!(tablet.closing().await, (4000, complaint.map(str::to_owned)), "{name}");
    }
    let mut tablet = Tablet::join(&endpoint, Page::Delegate, device).await;
    tablet.say_message(Message::binary(vec![0; 100])).await;
    assert_eq!(tablet.closing().await, (4000, None), "binary");

    // The chair's page may send what a tablet may not.
    let mut chair = Tablet::join(&endpoint, Page::Chair, device).await;
    let answer = chair.cast(&"x".repeat(17 * 1024)).await;
    assert_eq!(answer, Err(("bad_statement".to_owned(), false)));

    // A hundred frames in one breath.
    let mut tablet = Tablet::join(&endpoint, Page::Delegate, device).await;
    for at in 0..100 {
        tablet.say(&ClientFrame::Ping { at: f64::from(at) }).await;
    }
    let (code, _) = tablet.closing().await;
    assert!([4003, 0].contains(&code), "closed with {code}");

    vote(&bystander, "yes").await;
    ballot(&floor.chair, |ballot| ballot.received == 1 && ballot.state == BallotState::Open).await;
    hall.close().await;
}

/// Takes the ten seconds that a join may take.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_socket_that_never_joins_is_closed() {
    let hall = on_sqlite(3).await;
    let mut tablet = Tablet::open(&hall.endpoint()).await;
    assert_eq!(tablet.closing().await, (4005, None));
    hall.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn foreign_pages_and_unknown_councils_are_turned_away() {
    let hall = on_sqlite(3).await;
    let endpoint = hall.endpoint();
    let problem = |status: u16| (status, "application/problem+json".to_owned());
    for origin in ["https://elsewhere.example", "null", "http://127.0.0.1:1"] {
        assert_eq!(turned_away(&endpoint, origin).await, problem(403), "{origin}");
        let headers = format!("Upgrade: websocket\r\nOrigin: {origin}\r\n");
        let answer = get_at(&endpoint, "/c/mau/ws", &headers).await;
        assert_eq!((answer.status, answer.problem().as_str()), (403, "bad_origin_header"), "{origin}");
    }
    let nowhere = Endpoint::new(&hall.base_url(), "nowhere").unwrap();
    assert_eq!(turned_away(&nowhere, &nowhere.origin()).await, problem(404));
    for path in ["api/results", "api/view/live", "record/checkpoint", "record/tile/0/000"] {
        let answer = get(&nowhere, path).await;
        assert_eq!((answer.status, answer.problem().as_str()), (404, "unknown_council"), "{path}");
    }
    assert_eq!(get(&endpoint, "api/view/console").await.problem(), "not_found", "not for the public");
    assert_eq!(get(&endpoint, "api/view/me").await.problem(), "not_found");
    hall.close().await;
}

const SECRETARIES: usize = 25;
const CHANGES_EACH: usize = 40;
const NEVER_READING: usize = 10;

/// Ten screens stop reading while the agenda, some 70 KB of it, changes a thousand times: queued for each of them it would be 700 MB.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn screens_that_never_read_cost_nothing_and_see_the_newest_when_they_do() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    assert!(init(&data, None, 3).await.status.success());
    let process = Process::serve(&data, None).await;
    let endpoint = process.endpoint();
    let mut csv = String::from("id,name,seat,group,offices\n");
    for (n, person) in sample::council(29, SECRETARIES as u32).iter().take(SECRETARIES).enumerate() {
        csv.push_str(&format!("s{n},{},,,secretary\n", person.name));
    }
    let roster = Request::ImportRoster { council: "mau".to_owned(), csv, dry_run: false };
    let imported = process.control(roster).await;
    assert!(matches!(imported, Response::Roster { imported: true, .. }), "{imported:?}");
    let mut secretaries = Vec::new();
    for n in 0..SECRETARIES {
        let device = process.enrol(&format!("s{n}")).await;
        secretaries.push((Tablet::join(&endpoint, Page::Admin, &device).await, device));
    }
    let (desk, device) = &mut secretaries[0];
    let session = Command::create_session("Kỳ họp", "2026–2031");
    desk.order(device, &session).await.expect("a session");
    for half in 0..2 {
        let items = (0..30).map(|n| long_item(half * 30 + n)).collect();
        desk.order(device, &Command::add_items(items)).await.expect("an agenda");
    }
    let watching = watch_as(&endpoint, Page::Public).await;
    let council = when(&watching.views().council, LIMIT, |council| council.agenda.len() == 60).await.unwrap();

    let mut stuck = Vec::new();
    for _ in 0..NEVER_READING {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(4 * 1024).unwrap();
        let mut tablet = Tablet::over(socket, &endpoint).await;
        tablet.ask_in(Page::Public, None).await;
        assert!(matches!(tablet.frame().await, ServerFrame::Joined { .. }));
        stuck.push(tablet);
    }
    let before = resident_bytes(process.id());

    let mut working = Vec::new();
    for (n, (mut tablet, device)) in secretaries.into_iter().enumerate() {
        let question = council.agenda[n].questions[0].clone();
        working.push(tokio::spawn(async move {
            let mut replaces = QuestionId::parse(question.id).unwrap();
            for change in 1..=CHANGES_EACH {
                let prepare = Command::PrepareQuestion {
                    item: ItemId::parse(question.item.clone()).unwrap(),
                    title: wording(change),
                    text: String::new(),
                    rule: "majority_of_all".to_owned(),
                    seconds: None,
                    show_split: None,
                    replaces: Some(replaces),
                    form: None,
                    answers: None,
                    change_allowed: None,
                    groups: Vec::new(),
                    min_choices: 0,
                    live_names: false,
                };
                let receipt = match tablet.order(&device, &prepare).await {
                    Ok(receipt) => receipt,
                    Err(refused) => panic!("change {change}: {refused:?}"),
                };
                let entry: serde_json::Value = serde_json::from_str(&receipt.entry).unwrap();
                replaces = QuestionId::parse(entry["question"]["id"].as_str().unwrap()).unwrap();
            }
        }));
    }
    for secretary in working {
        tokio::time::timeout(LIMIT * 2, secretary).await.expect("in time").expect("every change is taken");
    }
    when(&watching.views().council, LIMIT, is_newest).await.expect("who reads, sees");
    if let (Some(before), Some(after)) = (before, resident_bytes(process.id())) {
        let grown = after.saturating_sub(before) >> 20;
        assert!(grown < 200, "{grown} MiB more for {NEVER_READING} screens that do not read");
    }

    // Now they read: a few views on the way, then the newest, unless they were cut off for good reason.
    let mut tablet = stuck.pop().unwrap();
    let mut seen = 0;
    loop {
        match tablet.hear().await {
            Heard::Frame(frame) => {
                if let ServerFrame::View { view: View::Council(council), .. } = *frame {
                    seen += 1;
                    if is_newest(&council) {
                        break;
                    }
                }
            }
            Heard::Closed(code) => break assert_eq!(code, 4004),
            Heard::Lost => break,
        }
    }
    assert!(seen < SECRETARIES * CHANGES_EACH / 4, "{seen} views were kept for a screen that did not read");
}

fn is_newest(council: &CouncilView) -> bool {
    let newest = wording(CHANGES_EACH);
    council.agenda[..SECRETARIES].iter().all(|item| item.questions.iter().any(|question| question.title == newest))
}

fn wording(change: usize) -> String {
    format!("Lời văn thứ {change}")
}

fn long_item(n: usize) -> NewItem {
    NewItem {
        number: n.to_string(),
        kind: if n < SECRETARIES { ItemKind::Vote } else { ItemKind::Report },
        title: format!("{n} {}", "x".repeat(800)),
        short_title: Some(n.to_string()),
        minutes: None,
        rule: (n < SECRETARIES).then(|| "majority_of_all".to_owned()),
        level: 0,
        planned_at: None,
        presenter: None,
        closed: false,
    }
}

/// What the process holds in memory, where the system tells.
fn resident_bytes(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}
