//! Shows what is durable: makes each view when an audience is to have it, encodes it once, and puts it before its audiences.
//!
//! What the hall is about (openings, closings, announcements, speakers) leaves at once. Figures that turn leave at each
//! audience's own pace, and their views are made only then: in a rush of votes batches follow each other within milliseconds.
//! Whatever the pace, what changed last is shown: a change stays owed until it has left.

mod lane;
mod pace;
mod reach;
mod shown;

use super::company::Elsewhere;
use super::directory;
use super::nudge::{NUDGE_PAUSE_MS, Nudge};
use crate::chamber::Chamber;
use crate::chamber::event::Event;
use crate::chamber::ids::{BallotId, CouncilId, Millis, PersonId};
use crate::hub::admission::Denial;
use crate::hub::room::{Published, Room, Topic};
use crate::ledger::receipt::short_code;
use crate::sequencer::Sequencer;
use crate::wire::from_chamber::{self as from, Connections, Eyes, Rehearsal, Store as StoreState};
use axum::extract::ws::Utf8Bytes;
use lane::{Lane, Topics};
use reach::Reach;
use shown::{Shown, Told, state, view_frame};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Instant;

pub struct Screens {
    room: Arc<Room>,
    shown: Shown,
    rehearsal: Rehearsal,
    nudge: Option<Nudge>,
    codes: Vec<(PersonId, Millis)>,
    /// Who is connected to other nodes.
    elsewhere: Elsewhere,
    /// Topics that may have changed since their views were made.
    stale: Topics,
    lanes: [Lane; 6],
}

impl Screens {
    pub fn new(room: Arc<Room>, rehearsal: Rehearsal) -> Self {
        Self {
            room,
            shown: Shown::default(),
            rehearsal,
            nudge: None,
            codes: Vec::new(),
            elsewhere: Elsewhere::default(),
            stale: Topics::default(),
            lanes: Lane::all(instant()),
        }
    }

    /// At the start and after every reload. `held_since`: a ballot was open or somebody spoke, and the hold is being written.
    pub fn show_everything(&mut self, sequencer: &Sequencer, now: Millis, held_since: Option<Millis>) {
        self.show_directory(sequencer.durable());
        self.publish_results(sequencer.durable());
        self.stale = Topics::all();
        let store = held_since.map_or(StoreState::Writable, StoreState::AwaySince);
        self.show_at_once(sequencer, now, store);
        self.show_everyones_me(sequencer);
    }

    /// What a batch changed for those it is about, before their receipts are sent: both leave together.
    pub fn show_mine(&mut self, sequencer: &Sequencer, events: &[(Millis, Event)]) {
        for person in &Reach::of(events).people {
            if let Some(me) = self.me(sequencer, person) {
                self.room.stage_me(person, &me);
            }
        }
    }

    /// Shows what a batch has changed.
    pub fn follow(&mut self, sequencer: &Sequencer, events: &[(Millis, Event)], now: Millis) {
        let reach = Reach::of(events);
        if reach.roll {
            self.show_directory(sequencer.durable());
        }
        if reach.results {
            self.publish_results(sequencer.durable());
        }
        self.stale = self.stale.with(Topics::of(&[Topic::Live, Topic::Seats, Topic::Console]));
        if reach.attendance || reach.sitting {
            self.stale.insert(Topic::Speaking);
        }
        if !reach.sitting {
            // On whichever of their pages it did not leave with the receipt.
            reach.people.iter().for_each(|person| self.room.call_me(person));
            let instant = instant();
            self.lanes.iter_mut().for_each(|lane| lane.pace.changed(instant));
            return self.catch_up(sequencer, now);
        }
        self.stale.insert(Topic::Council);
        if reach.roll {
            self.stale.insert(Topic::Roll);
        }
        self.show_at_once(sequencer, now, StoreState::Writable);
        self.show_everyones_me(sequencer);
    }

    /// What a person's own pages show of that person.
    pub fn show_me(&self, sequencer: &Sequencer, person: &PersonId) {
        if let Some(me) = self.me(sequencer, person) {
            self.room.show_me(person, &me);
        }
    }

    fn me(&self, sequencer: &Sequencer, person: &PersonId) -> Option<Utf8Bytes> {
        let short = |seq| sequencer.tree().leaf(seq).map(|leaf| short_code(&leaf)).unwrap_or_default();
        let nudged_at = self.nudged_at(sequencer.durable(), person);
        let view = from::me(sequencer.durable(), person, nudged_at, short)?;
        Some(view_frame("me", &state(&view), sequencer.size()))
    }

    /// Tells everybody who is here or on another node (`elsewhere`), has a page to vote on and has not voted, that their vote is
    /// missing. Says who they are.
    pub fn nudge(
        &mut self,
        sequencer: &Sequencer,
        ballot: &BallotId,
        now: Millis,
        elsewhere: &BTreeSet<PersonId>,
    ) -> Result<Vec<PersonId>, Denial> {
        let is_too_soon = |nudge: &Nudge| nudge.ballot == *ballot && now.since(nudge.at) < NUDGE_PAUSE_MS;
        if self.nudge.as_ref().is_some_and(is_too_soon) {
            return Err(Denial::TooFast);
        }
        let missing: BTreeSet<PersonId> =
            sequencer.durable().missing(ballot).into_iter().map(|person| person.id.clone()).collect();
        let mut here: BTreeSet<PersonId> = self.room.acting().into_iter().collect();
        here.extend(elsewhere.iter().cloned());
        let asked: Vec<PersonId> = here.intersection(&missing).cloned().collect();
        self.nudged(sequencer, ballot.clone(), asked.clone(), now);
        Ok(asked)
    }

    /// These were asked to vote, here or on another node.
    pub fn nudged(&mut self, sequencer: &Sequencer, ballot: BallotId, people: Vec<PersonId>, now: Millis) {
        self.nudge = Some(Nudge { ballot, at: now, people: people.iter().cloned().collect() });
        for person in &people {
            self.show_me(sequencer, person);
        }
    }

    /// Only as long as that ballot is open.
    fn nudged_at(&self, chamber: &Chamber, person: &PersonId) -> Option<Millis> {
        let nudge = self.nudge.as_ref().filter(|nudge| nudge.people.contains(person))?;
        chamber.open_ballot().is_some_and(|ballot| ballot.id == nudge.ballot).then_some(nudge.at)
    }

    /// Which rehearsal runs beside the council; shown with the next [`Self::show_council`].
    pub fn rehearsal_beside(&mut self, rehearsal: Option<&CouncilId>) {
        self.rehearsal.beside = rehearsal.map(ToString::to_string);
    }

    /// Shows the council anew, to everybody at once.
    pub fn show_council(&mut self, sequencer: &Sequencer, now: Millis) {
        self.stale.insert(Topic::Council);
        self.show_at_once(sequencer, now, StoreState::Writable);
    }

    /// The record cannot be written: countdowns and the speaker's clock freeze on every screen, as if on hold.
    pub fn show_store_away(&mut self, sequencer: &Sequencer, now: Millis, since: Millis) {
        self.stale = self.stale.with(Topics::of(&[Topic::Live, Topic::Speaking]));
        self.show_at_once(sequencer, now, StoreState::AwaySince(since));
    }

    pub fn people_came_or_went(&mut self) {
        self.stale.insert(Topic::Console);
    }

    /// Who has a one-time code, and until when.
    pub fn set_codes(&mut self, codes: Vec<(PersonId, Millis)>) {
        self.codes = codes;
        self.stale.insert(Topic::Console);
        // Whoever has issued one waits for it.
        let now = instant();
        self.lanes.iter_mut().filter(|lane| lane.takes.has(Topic::Console)).for_each(|lane| lane.pace.hurry(now));
    }

    /// Who is connected to other nodes.
    pub fn set_elsewhere(&mut self, elsewhere: Elsewhere) {
        if self.elsewhere != elsewhere {
            self.elsewhere = elsewhere;
            self.people_came_or_went();
        }
    }

    /// When [`Self::catch_up`] has something to do.
    pub fn next_due(&self) -> Option<Instant> {
        self.lanes.iter().filter(|lane| lane.has_work(self.stale)).map(|lane| lane.pace.due_at()).min()
    }

    /// Shows each audience what it is owed, where its pause is over.
    pub fn catch_up(&mut self, sequencer: &Sequencer, now: Millis) {
        let instant = instant();
        let is_due = |lane: &Lane, stale| lane.has_work(stale) && lane.pace.is_due(instant);
        let due = self.lanes.iter().filter(|lane| is_due(lane, self.stale));
        let wanted = due.fold(Topics::default(), |wanted, lane| wanted.with(lane.takes));
        self.make(sequencer, now, StoreState::Writable, wanted);
        for lane in self.lanes.iter_mut().filter(|lane| lane.pace.is_due(instant)) {
            release(&self.room, &self.shown, lane, instant);
        }
    }

    /// Everything that changed, to everybody, without waiting.
    fn show_at_once(&mut self, sequencer: &Sequencer, now: Millis, store: StoreState) {
        let instant = instant();
        self.make(sequencer, now, store, Topics::all());
        for lane in &mut self.lanes {
            release(&self.room, &self.shown, lane, instant);
        }
    }

    /// Makes those views among the wanted whose state may have changed.
    fn make(&mut self, sequencer: &Sequencer, now: Millis, store: StoreState, wanted: Topics) {
        let making = self.stale.both(wanted);
        self.stale = self.stale.without(making);
        for topic in making.iter() {
            let Some(told) = self.told(sequencer, now, store, topic) else { continue };
            let changed = self.shown.take(topic, told, sequencer.size());
            let owing = |lane: &&mut Lane| lane.takes.has(topic) && changed.for_eyes(lane.eyes);
            self.lanes.iter_mut().filter(owing).for_each(|lane| lane.owed.insert(topic));
        }
    }

    /// `None`: nothing to tell before the founding.
    fn told(&self, sequencer: &Sequencer, now: Millis, store: StoreState, topic: Topic) -> Option<Told> {
        let chamber = sequencer.durable();
        Some(match topic {
            Topic::Council => {
                let vkey = sequencer.vkey();
                let told = |eyes| from::council(chamber, &vkey, eyes, &self.rehearsal).map(|view| state(&view));
                Told { hall: told(Eyes::Hall)?, public: Some(told(Eyes::Public)?) }
            }
            Topic::Roll => Told::same(state(&from::roll(chamber))),
            Topic::Live => Told::by(|eyes| state(&from::live(chamber, store, eyes))),
            Topic::Seats => Told::by(|eyes| state(&from::seats(chamber, eyes))),
            Topic::Speaking => Told::by(|eyes| state(&from::speaking(chamber, store, eyes))),
            Topic::Console => {
                let mut lines = self.room.lines();
                let (mut walls, mut public) = self.room.watching();
                self.elsewhere.add_to(&mut lines, &mut walls, &mut public);
                let codes = self.codes.iter().filter(|(_, until)| *until > now).cloned().collect();
                let view = from::console(chamber, &Connections { lines, codes, walls, public });
                Told { hall: state(&view), public: None }
            }
        })
    }

    fn show_everyones_me(&mut self, sequencer: &Sequencer) {
        for person in self.room.connected() {
            self.show_me(sequencer, &person);
        }
    }

    fn publish_results(&self, chamber: &Chamber) {
        let results = from::results(chamber);
        let json = state(&results).into();
        self.room.publish(Published { results, json });
    }

    fn show_directory(&self, chamber: &Chamber) {
        self.room.set_directory(directory::of(chamber, &self.room.directory()));
    }
}

/// Gives one audience what it is owed.
fn release(room: &Room, shown: &Shown, lane: &mut Lane, now: Instant) {
    if lane.owed.is_empty() {
        return;
    }
    let owed = std::mem::take(&mut lane.owed);
    room.show_all(lane.audience, owed.iter().filter_map(|topic| Some((topic, shown.frame(topic, lane.eyes)?))));
    lane.pace.left(now);
}

/// The clock the council's task sleeps by.
fn instant() -> Instant {
    tokio::time::Instant::now().into_std()
}
