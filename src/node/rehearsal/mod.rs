//! A rehearsal: a council of its own beside a council, with its rules, people, devices and agenda, over a store in memory and
//! under a key of its own. What is done in it is in no record; it is gone when it ends.

mod seed;

use super::handle::Grounds;
use super::secret::InstanceSecret;
use super::{Council, Platform};
use crate::chamber::ids::{CouncilId, MAX_ID_LEN, PersonId};
use crate::chamber::limits::ORIGIN_BYTES;
use crate::chamber::roll::Office;
use crate::hub::admission::Denial;
use crate::hub::close::Close;
use crate::ports::Store;
use crate::store::sqlite::SqliteStore;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinHandle;

const ID_ENDING: &str = ".rehearsal";
const ORIGIN_ENDING: &str = "/rehearsal";
/// Longest id of a council, so that its rehearsal has one as well.
pub const LONGEST_ID: usize = MAX_ID_LEN - ID_ENDING.len();
/// A day's work. One that was forgotten does not stand beside the next day's sitting.
const LONGEST: Duration = Duration::from_secs(12 * 60 * 60);

/// Who may begin and end one: whoever prepares or presides.
const OFFICES: [Office; 4] = [Office::Chair, Office::Deputy, Office::Secretary, Office::Administrator];

/// Whether a council of this name can have rehearsals, and is not taken for one.
pub fn has_room(id: &CouncilId, origin: &str) -> bool {
    let is_none = !id.as_str().ends_with(ID_ENDING) && !origin.ends_with(ORIGIN_ENDING);
    is_none && id.as_str().len() <= LONGEST_ID && origin.len() + ORIGIN_ENDING.len() <= ORIGIN_BYTES
}

/// The rehearsals that run, at most one for each council.
#[derive(Default)]
pub struct Rehearsals {
    running: Mutex<BTreeMap<CouncilId, Running>>,
    /// One begins or ends at a time.
    turn: tokio::sync::Mutex<()>,
}

struct Running {
    council: Arc<Council>,
    store: Arc<dyn Store>,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Rehearsals {
    /// By the rehearsal's own id.
    pub fn find(&self, id: &CouncilId) -> Option<Arc<Council>> {
        self.lock().get(id).map(|running| running.council.clone())
    }

    /// Ends all of them with the process.
    pub async fn stop(&self) {
        let _turn = self.turn.lock().await;
        let running = std::mem::take(&mut *self.lock());
        for rehearsal in running.into_values() {
            rehearsal.end(Close::Stopping).await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<CouncilId, Running>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Running {
    async fn end(self, close: Close) {
        self.stop.send_replace(true);
        if let Err(error) = self.task.await {
            tracing::error!(council = %self.council.id, %error, "the rehearsal's task broke down");
        }
        self.council.send_away(close);
        self.store.close().await;
    }
}

impl Platform {
    /// Begins a rehearsal of the council, or tells the one that runs. Runs to its end even when the asker goes away half-way.
    pub async fn start_rehearsal(self: &Arc<Self>, council: &Council, by: PersonId) -> Result<CouncilId, Denial> {
        if council.rehearsal_of.is_some() {
            return Err(Denial::NotAllowed);
        }
        may_rehearse(council, &by).await?;
        // It would be on this node alone, and the tablets that reach another would not find it.
        if self.cluster.is_some() {
            return Err(Denial::SeveralNodes);
        }
        let (platform, id) = (self.clone(), council.id.clone());
        let work = tokio::spawn(async move {
            // Only councils that are served are asked for.
            let council = platform.council(&id).ok_or(Denial::StoreUnavailable)?;
            platform.begin_rehearsal(&council, &by).await
        });
        work.await.unwrap_or(Err(Denial::Busy))
    }

    /// Ends the council's rehearsal, whether it is asked for there or in the rehearsal itself. Without one nothing happens.
    pub async fn end_rehearsal(self: &Arc<Self>, council: &Council, by: PersonId) -> Result<(), Denial> {
        may_rehearse(council, &by).await?;
        let of = council.rehearsal_of.as_ref().unwrap_or(&council.id).clone();
        let platform = self.clone();
        let work = tokio::spawn(async move { platform.finish_rehearsal(&of).await });
        work.await.map_err(|_| Denial::Busy)
    }

    async fn begin_rehearsal(self: &Arc<Self>, council: &Council, by: &PersonId) -> Result<CouncilId, Denial> {
        let _turn = self.rehearsals.turn.lock().await;
        if *self.stop.borrow() {
            return Err(Denial::StoreUnavailable);
        }
        // Councils founded before there were rehearsals may have names that leave no room.
        let id = CouncilId::parse(format!("{}{ID_ENDING}", council.id)).map_err(|_| Denial::NotAllowed)?;
        if self.rehearsals.find(&id).is_some() {
            return Ok(id);
        }
        let origin = format!("{}{ORIGIN_ENDING}", council.room.directory().origin);
        let secret = InstanceSecret::fresh().map_err(|_| Denial::Busy)?;
        let signer = secret.checkpoint_signer(&origin).map_err(|_| Denial::NotAllowed)?;
        let cast = seed::Cast { council: id.clone(), origin, checkpoint_key: signer.public() };
        let events = council.ask(move |sequencer| seed::events(sequencer.durable(), &cast)).await;
        let events = events.flatten().ok_or(Denial::StoreUnavailable)?;
        let batch = seed::batch(events, council.clock.now(), &signer).ok_or(Denial::Busy)?;

        let store: Arc<dyn Store> = Arc::new(SqliteStore::in_memory().await.map_err(|_| Denial::Busy)?);
        let epoch = store.acquire(&id, &self.holder).await.map_err(|_| Denial::Busy)?.epoch;
        store.append(&id, epoch, batch).await.map_err(|_| Denial::Busy)?;
        let stop = watch::Sender::new(false);
        let grounds = Grounds {
            id: id.clone(),
            store: store.clone(),
            secret: Arc::new(secret),
            stop: stop.subscribe(),
            snapshots: None,
            heads: Arc::default(),
            rehearsal_of: Some(council.id.clone()),
        };
        let (rehearsal, task) = Council::start(self, grounds).await.map_err(|failure| {
            tracing::error!(council = %id, code = failure.code(), "the rehearsal cannot begin: {failure}");
            Denial::Busy
        })?;
        self.end_in_time(council.id.clone(), stop.subscribe());
        let running = Running { council: rehearsal, store, stop, task };
        self.rehearsals.lock().insert(id.clone(), running);
        council.beside.send_replace(Some(id.clone()));
        tracing::info!(council = %council.id, person = %by, "a rehearsal has begun");
        Ok(id)
    }

    async fn finish_rehearsal(&self, of: &CouncilId) {
        let _turn = self.rehearsals.turn.lock().await;
        let Ok(id) = CouncilId::parse(format!("{of}{ID_ENDING}")) else { return };
        let Some(running) = self.rehearsals.lock().remove(&id) else { return };
        if let Some(council) = self.council(of) {
            council.beside.send_replace(None);
        }
        running.end(Close::Ended).await;
        tracing::info!(council = %of, "the rehearsal has ended");
    }

    /// Ends a rehearsal that nobody ends.
    fn end_in_time(self: &Arc<Self>, of: CouncilId, mut stopped: watch::Receiver<bool>) {
        let platform = Arc::downgrade(self);
        tokio::spawn(async move {
            // Ended before, also where nobody can tell it to any more.
            let ended = tokio::time::timeout(LONGEST, stopped.wait_for(|stopped| *stopped)).await.is_ok();
            if let (false, Some(platform)) = (ended, platform.upgrade()) {
                platform.finish_rehearsal(&of).await;
            }
        });
    }
}

async fn may_rehearse(council: &Council, by: &PersonId) -> Result<(), Denial> {
    let by = by.clone();
    let may = council.ask(move |sequencer| OFFICES.iter().any(|office| sequencer.durable().holds_office(&by, *office)));
    if may.await.ok_or(Denial::StoreUnavailable)? { Ok(()) } else { Err(Denial::NotAllowed) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_council_leaves_room_for_its_rehearsal() {
        let id = |text: &str| CouncilId::parse(text).unwrap();
        assert!(has_room(&id("hanoi"), "hdnd.example/hanoi"));
        assert!(has_room(&id(&"h".repeat(LONGEST_ID)), &"o".repeat(110)));
        assert!(!has_room(&id(&"h".repeat(LONGEST_ID + 1)), "o"));
        assert!(!has_room(&id("hanoi.rehearsal"), "o"));
        assert!(!has_room(&id("hanoi"), "hdnd.example/hanoi/rehearsal"));
        assert!(!has_room(&id("hanoi"), &"o".repeat(111)));
    }
}
