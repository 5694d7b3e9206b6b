//! The agenda, and which item the hall is at.

use super::{Misfit, demand};
use crate::chamber::agenda::{AgendaItem, Item};
use crate::chamber::event::Event;
use crate::chamber::ids::ItemId;
use crate::chamber::limits;
use crate::chamber::state::Chamber;

impl Chamber {
    pub(super) fn fits_agenda(&self, event: &Event) -> Result<(), Misfit> {
        match event {
            Event::ItemAdded { item, before } => {
                let is_next = item.id == ItemId::numbered('i', self.items_added.saturating_add(1));
                demand(is_next && self.session().is_some(), Misfit::Agenda)?;
                self.fits_place(0, item.parent.as_ref(), before.as_ref())
            }
            Event::ItemChanged { item } => self.fits_changed(item),
            Event::ItemMoved { item, parent, before } => {
                let branch = self.position(item).map(|at| self.branch(at)).ok_or(Misfit::Agenda)?;
                let is_within = |id: &ItemId| self.position(id).is_some_and(|at| branch.contains(&at));
                let is_itself = parent.as_ref().is_some_and(is_within) || before.as_ref() == Some(item);
                demand(!is_itself, Misfit::Agenda)?;
                self.fits_place(self.height(&branch), parent.as_ref(), before.as_ref())
            }
            Event::ItemRemoved { item } => {
                let at = self.position(item).ok_or(Misfit::Agenda)?;
                let branch = self.items.get(self.branch(at)).unwrap_or_default();
                demand(branch.iter().all(|item| self.is_untouched(item)), Misfit::Agenda)
            }
            Event::ItemStarted { item } => {
                let may_start = self.sitting().is_some() && !self.is_suspended() && self.current_item().is_none();
                demand(may_start && self.open_item(item).is_some() && self.speech().is_none(), Misfit::Agenda)?;
                demand(self.running_ballot().is_none(), Misfit::Ballot)
            }
            Event::ItemFinished { item } => {
                demand(self.is_current(item), Misfit::Agenda)?;
                demand(self.running_ballot().is_none(), Misfit::Ballot)
            }
            // Everything else was judged by the caller.
            _ => Ok(()),
        }
    }

    /// Room for something with `height` levels under it.
    fn fits_place(&self, height: usize, parent: Option<&ItemId>, before: Option<&ItemId>) -> Result<(), Misfit> {
        let is_place = self.slot(parent, before).is_some();
        let depth = self.depth_under(parent).filter(|_| is_place).ok_or(Misfit::Agenda)?;
        demand(depth + height <= limits::AGENDA_DEPTH, Misfit::Agenda)
    }

    fn fits_changed(&self, item: &Item) -> Result<(), Misfit> {
        let known = &self.open_item(&item.id).ok_or(Misfit::Agenda)?.item;
        let is_same_vote = item.kind == known.kind && item.rule == known.rule;
        let may_change = is_same_vote || !self.was_voted_on(&item.id);
        demand(item.parent == known.parent && may_change, Misfit::Agenda)
    }

    /// Never started, never voted on.
    fn is_untouched(&self, item: &AgendaItem) -> bool {
        item.started_at.is_none() && !self.was_voted_on(&item.item.id)
    }
}
