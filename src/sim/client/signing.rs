//! Real statements under keys made from the seed.

use super::super::ORIGIN;
use super::super::node::Sent;
use super::Client;
use crate::chamber::command::Command;
use crate::chamber::ids::{AnswerKey, BallotId, PersonId};
use crate::ledger::merkle::Hash;
use crate::ledger::order;
use crate::ledger::statement::{Enrol, Order, Statement, Vote};
use crate::sample::Rng;
use ed25519_dalek::SigningKey;

pub fn bytes<const N: usize>(rng: &mut Rng) -> [u8; N] {
    std::array::from_fn(|_| rng.next_u64() as u8)
}

pub fn key(rng: &mut Rng) -> SigningKey {
    SigningKey::from_bytes(&bytes(rng))
}

impl Client {
    pub(super) fn vote(&mut self, ballot: &BallotId, document: &str, choice: AnswerKey, turn: u32) -> Option<Vote> {
        Some(Vote {
            log: ORIGIN.to_owned(),
            ballot: ballot.clone(),
            document: Hash::from_hex(document)?,
            person: self.person.clone(),
            choice,
            more: Vec::new(),
            turn,
            nonce: bytes(&mut self.rng),
        })
    }

    pub(super) fn signed_vote(&self, vote: Vote) -> Option<Sent> {
        let note = Statement::Vote(vote).sign(&self.key).ok()?;
        Some(Sent::Vote { note: note.into() })
    }

    pub fn signed_order(&mut self, command: &Command) -> Option<Sent> {
        let (order, target, arguments) = order::parts(command).ok()?;
        let statement = Statement::Order(Order {
            log: ORIGIN.to_owned(),
            person: self.person.clone(),
            order,
            target,
            arguments: Hash::of(arguments.as_bytes()),
            nonce: bytes(&mut self.rng),
        });
        let note = statement.sign(&self.key).ok()?;
        Some(Sent::Order { note: note.into(), arguments: arguments.into() })
    }

    /// The enrolment of the key this client has now.
    pub fn enrolment(&mut self) -> Option<Sent> {
        let key = self.key.clone();
        let nonce = bytes(&mut self.rng);
        enrolment(&self.person, &key, nonce)
    }

    pub fn public_key(&self) -> [u8; 32] {
        self.key.verifying_key().to_bytes()
    }
}

fn enrolment(person: &PersonId, key: &SigningKey, nonce: [u8; 16]) -> Option<Sent> {
    let public = key.verifying_key().to_bytes();
    let statement = Statement::Enrol(Enrol { log: ORIGIN.to_owned(), person: person.clone(), key: public, nonce });
    Some(Sent::Enrol { note: statement.sign(key).ok()?.into() })
}
