//! The store goes away in the middle of a ballot, or of a speech, and comes back.

use crate::floor::{Floor, LONG, ballot, ballot_id, person, recorded};
use crate::hall::{Hall, LIMIT, verified_export, watch_as};
use crate::plain_http::get_at;
use crate::support::place::Place;
use crate::support::proxy::{Cut, Proxy};
use crate::tablet::Tablet;
use dienhong::chamber::command::Command;
use dienhong::chamber::ids::SpeechId;
use dienhong::chamber::speaking::SpeechKind;
use dienhong::chamber::wall::WallMode;
use dienhong::client::{Client, when};
use dienhong::store::faulty::FaultyStore;
use dienhong::wire::frames::Page;
use dienhong::wire::views::{self, BallotState, HoldCause, SpeechView};
use std::sync::Arc;

on_every_store! {
    votes_wait_for_a_store_that_is_away,
    a_speech_stands_still_while_the_store_is_away,
    a_speech_that_a_restart_broke_off_stands_paused,
}

async fn votes_wait_for_a_store_that_is_away(store: Place) {
    let faulty = Arc::new(FaultyStore::new(store.open().await));
    let hall = Hall::open_over(store, "province", 5, faulty.clone()).await;
    through_an_absence(hall, |away| faulty.set_away(away)).await;
}

async fn a_speech_stands_still_while_the_store_is_away(store: Place) {
    let faulty = Arc::new(FaultyStore::new(store.open().await));
    let hall = Hall::open_over(store, "province", 5, faulty.clone()).await;
    let floor = Floor::ready(&hall, 1, 3).await;
    let screens = screens(&hall, &floor).await;
    let first = give_the_floor(&floor).await;
    for screen in &screens {
        assert!(spoken(screen, |speech| speech.running_since.is_some()).await.spent_ms == 0);
    }

    faulty.set_away(true);
    let mut tablet = Tablet::join(&hall.endpoint(), Page::Delegate, &floor.delegates[2]).await;
    let leave = Command::CheckOut { person: person("p3"), reason: None };
    assert_eq!(tablet.order(&floor.delegates[2], &leave).await, Err(("store_unavailable".to_owned(), true)));
    let stopped = spoken(&screens[0], |speech| speech.running_since.is_none()).await;
    for screen in &screens {
        assert_eq!(spoken(screen, |speech| speech.running_since.is_none()).await, stopped, "one clock for all");
    }
    assert_eq!(get_at(&hall.endpoint(), "/readyz", "").await.status, 503);

    faulty.set_away(false);
    // Waits for the store; by then the pause stands in the record.
    recorded(&floor.chair, Command::ExtendSpeech { speech: first.clone(), seconds: 60 }).await;
    let longer = SpeechView { allotted_ms: stopped.allotted_ms + 60_000, ..stopped.clone() };
    for screen in &screens {
        assert_eq!(spoken(screen, |speech| speech.allotted_ms == longer.allotted_ms).await, longer, "paused as it was");
        let live = when(&screen.views().live, LIMIT, |live| live.wall.mode == views::WallMode::Speaker).await;
        assert!(live.expect("the hall").ballot.is_none());
    }
    recorded(&floor.chair, Command::ResumeSpeech { speech: first.clone() }).await;
    for screen in &screens {
        assert_eq!(spoken(screen, |speech| speech.running_since.is_some()).await.spent_ms, stopped.spent_ms);
    }
    recorded(&floor.chair, Command::EndSpeech { speech: first.clone() }).await;
    when(&screens[0].views().speaking, LIMIT, |view| view.speech.is_none()).await.expect("it is over");
    paused_in_the_record(&hall, &first, Some(stopped.spent_ms)).await;
    hall.close().await;
}

/// Nobody knows when the program went: the clock stands where the record was last written.
async fn a_speech_that_a_restart_broke_off_stands_paused(store: Place) {
    let mut hall = Hall::open(store, "province", 5).await;
    let floor = Floor::ready(&hall, 1, 3).await;
    let screens = screens(&hall, &floor).await;
    let first = give_the_floor(&floor).await;
    recorded(&floor.secretary, Command::show_on_wall(WallMode::Speaker)).await;
    hall.stop().await;
    hall.start().await;
    // The hall's pages join again by themselves.
    recorded(&floor.chair, Command::ExtendSpeech { speech: first.clone(), seconds: 60 }).await;
    let stopped = spoken(&screens[0], |speech| speech.allotted_ms == 360_000).await;
    assert_eq!(stopped.running_since, None);
    for screen in &screens {
        assert_eq!(spoken(screen, |speech| speech.allotted_ms == 360_000).await, stopped);
    }
    paused_in_the_record(&hall, &first, Some(stopped.spent_ms)).await;
    hall.close().await;
}

/// A page of each audience: officers, the hall, those who watch.
async fn screens(hall: &Hall, floor: &Floor) -> [Client; 4] {
    let endpoint = hall.endpoint();
    let (wall, public) = (watch_as(&endpoint, Page::Wall).await, watch_as(&endpoint, Page::Public).await);
    [floor.chair.clone(), floor.delegate(1).await, wall, public]
}

/// Five minutes for the second delegate.
async fn give_the_floor(floor: &Floor) -> SpeechId {
    let (person, kind) = (person("p2"), SpeechKind::Speak);
    recorded(&floor.chair, Command::GiveFloor { person, kind, seconds: Some(300) }).await;
    SpeechId::parse(spoken(&floor.chair, |_| true).await.id).expect("an id")
}

/// The speech a page shows, once it satisfies `wanted`.
async fn spoken(client: &Client, wanted: impl Fn(&SpeechView) -> bool) -> SpeechView {
    let view = when(&client.views().speaking, LIMIT, |view| view.speech.as_ref().is_some_and(&wanted)).await;
    view.expect("the speech").speech.clone().expect("a speech")
}

/// The record is whole, and the system paused the speech in it once, with what the screens showed.
async fn paused_in_the_record(hall: &Hall, speech: &SpeechId, spent_ms: Option<u64>) {
    let lines = verified_export(&hall.place(), &hall.path("record.tar")).await;
    let paused: Vec<&String> = lines.iter().filter(|line| line.contains(r#""kind":"speech_paused""#)).collect();
    let [paused] = &paused[..] else { panic!("{paused:?}") };
    let paused: serde_json::Value = serde_json::from_str(paused).expect("an entry");
    assert_eq!((paused["by"].as_str(), paused["speech"].as_str()), (Some("system"), Some(speech.as_str())));
    assert_eq!((paused["spent_ms"].as_u64(), paused.get("statement")), (spent_ms, None));
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
