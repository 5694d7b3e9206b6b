//! Who a client acts for: a person's key, and the council it was enrolled with.

use super::error::ClientError;
use super::receipt::CheckedReceipt;
use crate::chamber::command::Command;
use crate::chamber::ids::{AnswerKey, BallotId, PersonId};
use crate::ledger::merkle::Hash;
use crate::ledger::note::{NoteSigner, VerifierKey};
use crate::ledger::order;
use crate::ledger::statement::{Enrol, Login, Order, Statement, Vote, person_key_name};
use crate::ledger::text::from_base64_exact;
use crate::wire::frames::Receipt;
use crate::wire::http::LookResponse;
use ed25519_dalek::SigningKey;
use std::fmt;
use std::sync::Arc;

/// A device's private key, before it belongs to anybody. Wiped when dropped, never printed.
pub struct DeviceKey(SigningKey);

impl DeviceKey {
    /// From the operating system's randomness.
    ///
    /// # Errors
    /// `no_randomness`.
    pub fn generate() -> Result<Self, ClientError> {
        Ok(Self(SigningKey::from_bytes(&random::<32>()?)))
    }

    /// For tests that must be the same every time, and for nothing else.
    pub fn from_seed(seed: [u8; 32]) -> Self {
        Self(SigningKey::from_bytes(&seed))
    }
}

impl fmt::Debug for DeviceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DeviceKey")
    }
}

/// An enrolled person. Clones share the key.
#[derive(Debug, Clone)]
pub struct Identity {
    council: String,
    person: PersonId,
    name: String,
    /// The record's checkpoint key as it was at the enrolment: receipts must lead to it. Its name is the origin.
    record: VerifierKey,
    signer: Arc<NoteSigner>,
}

impl Identity {
    /// What the server said about a code, made into an identity and the statement that enrols it.
    pub(super) fn claim(council: &str, look: &LookResponse, key: DeviceKey) -> Result<(Self, String), ClientError> {
        let record = VerifierKey::parse(&look.vkey)
            .map_err(|error| ClientError::Protocol(format!("checkpoint key: {error}")))?;
        let person = PersonId::parse(look.person.id.as_str())
            .map_err(|error| ClientError::Protocol(format!("person: {error}")))?;
        if record.name() != look.origin {
            return Err(ClientError::WrongCouncil);
        }
        let signer = NoteSigner::new(person_key_name(record.name(), &person), key.0).map_err(unsignable)?;
        let (council, name) = (council.to_owned(), look.person.name.clone());
        let identity = Self { council, person, name, record, signer: Arc::new(signer) };
        let statement = identity.sign(Statement::Enrol(Enrol {
            log: identity.origin().to_owned(),
            person: identity.person.clone(),
            key: identity.signer.public(),
            nonce: random()?,
        }))?;
        Ok((identity, statement))
    }

    /// The same person with the same key in a rehearsal of the council: another record, under the key that its page tells.
    ///
    /// # Errors
    /// `protocol` when the page tells no key.
    pub fn in_rehearsal(&self, council: &str, vkey: &str) -> Result<Self, ClientError> {
        let record =
            VerifierKey::parse(vkey).map_err(|error| ClientError::Protocol(format!("checkpoint key: {error}")))?;
        let signer = self.signer.renamed(person_key_name(record.name(), &self.person)).map_err(unsignable)?;
        Ok(Self { council: council.to_owned(), record, signer: Arc::new(signer), ..self.clone() })
    }

    pub fn council(&self) -> &str {
        &self.council
    }

    pub fn origin(&self) -> &str {
        self.record.name()
    }

    pub fn person(&self) -> &PersonId {
        &self.person
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// The key receipts must lead to.
    pub fn record_key(&self) -> &VerifierKey {
        &self.record
    }

    /// Proves that `receipt` holds and that its entry carries exactly the statement that was sent.
    ///
    /// # Errors
    /// `bad_receipt`.
    pub fn check(&self, receipt: &Receipt, statement: &str) -> Result<CheckedReceipt, ClientError> {
        CheckedReceipt::check(receipt, &self.record, statement)
    }

    /// The note that answers a socket's challenge (base64 of 32 bytes).
    ///
    /// # Errors
    /// `protocol` when it is no challenge.
    pub fn login(&self, challenge: &str) -> Result<String, ClientError> {
        let challenge = from_base64_exact(challenge)
            .ok_or_else(|| ClientError::Protocol("the challenge is not 32 bytes of base64".to_owned()))?;
        self.sign(Statement::Login(Login { log: self.origin().to_owned(), person: self.person.clone(), challenge }))
    }

    /// A signed vote. `document_sha256` is hex, as a ballot names it.
    ///
    /// # Errors
    /// `unsignable` when a value cannot stand in a statement.
    pub fn vote(&self, ballot: &str, document_sha256: &str, answer: &str, turn: u32) -> Result<String, ClientError> {
        self.vote_for(ballot, document_sha256, &[answer], turn)
    }

    /// As [`Identity::vote`], for several candidates of an election, in the question's order.
    ///
    /// # Errors
    /// As [`Identity::vote`]; also for no answer at all.
    pub fn vote_for(
        &self,
        ballot: &str,
        document_sha256: &str,
        answers: &[&str],
        turn: u32,
    ) -> Result<String, ClientError> {
        let mut answers = answers.iter().map(|answer| AnswerKey::parse(*answer).map_err(unsignable));
        let choice = answers.next().ok_or_else(|| unsignable("a vote without an answer"))??;
        let more = answers.collect::<Result<_, _>>()?;
        self.sign(Statement::Vote(Vote {
            log: self.origin().to_owned(),
            ballot: BallotId::parse(ballot).map_err(unsignable)?,
            document: Hash::from_hex(document_sha256).ok_or_else(|| unsignable("not a SHA-256 in hex"))?,
            person: self.person.clone(),
            choice,
            more,
            turn,
            nonce: random()?,
        }))
    }

    /// A signed order and its arguments text.
    ///
    /// # Errors
    /// `unsignable` for a command that is no order.
    pub fn order(&self, command: &Command) -> Result<(String, String), ClientError> {
        let (name, target, arguments) = order::parts(command).map_err(unsignable)?;
        Ok((self.sign_order(name, target, &arguments)?, arguments))
    }

    /// A signed order by its name, for those that are not the chamber's (`issue_code`, `host_council`). `target` may be
    /// empty.
    ///
    /// # Errors
    /// `unsignable` when a value cannot stand in a statement.
    pub fn order_named(&self, name: &str, target: &str, arguments: &str) -> Result<String, ClientError> {
        let target = (!target.is_empty()).then(|| target.to_owned());
        self.sign_order(name.to_owned(), target, arguments)
    }

    fn sign_order(&self, order: String, target: Option<String>, arguments: &str) -> Result<String, ClientError> {
        self.sign(Statement::Order(Order {
            log: self.origin().to_owned(),
            person: self.person.clone(),
            order,
            target,
            arguments: Hash::of(arguments.as_bytes()),
            nonce: random()?,
        }))
    }

    fn sign(&self, statement: Statement) -> Result<String, ClientError> {
        let text = statement.encode();
        Statement::parse(&text).map_err(unsignable)?;
        Ok(self.signer.sign(&text))
    }
}

fn unsignable(why: impl fmt::Display) -> ClientError {
    ClientError::Unsignable(why.to_string())
}

fn random<const N: usize>() -> Result<[u8; N], ClientError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| ClientError::NoRandomness)?;
    Ok(bytes)
}
