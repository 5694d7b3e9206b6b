//! Shows what is durable: makes each view once per change, encodes it once, and puts it before its audiences.

use super::company::Elsewhere;
use super::nudge::{NUDGE_PAUSE_MS, Nudge};
use crate::chamber::Chamber;
use crate::chamber::event::Event;
use crate::chamber::ids::{BallotId, CouncilId, Millis, PersonId};
use crate::hub::admission::Denial;
use crate::hub::room::{Admitted, Audience, Directory, Frame, Published, Room, TOPICS, Topic};
use crate::ledger::receipt::short_code;
use crate::ledger::text;
use crate::sequencer::Sequencer;
use crate::wire::from_chamber::{self as from, Connections, Eyes, Rehearsal, Store as StoreState};
use axum::extract::ws::Utf8Bytes;
use serde::Serialize;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// At most 20 changes a second to spectators: more than an eye follows, and a bound on what a crowd costs.
const SPECTATOR_PAUSE: Duration = Duration::from_millis(50);
/// Comings and goings in a reconnect storm are shown to the officers four times a second.
const CONSOLE_PAUSE: Duration = Duration::from_millis(250);

pub struct Screens {
    room: Arc<Room>,
    stamp: u64,
    /// The last encoded state of each topic, to leave alone what did not change: as the hall and as the public sees it.
    states: [Told; TOPICS],
    rehearsal: Rehearsal,
    nudge: Option<Nudge>,
    codes: Vec<(PersonId, Millis)>,
    /// Who is connected to other nodes.
    elsewhere: Elsewhere,
    /// Frames the spectators have not been given yet.
    held_back: Vec<(Topic, Frame)>,
    spectators_at: Instant,
    console_due: Option<Instant>,
}

/// A topic's encoded state for each pair of eyes.
#[derive(Default)]
struct Told {
    hall: String,
    public: String,
}

/// Which views an event changes.
enum Reach {
    /// Figures and one person: a vote, a check-in.
    Figures(PersonId),
    /// People, devices or the council itself.
    Everything,
    /// All but the roll.
    Sitting,
}

impl Screens {
    pub fn new(room: Arc<Room>, rehearsal: Rehearsal) -> Self {
        Self {
            room,
            stamp: 0,
            states: Default::default(),
            rehearsal,
            nudge: None,
            codes: Vec::new(),
            elsewhere: Elsewhere::default(),
            held_back: Vec::new(),
            spectators_at: Instant::now(),
            console_due: None,
        }
    }

    /// At the start and after every reload. `held_since`: a ballot was open or somebody spoke, and the hold is being written.
    pub fn show_everything(&mut self, sequencer: &Sequencer, now: Millis, held_since: Option<Millis>) {
        self.show_directory(sequencer.durable());
        self.publish_results(sequencer.durable());
        self.show_topics(sequencer, now, &[Topic::Council, Topic::Roll, Topic::Seats, Topic::Console]);
        let store = held_since.map_or(StoreState::Writable, StoreState::AwaySince);
        self.show_clocks(sequencer, store);
        self.release_spectators();
        self.show_everyones_me(sequencer);
    }

    /// Shows what a batch has changed.
    pub fn follow(&mut self, sequencer: &Sequencer, events: &[(Millis, Event)], now: Millis) {
        let mut people = BTreeSet::new();
        let (mut figures_only, mut roll) = (true, false);
        for (_, event) in events {
            match reach(event) {
                Reach::Figures(person) => drop(people.insert(person)),
                Reach::Sitting => figures_only = false,
                Reach::Everything => (figures_only, roll) = (false, true),
            }
        }
        if roll {
            self.show_directory(sequencer.durable());
            self.show_topics(sequencer, now, &[Topic::Roll]);
        }
        if !figures_only {
            self.show_topics(sequencer, now, &[Topic::Council]);
        }
        if roll || events.iter().any(|(_, event)| is_published(event)) {
            self.publish_results(sequencer.durable());
        }
        self.show_topics(sequencer, now, &[Topic::Live, Topic::Seats, Topic::Speaking, Topic::Console]);
        if figures_only {
            self.release_spectators_if_due();
            for person in &people {
                self.show_me(sequencer, person);
            }
        } else {
            // Openings, closings and announcements reach everybody at once.
            self.release_spectators();
            self.show_everyones_me(sequencer);
        }
    }

    /// What a person's own pages show of that person.
    pub fn show_me(&mut self, sequencer: &Sequencer, person: &PersonId) {
        let short = |seq| sequencer.tree().leaf(seq).map(|leaf| short_code(&leaf)).unwrap_or_default();
        let nudged_at = self.nudged_at(sequencer.durable(), person);
        if let Some(view) = from::me(sequencer.durable(), person, nudged_at, short) {
            self.room.show_me(person, &encode_frame("me", &state(&view), sequencer.size()));
        }
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
        self.show_topics(sequencer, now, &[Topic::Council]);
        self.release_spectators();
    }

    /// The record cannot be written: countdowns and the speaker's clock freeze on every screen, as if on hold.
    pub fn show_store_away(&mut self, sequencer: &Sequencer, since: Millis) {
        self.show_clocks(sequencer, StoreState::AwaySince(since));
        self.release_spectators();
    }

    pub fn people_came_or_went(&mut self) {
        self.console_due.get_or_insert_with(|| Instant::now() + CONSOLE_PAUSE);
    }

    /// Who has a one-time code, and until when.
    pub fn set_codes(&mut self, codes: Vec<(PersonId, Millis)>) {
        self.codes = codes;
        self.console_due = Some(Instant::now());
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
        let spectators = (!self.held_back.is_empty()).then(|| self.spectators_at + SPECTATOR_PAUSE);
        [spectators, self.console_due].into_iter().flatten().min()
    }

    pub fn catch_up(&mut self, sequencer: &Sequencer, now: Millis) {
        let instant = Instant::now();
        if self.console_due.is_some_and(|due| due <= instant) {
            self.console_due = None;
            self.show_topics(sequencer, now, &[Topic::Console]);
        }
        self.release_spectators_if_due();
    }

    fn show_topics(&mut self, sequencer: &Sequencer, now: Millis, topics: &[Topic]) {
        let chamber = sequencer.durable();
        let size = sequencer.size();
        for topic in topics {
            match topic {
                Topic::Council => {
                    let rehearsal = self.rehearsal.clone();
                    let told =
                        |eyes| from::council(chamber, &sequencer.vkey(), eyes, &rehearsal).map(|view| state(&view));
                    if let (Some(hall), Some(public)) = (told(Eyes::Hall), told(Eyes::Public)) {
                        self.show(*topic, "council", Told { hall, public }, size);
                    }
                }
                Topic::Roll => {
                    let all = state(&from::roll(chamber));
                    self.show(*topic, "roll", Told { hall: all.clone(), public: all }, size);
                }
                Topic::Live => self.show_live(chamber, StoreState::Writable, size),
                Topic::Seats => self.show(*topic, "seats", told(|eyes| state(&from::seats(chamber, eyes))), size),
                Topic::Speaking => self.show_speaking(chamber, StoreState::Writable, size),
                Topic::Console => {
                    let mut lines = self.room.lines();
                    let (mut walls, mut public) = self.room.watching();
                    self.elsewhere.add_to(&mut lines, &mut walls, &mut public);
                    let codes = self.codes.iter().filter(|(_, until)| *until > now).cloned().collect();
                    let view = from::console(chamber, &Connections { lines, codes, walls, public });
                    self.show(*topic, "console", Told { hall: state(&view), public: String::new() }, size);
                }
            }
        }
    }

    /// What runs against the clock.
    fn show_clocks(&mut self, sequencer: &Sequencer, store: StoreState) {
        self.show_live(sequencer.durable(), store, sequencer.size());
        self.show_speaking(sequencer.durable(), store, sequencer.size());
    }

    fn show_speaking(&mut self, chamber: &Chamber, store: StoreState, size: u64) {
        self.show(Topic::Speaking, "speaking", told(|eyes| state(&from::speaking(chamber, store, eyes))), size);
    }

    fn show_live(&mut self, chamber: &Chamber, store: StoreState, size: u64) {
        self.show(Topic::Live, "live", told(|eyes| state(&from::live(chamber, store, eyes))), size);
    }

    /// Encoded once for each pair of eyes, and once only where both see the same.
    fn show(&mut self, topic: Topic, name: &str, now: Told, size: u64) {
        let last = std::mem::replace(&mut self.states[topic as usize], now);
        let now = &self.states[topic as usize];
        let hall = (last.hall != now.hall).then(|| {
            self.stamp += 1;
            Frame { stamp: self.stamp, text: encode_frame(name, &now.hall, size) }
        });
        if let Some(frame) = &hall {
            self.room.show(Audience::Officers, topic, frame.clone());
        }
        if topic == Topic::Console {
            return;
        }
        if let Some(frame) = &hall {
            self.room.show(Audience::Hall, topic, frame.clone());
        }
        if last.public == now.public {
            return;
        }
        let public = match hall {
            Some(frame) if now.hall == now.public => frame,
            _ => {
                self.stamp += 1;
                Frame { stamp: self.stamp, text: encode_frame(name, &now.public, size) }
            }
        };
        self.room.show(Audience::Onlookers, topic, public.clone());
        self.held_back.retain(|(held, _)| *held != topic);
        self.held_back.push((topic, public));
    }

    /// The first change leaves at once; what follows closely waits for the pause to end.
    fn release_spectators_if_due(&mut self) {
        if !self.held_back.is_empty() && self.spectators_at.elapsed() >= SPECTATOR_PAUSE {
            self.release_spectators();
        }
    }

    fn release_spectators(&mut self) {
        for (topic, frame) in self.held_back.drain(..) {
            self.room.show(Audience::Spectators, topic, frame);
        }
        self.spectators_at = Instant::now();
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
        let people = chamber
            .people()
            .into_iter()
            .map(|person| {
                let device = chamber
                    .device_of(&person.id)
                    .and_then(|device| Some((device.id.clone(), text::from_base64_exact::<32>(&device.key)?)));
                (person.id.clone(), Admitted { officer: person.is_officer(), hall: person.is_of_the_hall(), device })
            })
            .collect();
        let origin = chamber.council().map(|council| council.origin.clone()).unwrap_or_default();
        self.room.set_directory(Directory { origin, people });
    }
}

/// Changes the list of published results: a result is new, or its item went behind closed doors or came out.
fn is_published(event: &Event) -> bool {
    matches!(
        event,
        Event::BallotAnnounced { .. }
            | Event::BallotAnnulled { .. }
            | Event::ItemStarted { .. }
            | Event::ItemChanged { .. }
            | Event::SittingOpened { .. }
    )
}

fn reach(event: &Event) -> Reach {
    match event {
        Event::VoteCast { person, .. }
        | Event::CheckedIn { person, .. }
        | Event::CheckedOut { person, .. }
        | Event::Excused { person, .. } => Reach::Figures(person.clone()),
        Event::CouncilFounded { .. }
        | Event::RosterImported { .. }
        | Event::PersonSet { .. }
        | Event::PersonLeft { .. }
        | Event::DeviceBound { .. }
        | Event::DeviceRevoked { .. } => Reach::Everything,
        _ => Reach::Sitting,
    }
}

fn told(make: impl Fn(Eyes) -> String) -> Told {
    Told { hall: make(Eyes::Hall), public: make(Eyes::Public) }
}

/// Views have string keys only, so encoding them cannot fail; `null` would be seen by every test.
fn state(view: &impl Serialize) -> String {
    serde_json::to_string(view).unwrap_or_else(|_| "null".to_string())
}

/// The `view` frame around a state that is encoded already.
fn encode_frame(topic: &str, state: &str, size: u64) -> Utf8Bytes {
    format!(r#"{{"type":"view","size":{size},"topic":"{topic}","state":{state}}}"#).into()
}
