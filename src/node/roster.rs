//! A roster file against the roll: what it would change, and taking it in.

use super::Council;
use crate::chamber::command::{Actor, Command};
use crate::chamber::roll::Person;
use crate::sequencer::{Answer, Signed, Submission};

/// What an import changes. `people` is the file's, in its order.
#[derive(Debug, Clone)]
pub struct RosterPlan {
    pub added: u32,
    pub changed: u32,
    pub unchanged: u32,
    pub people: Vec<Person>,
}

/// Who stands behind an import: the console, or a person by a signed order.
#[derive(Debug, Clone)]
pub enum Authority {
    Operator,
    Order { by: crate::chamber::ids::PersonId, signed: Signed, arguments: String },
}

impl Council {
    /// Compares a file's people with the roll. `None` while the record cannot be read.
    pub async fn plan_roster(&self, people: Vec<Person>) -> Option<RosterPlan> {
        self.ask(move |sequencer| {
            let chamber = sequencer.durable();
            let mut plan = RosterPlan { added: 0, changed: 0, unchanged: 0, people: Vec::new() };
            for person in &people {
                match chamber.person(&person.id) {
                    None => plan.added += 1,
                    Some(known) if known == person => plan.unchanged += 1,
                    Some(_) => plan.changed += 1,
                }
            }
            plan.people = people;
            plan
        })
        .await
    }

    /// Takes the file's people in, all or none. `sha256` is of the file's bytes, hex.
    pub async fn import_roster(&self, sha256: String, people: Vec<Person>, authority: Authority) -> Answer {
        let command = Command::ImportRoster { sha256, people };
        let submission = match authority {
            Authority::Operator => Submission { by: Actor::Operator, command, statement: None, arguments: None },
            Authority::Order { by, signed, arguments } => {
                Submission { by: Actor::Person(by), command, statement: Some(signed), arguments: Some(arguments) }
            }
        };
        self.act(submission).await
    }
}
