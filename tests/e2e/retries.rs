//! Said twice, said late, said wrongly, said by somebody else.

use crate::floor::{Floor, LONG, ballot, ballot_id, person, recorded};
use crate::hall::{Hall, LIMIT, ORIGIN, join, verified_export, watch_as};
use crate::process::{Process, init};
use crate::support::place::Place;
use crate::tablet::{Tablet, refused};
use dienhong::app::control::{Request, Response};
use dienhong::chamber::command::Command;
use dienhong::chamber::ids::{AnswerKey, QuestionId};
use dienhong::client::{DeviceKey, Identity, roster_csv, when};
use dienhong::config;
use dienhong::ledger::merkle::Hash;
use dienhong::ledger::statement::{Statement, Vote};
use dienhong::sample;
use dienhong::wire::frames::{Page, Receipt};
use dienhong::wire::views::{BallotState, HoldCause};
use ed25519_dalek::SigningKey;

on_every_store! {
    the_same_statement_has_one_entry_for_ever,
    the_same_statement_has_one_entry_after_a_kill,
    a_statement_that_is_wrong_is_refused_by_its_code,
    an_order_of_somebody_who_may_not_is_refused,
    a_new_device_ends_the_one_before,
}

async fn the_same_statement_has_one_entry_for_ever(store: Place) {
    let mut hall = Hall::open(store, "province", 4).await;
    let floor = Floor::ready(&hall, 1, 3).await;
    let opened = floor.open(LONG).await;
    let voter = &floor.delegates[1];
    let statement = voter.vote(&opened.id, &opened.document_sha256, "yes", 1).unwrap();

    let mut tablet = Tablet::join(&hall.endpoint(), Page::Delegate, voter).await;
    let first = tablet.cast(&statement).await.expect("a receipt");
    voter.check(&first, &statement).expect("it holds");
    let again = tablet.cast(&statement).await;
    same(&again.expect("the receipt again"), &first);
    let other = voter.vote(&opened.id, &opened.document_sha256, "no", 1).unwrap();
    assert_eq!(refused(tablet.cast(&other).await), "turn_used");
    drop(tablet);

    let mut tablet = Tablet::join(&hall.endpoint(), Page::Delegate, voter).await;
    same(&tablet.cast(&statement).await.expect("after a reconnection"), &first);

    // Two in one breath, before the first is durable.
    let third = &floor.delegates[2];
    let twice = third.vote(&opened.id, &opened.document_sha256, "abstain", 1).unwrap();
    let mut one = Tablet::join(&hall.endpoint(), Page::Delegate, third).await;
    let mut two = Tablet::join(&hall.endpoint(), Page::Chair, third).await;
    let (a, b) = tokio::join!(one.cast(&twice), two.cast(&twice));
    same(&a.expect("a receipt"), &b.expect("the same receipt"));

    hall.stop().await;
    assert_eq!(tablet.closing().await.0, 1001, "a server that stops says so");
    hall.start().await;
    let held = ballot(&floor.chair, |ballot| ballot.state == BallotState::OnHold).await;
    assert_eq!((held.hold_cause, held.received), (Some(HoldCause::StoreUnavailable), 2));
    let mut tablet = Tablet::join(&hall.endpoint(), Page::Delegate, voter).await;
    same(&tablet.cast(&statement).await.expect("after a restart, on hold"), &first);

    let on = ballot_id(&opened.id);
    floor.chairs(Command::ResumeBallot { ballot: on.clone() }, BallotState::Open).await;
    same(&tablet.cast(&statement).await.expect("open again"), &first);
    let closed = floor.chairs(Command::CloseBallot { ballot: on }, BallotState::Closed).await;
    assert_eq!(closed.result.unwrap().took_part, 2, "counted once");
    same(&tablet.cast(&statement).await.expect("after the closing"), &first);
    let late = voter.vote(&opened.id, &opened.document_sha256, "no", 2).unwrap();
    assert_eq!(refused(tablet.cast(&late).await), "ballot_not_open");

    let place = hall.place();
    let lines = verified_export(&place, &hall.path("record.tar")).await;
    assert_eq!(lines.iter().filter(|line| line.contains(r#""kind":"vote_cast""#)).count(), 2);
    hall.close().await;
}

async fn the_same_statement_has_one_entry_after_a_kill(store: Place) {
    let folder = tempfile::tempdir().unwrap();
    let (data, url) = (folder.path().join("data"), store.url());
    assert!(init(&data, Some(&url), 4).await.status.success());
    let mut process = Process::serve(&data, Some(&url)).await;
    let people = sample::council(29, 4);
    let roster = Request::ImportRoster { council: "mau".to_owned(), csv: roster_csv(&people), dry_run: false };
    assert!(matches!(process.control(roster).await, Response::Roster { imported: true, .. }));
    let secretary = process.enrol("p5").await;
    let mut delegates = Vec::new();
    for id in ["p1", "p2", "p3"] {
        delegates.push(process.enrol(id).await);
    }
    let floor = Floor::begin(process.endpoint(), &secretary, delegates, 1).await;
    let opened = floor.open(LONG).await;
    let voter = &floor.delegates[1];
    let statement = voter.vote(&opened.id, &opened.document_sha256, "yes", 1).unwrap();
    let mut tablet = Tablet::join(&process.endpoint(), Page::Delegate, voter).await;
    let first = tablet.cast(&statement).await.expect("a receipt");

    process.kill().await;
    process.restart().await;
    let mut tablet = Tablet::join(&process.endpoint(), Page::Delegate, voter).await;
    same(&tablet.cast(&statement).await.expect("after a kill"), &first);
    let held = ballot(&floor.chair, |ballot| ballot.state == BallotState::OnHold).await;
    assert_eq!((held.hold_cause, held.received), (Some(HoldCause::StoreUnavailable), 1));

    assert!(process.terminate().await.success());
    let place = config::Place { data, store: Some(url) };
    let lines = verified_export(&place, &folder.path().join("record.tar")).await;
    assert_eq!(lines[first.seq as usize], first.entry);
    assert_eq!(lines.iter().filter(|line| line.contains(r#""kind":"vote_cast""#)).count(), 1);
}

async fn a_statement_that_is_wrong_is_refused_by_its_code(store: Place) {
    let hall = Hall::open(store, "province", 4).await;
    let floor = Floor::ready(&hall, 1, 3).await;
    let absent = hall.enrol("p4").await;
    let endpoint = hall.endpoint();
    let opened = floor.open(LONG).await;
    let document = opened.document_sha256.as_str();

    // A device whose key the test has, so that it can sign what no page would.
    let seed = [7; 32];
    let code = hall.code("p3").await;
    let device = endpoint.enrol(&code, DeviceKey::from_seed(seed)).await.expect("the code is good");
    let key = SigningKey::from_bytes(&seed);
    let proper = Vote {
        log: ORIGIN.to_owned(),
        ballot: ballot_id(&opened.id),
        document: Hash::from_hex(document).unwrap(),
        person: device.person().clone(),
        choice: AnswerKey::parse("yes").unwrap(),
        more: Vec::new(),
        turn: 1,
        nonce: [9; 16],
    };
    let signed = |vote: &Vote| Statement::Vote(vote.clone()).sign(&key).expect("it can be signed");
    let mut tablet = Tablet::join(&endpoint, Page::Delegate, &device).await;

    let wrong = [
        ("wrong_document", Vote { document: Hash::of(b"another text"), ..proper.clone() }),
        ("unknown_answer", Vote { choice: AnswerKey::parse("maybe").unwrap(), ..proper.clone() }),
        ("unknown_ballot", Vote { ballot: ballot_id("b9"), ..proper.clone() }),
        ("turn_skipped", Vote { turn: 2, ..proper.clone() }),
        ("wrong_log", Vote { log: "hall.example/other".to_owned(), ..proper.clone() }),
        ("wrong_person", Vote { person: person("p2"), ..proper.clone() }),
    ];
    for (code, vote) in wrong {
        assert_eq!(refused(tablet.cast(&signed(&vote)).await), code);
    }
    let note = signed(&proper);
    let tampered = note.replace("choice yes", "choice no");
    assert_ne!(tampered, note);
    assert_eq!(refused(tablet.cast(&tampered).await), "bad_signature");
    assert_eq!(refused(tablet.cast("for the budget, please").await), "bad_statement");
    let (order, arguments) = device.order(&Command::TakeGavel { reason: None }).unwrap();
    assert_eq!(refused(tablet.cast(&order).await), "bad_statement", "an order is no vote");
    assert_eq!(refused(tablet.give(&note, "{}").await), "bad_statement", "a vote is no order");
    let other_arguments = arguments.replace('{', "{ ");
    assert_eq!(refused(tablet.give(&order, &other_arguments).await), "bad_statement");
    let stranger = device.order_named("sell_the_hall", "", "{}").unwrap();
    assert_eq!(refused(tablet.give(&stranger, "{}").await), "unknown_order");

    // Somebody else's vote on this socket, and a vote of somebody who is not there.
    let theirs = floor.delegates[1].vote(&opened.id, document, "yes", 1).unwrap();
    assert_eq!(refused(tablet.cast(&theirs).await), "wrong_person");
    let mut outside = Tablet::join(&endpoint, Page::Delegate, &absent).await;
    let vote = absent.vote(&opened.id, document, "yes", 1).unwrap();
    assert_eq!(refused(outside.cast(&vote).await), "not_present");
    let secretary = hall.enrol(hall.secretary()).await;
    let mut desk = Tablet::join(&endpoint, Page::Delegate, &secretary).await;
    let vote = secretary.vote(&opened.id, document, "yes", 1).unwrap();
    assert_eq!(refused(desk.cast(&vote).await), "not_a_delegate");

    // A page that acts for nobody.
    let mut wall = Tablet::open(&endpoint).await;
    wall.ask_in(Page::Wall, None).await;
    assert_eq!(refused(wall.cast(&note).await), "wrong_person");

    // None of it left a trace, and the proper vote is still taken.
    assert_eq!(ballot(&floor.chair, |_| true).await.received, 0);
    tablet.cast(&note).await.expect("the vote as it should be");
    hall.close().await;
}

async fn an_order_of_somebody_who_may_not_is_refused(store: Place) {
    let hall = Hall::open(store, "province", 4).await;
    let floor = Floor::ready(&hall, 2, 3).await;
    let endpoint = hall.endpoint();
    let asked = floor.question().await;
    let question = QuestionId::parse(asked.id).unwrap();
    let (open, on) = (floor.open(LONG).await, ballot_id("b1"));
    assert_eq!(open.id, "b1");
    let gavel_acts = [
        Command::OpenBallot { question, seconds: LONG },
        Command::HoldBallot { ballot: on.clone(), reason: None },
        Command::ResumeBallot { ballot: on.clone() },
        Command::ExtendBallot { ballot: on.clone(), seconds: 30 },
        Command::CloseBallot { ballot: on.clone() },
        Command::ConfirmBallot { ballot: on.clone(), casting: None },
        Command::AnnounceBallot { ballot: on.clone() },
        Command::VoidBallot { ballot: on.clone(), reason: "thử".to_owned() },
        Command::AnnulBallot { ballot: on.clone(), reason: "thử".to_owned() },
        Command::HandGavel { to: person("p3") },
    ];
    let mut delegate = Tablet::join(&endpoint, Page::Chair, &floor.delegates[2]).await;
    let mut deputy = Tablet::join(&endpoint, Page::Chair, &floor.delegates[1]).await;
    for act in &gavel_acts {
        assert_eq!(refused(delegate.order(&floor.delegates[2], act).await), "not_allowed", "{act:?}");
        assert_eq!(refused(deputy.order(&floor.delegates[1], act).await), "gavel_needed", "{act:?}");
    }
    let others = [
        Command::TakeGavel { reason: Some("thử".to_owned()) },
        Command::CloseSitting {},
        Command::CheckIn { person: person("p4"), reason: Some("thử".to_owned()) },
        Command::RevokeDevice { person: person("p1"), reason: "thử".to_owned() },
        Command::EndMandate { person: person("p1"), reason: "thử".to_owned() },
    ];
    for act in &others {
        assert_eq!(refused(delegate.order(&floor.delegates[2], act).await), "not_allowed", "{act:?}");
    }
    let code = floor.delegates[2].order_named("issue_code", "p4", "{}").unwrap();
    assert_eq!(refused(delegate.give(&code, "{}").await), "not_allowed");

    // A page called chair does not show a delegate what only officers see.
    let seen = Tablet::join(&endpoint, Page::Chair, &floor.delegates[2]).await;
    drop(seen);
    let page = join(&endpoint, Page::Chair, &floor.delegates[2]).await;
    when(&page.views().seats, LIMIT, |_| true).await.unwrap();
    when(&page.views().me, LIMIT, |_| true).await.unwrap();
    assert!(page.views().console.borrow().is_none());
    drop(page);
    hall.close().await;
}

async fn a_new_device_ends_the_one_before(store: Place) {
    let hall = Hall::open(store, "province", 4).await;
    let floor = Floor::ready(&hall, 1, 3).await;
    let endpoint = hall.endpoint();
    let opened = floor.open(LONG).await;
    let old: &Identity = &floor.delegates[1];

    // A second tab of the same page takes the first one's place; another page of the same device does not.
    let mut first = Tablet::join(&endpoint, Page::Delegate, old).await;
    let mut chair = Tablet::join(&endpoint, Page::Chair, old).await;
    let mut second = Tablet::join(&endpoint, Page::Delegate, old).await;
    assert_eq!(first.closing().await.0, 4001);

    let new = hall.enrol("p2").await;
    assert_eq!(second.closing().await.0, 4002);
    assert_eq!(chair.closing().await.0, 4002);
    let mut again = Tablet::open(&endpoint).await;
    again.ask_in(Page::Delegate, Some(old)).await;
    assert_eq!(again.closing().await, (4002, Some("bad_signature".to_owned())));

    let mut tablet = Tablet::join(&endpoint, Page::Delegate, &new).await;
    let by_the_old = old.vote(&opened.id, &opened.document_sha256, "no", 1).unwrap();
    assert_eq!(refused(tablet.cast(&by_the_old).await), "bad_signature");
    let vote = new.vote(&opened.id, &opened.document_sha256, "yes", 1).unwrap();
    tablet.cast(&vote).await.expect("the new device votes");

    // Without any device nobody comes in.
    recorded(&floor.secretary, Command::RevokeDevice { person: person("p2"), reason: "mất máy".to_owned() }).await;
    assert_eq!(tablet.closing().await.0, 4002);
    let mut again = Tablet::open(&endpoint).await;
    again.ask_in(Page::Delegate, Some(&new)).await;
    assert_eq!(again.closing().await, (4002, Some("unknown_device".to_owned())));
    let public = watch_as(&endpoint, Page::Public).await;
    ballot(&public, |ballot| ballot.received == 1).await;
    hall.close().await;
}

/// The same entry at the same place; proof and head may be newer.
fn same(again: &Receipt, first: &Receipt) {
    assert_eq!((again.seq, &again.entry), (first.seq, &first.entry));
}
