//! The record that is there in the end, held against what people were told.

use crate::floor::Floor;
use crate::hall::verified_export;
use crate::report::Figure;
use crate::world::{Kept, Voting};
use dienhong::chamber::event::Event;
use dienhong::chamber::ids::{BallotId, PersonId};
use dienhong::config;
use dienhong::ledger::entry::Entry;
use dienhong::ledger::merkle::Hash;
use dienhong::ledger::note::VerifierKey;
use dienhong::ledger::receipt::Receipt;
use dienhong::verify::promises::{Broken, Promises};
use dienhong::wire::frames;
use dienhong::wire::views::ResultView;
use std::collections::{BTreeMap, BTreeSet};

/// Everybody votes a last time, the chair closes the ballot, and what everybody holds is looked for in the record.
pub async fn ended(place: &config::Place, floor: &Floor, voting: Voting, times: u32) -> Vec<Figure> {
    let (held, results) = voting.close().await;
    let record = Record::read(place, floor.delegates[0].record_key()).await;
    results.iter().for_each(|(on, result)| record.counts(&held, on, result));
    [vec![Figure::count("times", times as usize)], record.keeps(&held)].concat()
}

/// A record that `verify` has found whole, with what was promised about it.
pub struct Record {
    pub lines: Vec<String>,
    promises: Promises,
    /// How many each ballot has, changed ones as well.
    votes: BTreeMap<BallotId, usize>,
}

impl Record {
    /// Exports and verifies it. `key` is the record's key as a tablet learned it when it was enrolled.
    pub async fn read(place: &config::Place, key: &VerifierKey) -> Self {
        let folder = tempfile::tempdir().expect("a temporary directory");
        let lines = verified_export(place, &folder.path().join("record.tar")).await;
        let promises = Promises::of(key.clone(), &lines);
        let mut votes = BTreeMap::new();
        for line in &lines {
            if let Event::VoteCast { ballot, .. } = Entry::decode(line).expect("it was verified").event {
                *votes.entry(ballot).or_default() += 1;
            }
        }
        Self { lines, promises, votes }
    }

    /// Nothing that anybody holds is lost, and nothing stands there twice.
    pub fn keeps(&self, held: &[Kept]) -> Vec<Figure> {
        let broken = held.iter().filter_map(|kept| self.promises.receipt(&as_held(&kept.receipt)).err());
        let broken: Vec<Broken> = broken.collect();
        let entries: BTreeSet<u64> = held.iter().map(|kept| kept.receipt.seq).collect();
        let repeated = self.promises.counted_once();
        let doubled = held.len() - entries.len() + usize::from(repeated.is_err());
        assert!(broken.is_empty() && doubled == 0, "lost {broken:?}, doubled {doubled} {repeated:?}");
        let counts = [("receipts", held.len()), ("lost", broken.len()), ("doubled", doubled)];
        counts.map(|(name, count)| Figure::count(name, count)).into()
    }

    /// Everybody sent each vote until there was an answer: so all votes of the ballot are receipted ones, and its result is what
    /// the last receipt of each delegate says.
    pub fn counts(&self, held: &[Kept], on: &BallotId, result: &ResultView) {
        let of_ballot: Vec<&Kept> = held.iter().filter(|kept| kept.ballot == *on).collect();
        let votes = self.votes.get(on).copied().unwrap_or(0);
        assert_eq!(votes, of_ballot.len(), "votes in the record, and receipts for them");

        let mut last: BTreeMap<&PersonId, &Kept> = BTreeMap::new();
        for kept in of_ballot {
            let newest = last.entry(&kept.person).or_insert(kept);
            if kept.receipt.seq > newest.receipt.seq {
                *newest = kept;
            }
        }
        for (person, kept) in &last {
            let standing = &self.promises.standing()[&(on.clone(), (*person).clone())];
            assert_eq!((standing.seq, standing.answer.as_str()), (kept.receipt.seq, kept.answer), "{person}");
        }
        for counted in &result.counts {
            let receipts = last.values().filter(|kept| kept.answer == counted.answer).count();
            assert_eq!(counted.count as usize, receipts, "{}", counted.answer);
        }
        assert_eq!(result.counts.iter().map(|counted| counted.count).sum::<u32>(), result.took_part);
        assert_eq!(result.took_part + result.not_voted, result.present);
        assert_eq!(result.present + result.absent, result.in_office);
    }
}

fn as_held(receipt: &frames::Receipt) -> Receipt {
    let proof = receipt.proof.iter().map(|hash| Hash::from_base64(hash).expect("it was checked when it came"));
    let (entry, checkpoint) = (receipt.entry.clone(), receipt.checkpoint.clone());
    Receipt { seq: receipt.seq, entry, proof: proof.collect(), checkpoint }
}
