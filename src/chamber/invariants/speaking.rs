//! What must hold of the debate.

use super::{Violation, demand};
use crate::chamber::limits;
use crate::chamber::speaking::Debate;
use crate::chamber::state::Chamber;
use std::collections::BTreeSet;

/// A debate is of the current item; in its queue everybody waits once for each kind, those on the roll alone, and in order.
pub(super) fn check(chamber: &Chamber) -> Result<(), Violation> {
    let Debate { list_open, queue, speech, round, .. } = &chamber.debate;
    let current = chamber.sitting().and_then(|_| chamber.current_item()).map(|item| &item.item.id);
    let is_silent = !list_open && queue.is_empty() && speech.is_none() && round.is_none();
    demand(current.is_some() || is_silent, || Violation::StrayDebate)?;
    let is_here = round.as_ref().is_none_or(|round| Some(&round.item) == current)
        && speech.as_ref().is_none_or(|speech| speech.item.as_ref() == current);
    demand(is_here, || Violation::StrayDebate)?;

    let ids: BTreeSet<_> = queue.iter().map(|request| &request.id).collect();
    let wishes: BTreeSet<_> = queue.iter().map(|request| (&request.person, request.kind)).collect();
    let is_each_once = ids.len() == queue.len() && wishes.len() == queue.len() && queue.len() <= limits::REQUESTS;
    let are_known = queue.iter().all(|request| chamber.person(&request.person).is_some());
    demand(is_each_once && are_known && chamber.debate.is_in_order(), || Violation::Queue)
}
