//! The fold: everything a council's record says, as it stands now.

use super::agenda::{AgendaItem, ItemState, Session, Sitting};
use super::attendance::Attendance;
use super::ballot::{Ballot, Question};
use super::ids::{BallotId, CouncilId, ItemId, Millis, PersonId, QuestionId, SittingId, WallId};
use super::roll::{Office, Person, Roll};
use super::rules::RulesProfile;
use super::speaking::Debate;
use super::wall::Walls;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A council's chamber. [`decide`](Chamber::decide) says what a command would do, [`apply`](Chamber::apply) does it.
/// Lists stand in the order in which their members came to be; the same events give an equal chamber.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Chamber {
    pub(super) council: Option<Council>,
    pub(super) roll: Roll,
    pub(super) sessions: Vec<Session>,
    pub(super) sittings: Vec<Sitting>,
    /// In the order in which the agenda is read: every item before what stands under it. One session's stand together.
    pub(super) items: Vec<AgendaItem>,
    /// How many items were ever added; some may have been taken off again.
    pub(super) items_added: u32,
    /// Those of items that were taken off the agenda stay here, so that no number is given out twice; nobody finds them.
    pub(super) questions: Vec<Question>,
    pub(super) attendance: Attendance,
    /// Only the last one can be running: the next opens after its end.
    /// Those that are over never change but to be annulled: a copy of the chamber shares them.
    #[serde(with = "super::kept")]
    pub(super) ballots: Vec<Arc<Ballot>>,
    pub(super) gavel: Option<PersonId>,
    pub(super) debate: Debate,
    pub(super) walls: Walls,
}

/// What entry 0 fixed for ever.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Council {
    pub id: CouncilId,
    pub origin: String,
    pub name: String,
    pub short_name: String,
    pub rules: RulesProfile,
    /// Ed25519 public key of the record's checkpoints, base64.
    pub checkpoint_key: String,
    pub founded_at: Millis,
}

impl Default for Chamber {
    fn default() -> Self {
        Self::new()
    }
}

/// What the parts of this floor ask of each other; the public questions are in `queries`.
impl Chamber {
    /// Before entry 0: nothing but its founding can be decided.
    pub fn new() -> Self {
        Self {
            council: None,
            roll: Roll::default(),
            sessions: Vec::new(),
            sittings: Vec::new(),
            items: Vec::new(),
            items_added: 0,
            questions: Vec::new(),
            attendance: Attendance::new(),
            ballots: Vec::new(),
            gavel: None,
            debate: Debate::default(),
            walls: Walls::new(),
        }
    }

    /// Lets go of its own copies of what the other fold of the same record has as well. What still takes votes is left alone: it
    /// changes with the next entry.
    pub fn share_with(&mut self, other: &Chamber) {
        for (own, theirs) in self.ballots.iter_mut().zip(&other.ballots).rev() {
            if Arc::ptr_eq(own, theirs) {
                // Everything older was shared before.
                return;
            }
            if !own.is_taking_votes() && own == theirs {
                *own = Arc::clone(theirs);
            }
        }
    }

    pub(super) fn ballot_mut(&mut self, id: &BallotId) -> Option<&mut Ballot> {
        self.ballots.iter_mut().rev().find(|ballot| ballot.id == *id).map(Arc::make_mut)
    }

    /// An item of the present session; those of earlier ones are history.
    pub(super) fn open_item(&self, id: &ItemId) -> Option<&AgendaItem> {
        let session = self.session()?;
        self.items.iter().rev().take_while(|item| item.session == session.id).find(|item| item.item.id == *id)
    }

    pub(super) fn item_mut(&mut self, id: &ItemId) -> Option<&mut AgendaItem> {
        self.items.iter_mut().rev().find(|item| item.item.id == *id)
    }

    pub(super) fn sitting_mut(&mut self, id: &SittingId) -> Option<&mut Sitting> {
        self.sittings.iter_mut().rev().find(|sitting| sitting.id == *id)
    }

    /// The present session's sittings that are to come.
    pub(super) fn prepared_sittings(&self) -> impl Iterator<Item = &Sitting> {
        let session = self.session().map(|session| &session.id);
        self.sittings.iter().filter(move |sitting| sitting.opened_at.is_none() && Some(&sitting.session) == session)
    }

    /// In a sitting, or ahead of one.
    pub(super) fn may_be_excused(&self) -> bool {
        self.sitting().is_some() || self.prepared_sittings().next().is_some()
    }

    /// The id of the next wall beside the main one.
    pub(super) fn next_wall(&self) -> WallId {
        WallId::numbered('w', self.walls.added.saturating_add(2))
    }

    pub(super) fn is_current(&self, id: &ItemId) -> bool {
        self.current_item().is_some_and(|item| item.item.id == *id)
    }

    pub(super) fn current_item_mut(&mut self) -> Option<&mut AgendaItem> {
        self.items.iter_mut().rev().find(|item| item.state == ItemState::Current)
    }

    /// Votes may still come or be counted: the roll must not move under them.
    pub(super) fn is_taking_votes(&self) -> bool {
        self.running_ballot().is_some_and(Ballot::is_taking_votes)
    }

    pub(super) fn rounds(&self, question: &QuestionId) -> impl DoubleEndedIterator<Item = &Ballot> {
        self.ballots.iter().map(Arc::as_ref).filter(move |ballot| ballot.question == *question)
    }

    /// Rounds of voting taken in the present session.
    pub(super) fn rounds_of_session(&self) -> usize {
        self.ballots.iter().rev().take_while(|ballot| self.open_item(&ballot.item).is_some()).count()
    }

    pub(super) fn delegate(&self, id: &PersonId) -> Option<&Person> {
        self.person(id).filter(|person| person.is_delegate())
    }

    pub(super) fn is_chair(&self, id: &PersonId) -> bool {
        self.person(id).is_some_and(|person| person.has(Office::Chair) || person.has(Office::Deputy))
    }
}

/// A list's length as the number its next member's id is made from.
pub(super) fn next_number<T>(list: &[T]) -> u32 {
    small(list.len()).saturating_add(1)
}

/// A count that is bounded far below `u32::MAX` by this floor's limits.
pub(super) fn small(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
