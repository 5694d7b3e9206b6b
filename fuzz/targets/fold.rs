//! What is made of a record.

use super::text;
use dienhong::chamber::{Chamber, invariants};
use dienhong::ledger::entry::Entry;
use dienhong::sequencer::Snapshot;
use dienhong::verify;
use std::sync::OnceLock;

/// The golden record's entries, each with the chamber after it.
static STORY: OnceLock<Vec<Chamber>> = OnceLock::new();

pub fn bundle(data: &[u8]) {
    // Whatever is wrong is told; what is whole has no findings left out.
    if let Ok(report) = verify::verify(data, None, |_| {}) {
        assert!(!report.is_whole() || report.unlisted == 0);
    }
}

/// The first line says after how many of the golden record's entries the others, an entry each, come. What fits is taken, and
/// leaves a chamber in which everything holds that must.
pub fn fold(data: &[u8]) {
    let Some((start, lines)) = text(data).and_then(|text| text.split_once('\n')) else { return };
    let story = STORY.get_or_init(story);
    let Some(mut chamber) = start.parse::<usize>().ok().and_then(|start| story.get(start)).cloned() else { return };
    let mut seq = start.parse().unwrap_or(0);
    for entry in lines.lines().filter_map(|line| Entry::decode(line).ok()) {
        if chamber.fits(entry.time, &entry.event).is_err() {
            continue;
        }
        let before = chamber.clone();
        chamber.apply(entry.time, seq, &entry.event);
        seq += 1;
        assert_eq!(invariants::check(&chamber), Ok(()), "{:?}", entry.event);
        assert_eq!(invariants::check_sealed(&before, &chamber), Ok(()), "{:?}", entry.event);
    }
}

fn story() -> Vec<Chamber> {
    let vectors: serde_json::Value =
        serde_json::from_str(include_str!("../../tests/vectors/entries.json")).expect("the golden entries");
    let mut chamber = Chamber::new();
    let mut all = vec![chamber.clone()];
    for vector in vectors.as_array().into_iter().flatten() {
        let entry = Entry::decode(vector["line"].as_str().unwrap_or_default()).expect("a golden entry");
        if chamber.fits(entry.time, &entry.event).is_ok() {
            chamber.apply(entry.time, entry.seq, &entry.event);
        }
        all.push(chamber.clone());
    }
    all
}

/// A cache file from the disk.
pub fn snapshot(data: &[u8]) {
    if let Ok(snapshot) = Snapshot::decode(data) {
        let written = snapshot.encode().expect("a snapshot that was read can be written");
        let again = Snapshot::decode(&written).expect("and read again");
        assert_eq!(again.root(), snapshot.root());
    }
}
