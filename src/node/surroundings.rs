//! What a council's task needs of the world, and what may be asked of it.

use super::clock::CouncilClock;
use super::cluster::{Cluster, Message};
use super::heads::Heads;
use super::peers::Relayed;
use super::secret::InstanceSecret;
use super::snapshot::SnapshotFile;
use super::snapshots::Late;
use crate::chamber::ids::{BallotId, CouncilId, PersonId};
use crate::hub::Answered;
use crate::hub::admission::Denial;
use crate::hub::room::Room;
use crate::ports::Store;
use crate::sequencer::{Sequencer, Submission};
use crate::wire::frames::Page;
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot, watch};

/// Questions waiting for one council: beyond it the asker is told to come back.
pub const QUESTIONS: usize = 256;
/// Commands waiting for one council: twice the votes of the largest council, all pressed at once. Beyond it: `busy`.
pub const INBOX: usize = 1024;

/// What may be asked of the task.
pub enum Request {
    Act {
        submission: Box<Submission>,
        answered: Answered,
    },
    /// As [`Request::Act`], from another node: for the leader alone.
    Relayed {
        submission: Box<Submission>,
        relayed: Relayed,
    },
    /// A person's page has joined.
    Joined(PersonId, Page),
    /// One-time codes were issued, spent or cancelled.
    CodesChanged,
    /// An officer asks those whose vote is missing to vote. Answered with how many were asked.
    Nudge {
        by: PersonId,
        ballot: BallotId,
        answered: oneshot::Sender<Result<u32, Denial>>,
    },
}

/// Messages of other nodes that wait; beyond it they are lost, and what they told is read from the store.
pub const HEARD: usize = 256;

/// What has to do with other nodes.
pub enum Heard {
    /// Which of them said what.
    Said(String, Message),
    /// Answered once everything is here that was in the store when it was asked.
    CatchUp(oneshot::Sender<()>),
}

/// Reads the council's state between two steps.
pub type Question = Box<dyn FnOnce(&Sequencer) + Send>;

/// What comes in. Questions have a queue of their own, so that a crowd that only reads never takes a vote's place.
pub struct Incoming {
    pub requests: mpsc::Receiver<Request>,
    pub questions: mpsc::Receiver<Question>,
    /// In a queue of its own as well, for the same reason.
    pub heard: mpsc::Receiver<Heard>,
}

/// What the task needs of the world.
#[derive(Clone)]
pub struct Surroundings {
    pub council: CouncilId,
    pub store: Arc<dyn Store>,
    pub secret: Arc<InstanceSecret>,
    pub clock: CouncilClock,
    pub room: Arc<Room>,
    /// Where snapshots go that are still being written when the council has stopped.
    pub late: Late,
    /// Names this process in the lease row.
    pub holder: String,
    pub stop: watch::Receiver<bool>,
    /// Where its snapshot lies; a rehearsal has none.
    pub snapshots: Option<SnapshotFile>,
    /// What was seen of every council; a rehearsal has its own.
    pub heads: Arc<Heads>,
    /// True while the record can be read and written.
    pub ready: Arc<watch::Sender<bool>>,
    /// Entries that are durable and shown.
    pub size: Arc<watch::Sender<u64>>,
    /// The other nodes; `None` where this one serves alone.
    pub cluster: Option<Arc<Cluster>>,
    /// This is a rehearsal.
    pub is_rehearsal: bool,
    /// The rehearsal that runs beside it.
    pub beside: watch::Receiver<Option<CouncilId>>,
}

impl Surroundings {
    /// The record is in question, and nothing is written to it until a human has looked; or it is not any more.
    pub fn alarm(&self, is_on: bool) {
        let value = if is_on { 1.0 } else { 0.0 };
        metrics::gauge!("dienhong_record_alarm", "council" => self.council.to_string()).set(value);
    }
}
