//! Floor 3. Sockets: who is connected, what each audience sees, how fast anybody may speak. The hub never decides anything
//! about the chamber; it is given the [`Inbox`] it feeds.

pub mod admission;
pub mod bucket;
pub mod close;
pub mod codec;
pub mod directory;
pub mod fan;
pub mod frames;
mod joining;
pub mod line;
pub mod mailbox;
mod outgoing;
pub mod pulse;
pub mod reader;
pub mod room;
pub mod socket;
mod writer;

use crate::chamber::ids::{BallotId, PersonId};
use crate::sequencer::{Answer, Submission};
use crate::wire::frames::{Page, Reply};
use crate::wire::views::{Found, Query};
use admission::Denial;
use async_trait::async_trait;

/// Called once with the answer, from the council's own task: it must not block.
pub type Answered = Box<dyn FnOnce(Answer) + Send>;

/// Where checked commands go. The node gives it to the hub when it is built.
#[async_trait]
pub trait Inbox: Send + Sync + 'static {
    /// Takes a command whose signature was checked. A full inbox answers [`Answer::Busy`] at once.
    fn submit(&self, submission: Submission, answered: Answered);

    /// Carries out an order that leaves nothing in the record.
    async fn serve(&self, by: PersonId, errand: Errand) -> Result<Reply, Denial>;

    /// Looks something up for an officer. Beside the council's own work: a slow look-up keeps nobody from voting.
    async fn look_up(&self, by: PersonId, query: Query) -> Result<Found, Denial>;

    /// A person's page has just joined: its `me` view is wanted.
    fn joined(&self, person: &PersonId, page: Page);

    /// Where other nodes write as well: waits until what they wrote before is known here, or for a moment.
    async fn renew(&self);

    /// The server's time, milliseconds since 1970.
    fn now(&self) -> u64;
}

/// Orders beside the chamber's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Errand {
    IssueCode {
        person: PersonId,
    },
    CancelCode {
        person: PersonId,
    },
    /// Asks those present whose vote is missing to vote.
    Nudge {
        ballot: BallotId,
    },
    StartRehearsal,
    EndRehearsal,
}
