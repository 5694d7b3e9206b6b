//! How often. Pure: told the time, never asking for it.

use std::time::{Duration, Instant};

/// A token bucket kept as one time (the generic cell rate algorithm): when the bucket will be full again.
#[derive(Debug, Clone, Copy)]
pub struct TokenBucket {
    /// Time in which one token comes back.
    interval: Duration,
    /// How far ahead of now `full_at` may run: interval × burst.
    depth: Duration,
    full_at: Instant,
}

impl TokenBucket {
    /// `burst` tokens at once, and one more every `interval`. Full at the start.
    pub fn new(burst: u32, interval: Duration, now: Instant) -> Self {
        Self { interval, depth: interval.saturating_mul(burst), full_at: now }
    }

    /// Takes one token; when there is none, says how long until there is.
    pub fn take(&mut self, now: Instant) -> Result<(), Duration> {
        let after = self.full_at.max(now) + self.interval;
        let ahead = after.saturating_duration_since(now);
        if ahead > self.depth {
            return Err(ahead - self.depth);
        }
        self.full_at = after;
        Ok(())
    }

    /// Puts back a token that was taken.
    pub fn put_back(&mut self) {
        if let Some(earlier) = self.full_at.checked_sub(self.interval) {
            self.full_at = earlier;
        }
    }

    /// A full bucket remembers nothing.
    pub fn is_full(&self, now: Instant) -> bool {
        self.full_at <= now
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_let_through_and_then_the_rate_holds() {
        let start = Instant::now();
        let mut bucket = TokenBucket::new(40, Duration::from_millis(50), start);
        assert_eq!((0..50).filter(|_| bucket.take(start).is_ok()).count(), 40);
        let later = start + Duration::from_secs(1);
        assert_eq!((0..50).filter(|_| bucket.take(later).is_ok()).count(), 20);
    }

    #[test]
    fn a_clock_that_steps_back_gives_nothing() {
        let start = Instant::now() + Duration::from_secs(10);
        let mut bucket = TokenBucket::new(1, Duration::from_secs(1), start);
        assert!(bucket.take(start).is_ok());
        assert!(bucket.take(start - Duration::from_secs(5)).is_err());
    }
}
