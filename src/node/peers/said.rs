//! What nodes say to each other: this version's private form of a submission and of its answer. Not kept anywhere.

use crate::chamber::command::{Actor, CastVote, Command, Issuer};
use crate::chamber::ids::{AnswerKey, BallotId, CouncilId, PersonId};
use crate::chamber::refusal::Refusal;
use crate::chamber::roll::Person;
use crate::ledger::merkle::Hash;
use crate::ledger::text;
use crate::sequencer::{Answer, Receipt, Signed, Submission};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The first frame from either end.
#[derive(Debug, Serialize, Deserialize)]
pub struct Hello {
    pub version: u32,
    /// As in the lease row.
    pub node: String,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct Request {
    pub id: u64,
    pub council: CouncilId,
    pub act: Act,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct Response {
    pub id: u64,
    pub answer: Said,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct Act {
    /// Absent: the operator.
    person: Option<PersonId>,
    command: Asked,
    statement: Option<Note>,
    arguments: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Note {
    note: String,
    text_sha256: Hex,
    key: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
struct Hex([u8; 32]);

/// Orders as they are signed; beside them what is no order.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Asked {
    Order(Box<Command>),
    Vote { ballot: BallotId, document: String, person: PersonId, answer: AnswerKey, more: Vec<AnswerKey>, turn: u32 },
    Roster { sha256: String, people: Vec<Person> },
    SetPerson { person: Person },
    BindDevice { person: PersonId, key: String, issued_by: Issuer },
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Said {
    Receipt { seq: u64, line: Option<String>, proof: Vec<String>, checkpoint: String },
    Refused(String),
    UnknownDevice,
    TooLarge,
    Internal,
    Busy,
    StoreUnavailable,
    NotLeading,
}

impl Act {
    /// `None`: the chamber's own act, which only its leader does.
    pub fn of(submission: Submission) -> Option<Self> {
        let person = match submission.by {
            Actor::Person(person) => Some(person),
            Actor::Operator => None,
            Actor::System => return None,
        };
        let command = match submission.command {
            Command::CastVote(CastVote { ballot, document_sha256: document, person, answer, more, turn }) => {
                Asked::Vote { ballot, document, person, answer, more, turn }
            }
            Command::ImportRoster { sha256, people } => Asked::Roster { sha256, people },
            Command::SetPerson { person } => Asked::SetPerson { person },
            Command::BindDevice { person, key, issued_by } => Asked::BindDevice { person, key, issued_by },
            Command::FoundCouncil(_) | Command::HoldForStore { .. } | Command::PauseForStore { .. } => return None,
            order => Asked::Order(Box::new(order)),
        };
        let statement = submission.statement.map(|signed| Note {
            note: signed.note,
            text_sha256: Hex(signed.text_sha256),
            key: signed.key,
        });
        Some(Self { person, command, statement, arguments: submission.arguments })
    }

    pub fn into_submission(self) -> Submission {
        let command = match self.command {
            Asked::Order(order) => *order,
            Asked::Vote { ballot, document: document_sha256, person, answer, more, turn } => {
                Command::CastVote(CastVote { ballot, document_sha256, person, answer, more, turn })
            }
            Asked::Roster { sha256, people } => Command::ImportRoster { sha256, people },
            Asked::SetPerson { person } => Command::SetPerson { person },
            Asked::BindDevice { person, key, issued_by } => Command::BindDevice { person, key, issued_by },
        };
        let signed = |note: Note| Signed { note: note.note, text_sha256: note.text_sha256.0, key: note.key };
        Submission {
            by: self.person.map_or(Actor::Operator, Actor::Person),
            command,
            statement: self.statement.map(signed),
            arguments: self.arguments,
        }
    }
}

impl Said {
    pub fn of(answer: Option<Answer>) -> Self {
        match answer {
            Some(Answer::Receipt(receipt)) => Self::Receipt {
                seq: receipt.seq,
                line: receipt.line.map(|line| line.to_string()),
                proof: receipt.proof.iter().map(Hash::base64).collect(),
                checkpoint: receipt.checkpoint,
            },
            Some(Answer::Refused(refusal)) => Self::Refused(refusal.code().to_owned()),
            Some(Answer::UnknownDevice) => Self::UnknownDevice,
            Some(Answer::TooLarge) => Self::TooLarge,
            Some(Answer::Internal) => Self::Internal,
            Some(Answer::Busy) => Self::Busy,
            Some(Answer::StoreUnavailable) => Self::StoreUnavailable,
            None => Self::NotLeading,
        }
    }

    /// `None`: that node does not lead the council.
    pub fn into_answer(self) -> Option<Answer> {
        Some(match self {
            Self::Receipt { seq, line, proof, checkpoint } => {
                match proof.iter().map(|hash| Hash::from_base64(hash)).collect() {
                    Some(proof) => Answer::Receipt(Receipt { seq, line: line.map(Arc::from), proof, checkpoint }),
                    None => Answer::Internal,
                }
            }
            Self::Refused(code) => match Refusal::ALL.iter().find(|refusal| refusal.code() == code) {
                Some(refusal) => Answer::Refused(*refusal),
                None => Answer::Internal,
            },
            Self::UnknownDevice => Answer::UnknownDevice,
            Self::TooLarge => Answer::TooLarge,
            Self::Internal => Answer::Internal,
            Self::Busy => Answer::Busy,
            Self::StoreUnavailable => Answer::StoreUnavailable,
            Self::NotLeading => return None,
        })
    }
}

impl TryFrom<String> for Hex {
    type Error = &'static str;

    fn try_from(hex: String) -> Result<Self, Self::Error> {
        text::from_hex(&hex).map(Self).ok_or("not 64 hex digits")
    }
}

impl From<Hex> for String {
    fn from(hex: Hex) -> Self {
        text::hex(&hex.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chamber::ids::Millis;
    use crate::chamber::roll::Office;

    fn there_and_back(submission: &Submission) -> Submission {
        let said = serde_json::to_string(&Act::of(submission.clone()).expect("it can be said")).expect("JSON");
        serde_json::from_str::<Act>(&said).expect("the same").into_submission()
    }

    fn submission(by: Actor, command: Command) -> Submission {
        let signed = Signed { note: "chamber-vote/v1\n\n— x y\n".into(), text_sha256: [7; 32], key: "a2V5".into() };
        let is_signed = matches!(by, Actor::Person(_));
        Submission { by, command, statement: is_signed.then_some(signed), arguments: is_signed.then(|| "{}".into()) }
    }

    #[test]
    fn whatever_may_be_asked_arrives_as_it_was() {
        let an = PersonId::parse("an").unwrap();
        let ballot = BallotId::parse("b7").unwrap();
        let person = Person {
            id: an.clone(),
            name: "Nguyễn Văn An".into(),
            seat: None,
            group: "Tổ 1".into(),
            offices: vec![Office::Secretary],
        };
        let vote = CastVote {
            ballot: ballot.clone(),
            document_sha256: "00".repeat(32),
            person: an.clone(),
            answer: AnswerKey::parse("yes").unwrap(),
            more: vec![AnswerKey::parse("no").unwrap()],
            turn: 3,
        };
        let commands = [
            (Actor::Person(an.clone()), Command::CastVote(vote)),
            (Actor::Person(an.clone()), Command::CloseBallot { ballot }),
            (
                Actor::Person(an.clone()),
                Command::BindDevice { person: an.clone(), key: "a2V5".into(), issued_by: Issuer::Operator },
            ),
            (Actor::Person(an), Command::ImportRoster { sha256: "ab".into(), people: vec![person.clone()] }),
            (Actor::Operator, Command::SetPerson { person }),
        ];
        for (by, command) in commands {
            let sent = submission(by, command);
            let came = there_and_back(&sent);
            assert_eq!((&came.by, &came.command, &came.arguments), (&sent.by, &sent.command, &sent.arguments));
            let words = |signed: &Signed| (signed.note.clone(), signed.text_sha256, signed.key.clone());
            assert_eq!(came.statement.as_ref().map(words), sent.statement.as_ref().map(words));
        }
    }

    #[test]
    fn the_chambers_own_acts_stay_with_its_leader() {
        let own = Command::HoldForStore { ballot: BallotId::parse("b1").unwrap(), since: Millis(1) };
        assert!(Act::of(submission(Actor::System, own.clone())).is_none());
        assert!(Act::of(submission(Actor::Operator, own)).is_none());
    }

    #[test]
    fn every_answer_arrives_as_it_was() {
        let receipt =
            Receipt { seq: 9, line: Some(Arc::from("{}")), proof: vec![Hash([1; 32])], checkpoint: "c".into() };
        let mut answers = vec![
            Answer::Receipt(receipt),
            Answer::UnknownDevice,
            Answer::TooLarge,
            Answer::Internal,
            Answer::Busy,
            Answer::StoreUnavailable,
        ];
        answers.extend(Refusal::ALL.iter().map(|refusal| Answer::Refused(*refusal)));
        for answer in answers {
            let said = serde_json::to_string(&Said::of(Some(answer.clone()))).unwrap();
            let came = serde_json::from_str::<Said>(&said).unwrap().into_answer().expect("an answer");
            assert_eq!(format!("{came:?}"), format!("{answer:?}"));
        }
        assert!(Said::of(None).into_answer().is_none());
    }
}
