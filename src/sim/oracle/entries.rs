//! Each entry as it comes to stand in the record, held against everything before it.

use super::Oracle;
use super::invariant::{Held, Invariant, broken, demand};
use crate::chamber::ballot::Counted;
use crate::chamber::command::Actor;
use crate::chamber::event::Event;
use crate::chamber::ids::{BallotId, PersonId};
use crate::ledger::entry::{Entry, line_hash};
use crate::ledger::note::{Note, VerifierKey};
use crate::ledger::statement::{SignedStatement, Statement, person_key_name};
use crate::ledger::text::from_base64_exact;
use crate::sequencer::note_text_sha256;
use std::collections::BTreeMap;

impl Oracle {
    pub(super) fn entry(&mut self, line: &str) -> Held {
        let seq = self.size();
        let Ok(entry) = Entry::decode(line) else {
            return broken(Invariant::RecordWhole, format!("entry {seq} cannot be read"));
        };
        demand(entry.seq == seq && entry.time >= self.newest, Invariant::RecordWhole, || {
            format!("entry {} of {} stands where {seq} belongs, after {}", entry.seq, entry.time.0, self.newest.0)
        })?;
        if let Some(note) = &entry.statement {
            let first = self.texts.insert(note_text_sha256(note), seq);
            demand(first.is_none(), Invariant::OneOutcome, || {
                format!("the statement of entry {seq} stands in {first:?} already")
            })?;
            // An enrolment is signed by the key it brings.
            if !note.starts_with("chamber-enrol/") {
                self.signed_by_device(&entry, note)?;
            }
        }
        self.event(&entry)?;
        let fits = self.chamber.fits(entry.time, &entry.event);
        fits.or_else(|misfit| broken(Invariant::RecordWhole, format!("entry {seq} cannot follow: {misfit}")))?;
        self.newest = entry.time;
        self.chamber.apply(entry.time, seq, &entry.event);
        self.tree.push(line_hash(line));
        Ok(())
    }

    /// By the number of its key; that the signature holds, the verifier says in the end.
    fn signed_by_device(&mut self, entry: &Entry, note: &str) -> Held {
        let Actor::Person(person) = &entry.by else { return Ok(()) };
        let device = self.chamber.device_of(person).map(|device| device.key.clone());
        let held = device.and_then(|key| self.key_id(person, &key));
        let signed = Note::parse(note).ok().and_then(|note| Some(note.signatures.first()?.key_id));
        demand(held.is_some() && held == signed, Invariant::VoterEntitled, || {
            format!("entry {} is signed by a device that {person} does not have", entry.seq)
        })
    }

    fn key_id(&mut self, person: &PersonId, key: &str) -> Option<[u8; 4]> {
        if let Some(id) = self.keys.get(key) {
            return Some(*id);
        }
        let name = person_key_name(self.key.name(), person);
        let id = VerifierKey::new(name, &from_base64_exact::<32>(key)?).ok()?.id();
        self.keys.insert(key.to_owned(), id);
        Some(id)
    }

    fn event(&mut self, entry: &Entry) -> Held {
        let seq = entry.seq;
        match &entry.event {
            Event::VoteCast { ballot, person, .. } => {
                self.votes += 1;
                self.vote_says_what_was_signed(entry)?;
                self.vote_counts(entry, ballot, person)
            }
            Event::BallotOpened { ballot, .. } => {
                let running = self.chamber.running_ballot();
                demand(running.is_none(), Invariant::OneBallotOneGavel, || {
                    format!("{ballot} is opened in entry {seq} beside another")
                })
            }
            Event::GavelTaken { person, from, .. } => {
                let holder = self.chamber.gavel().map(|holder| &holder.id);
                demand(from.as_ref() == holder, Invariant::OneBallotOneGavel, || {
                    format!("{person} takes the gavel in entry {seq} from {from:?}, but {holder:?} has it")
                })
            }
            Event::BallotClosed { ballot, counted, .. } => self.closed(seq, ballot, counted),
            _ => Ok(()),
        }
    }

    fn vote_says_what_was_signed(&self, entry: &Entry) -> Held {
        let Event::VoteCast { ballot, person, answer, more, turn } = &entry.event else { return Ok(()) };
        let statement = entry.statement.as_deref().and_then(|note| SignedStatement::parse(note).ok());
        let document = self.chamber.ballot(ballot).map(|ballot| ballot.document_sha256.clone());
        let agrees = match statement.map(|signed| signed.statement) {
            Some(Statement::Vote(vote)) => {
                vote.log == self.key.name()
                    && (&vote.ballot, &vote.person, &vote.choice) == (ballot, person, answer)
                    && (&vote.more, vote.turn) == (more, *turn)
                    && Some(vote.document.hex()) == document
            }
            _ => false,
        };
        demand(agrees && entry.by == Actor::Person(person.clone()), Invariant::VoteSigned, || {
            format!("the vote in entry {} is not what {person} signed", entry.seq)
        })
    }

    fn vote_counts(&self, entry: &Entry, ballot: &BallotId, person: &PersonId) -> Held {
        let Event::VoteCast { turn, .. } = &entry.event else { return Ok(()) };
        let seq = entry.seq;
        let Some(taken) = self.chamber.ballot(ballot) else {
            return broken(
                Invariant::WithinBallot,
                format!("a vote in {ballot}, which is none, stands in entry {seq}"),
            );
        };
        demand(taken.is_open_at(entry.time), Invariant::WithinBallot, || {
            format!("a vote in {ballot} stands in entry {seq}, while it is not open")
        })?;
        let question = self.chamber.question(&taken.question);
        let may = self.chamber.is_present(person)
            && self.chamber.person(person).is_some_and(|person| person.is_delegate())
            && question.is_some_and(|question| self.chamber.is_entitled(question, person));
        demand(may, Invariant::VoterEntitled, || format!("{person} votes in entry {seq}, absent or not entitled"))?;
        let next = self.chamber.next_turn(ballot, person);
        let may_change = next == 1 || question.is_some_and(|question| question.change_allowed);
        demand(*turn == next && may_change, Invariant::OneVote, || {
            format!("{person} votes again in {ballot}, in entry {seq}: turn {turn} where {next} is due")
        })
    }

    /// Counted here from the votes that stand, without the chamber's own counting.
    fn closed(&self, seq: u64, ballot: &BallotId, counted: &Counted) -> Held {
        let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
        let votes = self.chamber.votes(ballot);
        let cast = votes.map_or(0, |votes| votes.len() as u32);
        for vote in votes.into_iter().flat_map(|votes| votes.values()) {
            vote.answers().for_each(|answer| *counts.entry(answer.as_str()).or_default() += 1);
        }
        let told: u32 = counted.answers.iter().map(|answer| answer.count).sum();
        let agrees =
            counted.answers.iter().all(|told| counts.get(told.answer.as_str()).copied().unwrap_or(0) == told.count)
                && told == counts.values().sum::<u32>()
                && counted.took_part() == cast
                && cast <= counted.present
                && counted.present <= counted.in_office
                && counted.in_office <= counted.seats;
        demand(agrees, Invariant::TallyIsFold, || {
            format!("{ballot} is closed in entry {seq} with {counted:?}, but {counts:?} voted")
        })
    }
}
