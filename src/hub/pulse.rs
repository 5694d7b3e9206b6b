//! How one connection is: when something was last heard of it, and how long a round trip takes. Written by its reader, looked at
//! by the room.

use crate::chamber::ids::Millis;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// No ping was answered yet.
const UNKNOWN: u32 = u32::MAX;
/// A change the console is renewed for: smaller ones are the network's breathing, and with 500 tablets somebody's changes always.
const NOTABLE_MS: u32 = 20;

#[derive(Debug)]
pub struct Pulse {
    begun: Instant,
    heard_at: AtomicU64,
    round_trip_ms: AtomicU32,
}

impl Pulse {
    pub fn new(heard_at: Millis) -> Self {
        let round_trip_ms = AtomicU32::new(UNKNOWN);
        Self { begun: Instant::now(), heard_at: AtomicU64::new(heard_at.0), round_trip_ms }
    }

    pub fn heard(&self, at: Millis) {
        self.heard_at.store(at.0, Ordering::Relaxed);
    }

    pub fn last_heard(&self) -> Millis {
        Millis(self.heard_at.load(Ordering::Relaxed))
    }

    /// What a ping carries; its pong brings it back.
    pub fn stamp(&self) -> [u8; 8] {
        self.elapsed().to_be_bytes()
    }

    /// A pong has come. True when it tells something that was not known. A peer that makes up a stamp only makes up its own delay.
    pub fn pong(&self, stamp: &[u8]) -> bool {
        let Ok(sent) = <[u8; 8]>::try_from(stamp) else { return false };
        let Some(micros) = self.elapsed().checked_sub(u64::from_be_bytes(sent)) else { return false };
        let now = u32::try_from(micros / 1_000).unwrap_or(UNKNOWN - 1);
        let before = self.round_trip_ms.swap(now, Ordering::Relaxed);
        before == UNKNOWN || now.abs_diff(before) >= NOTABLE_MS.max(before / 2)
    }

    /// Half of the last round trip, in milliseconds.
    pub fn delay_ms(&self) -> Option<u32> {
        let round_trip = self.round_trip_ms.load(Ordering::Relaxed);
        (round_trip != UNKNOWN).then_some(round_trip / 2)
    }

    /// How long the connection has stood.
    pub fn age(&self) -> Duration {
        self.begun.elapsed()
    }

    fn elapsed(&self) -> u64 {
        u64::try_from(self.begun.elapsed().as_micros()).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pong_tells_the_round_trip_once_it_is_news() {
        let pulse = Pulse::new(Millis(7));
        assert_eq!((pulse.delay_ms(), pulse.last_heard()), (None, Millis(7)));
        let stamp = pulse.stamp();
        assert!(pulse.pong(&stamp), "the first is news");
        assert!(pulse.delay_ms().is_some_and(|delay| delay < 10_000));
        assert!(!pulse.pong(&pulse.stamp()), "the same again is not");
    }

    #[test]
    fn what_is_no_stamp_tells_nothing() {
        let pulse = Pulse::new(Millis(0));
        for stamp in [&b""[..], b"short", &[0xff; 8], &[0; 9]] {
            assert!(!pulse.pong(stamp));
        }
        assert_eq!(pulse.delay_ms(), None);
    }
}
