//! The audit log: entries in words.

use super::roll::person_ref;
use crate::chamber::Chamber;
use crate::chamber::command::Actor;
use crate::chamber::event::Event;
use crate::chamber::ids::{BallotId, ItemId, PersonId, QuestionId, SittingId};
use crate::ledger::entry::{Entry, line_hash};
use crate::wire::views::{AuditEntry, PersonRef, Subject};
use serde_json::Value;
use std::collections::BTreeMap;

/// Which entries are wanted.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub subject: Option<Subject>,
    /// Who did it, or whom it concerns.
    pub person: Option<PersonId>,
}

/// Fields that hold a person's id, as the last part of their name.
const PEOPLE: [&str; 6] = ["person", "from", "to", "official", "recorded_by", "issued_by"];

/// An entry in words, without names; `None` where the filter does not want it. With `restricted` names a vote tells neither who
/// cast it nor how, and is found by no person.
pub fn audit_entry(entry: &Entry, line: &str, restricted: bool, filter: &Filter) -> Option<AuditEntry> {
    let subject = subject(&entry.event);
    if filter.subject.is_some_and(|wanted| wanted != subject) {
        return None;
    }
    let hidden = restricted && matches!(entry.event, Event::VoteCast { .. });
    let Ok(Value::Object(mut event)) = serde_json::to_value(&entry.event) else { return None };
    let Some(Value::String(kind)) = event.remove("kind") else { return None };
    if hidden {
        event.retain(|field, _| field == "ballot");
    }
    let mut fields = BTreeMap::new();
    event.iter().for_each(|(name, value)| flatten(name, value, &mut fields));
    let by = match &entry.by {
        Actor::Person(person) if !hidden => Some(PersonRef { id: person.to_string(), name: String::new() }),
        _ => None,
    };
    if let Some(wanted) = &filter.person {
        let is_of = |(name, value): (&String, &String)| is_person(name) && value == wanted.as_str();
        if by.as_ref().is_none_or(|by| by.id != wanted.as_str()) && !fields.iter().any(is_of) {
            return None;
        }
    }
    Some(AuditEntry {
        seq: entry.seq,
        at: entry.time.0,
        by,
        by_console: entry.by == Actor::Operator,
        subject,
        kind,
        fields,
        cause: entry.cause,
        leaf: line_hash(line).hex(),
        signed: entry.statement.is_some(),
        line: (!hidden).then(|| line.to_string()),
    })
}

/// Puts the names to the ids, as they are now.
pub fn name_entries(chamber: &Chamber, mut entries: Vec<AuditEntry>) -> Vec<AuditEntry> {
    for entry in &mut entries {
        if let Some(by) = &mut entry.by {
            by.name = person_name(chamber, &by.id).unwrap_or_else(|| by.id.clone());
        }
        let names: Vec<(String, String)> = entry
            .fields
            .iter()
            .filter_map(|(field, id)| Some((format!("{field}_name"), name(chamber, field, id)?)))
            .collect();
        entry.fields.extend(names);
    }
    entries
}

fn name(chamber: &Chamber, field: &str, id: &str) -> Option<String> {
    if is_person(field) {
        return person_name(chamber, id);
    }
    match last_part(field) {
        "item" | "parent" | "before" => {
            chamber.item(&ItemId::parse(id).ok()?).map(|item| item.item.short_title.clone())
        }
        "question" => question_name(chamber, &QuestionId::parse(id).ok()?),
        "ballot" | "previous" => question_name(chamber, &chamber.ballot(&BallotId::parse(id).ok()?)?.question),
        "sitting" => {
            let id = SittingId::parse(id).ok()?;
            chamber.sittings().iter().find(|sitting| sitting.id == id).map(|sitting| sitting.title.clone())
        }
        _ => None,
    }
}

fn person_name(chamber: &Chamber, id: &str) -> Option<String> {
    chamber.person_ever(&PersonId::parse(id).ok()?).map(|person| person_ref(person).name)
}

fn question_name(chamber: &Chamber, id: &QuestionId) -> Option<String> {
    chamber.question(id).map(|question| question.title.clone())
}

fn is_person(field: &str) -> bool {
    PEOPLE.contains(&last_part(field))
}

fn last_part(field: &str) -> &str {
    field.rsplit('.').next().unwrap_or(field)
}

/// A field as text. What has an id of its own stands under its field's name, and its other parts after a dot: `item`,
/// `item.title`.
fn flatten(name: &str, value: &Value, fields: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(parts) => {
            for (part, value) in parts {
                if part == "id" {
                    flatten(name, value, fields);
                } else {
                    flatten(&format!("{name}.{part}"), value, fields);
                }
            }
        }
        Value::Null => {}
        other => drop(fields.insert(name.to_string(), words(other))),
    }
}

fn words(value: &Value) -> String {
    let joined = |parts: Vec<String>, between: &str| parts.join(between);
    match value {
        Value::String(text) => text.clone(),
        Value::Array(values) if values.iter().any(Value::is_object) => joined(values.iter().map(words).collect(), "; "),
        Value::Array(values) => joined(values.iter().map(words).collect(), ", "),
        Value::Object(parts) => joined(parts.values().map(words).collect(), " "),
        other => other.to_string(),
    }
}

fn subject(event: &Event) -> Subject {
    match event {
        Event::CouncilFounded { .. }
        | Event::RosterImported { .. }
        | Event::PersonSet { .. }
        | Event::PersonLeft { .. }
        | Event::DeviceBound { .. }
        | Event::DeviceRevoked { .. }
        | Event::RulesSet { .. } => Subject::Council,
        Event::SessionCreated { .. }
        | Event::ItemAdded { .. }
        | Event::ItemChanged { .. }
        | Event::ItemMoved { .. }
        | Event::ItemRemoved { .. }
        | Event::SittingPrepared { .. }
        | Event::SittingOpened { .. }
        | Event::SittingSuspended { .. }
        | Event::SittingResumed { .. }
        | Event::SittingClosed { .. }
        | Event::ItemStarted { .. }
        | Event::ItemFinished { .. } => Subject::Agenda,
        Event::CheckedIn { .. } | Event::CheckedOut { .. } | Event::Excused { .. } => Subject::Attendance,
        Event::ListOpened {}
        | Event::ListClosed {}
        | Event::SpeechRequested { .. }
        | Event::RequestWithdrawn { .. }
        | Event::RequestMoved { .. }
        | Event::SpeechStarted { .. }
        | Event::SpeechPaused { .. }
        | Event::SpeechResumed { .. }
        | Event::SpeechExtended { .. }
        | Event::SpeechEnded { .. }
        | Event::RoundStarted { .. }
        | Event::BudgetSet { .. }
        | Event::PromiseLogged { .. }
        | Event::PromiseStruck { .. }
        | Event::PromiseKept { .. } => Subject::Speaking,
        Event::QuestionPrepared { .. }
        | Event::BallotOpened { .. }
        | Event::BallotHeld { .. }
        | Event::BallotResumed { .. }
        | Event::BallotExtended { .. }
        | Event::CountRecorded { .. }
        | Event::BallotClosed { .. }
        | Event::BallotConfirmed { .. }
        | Event::BallotAnnounced { .. }
        | Event::BallotVoided { .. }
        | Event::BallotAnnulled { .. } => Subject::Ballots,
        Event::VoteCast { .. } => Subject::Votes,
        Event::GavelTaken { .. }
        | Event::GavelHanded { .. }
        | Event::WallShown { .. }
        | Event::WallAdded { .. }
        | Event::WallRemoved { .. }
        | Event::WallFollows { .. }
        | Event::TickerSet { .. } => Subject::Presiding,
    }
}
