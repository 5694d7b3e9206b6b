//! The agenda as a tree: where items stand.

use super::Decision;
use crate::chamber::agenda::{AgendaItem, ItemState};
use crate::chamber::event::Event;
use crate::chamber::ids::ItemId;
use crate::chamber::limits;
use crate::chamber::refusal::Refusal;
use crate::chamber::state::Chamber;

/// Where an item is to stand: under `parent` or at the top, before `before` or last.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub parent: Option<&'a ItemId>,
    pub before: Option<&'a ItemId>,
}

impl Place<'_> {
    /// How deep something in this place stands.
    ///
    /// # Errors
    /// The parent is not on the agenda, or the neighbour does not stand under it.
    pub fn depth(&self, chamber: &Chamber) -> Result<usize, Refusal> {
        let depth = chamber.depth_under(self.parent).ok_or(Refusal::UnknownItem)?;
        chamber.slot(self.parent, self.before).map(|_| depth).ok_or(Refusal::BadPlace)
    }
}

pub(super) fn move_item(chamber: &Chamber, item: &ItemId, place: Place<'_>) -> Decision {
    let at = chamber.position(item).ok_or(Refusal::UnknownItem)?;
    let depth = place.depth(chamber)?;
    let branch = chamber.branch(at);
    let is_within = |id: &ItemId| chamber.position(id).is_some_and(|at| branch.contains(&at));
    // Neither under nor before itself.
    let is_itself = place.parent.is_some_and(is_within) || place.before == Some(item);
    if is_itself || depth + chamber.height(&branch) > limits::AGENDA_DEPTH {
        return Err(Refusal::BadPlace);
    }
    // Under closed doors nobody would find any more what was announced to everybody.
    let is_hidden = place.parent.and_then(|parent| chamber.item(parent)).is_some_and(|parent| parent.hidden);
    if is_hidden && chamber.has_announced_in_public(item) {
        return Err(Refusal::BallotSealed);
    }
    let (parent, before) = (place.parent.cloned(), place.before.cloned());
    Ok(vec![Event::ItemMoved { item: item.clone(), parent, before }])
}

/// What was taken up stays: the record of it would have no item any more.
pub(super) fn remove_item(chamber: &Chamber, item: &ItemId) -> Decision {
    let at = chamber.position(item).ok_or(Refusal::UnknownItem)?;
    let branch = chamber.items.get(chamber.branch(at)).unwrap_or_default();
    if branch.iter().any(|item| was_taken(chamber, item)) {
        return Err(Refusal::ItemTaken);
    }
    Ok(vec![Event::ItemRemoved { item: item.clone() }])
}

fn was_taken(chamber: &Chamber, item: &AgendaItem) -> bool {
    item.state != ItemState::Upcoming || item.started_at.is_some() || chamber.was_voted_on(&item.item.id)
}
