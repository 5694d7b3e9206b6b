//! Floor 1. What people look up in the database (who, which question, which result), derived from the events alone. Both
//! stores write these rows in the transaction that writes the entries; nothing in the server reads them back.

mod row;

use crate::chamber::ballot::Counted;
use crate::chamber::command::Issuer;
use crate::chamber::event::Event;
use crate::chamber::ids::{BallotId, ItemId, Millis, PersonId};
use row::{change, flag, int, json, maybe_int, maybe_text, maybe_time, none, put, text, time, word};

pub use row::{Cell, Row, Table, Value, Write};

/// The rows an event makes, in the order to write them. `seq` and `at` are its entry's. Every row belongs to the council
/// of the record; the stores add that column themselves, first in every key.
pub fn rows(at: Millis, seq: u64, event: &Event) -> Vec<Row> {
    match event {
        Event::CouncilFounded { origin, name, short_name, rules, .. } => vec![put(
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
        )],
        Event::RosterImported { .. } | Event::WallShown { .. } => vec![],
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
        Event::SessionCreated { session, title, term } => vec![put(
            Table::Session,
            vec![text("session", session)],
            vec![text("title", title), text("term", term), time("created_at", at)],
        )],
        Event::ItemAdded { item } => vec![put(
            Table::AgendaItem,
            vec![text("item", &item.id)],
            vec![
                int("added_seq", seq),
                text("number", &item.number),
                word("kind", &item.kind),
                text("title", &item.title),
                text("short_title", &item.short_title),
                maybe_int("minutes", item.minutes.map(u64::from)),
                maybe_text("rule", item.rule.as_ref()),
            ],
        )],
        Event::QuestionPrepared { question } => vec![put(
            Table::Question,
            vec![text("question", &question.id)],
            vec![
                text("item", &question.item),
                text("title", &question.title),
                text("text", &question.text),
                json("answers", &question.answers),
                json("rule", &question.rule),
                int("seconds", question.seconds),
                flag("change_allowed", question.change_allowed),
                flag("show_split", question.show_split),
                text("document_sha256", &question.document_sha256),
                time("prepared_at", at),
            ],
        )],
        Event::SittingOpened { sitting, session, title } => vec![put(
            Table::Sitting,
            vec![text("sitting", sitting)],
            vec![text("session", session), text("title", title), int("opened_seq", seq), time("opened_at", at)],
        )],
        Event::SittingClosed { sitting } => vec![change(
            Table::Sitting,
            vec![text("sitting", sitting)],
            vec![int("closed_seq", seq), time("closed_at", at)],
        )],
        Event::ItemStarted { item } => vec![item_at(item, "started_at", at)],
        Event::ItemFinished { item } => vec![item_at(item, "finished_at", at)],
        Event::CheckedIn { person, reason } => {
            vec![attendance(seq, at, person, "arrived", reason.as_ref())]
        }
        Event::CheckedOut { person, reason } => {
            vec![attendance(seq, at, person, "left", reason.as_ref())]
        }
        Event::Excused { person, reason } => {
            vec![attendance(seq, at, person, "excused", Some(reason))]
        }
        Event::VoteCast { ballot, person, answer, turn } => vec![put(
            Table::Vote,
            vec![text("ballot", ballot), text("person", person)],
            vec![text("answer", answer), int("turn", *turn), int("seq", seq), time("cast_at", at)],
        )],
        Event::GavelTaken { person, from, reason } => vec![gavel(seq, at, person, from.as_ref(), reason.as_ref())],
        Event::GavelHanded { from, to } => vec![gavel(seq, at, to, Some(from), None)],
        Event::BallotOpened { ballot, question, round, previous, document_sha256, closes_at } => vec![put(
            Table::Ballot,
            vec![text("ballot", ballot)],
            vec![
                text("question", question),
                int("round", *round),
                maybe_text("previous", previous.as_ref()),
                text("document_sha256", document_sha256),
                text("state", "open"),
                int("opened_seq", seq),
                time("opened_at", at),
                maybe_time("closes_at", *closes_at),
            ],
        )],
        Event::BallotHeld { ballot, cause, reason, remaining_ms } => vec![change_ballot(
            ballot,
            vec![
                text("state", "on_hold"),
                maybe_time("closes_at", None),
                maybe_int("remaining_ms", *remaining_ms),
                word("hold_cause", cause),
                maybe_text("hold_reason", reason.as_ref()),
            ],
        )],
        Event::BallotResumed { ballot, closes_at } => vec![change_ballot(
            ballot,
            vec![
                text("state", "open"),
                maybe_time("closes_at", *closes_at),
                maybe_int("remaining_ms", None),
                none("hold_cause"),
                none("hold_reason"),
            ],
        )],
        Event::BallotExtended { ballot, closes_at, remaining_ms, .. } => vec![change_ballot(
            ballot,
            vec![maybe_time("closes_at", *closes_at), maybe_int("remaining_ms", *remaining_ms)],
        )],
        Event::BallotClosed { ballot, closed_by, counted } => {
            let mut rows = vec![change_ballot(
                ballot,
                vec![
                    text("state", "closed"),
                    int("closed_seq", seq),
                    time("closed_at", at),
                    word("closed_by", closed_by),
                    int("present", counted.present),
                    int("in_office", counted.in_office),
                    int("seats", counted.seats),
                ],
            )];
            rows.extend(count_rows(ballot, counted));
            rows
        }
        Event::BallotConfirmed { ballot, verdict, casting } => vec![change_ballot(
            ballot,
            vec![
                text("state", "confirmed"),
                time("confirmed_at", at),
                word("verdict", verdict),
                casting.as_ref().map_or(none("casting"), |casting| word("casting", casting)),
            ],
        )],
        Event::BallotAnnounced { ballot } => {
            vec![change_ballot(ballot, vec![text("state", "announced"), time("announced_at", at)])]
        }
        Event::BallotVoided { ballot, reason } => vec![ended_ballot(ballot, "voided", at, reason)],
        Event::BallotAnnulled { ballot, reason } => {
            vec![ended_ballot(ballot, "annulled", at, reason)]
        }
    }
}

fn count_rows<'a>(ballot: &'a BallotId, counted: &'a Counted) -> impl Iterator<Item = Row> + 'a {
    counted.answers.iter().zip(1u32..).map(move |(answer, position)| {
        put(
            Table::BallotCount,
            vec![text("ballot", ballot), text("answer", &answer.answer)],
            vec![int("position", position), int("votes", answer.count)],
        )
    })
}

fn ended_ballot(ballot: &BallotId, state: &str, at: Millis, reason: &str) -> Row {
    change_ballot(ballot, vec![text("state", state), time("ended_at", at), text("ended_reason", reason)])
}

fn change_ballot(ballot: &BallotId, set: Vec<Cell>) -> Row {
    change(Table::Ballot, vec![text("ballot", ballot)], set)
}

fn item_at(item: &ItemId, column: &'static str, at: Millis) -> Row {
    change(Table::AgendaItem, vec![text("item", item)], vec![time(column, at)])
}

fn attendance(seq: u64, at: Millis, person: &PersonId, act: &str, reason: Option<&String>) -> Row {
    put(
        Table::Attendance,
        vec![int("seq", seq)],
        vec![text("person", person), text("act", act), time("noted_at", at), maybe_text("reason", reason)],
    )
}

fn gavel(seq: u64, at: Millis, person: &PersonId, from: Option<&PersonId>, reason: Option<&String>) -> Row {
    put(
        Table::Gavel,
        vec![int("seq", seq)],
        vec![
            text("person", person),
            maybe_text("held_before", from),
            time("taken_at", at),
            maybe_text("reason", reason),
        ],
    )
}

/// As `by` has it in an entry.
fn issuer(issuer: &Issuer) -> String {
    match issuer {
        Issuer::Operator => "operator".to_owned(),
        Issuer::Person(person) => format!("p:{person}"),
    }
}
