//! Who is connected to the other nodes, as the officers' console shows it. A hint: what is not told again is forgotten.

use crate::chamber::ids::{Millis, PersonId};
use crate::hub::room::Room;
use crate::wire::from_chamber::Line;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

/// A change is told at most once a second: a reconnect storm must not become one between the nodes.
const TELL_AFTER: Duration = Duration::from_secs(1);
/// Told again without a change, so that a node that has come lately knows.
const TELL_EVERY: Duration = Duration::from_secs(5);
/// Forgotten, when it was not told twice.
const FORGET_AFTER: Duration = Duration::from_secs(12);
/// Nodes listened to: more than a platform has.
const NODES: usize = 64;

/// One node's connections of one council.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Presence {
    people: Vec<Connected>,
    walls: u32,
    public: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Connected {
    person: PersonId,
    connected: bool,
    delay_ms: Option<u32>,
    last_seen: Option<Millis>,
    /// Has a page open to act on.
    acting: bool,
}

impl Presence {
    fn of(room: &Room) -> Self {
        let acting: BTreeSet<PersonId> = room.acting().into_iter().collect();
        let (walls, public) = room.watching();
        let connected = |(person, line): (PersonId, Line)| Connected {
            acting: acting.contains(&person),
            person,
            connected: line.connected,
            delay_ms: line.delay_ms,
            last_seen: line.last_seen,
        };
        Self { people: room.lines().into_iter().map(connected).collect(), walls, public }
    }
}

/// All other nodes' connections taken together.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Elsewhere {
    pub lines: BTreeMap<PersonId, Line>,
    pub acting: BTreeSet<PersonId>,
    pub walls: u32,
    pub public: u32,
}

impl Elsewhere {
    /// Lays them beside this node's own: with several pages open the quickest tells the delay.
    pub fn add_to(&self, lines: &mut BTreeMap<PersonId, Line>, walls: &mut u32, public: &mut u32) {
        for (person, there) in &self.lines {
            let line = lines.entry(person.clone()).or_default();
            line.delay_ms = [line.delay_ms, there.delay_ms].into_iter().flatten().min();
            line.connected |= there.connected;
            line.last_seen = line.last_seen.max(there.last_seen);
        }
        *walls = walls.saturating_add(self.walls);
        *public = public.saturating_add(self.public);
    }
}

/// What one council's task knows of the other nodes, and what they were told.
pub struct Company {
    nodes: BTreeMap<String, (Presence, Instant)>,
    told_at: Option<Instant>,
    changed: bool,
    told_of_nobody: bool,
}

impl Company {
    pub fn new() -> Self {
        Self { nodes: BTreeMap::new(), told_at: None, changed: true, told_of_nobody: true }
    }

    /// Somebody came or went here.
    pub fn changed(&mut self) {
        self.changed = true;
    }

    /// When there is something to tell or to forget.
    pub fn next_due(&self) -> Instant {
        let pause = if self.changed { TELL_AFTER } else { TELL_EVERY };
        self.told_at.map_or_else(Instant::now, |at| at + pause)
    }

    /// `None`: there is nobody, and there was nobody.
    pub fn tell(&mut self, room: &Room) -> Option<Presence> {
        self.told_at = Some(Instant::now());
        self.changed = false;
        let presence = Presence::of(room);
        let is_empty = presence == Presence::default();
        let was_empty = std::mem::replace(&mut self.told_of_nobody, is_empty);
        (!is_empty || !was_empty).then_some(presence)
    }

    pub fn heard(&mut self, node: String, presence: Presence) {
        if self.nodes.len() < NODES || self.nodes.contains_key(&node) {
            self.nodes.insert(node, (presence, Instant::now()));
        }
    }

    pub fn elsewhere(&mut self) -> Elsewhere {
        self.nodes.retain(|_, (_, at)| at.elapsed() < FORGET_AFTER);
        let mut all = Elsewhere::default();
        for (presence, _) in self.nodes.values() {
            let mut one = Elsewhere { walls: presence.walls, public: presence.public, ..Elsewhere::default() };
            for person in &presence.people {
                let Connected { connected, delay_ms, last_seen, .. } = *person;
                one.lines.insert(person.person.clone(), Line { connected, delay_ms, last_seen });
                if person.acting {
                    all.acting.insert(person.person.clone());
                }
            }
            one.add_to(&mut all.lines, &mut all.walls, &mut all.public);
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn connected(person: &str, delay_ms: Option<u32>, acting: bool) -> Connected {
        let connected = delay_ms.is_some();
        let person = PersonId::parse(person).unwrap();
        Connected { person, connected, delay_ms, last_seen: delay_ms.map(|ms| Millis(ms.into())), acting }
    }

    #[test]
    fn nodes_are_taken_together() {
        let mut company = Company::new();
        let one = vec![connected("an", Some(30), true), connected("binh", None, false)];
        company.heard("one".into(), Presence { people: one, walls: 1, public: 5 });
        let two = vec![connected("an", Some(10), false), connected("binh", Some(20), true)];
        company.heard("two".into(), Presence { people: two.clone(), walls: 2, public: 7 });
        let all = company.elsewhere();
        let line = |ms: u32, seen: u64| Line { connected: true, delay_ms: Some(ms), last_seen: Some(Millis(seen)) };
        let lines: Vec<_> = all.lines.iter().map(|(person, line)| (person.as_str(), *line)).collect();
        assert_eq!(lines, [("an", line(10, 30)), ("binh", line(20, 20))]);
        assert_eq!((all.walls, all.public, all.acting.len()), (3, 12, 2));

        // The newest of a node counts.
        company.heard("two".into(), Presence { people: vec![], walls: 0, public: 0 });
        let all = company.elsewhere();
        assert_eq!((all.walls, all.public, all.acting.len()), (1, 5, 1));
    }
}
