//! What officers look up: the audit log and the roll-call report.

use crate::floor::{Floor, LONG, ballot, ballot_id, recorded, vote};
use crate::hall::Hall;
use crate::support::place::Place;
use crate::tablet::Tablet;
use dienhong::chamber::command::Command;
use dienhong::ledger::entry::line_hash;
use dienhong::wire::frames::Page;
use dienhong::wire::views::{AuditEntry, BallotState, Found, Query, RollCallReport, Subject};

on_every_store! {
    the_log_is_read_page_by_page,
    a_restricted_vote_tells_nobody,
    the_roll_call_of_an_earlier_session_is_read_from_the_record,
}

fn audit(before: Option<u64>, subject: Option<Subject>, person: Option<&str>) -> Query {
    Query::Audit { before, subject, person: person.map(str::to_owned) }
}

async fn page(desk: &mut Tablet, query: Query) -> (Vec<AuditEntry>, Option<u64>) {
    match desk.look_up(query).await.expect("found") {
        Found::Audit { entries, next } => (entries, next),
        other => panic!("not the log: {other:?}"),
    }
}

async fn all(desk: &mut Tablet, subject: Option<Subject>, person: Option<&str>) -> Vec<AuditEntry> {
    let (mut all, mut next) = page(desk, audit(None, subject, person)).await;
    while let Some(before) = next {
        let (more, further) = page(desk, audit(Some(before), subject, person)).await;
        assert!(further.is_none_or(|further| further < before), "it goes on");
        all.extend(more);
        next = further;
    }
    all
}

/// A hall in which one ballot was taken, and the secretary's page.
async fn after_a_ballot(store: Place, preset: &str, items: usize) -> (Hall, Floor, Tablet) {
    let hall = Hall::open(store, preset, 4).await;
    let floor = Floor::ready(&hall, items, 3).await;
    let opened = floor.open(LONG).await;
    vote(&floor.delegate(1).await, "yes").await;
    vote(&floor.delegate(2).await, "no").await;
    ballot(&floor.chair, |ballot| ballot.received == 2).await;
    floor.chairs(Command::CloseBallot { ballot: ballot_id(&opened.id) }, BallotState::Closed).await;
    let secretary = hall.enrol(hall.secretary()).await;
    let desk = Tablet::join(&hall.endpoint(), Page::Chair, &secretary).await;
    (hall, floor, desk)
}

async fn the_log_is_read_page_by_page(store: Place) {
    let (hall, floor, mut desk) = after_a_ballot(store, "generic", 60).await;
    let (first, next) = page(&mut desk, audit(None, None, None)).await;
    assert_eq!(first.len(), 100, "a page has its limit");
    assert_eq!(next, Some(first[99].seq));
    let entries = all(&mut desk, None, None).await;
    let seqs: Vec<u64> = entries.iter().map(|entry| entry.seq).collect();
    assert_eq!(seqs, (0..entries.len() as u64).rev().collect::<Vec<_>>(), "the newest first, none left out");
    for entry in &entries {
        let line = entry.line.as_deref().expect("names are public: so are all lines");
        assert_eq!(entry.leaf, line_hash(line).hex());
        assert_eq!(entry.signed, line.contains(r#""statement":"#));
    }
    let founding = entries.last().expect("entry 0");
    assert!(founding.by_console && founding.by.is_none() && founding.kind == "council_founded");

    let votes = all(&mut desk, Some(Subject::Votes), None).await;
    let told: Vec<(&str, &str)> =
        votes.iter().map(|vote| (vote.fields["person"].as_str(), vote.fields["answer"].as_str())).collect();
    assert_eq!(told, [("p3", "no"), ("p2", "yes")]);
    assert!(votes[0].fields["person_name"].len() > 3 && votes[0].fields.contains_key("ballot_name"));
    assert_eq!(votes[0].by.as_ref().map(|by| by.id.as_str()), Some("p3"));

    let chair = floor.delegates[0].person().as_str();
    let about_chair = all(&mut desk, None, Some(chair)).await;
    let kinds: Vec<&str> = about_chair.iter().rev().map(|entry| entry.kind.as_str()).collect();
    assert_eq!(
        kinds,
        ["person_set", "device_bound", "checked_in", "gavel_taken", "item_started", "ballot_opened", "ballot_closed"],
        "what the chair did and what was done with the chair"
    );
    let both = all(&mut desk, Some(Subject::Attendance), Some(chair)).await;
    assert_eq!(both.len(), 1);
    assert_eq!(both[0].fields["reason"], "có mặt tại hội trường");
    assert_eq!(all(&mut desk, Some(Subject::Speaking), None).await, []);
    hall.close().await;
}

async fn a_restricted_vote_tells_nobody(store: Place) {
    let (hall, floor, mut desk) = after_a_ballot(store, "province", 1).await;
    let votes = all(&mut desk, Some(Subject::Votes), None).await;
    assert_eq!(votes.len(), 2);
    for vote in &votes {
        assert_eq!((vote.by.as_ref(), vote.by_console, vote.line.as_ref()), (None, false, None));
        let fields: Vec<&str> = vote.fields.keys().map(String::as_str).collect();
        assert_eq!(fields, ["ballot", "ballot_name"]);
    }
    for delegate in &floor.delegates {
        let found = all(&mut desk, None, Some(delegate.person().as_str())).await;
        assert!(found.iter().all(|entry| entry.kind != "vote_cast"), "nor is it found by who cast it");
    }
    let others = all(&mut desk, Some(Subject::Ballots), None).await;
    assert!(others.iter().all(|entry| entry.line.is_some()));
    hall.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_officers_look_things_up() {
    let (hall, floor, mut desk) = after_a_ballot(Place::sqlite(), "province", 1).await;
    let endpoint = hall.endpoint();
    let refused = Err(("not_allowed".to_owned(), false));
    let mut pages = vec![
        Tablet::join(&endpoint, Page::Delegate, &floor.delegates[1]).await,
        Tablet::join(&endpoint, Page::Chair, &floor.delegates[2]).await,
        // An officer, but not on an officer's page.
        Tablet::join(&endpoint, Page::Delegate, &floor.delegates[0]).await,
    ];
    let mut public = Tablet::open(&endpoint).await;
    public.ask_in(Page::Public, None).await;
    pages.push(public);
    for page in &mut pages {
        assert_eq!(page.look_up(audit(None, None, None)).await, refused);
    }
    let unknown = desk.look_up(Query::RollCall { sitting: "t9".to_owned() }).await;
    assert_eq!(unknown, Err(("unknown_sitting".to_owned(), false)));
    let nobody = desk.look_up(audit(None, None, Some("No Such"))).await;
    assert_eq!(nobody, Err(("unknown_person".to_owned(), false)));
    hall.close().await;
}

async fn first_roll_call(desk: &mut Tablet) -> RollCallReport {
    match desk.look_up(Query::RollCall { sitting: "t1".to_owned() }).await.expect("found") {
        Found::RollCall(report) => report,
        other => panic!("not the roll call: {other:?}"),
    }
}

/// Memory keeps who came and went in the present session only; the record, of every one.
async fn the_roll_call_of_an_earlier_session_is_read_from_the_record(store: Place) {
    let (hall, floor, mut desk) = after_a_ballot(store, "province", 1).await;
    floor.chairs(Command::AnnounceBallot { ballot: ballot_id("b1") }, BallotState::Announced).await;
    recorded(&floor.chair, Command::CloseSitting {}).await;
    let before = first_roll_call(&mut desk).await;
    assert_eq!(before.people.iter().filter(|row| !row.comings.is_empty()).count(), 3);
    for title in ["Kỳ họp thứ hai", "Kỳ họp thứ ba"] {
        recorded(&floor.chair, Command::create_session(title, "2026–2031")).await;
        assert_eq!(first_roll_call(&mut desk).await, before);
        recorded(&floor.chair, Command::open_sitting("Phiên họp")).await;
        recorded(&floor.chair, Command::CloseSitting {}).await;
    }
    let council = hall.council();
    let remembered = council.ask(|s| s.durable().sittings().iter().map(|sitting| sitting.comings.len()).sum());
    assert_eq!(remembered.await, Some(0usize));
    hall.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_roll_call_tells_who_was_there_at_each_closing() {
    let (hall, _floor, mut desk) = after_a_ballot(Place::sqlite(), "province", 1).await;
    let report = first_roll_call(&mut desk).await;
    assert_eq!(report.title, "Phiên khai mạc");
    assert_eq!(report.closed_at, None);
    let seats: Vec<_> = report.people.iter().filter_map(|row| row.seat.clone()).collect();
    assert_eq!(seats.len(), 4, "every delegate, here or not");
    let [closing] = report.closings.as_slice() else { panic!("one closing: {:?}", report.closings) };
    assert_eq!((closing.entitled, closing.present, closing.took_part), (4, 3, 2));
    assert!(closing.title.contains("Nghị quyết số 1"));
    hall.close().await;
}
