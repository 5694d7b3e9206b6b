//! One audience's way to its screens: what it is owed, and when it may have it.

use super::pace::Pace;
use crate::hub::room::{Audience, TOPICS, Topic};
use crate::wire::from_chamber::Eyes;
use std::time::{Duration, Instant};

/// A frame of a screen at 60 a second: nobody sees more of a wall or of the chair's counts.
const SCREEN_PAUSE: Duration = Duration::from_millis(16);
/// Delegates read the hall's figures, they do not watch them turn; what they did themselves their receipt and their own view tell
/// at once. In a rush each of these is a frame to every tablet of the hall, beside the receipts.
const TABLET_PAUSE: Duration = Duration::from_millis(100);
/// In a rush the receipts leave before the figures, and the rush's first figures are worth a frame to every tablet.
const TABLET_PATIENCE: Duration = Duration::from_millis(30);
/// At most 20 changes a second to spectators: more than an eye follows, and a bound on what a crowd costs.
const SPECTATOR_PAUSE: Duration = Duration::from_millis(50);
/// Votes that come 20 a second come so only about.
const SPECTATOR_SLACK: Duration = Duration::from_millis(25);
/// Person by person, who is here, how connected and whose vote is missing: the dearest view, read and not watched. What the chair
/// watches stands in the figures.
const CONSOLE_PAUSE: Duration = Duration::from_millis(250);

/// A set of topics.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Topics([bool; TOPICS]);

impl Topics {
    pub const ALL: [Topic; TOPICS] =
        [Topic::Council, Topic::Roll, Topic::Live, Topic::Seats, Topic::Speaking, Topic::Console];

    pub fn of(topics: &[Topic]) -> Self {
        let mut set = Self::default();
        topics.iter().for_each(|topic| set.insert(*topic));
        set
    }

    pub fn all() -> Self {
        Self([true; TOPICS])
    }

    pub fn insert(&mut self, topic: Topic) {
        self.0[topic as usize] = true;
    }

    pub fn has(self, topic: Topic) -> bool {
        self.0[topic as usize]
    }

    pub fn is_empty(self) -> bool {
        !self.0.contains(&true)
    }

    pub fn with(self, other: Self) -> Self {
        Self(std::array::from_fn(|n| self.0[n] || other.0[n]))
    }

    pub fn both(self, other: Self) -> Self {
        Self(std::array::from_fn(|n| self.0[n] && other.0[n]))
    }

    pub fn without(self, other: Self) -> Self {
        Self(std::array::from_fn(|n| self.0[n] && !other.0[n]))
    }

    pub fn iter(self) -> impl Iterator<Item = Topic> {
        Self::ALL.into_iter().filter(move |topic| self.has(*topic))
    }
}

/// What one audience sees at one pace.
pub struct Lane {
    pub audience: Audience,
    pub eyes: Eyes,
    /// What goes this way.
    pub takes: Topics,
    /// Made and not shown yet.
    pub owed: Topics,
    pub pace: Pace,
}

impl Lane {
    /// Every way there is. The officers' console goes at a pace of its own.
    pub fn all(now: Instant) -> [Lane; 6] {
        let console = Topics::of(&[Topic::Console]);
        let others = Topics::all().without(console);
        let lane = |audience, eyes, takes, pause, slack| Lane {
            audience,
            eyes,
            takes,
            owed: Topics::default(),
            pace: Pace::new(pause, slack, now),
        };
        let mut lanes = [
            lane(Audience::Officers, Eyes::Hall, others, SCREEN_PAUSE, Duration::ZERO),
            lane(Audience::Walls, Eyes::Hall, others, SCREEN_PAUSE, Duration::ZERO),
            lane(Audience::Onlookers, Eyes::Public, others, SCREEN_PAUSE, Duration::ZERO),
            lane(Audience::Hall, Eyes::Hall, others, TABLET_PAUSE, Duration::ZERO),
            lane(Audience::Spectators, Eyes::Public, others, SPECTATOR_PAUSE, SPECTATOR_SLACK),
            lane(Audience::Officers, Eyes::Hall, console, CONSOLE_PAUSE, Duration::ZERO),
        ];
        let tablets = lanes.iter_mut().filter(|lane| lane.audience == Audience::Hall);
        tablets.for_each(|lane| lane.pace = lane.pace.with_patience(TABLET_PATIENCE));
        lanes
    }

    /// Something waits to leave: made, or to be made of what is `stale`.
    pub fn has_work(&self, stale: Topics) -> bool {
        !self.owed.is_empty() || !self.takes.both(stale).is_empty()
    }
}
