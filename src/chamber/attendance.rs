//! Who is in the hall. Attendance belongs to the sitting that is open: it starts with the excuses given ahead and ends with it.

use super::ids::{Millis, PersonId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One person's attendance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Presence {
    pub state: PresenceState,
    /// `None` for somebody nothing was recorded of in this sitting.
    pub since: Option<Millis>,
    /// Why excused, or why the secretary checked the person in or out.
    pub reason: Option<String>,
    /// How often it changed in this sitting.
    pub changes: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum PresenceState {
    Absent,
    Excused,
    Present,
}

impl Presence {
    pub const UNRECORDED: Presence = Presence { state: PresenceState::Absent, since: None, reason: None, changes: 0 };
}

/// Delegates by their attendance; the three sum to those in office.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AttendanceCount {
    pub present: u32,
    pub excused: u32,
    /// Neither present nor excused.
    pub absent: u32,
}

/// One change of somebody's attendance, for the roll-call report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coming {
    pub person: PersonId,
    pub state: PresenceState,
    pub at: Millis,
    pub reason: Option<String>,
}

pub(super) type Attendance = BTreeMap<PersonId, Presence>;
