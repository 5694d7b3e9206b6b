//! A world: who is in it, what is under way, and one step after the other.

use super::client::{Client, Move, Scene, Told, View};
use super::desk::{Asked, Reply};
use super::disk::Disk;
use super::founding::BEGINS;
use super::node::{Asker, Effect, Grounds, Node, Said, Sent};
use super::oracle::{Broken, Held, Invariant, Oracle};
use super::plan::{Fault, Plan};
use super::planted::Planted;
use super::queue::Queue;
use super::trace::Trace;
use super::{Failure, Outcome};
use crate::chamber::ids::{Millis, PersonId};
use crate::sample::Rng;
use crate::sequencer::{Answer, Submission};
use std::sync::Arc;

mod beginning;
mod faults;
mod lines;
mod storing;

/// Between what is shown to people where nothing happens.
const SIGN_OF_LIFE: u64 = 1_000;
/// Views of a rush of batches are shown together.
const SHOWN_TOGETHER: u64 = 30;
/// Milliseconds from the store to every screen, where nothing fails.
const SPREADS_WITHIN: u64 = 1_000;
/// Steps of the largest world take a tenth of it: a world that goes round in circles must end.
const MOST_STEPS: u64 = 5_000_000;

enum Event {
    /// A call reaches the store.
    Asked {
        node: usize,
        life: u64,
        asked: Asked,
    },
    Stored {
        node: usize,
        life: u64,
        job: u64,
        call: u64,
        reply: Reply,
    },
    Wake {
        node: usize,
        life: u64,
    },
    Heard {
        node: usize,
        said: Said,
    },
    Forwarded {
        node: usize,
        from: Asker,
        submission: Box<Submission>,
    },
    Relayed {
        node: usize,
        life: u64,
        relay: u64,
        answer: Option<Answer>,
    },
    Request {
        client: usize,
        session: u64,
        node: usize,
        request: u64,
        acts_for: PersonId,
        sent: Sent,
    },
    Told {
        client: usize,
        session: u64,
        request: u64,
        told: Box<Told>,
    },
    Show {
        node: usize,
        life: u64,
        sign_of_life: bool,
    },
    Sees {
        client: usize,
        session: u64,
        view: View,
    },
    Think {
        client: usize,
    },
    Fault(Fault),
    Restart {
        node: usize,
        life: u64,
        clock_off_ms: i64,
    },
    Heal,
    End,
}

/// A node's place: what runs on it, and how it is cut off.
struct Place {
    node: Option<Node>,
    life: u64,
    frozen_until: u64,
    no_store_until: u64,
    no_bus_until: u64,
    wakes_at: u64,
    shows: bool,
}

pub struct World {
    seed: u64,
    now: u64,
    steps: u64,
    plan: Plan,
    planted: Option<Planted>,
    trace: Trace,
    queue: Queue<Event>,
    grounds: Arc<Grounds>,
    disk: Disk,
    away_until: u64,
    full_until: u64,
    places: Vec<Place>,
    clients: Vec<Client>,
    thinks_at: Vec<u64>,
    scene: Scene,
    oracle: Oracle,
    store_rng: Rng,
    bus_rng: Rng,
    net_rng: Rng,
    node_rng: Rng,
    healed: bool,
    /// When the record grew, and to which size.
    grown: Vec<(u64, u64)>,
    ended: bool,
    broken: Option<Broken>,
}

impl World {
    pub fn run(mut self, until: u64) -> Outcome {
        while self.broken.is_none() && !self.ended && self.steps < until.min(MOST_STEPS) {
            let Some((at, event)) = self.queue.next() else { break };
            self.now = self.now.max(at);
            self.steps += 1;
            self.step(event);
        }
        if self.broken.is_none() && self.ended {
            let held = self.oracle.end(self.disk.lines(), self.disk.checkpoints());
            self.check(held);
        }
        if self.steps >= MOST_STEPS {
            self.check(Err(Broken { invariant: Invariant::Healed, what: "the world does not end".into() }));
        }
        if let Some(broken) = &self.broken {
            let Broken { invariant, what } = broken;
            let (number, name) = (invariant.number(), invariant.name());
            self.trace.line(self.steps, self.now, format_args!("BROKEN {number} {name}: {what}"));
        }
        let (seed, steps, at_ms) = (self.seed, self.steps, self.now);
        Outcome {
            seed,
            steps,
            entries: self.disk.size(),
            votes: self.oracle.votes(),
            receipts: self.oracle.receipts() as u64,
            trace_hash: self.trace.hash(),
            broken: self.broken.map(|broken| Failure { broken, step: steps, at_ms }),
        }
    }

    fn check(&mut self, held: Held) {
        if let Err(broken) = held {
            self.broken.get_or_insert(broken);
        }
    }

    fn step(&mut self, event: Event) {
        match event {
            Event::Asked { node, life, asked } => self.store_takes(node, life, asked),
            Event::Stored { node, life, job, call, reply } => {
                let again = |reply| Event::Stored { node, life, job, call, reply };
                let Some(reply) = self.unless_frozen(node, life, reply, again) else { return };
                self.with_node(node, |node, now, fx| node.store_said(now, job, call, reply, fx));
            }
            Event::Wake { node, life } => {
                let Some(()) = self.unless_frozen(node, life, (), |()| Event::Wake { node, life }) else { return };
                self.places[node].wakes_at = u64::MAX;
                self.with_node(node, |node, now, fx| node.turn(now, fx));
            }
            Event::Heard { node, said } => self.hears(node, said),
            Event::Forwarded { node, from, submission } => self.takes_forwarded(node, from, submission),
            Event::Relayed { node, life, relay, answer } => {
                let again = |answer| Event::Relayed { node, life, relay, answer };
                let Some(answer) = self.unless_frozen(node, life, answer, again) else { return };
                self.with_node(node, |node, now, fx| node.relay_said(now, relay, answer, fx));
            }
            Event::Request { client, session, node, request, acts_for, sent } => {
                self.takes_request(client, session, node, request, acts_for, sent);
            }
            Event::Told { client, session, request, told } => self.told(client, session, request, &told),
            Event::Show { node, life, sign_of_life } => self.shows(node, life, sign_of_life),
            Event::Sees { client, session, view } => {
                if self.clients[client].session == session {
                    self.clients[client].sees(self.now, view);
                }
            }
            Event::Think { client } => self.thinks(client),
            Event::Fault(fault) => self.fails(fault),
            Event::Restart { node, life, clock_off_ms } => {
                if self.places[node].life == life && self.places[node].node.is_none() {
                    self.start(node, clock_off_ms);
                }
            }
            Event::Heal => self.heals(),
            Event::End => self.ends(),
        }
    }

    /// What comes to a process that stands still waits until it goes on; what comes to one that is dead is lost.
    fn unless_frozen<T>(&mut self, node: usize, life: u64, what: T, again: impl FnOnce(T) -> Event) -> Option<T> {
        let place = &self.places[node];
        if place.life != life || place.node.is_none() {
            return None;
        }
        if place.frozen_until > self.now {
            let at = place.frozen_until;
            self.queue.put(at, again(what));
            return None;
        }
        Some(what)
    }

    /// Lets a node do something, and carries out what it wants done.
    fn with_node(&mut self, index: usize, act: impl FnOnce(&mut Node, u64, &mut Vec<Effect>)) {
        let now = self.now;
        let Some(node) = self.places[index].node.as_mut() else { return };
        let mut fx = Vec::new();
        act(node, now, &mut fx);
        let (life, calls, leads) = (node.life, node.take_calls(), node.leads_under());
        if let Some(epoch) = leads.filter(|epoch| *epoch < self.disk.epoch()) {
            let what = format!("n{index} goes on leading under epoch {epoch}, which is over");
            self.check(Err(Broken { invariant: Invariant::OneWriter, what }));
        }
        for asked in calls {
            let at = now + self.store_latency();
            self.queue.put(at, Event::Asked { node: index, life, asked });
        }
        for effect in fx {
            self.carry_out(index, life, effect);
        }
        let due = self.places[index].node.as_ref().map_or(u64::MAX, Node::next_due);
        if due < self.places[index].wakes_at && due != u64::MAX {
            let due = due.max(now + 1);
            self.places[index].wakes_at = due;
            self.queue.put(due, Event::Wake { node: index, life });
        }
    }

    fn carry_out(&mut self, index: usize, life: u64, effect: Effect) {
        match effect {
            Effect::Trace(what) => self.trace.line(self.steps, self.now, format_args!("n{index} {what}")),
            Effect::Show => {
                if let Some(sequencer) = self.places[index].node.as_ref().and_then(Node::sequencer) {
                    let held = self.oracle.shown(sequencer);
                    self.check(held);
                }
                if !std::mem::replace(&mut self.places[index].shows, true) {
                    self.queue.put(self.now + SHOWN_TOGETHER, Event::Show { node: index, life, sign_of_life: false });
                }
            }
            Effect::Answer { to, answer, made } => {
                if let (Some(made), Some(answer)) = (&made, &answer) {
                    let held = self.oracle.answered(made, answer, self.disk.epoch());
                    self.check(held);
                }
                self.answers(to, answer);
            }
            Effect::Tell(said) => self.tells(index, &said),
            Effect::Forward { holder, relay, submission } => self.forwards(index, life, &holder, relay, submission),
        }
    }

    fn start(&mut self, index: usize, clock_off_ms: i64) {
        let place = &mut self.places[index];
        place.life += 1;
        let life = place.life;
        let wall = BEGINS.0.saturating_add(self.now).saturating_add_signed(clock_off_ms);
        let rng = self.node_rng.fork(life * 8 + index as u64);
        place.node = Some(Node::start(self.grounds.clone(), index, life, self.now, Millis(wall), rng));
        (place.frozen_until, place.wakes_at, place.shows) = (0, u64::MAX, false);
        self.trace.line(self.steps, self.now, format_args!("n{index} starts, clock off by {clock_off_ms} ms"));
        self.queue.put(self.now + SIGN_OF_LIFE, Event::Show { node: index, life, sign_of_life: true });
        self.with_node(index, |node, now, fx| node.turn(now, fx));
    }

    fn thinks(&mut self, client: usize) {
        if self.thinks_at[client] > self.now {
            return;
        }
        self.thinks_at[client] = u64::MAX;
        let now = self.now;
        let moves = self.clients[client].think(now, &mut self.scene);
        for next in moves {
            match next {
                Move::Send { request, acts_for, sent } => self.sends(client, request, acts_for, sent),
                Move::Reconnect => {
                    let up: Vec<usize> = (0..self.places.len()).filter(|at| self.places[*at].node.is_some()).collect();
                    let node = self.net_rng.pick(&up).copied().unwrap_or(self.clients[client].node);
                    self.connect(client, node);
                }
            }
        }
        self.thinks_again(client);
    }

    fn thinks_again(&mut self, client: usize) {
        let due = self.clients[client].next_due().max(self.now + 1);
        if due < self.thinks_at[client] {
            self.thinks_at[client] = due;
            self.queue.put(due, Event::Think { client });
        }
    }

    fn heals(&mut self) {
        self.trace.line(self.steps, self.now, format_args!("the world heals"));
        self.healed = true;
        self.scene.healed = true;
        (self.away_until, self.full_until) = (0, 0);
        for index in 0..self.places.len() {
            let place = &mut self.places[index];
            (place.no_store_until, place.no_bus_until) = (0, 0);
            place.frozen_until = place.frozen_until.min(self.now);
            if place.node.is_none() {
                self.start(index, 0);
            }
        }
    }

    /// Everybody has had time to find back to one state. What was written in the last moment may still be on its way.
    fn ends(&mut self) {
        self.ended = true;
        let size = self.disk.size();
        let by_now = self.grown.iter().take_while(|(at, _)| at + SPREADS_WITHIN <= self.now).last();
        let due = by_now.map_or(0, |(_, size)| *size);
        for client in self.clients.iter().filter(|client| client.is_honest()) {
            let seen = client.view.as_ref().map_or(0, |view| view.size);
            let (person, waits) = (&client.person, client.waits_for());
            let what = if waits > 0 {
                format!("{person} still waits for {waits} answers")
            } else if seen < due || seen > size {
                format!("{person} sees {seen} of {due} to {size} entries")
            } else {
                continue;
            };
            return self.check(Err(Broken { invariant: Invariant::Healed, what }));
        }
        let led = self.places.iter().filter_map(|place| place.node.as_ref()?.leads_under()).count();
        if led != 1 {
            let what = format!("{led} nodes lead");
            self.check(Err(Broken { invariant: Invariant::Healed, what }));
        }
    }
}
