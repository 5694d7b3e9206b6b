//! The council, its rules, its people and their devices.

use super::row::{change, int, json, maybe_text, maybe_time, none, put, text, time, word};
use super::{Row, Table};
use crate::chamber::command::Issuer;
use crate::chamber::event::Event;
use crate::chamber::ids::Millis;
use crate::chamber::rules::RulesProfile;

pub(super) fn rows(at: Millis, seq: u64, event: &Event) -> Vec<Row> {
    match event {
        Event::CouncilFounded { origin, name, short_name, rules, .. } => vec![
            put(
                Table::Council,
                vec![],
                vec![
                    text("origin", origin),
                    text("name", name),
                    text("short_name", short_name),
                    text("preset", &rules.preset),
                    int("seats", rules.seats),
                    word("names", &rules.names),
                    time("founded_at", at),
                ],
            ),
            rules_row(at, seq, rules),
        ],
        // The policy on names stays as it was founded.
        Event::RulesSet { rules } => vec![
            change(Table::Council, vec![], vec![text("preset", &rules.preset), int("seats", rules.seats)]),
            rules_row(at, seq, rules),
        ],
        Event::PersonSet { person } => vec![put(
            Table::Person,
            vec![text("person", &person.id)],
            vec![
                text("name", &person.name),
                maybe_text("seat", person.seat.as_ref()),
                text("delegate_group", &person.group),
                json("offices", &person.offices),
                maybe_time("left_at", None),
                none("left_reason"),
            ],
        )],
        Event::PersonLeft { person, reason } => vec![change(
            Table::Person,
            vec![text("person", person)],
            vec![time("left_at", at), text("left_reason", reason)],
        )],
        Event::DeviceBound { person, device, key, issued_by } => vec![put(
            Table::Device,
            vec![text("device", device)],
            vec![
                text("person", person),
                text("public_key", key),
                text("issued_by", issuer(issued_by)),
                time("bound_at", at),
                maybe_time("revoked_at", None),
                none("revoked_reason"),
            ],
        )],
        Event::DeviceRevoked { device, reason, .. } => vec![change(
            Table::Device,
            vec![text("device", device)],
            vec![time("revoked_at", at), text("revoked_reason", reason)],
        )],
        // An import is told by the people it brought.
        _ => vec![],
    }
}

fn rules_row(at: Millis, seq: u64, rules: &RulesProfile) -> Row {
    put(Table::Rules, vec![int("seq", seq)], vec![json("rules", rules), time("set_at", at)])
}

/// As `by` has it in an entry.
fn issuer(issuer: &Issuer) -> String {
    match issuer {
        Issuer::Operator => "operator".to_owned(),
        Issuer::Person(person) => format!("p:{person}"),
    }
}
