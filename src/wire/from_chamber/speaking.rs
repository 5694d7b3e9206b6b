//! The debate as screens see it.

use super::roll::person_ref;
use super::{Eyes, Store, words};
use crate::chamber::Chamber;
use crate::chamber::ids::{ItemId, PersonId};
use crate::chamber::limits;
use crate::chamber::speaking::{Promise, SpeechRequest, Spoken};
use crate::wire::views::*;
use std::collections::BTreeMap;

/// Speakers whose time is told: more than a session hears.
const SPEAKERS: usize = 200;
/// Promises that are told, and what they may weigh as JSON: a hundred of 500 letters in Vietnamese with why they were struck. The
/// view is sent whole in one frame. At four bytes a letter the queue takes [`limits::REQUESTS`] × 2,500, groups and their times
/// 100 × 1,600, speakers 200 × 600, the round and the speech 30,000; with these it stays below 1 MiB.
const PROMISES: usize = 100;
const PROMISES_BYTES: usize = 200 * 1_024;

pub fn speaking(chamber: &Chamber, store: Store, eyes: Eyes) -> SpeakingView {
    // What was said or promised behind closed doors is nobody's business outside.
    let is_told = |item: &Option<ItemId>| {
        eyes == Eyes::Hall || item.as_ref().is_none_or(|id| chamber.item(id).is_none_or(|item| !item.hidden))
    };
    let spoken = || chamber.spoken().iter().filter(|spoken| is_told(&spoken.item));
    let promises = chamber
        .promises()
        .iter()
        .filter(|promise| is_told(&promise.item) && (eyes == Eyes::Hall || !promise.closed_doors))
        .filter(|promise| eyes == Eyes::Hall || promise.struck.is_none());
    let now_is_told = eyes == Eyes::Hall || !chamber.is_behind_closed_doors();
    SpeakingView {
        list_open: now_is_told && chamber.is_list_open(),
        queue: if now_is_told { queue(chamber) } else { Vec::new() },
        speech: if now_is_told { speech(chamber, store) } else { None },
        round: if now_is_told { round(chamber) } else { None },
        budgets: if now_is_told { budgets(chamber) } else { Vec::new() },
        people: longest(totals(spoken(), |id| (id.to_string(), name(chamber, id))), SPEAKERS),
        groups: longest(
            totals(spoken(), |id| {
                let group = group(chamber, id);
                (group.clone(), group)
            }),
            limits::BUDGETS_PER_ITEM,
        ),
        promises: newest(promises.map(|promise| self::promise(chamber, promise))),
    }
}

fn queue(chamber: &Chamber) -> Vec<RequestView> {
    let view = |request: &SpeechRequest| RequestView {
        id: request.id.to_string(),
        person: reference(chamber, &request.person),
        group: group(chamber, &request.person),
        kind: words::speech_kind(request.kind),
        topic: request.topic.clone(),
        to: request.to.as_ref().map(|to| reference(chamber, to)),
        at: request.at.0,
    };
    chamber.queue().iter().map(view).collect()
}

fn speech(chamber: &Chamber, store: Store) -> Option<SpeechView> {
    let speech = chamber.speech()?;
    // While nothing can be written the clock stands still on every screen, as it will in the record once it is back.
    let (spent_ms, running_since) = match store {
        Store::AwaySince(since) => (speech.spent_at(since), None),
        Store::Writable => (speech.spent_ms, speech.running_since),
    };
    Some(SpeechView {
        id: speech.id.to_string(),
        person: reference(chamber, &speech.person),
        group: group(chamber, &speech.person),
        kind: words::speech_kind(speech.kind),
        topic: speech.topic.clone(),
        started_at: speech.started_at.0,
        allotted_ms: speech.allotted_ms,
        spent_ms,
        running_since: running_since.map(|at| at.0),
    })
}

fn round(chamber: &Chamber) -> Option<RoundView> {
    let round = chamber.round()?;
    let askers = chamber.council().map_or(0, |council| council.rules.speaking.askers_a_round);
    let asked = |(person, topic): &(PersonId, Option<String>)| AskedView {
        person: reference(chamber, person),
        topic: topic.clone(),
    };
    Some(RoundView {
        number: round.number,
        official: reference(chamber, &round.official),
        asked: round.asked.iter().map(asked).collect(),
        askers,
    })
}

fn budgets(chamber: &Chamber) -> Vec<BudgetView> {
    let Some(current) = chamber.current_item().map(|item| &item.item.id) else {
        return Vec::new();
    };
    let here = chamber.spoken().iter().filter(|spoken| spoken.item.as_ref() == Some(current));
    let by_group = totals(here, |id| (group(chamber, id), String::new()));
    let spent = |group: &str| by_group.iter().find(|sum| sum.id == group).map_or(0, |sum| sum.spent_ms);
    chamber
        .budgets_of(current)
        .map(|budget| BudgetView {
            group: budget.group.clone(),
            seconds: budget.seconds,
            spent_ms: spent(&budget.group),
        })
        .collect()
}

/// Time spent by person, or by what `of` makes of a person: its id and its name. Who is of no group counts for none. The
/// longest first.
fn totals<'a>(spoken: impl Iterator<Item = &'a Spoken>, of: impl Fn(&PersonId) -> (String, String)) -> Vec<SpokenView> {
    // By person first: a session has many more speeches than speakers.
    let mut people: BTreeMap<&PersonId, (u32, u64)> = BTreeMap::new();
    for spoken in spoken {
        let (speeches, spent_ms) = people.entry(&spoken.person).or_default();
        *speeches = speeches.saturating_add(1);
        *spent_ms = spent_ms.saturating_add(spoken.spent_ms);
    }
    let mut sums: BTreeMap<String, SpokenView> = BTreeMap::new();
    for (person, (speeches, spent_ms)) in people {
        let (id, name) = of(person);
        let sum = sums.entry(id.clone()).or_insert(SpokenView { id, name, speeches: 0, spent_ms: 0 });
        sum.speeches = sum.speeches.saturating_add(speeches);
        sum.spent_ms = sum.spent_ms.saturating_add(spent_ms);
    }
    sums.remove("");
    let mut sums: Vec<SpokenView> = sums.into_values().collect();
    sums.sort_by(|a, b| b.spent_ms.cmp(&a.spent_ms).then_with(|| a.id.cmp(&b.id)));
    sums
}

fn longest(mut sums: Vec<SpokenView>, at_most: usize) -> Vec<SpokenView> {
    sums.truncate(at_most);
    sums
}

/// Those that are told, the newest last. All of them stay in the record.
fn newest(promises: impl DoubleEndedIterator<Item = PromiseView>) -> Vec<PromiseView> {
    let mut weight = 0usize;
    let fits = |promise: &PromiseView| {
        // A view has string keys only, so encoding it cannot fail.
        weight = weight.saturating_add(serde_json::to_string(promise).map_or(0, |text| text.len() + 1));
        weight <= PROMISES_BYTES
    };
    let mut told: Vec<PromiseView> = promises.rev().take(PROMISES).take_while(fits).collect();
    told.reverse();
    told
}

fn promise(chamber: &Chamber, promise: &Promise) -> PromiseView {
    let earlier = chamber.session().is_none_or(|session| session.id != promise.session);
    let session = chamber.sessions().iter().rev().find(|session| earlier && session.id == promise.session);
    PromiseView {
        id: promise.id.to_string(),
        session: session.map(|session| session.title.clone()),
        item: promise.item.as_ref().map(ToString::to_string),
        official: reference(chamber, &promise.official),
        to: promise.to.as_ref().map(|to| reference(chamber, to)),
        text: promise.text.clone(),
        until: promise.until.clone(),
        at: promise.at.0,
        struck: promise.struck.clone(),
        kept_at: promise.kept.as_ref().map(|kept| kept.at.0),
        kept_note: promise.kept.as_ref().and_then(|kept| kept.note.clone()),
    }
}

fn reference(chamber: &Chamber, id: &PersonId) -> PersonRef {
    let unknown = || PersonRef { id: id.to_string(), name: id.to_string() };
    chamber.person_ever(id).map_or_else(unknown, person_ref)
}

fn name(chamber: &Chamber, id: &PersonId) -> String {
    reference(chamber, id).name
}

fn group(chamber: &Chamber, id: &PersonId) -> String {
    chamber.person_ever(id).map(|person| person.group.clone()).unwrap_or_default()
}
