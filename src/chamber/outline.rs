//! The agenda as a tree, kept as a list in reading order: every item directly before what stands under it.

use super::agenda::AgendaItem;
use super::ids::ItemId;
use super::state::Chamber;
use std::ops::Range;

impl Chamber {
    /// Where an item of the present session stands in the list.
    pub(super) fn position(&self, id: &ItemId) -> Option<usize> {
        self.open_item(id)?;
        self.items.iter().rposition(|item| item.item.id == *id)
    }

    /// The item at `start` and everything under it.
    pub(super) fn branch(&self, start: usize) -> Range<usize> {
        // The way from the item down to the last one seen.
        let mut line: Vec<&ItemId> = Vec::new();
        let mut end = start;
        for AgendaItem { item, .. } in self.items.iter().skip(start) {
            if end > start {
                let Some(depth) = line.iter().rposition(|above| Some(*above) == item.parent.as_ref()) else {
                    break;
                };
                line.truncate(depth + 1);
            }
            line.push(&item.id);
            end += 1;
        }
        start..end
    }

    /// How many items an item stands under.
    pub(super) fn depth(&self, id: &ItemId) -> usize {
        let above = |id: &ItemId| self.item(id).and_then(|item| item.item.parent.as_ref());
        std::iter::successors(above(id), |id| above(id)).count()
    }

    /// How many levels there are under the item that the branch begins with.
    pub(super) fn height(&self, branch: &Range<usize>) -> usize {
        let items = self.items.get(branch.clone()).unwrap_or_default();
        let depths = items.iter().map(|item| self.depth(&item.item.id));
        let root = items.first().map_or(0, |root| self.depth(&root.item.id));
        depths.max().unwrap_or_default().saturating_sub(root)
    }

    /// The depth of what stands under `parent`, or at the top. `None` where there is no such item in the present session.
    pub(super) fn depth_under(&self, parent: Option<&ItemId>) -> Option<usize> {
        match parent {
            Some(parent) => self.open_item(parent).map(|_| self.depth(parent) + 1),
            None => Some(0),
        }
    }

    /// Where in the list an item would come that is put under `parent` (or at the top), before `before` (or last). `None`
    /// where there is no such parent, or `before` does not stand directly under it.
    pub(super) fn slot(&self, parent: Option<&ItemId>, before: Option<&ItemId>) -> Option<usize> {
        if let Some(before) = before {
            let neighbour = self.open_item(before)?;
            return (neighbour.item.parent.as_ref() == parent).then(|| self.position(before)).flatten();
        }
        match parent {
            Some(parent) => self.position(parent).map(|at| self.branch(at).end),
            None => Some(self.items.len()),
        }
    }

    /// A result of it was announced while the doors were open.
    pub(super) fn was_announced_in_public(&self, id: &ItemId) -> bool {
        self.ballots.iter().any(|ballot| ballot.item == *id && ballot.is_sealed() && !ballot.closed_doors)
    }

    /// As [`Self::was_announced_in_public`], of the item or of one under it.
    pub(super) fn has_announced_in_public(&self, id: &ItemId) -> bool {
        let branch = self.position(id).and_then(|at| self.items.get(self.branch(at))).unwrap_or_default();
        branch.iter().any(|item| self.was_announced_in_public(&item.item.id))
    }

    /// One of its questions was put to the vote at some time, by itself or in a bloc.
    pub(super) fn was_voted_on(&self, id: &ItemId) -> bool {
        self.ballots.iter().any(|ballot| ballot.item == *id)
            || self.questions_of(id).any(|question| self.was_put_to_the_vote(&question.id))
    }
}
