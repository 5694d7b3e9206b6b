//! Sessions, sittings, and who is there.

use crate::chamber::agenda::{Session, Sitting, Suspension};
use crate::chamber::attendance::{Coming, Presence, PresenceState};
use crate::chamber::ballot::BallotState;
use crate::chamber::event::Event;
use crate::chamber::ids::{Millis, PersonId, SessionId, SittingId};
use crate::chamber::limits;
use crate::chamber::state::Chamber;
use crate::chamber::texts;
use crate::chamber::wall::{Card, WallMode};
use std::sync::Arc;

impl Chamber {
    pub(super) fn apply_sitting(&mut self, at: Millis, event: &Event) {
        match event {
            Event::SessionCreated { session, title, term, session_kind } => {
                self.sessions.push(Session {
                    id: session.clone(),
                    title: title.clone(),
                    term: term.clone(),
                    kind: *session_kind,
                    created_at: at,
                });
                // Excuses given ahead of a sitting of the session before, which will not be opened any more.
                self.attendance.clear();
                // The record keeps who came and went in earlier sessions; the fold would grow for ever.
                self.sittings.iter_mut().for_each(|sitting| sitting.comings = Vec::new());
            }
            Event::SittingPrepared { sitting, session, title, planned_at, closed_doors } => {
                let prepared = new_sitting(sitting, session, title, *closed_doors);
                self.sittings.push(Sitting { planned_at: *planned_at, ..prepared });
            }
            Event::SittingOpened { sitting, session, title, closed_doors } => {
                if self.sitting_mut(sitting).is_none() {
                    self.sittings.push(new_sitting(sitting, session, title, *closed_doors));
                }
                let excused = self.excused_ahead();
                if let Some(sitting) = self.sitting_mut(sitting) {
                    sitting.opened_at = Some(at);
                    sitting.comings = excused;
                }
                self.show(at, WallMode::Welcome);
            }
            Event::SittingSuspended { sitting, cause, reason, until } => {
                let (reason, closed_doors) = (reason.clone(), self.is_behind_closed_doors());
                if let Some(sitting) = self.sitting_mut(sitting) {
                    sitting.suspension = Some(Suspension {
                        cause: *cause,
                        reason: reason.clone(),
                        until: *until,
                        since: at,
                        closed_doors,
                    });
                }
                self.show_suspension(at, reason.as_deref(), *until);
            }
            Event::SittingResumed { sitting } => {
                if let Some(sitting) = self.sitting_mut(sitting) {
                    sitting.suspension = None;
                }
                self.show(at, self.mode_of_the_hall());
            }
            Event::SittingClosed { sitting } => {
                if let Some(sitting) = self.sitting_mut(sitting) {
                    sitting.closed_at = Some(at);
                    sitting.suspension = None;
                }
                self.attendance.clear();
                self.show(at, WallMode::Welcome);
            }
            Event::CheckedIn { person, reason } => {
                self.set_presence(at, person, PresenceState::Present, reason.clone());
                let open = self.ballots.last().filter(|ballot| ballot.state == BallotState::Open);
                let question = open.and_then(|ballot| self.question(&ballot.question));
                let is_entitled = question.is_some_and(|question| self.is_entitled(question, person));
                if let Some(ballot) = self.ballots.last_mut().filter(|_| is_entitled) {
                    Arc::make_mut(ballot).present.insert(person.clone());
                }
            }
            Event::CheckedOut { person, reason } => {
                self.set_presence(at, person, PresenceState::Absent, reason.clone());
            }
            Event::Excused { person, reason } => {
                self.set_presence(at, person, PresenceState::Excused, Some(reason.clone()));
            }
            _ => {}
        }
    }

    /// Those excused before the sitting opens, in the order in which they were.
    fn excused_ahead(&self) -> Vec<Coming> {
        let coming = |(person, presence): (&PersonId, &Presence)| Coming {
            person: person.clone(),
            state: presence.state,
            at: presence.since.unwrap_or_default(),
            reason: presence.reason.clone(),
        };
        let mut comings: Vec<Coming> = self.attendance.iter().map(coming).collect();
        comings.sort_by_key(|coming| coming.at);
        comings
    }

    fn set_presence(&mut self, at: Millis, person: &PersonId, state: PresenceState, reason: Option<String>) {
        let changes = self.presence(person).changes.saturating_add(1);
        let open = self.sitting().map(|sitting| sitting.id.clone());
        if let Some(sitting) = open.and_then(|open| self.sitting_mut(&open)) {
            sitting.comings.push(Coming { person: person.clone(), state, at, reason: reason.clone() });
        }
        self.attendance.insert(person.clone(), Presence { state, since: Some(at), reason, changes });
    }

    /// Who is no longer a delegate is no longer there.
    pub(super) fn leave_hall(&mut self, at: Millis, person: &PersonId) {
        let was_present = self.attendance.remove(person).is_some_and(|known| known.state == PresenceState::Present);
        let open = self.sitting().filter(|_| was_present).map(|sitting| sitting.id.clone());
        if let Some(sitting) = open.and_then(|open| self.sitting_mut(&open)) {
            let state = PresenceState::Absent;
            sitting.comings.push(Coming { person: person.clone(), state, at, reason: None });
        }
    }

    /// What the main wall shows when nobody chose anything: the ballot that runs, else the item.
    fn mode_of_the_hall(&self) -> WallMode {
        match self.running_ballot() {
            Some(ballot) if ballot.is_taking_votes() => WallMode::Voting,
            Some(_) => WallMode::Result,
            None if self.current_item().is_some() => WallMode::Item,
            None => WallMode::Welcome,
        }
    }

    /// A countdown where it is known when the sitting goes on, else a card.
    fn show_suspension(&mut self, at: Millis, reason: Option<&str>, until: Option<Millis>) {
        let session = self.session().map(|session| session.title.as_str());
        let title = texts::cut(reason.or(session).unwrap_or_default(), limits::CARD_TITLE_CHARS);
        let mode = if until.is_some() { WallMode::Countdown } else { WallMode::Title };
        self.show_card(at, mode, Some(Card { title, text: None, until }));
    }
}

fn new_sitting(id: &SittingId, session: &SessionId, title: &str, closed_doors: bool) -> Sitting {
    Sitting {
        id: id.clone(),
        session: session.clone(),
        title: title.to_owned(),
        closed_doors,
        planned_at: None,
        opened_at: None,
        closed_at: None,
        suspension: None,
        comings: Vec::new(),
    }
}
