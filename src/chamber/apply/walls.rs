//! What the walls show. The main one follows the hall by itself; each of the acts that move it says so where it is applied.

use crate::chamber::event::Event;
use crate::chamber::ids::{Millis, WallId};
use crate::chamber::state::Chamber;
use crate::chamber::wall::{Card, MAIN_WALL, Shown, Wall, WallMode};

impl Chamber {
    pub(super) fn apply_wall(&mut self, at: Millis, event: &Event) {
        match event {
            Event::WallShown { mode, wall: None, card } => self.show_card(at, *mode, card.clone()),
            Event::WallShown { mode, wall: Some(wall), card } if wall.as_str() == MAIN_WALL => {
                self.show_card(at, *mode, card.clone());
            }
            Event::WallShown { mode, wall: Some(wall), card } => {
                self.set_wall(wall, Some(Shown { mode: *mode, card: card.clone(), since: at }));
            }
            Event::WallAdded { wall, name } => {
                self.walls.added = self.walls.added.saturating_add(1);
                self.walls.others.push(Wall { id: wall.clone(), name: name.clone(), own: None });
            }
            Event::WallRemoved { wall } => self.walls.others.retain(|known| known.id != *wall),
            Event::WallFollows { wall } => self.set_wall(wall, None),
            Event::TickerSet { text } => self.walls.ticker.clone_from(text),
            _ => {}
        }
    }

    /// The doors open again: what was put on any wall behind them is not for whoever comes in.
    pub(super) fn clear_walls(&mut self, at: Millis) {
        let mode = if self.sitting().is_some() { WallMode::Agenda } else { WallMode::Welcome };
        self.show_card(at, mode, None);
        self.walls.others.iter_mut().for_each(|wall| wall.own = None);
        self.walls.ticker = None;
    }

    pub(super) fn show_card(&mut self, at: Millis, mode: WallMode, card: Option<Card>) {
        self.walls.main = Shown { mode, card, since: at };
    }

    fn set_wall(&mut self, id: &WallId, own: Option<Shown>) {
        if let Some(wall) = self.walls.others.iter_mut().find(|wall| wall.id == *id) {
            wall.own = own;
        }
    }
}
