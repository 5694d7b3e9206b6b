//! Who speaks, and did they sign it? Checked here, beside the sockets and in parallel, before the council's single writer sees
//! anything. The person comes from the authenticated connection; what the statement says must agree with it.

use super::Errand;
use super::directory::Directory;
use crate::chamber::command::{Actor, CastVote, Command};
use crate::chamber::ids::{BallotId, PersonId};
use crate::chamber::refusal::Refusal;
use crate::ledger::note::check_public_key;
use crate::ledger::order::{self, OrderError};
use crate::ledger::statement::{Order, SignedStatement, Statement, StatementError};
use crate::ledger::text;
use crate::sequencer::{Signed, Submission};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// Not let through to the chamber. The codes are the wire's (docs/protocol.md).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Denial {
    BadStatement,
    BadSignature,
    WeakKey,
    WrongLog,
    WrongPerson,
    UnknownDevice,
    BadLogin,
    UnknownOrder,
    TooLarge,
    /// The person's offices do not allow it.
    NotAllowed,
    UnknownPerson,
    /// The chamber's state does not allow it; for errands, which the chamber itself never decides.
    Refused(Refusal),
    /// Asked again too soon. Not to be sent again by itself: it is a person who thinks again.
    TooFast,
    /// Only where one node serves.
    SeveralNodes,
    Busy,
    StoreUnavailable,
}

impl Denial {
    /// All but the chamber's own refusals.
    pub const ALL: &'static [Denial] = &[
        Self::BadStatement,
        Self::BadSignature,
        Self::WeakKey,
        Self::WrongLog,
        Self::WrongPerson,
        Self::UnknownDevice,
        Self::BadLogin,
        Self::UnknownOrder,
        Self::TooLarge,
        Self::NotAllowed,
        Self::UnknownPerson,
        Self::TooFast,
        Self::SeveralNodes,
        Self::Busy,
        Self::StoreUnavailable,
    ];

    pub fn code(self) -> &'static str {
        match self {
            Self::BadStatement => "bad_statement",
            Self::BadSignature => "bad_signature",
            Self::WeakKey => "weak_key",
            Self::WrongLog => "wrong_log",
            Self::WrongPerson => "wrong_person",
            Self::UnknownDevice => "unknown_device",
            Self::BadLogin => "bad_login",
            Self::UnknownOrder => "unknown_order",
            Self::TooLarge => "too_large",
            Self::NotAllowed => "not_allowed",
            Self::UnknownPerson => "unknown_person",
            Self::Refused(refusal) => refusal.code(),
            Self::TooFast => "too_fast",
            Self::SeveralNodes => "several_nodes",
            Self::Busy => "busy",
            Self::StoreUnavailable => "store_unavailable",
        }
    }

    /// The same words may be accepted later.
    pub fn retry(self) -> bool {
        matches!(self, Self::Busy | Self::StoreUnavailable)
    }
}

impl From<StatementError> for Denial {
    fn from(error: StatementError) -> Self {
        match error {
            StatementError::Malformed => Self::BadStatement,
            StatementError::Key(_) => Self::WeakKey,
            StatementError::Signer | StatementError::BadSignature => Self::BadSignature,
        }
    }
}

impl From<OrderError> for Denial {
    fn from(error: OrderError) -> Self {
        match error {
            OrderError::UnknownOrder => Self::UnknownOrder,
            OrderError::TooLarge => Self::TooLarge,
            OrderError::WrongHash | OrderError::Arguments(_) | OrderError::NotAnOrder => Self::BadStatement,
        }
    }
}

/// What a signed order asks for.
#[derive(Debug)]
pub enum Ordered {
    Chamber(Box<Submission>),
    Errand(PersonId, Errand),
}

/// A signed order whose arguments the caller reads itself.
#[derive(Debug)]
pub struct RawOrder {
    pub order: Order,
    pub signed: Signed,
}

/// An enrolment statement, signed by the key it names.
#[derive(Debug)]
pub struct Enrolment {
    pub person: PersonId,
    /// Base64 of the 32 bytes.
    pub key: String,
    pub signed: Signed,
}

/// A vote by the person this connection acts for.
pub fn vote(directory: &Directory, person: &PersonId, note: &str) -> Result<Submission, Denial> {
    let (statement, signed) = open(directory, person, note)?;
    let Statement::Vote(vote) = statement else { return Err(Denial::BadStatement) };
    let command = Command::CastVote(CastVote {
        ballot: vote.ballot,
        document_sha256: vote.document.hex(),
        person: vote.person,
        answer: vote.choice,
        more: vote.more,
        turn: vote.turn,
    });
    Ok(Submission { by: Actor::Person(person.clone()), command, statement: Some(signed), arguments: None })
}

/// An order by the person this connection acts for.
pub fn order(directory: &Directory, person: &PersonId, note: &str, arguments: &str) -> Result<Ordered, Denial> {
    let raw = raw_order(directory, person, note, arguments)?;
    if let Some(errand) = errand(&raw.order)? {
        return Ok(Ordered::Errand(person.clone(), errand));
    }
    let command = order::command_of(&raw.order, arguments)?;
    // A roster comes with its file, over HTTP.
    if matches!(command, Command::ImportRoster { .. }) {
        return Err(Denial::UnknownOrder);
    }
    Ok(Ordered::Chamber(Box::new(Submission {
        by: Actor::Person(person.clone()),
        command,
        statement: Some(raw.signed),
        arguments: Some(arguments.to_string()),
    })))
}

/// A signed order with its arguments' hash compared, by whoever the statement names: for orders that come over HTTP, where no
/// connection vouches for a person.
pub fn order_by_anyone(directory: &Directory, note: &str, arguments: &str) -> Result<(PersonId, RawOrder), Denial> {
    let person = SignedStatement::parse(note)?.statement.person().clone();
    let raw = raw_order(directory, &person, note, arguments)?;
    Ok((person, raw))
}

/// Who answers the challenge.
pub fn login(directory: &Directory, note: &str, challenge: &str) -> Result<PersonId, Denial> {
    let person = SignedStatement::parse(note).map_err(|_| Denial::BadLogin)?.statement.person().clone();
    let (statement, _) = open(directory, &person, note)?;
    let Statement::Login(login) = statement else { return Err(Denial::BadLogin) };
    let answered = text::base64(&login.challenge);
    if bool::from(answered.as_bytes().ct_eq(challenge.as_bytes())) { Ok(person) } else { Err(Denial::BadLogin) }
}

/// A key that is to be bound to the person the statement names; whether that person asked for it, the one-time code says.
pub fn enrol(directory: &Directory, note: &str) -> Result<Enrolment, Denial> {
    let signed = SignedStatement::parse(note)?;
    let Statement::Enrol(enrol) = &signed.statement else { return Err(Denial::BadStatement) };
    agree(directory, &enrol.person, &signed.statement)?;
    check_public_key(&enrol.key).map_err(|_| Denial::WeakKey)?;
    signed.verify(&enrol.key)?;
    let key = text::base64(&enrol.key);
    let person = enrol.person.clone();
    Ok(Enrolment { person, signed: told_apart(note, &signed, key.clone()), key })
}

fn raw_order(directory: &Directory, person: &PersonId, note: &str, arguments: &str) -> Result<RawOrder, Denial> {
    let (statement, signed) = open(directory, person, note)?;
    let Statement::Order(order) = statement else { return Err(Denial::BadStatement) };
    let hash: [u8; 32] = Sha256::digest(arguments.as_bytes()).into();
    if order.arguments.0 != hash {
        return Err(Denial::BadStatement);
    }
    Ok(RawOrder { order, signed })
}

fn errand(order: &Order) -> Result<Option<Errand>, Denial> {
    let person = || {
        let target = order.target.as_deref().ok_or(Denial::BadStatement)?;
        PersonId::parse(target).map_err(|_| Denial::BadStatement)
    };
    let ballot = || {
        let target = order.target.as_deref().ok_or(Denial::BadStatement)?;
        BallotId::parse(target).map_err(|_| Denial::BadStatement)
    };
    Ok(match order.order.as_str() {
        "issue_code" => Some(Errand::IssueCode { person: person()? }),
        "cancel_code" => Some(Errand::CancelCode { person: person()? }),
        "nudge" => Some(Errand::Nudge { ballot: ballot()? }),
        "start_rehearsal" => Some(Errand::StartRehearsal),
        "end_rehearsal" => Some(Errand::EndRehearsal),
        _ => None,
    })
}

/// Checks form, names and signature against the device the person has now.
fn open(directory: &Directory, person: &PersonId, note: &str) -> Result<(Statement, Signed), Denial> {
    let signed = SignedStatement::parse(note)?;
    agree(directory, person, &signed.statement)?;
    let device = directory.device_of(person).ok_or(Denial::UnknownDevice)?;
    // The statement was found to name both.
    let key = device.key(&directory.origin, person).map_err(StatementError::Key)?;
    signed.verify_by(key)?;
    let told_apart = told_apart(note, &signed, device.base64().to_string());
    Ok((signed.statement, told_apart))
}

fn agree(directory: &Directory, person: &PersonId, statement: &Statement) -> Result<(), Denial> {
    if statement.log() != directory.origin {
        return Err(Denial::WrongLog);
    }
    if statement.person() != person {
        return Err(Denial::WrongPerson);
    }
    Ok(())
}

fn told_apart(note: &str, signed: &SignedStatement, key: String) -> Signed {
    Signed { note: note.to_string(), text_sha256: Sha256::digest(signed.text().as_bytes()).into(), key }
}
