//! Where each statement stands, found by the hash of its text.

use std::collections::HashMap;
use std::sync::Arc;

/// Statements after which those that came last are put in order: about a millisecond of work.
const RECENT: usize = 16_384;
/// Runs up to this size are joined with their like, some 4 ms of work; larger ones stay as they are. A million statements are then
/// in some ten runs.
const LARGEST_JOINED: usize = 262_144;

/// The first half of a text's SHA-256. Nobody finds a text whose 128 bits are another statement's; who finds two of their own with the
/// same gets the first one's receipt for both.
type Text = [u64; 2];

/// A statement and its entry's number.
pub type Mark = (Text, u64);

/// Every statement of the record, 24 bytes each. Ordered runs, which copies share, and what came since.
#[derive(Debug, Clone, Default)]
pub struct Known {
    runs: Vec<Arc<[Mark]>>,
    recent: HashMap<Text, u64>,
}

impl Known {
    /// From marks in order.
    pub fn of(marks: Vec<Mark>) -> Option<Self> {
        marks.is_sorted().then(|| Self { runs: vec![marks.into()], recent: HashMap::new() })
    }

    pub fn insert(&mut self, text: &[u8; 32], seq: u64) {
        self.recent.insert(half(text), seq);
        if self.recent.len() >= RECENT {
            self.settle();
        }
    }

    pub fn get(&self, text: &[u8; 32]) -> Option<u64> {
        let text = half(text);
        let in_run = |run: &Arc<[Mark]>| {
            let at = run.partition_point(|(other, _)| *other < text);
            run.get(at).filter(|(other, _)| *other == text).map(|(_, seq)| *seq)
        };
        self.recent.get(&text).copied().or_else(|| self.runs.iter().rev().find_map(in_run))
    }

    /// Those of the first `size` entries, in order.
    pub fn marks(&self, size: u64) -> Vec<Mark> {
        let recent = self.recent.iter().map(|(text, seq)| (*text, *seq));
        let all = self.runs.iter().flat_map(|run| run.iter().copied()).chain(recent);
        let mut marks: Vec<Mark> = all.filter(|(_, seq)| *seq < size).collect();
        marks.sort_unstable();
        marks
    }

    fn settle(&mut self) {
        let mut run: Vec<Mark> = self.recent.drain().collect();
        while let Some(last) =
            self.runs.pop_if(|last| last.len() <= run.len() && last.len() + run.len() <= LARGEST_JOINED)
        {
            run.extend_from_slice(&last);
        }
        run.sort_unstable();
        self.runs.push(run.into());
    }
}

fn half(text: &[u8; 32]) -> Text {
    let word = |at: usize| text.iter().skip(at).take(8).fold(0, |word, byte| (word << 8) | u64::from(*byte));
    [word(0), word(8)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use sha2::{Digest, Sha256};

    fn text(n: u64) -> [u8; 32] {
        Sha256::digest(n.to_be_bytes()).into()
    }

    #[test]
    fn every_statement_is_found_where_it_stands_and_no_other() {
        let mut known = Known::default();
        let many = 3 * RECENT as u64 + 5;
        for n in 0..many {
            known.insert(&text(n), 2 * n);
        }
        assert_eq!((known.runs.len(), known.recent.len()), (2, 5));
        assert!((0..many).all(|n| known.get(&text(n)) == Some(2 * n)));
        assert_eq!(known.get(&text(many)), None);

        let early = Known::of(known.marks(100)).unwrap();
        assert!((0..50).all(|n| early.get(&text(n)) == Some(2 * n)));
        assert!((50..many).all(|n| early.get(&text(n)).is_none()));
    }

    #[test]
    fn marks_out_of_order_are_not_taken() {
        assert!(Known::of(vec![([2, 0], 0), ([1, 0], 1)]).is_none());
        assert!(Known::of(Vec::new()).is_some());
    }
}
