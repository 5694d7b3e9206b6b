//! A council that starts again: from its snapshot where that agrees with its record, otherwise from the record alone, and always with
//! the same state.

#[path = "e2e/floor.rs"]
#[allow(dead_code)]
mod floor;
#[path = "support/hall.rs"]
#[allow(dead_code)]
mod hall;
#[path = "e2e/plain_http.rs"]
#[allow(dead_code)]
mod plain_http;
#[path = "e2e/process.rs"]
#[allow(dead_code)]
mod process;
mod support;
#[path = "e2e/tablet.rs"]
#[allow(dead_code)]
mod tablet;

use dienhong::app::control::{Request, Response};
use dienhong::chamber::command::Command;
use dienhong::client::{Identity, roster_csv};
use dienhong::config;
use dienhong::sample;
use dienhong::wire::frames::{Page, Receipt};
use dienhong::wire::views::BallotState;
use floor::{Floor, LONG, ballot_id};
use hall::verified_export;
use process::{Process, init};
use std::fs;
use std::path::{Path, PathBuf};
use support::place::Place;
use tablet::Tablet;
use tempfile::TempDir;

const DELEGATES: usize = 4;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_start_from_a_snapshot_on_sqlite() {
    a_start_from_a_snapshot(Place::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_start_from_a_snapshot_on_postgres() {
    if let Some(place) = Place::postgres().await {
        a_start_from_a_snapshot(place).await;
    }
}

async fn a_start_from_a_snapshot(store: Place) {
    let mut story = Story::told(store).await;
    let before = story.views().await;
    story.stop().await;
    story.start().await;
    assert_eq!(story.loaded().await, 0, "nothing was read but the snapshot");
    assert_eq!(story.views().await, before);
    story.everybody_has_the_same_receipt().await;
    story.checked("agrees").await;

    // What comes after it is read on from it, also when nobody had the time to write another one.
    story.take_a_ballot("b2").await;
    let (before, size) = (story.views().await, story.size().await);
    story.process.kill().await;
    let at_kill = fs::read(story.snapshot()).unwrap();
    fs::write(story.snapshot().with_extension("snap.new"), &at_kill[..at_kill.len() / 2]).unwrap();
    story.start().await;
    let loaded = story.loaded().await;
    assert!(loaded > 0 && loaded < size, "{loaded} of {size}");
    assert_eq!(story.views().await, before);
    story.everybody_has_the_same_receipt().await;
    story.checked("agrees").await;
    story.stop().await;

    // The same without it.
    let written = fs::read(story.snapshot()).unwrap();
    assert_ne!(written, at_kill);
    fs::remove_file(story.snapshot()).unwrap();
    story.start().await;
    assert_eq!(story.loaded().await, size);
    assert_eq!(story.views().await, before);
    story.everybody_has_the_same_receipt().await;
    story.stop().await;
    assert_eq!(fs::read(story.snapshot()).unwrap(), written, "the same record is written down in the same way");
    let lines = verified_export(&story.place(), &story.folder.path().join("record.tar")).await;
    assert_eq!(lines.len() as u64, size);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_snapshot_that_was_touched_is_not_used() {
    let mut story = Story::told(Place::sqlite()).await;
    let (before, size) = (story.views().await, story.size().await);
    story.stop().await;
    let whole = fs::read(story.snapshot()).unwrap();
    let state = whole.iter().enumerate().filter(|(_, byte)| **byte == b'\n').nth(3).unwrap().0 + 1;
    let lines: Vec<usize> = (0..state).filter(|at| *at == 0 || whole[at - 1] == b'\n').collect();
    let chamber = whole.windows(12).position(|bytes| bytes == b"{\"council\":{").unwrap();
    // Format, fold, council, doors; the lengths, the first leaf, the last statement, the chamber; the MAC.
    let places = [&lines[..], &[state, state + 40, chamber - 400, chamber - 1, chamber + 50, whole.len() - 1]].concat();
    assert_eq!(places.len(), 10);
    for at in places {
        let mut touched = whole.clone();
        touched[at] ^= 1;
        story.starts_without(&touched, &before, size).await;
    }
    for short in [0, 10, state, whole.len() - 1] {
        story.starts_without(&whole[..short], &before, size).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_snapshot_of_another_instance_is_not_used() {
    let mut story = Story::told(Place::sqlite()).await;
    let (before, size) = (story.views().await, story.size().await);
    story.stop().await;
    let mut other = Story::told(Place::sqlite()).await;
    other.stop().await;
    let foreign = fs::read(other.snapshot()).unwrap();
    story.starts_without(&foreign, &before, size).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_snapshot_ahead_of_its_record_is_not_used() {
    let mut story = Story::told(Place::sqlite()).await;
    let (before, size) = (story.views().await, story.size().await);
    story.stop().await;
    let Place::Sqlite(folder) = &story.store else { unreachable!() };
    let earlier = folder.path().join("hall.db");
    let kept = fs::read(&earlier).unwrap();
    story.start().await;
    story.take_a_ballot("b2").await;
    story.stop().await;
    // Somebody put a backup of the database in its place.
    let ahead = fs::read(story.snapshot()).unwrap();
    for ending in ["db-wal", "db-shm"] {
        let _ = fs::remove_file(earlier.with_extension(ending));
    }
    fs::write(&earlier, kept).unwrap();
    // Not the head that this node has seen: it would not even serve the older one (tests/keep).
    fs::remove_dir_all(story.place().heads()).unwrap();
    story.starts_without(&ahead, &before, size).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_old_entry_that_has_changed_is_found() {
    let mut story = Story::told(Place::sqlite()).await;
    story.stop().await;
    let flipped = "DROP TRIGGER entry_never_changes;
        UPDATE entry SET line = replace(line, '\"salt\":\"', '\"salt\":\"x') WHERE seq = 3";
    story.store.meddle(flipped).await.unwrap();
    story.start().await;
    assert_eq!(story.loaded().await, 0, "the snapshot and the newest entry agree");
    story.found("entry_changed").await;
    // From now on it is a record that does not hold together, and nothing is served from it.
    while plain_http::get_at(&story.process.endpoint(), "/readyz", "").await.status == 200 {}
    assert!(!story.snapshot().exists());
    story.process.kill().await;
}

/// A council that has taken a ballot, served by a process of its own.
struct Story {
    store: Place,
    folder: TempDir,
    process: Process,
    floor: Floor,
    /// Who voted, what they signed, and what they got for it.
    votes: Vec<(Identity, String, Receipt)>,
}

impl Story {
    async fn told(store: Place) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (data, url) = (folder.path().join("data"), store.url());
        let seats = DELEGATES as u32;
        assert!(init(&data, Some(&url), seats).await.status.success());
        let process = Process::serve(&data, Some(&url)).await;
        let people = sample::council(29, seats);
        let roster = Request::ImportRoster { council: "mau".to_owned(), csv: roster_csv(&people), dry_run: false };
        assert!(matches!(process.control(roster).await, Response::Roster { imported: true, .. }));
        let secretary = process.enrol(people[DELEGATES].id.as_str()).await;
        let mut delegates = Vec::new();
        for person in &people[..DELEGATES] {
            delegates.push(process.enrol(person.id.as_str()).await);
        }
        let floor = Floor::begin(process.endpoint(), &secretary, delegates, 2).await;
        let mut story = Self { store, folder, process, floor, votes: Vec::new() };
        story.take_a_ballot("b1").await;
        story
    }

    /// Everybody votes on the next resolution, and the result is announced.
    async fn take_a_ballot(&mut self, ballot: &str) {
        self.floor.chair.joined(hall::LIMIT).await.unwrap();
        if ballot == "b2" {
            self.floor.start_item(1).await;
        }
        let opened = self.floor.open(LONG).await;
        assert_eq!(opened.id, ballot);
        for (delegate, answer) in self.floor.delegates.iter().zip(["yes", "no", "abstain", "yes"]) {
            let statement = delegate.vote(ballot, &opened.document_sha256, answer, 1).unwrap();
            let mut tablet = Tablet::join(&self.process.endpoint(), Page::Delegate, delegate).await;
            let receipt = tablet.cast(&statement).await.unwrap();
            self.votes.push((delegate.clone(), statement, receipt));
        }
        let ballot = ballot_id(ballot);
        self.floor.chairs(Command::CloseBallot { ballot: ballot.clone() }, BallotState::Closed).await;
        let confirm = Command::ConfirmBallot { ballot: ballot.clone(), casting: None };
        self.floor.chairs(confirm, BallotState::Confirmed).await;
        self.floor.chairs(Command::AnnounceBallot { ballot }, BallotState::Announced).await;
    }

    /// The same statement once more finds its entry.
    async fn everybody_has_the_same_receipt(&self) {
        for (delegate, statement, receipt) in &self.votes {
            let mut tablet = Tablet::join(&self.process.endpoint(), Page::Delegate, delegate).await;
            let again = tablet.cast(statement).await.expect("the receipt again");
            assert_eq!((again.seq, &again.entry), (receipt.seq, &receipt.entry));
            delegate.check(&again, statement).expect("it holds");
        }
    }

    /// What everybody may see.
    async fn views(&self) -> Vec<String> {
        let mut views = Vec::new();
        for path in ["api/view/council", "api/results", "api/results.csv", "record/checkpoint"] {
            let answer = plain_http::get(&self.process.endpoint(), path).await;
            assert_eq!(answer.status, 200, "{path}");
            views.push(answer.text());
        }
        views
    }

    async fn size(&self) -> u64 {
        self.metric("dienhong_record_entries{council=\"mau\"}").await.expect("it has written")
    }

    /// Entries that the last load had to read.
    async fn loaded(&self) -> u64 {
        self.metric("dienhong_load_entries{council=\"mau\"}").await.expect("it has loaded")
    }

    /// Waits until the record was read again behind the snapshot, with that outcome.
    async fn checked(&self, outcome: &str) {
        while self.metric(&format!("dienhong_snapshot_checks_total{{outcome=\"{outcome}\"}}")).await.is_none() {}
    }

    /// By the check of the snapshot, or by the reading that never ends: whichever comes first.
    async fn found(&self, outcome: &str) {
        let counters = ["dienhong_snapshot_checks_total", "dienhong_scrubs_total"];
        let names = counters.map(|counter| format!("{counter}{{outcome=\"{outcome}\"}}"));
        while self.metric(&names[0]).await.is_none() && self.metric(&names[1]).await.is_none() {}
    }

    async fn metric(&self, name: &str) -> Option<u64> {
        let metrics = plain_http::get_at(&self.process.endpoint(), "/metrics", "").await.text();
        let value = metrics.lines().find_map(|line| line.strip_prefix(name))?;
        value.trim().parse().ok()
    }

    /// Starts with that in the snapshot's place, and must read the record instead.
    async fn starts_without(&mut self, snapshot: &[u8], views: &[String], size: u64) {
        fs::write(self.snapshot(), snapshot).unwrap();
        self.start().await;
        assert_eq!(self.loaded().await, size);
        assert_eq!(self.views().await, views);
        self.stop().await;
    }

    async fn start(&mut self) {
        self.process.restart().await;
    }

    async fn stop(&mut self) {
        assert!(self.process.terminate().await.success());
    }

    fn place(&self) -> config::Place {
        config::Place { data: self.data(), store: Some(self.store.url()) }
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn snapshot(&self) -> PathBuf {
        let folder: &Path = &self.place().snapshots();
        folder.join("mau.snap")
    }
}
