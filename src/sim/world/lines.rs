//! The bus between nodes, the lines by which they send commands on, and the sockets of people.

use super::super::client::{Told, View};
use super::super::node::{Asker, Node, Said, Sent};
use super::{Event, SIGN_OF_LIFE, World};
use crate::chamber::ids::PersonId;
use crate::ledger::statement::SignedStatement;
use crate::sequencer::{Answer, Submission};
use std::sync::Arc;

/// Once in place, a message of the bus takes so long.
const BUS_MS: u32 = 5;
const BUS_LATE_MS: u32 = 2_000;
const LINE_MS: u32 = 4;
const SOCKET_MS: u32 = 20;
const SOCKET_LATE_MS: u32 = 2_500;

impl World {
    pub(super) fn tells(&mut self, from: usize, said: &Said) {
        let rates = self.plan.bus;
        for node in (0..self.places.len()).filter(|node| *node != from) {
            let is_cut = [from, node].iter().any(|place| self.places[*place].no_bus_until > self.now);
            if is_cut || (!self.healed && self.bus_rng.chance(rates.dropped)) {
                continue;
            }
            let copies = if self.bus_rng.chance(rates.doubled) { 2 } else { 1 };
            for _ in 0..copies {
                let mut at = self.now + 1 + u64::from(self.bus_rng.below(BUS_MS));
                if !self.healed && self.bus_rng.chance(rates.late) {
                    at += u64::from(self.bus_rng.below(BUS_LATE_MS));
                }
                self.queue.put(at, Event::Heard { node, said: said.clone() });
            }
            if !self.healed && self.bus_rng.chance(rates.forged) {
                let said = forged(said);
                self.queue.put(self.now + 1, Event::Heard { node, said });
            }
        }
    }

    pub(super) fn hears(&mut self, node: usize, said: Said) {
        let life = self.places[node].life;
        let Some(said) = self.unless_frozen(node, life, said, |said| Event::Heard { node, said }) else { return };
        self.with_node(node, |node, now, fx| node.hear(now, &said, fx));
    }

    /// To the node that leads, if it is still that one.
    pub(super) fn forwards(&mut self, from: usize, life: u64, holder: &str, relay: u64, submission: Box<Submission>) {
        let leads = |node: &Node| node.holder == holder;
        let to = self.places.iter().position(|place| place.node.as_ref().is_some_and(leads));
        let back = Asker::Node { node: from, life, relay };
        let at = self.now + 1 + u64::from(self.net_rng.below(LINE_MS));
        match to {
            Some(node) => self.queue.put(at, Event::Forwarded { node, from: back, submission }),
            None => self.queue.put(at, Event::Relayed { node: from, life, relay, answer: None }),
        }
    }

    pub(super) fn takes_forwarded(&mut self, node: usize, from: Asker, submission: Box<Submission>) {
        let life = self.places[node].life;
        let again = |submission| Event::Forwarded { node, from, submission };
        let Some(submission) = self.unless_frozen(node, life, submission, again) else { return };
        self.with_node(node, |node, now, fx| {
            node.relay(from, *submission);
            node.turn(now, fx);
        });
    }

    pub(super) fn answers(&mut self, to: Asker, answer: Option<Answer>) {
        match to {
            Asker::Node { node, life, relay } => {
                let at = self.now + 1 + u64::from(self.net_rng.below(LINE_MS));
                self.queue.put(at, Event::Relayed { node, life, relay, answer });
            }
            Asker::Client { client, session, request } => {
                let told = Told::Answer(answer.unwrap_or(Answer::StoreUnavailable));
                self.tells_client(client, session, request, told);
            }
        }
    }

    fn tells_client(&mut self, client: usize, session: u64, request: u64, told: Told) {
        if let Some(at) = self.over_the_socket() {
            self.queue.put(at, Event::Told { client, session, request, told: Box::new(told) });
        }
    }

    pub(super) fn told(&mut self, client: usize, session: u64, request: u64, told: &Told) {
        if self.clients[client].session != session {
            return;
        }
        let code = match told {
            Told::Answer(Answer::Receipt(receipt)) => format!("receipt {}", receipt.seq),
            Told::Answer(Answer::Refused(refusal)) => refusal.code().to_owned(),
            Told::Answer(Answer::StoreUnavailable) => "store_unavailable".to_owned(),
            Told::Answer(Answer::Busy) => "busy".to_owned(),
            Told::Answer(other) => format!("{other:?}"),
            Told::Denied(denial) => denial.code().to_owned(),
        };
        let person = &self.clients[client].person;
        self.trace.line(self.steps, self.now, format_args!("{person} hears of {request}: {code}"));
        match self.clients[client].hears(self.now, request, told, &mut self.scene) {
            Ok(Some(receipt)) => self.oracle.holds(receipt),
            Ok(None) => {}
            Err(broken) => self.check(Err(broken)),
        }
        self.thinks_again(client);
    }

    pub(super) fn sends(&mut self, client: usize, request: u64, acts_for: PersonId, sent: Sent) {
        let kind = match &sent {
            Sent::Vote { .. } => "a vote",
            Sent::Order { .. } => "an order",
            Sent::Enrol { .. } => "an enrolment",
        };
        let (person, node) = (&self.clients[client].person, self.clients[client].node);
        let session = self.clients[client].session;
        self.trace.line(self.steps, self.now, format_args!("{person} sends n{node} {kind} for {acts_for}: {request}"));
        let copies = if !self.healed && self.net_rng.chance(self.plan.net.doubled) { 2 } else { 1 };
        for _ in 0..copies {
            if let Some(at) = self.over_the_socket() {
                let (acts_for, sent) = (acts_for.clone(), sent.clone());
                self.queue.put(at, Event::Request { client, session, node, request, acts_for, sent });
            }
        }
    }

    pub(super) fn takes_request(
        &mut self,
        client: usize,
        session: u64,
        node: usize,
        request: u64,
        acts_for: PersonId,
        sent: Sent,
    ) {
        let life = self.places[node].life;
        let again = |(acts_for, sent)| Event::Request { client, session, node, request, acts_for, sent };
        let Some((acts_for, sent)) = self.unless_frozen(node, life, (acts_for, sent), again) else { return };
        // A one-time code lets a person enrol, and nobody for another.
        if let Sent::Enrol { note } = &sent
            && SignedStatement::parse(note)
                .is_ok_and(|signed| *signed.statement.person() != self.clients[client].person)
        {
            return;
        }
        let asker = Asker::Client { client, session, request };
        let mut denied = None;
        self.with_node(node, |node, now, fx| {
            denied = node.admit(asker, &acts_for, &sent);
            node.turn(now, fx);
        });
        if let Some(denial) = denied {
            self.tells_client(client, session, request, Told::Denied(denial));
        }
    }

    /// When it arrives; `None`: never.
    fn over_the_socket(&mut self) -> Option<u64> {
        let rates = self.plan.net;
        let mut at = self.now + 1 + u64::from(self.net_rng.below(SOCKET_MS));
        if self.healed {
            return Some(at);
        }
        if self.net_rng.chance(rates.late) {
            at += u64::from(self.net_rng.below(SOCKET_LATE_MS));
        }
        (!self.net_rng.chance(rates.lost)).then_some(at)
    }

    pub(super) fn connect(&mut self, client: usize, node: usize) {
        self.clients[client].connected(self.now, node);
        self.thinks_again(client);
    }

    pub(super) fn shows(&mut self, node: usize, life: u64, sign_of_life: bool) {
        let again = |()| Event::Show { node, life, sign_of_life };
        let Some(()) = self.unless_frozen(node, life, (), again) else { return };
        if sign_of_life {
            self.queue.put(self.now + SIGN_OF_LIFE, Event::Show { node, life, sign_of_life });
        } else {
            self.places[node].shows = false;
        }
        let Some(sequencer) = self.places[node].node.as_ref().and_then(Node::sequencer) else { return };
        let view = View { size: sequencer.size(), chamber: Arc::new(sequencer.durable().clone()) };
        for client in 0..self.clients.len() {
            let (of, session) = (self.clients[client].node, self.clients[client].session);
            if of == node {
                let at = self.now + 1 + u64::from(self.net_rng.below(SOCKET_MS));
                self.queue.put(at, Event::Sees { client, session, view: view.clone() });
            }
        }
    }
}

/// The same batch with something else in its first line.
fn forged(said: &Said) -> Said {
    match said {
        Said::Batch { first_seq, lines, checkpoint } => {
            let mut lines = lines.clone();
            if let Some(first) = lines.first_mut() {
                let other = first.replacen("\"answer\":\"yes\"", "\"answer\":\"no\"", 1);
                let other = if *other == **first { first.replacen("\"salt\":\"", "\"salt\":\"AAAA", 1) } else { other };
                *first = Arc::from(other);
            }
            Said::Batch { first_seq: *first_seq, lines, checkpoint: checkpoint.clone() }
        }
        Said::Moved => Said::Moved,
    }
}
