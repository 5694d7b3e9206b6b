//! What a majority rule says of a count, by an arithmetic of its own: the chamber's looks for the smallest count that
//! satisfies a rule, this one multiplies out and compares. Should either be wrong, they differ.

use crate::chamber::ballot::Verdict;
use crate::chamber::rules::{Base, MajorityRule, TieRule};

/// A ballot's count, and everything a rule may want to compare it with.
pub struct Figures {
    pub yes: i128,
    pub no: i128,
    /// All answers together.
    pub took_part: i128,
    pub present: i128,
    pub in_office: i128,
    pub seats: i128,
}

/// The rule leaves it to the chair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tie;

/// Whether the votes in favour satisfy the rule: yes × d compared with n × base + constant × d, never with a rounded share.
/// Nothing is adopted without a vote in favour. The chair decides where the rule says so, votes for and against are equal and
/// not none, and one vote more in favour would turn the result.
pub fn judge(rule: &MajorityRule, figures: &Figures) -> Result<Verdict, Tie> {
    let (yes, no) = (figures.yes, figures.no);
    let (base, grows_with_a_vote) = match rule.base {
        Base::AllSeats => (figures.seats, false),
        Base::InOffice => (figures.in_office, false),
        Base::Present => (figures.present, false),
        Base::TookPart => (figures.took_part, true),
        Base::YesAndNo => (yes + no, true),
    };
    let satisfied = |yes: i128, base: i128| {
        let denominator = i128::from(rule.denominator);
        let share = i128::from(rule.numerator) * base + i128::from(rule.constant) * denominator;
        let reached = if rule.strict { yes * denominator > share } else { yes * denominator >= share };
        reached && yes >= 1
    };
    if satisfied(yes, base) {
        return Ok(Verdict::Adopted);
    }
    let one_more = satisfied(yes + 1, base + i128::from(grows_with_a_vote));
    let tie = rule.tie == TieRule::ChairDecides && yes == no && yes > 0 && one_more;
    if tie { Err(Tie) } else { Ok(Verdict::Rejected) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chamber::ballot::{AnswerCount, Counted};
    use crate::chamber::ids::AnswerKey;
    use crate::chamber::majority;

    /// Two arithmetics, one answer, for every small council and a spread of rules.
    #[test]
    fn the_chamber_and_the_verifier_judge_alike() {
        const BASES: [Base; 5] = [Base::AllSeats, Base::InOffice, Base::Present, Base::TookPart, Base::YesAndNo];
        let shares = [(1, 2), (2, 3), (3, 4), (1, 1), (0, 1), (1, 3)];
        let mut compared = 0;
        for (seats, in_office, present) in [(7, 7, 7), (7, 6, 5), (9, 8, 4), (5, 3, 3), (1, 1, 1)] {
            for (yes, no, abstain) in splits(present) {
                for (base, (numerator, denominator)) in
                    BASES.into_iter().flat_map(|base| shares.map(|share| (base, share)))
                {
                    for (constant, strict) in [(0, true), (0, false), (1, false), (-1, true)] {
                        let tie = TieRule::ChairDecides;
                        let rule = MajorityRule { numerator, denominator, base, constant, strict, tie };
                        assert_alike(&rule, [yes, no, abstain], [present, in_office, seats]);
                        compared += 1;
                    }
                }
            }
        }
        assert!(compared > 10_000);
    }

    fn splits(present: u32) -> Vec<(u32, u32, u32)> {
        let all = 0..=present;
        all.flat_map(|yes| (0..=present - yes).map(move |no| (yes, no)))
            .flat_map(|(yes, no)| (0..=present - yes - no).map(move |abstain| (yes, no, abstain)))
            .collect()
    }

    fn assert_alike(rule: &MajorityRule, [yes, no, abstain]: [u32; 3], [present, in_office, seats]: [u32; 3]) {
        let part = |key, count| AnswerCount { answer: AnswerKey::parse(key).unwrap(), count };
        let answers = vec![part("yes", yes), part("no", no), part("abstain", abstain)];
        let chamber = majority::judge(rule, &Counted { answers, present, in_office, seats });
        let figures = Figures {
            yes: yes.into(),
            no: no.into(),
            took_part: (yes + no + abstain).into(),
            present: present.into(),
            in_office: in_office.into(),
            seats: seats.into(),
        };
        let here = judge(rule, &figures);
        assert_eq!(here.ok(), chamber.verdict, "{rule:?} {yes}:{no}:{abstain} of {present}, {in_office}, {seats}");
        assert_eq!(here.is_err(), chamber.tie);
    }
}
