//! The store goes away in the middle of a ballot and comes back.

use crate::floor::{Floor, LONG, ballot, ballot_id};
use crate::hall::{Hall, verified_export, watch_as};
use crate::plain_http::get_at;
use crate::support::place::Place;
use crate::support::proxy::{Cut, Proxy};
use crate::tablet::Tablet;
use dienhong::chamber::command::Command;
use dienhong::store::faulty::FaultyStore;
use dienhong::wire::frames::Page;
use dienhong::wire::views::{BallotState, HoldCause};
use std::sync::Arc;

on_every_store! { votes_wait_for_a_store_that_is_away }

async fn votes_wait_for_a_store_that_is_away(store: Place) {
    let faulty = Arc::new(FaultyStore::new(store.open().await));
    let hall = Hall::open_over(store, "province", 5, faulty.clone()).await;
    through_an_absence(hall, |away| faulty.set_away(away)).await;
}

/// The line to Postgres is cut at every commit, so the first vote's fate is unknown and none can be written.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn votes_wait_for_a_postgres_that_is_cut_off() {
    let Some(Place::Postgres(url)) = Place::postgres().await else { return };
    let (before, rest) = url.rsplit_once(':').expect("a port");
    let (port, database) = rest.split_once('/').expect("a database");
    let proxy = Proxy::to(port.parse().expect("a number")).await;
    let hall = Hall::open(Place::Postgres(format!("{before}:{}/{database}", proxy.port())), "province", 5).await;
    through_an_absence(hall, |away| proxy.set(if away { Cut::BeforeCommit } else { Cut::Nothing })).await;
}

async fn through_an_absence(hall: Hall, set_away: impl Fn(bool)) {
    let floor = Floor::ready(&hall, 1, 4).await;
    let endpoint = hall.endpoint();
    let wall = watch_as(&endpoint, Page::Wall).await;
    let opened = floor.open(LONG).await;
    let statement = |n: usize| floor.delegates[n].vote(&opened.id, &opened.document_sha256, "yes", 1).unwrap();
    let mut tablets = Vec::new();
    for delegate in &floor.delegates {
        tablets.push(Tablet::join(&endpoint, Page::Delegate, delegate).await);
    }
    let first = tablets[0].cast(&statement(0)).await.expect("a receipt");
    ballot(&wall, |ballot| ballot.received == 1).await;

    set_away(true);
    let votes = [statement(1), statement(2)];
    for (tablet, vote) in tablets[1..].iter_mut().zip(&votes) {
        assert_eq!(tablet.cast(vote).await, Err(("store_unavailable".to_owned(), true)));
    }
    let frozen = ballot(&wall, |ballot| ballot.state == BallotState::OnHold).await;
    assert_eq!((frozen.hold_cause, frozen.closes_at, frozen.received), (Some(HoldCause::StoreUnavailable), None, 1));
    assert_eq!(get_at(&endpoint, "/readyz", "").await.status, 503);
    assert_eq!(get_at(&endpoint, "/healthz", "").await.status, 200);
    // What was recorded is still told, and what is asked of the chair is not lost but refused for now.
    let on = ballot_id(&opened.id);
    let close = tablets[0].order(&floor.delegates[0], &Command::CloseBallot { ballot: on.clone() }).await;
    assert_eq!(close, Err(("store_unavailable".to_owned(), true)));

    set_away(false);
    // The order waits for the store as the votes do; by then the hold stands in the record.
    let resumed = floor.chairs(Command::ResumeBallot { ballot: on.clone() }, BallotState::Open).await;
    assert_eq!(resumed.received, 1);
    assert_eq!(get_at(&endpoint, "/readyz", "").await.status, 200);
    for (tablet, vote) in tablets[1..].iter_mut().zip(&votes) {
        let receipt = tablet.cast(vote).await.expect("the same statement, taken now");
        assert_eq!(tablet.cast(vote).await.expect("again").seq, receipt.seq);
    }
    assert_eq!(
        tablets[0].cast(&statement(0)).await,
        Err(("turn_used".to_owned(), false)),
        "another text, the same turn"
    );
    let closed = floor.chairs(Command::CloseBallot { ballot: on }, BallotState::Closed).await;
    assert_eq!(closed.result.unwrap().took_part, 3);

    let place = hall.place();
    let lines = verified_export(&place, &hall.path("record.tar")).await;
    assert_eq!(lines[first.seq as usize], first.entry);
    let held: Vec<&String> = lines.iter().filter(|line| line.contains(r#""kind":"ballot_held""#)).collect();
    let [held] = &held[..] else { panic!("{held:?}") };
    assert!(held.contains(r#""by":"system""#) && held.contains(r#""cause":"store_unavailable""#), "{held}");
    let rest = format!(r#""remaining_ms":{}"#, frozen.remaining_ms.expect("a rest"));
    assert!(held.contains(&rest), "the countdown stands where every screen showed it: {rest} in {held}");
    assert_eq!(lines.iter().filter(|line| line.contains(r#""kind":"vote_cast""#)).count(), 3);
    hall.close().await;
}
