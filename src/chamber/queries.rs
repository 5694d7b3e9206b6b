//! What others may ask of the chamber: views, the sequencer, the verifier. Nothing here changes anything.

use super::agenda::{AgendaItem, ItemState, Session, Sitting};
use super::attendance::{AttendanceCount, Presence, PresenceState, beside};
use super::ballot::{Ballot, BallotState, Counted, Question, Vote};
use super::command::{Actor, Command};
use super::ids::{BallotId, ItemId, Millis, PersonId, QuestionId, RequestId};
use super::majority::{self, Judgement, Threshold};
use super::roll::{Device, Office, Person};
use super::rules::Base;
use super::speaking::{Budget, Promise, Round, Speech, SpeechKind, SpeechRequest, Spoken};
use super::state::{Chamber, Council, small};
use super::wall::{Shown, Wall};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What time brings.
impl Chamber {
    /// The closing of a ballot whose time has come. To be decided for [`Actor::System`].
    pub fn due(&self, now: Millis) -> Option<Command> {
        let ballot = self.running_ballot().filter(|ballot| ballot.is_due(now))?;
        Some(Command::CloseBallot { ballot: ballot.id.clone() })
    }

    /// When [`due`](Self::due) will next have something, unless something else happens before.
    pub fn next_deadline(&self) -> Option<Millis> {
        self.running_ballot().filter(|ballot| ballot.state == BallotState::Open)?.closes_at
    }
}

/// The council and its roll.
impl Chamber {
    pub fn council(&self) -> Option<&Council> {
        self.council.as_ref()
    }

    /// Somebody on the roll now.
    pub fn person(&self, id: &PersonId) -> Option<&Person> {
        self.roll.people.get(id)
    }

    /// Somebody on the roll now or formerly, as they last were.
    pub fn person_ever(&self, id: &PersonId) -> Option<&Person> {
        self.roll.people.get(id).or_else(|| self.roll.former.get(id))
    }

    /// Everybody on the roll: by seat in natural order, then those without a seat by id.
    pub fn people(&self) -> Vec<&Person> {
        let by_id: Vec<&Person> = self.roll.people.values().collect();
        self.roll.order.arrange(&self.roll.people, &by_id)
    }

    /// As [`Self::people`], each with what a list by person has of them.
    pub fn people_beside<'a, T>(&'a self, list: &'a BTreeMap<PersonId, T>) -> Vec<(&'a Person, Option<&'a T>)> {
        let by_id: Vec<_> = beside(&self.roll.people, list).collect();
        self.roll.order.arrange(&self.roll.people, &by_id)
    }

    /// As [`Self::people`], each with their attendance.
    pub fn people_and_presence(&self) -> impl Iterator<Item = (&Person, PresenceState)> {
        let state = |presence: Option<&Presence>| presence.map_or(PresenceState::Absent, |presence| presence.state);
        self.people_beside(&self.attendance).into_iter().map(move |(person, presence)| (person, state(presence)))
    }

    pub fn holds_office(&self, id: &PersonId, office: Office) -> bool {
        self.person(id).is_some_and(|person| person.has(office))
    }

    /// Seats the council has by law; 0 before its founding.
    pub fn seats(&self) -> u32 {
        self.council.as_ref().map_or(0, |council| council.rules.seats)
    }

    /// Delegates in office.
    pub fn in_office(&self) -> u32 {
        small(self.roll.in_office())
    }

    /// The device a person acts with now.
    pub fn device_of(&self, id: &PersonId) -> Option<&Device> {
        self.roll.devices.get(id)
    }

    /// Why the last device of somebody who has none now was revoked; `None` for who never had one.
    pub fn why_revoked(&self, id: &PersonId) -> Option<&str> {
        self.roll.revoked.get(id).map(String::as_str)
    }

    /// Whose device has this key now. A revoked key is nobody's.
    pub fn person_of_key(&self, key: &str) -> Option<&Person> {
        let person = self.roll.keys.get(key)?;
        self.device_of(person).filter(|device| device.key == key).and_then(|_| self.person(person))
    }

    /// The key was bound in this record at some time, so it cannot be bound again.
    pub fn is_key_used(&self, key: &str) -> bool {
        self.roll.keys.contains_key(key) || self.council.as_ref().is_some_and(|council| council.checkpoint_key == key)
    }

    pub fn gavel(&self) -> Option<&Person> {
        self.gavel.as_ref().and_then(|holder| self.person(holder))
    }
}

/// The session and its agenda.
impl Chamber {
    /// The present session.
    pub fn session(&self) -> Option<&Session> {
        self.sessions.last()
    }

    /// Every session, oldest first.
    pub fn sessions(&self) -> &[Session] {
        &self.sessions
    }

    /// The sitting that is open.
    pub fn sitting(&self) -> Option<&Sitting> {
        self.sittings.iter().rev().find(|sitting| sitting.opened_at.is_some() && sitting.closed_at.is_none())
    }

    /// The hall rests: nothing moves on until the sitting is resumed.
    pub fn is_suspended(&self) -> bool {
        self.sitting().is_some_and(|sitting| sitting.suspension.is_some())
    }

    /// Nothing of what happens now is for the public: the sitting is behind closed doors, or the current item is.
    pub fn is_behind_closed_doors(&self) -> bool {
        self.sitting().is_some_and(|sitting| sitting.closed_doors)
            || self.current_item().is_some_and(|item| item.hidden)
    }

    /// Also right after an item behind closed doors, before the next one begins: what is said then is still about it.
    pub(super) fn is_still_behind_doors(&self) -> bool {
        let last = || self.items().filter(|item| item.finished_at.is_some()).max_by_key(|item| item.finished_at);
        self.is_behind_closed_doors() || (self.current_item().is_none() && last().is_some_and(|item| item.hidden))
    }

    /// Since when; only asked where [`Self::is_behind_closed_doors`] says so.
    pub fn closed_doors_since(&self) -> Millis {
        let sitting = self.sitting().filter(|sitting| sitting.closed_doors).and_then(|sitting| sitting.opened_at);
        sitting.or_else(|| self.current_item().and_then(|item| item.started_at)).unwrap_or_default()
    }

    /// Every sitting of every session.
    pub fn sittings(&self) -> &[Sitting] {
        &self.sittings
    }

    /// The present session's agenda, in order.
    pub fn items(&self) -> impl Iterator<Item = &AgendaItem> {
        let session = self.session().map(|session| &session.id);
        self.items.iter().filter(move |item| Some(&item.session) == session)
    }

    /// An item of this or an earlier session.
    pub fn item(&self, id: &ItemId) -> Option<&AgendaItem> {
        self.items.iter().rev().find(|item| item.item.id == *id)
    }

    pub fn current_item(&self) -> Option<&AgendaItem> {
        self.items.iter().rev().find(|item| item.state == ItemState::Current)
    }

    /// A question of an item that is on the agenda of this or an earlier session.
    pub fn question(&self, id: &QuestionId) -> Option<&Question> {
        let question = self.questions.iter().rev().find(|question| question.id == *id)?;
        self.item(&question.item).map(|_| question)
    }

    /// The bloc a question was put to the vote in: the newest whose last ballot was not voided or annulled.
    pub fn bloc_of(&self, id: &QuestionId) -> Option<&Question> {
        let holds = |question: &&Question| question.bloc.iter().any(|part| part.question == *id);
        self.questions.iter().rev().filter(holds).find(|bloc| {
            let last = self.rounds(&bloc.id).next_back();
            last.is_some_and(|last| !matches!(last.state, BallotState::Voided | BallotState::Annulled))
        })
    }

    pub fn questions_of<'a>(&'a self, item: &'a ItemId) -> impl Iterator<Item = &'a Question> {
        self.questions.iter().filter(move |question| question.item == *item)
    }
}

/// Attendance of the open sitting.
impl Chamber {
    pub fn presence(&self, id: &PersonId) -> Presence {
        self.attendance.get(id).cloned().unwrap_or(Presence::UNRECORDED)
    }

    /// In the hall, and with a seat.
    pub fn is_present(&self, id: &PersonId) -> bool {
        self.delegate(id).is_some() && self.presence_state(id) == PresenceState::Present
    }

    pub fn attendance(&self) -> AttendanceCount {
        let mut count = AttendanceCount { present: 0, excused: 0, absent: 0 };
        for (_, presence) in beside(&self.roll.people, &self.attendance).filter(|(person, _)| person.is_delegate()) {
            match presence.map_or(PresenceState::Absent, |presence| presence.state) {
                PresenceState::Present => count.present += 1,
                PresenceState::Excused => count.excused += 1,
                PresenceState::Absent => count.absent += 1,
            }
        }
        count
    }

    /// The quorum rule applied to those present; `None` before the founding.
    pub fn quorum(&self) -> Option<Threshold> {
        self.quorum_of(self.attendance().present)
    }

    /// The same where those present have been counted.
    pub fn quorum_of(&self, present: u32) -> Option<Threshold> {
        let rule = &self.council.as_ref()?.rules.quorum;
        let base_count = match rule.base {
            Base::AllSeats => self.seats(),
            // Founding accepts no other base for a quorum.
            Base::InOffice | Base::Present | Base::TookPart | Base::YesAndNo => self.in_office(),
        };
        Some(Threshold { base_count, needed: majority::needed(rule, base_count), count: present })
    }

    pub fn is_quorate(&self) -> bool {
        self.quorum().is_some_and(|quorum| quorum.met())
    }

    fn presence_state(&self, id: &PersonId) -> PresenceState {
        self.attendance.get(id).map_or(PresenceState::Absent, |presence| presence.state)
    }
}

/// Ballots.
impl Chamber {
    /// Every ballot of this and earlier sessions, oldest first.
    pub fn ballots(&self) -> &[Arc<Ballot>] {
        &self.ballots
    }

    pub fn ballot(&self, id: &BallotId) -> Option<&Ballot> {
        self.ballots.iter().rev().find(|ballot| ballot.id == *id).map(Arc::as_ref)
    }

    /// The rounds taken on a question, oldest first.
    pub fn ballots_on<'a>(&'a self, question: &'a QuestionId) -> impl DoubleEndedIterator<Item = &'a Ballot> {
        self.rounds(question)
    }

    /// The one ballot between its opening and its announcement.
    pub fn running_ballot(&self) -> Option<&Ballot> {
        self.ballots.last().map(Arc::as_ref).filter(|ballot| ballot.is_running())
    }

    /// The ballot that votes can be cast in, unless its time has run out.
    pub fn open_ballot(&self) -> Option<&Ballot> {
        self.running_ballot().filter(|ballot| ballot.state == BallotState::Open)
    }

    /// The ballot the hall is concerned with: the running one, or the last taken on the current item.
    pub fn shown_ballot(&self) -> Option<&Ballot> {
        self.running_ballot().or_else(|| {
            let current = &self.current_item()?.item.id;
            self.ballots.iter().rev().find(|ballot| ballot.item == *current).map(Arc::as_ref)
        })
    }

    /// The last vote of each person in a ballot.
    pub fn votes(&self, id: &BallotId) -> Option<&BTreeMap<PersonId, Vote>> {
        self.ballot(id).map(|ballot| &ballot.votes)
    }

    /// The turn a person's next vote in a ballot must carry.
    pub fn next_turn(&self, ballot: &BallotId, person: &PersonId) -> u32 {
        let last = self.ballot(ballot).and_then(|ballot| ballot.votes.get(person)).map_or(0, |vote| vote.turn);
        last.saturating_add(1)
    }

    /// The tally: as the closing fixed it, or, while votes are taken, as it would be now. `None` for a ballot voided before
    /// it was closed: it never had one.
    pub fn tally(&self, id: &BallotId) -> Option<Counted> {
        let ballot = self.ballot(id)?;
        if let Some(outcome) = &ballot.outcome {
            return Some(outcome.counted.clone());
        }
        if !ballot.is_taking_votes() {
            return None;
        }
        let question = self.question(&ballot.question)?;
        let answers = ballot.count(question);
        let present = small(ballot.present.len());
        let took_part = question.form.is_election().then(|| small(ballot.votes.len()));
        let (in_office, seats) = self.bases_of(question);
        Some(Counted { answers, present, in_office, seats, took_part })
    }

    /// What the question's rule says of a closed ballot; `None` while votes are taken.
    pub fn judgement(&self, id: &BallotId) -> Option<Judgement> {
        let ballot = self.ballot(id)?;
        let outcome = ballot.outcome.as_ref()?;
        let question = self.question(&ballot.question)?;
        Some(majority::judge(&question.rule, question.form, &outcome.counted))
    }

    /// What the main wall shows.
    pub fn wall(&self) -> &Shown {
        &self.walls.main
    }

    /// The walls beside the main one.
    pub fn other_walls(&self) -> &[Wall] {
        &self.walls.others
    }

    /// The line along the foot of every wall.
    pub fn ticker(&self) -> Option<&str> {
        self.walls.ticker.as_deref()
    }
}

/// Speaking.
impl Chamber {
    /// Requests to speak are taken.
    pub fn is_list_open(&self) -> bool {
        self.debate.list_open
    }

    /// Who waits, in the order in which they will be called.
    pub fn queue(&self) -> &[SpeechRequest] {
        &self.debate.queue
    }

    pub fn speech_request(&self, id: &RequestId) -> Option<&SpeechRequest> {
        self.debate.queue.iter().find(|request| request.id == *id)
    }

    /// Who speaks now.
    pub fn speech(&self) -> Option<&Speech> {
        self.debate.speech.as_ref()
    }

    /// The round of interpellation the current item is in.
    pub fn round(&self) -> Option<&Round> {
        self.debate.round.as_ref()
    }

    /// Every speech of the present session that is over, oldest first.
    pub fn spoken(&self) -> &[Spoken] {
        &self.debate.spoken
    }

    /// What officials promised, oldest first: in the present session, struck ones too, and what stands of the term's earlier ones.
    pub fn promises(&self) -> &[Promise] {
        &self.debate.promises
    }

    /// The groups' time in an item.
    pub fn budgets_of<'a>(&'a self, item: &'a ItemId) -> impl Iterator<Item = &'a Budget> {
        self.debate.budgets.iter().filter(move |budget| budget.item == *item)
    }

    /// Whether somebody may ask for the floor for this: a delegate who is present, for everything; an official or an officer
    /// to answer and explain; an official on a point of order, too.
    pub fn may_ask(&self, person: &PersonId, kind: SpeechKind) -> bool {
        let is_official = self.holds_office(person, Office::Official);
        self.is_present(person)
            || match kind {
                SpeechKind::Answer | SpeechKind::Explain => {
                    is_official || self.person(person).is_some_and(Person::is_officer)
                }
                SpeechKind::PointOfOrder => is_official,
                SpeechKind::Speak | SpeechKind::Interpellate | SpeechKind::Rebut => false,
            }
    }

    /// Whether somebody may be given the floor: a delegate who is present, or anybody with an office. A screen is nobody.
    pub fn may_speak(&self, person: &PersonId) -> bool {
        let holds_office = |person: &Person| person.offices.iter().any(|office| *office != Office::Screen);
        self.is_present(person) || self.person(person).is_some_and(holds_office)
    }

    /// As many have asked in this round as it takes.
    pub fn is_round_full(&self) -> bool {
        let askers = self.council().map_or(0, |council| council.rules.speaking.askers_a_round);
        self.round().is_some_and(|round| askers > 0 && small(round.asked.len()) >= askers)
    }
}

/// Who may do what.
impl Chamber {
    /// Whether the permissions table lets `by` do this at all. [`decide`](Self::decide) asks it first.
    pub fn permits(&self, by: &Actor, command: &Command) -> Result<(), super::refusal::Refusal> {
        super::permission::check(self, by, command)
    }
}
