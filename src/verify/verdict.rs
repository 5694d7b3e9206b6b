//! What a majority rule says of a count, by an arithmetic of its own: the chamber's looks for the smallest count that
//! satisfies a rule, this one multiplies out and compares. Should either be wrong, they differ.

use crate::chamber::ballot::{QuestionForm, Verdict};
use crate::chamber::ids::AnswerKey;
use crate::chamber::rules::{Base, MajorityRule, TieRule};

/// A ballot's count, and everything a rule may want to compare it with.
pub struct Figures {
    /// Votes for each answer, in the question's order.
    pub answers: Vec<(AnswerKey, i128)>,
    /// Everybody who voted; on paper, every ballot returned.
    pub took_part: i128,
    pub present: i128,
    pub in_office: i128,
    pub seats: i128,
}

/// What the rule gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    pub verdict: Verdict,
    /// The option that prevails or the candidates elected, the most votes first.
    pub chosen: Vec<AnswerKey>,
}

/// The rule leaves it to the chair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tie;

/// Applies a question's rule to a count, never with a rounded share.
pub fn judge(rule: &MajorityRule, form: QuestionForm, figures: &Figures) -> Result<Judged, Tie> {
    match form {
        QuestionForm::Motion => motion(rule, figures).map(|verdict| Judged { verdict, chosen: Vec::new() }),
        QuestionForm::Choice => Ok(elected(rule, figures, 1)),
        QuestionForm::Election { places } => Ok(elected(rule, figures, places)),
    }
}

impl Figures {
    fn of(&self, key: &str) -> i128 {
        self.answers.iter().find(|(answer, _)| answer.as_str() == key).map_or(0, |(_, count)| *count)
    }

    /// The rule's base, and whether one vote more would make it larger. `yes_and_no` is given, since it differs by form.
    fn base(&self, rule: &MajorityRule, yes_and_no: i128) -> (i128, bool) {
        match rule.base {
            Base::AllSeats => (self.seats, false),
            Base::InOffice => (self.in_office, false),
            Base::Present => (self.present, false),
            Base::TookPart => (self.took_part, true),
            Base::YesAndNo => (yes_and_no, true),
        }
    }
}

/// count × d compared with n × base + constant × d. Nothing is adopted without a vote in favour.
fn satisfied(rule: &MajorityRule, count: i128, base: i128) -> bool {
    let denominator = i128::from(rule.denominator);
    let share = i128::from(rule.numerator) * base + i128::from(rule.constant) * denominator;
    let reached = if rule.strict { count * denominator > share } else { count * denominator >= share };
    reached && count >= 1
}

/// Whether the votes in favour satisfy the rule. The chair decides where the rule says so, votes for and against are equal
/// and not none, and one vote more in favour would turn the result.
fn motion(rule: &MajorityRule, figures: &Figures) -> Result<Verdict, Tie> {
    let (yes, no) = (figures.of(AnswerKey::YES), figures.of(AnswerKey::NO));
    let (base, grows_with_a_vote) = figures.base(rule, yes + no);
    if satisfied(rule, yes, base) {
        return Ok(Verdict::Adopted);
    }
    let one_more = satisfied(rule, yes + 1, base + i128::from(grows_with_a_vote));
    let tie = rule.tie == TieRule::ChairDecides && yes == no && yes > 0 && one_more;
    if tie { Err(Tie) } else { Ok(Verdict::Rejected) }
}

/// Who satisfies the rule and has a place to himself: fewer than `places` others who satisfy it have as many votes or more.
fn elected(rule: &MajorityRule, figures: &Figures, places: u32) -> Judged {
    let abstain = figures.of(AnswerKey::ABSTAIN);
    let (base, _) = figures.base(rule, figures.took_part - abstain);
    let stand = figures.answers.iter().filter(|(key, _)| key.as_str() != AnswerKey::ABSTAIN);
    let qualified: Vec<&(AnswerKey, i128)> = stand.filter(|(_, count)| satisfied(rule, *count, base)).collect();
    let has_place = |(key, count): &(AnswerKey, i128)| {
        let rivals = qualified.iter().filter(|(other, votes)| other != key && votes >= count).count();
        i128::try_from(rivals).is_ok_and(|rivals| rivals < i128::from(places))
    };
    let mut chosen: Vec<&(AnswerKey, i128)> = qualified.iter().copied().filter(|one| has_place(one)).collect();
    chosen.sort_by_key(|(_, count)| -count);
    let verdict = if chosen.is_empty() { Verdict::Rejected } else { Verdict::Adopted };
    Judged { verdict, chosen: chosen.into_iter().map(|(key, _)| key.clone()).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chamber::ballot::{AnswerCount, Counted};
    use crate::chamber::majority;

    const BASES: [Base; 5] = [Base::AllSeats, Base::InOffice, Base::Present, Base::TookPart, Base::YesAndNo];

    /// Two arithmetics, one answer, for every small council and a spread of rules.
    #[test]
    fn the_chamber_and_the_verifier_judge_alike() {
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
        let counts = [("yes", yes), ("no", no), ("abstain", abstain)].map(|(key, count)| (key.to_owned(), count));
        let counted = counted(&counts, yes + no + abstain, [present, in_office, seats]);
        compare(rule, QuestionForm::Motion, &Counted { took_part: None, ..counted });
    }

    fn counted(counts: &[(String, u32)], took_part: u32, [present, in_office, seats]: [u32; 3]) -> Counted {
        let part = |(key, count): &(String, u32)| AnswerCount {
            answer: AnswerKey::parse(key.as_str()).unwrap(),
            count: *count,
        };
        let answers = counts.iter().map(part).collect();
        Counted { answers, present, in_office, seats, took_part: Some(took_part) }
    }

    fn compare(rule: &MajorityRule, form: QuestionForm, counted: &Counted) {
        let chamber = majority::judge(rule, form, counted);
        let figures = Figures {
            answers: counted.answers.iter().map(|part| (part.answer.clone(), part.count.into())).collect(),
            took_part: counted.took_part().into(),
            present: counted.present.into(),
            in_office: counted.in_office.into(),
            seats: counted.seats.into(),
        };
        let here = judge(rule, form, &figures);
        assert_eq!(here.is_err(), chamber.tie);
        let (verdict, chosen) = here.map_or((None, Vec::new()), |judged| (Some(judged.verdict), judged.chosen));
        assert_eq!((verdict, chosen), (chamber.verdict, chamber.chosen), "{rule:?} {form:?} {counted:?}");
    }

    /// Every small election: three candidates, one to three places, every count up to five, and each base.
    #[test]
    fn the_chamber_and_the_verifier_elect_alike() {
        let mut compared = 0;
        for votes in (0..6u32 * 6 * 6).map(|n| [n % 6, n / 6 % 6, n / 36]) {
            for (places, abstain, base) in
                [1, 2, 3].into_iter().flat_map(|p| [0, 2].into_iter().flat_map(move |a| BASES.map(|b| (p, a, b))))
            {
                for (numerator, constant, strict) in [(0, 0, true), (1, 0, true), (1, 0, false), (2, -1, false)] {
                    let tie = TieRule::ChairDecides;
                    let rule = MajorityRule { numerator, denominator: 2, base, constant, strict, tie };
                    let keys = (1u32..).zip(votes).map(|(n, count)| (format!("c{n}"), count));
                    let counts: Vec<(String, u32)> = keys.chain([("abstain".to_owned(), abstain)]).collect();
                    let counted = counted(&counts, 5 + abstain, [8, 9, 10]);
                    compare(&rule, QuestionForm::Election { places }, &counted);
                    compare(&rule, QuestionForm::Choice, &Counted { took_part: None, ..counted });
                    compared += 2;
                }
            }
        }
        assert!(compared > 10_000);
    }
}
