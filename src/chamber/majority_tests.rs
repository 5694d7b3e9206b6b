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
    Counted { answers, present, in_office, seats }
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
        let judgement = judge(&rule(1, 2, base, true), &counted);
        assert_eq!(judgement.threshold.base_count, expected, "{base:?}");
        assert_eq!(judgement.threshold.count, 486);
        assert_eq!(judgement.verdict, Some(Verdict::Adopted));
    }
    let close = tally(249, 0, 0, 249, 498, 500);
    assert_eq!(judge(&rule(1, 2, Base::InOffice, true), &close).verdict, Some(Verdict::Rejected));
    assert_eq!(judge(&rule(1, 2, Base::Present, true), &close).verdict, Some(Verdict::Adopted));
}

#[test]
fn two_thirds_at_the_boundary() {
    for (yes, at_least, over) in [
        (331, Verdict::Rejected, Verdict::Rejected),
        (332, Verdict::Adopted, Verdict::Rejected),
        (333, Verdict::Adopted, Verdict::Adopted),
    ] {
        let counted = tally(yes, 0, 0, 498, 498, 500);
        assert_eq!(judge(&rule(2, 3, Base::InOffice, false), &counted).verdict, Some(at_least), "{yes}");
        assert_eq!(judge(&rule(2, 3, Base::InOffice, true), &counted).verdict, Some(over), "{yes}");
    }
}

#[test]
fn abstaining_counts_as_taking_part() {
    let counted = tally(5, 4, 2, 12, 15, 15);
    assert_eq!(judge(&rule(1, 2, Base::TookPart, true), &counted).verdict, Some(Verdict::Rejected));
    assert_eq!(judge(&rule(1, 2, Base::YesAndNo, true), &counted).verdict, Some(Verdict::Adopted));
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
        let judgement = judge(&rule, &counted);
        assert_eq!(judgement.tie, tie, "{rule:?} {counted:?}");
        assert_eq!(judgement.verdict.is_none(), tie, "{rule:?} {counted:?}");
    }
    // Satisfied already: nothing is left to decide.
    let satisfied = judge(&chair(rule(1, 2, Base::YesAndNo, false)), &tally(5, 5, 0, 10, 10, 10));
    assert_eq!((satisfied.tie, satisfied.verdict), (false, Some(Verdict::Adopted)));
}

#[test]
fn a_casting_vote_is_given_where_it_is_due_and_nowhere_else() {
    let rule = MajorityRule { tie: TieRule::ChairDecides, ..rule(1, 2, Base::YesAndNo, true) };
    let tied = judge(&rule, &tally(5, 5, 0, 10, 10, 10));
    assert_eq!(tied.with_casting(None), None);
    assert_eq!(tied.with_casting(Some(Verdict::Adopted)), Some(Verdict::Adopted));
    assert_eq!(tied.with_casting(Some(Verdict::Rejected)), Some(Verdict::Rejected));
    let clear = judge(&rule, &tally(6, 4, 0, 10, 10, 10));
    assert_eq!(clear.with_casting(None), Some(Verdict::Adopted));
    assert_eq!(clear.with_casting(Some(Verdict::Rejected)), None);
}

proptest! {
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
