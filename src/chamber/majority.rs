//! Majority rules in exact integers. No share is ever rounded: a rule is turned into the smallest count that satisfies it.

use super::ballot::{Counted, Verdict};
use super::rules::{Base, MajorityRule, TieRule};

/// A rule applied to figures: all that is needed to print its working.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Threshold {
    /// Size of the rule's base.
    pub base_count: u32,
    /// The smallest count that satisfies the rule.
    pub needed: u32,
    /// The count the rule looks at.
    pub count: u32,
}

impl Threshold {
    pub fn met(&self) -> bool {
        self.count >= self.needed
    }
}

/// What a rule says of a tally.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Judgement {
    pub threshold: Threshold,
    /// The chair must decide: see [`judge`].
    pub tie: bool,
    /// `None` exactly when `tie`.
    pub verdict: Option<Verdict>,
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

/// How large the rule's base is in a tally.
pub fn base_count(base: Base, counted: &Counted) -> u32 {
    match base {
        Base::AllSeats => counted.seats,
        Base::InOffice => counted.in_office,
        Base::Present => counted.present,
        Base::TookPart => counted.took_part(),
        Base::YesAndNo => counted.yes().saturating_add(counted.no()),
    }
}

/// Applies the rule to the votes in favour.
///
/// The tie is the chair's to decide when the rule says so (`chair_decides`), somebody voted, votes for and against are
/// equal, the rule is not satisfied, and one vote more in favour would satisfy it. That vote also adds one to a base that
/// counts votes (took part, for + against). Where one vote could not turn the result (10 : 10 of 100 when 51 are
/// needed), it is no tie but a rejection.
pub fn judge(rule: &MajorityRule, counted: &Counted) -> Judgement {
    let (yes, no) = (counted.yes(), counted.no());
    let base = base_count(rule.base, counted);
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
    Judgement { threshold, tie, verdict }
}

#[cfg(test)]
#[path = "majority_tests.rs"]
mod tests;
