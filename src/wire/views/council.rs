//! The agenda: what is put to the vote, by which rule, and what came of it.

use super::live::PersonRef;
use super::{is_false, is_zero};
use serde::{Deserialize, Serialize};

/// The council, its session and agenda: changes seldom. Topic `council`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct CouncilView {
    pub id: String,
    pub origin: String,
    pub name: String,
    pub short_name: String,
    /// The checkpoint key, as a verifier key text `name+hash+key`.
    pub vkey: String,
    /// True when named votes are published.
    pub names_public: bool,
    /// Nothing done here enters the council's record.
    pub rehearsal: bool,
    /// Id of the rehearsal that is running beside this council, under `/c/<id>/`.
    pub rehearsing: Option<String>,
    pub rules: RulesView,
    pub session: Option<SessionView>,
    /// Of the present session, prepared, open and closed ones in order. The public is not told what closed doors hide.
    pub sittings: Vec<SittingBrief>,
    /// In the order in which it is read: every item before those under it (`parent`).
    pub agenda: Vec<ItemView>,
}

/// The council's rules as pages need them: to offer, to edit, to explain.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct RulesView {
    pub preset: String,
    pub seats: u32,
    pub quorum: RuleView,
    pub quorum_enforced: bool,
    pub majorities: Vec<NamedRuleView>,
    pub answers: Vec<AnswerView>,
    pub ballot_seconds: u32,
    pub change_allowed: bool,
    pub show_split: bool,
    pub names_public: bool,
    pub speaking: SpeakingRulesView,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct NamedRuleView {
    pub name: String,
    pub rule: RuleView,
}

/// Seconds for each kind of speech; how many ask in a round of interpellation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SpeakingRulesView {
    pub speak: u32,
    pub interpellate: u32,
    pub answer: u32,
    pub rebut: u32,
    pub explain: u32,
    pub point_of_order: u32,
    pub askers_a_round: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SittingBrief {
    pub id: String,
    /// Empty for the public where the doors are closed.
    pub title: String,
    pub closed_doors: bool,
    #[cfg_attr(test, ts(type = "number | null"))]
    pub planned_at: Option<u64>,
    #[cfg_attr(test, ts(type = "number | null"))]
    pub opened_at: Option<u64>,
    #[cfg_attr(test, ts(type = "number | null"))]
    pub closed_at: Option<u64>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SessionView {
    pub id: String,
    pub title: String,
    pub term: String,
    pub kind: SessionKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum SessionKind {
    Regular,
    Thematic,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ItemView {
    pub id: String,
    /// As printed in the papers; not always a number.
    pub number: String,
    pub kind: ItemKind,
    pub title: String,
    /// At most 60 characters, for lists.
    pub short_title: String,
    /// Planned length in minutes.
    pub minutes: Option<u32>,
    /// The item it stands under.
    pub parent: Option<String>,
    #[cfg_attr(test, ts(type = "number | null"))]
    pub planned_at: Option<u64>,
    /// Who reports or presents.
    pub presenter: Option<String>,
    /// The public is not shown it.
    pub closed: bool,
    pub state: ItemState,
    #[cfg_attr(test, ts(type = "number | null"))]
    pub started_at: Option<u64>,
    #[cfg_attr(test, ts(type = "number | null"))]
    pub finished_at: Option<u64>,
    /// Name of the rule in the profile.
    pub rule: Option<String>,
    pub questions: Vec<QuestionView>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum ItemKind {
    Ceremony,
    Report,
    Discussion,
    Interpellation,
    Vote,
    Election,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum ItemState {
    Upcoming,
    Current,
    /// Also one that was never begun, because its questions were all decided in another item's bloc.
    Done,
}

/// A question as a tablet shows it. The fields are exactly those of the `chamber-question/v1` document, so the page can
/// build the document from what it shows and compare its hash with the ballot's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct QuestionView {
    pub id: String,
    pub item: String,
    pub title: String,
    pub text: String,
    pub answers: Vec<AnswerView>,
    pub rule: RuleView,
    pub form: QuestionForm,
    /// How many answers one vote may name: more than one in an election only.
    pub choices: u32,
    /// How many candidates of an election one vote names at least, where it does not abstain; one where left out.
    #[serde(default, skip_serializing_if = "is_zero")]
    #[cfg_attr(test, ts(optional, as = "Option<u32>"))]
    pub min_choices: u32,
    /// Only delegates of these groups vote on it; everybody where left out. `PersonView.group` is to be compared as it is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(test, ts(optional, as = "Option<Vec<String>>"))]
    pub groups: Vec<String>,
    /// The seats show each answer while the ballot is open.
    #[serde(default, skip_serializing_if = "is_false")]
    #[cfg_attr(test, ts(optional, as = "Option<bool>"))]
    pub live_names: bool,
    /// The questions decided at once by this one.
    pub bloc: Vec<BlocPartView>,
    /// The bloc this question was put to the vote in, or decided by.
    pub in_bloc: Option<String>,
    /// SHA-256 of the question document, hex.
    pub document_sha256: String,
    /// Seconds a ballot on it stays open unless the chair says otherwise.
    pub seconds: u32,
    pub change_allowed: bool,
    pub show_split: bool,
    /// Rounds taken so far, oldest first. The last may be running.
    pub ballots: Vec<BallotBrief>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum QuestionForm {
    /// For, against, abstain.
    Motion,
    /// One of several options.
    Choice,
    /// Up to `choices` of the candidates.
    Election,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct BlocPartView {
    pub question: String,
    pub title: String,
    pub document_sha256: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct AnswerView {
    /// `yes`, `no`, `abstain`; options `a1` …; candidates `c1` ….
    pub key: String,
    /// What choosing it means, in the council's language.
    pub meaning: String,
}

/// (numerator / denominator) × base + constant, `strict` when the count must exceed it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct RuleView {
    pub numerator: u32,
    pub denominator: u32,
    pub base: BaseView,
    pub constant: i32,
    pub strict: bool,
    pub tie: TieView,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum BaseView {
    AllSeats,
    InOffice,
    Present,
    TookPart,
    YesAndNo,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum TieView {
    Fails,
    ChairDecides,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct BallotBrief {
    pub id: String,
    pub round: u32,
    pub form: BallotForm,
    pub state: BallotState,
    /// Set once the ballot was closed; the verdict in it only once it was confirmed.
    pub result: Option<ResultView>,
    /// Why it was voided or annulled.
    pub reason: Option<String>,
}

/// How the votes were taken; all but `electronic` were counted by people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum BallotForm {
    Electronic,
    ShowOfHands,
    Paper,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum BallotState {
    Open,
    OnHold,
    Closed,
    Confirmed,
    Announced,
    Voided,
    Annulled,
}

/// A rule applied to figures: enough to print its working.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ThresholdView {
    pub rule: RuleView,
    /// Size of the rule's base.
    pub base_count: u32,
    /// The smallest count that satisfies the rule.
    pub needed: u32,
    /// The count the rule looks at.
    pub count: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct AnswerCount {
    pub answer: String,
    pub count: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ResultView {
    /// In the question's order of answers.
    pub counts: Vec<AnswerCount>,
    pub took_part: u32,
    /// Present while it was open. As all figures here, of those entitled, where the question is put to some groups only;
    /// then `seats` is as many as `in_office`.
    pub present: u32,
    /// Present but did not vote.
    pub not_voted: u32,
    /// In office but not present.
    pub absent: u32,
    pub in_office: u32,
    pub seats: u32,
    pub threshold: ThresholdView,
    /// `null` until the chair confirmed.
    pub verdict: Option<Verdict>,
    /// The chair's casting vote, where a tie needed one.
    pub casting: Option<Verdict>,
    /// The option that prevailed or the candidates elected, the most votes first. Before the confirmation: what the rule gives.
    pub chosen: Vec<String>,
    /// Who recorded a count taken by hand or on paper.
    pub recorded_by: Option<PersonRef>,
    pub papers: Option<PapersView>,
    #[cfg_attr(test, ts(type = "number"))]
    pub closed_at: u64,
    pub closed_by: ClosedBy,
    #[cfg_attr(test, ts(type = "number | null"))]
    pub confirmed_at: Option<u64>,
    #[cfg_attr(test, ts(type = "number | null"))]
    pub announced_at: Option<u64>,
}

/// Phát ra, thu về, hợp lệ, không hợp lệ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct PapersView {
    pub issued: u32,
    pub returned: u32,
    pub valid: u32,
    pub invalid: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Verdict {
    Adopted,
    Rejected,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum ClosedBy {
    Chair,
    Time,
}
