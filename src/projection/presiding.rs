//! The gavel and the walls.

use super::row::{change, int, json, maybe_text, maybe_time, none, put, text, time, word};
use super::{Cell, Row, Table};
use crate::chamber::event::Event;
use crate::chamber::ids::{Millis, PersonId};
use crate::chamber::wall::MAIN_WALL;

pub(super) fn rows(at: Millis, seq: u64, event: &Event) -> Vec<Row> {
    match event {
        Event::GavelTaken { person, from, reason } => vec![gavel(seq, at, person, from.as_ref(), reason.as_ref())],
        Event::GavelHanded { from, to } => vec![gavel(seq, at, to, Some(from), None)],
        Event::WallShown { mode, wall, card } => {
            let card = card.as_ref().map_or(none("card"), |card| json("card", card));
            let shown = vec![word("mode", mode), card, time("shown_at", at)];
            vec![match wall {
                Some(wall) => change(Table::Wall, wall_key(wall), shown),
                // The main wall is there without having been added.
                None => put(Table::Wall, wall_key(MAIN_WALL), shown),
            }]
        }
        Event::WallAdded { wall, name } => {
            vec![put(Table::Wall, wall_key(wall), vec![text("name", name), time("added_at", at)])]
        }
        Event::WallRemoved { wall } => vec![change(Table::Wall, wall_key(wall), vec![time("removed_at", at)])],
        Event::WallFollows { wall } => {
            let nothing = vec![none("mode"), none("card"), maybe_time("shown_at", None)];
            vec![change(Table::Wall, wall_key(wall), nothing)]
        }
        Event::TickerSet { text: line } => {
            vec![change(Table::Council, vec![], vec![maybe_text("ticker", line.as_ref())])]
        }
        _ => vec![],
    }
}

fn wall_key(wall: impl std::fmt::Display) -> Vec<Cell> {
    vec![text("wall", wall)]
}

fn gavel(seq: u64, at: Millis, person: &PersonId, from: Option<&PersonId>, reason: Option<&String>) -> Row {
    put(
        Table::Gavel,
        vec![int("seq", seq)],
        vec![
            text("person", person),
            maybe_text("held_before", from),
            time("taken_at", at),
            maybe_text("reason", reason),
        ],
    )
}
