//! Good votes in the wrong place. That one person's vote sent again is the one vote it was, on every socket, after a restart and
//! after a kill, is shown in tests/e2e/retries.rs.

use crate::floor::{Floor, LONG, ballot, ballot_id};
use crate::hall::Hall;
use crate::support::place::Place;
use crate::tablet::{Tablet, refused};
use dienhong::app::control::{self, Request, Response};
use dienhong::chamber::command::Command;
use dienhong::client::{DeviceKey, Endpoint, roster_csv};
use dienhong::wire::frames::Page;
use dienhong::wire::http::{EnrolRequest, EnrolResponse};
use dienhong::wire::views::BallotState;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_vote_counts_nowhere_but_where_it_was_meant() {
    let hall = Hall::open(Place::sqlite(), "province", 3).await;
    let floor = Floor::ready(&hall, 2, 3).await;
    let endpoint = hall.endpoint();
    let first = floor.open(LONG).await;
    let voter = &floor.delegates[1];
    let vote = |answer| voter.vote(&first.id, &first.document_sha256, answer, 1).unwrap();
    let (cast, kept) = (vote("yes"), vote("no"));
    let mut tablet = Tablet::join(&endpoint, Page::Delegate, voter).await;
    tablet.cast(&cast).await.expect("a receipt");

    // Over somebody else's socket, and over one that acts for nobody: also when it stands in the record already.
    let mut neighbour = Tablet::join(&endpoint, Page::Delegate, &floor.delegates[2]).await;
    assert_eq!(refused(neighbour.cast(&cast).await), "wrong_person");
    let mut onlooker = Tablet::open(&endpoint).await;
    onlooker.ask_in(Page::Public, None).await;
    assert_eq!(refused(onlooker.cast(&cast).await), "wrong_person");

    // The next round is another ballot on the same question, word for word.
    let on = ballot_id(&first.id);
    floor.chairs(Command::VoidBallot { ballot: on, reason: "làm lại".to_owned() }, BallotState::Voided).await;
    let second = floor.open(LONG).await;
    assert_ne!(second.id, first.id);
    assert_eq!(second.document_sha256, first.document_sha256);
    assert_eq!(refused(tablet.cast(&kept).await), "ballot_not_open");
    let again = tablet.cast(&cast).await.expect("the receipt of the first round");
    assert!(again.entry.contains(&format!("\"{}\"", first.id)));
    assert_eq!(ballot(&floor.chair, |ballot| ballot.id == second.id).await.received, 0);
    hall.close().await;
}

/// Two councils on one server, with the same people, the same devices and a ballot of the same name.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_vote_for_one_council_is_none_for_another() {
    let hall = Hall::open(Place::sqlite(), "province", 3).await;
    let here = Floor::ready(&hall, 1, 3).await;
    let founding = Request::Found {
        id: "huyen".to_owned(),
        origin: "hall.example/huyen".to_owned(),
        name: "Hội đồng nhân dân Huyện".to_owned(),
        short_name: "HĐND Huyện".to_owned(),
        preset: "province".to_owned(),
        seats: 3,
        administrator: "Quản trị".to_owned(),
    };
    assert!(matches!(control::carry_out(hall.platform(), founding).await, Response::Founded { .. }));
    let csv = roster_csv(&hall.people);
    let roster = Request::ImportRoster { council: "huyen".to_owned(), csv, dry_run: false };
    assert!(matches!(control::carry_out(hall.platform(), roster).await, Response::Roster { imported: true, .. }));
    let there = Endpoint::new(&hall.base_url(), "huyen").unwrap();
    let enrol = async |person: &str, seed| {
        let request = Request::Enrol { council: "huyen".to_owned(), person: person.to_owned(), minutes: 10 };
        let Response::Code { code, .. } = control::carry_out(hall.platform(), request).await else {
            panic!("no code for {person}")
        };
        there.enrol(&code, DeviceKey::from_seed([seed; 32])).await.expect("the code is good")
    };
    let mut delegates = Vec::new();
    for (n, person) in ["p1", "p2", "p3"].into_iter().enumerate() {
        delegates.push(enrol(person, n as u8 + 1).await);
    }
    let secretary = enrol(hall.secretary(), 9).await;
    let floor = Floor::begin(there.clone(), &secretary, delegates, 1).await;
    let (opened, opened_here) = (floor.open(LONG).await, here.open(LONG).await);
    assert_eq!(opened.id, opened_here.id);

    let meant_here = here.delegates[1].vote(&opened.id, &opened.document_sha256, "yes", 1).unwrap();
    let mut tablet = Tablet::join(&there, Page::Delegate, &floor.delegates[1]).await;
    assert_eq!(refused(tablet.cast(&meant_here).await), "wrong_log");
    // A login signed for one council does not open the other.
    let mut stranger = Tablet::open(&there).await;
    stranger.ask_in(Page::Delegate, Some(&here.delegates[1])).await;
    assert_eq!(stranger.closing().await, (4002, Some("wrong_log".to_owned())));
    assert_eq!(ballot(&floor.chair, |_| true).await.received, 0);
    assert_eq!(ballot(&here.chair, |_| true).await.received, 0);
    drop((here, floor, tablet));
    hall.close().await;
}

/// The answer may get lost on its way to the tablet; the code is spent all the same.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_enrolment_sent_again_is_the_same_one_and_binds_nobody_else() {
    let hall = Hall::open(Place::sqlite(), "province", 2).await;
    let endpoint = hall.endpoint();
    let (code, other) = (hall.code("p1").await, hall.code("p2").await);
    let statement = enrolment(&hall, "p1", 1);
    let send = async |code: &str, statement: &str| {
        let request = EnrolRequest { code: code.to_owned(), statement: statement.to_owned() };
        let answer = endpoint.post::<EnrolResponse>("api/enrol", &request).await;
        answer.map(|enrolled| (enrolled.receipt.seq, enrolled.receipt.entry)).map_err(|error| error.code().to_owned())
    };
    assert_eq!(send(&other, &statement).await, Err("wrong_person".to_owned()), "somebody else's code");
    let first = send(&code, &statement).await.expect("a receipt");
    assert_eq!(send(&code, &statement).await, Ok(first.clone()));
    assert_eq!(send(&code, &enrolment(&hall, "p1", 2)).await, Err("bad_code".to_owned()), "a spent code");
    assert!(send(&other, &enrolment(&hall, "p2", 3)).await.is_ok(), "trying it on p1 cost p2 nothing");
    assert_eq!(send(&code, &statement).await, Ok(first));
    hall.close().await;
}

fn enrolment(hall: &Hall, person: &str, seed: u8) -> String {
    use dienhong::ledger::statement::{Enrol, Statement};
    let key = ed25519_dalek::SigningKey::from_bytes(&[seed; 32]);
    let person = hall.people.iter().find(|known| known.id.as_str() == person).expect("a person").id.clone();
    let log = crate::hall::ORIGIN.to_owned();
    let enrol = Enrol { log, person, key: key.verifying_key().to_bytes(), nonce: [seed; 16] };
    Statement::Enrol(enrol).sign(&key).expect("it can be signed")
}
