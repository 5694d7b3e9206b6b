//! The agenda: what stands on it, in what order, and which item the hall is at.

use crate::chamber::agenda::{AgendaItem, Item, ItemKind, ItemState};
use crate::chamber::event::Event;
use crate::chamber::ids::{ItemId, Millis};
use crate::chamber::state::Chamber;
use crate::chamber::wall::WallMode;
use std::collections::BTreeSet;

impl Chamber {
    pub(super) fn apply_agenda(&mut self, at: Millis, event: &Event) {
        match event {
            Event::ItemAdded { item, before } => self.add_item(item, before.as_ref()),
            Event::ItemChanged { item } => {
                if let Some(known) = self.item_mut(&item.id) {
                    known.item = item.clone();
                }
                self.hide_and_show();
            }
            Event::ItemMoved { item, parent, before } => self.move_item(item, parent.as_ref(), before.as_ref()),
            Event::ItemRemoved { item } => {
                if let Some(at) = self.position(item) {
                    self.items.drain(self.branch(at));
                }
            }
            Event::QuestionPrepared { question } => self.put_question(question),
            Event::ItemStarted { item } => self.start_item(at, item),
            Event::ItemFinished { .. } => {
                if let Some(item) = self.current_item_mut() {
                    item.state = ItemState::Done;
                    item.finished_at = Some(at);
                }
                // What the main wall told of the item is over.
                if matches!(self.walls.main.mode, WallMode::Item | WallMode::Speaker | WallMode::Interpellation) {
                    self.show(at, WallMode::Agenda);
                }
            }
            _ => {}
        }
    }

    fn add_item(&mut self, item: &Item, before: Option<&ItemId>) {
        self.items_added = self.items_added.saturating_add(1);
        let session = self.session().map(|session| session.id.clone());
        if let (Some(session), Some(slot)) = (session, self.slot(item.parent.as_ref(), before)) {
            let added = AgendaItem {
                item: item.clone(),
                session,
                state: ItemState::Upcoming,
                hidden: false,
                was_behind_doors: false,
                started_at: None,
                finished_at: None,
            };
            self.items.insert(slot, added);
            self.hide_and_show();
        }
    }

    fn move_item(&mut self, id: &ItemId, parent: Option<&ItemId>, before: Option<&ItemId>) {
        let (Some(at), Some(slot)) = (self.position(id), self.slot(parent, before)) else {
            return;
        };
        let branch = self.branch(at);
        let slot = if slot >= branch.end { slot - branch.len() } else { slot };
        let moved: Vec<AgendaItem> = self.items.drain(branch).collect();
        self.items.splice(slot..slot, moved);
        if let Some(item) = self.item_mut(id) {
            item.item.parent = parent.cloned();
        }
        self.hide_and_show();
    }

    fn start_item(&mut self, at: Millis, id: &ItemId) {
        let doors_closed = self.sitting().is_some_and(|sitting| sitting.closed_doors);
        if let Some(item) = self.item_mut(id) {
            item.state = ItemState::Current;
            item.started_at = Some(at);
            item.finished_at = None;
            item.was_behind_doors |= doors_closed || item.hidden;
        }
        self.hide_and_show();
        let kind = self.item(id).map(|item| item.item.kind);
        // Nobody waits yet: a queue ends with its item.
        self.debate.list_open = matches!(kind, Some(ItemKind::Discussion | ItemKind::Interpellation));
        self.show(at, WallMode::Item);
    }

    /// What the public may see of the agenda, after something of it has changed. Every item stands before those under it, so
    /// one pass does.
    fn hide_and_show(&mut self) {
        let mut hidden: BTreeSet<ItemId> = BTreeSet::new();
        for item in &mut self.items {
            let is_under_hidden = item.item.parent.as_ref().is_some_and(|parent| hidden.contains(parent));
            // Whatever is said and voted once the doors are closed on the item the hall is at stays behind them, even if they open again.
            item.was_behind_doors |= item.state == ItemState::Current && (item.item.closed || is_under_hidden);
            item.hidden = item.item.closed || item.was_behind_doors || is_under_hidden;
            if item.hidden {
                hidden.insert(item.item.id.clone());
            }
        }
    }
}
