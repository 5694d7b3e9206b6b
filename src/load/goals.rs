//! What is to be reached (docs/performance.md), on two cores shared by server and generator.

use std::fmt;

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Goal {
    AtLeast(f64, &'static str),
    AtMost(f64, &'static str),
}

impl Goal {
    pub fn met_by(self, value: f64) -> bool {
        match self {
            Self::AtLeast(least, _) => value >= least,
            Self::AtMost(most, _) => value <= most,
        }
    }
}

impl fmt::Display for Goal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sign, bound, unit) = match self {
            Self::AtLeast(least, unit) => ('≥', least, unit),
            Self::AtMost(most, unit) => ('≤', most, unit),
        };
        write!(f, "{sign} {bound}{}{unit}", if unit.is_empty() { "" } else { " " })
    }
}

/// Votes per CPU-second of server and database, as a share of what one CPU-second can check.
pub const VERIFY_SHARE: Goal = Goal::AtLeast(0.5, "");
pub const GROUP_COMMIT: Goal = Goal::AtLeast(8.0, "");
/// For [`BURST_VOTES`] votes.
pub const BURST_MS: Goal = Goal::AtMost(40.0, "ms");
pub const BURST_VOTES: usize = 577;
/// For [`SPREAD_VOTES`] delegates who press within [`SPREAD_WITHIN_MS`].
pub const SPREAD_P99_MS: Goal = Goal::AtMost(25.0, "ms");
pub const SPREAD_VOTES: usize = 500;
pub const SPREAD_WITHIN_MS: u64 = 1_000;
pub const SPREAD_OVER_SINGLE: Goal = Goal::AtMost(10.0, "");
/// At [`CROWD`] spectators and [`CROWD_RATE`] changes a second.
pub const FAN_OUT_P99_MS: Goal = Goal::AtMost(100.0, "ms");
pub const CROWD: usize = 10_000;
pub const CROWD_RATE: f64 = 20.0;
/// With half of [`STUCK_CROWD`] readers stuck.
pub const HEALTHY_P99_MS: Goal = Goal::AtMost(5.0, "ms");
pub const STUCK_CROWD: usize = 500;
pub const STUCK_KERNEL_MB: Goal = Goal::AtMost(0.2, "MB");
pub const IDLE_KIB: Goal = Goal::AtMost(6.0, "KiB");
/// [`PROVINCE_VOTES`] votes with [`PROVINCE_CROWD`] spectators.
pub const PROVINCE_P99_MS: Goal = Goal::AtMost(100.0, "ms");
pub const PROVINCE_VOTES: usize = 169 * 30;
pub const PROVINCE_CROWD: usize = 5_000;
pub const NONE: Goal = Goal::AtMost(0.0, "");
/// For [`CROWD`] clients.
pub const STORM_MS: Goal = Goal::AtMost(10_000.0, "ms");
