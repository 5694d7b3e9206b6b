//! The fan: one thread that shows every change to all pages that only watch, whichever council's. A change costs one `write` of
//! a shared, ready frame for each of them, and nothing else (docs/decisions/0017-one-thread-shows-all-spectators.md).

mod crowd;
mod rounds;
pub mod watcher;

use super::Inbox;
use super::close::Close;
use super::line::Slot;
use super::room::{Audience, Guest, Room};
use super::writer::SEND_WITHIN;
use mio::{Poll, Token, Waker};
use rounds::Rounds;
use std::io;
use std::net::TcpStream;
use std::sync::{Arc, OnceLock};
use std::thread;
use tokio::runtime::Handle;
use tokio::sync::{mpsc, watch};
use tokio::time::timeout;

/// Joined and not yet taken by the thread. One round over 10,000 sockets takes some 50 ms; in a storm that many join meanwhile.
const NEWCOMERS: usize = 1024;

/// Starts its thread with the first who watches; the thread ends when this is dropped, and all it holds are cut.
#[derive(Default)]
pub struct Fan {
    started: OnceLock<Option<Started>>,
}

struct Started {
    newcomers: mpsc::Sender<Newcomer>,
    bell: Arc<Bell>,
}

/// A page that has joined and acts for nobody.
pub struct Newcomer {
    pub stream: TcpStream,
    pub slot: Slot,
    /// Read already, not understood yet.
    pub read: Vec<u8>,
    pub room: Arc<Room>,
    pub inbox: Arc<dyn Inbox>,
    pub audience: Audience,
    pub leave: watch::Receiver<Option<Close>>,
    pub guest: Guest,
    /// Where the room's task is to run.
    pub runtime: Handle,
}

/// A place with the thread.
pub struct Place<'a> {
    permit: mpsc::Permit<'a, Newcomer>,
    bell: &'a Bell,
}

/// Wakes the thread.
pub struct Bell(Waker);

impl Bell {
    const TOKEN: Token = Token(usize::MAX);

    fn ring(&self) {
        if let Err(error) = self.0.wake() {
            tracing::error!(%error, "the spectators' thread cannot be woken");
        }
    }
}

impl Fan {
    /// `None` where there is no thread, or none that keeps up: the page is then served by a task of its own.
    pub async fn place(&self) -> Option<Place<'_>> {
        let started = self.started.get_or_init(start).as_ref()?;
        let permit = timeout(SEND_WITHIN, started.newcomers.reserve()).await.ok()?.ok()?;
        Some(Place { permit, bell: &started.bell })
    }
}

impl Place<'_> {
    pub fn take(self, newcomer: Newcomer) {
        self.permit.send(newcomer);
        self.bell.ring();
    }
}

impl Drop for Fan {
    fn drop(&mut self) {
        if let Some(Some(Started { newcomers, bell })) = self.started.take() {
            drop(newcomers);
            bell.ring();
        }
    }
}

fn start() -> Option<Started> {
    let open = || -> io::Result<Started> {
        let poll = Poll::new()?;
        let bell = Arc::new(Bell(Waker::new(poll.registry(), Bell::TOKEN)?));
        let (newcomers, joining) = mpsc::channel(NEWCOMERS);
        let rounds = Rounds::new(poll, joining, bell.clone());
        thread::Builder::new().name("fan".to_string()).spawn(move || rounds.run())?;
        Ok(Started { newcomers, bell })
    };
    open().inspect_err(|error| tracing::error!(%error, "no thread for spectators; each has a task instead")).ok()
}
