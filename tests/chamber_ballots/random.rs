//! Random acts around questions of every form: the hall checks the chamber's invariants after each, and the record alone must
//! give the same chamber.

use super::*;
use dienhong::chamber::Chamber;
use dienhong::chamber::ballot::{BallotState, Question};
use dienhong::chamber::command::Actor;
use dienhong::chamber::ids::QuestionId;
use proptest::prelude::*;
use proptest::strategy::ValueTree;

/// What is tried, and a few numbers to choose by.
type Try = (u8, u8, u8, [u32; 4]);

fn tries() -> impl Strategy<Value = Vec<Try>> {
    prop::collection::vec((0u8..14, any::<u8>(), any::<u8>(), prop::array::uniform4(0u32..9)), 1..90)
}

/// Questions that were never put to the vote.
fn fresh(hall: &Hall) -> impl Iterator<Item = &Question> {
    let questions = hall.chamber.items().flat_map(|item| hall.chamber.questions_of(&item.item.id));
    questions.filter(|question| hall.chamber.ballots_on(&question.id).next().is_none())
}

/// Now and then a question is for one of the two groups.
fn for_some(m: u8) -> &'static [&'static str] {
    [&[][..], &[], &["Tổ 1"], &["Tổ 2"], &["Tổ 1", "Tổ 2"]][usize::from(m) % 5]
}

/// As [`electing`], with `p4` … `p8` in a group of their own.
fn in_two_groups() -> Hall {
    let mut hall = electing();
    for n in 4..=8 {
        regroup(&mut hall, &format!("p{n}"), "Tổ 2");
    }
    hall
}

fn resolve(hall: &Hall, (what, n, m, figures): &Try) -> (Actor, Command) {
    let questions = hall.chamber.items().flat_map(|item| hall.chamber.questions_of(&item.item.id));
    let ids: Vec<QuestionId> = questions.map(|question| question.id.clone()).collect();
    let question = |n: u8| ids.get(usize::from(n) % ids.len().max(1)).cloned().unwrap_or_else(|| qid("q1"));
    let newest = hall.chamber.ballots().last();
    let ballot = newest.map_or_else(|| bid("b1"), |ballot| ballot.id.clone());
    let item = ["i2", "i3", "i4", "i5"][usize::from(*n) % 4];
    let chair = by("p1");
    match what {
        0 => {
            let names: Vec<&str> = ["A", "B", "C", "D"][..usize::from(*m) % 4 + 1].to_vec();
            let form = QuestionForm::Election { places: u32::from(*n) % 3 + 1 };
            let asked = asking(item, "majority_of_present", form, answers('c', &names));
            (by("clerk"), limited(asked, for_some(*m), u32::from(*n) % 4, false))
        }
        1 => (by("clerk"), asking(item, "majority_of_votes", QuestionForm::Choice, answers('a', &["một", "hai"]))),
        2 => {
            let asked = prepare(item, "Sửa đổi", "majority_of_votes", n.is_multiple_of(3).then_some("q1"));
            (by("clerk"), limited(asked, for_some(*m), 0, m.is_multiple_of(3)))
        }
        3 => {
            // Mostly those that may stand in one together.
            let is_like = |question: &&Question| {
                let is_plain = question.form.is_motion() && question.bloc.is_empty();
                is_plain && question.item != iid("i4") && question.id != qid("q2")
            };
            let questions = match m % 4 {
                0 => vec![question(*n), question(*m)],
                _ => fresh(hall).filter(is_like).take(2).map(|question| question.id.clone()).collect(),
            };
            (by("clerk"), Command::PrepareBloc { item: iid(item), title: "Gộp".into(), questions, live_names: false })
        }
        4 => {
            let prepared = fresh(hall).filter(|question| !question.bloc.is_empty()).last().map(|bloc| bloc.id.clone());
            (chair, Command::OpenBallot { question: prepared.unwrap_or_else(|| question(*n)), seconds: Some(0) })
        }
        5 => (chair, Command::OpenBallot { question: question(*n), seconds: Some(0) }),
        6 => (chair, Command::CloseBallot { ballot }),
        7 => (chair, Command::AnnounceBallot { ballot }),
        8 if m.is_multiple_of(2) => (chair, Command::VoidBallot { ballot, reason: "thử".into() }),
        8 => (chair, Command::AnnulBallot { ballot, reason: "thử".into() }),
        9 => {
            let target = question(*n);
            let form = [BallotForm::ShowOfHands, BallotForm::Paper][usize::from(*m) % 2];
            let offered = hall.chamber.question(&target).map(|question| question.answers.clone()).unwrap_or_default();
            let counts: Vec<(&str, u32)> =
                offered.iter().zip(figures.iter().cycle()).map(|(a, count)| (a.key.as_str(), count / 2)).collect();
            let sum: u32 = counts.iter().map(|(_, count)| count).sum();
            let invalid = u32::from(*m) % 2;
            let papers = (form == BallotForm::Paper).then(|| [sum + invalid, sum + invalid, sum, invalid]);
            (by("clerk"), record(target.as_str(), form, &counts, papers))
        }
        _ => {
            let person = format!("p{}", n % 8 + 1);
            let asked = newest.and_then(|ballot| hall.chamber.question(&ballot.question));
            let offered = asked.map(|question| question.answers.clone()).unwrap_or_default();
            let keys: Vec<&str> = (0..=usize::from(*m) % 3)
                .filter_map(|step| offered.get((usize::from(*n) + step) % offered.len().max(1)))
                .map(|answer| answer.key.as_str())
                .collect();
            let keys = if keys.is_empty() { vec!["yes"] } else { keys };
            (by(&person), vote_for(hall, ballot.as_str(), &person, &keys))
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_tried_the_hall_stays_in_order(tries in tries()) {
        let mut hall = in_two_groups();
        for one in &tries {
            let (who, command) = resolve(&hall, one);
            // Refusals are fine; `act` checks every acceptance.
            let _ = hall.act(&who, command);
        }
        let written = serde_json::to_string(&hall.chamber).expect("a chamber");
        prop_assert_eq!(&serde_json::from_str::<Chamber>(&written).expect("it reads back"), &hall.chamber);
        prop_assert_eq!(hall.replayed(), hall.chamber);
    }
}

/// That the random hall gets anywhere at all.
#[test]
fn random_halls_decide_every_form() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let (mut forms, mut taken) = (std::collections::BTreeSet::new(), std::collections::BTreeSet::new());
    for _ in 0..200 {
        let tries = tries().new_tree(&mut runner).expect("a value").current();
        let mut hall = in_two_groups();
        for one in &tries {
            let (who, command) = resolve(&hall, one);
            let _ = hall.act(&who, command);
        }
        for ballot in hall.chamber.ballots().iter().filter(|ballot| ballot.state == BallotState::Announced) {
            let question = hall.chamber.question(&ballot.question).expect("known");
            forms.insert(format!("{:?} {}", std::mem::discriminant(&question.form), question.bloc.is_empty()));
            taken.insert(format!("{:?}", ballot.form));
        }
    }
    assert_eq!(
        (forms.len(), taken.len()),
        (4, 3),
        "{forms:?} {taken:?} of motion, choice, election, bloc; every way to take a vote"
    );
}
