//! Spectators: public pages that note when which state of `live` came. Some of them may never read.

use super::frame::Heard;
use super::line::{Door, Ear, Mouth, join};
use super::receipts::Proved;
use super::stats::Times;
use super::usage::unsent_bytes;
use super::{LoadError, hall::Council};
use crate::node::clock;
use crate::wire::frames::Page;
use futures_util::{StreamExt, TryStreamExt, stream};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::task::JoinHandle;

const JOINING_AT_ONCE: usize = 64;

pub struct Crowd {
    readers: Vec<(Arc<Seen>, JoinHandle<()>)>,
    /// Open, joined, never read again.
    stuck: Vec<(Ear, Arc<Mouth>)>,
    clock: Arc<Clock>,
}

/// One spectator's notes.
#[derive(Debug)]
struct Seen {
    council: usize,
    /// Frames of every topic.
    frames: AtomicU64,
    bytes: AtomicU64,
    /// Of `live`: size of the record shown, and when it came.
    live: Mutex<Vec<(u64, u64)>>,
    lost: AtomicBool,
}

/// The server's clock and ours are one, to the millisecond: both run on this machine and read it the same way.
#[derive(Debug)]
struct Clock {
    begun: Instant,
    /// Microseconds since 1970 at `begun`.
    at: u64,
}

impl Clock {
    fn now(&self) -> u64 {
        self.at + u64::try_from(self.begun.elapsed().as_micros()).unwrap_or(u64::MAX)
    }
}

/// What the spectators saw of the votes of one stretch.
pub struct Watched {
    /// From the stamp of the newest entry in a state to its arrival.
    pub delays: Times,
    /// The same, of each state only its first arrival anywhere: the commit and the server's pace, without the crowd.
    pub first: Times,
    /// From a state's first arrival anywhere to its arrival at each.
    pub spread: Times,
    /// Frames of all topics.
    pub deliveries: u64,
    pub bytes: u64,
    /// States of `live` that any spectator was shown, over all councils.
    pub shown: u64,
    /// Share of (state, healthy spectator) pairs that was skipped for a newer state.
    pub superseded: Option<f64>,
    /// Spectators whose connection has ended.
    pub lost: u64,
}

impl Crowd {
    /// Opens `spectators` public pages, spread over the councils; `stuck` of them never read.
    pub async fn gather(door: &Door, councils: &[Council], spectators: u32, stuck: u32) -> Result<Self, LoadError> {
        let clock = Arc::new(Clock { begun: Instant::now(), at: clock::Clock::start().now().0 * 1_000 });
        let narrow = &door.for_the_stuck();
        let opening = (0..spectators as usize).map(async |n| {
            let is_stuck = n < stuck as usize;
            let door = if is_stuck { narrow } else { door };
            let council = n % councils.len().max(1);
            let id = councils.get(council).ok_or(LoadError::Broken("no council"))?.id.as_str();
            let (ear, mouth) = join(door, id, Page::Public, None, &mut |_| {}).await?;
            Ok::<_, LoadError>((is_stuck, council, ear, mouth))
        });
        let mut crowd = Self { readers: Vec::new(), stuck: Vec::new(), clock };
        let mut opening = stream::iter(opening).buffer_unordered(JOINING_AT_ONCE);
        while let Some((is_stuck, council, ear, mouth)) = opening.try_next().await? {
            if is_stuck {
                crowd.stuck.push((ear, mouth));
            } else {
                crowd.read(council, ear, mouth);
            }
        }
        drop(opening);
        Ok(crowd)
    }

    fn read(&mut self, council: usize, mut ear: Ear, mouth: Arc<Mouth>) {
        let seen = Arc::new(Seen {
            council,
            frames: AtomicU64::new(0),
            bytes: AtomicU64::new(0),
            live: Mutex::default(),
            lost: AtomicBool::new(false),
        });
        let (noting, clock) = (seen.clone(), self.clock.clone());
        let reading = tokio::spawn(async move {
            let mut note = |frame: Heard<'_>| {
                if let Heard::View { topic, size, bytes } = frame {
                    noting.frames.fetch_add(1, Ordering::Relaxed);
                    noting.bytes.fetch_add(bytes, Ordering::Relaxed);
                    if topic == "live" {
                        noting.live.lock().unwrap_or_else(PoisonError::into_inner).push((size, clock.now()));
                    }
                }
            };
            while ear.hear(&mouth, &mut note).await.is_ok() {}
            noting.lost.store(true, Ordering::Relaxed);
        });
        self.readers.push((seen, reading));
    }

    pub fn healthy(&self) -> usize {
        self.readers.len()
    }

    /// Bytes that wait unread in the kernel on the server's side, for one stuck spectator.
    pub fn unread_bytes(&self, server_port: u16) -> Option<f64> {
        let ports: Vec<u16> = self.stuck.iter().filter_map(|(ear, _)| ear.port()).collect();
        Some(unsent_bytes(server_port, &ports)? as f64 / ports.len().max(1) as f64)
    }

    /// Forgets what was seen so far.
    pub fn begin(&self) {
        for (seen, _) in &self.readers {
            seen.frames.store(0, Ordering::Relaxed);
            seen.bytes.store(0, Ordering::Relaxed);
            seen.live.lock().unwrap_or_else(PoisonError::into_inner).clear();
        }
    }

    /// Waits until everybody healthy has seen every council's newest vote, at most `limit`.
    pub async fn caught_up(&self, proved: &[(usize, Proved)], limit: Duration) {
        let mut newest: BTreeMap<usize, u64> = BTreeMap::new();
        for (council, vote) in proved {
            let size = newest.entry(*council).or_default();
            *size = (*size).max(vote.seq + 1);
        }
        let until = Instant::now() + limit;
        let behind = |(seen, _): &(Arc<Seen>, JoinHandle<()>)| {
            let live = seen.live.lock().unwrap_or_else(PoisonError::into_inner);
            let shown = live.last().map_or(0, |(size, _)| *size);
            !seen.lost.load(Ordering::Relaxed) && newest.get(&seen.council).is_some_and(|size| shown < *size)
        };
        while Instant::now() < until && self.readers.iter().any(behind) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// What was seen of these votes since [`Self::begin`].
    pub fn watched(&self, proved: &[(usize, Proved)]) -> Watched {
        let mut stamps: BTreeMap<usize, BTreeMap<u64, u64>> = BTreeMap::new();
        for (council, vote) in proved {
            stamps.entry(*council).or_default().insert(vote.seq + 1, vote.stamp);
        }
        let (mut delays, mut earliest, mut spread) = (Times::new(), Times::new(), Times::new());
        let mut first: BTreeMap<(usize, u64), u64> = BTreeMap::new();
        let mut arrivals = Vec::new();
        let (mut deliveries, mut bytes, mut lost) = (0, 0, 0);
        for (seen, _) in &self.readers {
            deliveries += seen.frames.load(Ordering::Relaxed);
            bytes += seen.bytes.load(Ordering::Relaxed);
            lost += u64::from(seen.lost.load(Ordering::Relaxed));
            for (size, at) in std::mem::take(&mut *seen.live.lock().unwrap_or_else(PoisonError::into_inner)) {
                let newest = stamps.get(&seen.council).and_then(|stamps| stamps.range(..=size).next_back());
                // States of before the votes, and of the opening and the closing around them, are not votes'.
                let Some((_, stamp)) = newest.filter(|(voted, _)| **voted == size) else { continue };
                delays.record(Duration::from_micros(at.saturating_sub(stamp * 1_000)));
                first.entry((seen.council, size)).and_modify(|first| *first = (*first).min(at)).or_insert(at);
                arrivals.push((seen.council, size, at));
            }
        }
        for (council, size, at) in &arrivals {
            spread.record(Duration::from_micros(at.saturating_sub(first[&(*council, *size)])));
        }
        for ((council, size), at) in &first {
            let stamp = stamps.get(council).and_then(|stamps| stamps.get(size)).copied().unwrap_or(0);
            earliest.record(Duration::from_micros(at.saturating_sub(stamp * 1_000)));
        }
        let shown: BTreeSet<(usize, u64)> = first.keys().copied().collect();
        let mut watching: BTreeMap<usize, u64> = BTreeMap::new();
        self.readers.iter().for_each(|(seen, _)| *watching.entry(seen.council).or_default() += 1);
        let possible: u64 = shown.iter().map(|(council, _)| watching.get(council).copied().unwrap_or(0)).sum();
        let superseded = (possible > 0).then(|| 1.0 - arrivals.len() as f64 / possible as f64);
        Watched { delays, first: earliest, spread, deliveries, bytes, shown: shown.len() as u64, superseded, lost }
    }
}

impl Drop for Crowd {
    fn drop(&mut self) {
        self.readers.iter().for_each(|(_, reading)| reading.abort());
    }
}
