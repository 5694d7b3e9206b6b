//! What reading a record consists of, each piece by itself.

use crate::record::COUNCIL;
use dienhong::chamber::Chamber;
use dienhong::chamber::ids::CouncilId;
use dienhong::config::Place;
use dienhong::ledger::entry::Entry;
use dienhong::ledger::merkle::{Tree, leaf_hash};
use dienhong::sequencer::note_text_sha256;
use dienhong::store;
use std::collections::HashMap;
use std::time::{Duration, Instant};

const PAGE: u32 = 1024;

#[derive(Default)]
struct Times {
    read: Duration,
    decode: Duration,
    fold: Duration,
    tree: Duration,
    known: Duration,
}

pub async fn measure(place: &Place) {
    let store = store::open(&place.store_url()).await.expect("the store opens");
    let council = CouncilId::parse(COUNCIL).expect("an id");
    let (mut chamber, mut tree, mut known) = (Chamber::new(), Tree::new(), HashMap::new());
    let mut times = Times::default();
    let mut bytes = 0;
    loop {
        let page = timed(&mut times.read, store.read(&council, tree.size(), PAGE)).await.expect("a page");
        for stored in &page {
            bytes += stored.line.len();
            let begun = Instant::now();
            let entry = Entry::decode(&stored.line).expect("an entry");
            let decoded = Instant::now();
            chamber.apply(entry.time, entry.seq, &entry.event);
            let folded = Instant::now();
            tree.push(leaf_hash(stored.line.as_bytes()));
            let hashed = Instant::now();
            if let Some(note) = &entry.statement {
                known.insert(note_text_sha256(note), entry.seq);
            }
            times.decode += decoded - begun;
            times.fold += folded - decoded;
            times.tree += hashed - folded;
            times.known += hashed.elapsed();
        }
        if page.len() < PAGE as usize {
            break;
        }
    }
    let Times { read, decode, fold, tree: hash, known: mark } = times;
    println!("lines: {} MB in {} entries", bytes / 1_000_000, tree.size());
    println!("read {read:.2?}, decode {decode:.2?}, fold {fold:.2?}, leaf and tree {hash:.2?}, known {mark:.2?}");
    let begun = Instant::now();
    let copy = chamber.clone();
    println!("a clone of the chamber: {:.2?}; equal: {}", begun.elapsed(), copy == chamber);
    store.close().await;
}

async fn timed<T>(sum: &mut Duration, work: impl Future<Output = T>) -> T {
    let begun = Instant::now();
    let done = work.await;
    *sum += begun.elapsed();
    done
}
