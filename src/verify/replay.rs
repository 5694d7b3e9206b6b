//! Goes through the entries once, in their order, and says of each what is wrong with it.

use super::agrees::{enrol_agrees, may_be_unsigned, order_agrees, vote_agrees};
use super::finding::{Finding, Problem};
use super::recount::Recount;
use super::settled::{DueQuestion, is_held_with_the_rest, is_settled};
use crate::chamber::command::{Actor, Command, Issuer};
use crate::chamber::event::Event;
use crate::chamber::ids::{Millis, PersonId};
use crate::chamber::roll::Office;
use crate::chamber::{Chamber, Misfit};
use crate::ledger::entry::{Entry, line_hash};
use crate::ledger::merkle::{Hash, Tree};
use crate::ledger::note::VerifierKey;
use crate::ledger::order::command_of;
use crate::ledger::statement::{Enrol, SignedStatement, Statement, StatementError, Vote};
use std::collections::BTreeMap;

/// Findings kept; a record that is wrong in more places is only counted on, so that memory stays bounded.
const MAX_FINDINGS: usize = 1_000;

/// How many statements were checked, by kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Checked {
    pub orders: u64,
    pub votes: u64,
    pub enrolments: u64,
}

#[derive(Default)]
pub struct Replay {
    pub tree: Tree,
    pub recount: Recount,
    pub checked: Checked,
    pub findings: Vec<Finding>,
    /// Findings beyond [`MAX_FINDINGS`].
    pub unlisted: u64,
    /// Named after the origin in entry 0, with the key there.
    pub key: Option<VerifierKey>,
    /// The fold says what may follow what (`fits`) and who may do what (`permits`). Its counts are not used: see `recount`.
    chamber: Chamber,
    /// The fold had to leave out an event that could not follow. From there on it is not the state the record claims, and what
    /// it would refuse may only be a consequence: signatures and counts are judged further, what may follow what is not.
    astray: bool,
    /// The key each person signs with at this point.
    keys: BTreeMap<PersonId, [u8; 32]>,
    /// Where each statement stands, by the hash of its text.
    statements: BTreeMap<Hash, u64>,
    act: Option<Act>,
    now: Millis,
}

/// The entries that come from one order, vote, enrolment or deed of the chamber.
struct Act {
    first: u64,
    at: Millis,
    by: Actor,
    source: Source,
    events: Vec<Event>,
    /// What a changed item brings with it and is not there yet.
    due: Option<DueQuestion>,
}

/// Why an act happened.
enum Source {
    Order(Box<Command>),
    Vote(Vote),
    Enrol(Enrol),
    Unsigned,
    /// What was wrong has been said.
    Rejected,
}

impl Replay {
    /// Takes the next line of the record.
    pub fn line(&mut self, line: &str) {
        let seq = self.tree.size();
        self.tree.push(line_hash(line));
        let entry = match Entry::decode(line) {
            Ok(entry) => entry,
            Err(error) => {
                self.finish_act();
                return self.found(seq, Problem::BadEntry(error));
            }
        };
        if entry.seq != seq {
            self.found(seq, Problem::WrongSeq { found: entry.seq });
        }
        if entry.time < self.now {
            self.found(seq, Problem::TimeFalls);
        }
        let newest = self.now;
        self.now = newest.max(entry.time);
        if seq == 0 {
            self.founding(&entry.event);
        }
        self.place_in_act(seq, &entry);
        self.event(seq, newest, entry.time, &entry.event);
        if let Some(act) = &mut self.act {
            act.events.push(entry.event);
        }
    }

    /// To be called after the last line.
    pub fn finish(&mut self) {
        self.finish_act();
    }

    pub fn found(&mut self, seq: impl Into<Option<u64>>, problem: Problem) {
        if self.findings.len() < MAX_FINDINGS {
            self.findings.push(Finding { seq: seq.into(), problem });
        } else {
            self.unlisted += 1;
        }
    }

    fn founding(&mut self, event: &Event) {
        if let Event::CouncilFounded { origin, checkpoint_key, .. } = event {
            let key = Hash::from_base64(checkpoint_key);
            self.key = key.and_then(|key| VerifierKey::new(origin.clone(), &key.0).ok());
        }
        if self.key.is_none() {
            self.found(0, Problem::NoFounding);
        }
    }

    /// Goes on with the act the entry belongs to, or begins the one it is the first of.
    fn place_in_act(&mut self, seq: u64, entry: &Entry) {
        match (entry.cause, &self.act) {
            (Some(cause), Some(act)) if act.first == cause && act.by == entry.by && act.at == entry.time => {}
            (Some(_), _) => {
                self.finish_act();
                self.found(seq, Problem::WrongCause);
            }
            (None, _) => {
                self.finish_act();
                let source = self.source(seq, entry).unwrap_or_else(|problem| {
                    self.found(seq, problem);
                    Source::Rejected
                });
                let (at, by) = (entry.time, entry.by.clone());
                self.act = Some(Act { first: seq, at, by, source, events: Vec::new(), due: None });
            }
        }
    }

    /// Who is behind the act, checked before anything of it has happened.
    fn source(&mut self, seq: u64, entry: &Entry) -> Result<Source, Problem> {
        let (person, note) = match (&entry.by, &entry.statement) {
            (Actor::Person(person), Some(note)) => (person, note),
            (Actor::Person(_), None) => return Err(Problem::StatementMissing),
            (Actor::Operator | Actor::System, Some(_)) => return Err(Problem::StatementUnexpected),
            (Actor::Operator | Actor::System, None) => return Ok(Source::Unsigned),
        };
        let signed = SignedStatement::parse(note).map_err(Problem::BadStatement)?;
        if Some(signed.statement.log()) != self.key.as_ref().map(VerifierKey::name) {
            return Err(Problem::WrongLog);
        }
        if signed.statement.person() != person {
            return Err(Problem::WrongPerson { signer: signed.statement.person().clone() });
        }
        // By its text: a second signature over the same statement is still the same statement.
        if let Some(first) = self.statements.insert(Hash::of(signed.text().as_bytes()), seq) {
            return Err(Problem::StatementRepeated { first });
        }
        let key = match &signed.statement {
            Statement::Enrol(enrol) => Some(&enrol.key),
            _ => self.keys.get(person),
        };
        let key = key.ok_or_else(|| Problem::NoDevice { person: person.clone() })?;
        signed.verify(key).map_err(Problem::BadStatement)?;

        match (signed.statement, &entry.arguments) {
            (Statement::Order(order), Some(arguments)) => {
                self.checked.orders += 1;
                let command = command_of(&order, arguments).map_err(Problem::BadOrder)?;
                let permitted = self.chamber.permits(&entry.by, &command);
                if let (Err(refusal), false) = (permitted, self.astray) {
                    return Err(Problem::NotAllowed { code: refusal.code() });
                }
                Ok(Source::Order(Box::new(command)))
            }
            (Statement::Vote(vote), None) => {
                self.checked.votes += 1;
                Ok(Source::Vote(vote))
            }
            (Statement::Enrol(enrol), None) => {
                self.checked.enrolments += 1;
                Ok(Source::Enrol(enrol))
            }
            // An order without its arguments, something else with arguments, or a login, which is never stored.
            _ => Err(Problem::BadStatement(StatementError::Malformed)),
        }
    }

    /// `newest`: the time of the entry before.
    fn event(&mut self, seq: u64, newest: Millis, at: Millis, event: &Event) {
        let before = (self.findings.len(), self.unlisted);
        if !self.astray {
            self.compare_with_state(seq, newest, at, event);
        }
        match event {
            Event::DeviceBound { person, key, issued_by, .. } => {
                if let Issuer::Person(issuer) = issued_by {
                    let offices = [Office::Secretary, Office::Administrator];
                    if !self.astray && !offices.iter().any(|office| self.chamber.holds_office(issuer, *office)) {
                        self.found(seq, Problem::NotAllowed { code: "not_allowed" });
                    }
                }
                // A key that cannot be read is nobody's: what it signs will be found to have no device behind it.
                self.keys.remove(person);
                self.keys.extend(Hash::from_base64(key).map(|key| (person.clone(), key.0)));
            }
            Event::DeviceRevoked { person, .. } | Event::PersonLeft { person, .. } => {
                self.keys.remove(person);
            }
            Event::BallotOpened { .. } | Event::CountRecorded { .. } if !self.astray => {
                let enforced = self.chamber.council().is_some_and(|council| council.rules.quorum_enforced);
                if enforced && !self.chamber.is_quorate() {
                    self.found(seq, Problem::NotAllowed { code: "not_quorate" });
                }
            }
            Event::VoteCast { ballot, .. } => {
                let named = match self.act.as_ref().map(|act| &act.source) {
                    Some(Source::Vote(vote)) => Some(vote.document),
                    _ => None,
                };
                let document = self.recount.document(ballot);
                if named.is_some() && document.is_some() && named != document {
                    self.found(seq, Problem::VoteDocument);
                }
            }
            _ => {}
        }
        for problem in self.recount.take(at, event) {
            self.found(seq, problem);
        }
        if let Err(misfit) = self.chamber.fits(at, event) {
            // Where it has been said already what is wrong, the fold would only say it again.
            let is_said = before != (self.findings.len(), self.unlisted);
            if !is_said && !self.astray {
                self.found(seq, Problem::DoesNotFollow(misfit));
            }
            self.astray = true;
        }
        self.chamber.apply(at, seq, event);
    }

    /// What the order leaves open is compared with the state before, while that is still there.
    fn compare_with_state(&mut self, seq: u64, newest: Millis, at: Millis, event: &Event) {
        if !is_held_with_the_rest(&self.chamber, newest, event) {
            self.found(seq, Problem::DoesNotFollow(Misfit::Ballot));
        }
        let Some(Act { source: Source::Order(command), due, .. }) = &mut self.act else { return };
        let mut agrees = is_settled(&self.chamber, at, command, event);
        if let (Command::ChangeItem { to, .. }, Some(council)) = (command.as_ref(), self.chamber.council()) {
            match event {
                Event::ItemChanged { item } => *due = DueQuestion::of(&self.chamber, &self.recount, to, item),
                Event::QuestionPrepared { question } => {
                    agrees = due.take().is_some_and(|due| due.is(&council.rules, to, question));
                }
                _ => {}
            }
        }
        if !agrees {
            self.found(seq, Problem::Disagrees);
        }
    }

    /// Compares what happened with what was signed.
    fn finish_act(&mut self) {
        let Some(Act { first, at, by, source, events, due }) = self.act.take() else {
            return;
        };
        if due.is_some() && !self.astray {
            return self.found(first, Problem::Disagrees);
        }
        let agrees = match (&source, &by, self.chamber.council()) {
            (Source::Rejected, _, _) => true,
            (Source::Unsigned, by, _) if may_be_unsigned(by, &events) => true,
            (Source::Unsigned, _, _) => return self.found(first, Problem::UnsignedAct),
            (Source::Vote(vote), _, _) => vote_agrees(vote, &events),
            (Source::Enrol(enrol), _, _) => enrol_agrees(enrol, &events),
            (Source::Order(command), Actor::Person(person), Some(council)) => {
                order_agrees(&council.rules, at, person, command, &events)
            }
            (Source::Order(_), _, _) => false,
        };
        if !agrees {
            self.found(first, Problem::Disagrees);
        }
    }
}
