//! Floor 5. Measures a server under load: scenarios over real sockets, with signatures made before the clock starts, and reports
//! whose figures were all measured in that run. The server is a process of its own (docs/performance.md).
//!
//! [`votes`], [`fan_out`], [`storm`], [`province`] and [`steady`] are the scenarios, [`beside()`] measures the fan-out alone; [`hall`] founds what they play in, through a [`Console`].

pub mod beside;
mod child;
mod crowd;
mod drive;
mod frame;
mod goals;
mod hall;
mod line;
mod nodes;
mod receipts;
mod report;
mod scenario;
mod server;
mod stats;
mod usage;
mod verify_rate;
mod voter;

pub use nodes::Nodes;
pub use report::{Figure, Report};
pub use scenario::beside::{Beside, beside};
pub use scenario::fan_out::{FanOut, fan_out};
pub use scenario::province::{Province, province};
pub use scenario::steady::{Steady, steady};
pub use scenario::storm::{Storm, storm};
pub use scenario::votes::{Votes, votes};
pub use server::Setup;

use crate::client::{ClientError, Host};
use std::future::Future;
use std::io;

/// The console of the server under test: what only the hall's own side can do.
pub trait Console: Sync {
    type Host: Host + Send + Sync;

    /// Founds a council with so many seats.
    fn found(&self, council: &str, seats: u32) -> impl Future<Output = Result<Self::Host, ClientError>> + Send;
}

/// The servers to measure, and the way into them.
pub struct Under<'a, C> {
    pub nodes: &'a Nodes,
    pub console: &'a C,
    /// Where others are started beside them.
    pub place: &'a beside::Place,
}

/// How often, and what comes before it counts.
#[derive(Debug, Clone, Copy)]
pub struct Rounds {
    pub counted: u32,
    pub warm_up: u32,
}

impl Rounds {
    fn all(self) -> u32 {
        self.counted + self.warm_up
    }
}

/// What kept a scenario from being played to its end.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    #[error("the server under test does not start: {0}")]
    Start(String),
    #[error("{step}: {error}")]
    Step { step: &'static str, error: ClientError },
    #[error("{0}")]
    Client(#[from] ClientError),
    #[error("socket: {0}")]
    Io(#[from] io::Error),
    #[error("the server did not take the socket: {0}")]
    NotUpgraded(String),
    #[error("the server broke the protocol: {0}")]
    Protocol(String),
    #[error("{0} took too long")]
    TooLong(&'static str),
    #[error("{missing} of {sent} votes have no receipt: {why}")]
    Unanswered { missing: usize, sent: usize, why: String },
    #[error("{0}")]
    Broken(&'static str),
}

fn at(step: &'static str) -> impl Fn(ClientError) -> LoadError {
    move |error| LoadError::Step { step, error }
}
