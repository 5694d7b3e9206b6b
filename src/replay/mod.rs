//! Floor 6. Plays a recorded sitting through the server, as real clients would: every member has a device, enrols it, checks in
//! and signs. What comes out must be what was recorded.

mod cast;
mod play;
mod progress;
mod recording;
mod report;

pub use play::play;
pub use recording::{BadRecording, Choice, Member, Recording, RollCall, Tally};

use crate::chamber::ids::PersonId;
use crate::client::ClientError;

/// What kept a sitting from being played to its end.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    #[error("{step}: {error}")]
    Step { step: &'static str, error: ClientError },
    #[error("the member id {0} is one the replay needs for its officers")]
    IdTaken(PersonId),
    #[error("the replay's officers are not on the roll")]
    NoOfficer,
    #[error("entry {0} of the record is not what was ordered")]
    Unexpected(u64),
    #[error("{0} cannot be used")]
    Broken(&'static str),
    #[error("cannot write the report: {0}")]
    Output(#[from] std::io::Error),
}
