//! The walls of the hall.

use super::{Misfit, demand};
use crate::chamber::event::Event;
use crate::chamber::ids::WallId;
use crate::chamber::state::Chamber;
use crate::chamber::wall::{MAIN_WALL, WallMode};

impl Chamber {
    pub(super) fn fits_wall(&self, event: &Event) -> Result<(), Misfit> {
        match event {
            Event::WallShown { mode, wall, card } => {
                let is_there = wall.as_ref().is_none_or(|wall| wall.as_str() == MAIN_WALL || self.is_other_wall(wall));
                let has_card = card.is_some() == matches!(mode, WallMode::Title | WallMode::Countdown);
                demand(is_there && has_card, Misfit::Wall)
            }
            Event::WallAdded { wall, name } => {
                let is_new = self.walls.others.iter().all(|known| known.name != *name);
                demand(*wall == self.next_wall() && is_new, Misfit::Wall)
            }
            Event::WallRemoved { wall } | Event::WallFollows { wall } => demand(self.is_other_wall(wall), Misfit::Wall),
            // Everything else was judged by the caller.
            _ => Ok(()),
        }
    }

    fn is_other_wall(&self, id: &WallId) -> bool {
        self.walls.others.iter().any(|wall| wall.id == *id)
    }
}
