//! A write went wrong, or seemed to. Whatever the store said, the answer is what stands in the record.

use crate::floor::{Floor, LONG, ballot_id};
use crate::hall::{Hall, verified_export};
use crate::plain_http::get_at;
use crate::support::place::Place;
use crate::support::sample::{batch, entries};
use crate::tablet::Tablet;
use dienhong::chamber::command::Command;
use dienhong::chamber::wall::WallMode;
use dienhong::client::Identity;
use dienhong::hub::admission::{self, Ordered};
use dienhong::node::secret::InstanceSecret;
use dienhong::node::{Council, Platform};
use dienhong::sequencer::{Answer, Submission};
use dienhong::store::faulty::{Fault, FaultyStore};
use dienhong::store::sqlite::SqliteStore;
use dienhong::wire::frames::{Page, Receipt};
use dienhong::wire::views::BallotState;
use std::sync::Arc;

on_every_store! {
    what_was_not_written_is_not_there,
    what_was_written_has_its_receipt_whatever_the_store_said,
    somebody_else_wrote_meanwhile,
    a_record_that_does_not_hold_together_is_not_served,
}

struct Rig {
    hall: Hall,
    floor: Floor,
    faulty: Arc<FaultyStore>,
    tablet: Tablet,
    statement: String,
}

/// A ballot is open, and the second delegate is about to vote.
async fn rig(store: Place) -> Rig {
    let faulty = Arc::new(FaultyStore::new(store.open().await));
    let hall = Hall::open_over(store, "province", 4, faulty.clone()).await;
    let floor = Floor::ready(&hall, 1, 3).await;
    let opened = floor.open(LONG).await;
    let voter = &floor.delegates[1];
    let tablet = Tablet::join(&hall.endpoint(), Page::Delegate, voter).await;
    let statement = voter.vote(&opened.id, &opened.document_sha256, "yes", 1).unwrap();
    Rig { hall, floor, faulty, tablet, statement }
}

impl Rig {
    async fn cast(&mut self) -> Result<Receipt, (String, bool)> {
        self.tablet.cast(&self.statement).await
    }

    async fn resume(&self) {
        self.floor.chairs(Command::ResumeBallot { ballot: ballot_id("b1") }, BallotState::Open).await;
    }

    /// The vote is in the record once, at that place, and the record is whole.
    async fn ends_with(self, receipt: &Receipt) {
        let place = self.hall.place();
        let lines = verified_export(&place, &self.hall.path("record.tar")).await;
        assert_eq!(lines[receipt.seq as usize], receipt.entry);
        assert_eq!(lines.iter().filter(|line| line.contains(r#""kind":"vote_cast""#)).count(), 1);
        self.hall.close().await;
    }
}

/// An order as it reaches the council once a socket has checked it.
fn signed(council: &Council, by: &Identity, command: Command) -> Submission {
    let (note, arguments) = by.order(&command).expect("an order");
    match admission::order(&council.room.directory(), by.person(), &note, &arguments) {
        Ok(Ordered::Chamber(submission)) => *submission,
        other => panic!("not let through: {other:?}"),
    }
}

fn try_again() -> Result<Receipt, (String, bool)> {
    Err(("store_unavailable".to_owned(), true))
}

async fn what_was_not_written_is_not_there(store: Place) {
    let mut rig = rig(store).await;
    for fault in [Fault::NotWritten, Fault::Full, Fault::NotWrittenAnswerLost, Fault::Overtaken] {
        let named = format!("{fault:?}");
        rig.faulty.plan(fault);
        assert_eq!(rig.cast().await, try_again(), "{named}");
        rig.resume().await;
    }
    let receipt = rig.cast().await.expect("a receipt");
    rig.ends_with(&receipt).await;
}

async fn what_was_written_has_its_receipt_whatever_the_store_said(store: Place) {
    let mut rig = rig(store).await;
    rig.faulty.plan(Fault::WrittenAnswerLost);
    let receipt = rig.cast().await.expect("it is in the record, so it has its receipt");
    assert_eq!(rig.cast().await.expect("again").seq, receipt.seq);
    rig.resume().await;
    rig.ends_with(&receipt).await;
}

async fn somebody_else_wrote_meanwhile(store: Place) {
    let mut rig = rig(store).await;
    // Another process with the same secret takes the council over, and goes again.
    let place = rig.hall.place();
    let secret = InstanceSecret::open(&place.secret_file()).unwrap();
    let rival = Platform::open(rig.hall.store().open().await, secret, "rival".to_owned(), None).await.unwrap();
    let council = rival.council(&crate::hall::council_id()).unwrap();
    // The ballot it found open is put on hold first; until that is written it takes nothing.
    let desk = rig.floor.secretary.identity().unwrap();
    let shown = signed(&council, desk, Command::show_on_wall(WallMode::Agenda));
    let theirs = loop {
        match council.act(shown.clone()).await {
            Answer::Receipt(receipt) => break receipt,
            Answer::StoreUnavailable => {}
            other => panic!("the rival could not write: {other:?}"),
        }
    };
    rival.stop().await;

    assert_eq!(rig.cast().await, try_again(), "outlawed: nothing was written");
    rig.resume().await;
    let receipt = rig.cast().await.expect("a receipt");
    assert!(receipt.seq > theirs.seq);
    rig.ends_with(&receipt).await;
}

async fn a_record_that_does_not_hold_together_is_not_served(store: Place) {
    let mut rig = rig(store).await;
    let size = rig.hall.council().ask(|sequencer| sequencer.size()).await.unwrap();
    rig.faulty.plan(Fault::RivalWrote(batch(size, entries("nobody", 1))));
    assert_eq!(rig.cast().await, try_again());
    assert_eq!(rig.cast().await, try_again(), "and so it stays, until somebody has looked");
    assert_eq!(get_at(&rig.hall.endpoint(), "/readyz", "").await.status, 503);
    let checkpoint = crate::plain_http::get(&rig.hall.endpoint(), "record/checkpoint").await;
    assert_eq!((checkpoint.status, checkpoint.problem().as_str()), (503, "store_unavailable"));
    rig.hall.close().await;
}

/// A file that may not grow is what a full disk looks like to SQLite.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_stops_the_ballot_and_room_lets_it_go_on() {
    let place = Place::sqlite();
    let path = place.url().trim_start_matches("sqlite:").to_owned();
    let sqlite = Arc::new(SqliteStore::open(path).await.unwrap());
    let hall = Hall::open_over(place, "province", 4, sqlite.clone()).await;
    let floor = Floor::ready(&hall, 1, 3).await;
    let opened = floor.open(LONG).await;

    sqlite.limit_pages(Some(1)).await;
    // There may be room in pages that are there already.
    let modes = [WallMode::Agenda, WallMode::Item].into_iter().cycle();
    let mut written = 0;
    for mode in modes {
        let shown = signed(&hall.council(), floor.secretary.identity().unwrap(), Command::show_on_wall(mode));
        match hall.council().act(shown).await {
            Answer::Receipt(_) => written += 1,
            Answer::StoreUnavailable => break,
            other => panic!("{other:?}"),
        }
        assert!(written < 1_000, "the file does not fill");
    }
    let voter = &floor.delegates[1];
    let statement = voter.vote(&opened.id, &opened.document_sha256, "yes", 1).unwrap();
    let mut tablet = Tablet::join(&hall.endpoint(), Page::Delegate, voter).await;
    // The hold is a small entry: it may find room where a vote does not, and then it is what the tablet is told.
    let held = async || hall.council().ask(|s| s.durable().open_ballot().is_none()).await == Some(true);
    match tablet.cast(&statement).await {
        answer if answer == try_again() => {}
        answer => {
            assert_eq!(answer.map(|receipt| receipt.seq).map_err(|(code, _)| code), Err("ballot_not_open".into()));
            assert!(held().await, "told of a hold that is not in the record");
        }
    }

    sqlite.limit_pages(None).await;
    floor.chairs(Command::ResumeBallot { ballot: ballot_id(&opened.id) }, BallotState::Open).await;
    let receipt = tablet.cast(&statement).await.expect("a receipt");
    let config = hall.place();
    let lines = verified_export(&config, &hall.path("record.tar")).await;
    assert_eq!(lines[receipt.seq as usize], receipt.entry);
    hall.close().await;
}
