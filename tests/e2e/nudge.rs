//! Those whose vote is missing are asked for it, on their own pages and nowhere else.

use crate::floor::{Floor, LONG, ballot_id, vote};
use crate::hall::{Hall, LIMIT};
use crate::plain_http::get;
use crate::support::place::Place;
use dienhong::chamber::command::Command;
use dienhong::client::{Client, ClientError, Outcome, when};
use dienhong::wire::frames::Reply;
use dienhong::wire::views::BallotState;

async fn nudge(by: &Client, ballot: &str) -> Result<u32, ClientError> {
    match by.order_named("nudge", ballot, "{}").await? {
        Outcome::Done(Reply::Nudged { people }) => Ok(people),
        other => panic!("a nudge was answered with {other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_here_and_has_not_voted_is_asked_to() {
    let hall = Hall::open(Place::sqlite(), "province", 6).await;
    let endpoint = hall.endpoint();
    let floor = Floor::ready(&hall, 1, 4).await;
    let (voter, silent) = (floor.delegate(1).await, floor.delegate(2).await);
    let opened = floor.open(LONG).await;
    vote(&voter, "yes").await;
    when(&silent.views().live, LIMIT, |live| live.ballot.as_ref().is_some_and(|ballot| ballot.received == 1))
        .await
        .expect("the vote is in");
    let record = get(&endpoint, "record/checkpoint").await.text();

    let refused = nudge(&silent, &opened.id).await.expect_err("a delegate presses nobody");
    assert!(refused.is_refusal("not_allowed"), "{refused}");
    let unknown = nudge(&floor.secretary, "b99").await.expect_err("no such ballot");
    assert!(unknown.is_refusal("unknown_ballot"), "{unknown}");

    // The chair has not voted either, and the fourth delegate is present without a page.
    assert_eq!(nudge(&floor.secretary, &opened.id).await.expect("nudged"), 2);
    let asked = when(&silent.views().me, LIMIT, |me| me.nudged_at.is_some()).await.expect("the silent one is asked");
    assert!(asked.vote.is_none());
    when(&floor.chair.views().me, LIMIT, |me| me.nudged_at.is_some()).await.expect("so is the chair");
    let again = nudge(&floor.chair, &opened.id).await.expect_err("people need a moment");
    assert!(again.is_refusal("too_fast"), "{again}");
    let spared = voter.views().me.borrow().as_ref().and_then(|me| me.nudged_at);
    assert_eq!(spared, None, "who has voted is left alone");

    assert_eq!(get(&endpoint, "record/checkpoint").await.text(), record, "nothing of it is in the record");
    floor.chairs(Command::CloseBallot { ballot: ballot_id(&opened.id) }, BallotState::Closed).await;
    when(&silent.views().me, LIMIT, |me| me.nudged_at.is_none()).await.expect("it is over with the ballot");
    let late = nudge(&floor.secretary, &opened.id).await.expect_err("there is nothing to press for");
    assert!(late.is_refusal("ballot_not_open"), "{late}");
    hall.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_secretary_sees_how_everybody_is_connected() {
    let hall = Hall::open(Place::sqlite(), "province", 3).await;
    let floor = Floor::ready(&hall, 0, 2).await;
    let delegate = floor.delegate(1).await;
    let person = floor.delegates[1].person().to_string();
    let console = &floor.secretary.views().console;
    let device = |view: &dienhong::wire::views::ConsoleView| {
        view.people.iter().find(|shown| shown.id == person).and_then(|shown| shown.device.clone())
    };
    let there = when(console, LIMIT, |view| device(view).is_some_and(|device| device.delay_ms.is_some())).await;
    let there = device(&there.expect("the delay is measured")).expect("a device");
    assert!(there.connected && there.last_seen.is_some(), "{there:?}");
    drop(delegate);
    let gone = when(console, LIMIT, |view| device(view).is_some_and(|device| !device.connected)).await;
    let gone = device(&gone.expect("the tablet is gone")).expect("a device");
    assert_eq!(gone.delay_ms, None);
    assert!(gone.last_seen >= there.last_seen, "{gone:?} after {there:?}");
    hall.close().await;
}
