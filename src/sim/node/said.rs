//! What goes into a node and comes out of it.

use crate::ledger::merkle::Hash;
use crate::sequencer::{Answer, Submission};
use std::sync::Arc;

/// Whom an answer is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asker {
    Client { client: usize, session: u64, request: u64 },
    Node { node: usize, life: u64, relay: u64 },
}

/// What nodes tell each other.
#[derive(Debug, Clone)]
pub enum Said {
    Batch { first_seq: u64, lines: Vec<Arc<str>>, checkpoint: String },
    Moved,
}

/// What an answer rests on: everything that was decided before.
#[derive(Debug, Clone, Copy)]
pub struct Basis {
    pub size: u64,
    pub root: Hash,
}

/// An answer where it was made, for the oracle.
#[derive(Debug, Clone)]
pub struct Made {
    pub text: Option<[u8; 32]>,
    pub basis: Option<Basis>,
    /// The epoch under which it was given by a leader.
    pub epoch: Option<u64>,
}

/// What a node does to the world.
pub enum Effect {
    /// `None`: whoever relays is told that this node does not lead.
    Answer {
        to: Asker,
        answer: Option<Answer>,
        made: Option<Made>,
    },
    Tell(Said),
    Forward {
        holder: String,
        relay: u64,
        submission: Box<Submission>,
    },
    /// What is durable here has become another.
    Show,
    Trace(String),
}

/// What people send.
#[derive(Debug, Clone)]
pub enum Sent {
    Vote {
        note: Arc<str>,
    },
    Order {
        note: Arc<str>,
        arguments: Arc<str>,
    },
    /// With a code the world vouches for.
    Enrol {
        note: Arc<str>,
    },
}
