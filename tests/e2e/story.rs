//! One sitting from the first code to the announced result, as everybody in and outside the hall sees it.

use crate::floor::{LONG, ballot, ballot_id, person, question, recorded, vote};
use crate::hall::{Hall, LIMIT, verified_export, watch_as};
use crate::plain_http::get;
use crate::support::place::Place;
use dienhong::chamber::agenda::ItemKind;
use dienhong::chamber::command::{Command, NewItem};
use dienhong::chamber::ids::{ItemId, QuestionId};
use dienhong::client::{CheckedReceipt, Client, Endpoint, Identity, when};
use dienhong::ledger::checkpoint::Checkpoint;
use dienhong::ledger::merkle::{Hash, leaf_hash, verify_consistency, verify_inclusion};
use dienhong::ledger::tiles::bundle_entries;
use dienhong::wire::frames::Page;
use dienhong::wire::http::{ProofResponse, ResultsResponse};
use dienhong::wire::views::*;

on_every_store! {
    a_resolution_is_adopted,
    an_assembly_that_publishes_names_shows_who_voted_how,
}

async fn a_resolution_is_adopted(store: Place) {
    let hall = Hall::open(store, "province", 9).await;
    let endpoint = hall.endpoint();
    let wall = watch_as(&endpoint, Page::Wall).await;
    let public = watch_as(&endpoint, Page::Public).await;
    let secretary = hall.page(hall.secretary(), Page::Admin).await;
    let chair_device = hall.enrol("p1").await;
    let chair = crate::hall::join(&endpoint, Page::Chair, &chair_device).await;

    recorded(&secretary, Command::create_session("Kỳ họp thứ 9", "2026–2031")).await;
    let items = vec![
        item("1", ItemKind::Ceremony, "Chào cờ, tuyên bố lý do", None),
        item("2", ItemKind::Vote, "Nghị quyết về dự toán ngân sách năm 2027", Some("majority_of_all")),
    ];
    recorded(&secretary, Command::add_items(items)).await;
    recorded(&secretary, Command::open_sitting("Phiên khai mạc")).await;
    for watching in [&wall, &public] {
        let live = when(&watching.views().live, LIMIT, |live| live.sitting.is_some()).await.unwrap();
        assert_eq!(live.sitting.as_ref().unwrap().title, "Phiên khai mạc");
        assert_eq!((live.attendance.present, live.attendance.quorate), (0, false));
        let council = when(&watching.views().council, LIMIT, |council| council.agenda.len() == 2).await.unwrap();
        assert_eq!(council.session.as_ref().unwrap().title, "Kỳ họp thứ 9");
        assert!(!council.names_public);
    }

    // Five of nine are no quorum of two thirds; the sixth makes it one.
    recorded(&chair, Command::TakeGavel { reason: None }).await;
    recorded(&chair, Command::StartItem { item: agenda_item(&wall, 1).await }).await;
    let mut delegates = Vec::new();
    delegates.push(checked_in(&hall, &chair_device, 1).await);
    for n in 2..=5 {
        delegates.push(checked_in(&hall, &hall.enrol(&format!("p{n}")).await, n).await);
    }
    for watching in [&wall, &public] {
        let live = when(&watching.views().live, LIMIT, |live| live.attendance.present == 5).await.unwrap();
        assert!(!live.attendance.quorate);
        assert_eq!((live.attendance.quorum.needed, live.attendance.quorum.base_count), (6, 9));
        assert_eq!(live.gavel.as_ref().unwrap().id, "p1");
    }
    let asked = question(&chair).await;
    let open = Command::OpenBallot { question: QuestionId::parse(asked.id.clone()).unwrap(), seconds: LONG };
    assert_eq!(chair.order(&open).await.unwrap_err().code(), "not_quorate");
    for n in 6..=8 {
        delegates.push(checked_in(&hall, &hall.enrol(&format!("p{n}")).await, n).await);
    }
    let reason = "công tác nước ngoài".to_owned();
    recorded(&secretary, Command::Excuse { person: person("p9"), reason }).await;
    let live = when(&wall.views().live, LIMIT, |live| live.attendance.excused == 1).await.unwrap();
    assert_eq!((live.attendance.present, live.attendance.absent, live.attendance.quorate), (8, 0, true));

    // Open: everybody sees how many, nobody how.
    let early = recorded(&chair, open).await;
    for watching in [&wall, &public] {
        let shown = ballot(watching, |ballot| ballot.state == BallotState::Open).await;
        assert_eq!((shown.received, shown.present, shown.split.clone()), (0, 8, None));
        assert!(shown.closes_at.is_some());
    }
    let answers = ["yes", "no", "no", "abstain", "yes", "yes", "yes"];
    let mut receipts = Vec::new();
    for (n, (delegate, answer)) in delegates.iter().zip(answers).enumerate() {
        receipts.push(vote(delegate, answer).await);
        ballot(&wall, |ballot| ballot.received == n as u32 + 1).await;
    }
    let seats = when(&public.views().seats, LIMIT, |seats| seats.marks == "rrrrrrrpe").await.unwrap();
    assert_eq!(seats.arranged, Arranged::BySeat);

    // The second delegate thinks again: one more entry, not one more vote.
    let changed = vote(&delegates[1], "yes").await;
    let me = when(&delegates[1].views().me, LIMIT, |me| me.vote.as_ref().is_some_and(|vote| vote.turn == 2)).await;
    let mine = me.unwrap().vote.clone().unwrap();
    assert_eq!((mine.answer.as_str(), mine.seq, mine.short), ("yes", changed.seq, changed.short.clone()));
    receipts.push(changed);

    // Held: the countdown stands, votes are not taken. Resumed, extended, closed.
    let on = ballot_id(&ballot(&chair, |_| true).await.id);
    let reason = Some("mất điện phòng bên".to_owned());
    recorded(&chair, Command::HoldBallot { ballot: on.clone(), reason }).await;
    for watching in [&wall, &public] {
        let held = ballot(watching, |ballot| ballot.state == BallotState::OnHold).await;
        assert_eq!((held.hold_cause, held.closes_at, held.received), (Some(HoldCause::Chair), None, 7));
        assert!(held.remaining_ms.is_some_and(|rest| rest <= 3_600_000));
    }
    let held = ballot(&delegates[7], |ballot| ballot.state == BallotState::OnHold).await;
    let refused = delegates[7].vote(&held, &asked, "no").await.unwrap_err();
    assert!(refused.is_refusal("ballot_not_open"), "{refused}");
    recorded(&chair, Command::ResumeBallot { ballot: on.clone() }).await;
    let resumed = ballot(&wall, |ballot| ballot.state == BallotState::Open).await;
    recorded(&chair, Command::ExtendBallot { ballot: on.clone(), seconds: 45 }).await;
    let extended = ballot(&wall, |ballot| ballot.closes_at > resumed.closes_at).await;
    assert_eq!(extended.closes_at.unwrap(), resumed.closes_at.unwrap() + 45_000);
    recorded(&chair, Command::CloseBallot { ballot: on.clone() }).await;
    for watching in [&wall, &public] {
        let closed = ballot(watching, |ballot| ballot.state == BallotState::Closed).await;
        let result = closed.result.unwrap();
        assert_eq!(figures(&result), (5, 1, 1));
        assert_eq!((result.took_part, result.not_voted, result.absent), (7, 1, 1));
        assert_eq!((result.present, result.in_office, result.seats), (8, 9, 9));
        assert_eq!((result.threshold.needed, result.threshold.base_count, result.threshold.count), (5, 9, 5));
        assert_eq!((result.verdict, result.closed_by), (None, ClosedBy::Chair), "provisional until confirmed");
        let seats = when(&watching.views().seats, LIMIT, |seats| seats.arranged == Arranged::ByAnswer).await.unwrap();
        assert_eq!(seats.marks, "yyyyyap.n", "how many, not who");
    }
    let console = when(&chair.views().console, LIMIT, |console| console.proposed.is_some()).await.unwrap();
    assert_eq!((console.proposed, console.tie), (Some(Verdict::Adopted), false));
    recorded(&chair, Command::ConfirmBallot { ballot: on.clone(), casting: None }).await;
    ballot(&wall, |ballot| ballot.state == BallotState::Confirmed).await;
    let results: ResultsResponse = get(&endpoint, "api/results").await.json();
    assert!(results.results.is_empty(), "nothing is published before it is announced");
    let late = recorded(&chair, Command::AnnounceBallot { ballot: on.clone() }).await;
    for watching in [&wall, &public] {
        let announced = ballot(watching, |ballot| ballot.state == BallotState::Announced).await;
        let result = announced.result.unwrap();
        assert_eq!(result.verdict, Some(Verdict::Adopted));
        assert!(result.announced_at.is_some());
    }

    results_say(&endpoint, &asked.title).await;
    assert_eq!(get(&endpoint, "record/tile/entries/000").await.problem(), "withheld");
    receipts.extend([early, late]);
    proofs_hold(&endpoint, &chair_device, &receipts).await;

    let place = hall.place();
    let lines = verified_export(&place, &hall.path("record.tar")).await;
    for receipt in &receipts {
        assert_eq!(lines[receipt.seq as usize], receipt.receipt.entry);
    }
    hall.close().await;
}

async fn an_assembly_that_publishes_names_shows_who_voted_how(store: Place) {
    let hall = Hall::open(store, "generic", 4).await;
    let floor = crate::floor::Floor::ready(&hall, 1, 3).await;
    let endpoint = hall.endpoint();
    let opened = floor.open(LONG).await;
    for (n, answer) in ["yes", "no", "yes"].into_iter().enumerate() {
        vote(&floor.delegate(n).await, answer).await;
    }
    let on = ballot_id(&opened.id);
    floor.chairs(Command::CloseBallot { ballot: on.clone() }, BallotState::Closed).await;
    floor.chairs(Command::ConfirmBallot { ballot: on.clone(), casting: None }, BallotState::Confirmed).await;
    floor.chairs(Command::AnnounceBallot { ballot: on }, BallotState::Announced).await;

    let results: ResultsResponse = get(&endpoint, "api/results").await.json();
    let named = results.results[0].names.clone().expect("names are public");
    let told: Vec<_> = named.iter().map(|vote| (vote.person.as_str(), vote.answer.as_deref(), vote.present)).collect();
    let expected =
        [("p1", Some("yes"), true), ("p2", Some("no"), true), ("p3", Some("yes"), true), ("p4", None, false)];
    assert_eq!(told, expected);
    assert_eq!(
        (results.results[0].seats.marks.as_str(), results.results[0].seats.arranged),
        ("yny.", Arranged::BySeat)
    );

    let place = hall.place();
    let lines = verified_export(&place, &hall.path("record.tar")).await;
    let tile = get(&endpoint, &format!("record/tile/entries/000.p/{}", lines.len())).await;
    assert_eq!(tile.status, 200);
    let entries = bundle_entries(&tile.body).expect("a bundle of entries");
    assert_eq!(entries, lines.iter().map(|line| line.as_bytes()).collect::<Vec<_>>());
    hall.close().await;
}

async fn checked_in(hall: &Hall, device: &Identity, will_be: u32) -> Client {
    let client = crate::hall::join(&hall.endpoint(), Page::Delegate, device).await;
    recorded(&client, Command::CheckIn { person: device.person().clone(), reason: None }).await;
    let me = when(&client.views().me, LIMIT, |me| me.presence == Presence::Present).await.unwrap();
    assert_eq!(me.person.id, device.person().as_str());
    when(&client.views().live, LIMIT, |live| live.attendance.present == will_be).await.unwrap();
    client
}

async fn agenda_item(client: &Client, index: usize) -> ItemId {
    let council = when(&client.views().council, LIMIT, |council| council.agenda.len() > index).await.unwrap();
    ItemId::parse(council.agenda[index].id.clone()).unwrap()
}

fn item(number: &str, kind: ItemKind, title: &str, rule: Option<&str>) -> NewItem {
    let rule = rule.map(str::to_owned);
    NewItem {
        number: number.to_owned(),
        kind,
        title: title.to_owned(),
        short_title: None,
        minutes: Some(10),
        rule,
        level: 0,
        planned_at: None,
        presenter: None,
        closed: false,
    }
}

/// In favour, against, abstained.
fn figures(result: &ResultView) -> (u32, u32, u32) {
    let count = |key: &str| result.counts.iter().find(|count| count.answer == key).expect("an answer").count;
    (count("yes"), count("no"), count("abstain"))
}

async fn results_say(endpoint: &Endpoint, title: &str) {
    let results: ResultsResponse = get(endpoint, "api/results").await.json();
    let [published] = &results.results[..] else { panic!("{results:?}") };
    assert_eq!((published.item.title.as_str(), published.ballot.state), (title, BallotState::Announced));
    assert_eq!(figures(published.ballot.result.as_ref().unwrap()), (5, 1, 1));
    assert_eq!(published.names, None);
    assert_eq!(published.seats.arranged, Arranged::ByAnswer);

    let csv = get(endpoint, "api/results.csv").await;
    assert!(csv.head.contains("attachment; filename=\"mau-results.csv\""), "{}", csv.head);
    let text = csv.text();
    let rows: Vec<&str> = text.trim_start_matches('\u{feff}').lines().collect();
    assert_eq!(rows.len(), 2);
    assert!(rows[0].starts_with("item,title,ballot,round,state,verdict,yes,no,abstain,took_part,not_voted,absent"));
    assert!(
        rows[1].starts_with(&format!(
            "2,{title},b1,1,announced,adopted,5,1,1,7,1,1,8,9,9,over 1/2 of in_office,in_office,9,5,"
        )),
        "{}",
        rows[1]
    );
    let last = ",form,answers,chosen,papers_issued,papers_returned,papers_valid,papers_invalid,recorded_by";
    assert!(rows[0].ends_with(last), "{}", rows[0]);
    assert!(rows[1].contains(",electronic,") && rows[1].contains(": 5; "), "{}", rows[1]);
}

/// Every receipt's entry is in the newest head, and the newest head goes on from every receipt's own.
async fn proofs_hold(endpoint: &Endpoint, device: &Identity, receipts: &[CheckedReceipt]) {
    let note = get(endpoint, "record/checkpoint").await.text();
    let newest = Checkpoint::open(&note, device.record_key()).expect("signed by the record's key");
    for receipt in receipts {
        let path = format!("record/inclusion?index={}&size={}", receipt.seq, newest.size);
        let proof = hashes(get(endpoint, &path).await.json());
        let leaf = leaf_hash(receipt.receipt.entry.as_bytes());
        assert!(verify_inclusion(&leaf, receipt.seq, newest.size, &proof, &newest.root), "entry {}", receipt.seq);

        let own = Checkpoint::open(&receipt.receipt.checkpoint, device.record_key()).expect("signed");
        let path = format!("record/consistency?from={}&to={}", own.size, newest.size);
        let proof = hashes(get(endpoint, &path).await.json());
        assert!(verify_consistency(own.size, newest.size, &proof, &own.root, &newest.root), "size {}", own.size);
    }
    let beyond = format!("record/inclusion?index=0&size={}", newest.size + 1);
    assert_eq!(get(endpoint, &beyond).await.problem(), "not_found");
}

fn hashes(response: ProofResponse) -> Vec<Hash> {
    response.proof.iter().map(|hash| Hash::from_base64(hash).expect("a hash")).collect()
}
