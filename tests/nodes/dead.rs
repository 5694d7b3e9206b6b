//! Nodes that are killed, stopped, told to end; and Redis, when it is gone.

use crate::floor::{LONG, ballot, ballot_id, vote};
use crate::hall::{join, watch_as};
use crate::node::{Grounds, SEATS};
use crate::support::redis::Redis;
use crate::tablet::Tablet;
use crate::wire::Wire;
use dienhong::chamber::command::Command;
use dienhong::wire::frames::{ClientFrame, Page};
use dienhong::wire::views::{BallotState, HoldCause};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_the_leader_is_killed_another_leads_and_every_receipt_holds() {
    let Some(grounds) = Grounds::new().await else { return };
    let mut nodes = grounds.nodes(3).await;
    let at = grounds.leader(&nodes.iter().collect::<Vec<_>>()).await;
    let mut leader = nodes.remove(at);
    let floor = nodes[0].floor().await;
    let opened = floor.open(LONG).await;
    let on = ballot_id(&opened.id);
    let mut pages = Vec::new();
    let mut receipts = Vec::new();
    for (n, delegate) in floor.delegates.iter().enumerate() {
        pages.push(join(&nodes[n % 2].endpoint(), Page::Delegate, delegate).await);
    }
    for page in &pages[..3] {
        receipts.push(vote(page, "yes").await);
    }

    leader.kill().await;
    // Sent while nobody leads: the tablet sends it again until somebody does. It comes too late for the ballot on hold.
    let held = ballot(&floor.chair, |ballot| ballot.state == BallotState::OnHold).await;
    assert_eq!((held.hold_cause, held.received), (Some(HoldCause::StoreUnavailable), 3));
    let now = grounds.leader(&[&nodes[0], &nodes[1]]).await;
    floor.chairs(Command::ResumeBallot { ballot: on.clone() }, BallotState::Open).await;
    for (n, page) in pages.iter().enumerate().skip(3) {
        receipts.push(vote(page, ["no", "abstain"][n % 2]).await);
    }
    let closed = floor.chairs(Command::CloseBallot { ballot: on }, BallotState::Closed).await;
    let result = closed.result.expect("a result");
    let counts: Vec<_> = result.counts.iter().map(|count| (count.answer.as_str(), count.count)).collect();
    assert_eq!(counts, [("yes", 3), ("no", 1), ("abstain", 2)]);
    assert_eq!(result.took_part, SEATS);
    let other = watch_as(&nodes[1 - now].endpoint(), Page::Wall).await;
    let shown = ballot(&other, |ballot| ballot.state == BallotState::Closed).await;
    assert_eq!(shown.result.map(|result| result.took_part), Some(SEATS));

    let lines = grounds.record().await;
    for receipt in &receipts {
        assert_eq!(lines[receipt.seq as usize], receipt.receipt.entry);
    }
    assert_eq!(lines.iter().filter(|line| line.contains(r#""kind":"vote_cast""#)).count(), SEATS as usize);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_leader_that_is_told_to_end_hands_over() {
    let Some(grounds) = Grounds::new().await else { return };
    let mut nodes = grounds.nodes(2).await;
    let at = grounds.leader(&[&nodes[0], &nodes[1]]).await;
    let mut leader = nodes.remove(at);
    let floor = nodes[0].floor().await;
    let opened = floor.open(LONG).await;
    let mut there = Tablet::join(&leader.endpoint(), Page::Delegate, &floor.delegates[1]).await;
    let statement = floor.delegates[1].vote(&opened.id, &opened.document_sha256, "yes", 1).expect("a statement");
    let receipt = there.cast(&statement).await.expect("a receipt");

    assert!(leader.terminate().await.success());
    assert_eq!(there.closing().await.0, 1001, "it sends its pages away");
    assert_eq!(grounds.leader(&[&nodes[0]]).await, 0);
    ballot(&floor.chair, |ballot| ballot.state == BallotState::OnHold).await;
    floor.chairs(Command::ResumeBallot { ballot: ballot_id(&opened.id) }, BallotState::Open).await;
    // The same words, to the node that is left.
    let mut here = Tablet::join(&nodes[0].endpoint(), Page::Delegate, &floor.delegates[1]).await;
    let again = here.cast(&statement).await.expect("its receipt");
    assert_eq!((again.seq, again.entry), (receipt.seq, receipt.entry));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_leader_that_was_stopped_and_woken_writes_nothing_stale() {
    let Some(grounds) = Grounds::new().await else { return };
    let mut nodes = grounds.nodes(2).await;
    let at = grounds.leader(&[&nodes[0], &nodes[1]]).await;
    let leader = nodes.remove(at);
    let floor = nodes[0].floor().await;
    let opened = floor.open(LONG).await;
    let on = ballot_id(&opened.id);
    let mut there = Tablet::join(&leader.endpoint(), Page::Delegate, &floor.delegates[1]).await;
    let statement = floor.delegates[1].vote(&opened.id, &opened.document_sha256, "yes", 1).expect("a statement");

    leader.freeze().await;
    // A vote lies before the frozen leader; another node leads by the time it wakes.
    there.say(&ClientFrame::CastVote { id: "1".to_owned(), statement: statement.clone() }).await;
    assert_eq!(grounds.leader(&[&nodes[0]]).await, 0);
    let epoch = grounds.epoch().await;
    ballot(&floor.chair, |ballot| ballot.state == BallotState::OnHold).await;
    floor.chairs(Command::ResumeBallot { ballot: on.clone() }, BallotState::Open).await;
    let receipt = vote(&floor.delegate(2).await, "no").await;
    leader.signal("CONT").await;

    // It finds that it was overtaken, follows, and passes the vote on to whoever leads.
    let wall = watch_as(&leader.endpoint(), Page::Wall).await;
    ballot(&wall, |ballot| ballot.state == BallotState::Open && ballot.received >= 1).await;
    let mut again = Tablet::join(&leader.endpoint(), Page::Delegate, &floor.delegates[1]).await;
    let cast = loop {
        match again.cast(&statement).await {
            Ok(receipt) => break receipt,
            Err((code, _)) => assert_eq!(code, "store_unavailable"),
        }
    };
    assert!(cast.seq > receipt.seq);
    let closed = floor.chairs(Command::CloseBallot { ballot: on }, BallotState::Closed).await;
    assert_eq!(closed.result.expect("a result").took_part, 2);
    assert_eq!(grounds.epoch().await, epoch, "the woken one took nothing back");
    let lines = grounds.record().await;
    assert_eq!(lines[cast.seq as usize], cast.entry);
    assert_eq!(lines.iter().filter(|line| line.contains(r#""kind":"vote_cast""#)).count(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_leader_that_is_cut_from_postgres_makes_way() {
    let Some(grounds) = Grounds::new().await else { return };
    let wire = Wire::before(&grounds.store.url()).await;
    let leader = grounds.node_on("cut", &wire.url).await;
    leader.found().await;
    let other = grounds.node("other").await;
    let floor = other.floor().await;
    let opened = floor.open(LONG).await;
    let on = ballot_id(&opened.id);
    vote(&floor.delegate(1).await, "yes").await;
    let wall = watch_as(&leader.endpoint(), Page::Wall).await;
    ballot(&wall, |ballot| ballot.state == BallotState::Open && ballot.received == 1).await;

    wire.cut();
    // Its own pages show that nobody can vote; elsewhere another node leads.
    ballot(&wall, |ballot| ballot.state == BallotState::OnHold).await;
    assert_eq!(grounds.leader(&[&other]).await, 0);
    ballot(&floor.chair, |ballot| ballot.state == BallotState::OnHold).await;
    floor.chairs(Command::ResumeBallot { ballot: on.clone() }, BallotState::Open).await;
    vote(&floor.delegate(2).await, "no").await;
    let epoch = grounds.epoch().await;

    wire.mend();
    ballot(&wall, |ballot| ballot.state == BallotState::Open && ballot.received == 2).await;
    vote(&join(&leader.endpoint(), Page::Delegate, &floor.delegates[3]).await, "yes").await;
    let closed = floor.chairs(Command::CloseBallot { ballot: on }, BallotState::Closed).await;
    assert_eq!(closed.result.expect("a result").took_part, 3);
    assert_eq!(grounds.epoch().await, epoch, "it took nothing back");
    let lines = grounds.record().await;
    assert_eq!(lines.iter().filter(|line| line.contains(r#""kind":"vote_cast""#)).count(), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_redis_votes_go_on_and_screens_follow() {
    without_redis(Redis::kill, async |redis| redis.restart().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_a_frozen_redis_votes_go_on_and_screens_follow() {
    without_redis(|redis| redis.freeze(), async |redis| redis.thaw()).await;
}

async fn without_redis(goes: impl Fn(&mut Redis), comes_back: impl AsyncFn(&mut Redis)) {
    let Some(mut grounds) = Grounds::new().await else { return };
    let nodes = grounds.nodes(2).await;
    let at = grounds.leader(&[&nodes[0], &nodes[1]]).await;
    let (leader, follower) = (&nodes[at], &nodes[1 - at]);
    let floor = leader.floor().await;
    let wall = watch_as(&follower.endpoint(), Page::Wall).await;
    let opened = floor.open(LONG).await;
    ballot(&wall, |ballot| ballot.state == BallotState::Open).await;

    goes(&mut grounds.redis);
    for n in 0..3 {
        let node = if n == 0 { leader } else { follower };
        vote(&join(&node.endpoint(), Page::Delegate, &floor.delegates[n]).await, "yes").await;
    }
    ballot(&wall, |ballot| ballot.received == 3).await;
    let filled = follower.metric("dienhong_gaps_filled_total", "").await;
    assert!(filled > 0.0, "it read the store");

    // Back again, it is used again.
    comes_back(&mut grounds.redis).await;
    let heard = follower.metric("dienhong_bus_in_total", "").await;
    follower.metric_above("dienhong_bus_in_total", "", heard).await;
    vote(&join(&follower.endpoint(), Page::Delegate, &floor.delegates[3]).await, "yes").await;
    let closed = floor.chairs(Command::CloseBallot { ballot: ballot_id(&opened.id) }, BallotState::Closed).await;
    assert_eq!(closed.result.expect("a result").took_part, 4);
    ballot(&wall, |ballot| ballot.state == BallotState::Closed).await;
}
