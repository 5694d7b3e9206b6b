//! Ballots as a chamber that is written down has them. A term's record names the same few people and answers a million times: they
//! stand in lists once, and votes and presences are numbers that point there.

use super::ballot::{Ballot, Vote};
use super::ids::{AnswerKey, Millis, PersonId};
use super::roll::Person;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeMap;
use std::sync::Arc;

#[derive(Serialize, Deserialize)]
struct Kept {
    people: Vec<PersonId>,
    answers: Vec<AnswerKey>,
    /// The delegates at one closing or at several.
    delegates: Vec<Vec<Person>>,
    ballots: Vec<KeptBallot>,
}

#[derive(Serialize, Deserialize)]
struct KeptBallot {
    ballot: Ballot,
    /// Which list of delegates, where it was closed.
    delegates: Option<usize>,
    present: Vec<usize>,
    /// Of each vote: person, answer, turn, seq and time after those of the vote before it in this list, then how many further answers
    /// follow, and these.
    votes: Vec<i64>,
}

pub fn serialize<S: Serializer>(ballots: &[Arc<Ballot>], serializer: S) -> Result<S::Ok, S::Error> {
    let (mut people, mut answers) = (Numbered::default(), Numbered::default());
    let mut delegates: Vec<Arc<[Person]>> = Vec::new();
    let ballots = ballots.iter().map(|ballot| KeptBallot {
        delegates: ballot.outcome.as_ref().map(|outcome| match delegates.last() {
            Some(last) if Arc::ptr_eq(last, &outcome.delegates) => delegates.len() - 1,
            _ => {
                delegates.push(Arc::clone(&outcome.delegates));
                delegates.len() - 1
            }
        }),
        present: ballot.present.iter().map(|person| people.number(person)).collect(),
        votes: numbers(&ballot.votes, &mut people, &mut answers),
        ballot: without_people(ballot),
    });
    let ballots = ballots.collect();
    let delegates = delegates.iter().map(|people| people.to_vec()).collect();
    Kept { people: people.members, answers: answers.members, delegates, ballots }.serialize(serializer)
}

pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Arc<Ballot>>, D::Error> {
    let kept = Kept::deserialize(deserializer)?;
    let delegates: Vec<Arc<[Person]>> = kept.delegates.into_iter().map(Arc::from).collect();
    let stray = || D::Error::custom("a ballot points to nothing");
    let ballots = kept.ballots.into_iter().map(|mut kept_ballot| {
        let ballot = &mut kept_ballot.ballot;
        if let Some(outcome) = &mut ballot.outcome {
            let list = kept_ballot.delegates.and_then(|at| delegates.get(at)).ok_or_else(stray)?;
            outcome.delegates = Arc::clone(list);
        }
        let present = kept_ballot.present.iter().map(|at| kept.people.get(*at).cloned());
        ballot.present = present.collect::<Option<_>>().ok_or_else(stray)?;
        ballot.votes = votes(&kept_ballot.votes, &kept.people, &kept.answers).ok_or_else(stray)?;
        Ok(Arc::new(kept_ballot.ballot))
    });
    ballots.collect()
}

/// Everything else of a ballot.
fn without_people(ballot: &Ballot) -> Ballot {
    let outcome = ballot.outcome.as_ref().map(|outcome| super::ballot::Outcome {
        delegates: Arc::default(),
        counted: outcome.counted.clone(),
        chosen: outcome.chosen.clone(),
        ..*outcome
    });
    Ballot {
        id: ballot.id.clone(),
        question: ballot.question.clone(),
        item: ballot.item.clone(),
        previous: ballot.previous.clone(),
        document_sha256: ballot.document_sha256.clone(),
        hold: ballot.hold.clone(),
        votes: BTreeMap::new(),
        present: Default::default(),
        recorded_by: ballot.recorded_by.clone(),
        outcome,
        reason: ballot.reason.clone(),
        ..*ballot
    }
}

fn numbers(
    votes: &BTreeMap<PersonId, Vote>,
    people: &mut Numbered<PersonId>,
    answers: &mut Numbered<AnswerKey>,
) -> Vec<i64> {
    let mut list = Vec::with_capacity(votes.len() * 6);
    let mut before = (0, 0);
    for (person, vote) in votes {
        // Both stay below 2^53 (ledger/entry), so no difference is lost.
        let (seq, at) = (signed(vote.seq), signed(vote.at.0));
        list.extend([small(people.number(person)), small(answers.number(&vote.answer)), i64::from(vote.turn)]);
        list.extend([seq.wrapping_sub(before.0), at.wrapping_sub(before.1), small(vote.more.len())]);
        list.extend(vote.more.iter().map(|answer| small(answers.number(answer))));
        before = (seq, at);
    }
    list
}

fn votes(list: &[i64], people: &[PersonId], answers: &[AnswerKey]) -> Option<BTreeMap<PersonId, Vote>> {
    let answer = |at: &i64| answers.get(usize::try_from(*at).ok()?).cloned();
    let mut votes = Vec::with_capacity(list.len() / 6);
    let mut before: (i64, i64) = (0, 0);
    let mut rest = list;
    while let Some(([person, chosen, turn, seq, at, further], after)) = rest.split_first_chunk() {
        let (more, after) = after.split_at_checked(usize::try_from(*further).ok()?)?;
        before = (before.0.wrapping_add(*seq), before.1.wrapping_add(*at));
        let vote = Vote {
            answer: answer(chosen)?,
            more: more.iter().map(answer).collect::<Option<_>>()?,
            turn: u32::try_from(*turn).ok()?,
            seq: u64::try_from(before.0).ok()?,
            at: Millis(u64::try_from(before.1).ok()?),
        };
        votes.push((people.get(usize::try_from(*person).ok()?)?.clone(), vote));
        rest = after;
    }
    rest.is_empty().then(|| votes.into_iter().collect())
}

/// A list in which each member stands once, in the order in which they were first named.
struct Numbered<T> {
    members: Vec<T>,
    numbers: BTreeMap<T, usize>,
}

impl<T> Default for Numbered<T> {
    fn default() -> Self {
        Self { members: Vec::new(), numbers: BTreeMap::new() }
    }
}

impl<T: Ord + Clone> Numbered<T> {
    fn number(&mut self, member: &T) -> usize {
        if let Some(number) = self.numbers.get(member) {
            return *number;
        }
        let number = self.members.len();
        self.members.push(member.clone());
        self.numbers.insert(member.clone(), number);
        number
    }
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn small(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
