//! Sessions, sittings, and who is there.

use super::{Misfit, demand};
use crate::chamber::event::Event;
use crate::chamber::ids::{PersonId, SessionId, SittingId};
use crate::chamber::state::{Chamber, next_number};

impl Chamber {
    pub(super) fn fits_sitting(&self, event: &Event) -> Result<(), Misfit> {
        match event {
            Event::SessionCreated { session, .. } => {
                let is_next = *session == SessionId::numbered('s', next_number(&self.sessions));
                demand(is_next && self.sitting().is_none(), Misfit::Session)
            }
            Event::SittingPrepared { sitting, session, .. } => {
                demand(self.is_next_sitting(sitting) && self.is_present_session(session), Misfit::Session)
            }
            Event::SittingOpened { sitting, session, title, closed_doors } => {
                let is_as_prepared = self.prepared_sittings().any(|prepared| {
                    prepared.id == *sitting && prepared.title == *title && prepared.closed_doors == *closed_doors
                });
                let follows = self.sitting().is_none() && self.is_present_session(session);
                demand(follows && (is_as_prepared || self.is_next_sitting(sitting)), Misfit::Session)
            }
            // Whoever spoke was stopped, and an open ballot was held.
            Event::SittingSuspended { sitting, .. } => {
                let is_still = self.speech().is_none_or(|speech| speech.running_since.is_none());
                demand(self.is_open_sitting(sitting) && !self.is_suspended() && is_still, Misfit::Session)?;
                demand(self.open_ballot().is_none(), Misfit::Ballot)
            }
            Event::SittingResumed { sitting } => {
                demand(self.is_open_sitting(sitting) && self.is_suspended(), Misfit::Session)
            }
            Event::SittingClosed { sitting } => {
                let is_over = self.current_item().is_none() && self.speech().is_none();
                demand(self.is_open_sitting(sitting) && is_over, Misfit::Session)?;
                demand(self.running_ballot().is_none(), Misfit::Ballot)
            }

            Event::CheckedIn { person, .. } => {
                demand(self.may_attend(person) && !self.is_present(person), Misfit::Attendance)
            }
            Event::CheckedOut { person, .. } => {
                demand(self.may_attend(person) && self.is_present(person), Misfit::Attendance)
            }
            Event::Excused { person, .. } => {
                let may_excuse = self.may_be_excused() && self.delegate(person).is_some();
                demand(may_excuse && !self.is_present(person), Misfit::Attendance)
            }
            // Everything else was judged by the caller.
            _ => Ok(()),
        }
    }

    fn is_next_sitting(&self, id: &SittingId) -> bool {
        *id == SittingId::numbered('t', next_number(&self.sittings))
    }

    fn is_open_sitting(&self, id: &SittingId) -> bool {
        self.sitting().is_some_and(|open| open.id == *id)
    }

    fn is_present_session(&self, id: &SessionId) -> bool {
        self.session().is_some_and(|session| session.id == *id)
    }

    fn may_attend(&self, person: &PersonId) -> bool {
        self.sitting().is_some() && self.delegate(person).is_some()
    }
}
