//! Questions and the rounds of voting on them.

use super::agenda::{is_false, is_zero};
use super::ids::{AnswerKey, BallotId, ItemId, Millis, PersonId, QuestionId};
use super::roll::Person;
use super::rules::{AnswerMeaning, MajorityRule};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// One round of voting on a question, as the fold has it. Written down by [`super::kept`], which has the lists of people left out here.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ballot {
    pub id: BallotId,
    pub question: QuestionId,
    pub item: ItemId,
    /// From 1.
    pub round: u32,
    /// The round before, which was voided or annulled.
    pub previous: Option<BallotId>,
    /// SHA-256 hex that every vote in it names.
    pub document_sha256: String,
    pub state: BallotState,
    pub opened_at: Millis,
    /// While open and limited: when it closes by itself. From this moment on no vote counts.
    pub closes_at: Option<Millis>,
    /// While on hold and limited: what is left, in milliseconds.
    pub remaining_ms: Option<u64>,
    /// Whole length with its extensions, holds left out; `None` when only the chair closes it.
    pub length_ms: Option<u64>,
    /// While on hold.
    pub hold: Option<Hold>,
    /// The last vote of each person. Those before it stay in the record. Empty for a count taken by hand or on paper.
    #[serde(skip)]
    pub votes: BTreeMap<PersonId, Vote>,
    /// Entitled delegates present at any moment while it was open. Fixed by the closing.
    #[serde(skip)]
    pub present: BTreeSet<PersonId>,
    /// Taken behind closed doors: its result is not for the public, then or later.
    pub closed_doors: bool,
    /// How the votes were taken.
    pub form: BallotForm,
    /// Who recorded a count that was taken by hand or on paper.
    pub recorded_by: Option<PersonId>,
    pub papers: Option<Papers>,
    /// From the closing on; a voided ballot keeps what it had.
    pub outcome: Option<Outcome>,
    /// Why it was voided or annulled.
    pub reason: Option<String>,
}

impl Ballot {
    /// Between its opening and its announcement; a council has at most one such ballot.
    pub fn is_running(&self) -> bool {
        matches!(self.state, BallotState::Open | BallotState::OnHold | BallotState::Closed | BallotState::Confirmed)
    }

    /// Open or on hold: its votes are not final.
    pub fn is_taking_votes(&self) -> bool {
        matches!(self.state, BallotState::Open | BallotState::OnHold)
    }

    /// A vote at `now` would count.
    pub fn is_open_at(&self, now: Millis) -> bool {
        self.state == BallotState::Open && !self.is_due(now)
    }

    /// Its time has run out and only the closing entry is missing.
    pub fn is_due(&self, now: Millis) -> bool {
        self.state == BallotState::Open && self.closes_at.is_some_and(|closes_at| closes_at <= now)
    }

    /// Announced or annulled: its result never changes again.
    pub fn is_sealed(&self) -> bool {
        matches!(self.state, BallotState::Announced | BallotState::Annulled)
    }

    /// How many chose each of `question`'s answers, in the question's order.
    pub fn count(&self, question: &Question) -> Vec<AnswerCount> {
        let mut counts: Vec<AnswerCount> =
            question.answers.iter().map(|a| AnswerCount { answer: a.key.clone(), count: 0 }).collect();
        for answer in self.votes.values().flat_map(Vote::answers) {
            if let Some(entry) = counts.iter_mut().find(|entry| entry.answer == *answer) {
                entry.count += 1;
            }
        }
        counts
    }
}

/// draft → open ⇄ on hold → closed → confirmed → announced; voided before it is announced, annulled after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum BallotState {
    Open,
    OnHold,
    Closed,
    Confirmed,
    Announced,
    Voided,
    Annulled,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    pub cause: HoldCause,
    pub reason: Option<String>,
    pub since: Millis,
}

/// A person's last vote in a ballot, and where the record has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vote {
    pub answer: AnswerKey,
    /// Further candidates chosen in an election, in the order of the question's answers.
    pub more: Vec<AnswerKey>,
    pub turn: u32,
    pub seq: u64,
    pub at: Millis,
}

impl Vote {
    /// Everything that was chosen.
    pub fn answers(&self) -> impl Iterator<Item = &AnswerKey> {
        std::iter::once(&self.answer).chain(&self.more)
    }
}

/// How votes were taken. All but `electronic` are counted by people and recorded as such.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS))]
#[cfg_attr(test, ts(rename = "OrderBallotForm"))]
pub enum BallotForm {
    #[default]
    Electronic,
    /// Giơ tay.
    ShowOfHands,
    /// Phiếu giấy.
    Paper,
}

/// Phát ra, thu về, hợp lệ, không hợp lệ: `valid + invalid = returned ≤ issued ≤ present`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[cfg_attr(test, ts(rename = "OrderPapers"))]
pub struct Papers {
    pub issued: u32,
    pub returned: u32,
    pub valid: u32,
    pub invalid: u32,
}

/// What a ballot came to. `verdict` and `casting` are set by the confirmation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    pub counted: Counted,
    /// The delegates in office at the closing, as they were then, in seat order; `counted.in_office` of them were entitled.
    /// Ballots closed over the same roll share it.
    #[serde(skip)]
    pub delegates: Arc<[Person]>,
    pub closed_by: ClosedBy,
    pub closed_at: Millis,
    pub verdict: Option<Verdict>,
    pub casting: Option<Verdict>,
    /// The option that prevailed or the candidates who were elected, by the confirmation.
    pub chosen: Vec<AnswerKey>,
    pub confirmed_at: Option<Millis>,
    pub announced_at: Option<Millis>,
}

/// What is put to the vote. Its document ([`super::question`]) is what every vote's hash names.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Question {
    pub id: QuestionId,
    pub item: ItemId,
    pub title: String,
    pub text: String,
    pub answers: Vec<AnswerMeaning>,
    pub rule: MajorityRule,
    #[serde(skip_serializing_if = "QuestionForm::is_motion", default)]
    pub form: QuestionForm,
    /// The questions that this one puts to the vote all at once (en bloc).
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub bloc: Vec<BlocPart>,
    /// Only delegates of these groups vote on it, each named once, in order; everybody where empty.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub groups: Vec<String>,
    /// How many candidates one vote names at least, where it does not abstain. 0 where one is enough.
    #[serde(skip_serializing_if = "is_zero", default)]
    pub min_choices: u32,
    /// Each seat shows its answer while the ballot is open.
    #[serde(skip_serializing_if = "is_false", default)]
    pub live_names: bool,
    /// 0: no limit.
    pub seconds: u32,
    pub change_allowed: bool,
    pub show_split: bool,
    /// SHA-256 hex of the `chamber-question/v1` document made of the fields above.
    pub document_sha256: String,
}

impl Question {
    /// Whether one vote may name these answers together: ones the question has, in its order, each once, no more than its
    /// form allows, and `abstain` alone. That they are enough, [`Self::has_enough`] says.
    pub fn takes(&self, answer: &AnswerKey, more: &[AnswerKey]) -> bool {
        let mut offered = self.answers.iter();
        // The search goes on from where the last answer was found, so each must stand after the one before.
        let in_order = std::iter::once(answer).chain(more).all(|key| offered.any(|known| known.key == *key));
        let fits_form = u32::try_from(more.len()).is_ok_and(|further| further < self.form.choices());
        let abstains_alone =
            more.is_empty() || std::iter::once(answer).chain(more).all(|key| key.as_str() != AnswerKey::ABSTAIN);
        in_order && fits_form && abstains_alone
    }

    /// Whether somebody who abstains, or names these answers, names enough.
    pub fn has_enough(&self, answer: &AnswerKey, more: &[AnswerKey]) -> bool {
        let named = u32::try_from(more.len()).unwrap_or(u32::MAX).saturating_add(1);
        named >= self.min_choices || answer.as_str() == AnswerKey::ABSTAIN
    }

    pub fn has_answer(&self, key: &AnswerKey) -> bool {
        self.own_key(key).is_some()
    }

    /// Its own copy of an answer's key, whose text votes share.
    pub(super) fn own_key(&self, key: &AnswerKey) -> Option<&AnswerKey> {
        self.answers.iter().map(|answer| &answer.key).find(|own| *own == key)
    }
}

/// What kind of choice a question offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS))]
#[cfg_attr(test, ts(rename = "OrderQuestionForm"))]
pub enum QuestionForm {
    /// For, against, abstain; the rule looks at the votes in favour.
    #[default]
    Motion,
    /// One of several options (`a1` …) or `abstain`. The option with the most votes prevails where it alone has them and they
    /// satisfy the rule.
    Choice,
    /// Up to `places` of the candidates (`c1` …), or `abstain`. Elected are those whose votes satisfy the rule, the most votes
    /// first; those who tie for the last place are not.
    Election { places: u32 },
}

impl QuestionForm {
    pub fn is_motion(&self) -> bool {
        *self == Self::Motion
    }

    pub fn is_election(&self) -> bool {
        matches!(self, Self::Election { .. })
    }

    /// How many answers one vote may name.
    pub fn choices(&self) -> u32 {
        match self {
            Self::Motion | Self::Choice => 1,
            Self::Election { places } => *places,
        }
    }
}

/// One question of a bloc, as it stood when the bloc was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlocPart {
    pub question: QuestionId,
    pub title: String,
    pub document_sha256: String,
}

impl BlocPart {
    pub(super) fn of(question: &Question) -> Self {
        Self {
            question: question.id.clone(),
            title: question.title.clone(),
            document_sha256: question.document_sha256.clone(),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS))]
#[cfg_attr(test, ts(rename = "OrderVerdict"))]
pub enum Verdict {
    Adopted,
    Rejected,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HoldCause {
    Chair,
    StoreUnavailable,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClosedBy {
    Chair,
    Time,
}

/// A tally with every base a rule may want, fixed at the closing. `cast ≤ present ≤ in_office ≤ seats`. Of a question put to
/// some groups only, all of them count these groups' delegates, and `seats` is as many as `in_office`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// In the question's order of answers.
    pub answers: Vec<AnswerCount>,
    /// Present at any moment while it was open.
    pub present: u32,
    pub in_office: u32,
    pub seats: u32,
    /// How many took part, where that is not the sum of the counts: in elections (people who voted), and on paper (ballots
    /// returned).
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub took_part: Option<u32>,
}

impl Counted {
    pub fn yes(&self) -> u32 {
        self.of(AnswerKey::YES)
    }

    pub fn no(&self) -> u32 {
        self.of(AnswerKey::NO)
    }

    pub fn abstain(&self) -> u32 {
        self.of(AnswerKey::ABSTAIN)
    }

    /// Everybody who chose an answer, abstaining included.
    pub fn took_part(&self) -> u32 {
        let sum = || self.answers.iter().fold(0, |sum: u32, answer| sum.saturating_add(answer.count));
        self.took_part.unwrap_or_else(sum)
    }

    fn of(&self, key: &str) -> u32 {
        self.answers.iter().find(|answer| answer.answer.as_str() == key).map_or(0, |answer| answer.count)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[cfg_attr(test, ts(rename = "OrderAnswerCount"))]
pub struct AnswerCount {
    pub answer: AnswerKey,
    pub count: u32,
}
