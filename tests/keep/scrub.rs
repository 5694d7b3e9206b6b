//! Damage in the store, whoever did it: found by reading, and named.

use crate::hall::{ORIGIN, council_id};
use crate::kept::Kept;
use crate::plain_http;
use crate::support::place::Place;
use dienhong::node::scrub::{Pace, Reference, read_through};
use dienhong::node::secret::InstanceSecret;
use dienhong::node::snapshot_check::Difference;
use dienhong::ports::MAX_PAGE;
use dienhong::sequencer::Sequencer;
use std::fs::{self, OpenOptions};
use std::os::unix::fs::FileExt;
use std::sync::Arc;

/// Where a text lies in the database's file, and what must be named when one of its bytes changes.
struct Text {
    at: Vec<usize>,
    length: usize,
    part: Part,
}

#[derive(Debug, Clone, Copy)]
enum Part {
    Entry(u64),
    Checkpoint(u64),
}

impl Part {
    fn is_named_by(self, difference: &Difference) -> bool {
        match (self, difference) {
            (Self::Entry(of), Difference::Entry { seq } | Difference::Store { seq }) => of == *seq,
            (Self::Checkpoint(of), Difference::Checkpoint { size }) => of == *size,
            // All before it were read.
            (Self::Checkpoint(of), Difference::Unread { from }) => of >= *from,
            _ => false,
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_byte_of_a_record_that_changes_on_the_disk_is_found_and_named() {
    let mut kept = Kept::begin(Place::sqlite()).await;
    kept.stop().await;
    let Place::Sqlite(folder) = &kept.store else { unreachable!() };
    let path = folder.path().join("hall.db");

    let store = kept.store.open().await;
    let entries = store.read(&council_id(), 0, MAX_PAGE).await.unwrap();
    let checkpoints = store.checkpoints(&council_id(), 1, MAX_PAGE).await.unwrap();
    let head = store.head(&council_id()).await.unwrap().unwrap();
    store.close().await;
    let secret = InstanceSecret::open(&kept.place().secret_file()).unwrap();
    let mut sequencer = Sequencer::new(ORIGIN.to_owned(), Arc::new(secret.checkpoint_signer(ORIGIN).unwrap()));
    entries.iter().for_each(|entry| sequencer.load(&entry.line).unwrap());
    sequencer.loaded(head.checkpoint).unwrap();
    let reference = Reference::of(&sequencer);

    let bytes = fs::read(&path).unwrap();
    let lines = entries.iter().map(|entry| (&entry.line, Part::Entry(entry.seq)));
    let notes = checkpoints.iter().map(|checkpoint| (&checkpoint.note, Part::Checkpoint(checkpoint.size)));
    let texts: Vec<Text> = lines.chain(notes).map(|(text, part)| find(&bytes, text, part)).collect();
    assert!(entries.len() > 5 && checkpoints.len() == 2);

    let file = OpenOptions::new().write(true).open(&path).unwrap();
    let found = async || {
        let store = kept.store.open().await;
        let found = read_through(store.as_ref(), &council_id(), &reference, Pace::Fast).await;
        store.close().await;
        found
    };
    assert_eq!(found().await.err().map(|difference| difference.code()), None);
    for Text { at, length, part } in texts {
        for i in 0..length {
            let put = |flipped: u8| {
                at.iter().for_each(|at| file.write_all_at(&[bytes[at + i] ^ flipped], (at + i) as u64).unwrap());
            };
            put(1 << (i % 8));
            let found = found().await.expect_err("it is found");
            assert!(part.is_named_by(&found), "byte {i} of {part:?}: {found}");
            put(0);
        }
    }
    assert!(found().await.is_ok());
}

/// Everywhere in the file: a page that was divided may still hold what moved away from it.
fn find(bytes: &[u8], text: &str, part: Part) -> Text {
    let text = text.as_bytes();
    let at: Vec<usize> = (0..=bytes.len() - text.len()).filter(|at| bytes[*at..].starts_with(text)).collect();
    assert!(!at.is_empty(), "{part:?} of {} bytes lies in one piece", text.len());
    Text { at, length: text.len(), part }
}

const ENTRY: &str = "UPDATE entry SET line = replace(line, '\"salt\":\"', '\"salt\":\"x') WHERE seq = 1";
const CHECKPOINT: &str =
    "UPDATE checkpoint SET note = replace(note, 'hall', 'ball') WHERE size = (SELECT min(size) FROM checkpoint)";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn damage_ends_the_writing_on_sqlite() {
    let unlocked = "DROP TRIGGER entry_never_changes; DROP TRIGGER checkpoint_never_changes";
    damage_ends_the_writing(Place::sqlite(), unlocked, ENTRY, "entry_changed").await;
    damage_ends_the_writing(Place::sqlite(), unlocked, CHECKPOINT, "checkpoint_changed").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn damage_ends_the_writing_on_postgres() {
    let unlocked = "ALTER TABLE entry DISABLE TRIGGER USER; ALTER TABLE checkpoint DISABLE TRIGGER USER";
    for (damage, outcome) in [(ENTRY, "entry_changed"), (CHECKPOINT, "checkpoint_changed")] {
        if let Some(place) = Place::postgres().await {
            damage_ends_the_writing(place, unlocked, damage, outcome).await;
        }
    }
}

async fn damage_ends_the_writing(place: Place, unlocked: &'static str, damage: &'static str, outcome: &str) {
    let mut kept = Kept::begin(place).await;
    kept.metric("dienhong_scrubs_total{outcome=\"whole\"}", 1).await;
    assert!(kept.add(30).await, "nothing is wrong yet");
    kept.store.meddle(unlocked).await.unwrap();
    kept.store.meddle(damage).await.unwrap();
    kept.metric(&format!("dienhong_scrubs_total{{outcome=\"{outcome}\"}}"), 1).await;
    kept.alarmed().await;
    // What was there before is still shown.
    assert_eq!(plain_http::get(&kept.process.endpoint(), "api/view/council").await.status, 200);
    kept.stop().await;
}
