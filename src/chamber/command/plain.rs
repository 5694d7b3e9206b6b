//! The plain forms of orders that have options.

use super::{Command, NewItem};
use crate::chamber::wall::WallMode;

impl Command {
    /// A regular session.
    pub fn create_session(title: impl Into<String>, term: impl Into<String>) -> Self {
        Self::CreateSession { title: title.into(), term: term.into(), kind: None }
    }

    /// A public sitting that was not prepared.
    pub fn open_sitting(title: impl Into<String>) -> Self {
        Self::OpenSitting { sitting: None, title: Some(title.into()), closed_doors: false }
    }

    /// Items at the end of the agenda.
    pub fn add_items(items: Vec<NewItem>) -> Self {
        Self::AddItems { items, parent: None, before: None, start: false }
    }

    /// What the main wall shows.
    pub fn show_on_wall(mode: WallMode) -> Self {
        Self::ShowOnWall { wall: None, mode, card: None }
    }
}
