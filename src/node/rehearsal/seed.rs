//! What a rehearsal begins with: the council as it is prepared, without anything that has happened in it.

use crate::chamber::Chamber;
use crate::chamber::agenda::Item;
use crate::chamber::ballot::{BlocPart, Question};
use crate::chamber::command::{Actor, Issuer};
use crate::chamber::event::Event;
use crate::chamber::ids::{CouncilId, DeviceId, ItemId, Millis, QuestionId, SessionId, SittingId, WallId};
use crate::chamber::question::document_sha256;
use crate::ledger::checkpoint::Checkpoint;
use crate::ledger::entry::Entry;
use crate::ledger::merkle::{Tree, leaf_hash};
use crate::ledger::note::NoteSigner;
use crate::ledger::text;
use crate::ports::{Append, StoredCheckpoint};
use crate::projection;
use std::collections::BTreeMap;

/// Who plays the council.
pub struct Cast {
    pub council: CouncilId,
    pub origin: String,
    pub checkpoint_key: [u8; 32],
}

/// The rehearsal's first entries. `None` before the council is founded.
///
/// Ids are given out anew, from 1 on and without gaps, as in every record.
pub fn events(chamber: &Chamber, cast: &Cast) -> Option<Vec<Event>> {
    let info = chamber.council()?;
    let founding = Event::CouncilFounded {
        council: cast.council.clone(),
        origin: cast.origin.clone(),
        name: info.name.clone(),
        short_name: info.short_name.clone(),
        rules: Box::new(info.rules.clone()),
        checkpoint_key: text::base64(&cast.checkpoint_key),
    };
    let mut events = vec![founding.clone()];
    events.extend(chamber.people().into_iter().map(|person| Event::PersonSet { person: person.clone() }));
    events.extend(devices(chamber));
    events.extend(walls(chamber));
    if let Some(session) = chamber.session() {
        let now = SessionId::parse("s1").ok()?;
        let created = Event::SessionCreated {
            session: now.clone(),
            title: session.title.clone(),
            term: session.term.clone(),
            session_kind: session.kind,
        };
        let agenda = agenda(chamber, &founding, &created);
        events.push(created);
        events.extend(prepared_sittings(chamber, &session.id, &now));
        events.extend(agenda);
    }
    Some(events)
}

fn devices(chamber: &Chamber) -> impl Iterator<Item = Event> {
    let bound = chamber.people().into_iter().filter_map(|person| Some((person, chamber.device_of(&person.id)?)));
    bound.zip(1..).filter_map(|((person, device), n)| {
        Some(Event::DeviceBound {
            person: person.id.clone(),
            device: DeviceId::parse(format!("d{n}")).ok()?,
            key: device.key.clone(),
            issued_by: Issuer::Operator,
        })
    })
}

fn walls(chamber: &Chamber) -> impl Iterator<Item = Event> {
    chamber.other_walls().iter().zip(2..).filter_map(|(wall, n)| {
        Some(Event::WallAdded { wall: WallId::parse(format!("w{n}")).ok()?, name: wall.name.clone() })
    })
}

/// Those that are still to come.
fn prepared_sittings(chamber: &Chamber, of: &SessionId, now: &SessionId) -> impl Iterator<Item = Event> {
    let to_come =
        chamber.sittings().iter().filter(move |sitting| sitting.session == *of && sitting.opened_at.is_none());
    to_come.zip(1..).filter_map(move |(sitting, n)| {
        Some(Event::SittingPrepared {
            sitting: SittingId::parse(format!("t{n}")).ok()?,
            session: now.clone(),
            title: sitting.title.clone(),
            planned_at: sitting.planned_at,
            closed_doors: sitting.closed_doors,
        })
    })
}

/// The items in the order in which they are read, so that each comes after the one it stands under and last of those beside it,
/// then their questions. `founding` and `session` are what stands before them.
fn agenda(chamber: &Chamber, founding: &Event, session: &Event) -> Vec<Event> {
    let mut events = Vec::new();
    let mut items: BTreeMap<&ItemId, ItemId> = BTreeMap::new();
    let mut prepared: Vec<(&Question, ItemId)> = Vec::new();
    for (shown, n) in chamber.items().zip(1..) {
        let Ok(id) = ItemId::parse(format!("i{n}")) else { continue };
        let item = Item {
            id: id.clone(),
            parent: shown.item.parent.as_ref().and_then(|parent| items.get(parent).cloned()),
            // What the public is not shown it is not shown in a rehearsal either.
            closed: shown.hidden,
            ..shown.item.clone()
        };
        events.push(Event::ItemAdded { item, before: None });
        events.extend(chamber.budgets_of(&shown.item.id).map(|budget| Event::BudgetSet {
            item: id.clone(),
            group: budget.group.clone(),
            seconds: budget.seconds,
        }));
        prepared.extend(chamber.questions_of(&shown.item.id).map(|question| (question, id.clone())));
        items.insert(&shown.item.id, id);
    }
    let mut stage = Chamber::new();
    [founding, session].into_iter().chain(&events).for_each(|event| stage.apply(Millis(0), 0, event));
    events.extend(questions(stage, prepared));
    events
}

/// Blocs come after all that they may be made of, and one that could not be put to the vote is left out: a part of it is gone, or
/// reads otherwise by now. What the rehearsal would not take in must not use up a number, or nothing after it would be taken in.
fn questions(mut stage: Chamber, prepared: Vec<(&Question, ItemId)>) -> Vec<Event> {
    let (plain, blocs): (Vec<_>, Vec<_>) = prepared.into_iter().partition(|(question, _)| question.bloc.is_empty());
    let mut new_ids: BTreeMap<&QuestionId, QuestionId> = BTreeMap::new();
    let mut events: Vec<Event> = Vec::new();
    for (known, item) in plain.into_iter().chain(blocs) {
        let Ok(id) = QuestionId::parse(format!("q{}", events.len() + 1)) else { continue };
        let renamed =
            |part: &BlocPart| Some(BlocPart { question: new_ids.get(&part.question)?.clone(), ..part.clone() });
        let Some(bloc) = known.bloc.iter().map(renamed).collect() else { continue };
        let mut question = Question { id: id.clone(), item, bloc, ..known.clone() };
        question.document_sha256 = document_sha256(&question);
        let event = Event::QuestionPrepared { question };
        if stage.fits(Millis(0), &event).is_ok() {
            stage.apply(Millis(0), 0, &event);
            new_ids.insert(&known.id, id);
            events.push(event);
        }
    }
    events
}

/// The entries as the store takes them, by the operator, under their first checkpoint. `None` when one does not fit the format,
/// or the system gives no random bytes.
pub fn batch(events: Vec<Event>, now: Millis, signer: &NoteSigner) -> Option<Append> {
    let mut tree = Tree::new();
    let mut lines = Vec::with_capacity(events.len());
    let mut rows = Vec::new();
    let mut origin = String::new();
    for (event, seq) in events.into_iter().zip(0..) {
        if let Event::CouncilFounded { origin: founded, .. } = &event {
            origin = founded.clone();
        }
        let mut salt = [0; 16];
        getrandom::fill(&mut salt).ok()?;
        rows.extend(projection::rows(now, seq, &event));
        let by = Actor::Operator;
        let entry = Entry { seq, time: now, salt, by, event, statement: None, arguments: None, cause: None };
        let line = entry.encode().ok()?;
        tree.push(leaf_hash(line.as_bytes()));
        lines.push(line);
    }
    let checkpoint = Checkpoint { origin, size: tree.size(), root: tree.root() };
    let checkpoint = StoredCheckpoint { size: tree.size(), note: checkpoint.sign(signer) };
    Some(Append { first_seq: 0, lines, checkpoint, rows })
}
