use super::*;
use crate::chamber::ballot::AnswerCount;
use crate::chamber::ids::AnswerKey;
use proptest::prelude::*;

fn rule(numerator: u32, denominator: u32, base: Base, strict: bool) -> MajorityRule {
    MajorityRule { numerator, denominator, base, constant: 0, strict, tie: TieRule::Fails }
}

fn tally(yes: u32, no: u32, abstain: u32, present: u32, in_office: u32, seats: u32) -> Counted {
    let answers = [("yes", yes), ("no", no), ("abstain", abstain)]
        .map(|(key, count)| AnswerCount { answer: AnswerKey::parse(key).expect("an id"), count })
        .to_vec();
    Counted { answers, present, in_office, seats, took_part: None }
}

#[test]
fn the_smallest_count_that_satisfies() {
    // (numerator, denominator, constant, strict, base, needed)
    let table = [
        (1, 2, 0, true, 498, 250),
        (1, 2, 0, true, 499, 250),
        (1, 2, 0, true, 500, 251),
        (1, 2, 0, false, 498, 249),
        (1, 2, 0, false, 499, 250),
        (2, 3, 0, false, 498, 332),
        (2, 3, 0, true, 498, 333),
        (2, 3, 0, false, 499, 333),
        (2, 3, 0, true, 499, 333),
        (2, 3, 0, false, 500, 334),
        (2, 3, 0, true, 500, 334),
        (2, 3, 0, false, 3, 2),
        (2, 3, 0, true, 3, 3),
        (1, 2, 1, false, 100, 51),
        (1, 2, 1, false, 101, 52),
        (1, 2, -1, false, 100, 49),
        (1, 2, -1, true, 101, 50),
        (0, 1, 7, false, 100, 7),
        (1, 1, 0, false, 30, 30),
        (1, 1, 0, true, 30, 31),
        // Never without a vote in favour.
        (1, 2, 0, true, 0, 1),
        (2, 3, 0, false, 0, 1),
        (1, 2, -9, false, 10, 1),
        // Beyond any count.
        (u32::MAX, 1, 0, true, u32::MAX, u32::MAX),
    ];
    for (numerator, denominator, constant, strict, base, expected) in table {
        let rule = MajorityRule { constant, ..rule(numerator, denominator, Base::InOffice, strict) };
        assert_eq!(needed(&rule, base), expected, "{rule:?} of {base}");
    }
}

#[test]
fn the_base_is_all_delegates_and_not_those_who_voted() {
    // 2013: 486 of 488 who voted, 498 in office. Each base has its own figure, and none is mistaken for another.
    let counted = tally(486, 1, 1, 488, 498, 500);
    let bases = [
        (Base::AllSeats, 500),
        (Base::InOffice, 498),
        (Base::Present, 488),
        (Base::TookPart, 488),
        (Base::YesAndNo, 487),
    ];
    for (base, expected) in bases {
        let judgement = motion(&rule(1, 2, base, true), &counted);
        assert_eq!(judgement.threshold.base_count, expected, "{base:?}");
        assert_eq!(judgement.threshold.count, 486);
        assert_eq!(judgement.verdict, Some(Verdict::Adopted));
    }
    let close = tally(249, 0, 0, 249, 498, 500);
    assert_eq!(motion(&rule(1, 2, Base::InOffice, true), &close).verdict, Some(Verdict::Rejected));
    assert_eq!(motion(&rule(1, 2, Base::Present, true), &close).verdict, Some(Verdict::Adopted));
}

#[test]
fn two_thirds_at_the_boundary() {
    for (yes, at_least, over) in [
        (331, Verdict::Rejected, Verdict::Rejected),
        (332, Verdict::Adopted, Verdict::Rejected),
        (333, Verdict::Adopted, Verdict::Adopted),
    ] {
        let counted = tally(yes, 0, 0, 498, 498, 500);
        assert_eq!(motion(&rule(2, 3, Base::InOffice, false), &counted).verdict, Some(at_least), "{yes}");
        assert_eq!(motion(&rule(2, 3, Base::InOffice, true), &counted).verdict, Some(over), "{yes}");
    }
}

#[test]
fn abstaining_counts_as_taking_part() {
    let counted = tally(5, 4, 2, 12, 15, 15);
    assert_eq!(motion(&rule(1, 2, Base::TookPart, true), &counted).verdict, Some(Verdict::Rejected));
    assert_eq!(motion(&rule(1, 2, Base::YesAndNo, true), &counted).verdict, Some(Verdict::Adopted));
}

#[test]
fn a_tie_is_the_chairs_only_where_one_vote_turns_it() {
    let chair = |rule: MajorityRule| MajorityRule { tie: TieRule::ChairDecides, ..rule };
    // (rule, tally, is it a tie)
    let table = [
        (chair(rule(1, 2, Base::YesAndNo, true)), tally(5, 5, 0, 10, 10, 10), true),
        (chair(rule(1, 2, Base::YesAndNo, true)), tally(5, 5, 3, 13, 20, 20), true),
        (chair(rule(1, 2, Base::YesAndNo, true)), tally(5, 4, 0, 9, 10, 10), false),
        (chair(rule(1, 2, Base::YesAndNo, true)), tally(4, 5, 0, 9, 10, 10), false),
        (chair(rule(1, 2, Base::YesAndNo, true)), tally(0, 0, 0, 9, 10, 10), false),
        (chair(rule(1, 2, Base::YesAndNo, true)), tally(0, 0, 4, 9, 10, 10), false),
        (chair(rule(1, 2, Base::TookPart, true)), tally(5, 5, 0, 10, 10, 10), true),
        (chair(rule(1, 2, Base::TookPart, true)), tally(5, 5, 3, 13, 13, 13), false),
        (chair(rule(1, 2, Base::InOffice, true)), tally(249, 249, 0, 498, 498, 500), true),
        (chair(rule(1, 2, Base::InOffice, true)), tally(10, 10, 0, 20, 100, 100), false),
        (chair(rule(2, 3, Base::YesAndNo, false)), tally(5, 5, 0, 10, 10, 10), false),
        (rule(1, 2, Base::YesAndNo, true), tally(5, 5, 0, 10, 10, 10), false),
    ];
    for (rule, counted, tie) in table {
        let judgement = motion(&rule, &counted);
        assert_eq!(judgement.tie, tie, "{rule:?} {counted:?}");
        assert_eq!(judgement.verdict.is_none(), tie, "{rule:?} {counted:?}");
    }
    // Satisfied already: nothing is left to decide.
    let satisfied = motion(&chair(rule(1, 2, Base::YesAndNo, false)), &tally(5, 5, 0, 10, 10, 10));
    assert_eq!((satisfied.tie, satisfied.verdict), (false, Some(Verdict::Adopted)));
}

#[test]
fn a_casting_vote_is_given_where_it_is_due_and_nowhere_else() {
    let rule = MajorityRule { tie: TieRule::ChairDecides, ..rule(1, 2, Base::YesAndNo, true) };
    let tied = motion(&rule, &tally(5, 5, 0, 10, 10, 10));
    assert_eq!(tied.with_casting(None), None);
    assert_eq!(tied.with_casting(Some(Verdict::Adopted)), Some(Verdict::Adopted));
    assert_eq!(tied.with_casting(Some(Verdict::Rejected)), Some(Verdict::Rejected));
    let clear = motion(&rule, &tally(6, 4, 0, 10, 10, 10));
    assert_eq!(clear.with_casting(None), Some(Verdict::Adopted));
    assert_eq!(clear.with_casting(Some(Verdict::Rejected)), None);
}

fn motion(rule: &MajorityRule, counted: &Counted) -> Judgement {
    judge(rule, QuestionForm::Motion, counted)
}

/// Candidates `c1` … with these votes, then abstentions; as many took part as `took_part` says.
fn election(votes: &[u32], abstain: u32, took_part: u32) -> Counted {
    let candidates = (1u32..).zip(votes).map(|(n, count)| (format!("c{n}"), *count));
    let answers = candidates
        .chain([("abstain".to_owned(), abstain)])
        .map(|(key, count)| AnswerCount { answer: AnswerKey::parse(key).expect("an id"), count })
        .collect();
    Counted { answers, present: took_part, in_office: took_part, seats: took_part, took_part: Some(took_part) }
}

fn chosen(judgement: &Judgement) -> Vec<&str> {
    judgement.chosen.iter().map(AnswerKey::as_str).collect()
}

#[test]
fn elected_are_those_over_the_threshold_the_most_votes_first() {
    let over_half = rule(1, 2, Base::InOffice, true);
    // (votes, places, elected)
    let table: [(&[u32], u32, &[&str]); 9] = [
        (&[30, 45, 20, 51], 2, &["c4"]),
        (&[60, 45, 80, 51], 2, &["c3", "c1"]),
        (&[60, 70, 80, 51], 9, &["c3", "c2", "c1", "c4"]),
        (&[60, 60, 60], 2, &[]),
        (&[80, 60, 60], 2, &["c1"]),
        (&[80, 60, 60], 3, &["c1", "c2", "c3"]),
        (&[60, 60, 20], 2, &["c1", "c2"]),
        (&[50, 50], 1, &[]),
        (&[0, 0], 1, &[]),
    ];
    for (votes, places, elected) in table {
        let judgement = judge(&over_half, QuestionForm::Election { places }, &election(votes, 0, 100));
        assert_eq!(chosen(&judgement), elected, "{votes:?} for {places}");
        let verdict = if elected.is_empty() { Verdict::Rejected } else { Verdict::Adopted };
        assert_eq!((judgement.verdict, judgement.tie), (Some(verdict), false));
        let threshold = Threshold { base_count: 100, needed: 51, count: *votes.iter().max().expect("some") };
        assert_eq!(judgement.threshold, threshold);
    }
}

#[test]
fn one_option_prevails_alone_or_none() {
    let rule = MajorityRule { tie: TieRule::ChairDecides, ..rule(1, 2, Base::YesAndNo, true) };
    let of = |votes: &[u32], abstain| {
        let counted = Counted { took_part: None, ..election(votes, abstain, 100) };
        let judgement = judge(&rule, QuestionForm::Choice, &counted);
        (judgement.threshold.base_count, chosen(&judgement).join(" "), judgement.tie)
    };
    // Those who abstain are not in the base.
    assert_eq!(of(&[11, 10, 0], 60), (21, "c1".to_owned(), false));
    assert_eq!(of(&[11, 10, 1], 60), (22, String::new(), false));
    // The chair has no casting vote among options.
    assert_eq!(of(&[10, 10], 0), (20, String::new(), false));
    let plurality = MajorityRule { numerator: 0, ..rule.clone() };
    let level = judge(&plurality, QuestionForm::Choice, &election(&[10, 10, 3], 0, 23));
    assert_eq!(level.chosen, []);
}

proptest! {
    /// Never more than there are places, each by the rule, and nobody who was left out has as many votes as one elected.
    #[test]
    fn an_election_is_fair(
        votes in prop::collection::vec(0u32..60, 1..=20), abstain in 0u32..10, took_part in 60u32..90, places in 1u32..=20,
        numerator in 0u32..=3, base in prop::sample::select(vec![Base::InOffice, Base::TookPart, Base::YesAndNo]), strict: bool,
    ) {
        let rule = rule(numerator, 3, base, strict);
        let counted = election(&votes, abstain, took_part);
        let judgement = judge(&rule, QuestionForm::Election { places }, &counted);
        let elected = chosen(&judgement);
        prop_assert!(elected.len() <= places as usize);
        let votes_of = |key: &str| counted.answers.iter().find(|a| a.answer.as_str() == key).map(|a| a.count);
        let base = base_count(base, QuestionForm::Election { places }, &counted);
        for key in &elected {
            prop_assert!(votes_of(key) >= Some(needed(&rule, base)));
        }
        prop_assert!(elected.is_sorted_by(|a, b| votes_of(a) >= votes_of(b)));
        let least = elected.iter().filter_map(|key| votes_of(key)).min();
        let left_out = |key: &str| key != "abstain" && !elected.contains(&key);
        for other in counted.answers.iter().filter(|a| left_out(a.answer.as_str())) {
            prop_assert!(least.is_none_or(|least| other.count < least));
            // Left out for a reason: too few votes, or level with others at the last place, or all places taken.
            let above = counted.answers.iter().filter(|a| a.answer.as_str() != "abstain" && a.count >= other.count).count();
            prop_assert!(other.count < needed(&rule, base) || above > places as usize);
        }
    }

    /// `needed` is the least count for which the rule's own inequality holds.
    #[test]
    fn needed_is_the_least_that_holds(
        numerator in 0u32..=10_000, denominator in 1u32..=10_000, constant in -10_000i32..=10_000, strict: bool, base in 0u32..=100_000,
    ) {
        let rule = MajorityRule { constant, ..rule(numerator, denominator, Base::InOffice, strict) };
        let holds = |count: i64| {
            let left = count * i64::from(denominator);
            let right = i64::from(numerator) * i64::from(base) + i64::from(constant) * i64::from(denominator);
            if strict { left > right } else { left >= right }
        };
        let least = i64::from(needed(&rule, base));
        prop_assert!(holds(least));
        prop_assert!(least == 1 || !holds(least - 1));
    }
}
