//! Who votes on a question: every delegate, or those of the groups it is put to.

use super::attendance::PresenceState;
use super::ballot::{Question, Vote};
use super::ids::{BallotId, PersonId};
use super::roll::Person;
use super::rules::NamesPolicy;
use super::state::{Chamber, small};

impl Question {
    /// Whether this person votes on it.
    pub fn entitles(&self, person: &Person) -> bool {
        person.is_delegate() && (self.groups.is_empty() || self.groups.contains(&person.group))
    }
}

impl Chamber {
    /// Whether somebody on the roll votes on the question.
    pub fn is_entitled(&self, question: &Question, person: &PersonId) -> bool {
        self.person(person).is_some_and(|person| question.entitles(person))
    }

    /// Delegates in office who vote on the question, and what stands for the seats of the council: of a question put to some
    /// groups these groups' mandates.
    pub fn bases_of(&self, question: &Question) -> (u32, u32) {
        let entitled = small(self.roll.delegates().filter(|delegate| question.entitles(delegate)).count());
        (entitled, if question.groups.is_empty() { self.seats() } else { entitled })
    }

    /// Who voted how is published.
    pub fn has_public_names(&self) -> bool {
        self.council.as_ref().is_some_and(|council| council.rules.names == NamesPolicy::Public)
    }

    /// Who is in the hall and votes on the question.
    pub(super) fn present_entitled(&self, question: &Question) -> impl Iterator<Item = PersonId> {
        let entitled = self.roll.delegates().filter(|person| question.entitles(person));
        entitled.filter(|person| self.is_present(&person.id)).map(|person| person.id.clone())
    }

    /// Present delegates entitled to vote whose vote is not in, in seat order. Empty once the ballot is closed.
    pub fn missing(&self, id: &BallotId) -> Vec<&Person> {
        let Some(ballot) = self.ballot(id).filter(|ballot| ballot.is_taking_votes()) else {
            return Vec::new();
        };
        let Some(question) = self.question(&ballot.question) else { return Vec::new() };
        let votes = self.people_beside(&ballot.votes);
        let is_missing = |(person, presence): &(&Person, PresenceState), vote: Option<&Vote>| {
            question.entitles(person) && *presence == PresenceState::Present && vote.is_none()
        };
        let all = self.people_and_presence().zip(votes);
        all.filter(|(person, (_, vote))| is_missing(person, *vote)).map(|((person, _), _)| person).collect()
    }
}
