//! What time the server has, told from pings. Countdowns and reports use it; the server alone decides what is late.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

#[derive(Debug)]
pub(super) struct ServerClock {
    zero: Instant,
    best: Mutex<Option<Sample>>,
}

#[derive(Debug, Clone, Copy)]
struct Sample {
    /// Half the round trip: how wrong the offset may be, in milliseconds.
    error: f64,
    /// Server time minus our own, in milliseconds.
    offset: f64,
    taken: Instant,
}

/// A sample this old gives way to any newer one: two clocks drift apart by some 50 ppm, 15 ms in this time.
const STALE: Duration = Duration::from_secs(300);

/// How wrong the challenge's time may be: it was on its way for an unknown time.
const COARSE: f64 = 10_000.0;

impl ServerClock {
    pub fn new() -> Self {
        Self { zero: Instant::now(), best: Mutex::new(None) }
    }

    /// Our own clock in milliseconds: goes forward only, and starts anywhere.
    pub fn own(&self) -> f64 {
        self.zero.elapsed().as_secs_f64() * 1000.0
    }

    /// From the challenge, before any ping came back.
    pub fn coarse(&self, server_time: u64) {
        self.offer(COARSE, server_time as f64 - self.own());
    }

    /// From a pong: `at` is what the ping carried.
    pub fn pong(&self, at: f64, server_time: u64) {
        let now = self.own();
        if at <= now && at >= 0.0 {
            self.offer((now - at) / 2.0, server_time as f64 - (at + now) / 2.0);
        }
    }

    /// The server's time in milliseconds since 1970, once it is known.
    pub fn server_now(&self) -> Option<u64> {
        let best = *self.best.lock().unwrap_or_else(PoisonError::into_inner);
        best.map(|sample| (self.own() + sample.offset).max(0.0) as u64)
    }

    fn offer(&self, error: f64, offset: f64) {
        let mut best = self.best.lock().unwrap_or_else(PoisonError::into_inner);
        if best.is_none_or(|old| error <= old.error || old.taken.elapsed() > STALE) {
            *best = Some(Sample { error, offset, taken: Instant::now() });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fastest_ping_decides() {
        let clock = ServerClock::new();
        assert_eq!(clock.server_now(), None);
        clock.coarse(5_000_000);
        let coarse = clock.server_now().unwrap();
        assert!(coarse >= 5_000_000, "{coarse}");
        clock.pong(clock.own(), 9_000_000);
        let fine = clock.server_now().unwrap();
        assert!(fine >= 9_000_000, "{fine}");
        clock.coarse(1);
        assert!(clock.server_now().unwrap() >= fine, "a worse sample changes nothing");
        clock.pong(1e12, 1);
        assert!(clock.server_now().unwrap() >= fine, "a pong from the future is no sample");
    }
}
