//! What nodes tell each other over the bus, and how a message shows that it comes from one of them. Whoever can write to the bus
//! but has not the instance secret is not heard, and what was heard once is not heard again.

use crate::chamber::ids::{BallotId, CouncilId, Millis, PersonId};
use crate::node::company::Presence;
use crate::node::secret;
use crate::wire::frames::Page;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

const MAC: usize = 32;
/// A message older than this by the listener's clock is not heard. Nodes whose clocks are further apart hear nothing of each other
/// and read the store instead.
const OLDEST_MS: u64 = 30_000;
/// Senders whose last number is remembered: many more than a platform has nodes, each with a new name at every start. Forgotten
/// ones are older than [`OLDEST_MS`] long before there are so many.
const SENDERS: usize = 1_024;
/// Councils speak side by side, so a node's messages may overtake each other by a few. What comes later than after so many others
/// counts as heard before.
const OUT_OF_ORDER: u64 = 256;

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Message {
    /// Entries that have become durable.
    Batch { council: CouncilId, first_seq: u64, lines: Vec<String>, checkpoint: String },
    /// One-time codes were issued, spent or cancelled.
    Codes { council: CouncilId },
    /// These are asked to vote.
    Nudge { council: CouncilId, ballot: BallotId, people: Vec<PersonId> },
    /// Who is connected to this node.
    Presence { council: CouncilId, presence: Presence },
    /// A person's page has joined here: an older one elsewhere is replaced.
    Joined { council: CouncilId, person: PersonId, page: Page },
    /// Leases were taken or let go: worth a look at the store.
    Moved {},
}

impl Message {
    pub fn council(&self) -> Option<&CouncilId> {
        match self {
            Self::Batch { council, .. }
            | Self::Codes { council }
            | Self::Nudge { council, .. }
            | Self::Presence { council, .. }
            | Self::Joined { council, .. } => Some(council),
            Self::Moved {} => None,
        }
    }
}

#[derive(Serialize, Deserialize)]
struct Envelope<M> {
    from: String,
    /// One higher with each of the sender's messages.
    number: u64,
    at: Millis,
    message: M,
}

/// Seals what this node says and opens what others have said.
pub struct Seal {
    key: Zeroizing<[u8; 32]>,
    node: String,
    next: AtomicU64,
    heard: Mutex<BTreeMap<String, Numbers>>,
}

/// Which of a sender's messages were heard.
struct Numbers {
    highest: u64,
    /// Of the last [`OUT_OF_ORDER`].
    recent: BTreeSet<u64>,
    last_at: Millis,
}

impl Numbers {
    /// False when it was heard before, or may have been.
    fn take(&mut self, number: u64) -> bool {
        let oldest = self.highest.saturating_sub(OUT_OF_ORDER);
        if number <= oldest || !self.recent.insert(number) {
            return false;
        }
        self.highest = self.highest.max(number);
        while self.recent.len() as u64 > OUT_OF_ORDER {
            self.recent.pop_first();
        }
        true
    }
}

/// A message with its sender.
#[derive(Debug)]
pub struct Opened {
    pub from: String,
    /// How long it was under way, by both clocks.
    pub age_ms: u64,
    pub message: Message,
}

/// Why a message is not heard; the label in metrics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unheard {
    /// Not sealed by a node of this platform.
    Forged,
    /// Sealed by one, but this version cannot read it.
    Unreadable,
    /// Heard before, or so late that it may have been.
    Replayed,
    /// Too old, or from a node whose clock is wrong.
    Old,
    /// This node's own.
    Own,
}

impl Unheard {
    pub fn code(self) -> &'static str {
        match self {
            Self::Forged => "forged",
            Self::Unreadable => "unreadable",
            Self::Replayed => "replayed",
            Self::Old => "old",
            Self::Own => "own",
        }
    }
}

impl Seal {
    pub fn new(key: Zeroizing<[u8; 32]>, node: String) -> Self {
        Self { key, node, next: AtomicU64::new(1), heard: Mutex::default() }
    }

    pub fn seal(&self, message: &Message, now: Millis) -> Option<Vec<u8>> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let body = serde_json::to_vec(&Envelope { from: self.node.clone(), number, at: now, message }).ok()?;
        let mut sealed = secret::mac(&self.key, &body).to_vec();
        sealed.extend(body);
        Some(sealed)
    }

    pub fn open(&self, sealed: &[u8], now: Millis) -> Result<Opened, Unheard> {
        let (mac, body) = sealed.split_at_checked(MAC).ok_or(Unheard::Forged)?;
        if !bool::from(secret::mac(&self.key, body).as_slice().ct_eq(mac)) {
            return Err(Unheard::Forged);
        }
        let envelope: Envelope<Message> = serde_json::from_slice(body).map_err(|_| Unheard::Unreadable)?;
        if envelope.from == self.node {
            return Err(Unheard::Own);
        }
        if now.0.abs_diff(envelope.at.0) > OLDEST_MS {
            return Err(Unheard::Old);
        }
        let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        if heard.len() >= SENDERS {
            heard.retain(|_, numbers| now.0.abs_diff(numbers.last_at.0) <= OLDEST_MS);
        }
        let fresh = || Numbers { highest: 0, recent: BTreeSet::new(), last_at: envelope.at };
        let numbers = heard.entry(envelope.from.clone()).or_insert_with(fresh);
        if !numbers.take(envelope.number) {
            return Err(Unheard::Replayed);
        }
        numbers.last_at = numbers.last_at.max(envelope.at);
        Ok(Opened { from: envelope.from, age_ms: now.since(envelope.at), message: envelope.message })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Millis = Millis(1_000_000);

    fn seal(node: &str, key: u8) -> Seal {
        Seal::new(Zeroizing::new([key; 32]), node.to_owned())
    }

    fn codes() -> Message {
        Message::Codes { council: CouncilId::parse("mau").unwrap() }
    }

    #[test]
    fn a_nodes_message_is_heard_once() {
        let (one, other) = (seal("one", 1), seal("other", 1));
        let first = one.seal(&codes(), NOW).unwrap();
        let second = one.seal(&codes(), NOW).unwrap();
        let opened = other.open(&first, NOW).expect("heard");
        assert!(opened.from == "one" && matches!(opened.message, Message::Codes { .. }));
        assert!(other.open(&second, NOW).is_ok());
        for again in [&first, &second] {
            assert_eq!(other.open(again, NOW).err(), Some(Unheard::Replayed));
        }
        assert_eq!(one.open(&first, NOW).err(), Some(Unheard::Own));
    }

    #[test]
    fn messages_may_overtake_each_other_by_a_few() {
        let (one, other) = (seal("one", 1), seal("other", 1));
        let sealed: Vec<Vec<u8>> = (0..600).map(|_| one.seal(&codes(), NOW).unwrap()).collect();
        let hear = |at: usize| other.open(&sealed[at], NOW).err();
        for at in [1, 0, 5, 3, 300] {
            assert_eq!(hear(at), None, "message {at}");
        }
        for at in [0, 1, 3, 5, 300, 4, 44] {
            assert_eq!(hear(at), Some(Unheard::Replayed), "message {at}");
        }
        // In any order, everything within reach is heard once.
        for at in (45..300).rev().chain(301..600) {
            assert_eq!(hear(at), None, "message {at}");
        }
        for at in 0..600 {
            assert_eq!(hear(at), Some(Unheard::Replayed), "message {at}");
        }
    }

    #[test]
    fn whatever_is_changed_in_it_is_forged() {
        let sealed = seal("one", 1).seal(&codes(), NOW).unwrap();
        for at in 0..sealed.len() {
            let mut forged = sealed.clone();
            forged[at] ^= 1;
            assert_eq!(seal("other", 1).open(&forged, NOW).err(), Some(Unheard::Forged), "byte {at}");
            assert_eq!(seal("other", 1).open(&sealed[..at], NOW).err(), Some(Unheard::Forged));
        }
        assert_eq!(seal("other", 2).open(&sealed, NOW).err(), Some(Unheard::Forged), "another platform's");
    }

    #[test]
    fn what_is_old_is_not_heard() {
        let sealed = seal("one", 1).seal(&codes(), NOW).unwrap();
        for (clock, heard) in
            [(NOW.0 + OLDEST_MS, true), (NOW.0 + OLDEST_MS + 1, false), (NOW.0 - OLDEST_MS - 1, false)]
        {
            let outcome = seal("other", 1).open(&sealed, Millis(clock));
            assert_eq!(outcome.is_ok(), heard, "{outcome:?}");
        }
    }
}
