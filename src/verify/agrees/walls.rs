//! The orders about the walls and what they bring about.

use super::{same, same_option};
use crate::chamber::command::Command;
use crate::chamber::event::Event;
use crate::chamber::wall::{Card, MAIN_WALL};

/// As [`super::order_agrees`], for an order about the walls.
pub(super) fn agrees(command: &Command, events: &[Event]) -> bool {
    use Command as C;
    use Event as E;
    match (command, events) {
        (C::ShowOnWall { wall: ordered, mode: asked, card: words }, [E::WallShown { mode, wall, card }]) => {
            // The main wall is meant where none is named.
            let ordered = ordered.as_ref().filter(|wall| wall.as_str() != MAIN_WALL);
            mode == asked && wall.as_ref() == ordered && is_card(card.as_ref(), words.as_ref())
        }
        (C::AddWall { name: ordered }, [E::WallAdded { name, .. }]) => same(name, ordered),
        (C::RemoveWall { wall: ordered }, [E::WallRemoved { wall }])
        | (C::FollowMain { wall: ordered }, [E::WallFollows { wall }]) => wall == ordered,
        (C::SetTicker { text: ordered }, [E::TickerSet { text }]) => same_option(text, ordered),
        _ => false,
    }
}

fn is_card(recorded: Option<&Card>, signed: Option<&Card>) -> bool {
    match (recorded, signed) {
        (Some(recorded), Some(signed)) => {
            same(&recorded.title, &signed.title)
                && same_option(&recorded.text, &signed.text)
                && recorded.until == signed.until
        }
        (recorded, signed) => recorded.is_none() && signed.is_none(),
    }
}
