//! Spectators: public pages that note when which state of `live` came. Some of them may never read.

use super::beside::nats::Messages;
use super::frame::{Heard, view_head};
use super::line::{Ear, Mouth, join, socket_of};
use super::receipts::Proved;
use super::stats::{Times, slope};
use super::usage::kernel_bytes_each;
use super::{LoadError, hall::Council, nodes::Nodes};
use crate::node::clock;
use crate::wire::frames::Page;
use futures_util::{StreamExt, TryStreamExt, stream};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::task::JoinHandle;

pub const JOINING_AT_ONCE: usize = 64;

pub struct Crowd {
    readers: Vec<(Arc<Seen>, JoinHandle<()>)>,
    /// Open, joined, never read again.
    stuck: Vec<(Ear, Arc<Mouth>)>,
    clock: Arc<Clock>,
}

/// One spectator's notes.
#[derive(Debug)]
struct Seen {
    /// Each node shows spectators its own changes at its own pace.
    node: usize,
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

/// When each state came to be, in microseconds since 1970: by council and by the number it is shown with.
#[derive(Debug, Default)]
pub struct Moments(BTreeMap<usize, BTreeMap<u64, u64>>);

impl Moments {
    pub fn note(&mut self, council: usize, number: u64, at: u64) {
        self.0.entry(council).or_default().insert(number, at);
    }

    /// A state is shown with the size of the record it was made from; the newest entry carries the stamp.
    pub fn of_votes(votes: &[(usize, Proved)]) -> Self {
        let mut moments = Self::default();
        votes.iter().for_each(|(council, vote)| moments.note(*council, vote.seq + 1, vote.stamp * 1_000));
        moments
    }

    fn of(&self, council: usize, number: u64) -> Option<u64> {
        self.0.get(&council)?.get(&number).copied()
    }

    fn newest(&self, council: usize) -> Option<u64> {
        self.0.get(&council)?.last_key_value().map(|(number, _)| *number)
    }
}

/// What the spectators saw of the votes of one stretch.
pub struct Watched {
    /// From the stamp of the newest entry in a state to its arrival.
    pub delays: Times,
    /// The same, of each state only its first arrival at any spectator of a node: the commit and the server's pace, without the crowd.
    pub first: Times,
    /// From a state's first arrival to its arrival at each, of one node's spectators.
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
    /// By how many milliseconds the way to the screens grows in a second: a backlog that grows shows here.
    pub growth: Option<f64>,
}

impl Crowd {
    pub fn new() -> Self {
        let clock = Arc::new(Clock { begun: Instant::now(), at: clock::Clock::start().now().0 * 1_000 });
        Self { readers: Vec::new(), stuck: Vec::new(), clock }
    }

    /// Opens `spectators` public pages, spread over nodes and councils; `stuck` of them never read.
    pub async fn gather(nodes: &Nodes, councils: &[Council], spectators: u32, stuck: u32) -> Result<Self, LoadError> {
        let narrow = &nodes.doors().turn(0).for_the_stuck();
        let opening = (0..spectators as usize).map(async |n| {
            let is_stuck = n < stuck as usize;
            let council = n % councils.len().max(1);
            // Every node has spectators of every council.
            let node = n / councils.len().max(1) % nodes.count();
            let door = if is_stuck { narrow } else { nodes.doors().turn(node) };
            let id = councils.get(council).ok_or(LoadError::Broken("no council"))?.id.as_str();
            let (ear, mouth) = join(door, &socket_of(id), Page::Public, None, &mut |_| {}).await?;
            Ok::<_, LoadError>((is_stuck, (node, council), ear, mouth))
        });
        let mut crowd = Self::new();
        let mut opening = stream::iter(opening).buffer_unordered(JOINING_AT_ONCE);
        while let Some((is_stuck, place, ear, mouth)) = opening.try_next().await? {
            if is_stuck {
                crowd.leave_unread(ear, mouth);
            } else {
                crowd.read(place, ear, mouth);
            }
        }
        drop(opening);
        Ok(crowd)
    }

    /// One who never reads.
    pub fn leave_unread(&mut self, ear: Ear, mouth: Arc<Mouth>) {
        self.stuck.push((ear, mouth));
    }

    /// Microseconds since 1970, by the clock of all notes.
    pub fn now(&self) -> u64 {
        self.clock.now()
    }

    /// One who watches that council at that node.
    pub fn read(&mut self, (node, council): (usize, usize), mut ear: Ear, mouth: Arc<Mouth>) {
        let seen = Arc::new(Seen {
            node,
            council,
            frames: AtomicU64::new(0),
            bytes: AtomicU64::new(0),
            live: Mutex::default(),
            lost: AtomicBool::new(false),
        });
        let (noting, clock) = (seen.clone(), self.clock.clone());
        let reading = tokio::spawn(async move {
            let view = |topic: &str, size: u64, bytes: u64| {
                noting.frames.fetch_add(1, Ordering::Relaxed);
                noting.bytes.fetch_add(bytes, Ordering::Relaxed);
                if topic == "live" {
                    noting.live.lock().unwrap_or_else(PoisonError::into_inner).push((size, clock.now()));
                }
            };
            let mut messages = Messages::default();
            let mut note = |frame: Heard<'_>| match frame {
                Heard::View { topic, size, bytes } => view(topic, size, bytes),
                Heard::Bytes(bytes) => messages.feed(bytes, &mut |payload| {
                    if let Some((topic, size)) = view_head(payload) {
                        view(topic, size, payload.len() as u64);
                    }
                }),
                _ => {}
            };
            while ear.hear(&mouth, &mut note).await.is_ok() {}
            noting.lost.store(true, Ordering::Relaxed);
        });
        self.readers.push((seen, reading));
    }

    pub fn healthy(&self) -> usize {
        self.readers.len()
    }

    /// Size of the record at the newest state that the first of them has seen since [`Self::begin`].
    pub fn newest_size(&self) -> u64 {
        let newest =
            |seen: &Seen| seen.live.lock().unwrap_or_else(PoisonError::into_inner).last().map(|(size, _)| *size);
        self.readers.first().and_then(|(seen, _)| newest(seen)).unwrap_or(0)
    }

    /// Healthy ones whose connection has ended.
    pub fn lost(&self) -> usize {
        self.readers.iter().filter(|(seen, _)| seen.lost.load(Ordering::Relaxed)).count()
    }

    /// What the kernel holds on the server's side for one stuck spectator.
    pub fn held_bytes(&self, server_port: u16) -> Option<f64> {
        let ports: Vec<u16> = self.stuck.iter().filter_map(|(ear, _)| ear.port()).collect();
        kernel_bytes_each(server_port, &ports)
    }

    /// Forgets what was seen so far.
    pub fn begin(&self) {
        for (seen, _) in &self.readers {
            seen.frames.store(0, Ordering::Relaxed);
            seen.bytes.store(0, Ordering::Relaxed);
            seen.live.lock().unwrap_or_else(PoisonError::into_inner).clear();
        }
    }

    /// Waits until everybody healthy has seen every council's newest state, at most `limit`. True when they have.
    pub async fn caught_up(&self, moments: &Moments, limit: Duration) -> bool {
        let until = Instant::now() + limit;
        let behind = |(seen, _): &(Arc<Seen>, JoinHandle<()>)| {
            let live = seen.live.lock().unwrap_or_else(PoisonError::into_inner);
            let shown = live.last().map_or(0, |(size, _)| *size);
            !seen.lost.load(Ordering::Relaxed) && moments.newest(seen.council).is_some_and(|size| shown < size)
        };
        while self.readers.iter().any(behind) {
            if Instant::now() >= until {
                return false;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        true
    }

    /// What was seen of these states since [`Self::begin`].
    pub fn watched(&self, moments: &Moments) -> Watched {
        let (mut delays, mut earliest, mut spread) = (Times::new(), Times::new(), Times::new());
        let mut first: BTreeMap<(usize, usize, u64), u64> = BTreeMap::new();
        let mut arrivals = Vec::new();
        let (mut deliveries, mut bytes, mut lost) = (0, 0, 0);
        for (seen, _) in &self.readers {
            deliveries += seen.frames.load(Ordering::Relaxed);
            bytes += seen.bytes.load(Ordering::Relaxed);
            lost += u64::from(seen.lost.load(Ordering::Relaxed));
            for (size, at) in std::mem::take(&mut *seen.live.lock().unwrap_or_else(PoisonError::into_inner)) {
                // States of before, and of the opening and the closing around votes, are not among them.
                let Some(stamp) = moments.of(seen.council, size) else { continue };
                delays.record(Duration::from_micros(at.saturating_sub(stamp)));
                let state = (seen.node, seen.council, size);
                first.entry(state).and_modify(|first| *first = (*first).min(at)).or_insert(at);
                arrivals.push((state, at, stamp));
            }
        }
        for (state, at, _) in &arrivals {
            spread.record(Duration::from_micros(at.saturating_sub(first[state])));
        }
        for ((_, council, size), at) in &first {
            let stamp = moments.of(*council, *size).unwrap_or(*at);
            earliest.record(Duration::from_micros(at.saturating_sub(stamp)));
        }
        let mut watching: BTreeMap<(usize, usize), u64> = BTreeMap::new();
        self.readers.iter().for_each(|(seen, _)| *watching.entry((seen.node, seen.council)).or_default() += 1);
        let of_each = first.keys().map(|(node, council, _)| watching.get(&(*node, *council)).copied().unwrap_or(0));
        let possible: u64 = of_each.sum();
        let superseded = (possible > 0).then(|| 1.0 - arrivals.len() as f64 / possible as f64);
        let shown: BTreeSet<(usize, u64)> = first.keys().map(|(_, council, size)| (*council, *size)).collect();
        let begun = arrivals.iter().map(|(.., stamp)| *stamp).min().unwrap_or(0);
        let growth = slope(
            arrivals
                .iter()
                .map(|(_, at, stamp)| ((stamp - begun) as f64 / 1e6, at.saturating_sub(*stamp) as f64 / 1e3)),
        );
        let shown = shown.len() as u64;
        Watched { delays, first: earliest, spread, deliveries, bytes, shown, superseded, lost, growth }
    }
}

impl Drop for Crowd {
    fn drop(&mut self) {
        self.readers.iter().for_each(|(_, reading)| reading.abort());
    }
}
