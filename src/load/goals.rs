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
/// Deliveries per CPU-second as a share of the floor's, from [`FLOOR_CROWD`] spectators on. The next step is 0.95.
pub const OVER_FLOOR: Goal = Goal::AtLeast(0.85, "");
pub const FLOOR_CROWD: usize = 2_000;
/// At [`FLOOR_TAIL_CROWD`] spectators and [`CROWD_RATE`] changes a second.
pub const FLOOR_P99: Goal = Goal::AtMost(1.25, "");
pub const FLOOR_TAIL_CROWD: usize = 5_000;
/// At [`CROWD`] spectators and [`CROWD_RATE`] changes a second.
pub const FAN_OUT_P99_MS: Goal = Goal::AtMost(100.0, "ms");
/// The same. A backlog grows by hundreds; without one the votes' own rate still drifts against the pause between states, by its
/// 50 ms in a round of a few seconds.
pub const GROWTH: Goal = Goal::AtMost(20.0, "ms/s");
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
/// With a record of a million entries.
pub const SERVING_AGAIN_S: Goal = Goal::AtMost(1.0, "s");

const VOTES: &str = "`dienhong load votes`";
const FAN_OUT: &str = "`dienhong load fan-out`";
const LARGE: &str = "`dienhong load fan-out --spectators 10000`";
const STUCK: &str = "`dienhong load fan-out --spectators 500 --stuck 250`";
const PROVINCE: &str = "`dienhong load province`";
const STORM: &str = "`dienhong load storm --clients 10000`";
/// It needs a record that long, not a load.
const START: &str = "docs/performance.md, \"Start\"";

/// The goals' table: name, unit, goal, and what measures it.
pub const TABLE: [(&str, &str, Goal, &str); 17] = [
    ("votes_share_of_verify", "", VERIFY_SHARE, VOTES),
    ("group_commit_over_single", "", GROUP_COMMIT, VOTES),
    ("burst_all_receipts_ms", "ms", BURST_MS, VOTES),
    ("spread_p99_ms", "ms", SPREAD_P99_MS, VOTES),
    ("spread_p99_over_alone_p99", "", SPREAD_OVER_SINGLE, VOTES),
    ("deliveries_over_floor", "", OVER_FLOOR, FAN_OUT),
    ("p99_over_floor", "", FLOOR_P99, FAN_OUT),
    ("commit_to_screen_p99_ms", "ms", FAN_OUT_P99_MS, LARGE),
    ("delay_growth_ms_per_second", "ms/s", GROWTH, LARGE),
    ("healthy_p99_ms", "ms", HEALTHY_P99_MS, STUCK),
    ("kernel_mb_per_stuck_spectator", "MB", STUCK_KERNEL_MB, STUCK),
    ("kib_per_idle_spectator", "KiB", IDLE_KIB, LARGE),
    ("receipt_p99_ms", "ms", PROVINCE_P99_MS, PROVINCE),
    ("refused", "", NONE, PROVINCE),
    ("all_back_ms", "ms", STORM_MS, STORM),
    ("lost", "", NONE, STORM),
    ("serving_again_s", "s", SERVING_AGAIN_S, START),
];
