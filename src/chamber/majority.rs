//! Majority rules in exact integers. No share is ever rounded: a rule is turned into the smallest count that satisfies it.

use super::ballot::{AnswerCount, Counted, QuestionForm, Verdict};
use super::ids::AnswerKey;
use super::rules::{Base, MajorityRule, TieRule};

/// A rule applied to figures: all that is needed to print its working.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Threshold {
    /// Size of the rule's base.
    pub base_count: u32,
    /// The smallest count that satisfies the rule.
    pub needed: u32,
    /// The count the rule looks at: the votes in favour, or the most votes an option or a candidate got.
    pub count: u32,
}

impl Threshold {
    pub fn met(&self) -> bool {
        self.count >= self.needed
    }
}

/// What a rule says of a tally.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    pub threshold: Threshold,
    /// The chair must decide. Only on a motion.
    pub tie: bool,
    /// `None` exactly when `tie`.
    pub verdict: Option<Verdict>,
    /// The option that prevails or the candidates elected, the most votes first. Empty for motions.
    pub chosen: Vec<AnswerKey>,
}

impl Judgement {
    /// The verdict after the chair spoke. `None` when a casting vote is missing, or was given where none is due.
    pub fn with_casting(&self, casting: Option<Verdict>) -> Option<Verdict> {
        match (self.tie, casting) {
            (true, Some(casting)) => Some(casting),
            (false, None) => self.verdict,
            (true, None) | (false, Some(_)) => None,
        }
    }
}

/// The smallest count that satisfies `rule` over a base of `base_count`. Never 0: nothing is adopted without a vote in
/// favour, whatever the constant and however small the base. It may exceed the base; then nothing satisfies the rule.
pub fn needed(rule: &MajorityRule, base_count: u32) -> u32 {
    // count × d > n × base + c × d, over a denominator that is never 0 in a founded council.
    let denominator = i128::from(rule.denominator.max(1));
    let bound = i128::from(rule.numerator) * i128::from(base_count) + i128::from(rule.constant) * denominator;
    let below = bound.div_euclid(denominator);
    let exact = bound.rem_euclid(denominator) == 0;
    let least = if exact && !rule.strict { below } else { below + 1 };
    u32::try_from(least.max(1)).unwrap_or(u32::MAX)
}

/// How large the rule's base is in a tally. For + against are, where options or candidates are chosen, all who took part
/// and did not abstain.
pub fn base_count(base: Base, form: QuestionForm, counted: &Counted) -> u32 {
    match base {
        Base::AllSeats => counted.seats,
        Base::InOffice => counted.in_office,
        Base::Present => counted.present,
        Base::TookPart => counted.took_part(),
        Base::YesAndNo if form.is_motion() => counted.yes().saturating_add(counted.no()),
        Base::YesAndNo => counted.took_part().saturating_sub(counted.abstain()),
    }
}

/// Applies the rule to a tally as the question's form asks.
pub fn judge(rule: &MajorityRule, form: QuestionForm, counted: &Counted) -> Judgement {
    match form {
        QuestionForm::Motion => judge_motion(rule, counted),
        QuestionForm::Choice => judge_candidates(rule, form, counted, 1),
        QuestionForm::Election { places } => judge_candidates(rule, form, counted, places),
    }
}

/// Applies the rule to the votes in favour.
///
/// The tie is the chair's to decide when the rule says so (`chair_decides`), somebody voted, votes for and against are
/// equal, the rule is not satisfied, and one vote more in favour would satisfy it. That vote also adds one to a base that
/// counts votes (took part, for + against). Where one vote could not turn the result (10 : 10 of 100 when 51 are
/// needed), it is no tie but a rejection.
fn judge_motion(rule: &MajorityRule, counted: &Counted) -> Judgement {
    let (yes, no) = (counted.yes(), counted.no());
    let base = base_count(rule.base, QuestionForm::Motion, counted);
    let threshold = Threshold { base_count: base, needed: needed(rule, base), count: yes };
    let base_with_one_more = match rule.base {
        Base::TookPart | Base::YesAndNo => base.saturating_add(1),
        Base::AllSeats | Base::InOffice | Base::Present => base,
    };
    let tie = rule.tie == TieRule::ChairDecides
        && yes == no
        && yes > 0
        && !threshold.met()
        && yes.saturating_add(1) >= needed(rule, base_with_one_more);
    let verdict = match (threshold.met(), tie) {
        (true, _) => Some(Verdict::Adopted),
        (false, true) => None,
        (false, false) => Some(Verdict::Rejected),
    };
    Judgement { threshold, tie, verdict, chosen: Vec::new() }
}

/// Applies the rule to each option or candidate by itself; an option is elected to the one place there is. Nobody's
/// casting vote breaks a tie here: those level at the last place are not elected, and another round decides.
fn judge_candidates(rule: &MajorityRule, form: QuestionForm, counted: &Counted, places: u32) -> Judgement {
    let base = base_count(rule.base, form, counted);
    let needed = needed(rule, base);
    let mut ranked: Vec<&AnswerCount> =
        counted.answers.iter().filter(|part| part.answer.as_str() != AnswerKey::ABSTAIN).collect();
    // Stable: those with equal votes stay in the question's order.
    ranked.sort_by_key(|candidate| std::cmp::Reverse(candidate.count));
    let most = ranked.first().map_or(0, |first| first.count);
    ranked.retain(|candidate| candidate.count >= needed);
    // The first of those who satisfy the rule but come too late: whoever has no more votes than that one is level with it.
    let too_late = ranked.get(usize::try_from(places).unwrap_or(usize::MAX)).map(|candidate| candidate.count);
    let elected = ranked.into_iter().filter(|candidate| too_late.is_none_or(|level| candidate.count > level));
    let chosen: Vec<AnswerKey> = elected.map(|candidate| candidate.answer.clone()).collect();
    let verdict = if chosen.is_empty() { Verdict::Rejected } else { Verdict::Adopted };
    Judgement {
        threshold: Threshold { base_count: base, needed, count: most },
        tie: false,
        verdict: Some(verdict),
        chosen,
    }
}

#[cfg(test)]
#[path = "majority_tests.rs"]
mod tests;
