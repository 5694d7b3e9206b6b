//! Who is behind a command.

use crate::chamber::ids::PersonId;
use serde::{Deserialize, Serialize};

/// Who is behind a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// A person whose device signed it.
    Person(PersonId),
    /// Whoever has the server's own console: founding, the first administrator, the way back in.
    Operator,
    /// The chamber's own doing: a ballot's time ran out, the store came back.
    System,
}

/// Who let a device be bound to a person, by giving out the one-time code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Issuer {
    Operator,
    Person(PersonId),
}
