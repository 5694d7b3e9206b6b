//! The program is killed again and again while a hall votes. What a delegate holds a receipt for is there afterwards, where it
//! was, as it was; nothing counts twice, nothing is lost.

use crate::floor::{Floor, LONG, ballot, ballot_id, question};
use crate::hall::LIMIT;
use crate::process::{Process, dienhong, init, stdout};
use crate::support::place::Place;
use dienhong::app::control::{Request, Response};
use dienhong::chamber::command::Command;
use dienhong::client::{CheckedReceipt, Client, roster_csv};
use dienhong::config;
use dienhong::sample;
use dienhong::wire::frames::Page;
use dienhong::wire::views::{BallotState, HoldCause};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::watch;
use tokio::time::timeout;

on_every_store! { every_receipt_outlives_a_kill }

const DELEGATES: u32 = 30;
const KILLS: u64 = 3;
/// Receipts of the whole hall between two kills.
const BETWEEN: u64 = 90;

async fn every_receipt_outlives_a_kill(store: Place) {
    let folder = tempfile::tempdir().unwrap();
    let (data, url) = (folder.path().join("data"), store.url());
    assert!(init(&data, Some(&url), DELEGATES).await.status.success());
    let mut process = Process::serve(&data, Some(&url)).await;
    let people = sample::council(29, DELEGATES);
    let roster = Request::ImportRoster { council: "mau".to_owned(), csv: roster_csv(&people), dry_run: false };
    assert!(matches!(process.control(roster).await, Response::Roster { imported: true, .. }));
    let secretary = process.enrol(people[DELEGATES as usize].id.as_str()).await;
    let mut delegates = Vec::new();
    for person in &people[..DELEGATES as usize] {
        delegates.push(process.enrol(person.id.as_str()).await);
    }
    let floor = Floor::begin(process.endpoint(), &secretary, delegates, 1).await;
    let on = ballot_id(&floor.open(LONG).await.id);

    let (receipts, mut counted) = watch::channel(0u64);
    let receipts = Arc::new(receipts);
    let last_call = Arc::new(AtomicU64::new(0));
    let mut voting = Vec::new();
    for (n, delegate) in floor.delegates.iter().enumerate() {
        let client = crate::hall::join(&process.endpoint(), Page::Delegate, delegate).await;
        voting.push(tokio::spawn(vote_on(client, n, receipts.clone(), last_call.clone())));
    }

    for round in 1..=KILLS {
        timeout(LIMIT, counted.wait_for(|count| *count >= round * BETWEEN)).await.expect("the hall votes").unwrap();
        process.kill().await;
        process.restart().await;
        let before = *counted.borrow();
        floor.chair.joined(LIMIT).await.expect("the chair comes back");
        let held = ballot(&floor.chair, |ballot| ballot.state == BallotState::OnHold).await;
        assert_eq!(held.hold_cause, Some(HoldCause::StoreUnavailable));
        assert!(before >= round * BETWEEN);
        floor.chairs(Command::ResumeBallot { ballot: on.clone() }, BallotState::Open).await;
    }
    last_call.store(1, Ordering::SeqCst);
    let mut held: Vec<Vec<(String, CheckedReceipt)>> = Vec::new();
    for delegate in voting {
        held.push(timeout(LIMIT, delegate).await.expect("everybody comes to an end").expect("nobody breaks down"));
    }

    let closed = floor.chairs(Command::CloseBallot { ballot: on.clone() }, BallotState::Closed).await;
    let mut expected: BTreeMap<&str, u32> = BTreeMap::from([("yes", 0), ("no", 0), ("abstain", 0)]);
    for receipts in &held {
        let (answer, _) = receipts.last().expect("everybody has voted");
        *expected.get_mut(answer.as_str()).unwrap() += 1;
    }
    let result = closed.result.expect("a result");
    for count in &result.counts {
        assert_eq!(count.count, expected[count.answer.as_str()], "{}", count.answer);
    }
    assert_eq!(result.took_part, DELEGATES);
    floor.chairs(Command::ConfirmBallot { ballot: on.clone(), casting: None }, BallotState::Confirmed).await;
    floor.chairs(Command::AnnounceBallot { ballot: on }, BallotState::Announced).await;

    // The exported record, also as the command writes it while the server runs.
    let file = folder.path().join("by-command.tar");
    let output = dienhong(&data, Some(&url), &["export", "--council", "mau", file.to_str().unwrap()]).await;
    assert!(output.status.success() && stdout(&output).contains("Key of the record: hall.example/mau+"));
    assert!(process.terminate().await.success());
    let place = config::Place { data, store: Some(url) };
    let lines = crate::hall::verified_export(&place, &folder.path().join("record.tar")).await;
    let mut entries = BTreeSet::new();
    for (_, receipt) in held.iter().flatten() {
        assert_eq!(lines[receipt.seq as usize], receipt.receipt.entry);
        assert!(entries.insert(receipt.seq), "two votes share entry {}", receipt.seq);
    }
    let votes = lines.iter().filter(|line| line.contains(r#""kind":"vote_cast""#)).count();
    assert_eq!(votes, entries.len(), "no vote without its receipt: each was sent until it had one");
    let holds = lines.iter().filter(|line| line.contains(r#""cause":"store_unavailable""#)).count();
    assert_eq!(holds as u64, KILLS);
}

/// Votes and changes the vote without end, until the last call; then once more.
async fn vote_on(
    client: Client,
    n: usize,
    counted: Arc<watch::Sender<u64>>,
    last_call: Arc<AtomicU64>,
) -> Vec<(String, CheckedReceipt)> {
    let mut receipts = Vec::new();
    for turn in n.. {
        let last = last_call.load(Ordering::SeqCst) == 1;
        let answer = ["yes", "no", "abstain"][turn % 3];
        let shown = ballot(&client, |ballot| ballot.state == BallotState::Open).await;
        let asked = question(&client).await;
        match client.vote(&shown, &asked, answer).await {
            Ok(receipt) => {
                receipts.push((answer.to_owned(), receipt));
                counted.send_modify(|count| *count += 1);
                if last {
                    return receipts;
                }
            }
            // On hold, which this page has not been shown yet.
            Err(error) if error.is_refusal("ballot_not_open") => {}
            Err(error) => panic!("delegate {n}: {error}"),
        }
    }
    receipts
}
