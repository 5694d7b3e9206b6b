//! What a simulated delegate is like. Seeded: the same delegate does the same on the same ballot, whatever else happens.

use crate::chamber::ids::PersonId;
use crate::chamber::roll::Person;
use crate::chamber::speaking::SpeechKind;
use crate::sample::Rng;
use crate::wire::views::{ItemKind, QuestionForm, QuestionView};
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

/// That a delegate means to ask for the floor, some time after there was a reason to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    pub after: Duration,
    pub kind: SpeechKind,
    pub topic: Option<&'static str>,
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
/// In 1,000 delegates, who ask for the floor in one item, and who rebut one speech: of ninety about six and one, so that the
/// queue has something in it and the chair can get through it.
const ASKS: u32 = 65;
const REBUTS: u32 = 10;
/// Most ask within the first half minute.
const ASKING_MS: u32 = 30_000;
const REBUTTING_MS: u32 = 15_000;

const TOPICS: [&str; 6] = [
    "Nguồn vốn và khả năng cân đối",
    "Tiến độ giải phóng mặt bằng",
    "Ý kiến cử tri nơi ứng cử",
    "Trách nhiệm của các cơ quan thực hiện",
    "Hạ tầng giao thông và thoát nước",
    "Kinh phí hỗ trợ các trường công lập",
];

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

    /// Whether the delegate asks for the floor once the list of an item is open.
    pub fn wish(&self, item: &str, kind: ItemKind) -> Option<Wish> {
        let mut rng = self.rng.fork(number(item)).fork(0x5BEA);
        let after = Duration::from_millis(u64::from(1_000 + rng.below(ASKING_MS)));
        let topic = rng.pick(&TOPICS).copied();
        let kind = match kind {
            ItemKind::Interpellation => SpeechKind::Interpellate,
            ItemKind::Report | ItemKind::Discussion | ItemKind::Vote => SpeechKind::Speak,
            // Nobody debates a flag salute or a secret ballot.
            ItemKind::Ceremony | ItemKind::Election => return None,
        };
        rng.chance(ASKS).then_some(Wish { after, kind, topic })
    }

    /// Whether the delegate wants to answer somebody's speech with another view.
    pub fn rebuttal(&self, speech: &str) -> Option<Wish> {
        let mut rng = self.rng.fork(number(speech)).fork(0x4EB7);
        let after = Duration::from_millis(u64::from(3_000 + rng.below(REBUTTING_MS)));
        rng.chance(REBUTS).then_some(Wish { after, kind: SpeechKind::Rebut, topic: None })
    }

    /// What somebody who would answer `answer` to a motion chooses where the question offers something else: as many
    /// candidates as there are places, or one of the options; who would not take part in a motion abstains.
    pub fn choice(&self, question: &QuestionView, ballot: &str, answer: &'static str) -> Vec<String> {
        if question.form == QuestionForm::Motion || answer == "abstain" {
            return vec![answer.to_owned()];
        }
        let mut offered: Vec<&String> =
            question.answers.iter().map(|a| &a.key).filter(|key| *key != "abstain").collect();
        // The hall has favourites: whom it likes less is chosen by those alone who would have voted against.
        if answer == "yes" {
            let liked = (question.choices as usize).max(offered.len().div_ceil(2));
            offered.truncate(liked);
        }
        let mut rng = self.rng.fork(number(ballot) ^ 0xC401);
        rng.shuffle(&mut offered);
        offered.truncate(question.choices as usize);
        offered.into_iter().cloned().collect()
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
    use crate::wire::views::{AnswerView, BaseView, RuleView, TieView};

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
    fn in_an_election_as_many_are_chosen_as_there_are_places_and_favourites_win() {
        let question = |form, choices, keys: &[&str]| QuestionView {
            form,
            choices,
            answers: keys.iter().map(|key| AnswerView { key: (*key).to_owned(), meaning: String::new() }).collect(),
            ..blank_question()
        };
        let election = question(QuestionForm::Election, 2, &["c1", "c2", "c3", "c4", "abstain"]);
        let chosen: Vec<_> = hall(1).iter().map(|c| c.choice(&election, "b1", "yes")).collect();
        assert!(
            chosen.iter().all(|keys| keys.len() == 2 && keys[0] != keys[1] && !keys.contains(&"abstain".to_owned()))
        );
        assert!(chosen.iter().flatten().all(|key| key == "c1" || key == "c2"));
        let against: BTreeSet<_> = hall(1).iter().flat_map(|c| c.choice(&election, "b1", "no")).collect();
        assert_eq!(against.len(), 4, "whoever is against looks at all of them");
        assert_eq!(hall(1)[0].choice(&election, "b1", "abstain"), ["abstain"]);
        let motion = question(QuestionForm::Motion, 1, &["yes", "no", "abstain"]);
        assert_eq!(hall(1)[0].choice(&motion, "b1", "no"), ["no"]);
    }

    fn blank_question() -> QuestionView {
        QuestionView {
            id: "q1".into(),
            item: "i1".into(),
            title: String::new(),
            text: String::new(),
            answers: Vec::new(),
            rule: RuleView {
                numerator: 1,
                denominator: 2,
                base: BaseView::InOffice,
                constant: 0,
                strict: true,
                tie: TieView::Fails,
            },
            form: QuestionForm::Motion,
            choices: 1,
            min_choices: 0,
            groups: Vec::new(),
            live_names: false,
            bloc: Vec::new(),
            in_bloc: None,
            document_sha256: String::new(),
            seconds: 0,
            change_allowed: true,
            show_split: false,
            ballots: Vec::new(),
        }
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
    fn a_few_ask_for_the_floor_and_the_same_ones_each_time() {
        let wishes = |seed, kind| -> Vec<_> { hall(seed).iter().map(|c| c.wish("i4", kind)).collect() };
        let asking = wishes(1, ItemKind::Discussion);
        assert_eq!(asking, wishes(1, ItemKind::Discussion));
        assert_ne!(asking, wishes(2, ItemKind::Discussion));
        let in_items: Vec<_> = (1..=40)
            .map(|n| hall(1).iter().filter_map(|c| c.wish(&format!("i{n}"), ItemKind::Discussion)).count())
            .collect();
        assert!(in_items.iter().all(|asking| *asking <= 16), "the chair gets through: {in_items:?}");
        assert!(in_items.iter().filter(|asking| **asking > 0).count() >= 36, "{in_items:?}");
        let kinds = wishes(1, ItemKind::Interpellation);
        assert_eq!(kinds.iter().flatten().count(), asking.iter().flatten().count());
        assert!(kinds.iter().flatten().all(|wish| wish.kind == SpeechKind::Interpellate && wish.topic.is_some()));
        assert_eq!(wishes(1, ItemKind::Ceremony).iter().flatten().count(), 0);
    }

    #[test]
    fn a_speech_is_rebutted_now_and_then() {
        let rebuttals: Vec<_> =
            (1..=40).map(|n| hall(1).iter().filter_map(|c| c.rebuttal(&format!("f{n}"))).count()).collect();
        assert!(rebuttals.iter().all(|count| *count <= 6), "{rebuttals:?}");
        assert!((15..=90).contains(&rebuttals.iter().sum::<usize>()), "{rebuttals:?}");
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
