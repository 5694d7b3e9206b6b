//! The only clock. It reads the machine's time once and then counts evenly, so that a clock set forward or back during a sitting
//! moves no countdown.

use crate::chamber::ids::Millis;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

#[derive(Debug, Clone, Copy)]
pub struct Clock {
    started: Instant,
    epoch: Duration,
}

impl Clock {
    #[allow(clippy::disallowed_methods)] // Here and nowhere else.
    pub fn start() -> Self {
        // A machine whose clock stands before 1970 gets 1970; the record's own time never falls in any case.
        let epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self { started: Instant::now(), epoch }
    }

    pub fn now(&self) -> Millis {
        let elapsed = self.epoch + self.started.elapsed();
        Millis(u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX))
    }
}

/// One council's time. It never stands before the council's record: after a restart on a machine whose clock was set back, the
/// council goes on from its newest entry, on every screen alike.
#[derive(Debug, Clone)]
pub struct CouncilClock {
    clock: Clock,
    ahead_ms: Arc<AtomicU64>,
}

impl CouncilClock {
    pub fn new(clock: Clock) -> Self {
        Self { clock, ahead_ms: Arc::default() }
    }

    pub fn now(&self) -> Millis {
        self.clock.now().plus(self.ahead_ms.load(Ordering::Relaxed))
    }

    /// The record's newest entry has this time.
    pub fn not_before(&self, newest: Millis) {
        let behind = newest.since(self.now());
        self.ahead_ms.fetch_add(behind, Ordering::Relaxed);
    }

    /// When it will be `at`.
    pub fn instant(&self, at: Millis) -> Instant {
        Instant::now() + Duration::from_millis(at.since(self.now()))
    }
}
