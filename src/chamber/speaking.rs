//! Who wants to speak, who speaks, for how long, and what was promised.

use super::ids::{ItemId, Millis, PersonId, PromiseId, RequestId, SessionId, SpeechId};
use super::rules::SpeakingRules;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Why somebody speaks. In code and on the wire `interpellate` is chất vấn; it is never called a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS))]
#[cfg_attr(test, ts(rename = "OrderSpeechKind"))]
pub enum SpeechKind {
    /// Phát biểu.
    Speak,
    /// Chất vấn.
    Interpellate,
    /// Trả lời chất vấn, by an official.
    Answer,
    /// Tranh luận.
    Rebut,
    /// Giải trình, by an official.
    Explain,
    /// About how the sitting is run; goes before everything else.
    PointOfOrder,
}

impl SpeechKind {
    /// Place in the queue: points of order, then rebuttals, then all others as they came.
    pub fn rank(self) -> u8 {
        match self {
            Self::PointOfOrder => 0,
            Self::Rebut => 1,
            Self::Speak | Self::Interpellate | Self::Answer | Self::Explain => 2,
        }
    }

    /// How long it may take where nobody says otherwise; 0: no limit.
    pub fn seconds(self, rules: &SpeakingRules) -> u32 {
        match self {
            Self::Speak => rules.speak,
            Self::Interpellate => rules.interpellate,
            Self::Answer => rules.answer,
            Self::Rebut => rules.rebut,
            Self::Explain => rules.explain,
            Self::PointOfOrder => rules.point_of_order,
        }
    }
}

/// Somebody waits to speak.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpeechRequest {
    pub id: RequestId,
    pub person: PersonId,
    pub kind: SpeechKind,
    /// What it is about, in a line.
    pub topic: Option<String>,
    /// Whom an interpellation asks.
    pub to: Option<PersonId>,
    pub at: Millis,
    /// The chair put it where it stands.
    pub moved: bool,
}

/// Somebody speaks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Speech {
    pub id: SpeechId,
    pub person: PersonId,
    pub kind: SpeechKind,
    pub topic: Option<String>,
    pub item: Option<ItemId>,
    pub started_at: Millis,
    /// With its extensions; 0: no limit.
    pub allotted_ms: u64,
    /// Spent up to `running_since`, or in all while paused.
    pub spent_ms: u64,
    /// `None` while paused.
    pub running_since: Option<Millis>,
}

impl Speech {
    /// Time spent by `now`, pauses left out, in milliseconds.
    pub fn spent_at(&self, now: Millis) -> u64 {
        self.spent_ms.saturating_add(self.running_since.map_or(0, |since| now.since(since)))
    }
}

/// A speech that is over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spoken {
    pub id: SpeechId,
    pub session: SessionId,
    pub person: PersonId,
    pub kind: SpeechKind,
    pub item: Option<ItemId>,
    pub started_at: Millis,
    pub spent_ms: u64,
    pub allotted_ms: u64,
}

/// A round of interpellation of one official: some ask, then the official answers, then rebuttals, who asked first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Round {
    /// From 1 in each item.
    pub number: u32,
    pub item: ItemId,
    pub official: PersonId,
    /// Who has interpellated in it, in order, with what it was about.
    pub asked: Vec<(PersonId, Option<String>)>,
}

/// What an official undertook to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promise {
    pub id: PromiseId,
    pub session: SessionId,
    pub item: Option<ItemId>,
    pub official: PersonId,
    /// Who had asked.
    pub to: Option<PersonId>,
    pub text: String,
    /// Day until which, `YYYY-MM-DD`.
    pub until: Option<String>,
    pub at: Millis,
    /// Why it was struck from the log again.
    pub struck: Option<String>,
    /// When it was marked as kept, and what was said to that.
    pub kept: Option<Kept>,
    /// Given behind closed doors, or right after them before the next item began: not for the public.
    pub closed_doors: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    pub at: Millis,
    pub note: Option<String>,
}

/// A group's time in an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Budget {
    pub item: ItemId,
    pub group: String,
    pub seconds: u32,
}

/// The debate as it stands.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Debate {
    /// Requests are taken. Points of order always are. Open from the beginning of a discussion or an interpellation; ends with
    /// its item.
    pub list_open: bool,
    /// In the order in which they will be called; see [`Debate::place`]. Ends with its item.
    pub queue: Vec<SpeechRequest>,
    pub speech: Option<Speech>,
    /// Ends with its item.
    pub round: Option<Round>,
    /// Of the present session, oldest first; the record keeps those of earlier ones.
    pub spoken: Vec<Spoken>,
    /// Of the present session, and what stands of those of the term's earlier ones: people come back to what was promised.
    pub promises: Vec<Promise>,
    /// Of the present session, in the order in which they were first set.
    pub budgets: Vec<Budget>,
    /// How many rounds each item of the present session had.
    pub rounds: BTreeMap<ItemId, u32>,
    /// How often each person asked for the floor since the current item began.
    pub asked: BTreeMap<PersonId, u32>,
    /// How many requests, speeches and promises there ever were.
    pub requested: u32,
    pub started: u32,
    pub promised: u32,
}

/// The order of the queue.
impl Debate {
    /// Puts a new request in its place. Requests that the chair did not move stand by rank; rebuttals of those who asked in
    /// the round before other rebuttals; then as they came. One that was moved stays where it was put: a new one goes
    /// between the same two unmoved ones as if there were no others, and, of the moved ones that stand there, behind the
    /// last that it does not go before by rank.
    pub fn place(&mut self, request: SpeechRequest) {
        let turn = self.turn(&request);
        let is_later = |waiting: &&SpeechRequest| self.turn(waiting) > turn;
        let first_later = self.queue.iter().position(|waiting| !waiting.moved && is_later(&waiting));
        let end = first_later.unwrap_or(self.queue.len());
        let before = self.queue.iter().take(end).rposition(|waiting| !is_later(&waiting));
        self.queue.insert(before.map_or(0, |last| last + 1), request);
    }

    /// Puts a request before another, or last, where it stays. Nothing where one of them is not in the queue.
    pub fn put_before(&mut self, id: &RequestId, before: Option<&RequestId>) {
        let Some(from) = self.queue.iter().position(|request| request.id == *id) else { return };
        let mut request = self.queue.remove(from);
        let to = before.map_or(Some(self.queue.len()), |id| self.queue.iter().position(|other| other.id == *id));
        request.moved |= to.is_some();
        self.queue.insert(to.unwrap_or(from), request);
    }

    /// Puts the unmoved requests in order again, each in one of the places they held, after it changed who has asked.
    pub fn reorder(&mut self) {
        let mut unmoved: Vec<SpeechRequest> = self.queue.iter().filter(|request| !request.moved).cloned().collect();
        unmoved.sort_by(|a, b| self.turn(a).cmp(&self.turn(b)).then_with(|| number(a).cmp(&number(b))));
        let places = self.queue.iter_mut().filter(|request| !request.moved);
        places.zip(unmoved).for_each(|(place, request)| *place = request);
    }

    /// Whether the unmoved requests stand in order.
    pub fn is_in_order(&self) -> bool {
        let unmoved = self.queue.iter().filter(|request| !request.moved);
        unmoved.is_sorted_by_key(|request| (self.turn(request), number(request)))
    }

    /// The smaller, the sooner.
    fn turn(&self, request: &SpeechRequest) -> (u8, bool) {
        let is_rebuttal = request.kind == SpeechKind::Rebut;
        let has_asked = self.round.iter().flat_map(|round| &round.asked).any(|(person, _)| *person == request.person);
        (request.kind.rank(), is_rebuttal && !has_asked)
    }
}

/// As the requests came: their ids are numbered.
fn number(request: &SpeechRequest) -> (usize, &str) {
    let id = request.id.as_str();
    (id.len(), id)
}
