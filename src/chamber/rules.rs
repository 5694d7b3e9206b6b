//! A council's own rules, as data. Percentages are never computed here: exact integers only.

use serde::{Deserialize, Serialize};

/// What a majority is counted over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Base {
    AllSeats,
    InOffice,
    Present,
    TookPart,
    YesAndNo,
}

/// What a tie between yes and no means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum TieRule {
    Fails,
    ChairDecides,
}

/// count > (numerator / denominator) × base + constant, or ≥ where not `strict`; and count ≥ 1 always.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct MajorityRule {
    pub numerator: u32,
    /// Never 0.
    pub denominator: u32,
    pub base: Base,
    pub constant: i32,
    pub strict: bool,
    pub tie: TieRule,
}

/// May the named list be published?
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum NamesPolicy {
    Restricted,
    Public,
}

/// A council's rules profile: laid down at its founding, changed by the order `set_rules`. A question keeps the rule it was
/// prepared with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct RulesProfile {
    /// `province`, `commune` or `generic`: the preset it was made from.
    pub preset: String,
    /// Seats the council has by law; some may be vacant.
    pub seats: u32,
    pub quorum: MajorityRule,
    /// False: an inquorate ballot is only warned of.
    pub quorum_enforced: bool,
    /// Rules a question can name, in the order they are offered.
    pub majorities: Vec<NamedRule>,
    /// What each answer means, in the council's language; keys in the order they are shown.
    pub answers: Vec<AnswerMeaning>,
    /// Default length of a ballot; 0 means that only the chair closes it.
    pub ballot_seconds: u32,
    pub change_allowed: bool,
    pub show_split: bool,
    pub names: NamesPolicy,
    #[serde(default, skip_serializing_if = "SpeakingRules::is_default")]
    pub speaking: SpeakingRules,
}

/// How long each kind of speech may take, in seconds, and how many ask in one round of interpellation. The defaults are the
/// National Assembly's practice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SpeakingRules {
    pub speak: u32,
    pub interpellate: u32,
    pub answer: u32,
    pub rebut: u32,
    pub explain: u32,
    pub point_of_order: u32,
    pub askers_a_round: u32,
}

impl Default for SpeakingRules {
    fn default() -> Self {
        Self {
            speak: 420,
            interpellate: 60,
            answer: 180,
            rebut: 120,
            explain: 180,
            point_of_order: 60,
            askers_a_round: 3,
        }
    }
}

impl SpeakingRules {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[cfg_attr(test, ts(rename = "OrderAnswer"))]
pub struct AnswerMeaning {
    pub key: super::ids::AnswerKey,
    pub meaning: String,
}

/// A rule together with its name, as the profile lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct NamedRule {
    pub name: String,
    pub rule: MajorityRule,
}
