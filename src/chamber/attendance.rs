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

/// Everybody in `people` with what `other` has of them: one walk through both instead of a search for each.
pub(super) fn beside<'a, P, T>(
    people: &'a BTreeMap<PersonId, P>,
    other: &'a BTreeMap<PersonId, T>,
) -> impl Iterator<Item = (&'a P, Option<&'a T>)> {
    let mut rest = other.iter().peekable();
    people.iter().map(move |(id, person)| {
        while rest.next_if(|(known, _)| *known < id).is_some() {}
        (person, rest.next_if(|(known, _)| *known == id).map(|(_, found)| found))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_stands_beside_its_own() {
        let map = |ids: &[&str]| -> BTreeMap<PersonId, String> {
            ids.iter().map(|id| (PersonId::parse(*id).unwrap(), (*id).to_string())).collect()
        };
        let (people, other) = (map(&["b", "c", "d", "f"]), map(&["a", "c", "e", "f", "g"]));
        let found: Vec<_> = beside(&people, &other).map(|(p, o)| (p.as_str(), o.map(String::as_str))).collect();
        assert_eq!(found, [("b", None), ("c", Some("c")), ("d", None), ("f", Some("f"))]);
        assert_eq!(beside(&people, &BTreeMap::<PersonId, u8>::new()).filter(|(_, o)| o.is_some()).count(), 0);
    }
}
