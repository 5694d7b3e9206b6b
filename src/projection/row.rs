//! A row of a projection, as both databases can write it.

use crate::chamber::ids::Millis;
use serde::Serialize;
use std::fmt::Display;

/// One row to write: which table, which row of it, and the columns to set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub table: Table,
    pub write: Write,
    /// What follows the council in the table's primary key.
    pub key: Vec<Cell>,
    /// Never empty.
    pub set: Vec<Cell>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Write {
    /// A new row; where the key is there already, its columns are set anew.
    Put,
    /// Sets columns of a row an earlier event has put.
    Change,
}

/// The projections' tables, named alike in both databases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Table {
    Council,
    Person,
    Device,
    Session,
    Sitting,
    AgendaItem,
    Question,
    Ballot,
    BallotCount,
    Vote,
    Attendance,
    Gavel,
    Rules,
    Suspension,
    SpeakingList,
    SpeechRequest,
    Speech,
    SpeechAct,
    InterpellationRound,
    SpeakingBudget,
    Promise,
    Wall,
}

impl Table {
    pub fn name(self) -> &'static str {
        match self {
            Self::Council => "council",
            Self::Person => "person",
            Self::Device => "device",
            Self::Session => "session",
            Self::Sitting => "sitting",
            Self::AgendaItem => "agenda_item",
            Self::Question => "question",
            Self::Ballot => "ballot",
            Self::BallotCount => "ballot_count",
            Self::Vote => "vote",
            Self::Attendance => "attendance",
            Self::Gavel => "gavel",
            Self::Rules => "rules",
            Self::Suspension => "suspension",
            Self::SpeakingList => "speaking_list",
            Self::SpeechRequest => "speech_request",
            Self::Speech => "speech",
            Self::SpeechAct => "speech_act",
            Self::InterpellationRound => "interpellation_round",
            Self::SpeakingBudget => "speaking_budget",
            Self::Promise => "promise",
            Self::Wall => "wall",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    pub column: &'static str,
    pub value: Value,
}

/// A column has one kind of value in all rows.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    Text(Option<String>),
    Int(Option<i64>),
    Flag(bool),
}

pub(super) fn put(table: Table, key: Vec<Cell>, set: Vec<Cell>) -> Row {
    Row { table, write: Write::Put, key, set }
}

pub(super) fn change(table: Table, key: Vec<Cell>, set: Vec<Cell>) -> Row {
    Row { table, write: Write::Change, key, set }
}

pub(super) fn text(column: &'static str, value: impl Display) -> Cell {
    maybe_text(column, Some(value))
}

/// Postgres cannot keep U+0000 in a text; the entry's line can, so the record itself loses nothing.
pub(super) fn maybe_text(column: &'static str, value: Option<impl Display>) -> Cell {
    Cell { column, value: Value::Text(value.map(|value| value.to_string().replace('\0', "\u{fffd}"))) }
}

pub(super) fn none(column: &'static str) -> Cell {
    Cell { column, value: Value::Text(None) }
}

pub(super) fn int(column: &'static str, value: impl Into<u64>) -> Cell {
    maybe_int(column, Some(value.into()))
}

pub(super) fn maybe_int(column: &'static str, value: Option<u64>) -> Cell {
    Cell { column, value: Value::Int(value.map(|value| i64::try_from(value).unwrap_or(i64::MAX))) }
}

pub(super) fn time(column: &'static str, at: Millis) -> Cell {
    maybe_time(column, Some(at))
}

pub(super) fn maybe_time(column: &'static str, at: Option<Millis>) -> Cell {
    maybe_int(column, at.map(|at| at.0))
}

pub(super) fn flag(column: &'static str, value: bool) -> Cell {
    Cell { column, value: Value::Flag(value) }
}

/// The stable name of an enum's variant.
pub(super) fn word(column: &'static str, value: &impl Serialize) -> Cell {
    let name = serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned));
    Cell { column, value: Value::Text(name) }
}

pub(super) fn json(column: &'static str, value: &impl Serialize) -> Cell {
    Cell { column, value: Value::Text(serde_json::to_string(value).ok()) }
}
