//! The orders of the agenda and what they bring about.

use super::{after_lead, same, same_option};
use crate::chamber::agenda::{Item, ItemKind};
use crate::chamber::command::{Command, NewItem};
use crate::chamber::event::Event;
use crate::chamber::ids::ItemId;
use crate::chamber::rules::RulesProfile;
use crate::verify::asked::Asked;

/// As [`super::order_agrees`], for an order of the agenda; without the end of a speech before it.
pub(super) fn agrees(rules: &RulesProfile, command: &Command, events: &[Event]) -> bool {
    use Command as C;
    use Event as E;
    match (command, events) {
        (C::AddItems { items, parent, before, start }, events) => {
            let added = Added { parent: parent.as_ref(), before: before.as_ref(), start: *start };
            added.agrees(items, events, rules)
        }
        // Which question must follow, and the rule where the order names none, the state before says.
        (C::ChangeItem { item: ordered, to }, [E::ItemChanged { item }]) => {
            item.id == *ordered && says(item, to) && keeps_rule(item, to)
        }
        (C::ChangeItem { item: ordered, to }, [E::ItemChanged { item }, E::QuestionPrepared { question }]) => {
            item.id == *ordered && says(item, to) && keeps_rule(item, to) && question.item == *ordered
        }
        (C::MoveItem { item: ordered, parent: under, before: neighbour }, [E::ItemMoved { item, parent, before }]) => {
            item == ordered && parent == under && before == neighbour
        }
        (C::RemoveItem { item: ordered }, [E::ItemRemoved { item }])
        | (C::FinishItem { item: ordered }, [E::ItemFinished { item }])
        | (
            C::StartItem { item: ordered },
            [E::ItemStarted { item }] | [E::ItemFinished { .. }, E::ItemStarted { item }],
        ) => item == ordered,
        _ => false,
    }
}

/// The rule an item is meant to have: the one that is ordered, else the one it had before and keeps with its kind, else a vote
/// the profile's first.
pub(in crate::verify) fn rule_meant<'a>(
    rules: &'a RulesProfile,
    ordered: &'a NewItem,
    known: Option<&'a Item>,
) -> Option<&'a str> {
    let kept = known.filter(|known| known.kind == ordered.kind);
    match (&ordered.rule, kept) {
        (Some(name), _) => Some(name),
        (None, Some(known)) => known.rule.as_deref(),
        (None, None) if ordered.kind == ItemKind::Vote => rules.majorities.first().map(|named| named.name.as_str()),
        (None, None) => None,
    }
}

/// Where items were to be added, and whether the first of them begins.
struct Added<'a> {
    parent: Option<&'a ItemId>,
    before: Option<&'a ItemId>,
    start: bool,
}

impl Added<'_> {
    fn agrees(&self, ordered: &[NewItem], mut events: &[Event], rules: &RulesProfile) -> bool {
        // The last item at each level.
        let mut line: Vec<&ItemId> = Vec::new();
        let mut first = None;
        for new in ordered {
            let [Event::ItemAdded { item, before }, rest @ ..] = events else {
                return false;
            };
            let Some(level) = usize::try_from(new.level).ok().filter(|level| *level <= line.len()) else {
                return false;
            };
            line.truncate(level);
            let is_placed = item.parent.as_ref() == line.last().copied().or(self.parent)
                && before.as_ref() == self.before.filter(|_| level == 0);
            if !(is_placed && says(item, new) && item.rule.as_deref() == rule_meant(rules, new, None)) {
                return false;
            }
            line.push(&item.id);
            first = first.or(Some(&item.id));
            // A vote that can be taken on the tablets brings its question with it, and nothing else does.
            events = match rest {
                [Event::QuestionPrepared { question }, rest @ ..] if brings_question(item) => {
                    if question.item != item.id || !Asked::by(new).is(question, rules) {
                        return false;
                    }
                    rest
                }
                _ if brings_question(item) => return false,
                rest => rest,
            };
        }
        match events {
            [] => !self.start,
            [.., Event::ItemStarted { item }] => self.start && first == Some(item) && after_lead(events).is_empty(),
            _ => false,
        }
    }
}

fn brings_question(item: &Item) -> bool {
    item.kind == ItemKind::Vote && item.rule.is_some() && !item.needs_secret_ballot()
}

fn keeps_rule(item: &Item, ordered: &NewItem) -> bool {
    ordered.rule.is_none() || ordered.rule == item.rule
}

/// Whether the item says what was ordered, its rule left out. A short title that was left out is made from the title.
fn says(item: &Item, ordered: &NewItem) -> bool {
    same(&item.number, &ordered.number)
        && same(&item.title, &ordered.title)
        && ordered.short_title.as_ref().is_none_or(|short| same(&item.short_title, short))
        && same_option(&item.presenter, &ordered.presenter)
        && (item.kind, item.minutes, item.planned_at, item.closed)
            == (ordered.kind, ordered.minutes, ordered.planned_at, ordered.closed)
}
