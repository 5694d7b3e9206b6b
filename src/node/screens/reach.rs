//! What the events of a batch change on the screens.

use crate::chamber::event::Event;
use crate::chamber::ids::{Millis, PersonId};
use std::collections::BTreeSet;

/// Which views a batch changes.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// Whose own page changes.
    pub people: BTreeSet<PersonId>,
    /// Somebody came or went, so the list of speakers may have changed.
    pub attendance: bool,
    /// More than figures: what the hall is about has changed, which nobody waits for.
    pub sitting: bool,
    /// People, devices or the council itself.
    pub roll: bool,
    /// The list of published results: a result is new, or its item went behind closed doors or came out.
    pub results: bool,
}

impl Reach {
    pub fn of(events: &[(Millis, Event)]) -> Self {
        let mut reach = Self::default();
        for (_, event) in events {
            reach.add(event);
        }
        reach
    }

    fn add(&mut self, event: &Event) {
        match event {
            Event::VoteCast { person, .. } => drop(self.people.insert(person.clone())),
            Event::CheckedIn { person, .. } | Event::CheckedOut { person, .. } | Event::Excused { person, .. } => {
                self.people.insert(person.clone());
                self.attendance = true;
            }
            Event::CouncilFounded { .. }
            | Event::RosterImported { .. }
            | Event::PersonSet { .. }
            | Event::PersonLeft { .. }
            | Event::DeviceBound { .. }
            | Event::DeviceRevoked { .. } => (self.sitting, self.roll, self.results) = (true, true, true),
            Event::BallotAnnounced { .. }
            | Event::BallotAnnulled { .. }
            | Event::ItemStarted { .. }
            | Event::ItemChanged { .. }
            | Event::SittingOpened { .. } => (self.sitting, self.results) = (true, true),
            _ => self.sitting = true,
        }
    }
}
