//! The newest view of each topic, as watch channels: a reader that is slow skips states, exactly like a screen.

use super::error::ClientError;
use crate::wire::views::{ConsoleView, CouncilView, LiveView, MeView, RollView, SeatsView, SpeakingView};
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// Which topics to read. The others still come over the socket but are dropped unread, which is most of a watching
/// client's work when thousands run in one process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Topics {
    pub council: bool,
    pub roll: bool,
    pub live: bool,
    pub seats: bool,
    pub speaking: bool,
    pub console: bool,
    pub me: bool,
}

impl Topics {
    pub const ALL: Self =
        Self { council: true, roll: true, live: true, seats: true, speaking: true, console: true, me: true };
    pub const NONE: Self =
        Self { council: false, roll: false, live: false, seats: false, speaking: false, console: false, me: false };
    /// What voting needs.
    pub const VOTER: Self = Self { council: true, live: true, me: true, ..Self::NONE };
    /// What voting and taking part in the debate need.
    pub const DELEGATE: Self = Self { speaking: true, ..Self::VOTER };
}

/// One topic's newest state; nothing before the first.
pub type Latest<T> = watch::Receiver<Option<Arc<T>>>;

/// The views a client holds. Each is a receiver of its own, to be cloned and waited on.
#[derive(Debug, Clone)]
pub struct Views {
    pub council: Latest<CouncilView>,
    pub roll: Latest<RollView>,
    pub live: Latest<LiveView>,
    pub seats: Latest<SeatsView>,
    pub speaking: Latest<SpeakingView>,
    pub console: Latest<ConsoleView>,
    pub me: Latest<MeView>,
}

/// Waits until the topic's state satisfies `wanted` and returns it; looks at the present state first.
///
/// # Errors
/// `timed_out` after `limit`; `gone` when the client stopped.
pub async fn when<T>(
    latest: &Latest<T>,
    limit: Duration,
    mut wanted: impl FnMut(&T) -> bool,
) -> Result<Arc<T>, ClientError> {
    let mut latest = latest.clone();
    let found = tokio::time::timeout(limit, latest.wait_for(|state| state.as_deref().is_some_and(&mut wanted)))
        .await
        .map_err(|_| ClientError::TimedOut)?
        .map_err(|_| ClientError::Gone)?;
    found.clone().ok_or(ClientError::Gone)
}

/// The connection's end of the channels.
#[derive(Debug)]
pub(super) struct Inbox {
    topics: Topics,
    council: Slot<CouncilView>,
    roll: Slot<RollView>,
    live: Slot<LiveView>,
    seats: Slot<SeatsView>,
    speaking: Slot<SpeakingView>,
    console: Slot<ConsoleView>,
    me: Slot<MeView>,
}

impl Inbox {
    pub fn new(topics: Topics) -> (Self, Views) {
        let (council, council_rx) = Slot::new();
        let (roll, roll_rx) = Slot::new();
        let (live, live_rx) = Slot::new();
        let (seats, seats_rx) = Slot::new();
        let (speaking, speaking_rx) = Slot::new();
        let (console, console_rx) = Slot::new();
        let (me, me_rx) = Slot::new();
        let views = Views {
            council: council_rx,
            roll: roll_rx,
            live: live_rx,
            seats: seats_rx,
            speaking: speaking_rx,
            console: console_rx,
            me: me_rx,
        };
        (Self { topics, council, roll, live, seats, speaking, console, me }, views)
    }

    /// Takes a view in. A topic of a later protocol is passed over.
    pub fn take(&mut self, topic: &str, size: u64, state: &RawValue) -> Result<(), ClientError> {
        match topic {
            "council" if self.topics.council => self.council.offer(size, state),
            "roll" if self.topics.roll => self.roll.offer(size, state),
            "live" if self.topics.live => self.live.offer(size, state),
            "seats" if self.topics.seats => self.seats.offer(size, state),
            "speaking" if self.topics.speaking => self.speaking.offer(size, state),
            "console" if self.topics.console => self.console.offer(size, state),
            "me" if self.topics.me => self.me.offer(size, state),
            _ => Ok(()),
        }
        .map_err(|error| ClientError::Protocol(format!("view {topic}: {error}")))
    }
}

#[derive(Debug)]
struct Slot<T> {
    size: u64,
    latest: watch::Sender<Option<Arc<T>>>,
}

impl<T: DeserializeOwned> Slot<T> {
    fn new() -> (Self, Latest<T>) {
        let (latest, receiver) = watch::channel(None);
        (Self { size: 0, latest }, receiver)
    }

    /// An older record than the one already shown is not taken: after a reconnect another node may still be behind, and
    /// what a person has seen must not go backwards.
    fn offer(&mut self, size: u64, state: &RawValue) -> Result<(), serde_json::Error> {
        if size >= self.size {
            let state: T = serde_json::from_str(state.get())?;
            self.size = size;
            self.latest.send_replace(Some(Arc::new(state)));
        }
        Ok(())
    }
}
