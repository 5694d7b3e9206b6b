//! Floor 2. Checks an exported record from its bytes alone: every signature, the chain and its proofs, who was allowed what,
//! and every count again. Holds no server code, so that `dienhong-verify` stays small enough to be read.

mod agrees;
mod asked;
pub mod cli;
mod finding;
pub mod promises;
pub mod question;
mod recount;
mod replay;
mod settled;
mod tally;
mod verdict;

pub use finding::{Finding, Problem, WhyNot};
pub use recount::{Result as BallotResult, Status};
pub use replay::Checked;

use crate::ledger::bundle::{BundleError, Part, read_bundle};
use crate::ledger::checkpoint::Checkpoint;
use crate::ledger::merkle::Hash;
use crate::ledger::note::VerifierKey;
use replay::Replay;
use std::io::Read;

/// Entries between two calls of the progress callback: some tens of milliseconds.
const PROGRESS_EVERY: u64 = 1_000;

/// What was checked and what is wrong.
#[derive(Debug, Clone)]
pub struct Report {
    /// The key checkpoints were checked with: the one given, or else entry 0's.
    pub key: Option<VerifierKey>,
    /// The key was given by whoever asked. Without it the record is only shown to agree with itself.
    pub pinned: bool,
    pub entries: u64,
    /// Over all entries.
    pub root: Hash,
    /// Checkpoints whose signature and root hold.
    pub checkpoints: u64,
    pub checked: Checked,
    /// Every ballot as counted here, in the order of opening.
    pub results: Vec<BallotResult>,
    /// In the order of entries; those about no single entry last.
    pub findings: Vec<Finding>,
    /// Findings beyond those listed.
    pub unlisted: u64,
}

impl Report {
    pub fn is_whole(&self) -> bool {
        self.findings.is_empty()
    }
}

/// Checks a bundle to its end. `key` is the record's checkpoint key as known from elsewhere; `progress` is told now and then
/// how many entries have been checked.
///
/// # Errors
/// When it cannot be read, or is no exported record at all. Whatever is wrong inside one is a finding.
pub fn verify<R: Read>(
    bundle: R,
    key: Option<&VerifierKey>,
    mut progress: impl FnMut(u64),
) -> Result<Report, BundleError> {
    let mut replay = Replay::default();
    let mut heads = Heads { key: key.cloned(), good: 0, last_good: 0, last: 0, broken: false };
    let mut key_file = None;
    let mut ended = false;
    let read = read_bundle(bundle, |part| {
        match part {
            Part::Key(text) => key_file = Some(text.to_owned()),
            Part::Entry(line) => {
                replay.line(line);
                if replay.tree.size().is_multiple_of(PROGRESS_EVERY) {
                    progress(replay.tree.size());
                }
            }
            Part::Checkpoint { size, note } => {
                if !std::mem::replace(&mut ended, true) {
                    end_of_entries(&mut replay, &mut heads, key_file.as_deref());
                }
                heads.take(&mut replay, size, note);
            }
        }
        Ok::<(), BundleError>(())
    });
    if !ended {
        end_of_entries(&mut replay, &mut heads, key_file.as_deref());
    }
    match read {
        Ok(()) if heads.last < replay.tree.size() => replay.found(heads.last, Problem::NotCovered),
        Ok(()) => {}
        Err(BundleError::Damaged { at, what }) => replay.found(None, Problem::BundleDamaged { at, what }),
        Err(error) => return Err(error),
    }
    let mut findings = replay.findings;
    findings.sort_by_key(|finding| finding.seq.unwrap_or(u64::MAX));
    Ok(Report {
        key: heads.key,
        pinned: key.is_some(),
        entries: replay.tree.size(),
        root: replay.tree.root(),
        checkpoints: heads.good,
        checked: replay.checked,
        results: replay.recount.results(),
        findings,
        unlisted: replay.unlisted,
    })
}

/// Settles which key the checkpoints must be signed with.
fn end_of_entries(replay: &mut Replay, heads: &mut Heads, key_file: Option<&str>) {
    replay.finish();
    if replay.tree.size() == 0 {
        replay.found(None, Problem::NoFounding);
    }
    let founded = replay.key.clone();
    if founded.as_ref().map(VerifierKey::to_string).as_deref() != key_file {
        replay.found(None, Problem::KeyFileDiffers);
    }
    match &heads.key {
        Some(given) if Some(given) != founded.as_ref() => replay.found(None, Problem::OtherKey),
        Some(_) => {}
        None => heads.key = founded,
    }
}

/// The checkpoints, in rising size.
struct Heads {
    key: Option<VerifierKey>,
    /// How many hold.
    good: u64,
    /// Size of the last that does: what is wrong after it cannot be before.
    last_good: u64,
    /// Size of the last there is.
    last: u64,
    /// Within a row of checkpoints that do not fit; all after the first say the same.
    broken: bool,
}

impl Heads {
    fn take(&mut self, replay: &mut Replay, named: u64, note: &str) {
        let Some(key) = &self.key else { return };
        let checkpoint = match Checkpoint::open(note, key) {
            Ok(checkpoint) => checkpoint,
            Err(error) => return replay.found(None, Problem::BadCheckpoint { size: named, error }),
        };
        let (size, entries) = (checkpoint.size, replay.tree.size());
        if size != named {
            return replay.found(None, Problem::CheckpointMisplaced { named, size });
        }
        self.last = size;
        match replay.tree.root_at(size) {
            None => replay.found(None, Problem::EntriesMissing { size, entries }),
            Some(root) if root == checkpoint.root => {
                (self.good, self.last_good, self.broken) = (self.good + 1, size, false);
            }
            Some(_) if self.broken => {}
            Some(_) => {
                self.broken = true;
                replay.found(self.last_good, Problem::WrongRoot { from: self.last_good, size });
            }
        }
    }
}
