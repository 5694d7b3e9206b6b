//! What a simulated delegate is like. Seeded: the same delegate does the same on the same ballot, whatever else happens.

use crate::chamber::ids::PersonId;
use crate::chamber::roll::Person;
use crate::sample::Rng;
use std::collections::BTreeSet;
use std::time::Duration;

/// One delegate's ways.
#[derive(Debug, Clone)]
pub struct Character {
    seed: u64,
    rng: Rng,
    pub absent: bool,
    /// From the opening of the sitting, or from when the delegate's device was ready.
    pub arrives_after: Duration,
}

/// What a delegate means to do in one ballot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    pub first: Step,
    /// A change of mind.
    pub then: Option<Step>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub after: Duration,
    pub answer: &'static str,
}

/// Delegates who do not come, where the council is large enough to be quorate without them.
const ABSENT: usize = 2;
const ENOUGH_TO_MISS_SOME: usize = 12;
/// In 1,000 votes.
const FORGETS: u32 = 8;
const CHANGES: u32 = 25;
/// Most come in while the wall shows who is there; one in fifteen is late.
const ARRIVING_MS: u32 = 12_000;
const LATE: u32 = 65;
const LATE_MS: u32 = 90_000;

impl Character {
    /// Who of `delegates` does not come.
    pub fn absent(seed: u64, delegates: &[&Person]) -> BTreeSet<PersonId> {
        let mut plain: Vec<_> = delegates.iter().filter(|p| p.offices.is_empty()).map(|p| p.id.clone()).collect();
        let absent = if plain.len() >= ENOUGH_TO_MISS_SOME { ABSENT } else { 0 };
        Rng::new(seed).fork(0xAB5E).shuffle(&mut plain);
        plain.into_iter().take(absent).collect()
    }

    pub fn of(seed: u64, person: &PersonId, absent: bool) -> Self {
        let mut rng = Rng::new(seed).fork(number(person.as_str()));
        let late = if rng.chance(LATE) { LATE_MS } else { 0 };
        let arrives_after = Duration::from_millis(u64::from(1_000 + late + rng.below(ARRIVING_MS)));
        Self { seed, rng, absent, arrives_after }
    }

    /// For one round on one question. `left` is the time until it closes, where it has a limit: people who see little time
    /// hurry. Nothing: the delegate looks elsewhere.
    pub fn plan(&self, question: &str, ballot: &str, left: Option<Duration>) -> Option<Plan> {
        let mut rng = self.rng.fork(number(ballot));
        if rng.chance(FORGETS) {
            return None;
        }
        let answer = self.answer(question, &mut rng);
        let reading = reading(&mut rng).min(share(left, 6));
        let then = rng.chance(CHANGES).then(|| Step {
            after: Duration::from_millis(u64::from(1_500 + rng.below(3_000))).min(share(left, 2)),
            answer,
        });
        let slip = if answer == "yes" { "abstain" } else { "yes" };
        let first = Step { after: reading, answer: if then.is_some() { slip } else { answer } };
        Some(Plan { first, then })
    }

    /// Every question has a mood of its own, the same for the whole hall and for every round.
    fn answer(&self, question: &str, rng: &mut Rng) -> &'static str {
        let mut mood = Rng::new(self.seed).fork(number(question));
        let (least, spread) = match mood.below(10) {
            0 => (430, 90),
            1 | 2 => (620, 160),
            _ => (900, 85),
        };
        let in_favour = least + mood.below(spread);
        if rng.chance(in_favour) {
            "yes"
        } else if rng.chance(600) {
            "no"
        } else {
            "abstain"
        }
    }
}

/// How long somebody reads before pressing: most two to six seconds, a few much longer.
fn reading(rng: &mut Rng) -> Duration {
    let quick = 1_200 + rng.below(2_400) + rng.below(2_400);
    let thorough = if rng.chance(120) { rng.below(9_000) } else { 0 };
    Duration::from_millis(u64::from(quick + thorough))
}

/// `tenths` of what is left; no bound where nothing runs out.
fn share(left: Option<Duration>, tenths: u32) -> Duration {
    left.map_or(Duration::MAX, |left| left * tenths / 10)
}

/// A stream's number for a name (FNV-1a): the standard hasher may change between releases.
fn number(name: &str) -> u64 {
    name.bytes().fold(0xCBF2_9CE4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::council;

    fn hall(seed: u64) -> Vec<Character> {
        council(29, 95).iter().filter(|p| p.seat.is_some()).map(|p| Character::of(seed, &p.id, false)).collect()
    }

    #[test]
    fn the_same_delegate_does_the_same_and_another_seed_something_else() {
        let plans = |seed| -> Vec<_> { hall(seed).iter().map(|c| c.plan("q1", "b1", None)).collect() };
        assert_eq!(plans(1), plans(1));
        assert_ne!(plans(1), plans(2));
    }

    #[test]
    fn nearly_everybody_votes_in_time() {
        let left = Duration::from_secs(30);
        let plans: Vec<_> = hall(1).iter().map(|c| c.plan("q2", "b2", Some(left))).collect();
        assert!(plans.iter().flatten().count() >= 90, "one or two forget");
        for plan in plans.iter().flatten() {
            let spent = plan.first.after + plan.then.as_ref().map_or(Duration::ZERO, |then| then.after);
            assert!(spent < left, "{plan:?}");
        }
        let hurried = hall(1)
            .iter()
            .filter_map(|c| c.plan("q2", "b2", Some(Duration::from_secs(5))))
            .all(|plan| plan.first.after <= Duration::from_secs(3));
        assert!(hurried);
    }

    #[test]
    fn moods_differ_between_questions_and_most_are_in_favour() {
        let in_favour = |question: &str| {
            let answers = hall(1).into_iter().filter_map(|c| c.plan(question, question, None));
            answers.map(|plan| plan.then.unwrap_or(plan.first)).filter(|step| step.answer == "yes").count()
        };
        let tallies: Vec<_> = (1..=40).map(|n| in_favour(&format!("q{n}"))).collect();
        let adopted = tallies.iter().filter(|yes| **yes > 47).count();
        assert!((25..40).contains(&adopted), "most are adopted, some are not: {tallies:?}");
    }

    #[test]
    fn two_do_not_come_to_a_large_hall_and_none_stays_away_from_a_small_one() {
        let absent_of = |seats| {
            let people = council(29, seats);
            let delegates: Vec<_> = people.iter().filter(|p| p.seat.is_some()).collect();
            Character::absent(5, &delegates).len()
        };
        assert_eq!((absent_of(95), absent_of(9)), (2, 0));
    }
}
