//! As `node/clock`: the machine's time is read once, at the start, and counted on evenly.

use crate::chamber::ids::Millis;

pub struct Clock {
    started: u64,
    wall: Millis,
    ahead_ms: u64,
}

impl Clock {
    pub fn start(now: u64, wall: Millis) -> Self {
        Self { started: now, wall, ahead_ms: 0 }
    }

    /// The council's time at this moment of the world's.
    pub fn at(&self, now: u64) -> Millis {
        self.wall.plus(now.saturating_sub(self.started) + self.ahead_ms)
    }

    /// The record's newest entry has this time.
    pub fn not_before(&mut self, now: u64, newest: Millis) {
        self.ahead_ms += newest.since(self.at(now));
    }

    /// The world's moment at which it will be `at`.
    pub fn instant(&self, at: Millis) -> u64 {
        self.started + at.since(self.wall.plus(self.ahead_ms))
    }
}
