//! Rounds of interpellation, what was promised in them, and the groups' time.

use super::{is_interpellation, item_at_work};
use crate::chamber::decide::Decision;
use crate::chamber::event::Event;
use crate::chamber::ids::{ItemId, PersonId, PromiseId};
use crate::chamber::limits;
use crate::chamber::refusal::Refusal;
use crate::chamber::roll::{Office, Person};
use crate::chamber::speaking::Promise;
use crate::chamber::state::Chamber;
use crate::chamber::texts;

/// The round before, if any, is over: its rebuttals that still wait lose their precedence.
pub(in crate::chamber::decide) fn start_round(chamber: &Chamber, official: &PersonId) -> Decision {
    let item = item_at_work(chamber)?;
    is_interpellation(item)?;
    let official = chamber.person(official).ok_or(Refusal::UnknownPerson)?;
    if !official.has(Office::Official) {
        return Err(Refusal::NotAnOfficial);
    }
    let id = &item.item.id;
    let round = chamber.debate.rounds.get(id).copied().unwrap_or_default().saturating_add(1);
    Ok(vec![Event::RoundStarted { item: id.clone(), round, official: official.id.clone() }])
}

/// Of any item of the session, ahead of it too. A budget can be taken away from a group that is no longer on the roll.
pub(in crate::chamber::decide) fn set_budget(chamber: &Chamber, item: &ItemId, group: &str, seconds: u32) -> Decision {
    let item = chamber.open_item(item).ok_or(Refusal::UnknownItem)?;
    let group = texts::line(group, limits::NAME_CHARS)?;
    let has_budget = chamber.budgets_of(&item.item.id).any(|budget| budget.group == group);
    let is_on_roll = chamber.roll.people.values().any(|person| person.group == group);
    if !(is_on_roll || has_budget && seconds == 0) {
        return Err(Refusal::BadText);
    }
    if seconds > limits::BUDGET_SECONDS {
        return Err(Refusal::BadDuration);
    }
    if !has_budget && chamber.budgets_of(&item.item.id).count() >= limits::BUDGETS_PER_ITEM {
        return Err(Refusal::TooManyItems);
    }
    Ok(vec![Event::BudgetSet { item: item.item.id.clone(), group, seconds }])
}

/// In the item the hall is at; after it, and between sittings, of the session as a whole.
pub(in crate::chamber::decide) fn log_promise(
    chamber: &Chamber,
    official: &PersonId,
    text: &str,
    until: Option<&str>,
    to: Option<&PersonId>,
) -> Decision {
    let session = &chamber.session().ok_or(Refusal::NoSession)?.id;
    let official = chamber.person(official).ok_or(Refusal::UnknownPerson)?;
    if !holds_an_office(official) {
        return Err(Refusal::NotAnOfficial);
    }
    if to.is_some_and(|to| chamber.person(to).is_none()) {
        return Err(Refusal::UnknownPerson);
    }
    let text = texts::line(text, limits::PROMISE_CHARS)?;
    if until.is_some_and(|until| !is_date(until)) {
        return Err(Refusal::BadDate);
    }
    if chamber.promises().iter().filter(|known| known.session == *session).count() >= limits::PROMISES {
        return Err(Refusal::TooManyRequests);
    }
    Ok(vec![Event::PromiseLogged {
        promise: PromiseId::numbered('m', chamber.debate.promised.saturating_add(1)),
        official: official.id.clone(),
        text,
        until: until.map(str::to_owned),
        to: to.cloned(),
    }])
}

/// What was struck stays struck, with its reason.
pub(in crate::chamber::decide) fn strike_promise(chamber: &Chamber, promise: &PromiseId, reason: &str) -> Decision {
    let promise = standing(chamber, promise)?;
    Ok(vec![Event::PromiseStruck { promise: promise.id.clone(), reason: texts::ending_reason(reason)? }])
}

/// Once: what was marked by mistake is struck, with the reason.
pub(in crate::chamber::decide) fn keep_promise(chamber: &Chamber, promise: &PromiseId, note: Option<&str>) -> Decision {
    let promise = standing(chamber, promise)?;
    if promise.kept.is_some() {
        return Err(Refusal::PromiseKept);
    }
    Ok(vec![Event::PromiseKept { promise: promise.id.clone(), note: texts::optional_reason(note)? }])
}

fn standing<'a>(chamber: &'a Chamber, promise: &PromiseId) -> Result<&'a Promise, Refusal> {
    let stands = |known: &&Promise| known.id == *promise && known.struck.is_none();
    chamber.promises().iter().find(stands).ok_or(Refusal::UnknownPromise)
}

/// Not only the questioned official promises: a chair or a secretary may, for the council.
fn holds_an_office(person: &Person) -> bool {
    person.is_officer() || person.has(Office::Official)
}

/// A day of the Gregorian calendar as `YYYY-MM-DD`.
fn is_date(text: &str) -> bool {
    let number = |digits: &str| {
        let is_plain = digits.bytes().all(|digit| digit.is_ascii_digit());
        digits.parse::<u32>().ok().filter(|_| is_plain)
    };
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return false };
    if (year.len(), month.len(), day.len()) != (4, 2, 2) {
        return false;
    }
    let (Some(year), Some(month), Some(day)) = (number(year), number(month), number(day)) else { return false };
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if is_leap => 29,
        2 => 28,
        _ => 0,
    };
    (1..=days).contains(&day)
}
