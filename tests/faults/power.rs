//! The power fails. What the program wrote to the record's files, and when it had been made durable, is written down as it
//! happens; then the files are put together as a disk could hold them after a cut at any point, and the real store opens them.

use crate::checker::Record;
use crate::report::{Figure, Outcome, Size};
use crate::shim::{Field, MISSING, Shim};
use crate::support::place::Place;
use crate::world::{Kept, Voting, World, ready};
use dienhong::ports::{MAX_PAGE, Store};
use dienhong::store::sqlite::SqliteStore;
use dienhong::verify::promises::Promises;
use std::collections::VecDeque;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use tempfile::TempDir;

/// What a disk writes whole or not at all.
const SECTOR: usize = 512;
/// Longer than an answer takes on its way: one that left before its fsync had ended would be held while the journal still shows
/// the fsync under way.
const FSYNC_US: i64 = 2_000;
/// Receipts of the ballot that the power fails in.
const RECEIPTS: usize = 200;
/// The database, and its log.
const FILES: [&str; 2] = ["hall.db", "hall.db-wal"];

pub async fn cut(size: Size) -> Outcome {
    let Some(shim) = Shim::build() else { return MISSING };
    let cuts = size.of(10_000, 100);
    let story = Story::record(&shim).await;
    let seed = getrandom::u64().expect("randomness");
    let mut dice = Dice(seed);
    let folder = in_memory();
    let mut looked_for = 0;
    for n in 0..cuts {
        let at = dice.below(story.journal.len() + 1);
        let disks = story.disks(at, true, &mut dice);
        looked_for += story.check(&disks, at, folder.path()).await.unwrap_or_else(|broken| {
            panic!("cut {n} of seed {seed}, after operation {at} of {}: {broken}", story.journal.len())
        });
    }
    // Had every fsync been a lie, the same check would see what is missing: it can fail.
    let at = story.journal.len();
    let lied = story.check(&story.disks(at, false, &mut dice), at, folder.path()).await;
    assert!(lied.is_err(), "a disk that forgets everything since the ballot opened was not noticed");
    let fsyncs = story.journal.iter().filter(|operation| operation.kind == Kind::Synced).count();
    Outcome::Held(vec![
        Figure::count("cuts", cuts as usize),
        Figure::count("operations", story.journal.len()),
        Figure::count("fsyncs", fsyncs),
        Figure::new("failed fsyncs", shim.get(Field::Failed) as f64, ""),
        Figure::count("receipts", story.held.len()),
        Figure::count("looked for and found, over all cuts", looked_for),
    ])
}

/// Where the files are put together: their own syncs need wait for no disk.
fn in_memory() -> TempDir {
    let memory = Path::new("/dev/shm");
    let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    folder.expect("a temporary directory")
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Written,
    Truncated,
    SyncBegins,
    Synced,
    SyncFailed,
    Started,
}

/// One line of the journal (shim.c).
struct Operation {
    kind: Kind,
    file: usize,
    offset: usize,
    bytes: Vec<u8>,
}

/// A ballot on a server that nothing happened to.
struct Story {
    /// The files before the first operation, all of it durable.
    before: [Vec<u8>; 2],
    journal: Vec<Operation>,
    /// With each receipt how many operations the journal had when it came.
    held: Vec<(usize, Kept)>,
    lines: Vec<String>,
    promises: Promises,
}

impl Story {
    async fn record(shim: &Shim) -> Self {
        let store = Place::sqlite();
        let url = store.url();
        let mut world = World::open_at(store, url, shim.settings(FILES[0])).await;
        let length = {
            let journal = shim.journal();
            move || fs::metadata(&journal).expect("the journal").len()
        };
        // Nobody does anything yet, and what was acknowledged is durable.
        let begins = length();
        let before = FILES.map(|name| fs::read(world.file().with_file_name(name)).expect("a file of the record"));
        assert_eq!(length(), begins, "somebody wrote meanwhile");

        shim.set(Field::SlowUs, FSYNC_US);
        let mut voting = Voting::noting(&world.floor, &[world.process.endpoint()], Arc::new(length)).await;
        voting.more(RECEIPTS / 2).await;
        // After a failed fsync the system forgets what could not be written, shows it as if it were there, and reports the next
        // fsync as good: what the program finds after a start may never have reached the disk.
        shim.set(Field::Fail, 1);
        voting.held().await;
        world.process.kill().await;
        world.process.restart().await;
        ready(&world.process.endpoint()).await;
        voting.resume().await;
        voting.more(RECEIPTS / 2).await;
        let (held, _) = voting.close().await;
        let journal = fs::read(shim.journal()).expect("the journal");
        world.process.kill().await;
        let record = Record::read(&world.place, &world.key()).await;
        record.keeps(&held);

        let journal = Journal { bytes: &journal, at: begins as usize };
        let (mut operations, mut ends) = (Vec::new(), Vec::new());
        for (operation, end) in journal {
            operations.push(operation);
            ends.push(end);
        }
        let held = held.into_iter().map(|kept| (ends.partition_point(|end| *end as u64 <= kept.noted), kept)).collect();
        let promises = Promises::of(world.key(), &record.lines);
        Self { before, journal: operations, held, lines: record.lines, promises }
    }

    /// Both files as they could be after a cut behind the first `at` operations. With `honest` false no fsync did anything.
    fn disks(&self, at: usize, honest: bool, dice: &mut Dice) -> [Vec<u8>; 2] {
        let chance = *dice.one_of(&[0, 10, 50, 90, 100]);
        [0, 1].map(|file| {
            let mut disk = Disk { durable: self.before[file].clone(), pending: vec![], begun: VecDeque::new() };
            for operation in self.journal[..at].iter().filter(|operation| operation.file == file) {
                disk.take(operation, honest);
            }
            disk.after_the_cut(if honest { chance } else { 0 }, dice)
        })
    }

    /// The real store opens these files: they hold a beginning of the record, with every receipt that somebody had by then. Returns
    /// how many that are.
    async fn check(&self, disks: &[Vec<u8>; 2], at: usize, folder: &Path) -> Result<usize, String> {
        for (name, bytes) in FILES.iter().zip(disks) {
            fs::write(folder.join(name), bytes).expect("the folder can be written");
        }
        // Made anew from the log; one of an earlier cut would be of other files.
        let _ = fs::remove_file(folder.join("hall.db-shm"));
        let store = SqliteStore::open(folder.join(FILES[0])).await.map_err(|error| error.to_string())?;
        let council = crate::hall::council_id();
        let mut lines = Vec::new();
        loop {
            let page = store.read(&council, lines.len() as u64, MAX_PAGE).await.map_err(|error| error.to_string())?;
            if page.is_empty() {
                break;
            }
            lines.extend(page.into_iter().map(|entry| entry.line));
        }
        let head = store.head(&council).await.map_err(|error| error.to_string())?.ok_or("no head")?;
        store.close().await;
        if !self.lines.starts_with(&lines) || head.size != lines.len() as u64 {
            return Err(format!("{} entries under a head of {}, no beginning of the record", lines.len(), head.size));
        }
        self.promises.head(&head.checkpoint.ok_or("no checkpoint")?).map_err(|broken| broken.to_string())?;
        let had: Vec<_> = self.held.iter().filter(|(operations, _)| *operations <= at).collect();
        match had.iter().filter(|(_, kept)| kept.receipt.seq >= head.size).count() {
            0 => Ok(had.len()),
            lost => Err(format!("{lost} receipts lost: the record ends at {}", head.size)),
        }
    }
}

/// One file on a disk that may hold back what nobody has made durable.
struct Disk<'a> {
    durable: Vec<u8>,
    pending: Vec<&'a Operation>,
    /// How much was pending as each fsync under way began.
    begun: VecDeque<usize>,
}

impl<'a> Disk<'a> {
    fn take(&mut self, operation: &'a Operation, honest: bool) {
        match operation.kind {
            Kind::Written | Kind::Truncated => self.pending.push(operation),
            Kind::SyncBegins => self.begun.push_back(self.pending.len()),
            Kind::Synced if honest => {
                let until = self.begun.pop_front().unwrap_or(0).min(self.pending.len());
                for operation in self.pending.drain(..until) {
                    apply(&mut self.durable, operation, || true);
                }
                self.begun.iter_mut().for_each(|begun| *begun -= until.min(*begun));
            }
            Kind::Synced => {}
            Kind::SyncFailed => {
                self.pending.clear();
                self.begun.iter_mut().for_each(|begun| *begun = 0);
            }
            // What was under way ended with the program before.
            Kind::Started => self.begun.clear(),
        }
    }

    /// Of what is pending, any sectors: each has reached the disk with a chance of so many percent.
    fn after_the_cut(mut self, chance: usize, dice: &mut Dice) -> Vec<u8> {
        for operation in self.pending {
            apply(&mut self.durable, operation, || dice.below(100) < chance);
        }
        self.durable
    }
}

/// Does it to the file, as far as `reaches` says of its sectors.
fn apply(file: &mut Vec<u8>, operation: &Operation, mut reaches: impl FnMut() -> bool) {
    let Operation { offset, bytes, .. } = operation;
    if operation.kind == Kind::Truncated {
        if reaches() {
            file.resize(*offset, 0);
        }
        return;
    }
    let mut from = 0;
    while from < bytes.len() {
        let at = offset + from;
        let until = bytes.len().min(from + SECTOR - at % SECTOR);
        if reaches() {
            file.resize(file.len().max(offset + until), 0);
            file[at..offset + until].copy_from_slice(&bytes[from..until]);
        }
        from = until;
    }
}

/// Reads operations, with the journal's length after each.
struct Journal<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Iterator for Journal<'_> {
    type Item = (Operation, usize);

    fn next(&mut self) -> Option<Self::Item> {
        const HEAD: usize = 18;
        let head = self.bytes.get(self.at..self.at + HEAD)?;
        let number = |at: usize| i64::from_ne_bytes(head[at..at + 8].try_into().expect("eight bytes")) as usize;
        let kind = match head[0] {
            b'W' => Kind::Written,
            b'T' => Kind::Truncated,
            b'B' => Kind::SyncBegins,
            b'E' => Kind::Synced,
            b'F' => Kind::SyncFailed,
            b'S' => Kind::Started,
            other => panic!("the journal is out of step: {other}"),
        };
        let (file, offset, begin) = (head[1].into(), number(2), self.at + HEAD);
        self.at = begin + number(10);
        let bytes = self.bytes.get(begin..self.at)?.to_vec();
        Some((Operation { kind, file, offset, bytes }, self.at))
    }
}

/// The same throws for the same seed (splitmix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % end as u64) as usize
    }

    fn one_of<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}
