//! How often an audience is shown figures that turn. Told the time, never asking for it.

use std::time::{Duration, Instant};

/// The first change leaves at once, or after some `patience`; what follows closely waits until the pause is over and then leaves as
/// one. A change may come `slack` early as long as the average holds: what turns at this very rate is then not held back for whole
/// pauses.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    pause: Duration,
    slack: Duration,
    patience: Duration,
    /// Something waits to leave.
    since: Option<Instant>,
    /// When the average allows the next one.
    next: Instant,
}

impl Pace {
    pub fn new(pause: Duration, slack: Duration, now: Instant) -> Self {
        Self { pause, slack, patience: Duration::ZERO, since: None, next: now }
    }

    pub fn with_patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// Something changed that may wait.
    pub fn changed(&mut self, now: Instant) {
        self.since.get_or_insert(now);
    }

    pub fn due_at(&self) -> Instant {
        let average = self.next.checked_sub(self.slack).unwrap_or(self.next);
        self.since.map_or(average, |since| average.max(since + self.patience))
    }

    pub fn is_due(&self, now: Instant) -> bool {
        self.due_at() <= now
    }

    pub fn left(&mut self, now: Instant) {
        self.since = None;
        self.next = self.next.max(now) + self.pause;
        // Openings and closings do not wait, and what follows them is not made to wait for all of them.
        self.next = self.next.min(now + self.pause + self.slack);
    }

    /// The next change does not wait.
    pub fn hurry(&mut self, now: Instant) {
        self.next = self.next.min(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAUSE: Duration = Duration::from_millis(50);
    const SLACK: Duration = Duration::from_millis(25);

    #[test]
    fn the_first_change_leaves_at_once_and_the_next_waits() {
        let start = Instant::now();
        let mut pace = Pace::new(PAUSE, Duration::ZERO, start);
        assert!(pace.is_due(start));
        pace.left(start);
        assert_eq!(pace.due_at(), start + PAUSE);
        let quiet = start + PAUSE * 10;
        pace.left(quiet);
        assert_eq!(pace.due_at(), quiet + PAUSE);
        pace.hurry(quiet);
        assert!(pace.is_due(quiet));
    }

    #[test]
    fn with_patience_the_first_change_waits_for_what_comes_with_it() {
        let start = Instant::now();
        let mut pace = Pace::new(PAUSE, Duration::ZERO, start).with_patience(SLACK);
        pace.changed(start);
        pace.changed(start + SLACK);
        assert_eq!(pace.due_at(), start + SLACK, "counted from the first");
        pace.left(start + SLACK);
        pace.changed(start + SLACK);
        assert_eq!(pace.due_at(), start + SLACK + PAUSE);
        assert!(pace.is_due(start + SLACK + PAUSE));
    }

    #[test]
    fn a_steady_stream_at_the_same_rate_is_not_held_back() {
        let start = Instant::now();
        let mut pace = Pace::new(PAUSE, SLACK, start);
        for n in 0..100u32 {
            let early = Duration::from_millis(u64::from(n * 7 % 20));
            let at = start + PAUSE * (n + 1) - early;
            assert!(pace.is_due(at), "{n}");
            pace.left(at);
        }
    }

    #[test]
    fn a_flood_is_held_to_the_average() {
        let start = Instant::now();
        let mut pace = Pace::new(PAUSE, SLACK, start);
        let mut left = 0;
        for millisecond in 0..1_000 {
            let at = start + Duration::from_millis(millisecond);
            if pace.is_due(at) {
                pace.left(at);
                left += 1;
            }
        }
        assert!((20..=21).contains(&left), "{left}");
    }

    #[test]
    fn many_that_did_not_wait_do_not_make_the_next_wait_for_all() {
        let start = Instant::now();
        let mut pace = Pace::new(PAUSE, SLACK, start);
        (0..10).for_each(|_| pace.left(start));
        assert_eq!(pace.due_at(), start + PAUSE);
    }
}
