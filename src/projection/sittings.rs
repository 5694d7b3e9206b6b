//! Sessions, sittings, and who came and went.

use super::row::{change, flag, int, maybe_text, maybe_time, put, text, time, word};
use super::{Row, Table};
use crate::chamber::event::Event;
use crate::chamber::ids::{Millis, PersonId, SittingId};

pub(super) fn rows(at: Millis, seq: u64, event: &Event) -> Vec<Row> {
    match event {
        Event::SessionCreated { session, title, term, session_kind } => vec![put(
            Table::Session,
            vec![text("session", session)],
            vec![text("title", title), text("term", term), word("kind", session_kind), time("created_at", at)],
        )],
        Event::SittingPrepared { sitting, session, title, planned_at, closed_doors } => vec![put(
            Table::Sitting,
            vec![text("sitting", sitting)],
            vec![
                text("session", session),
                text("title", title),
                maybe_time("planned_at", *planned_at),
                flag("closed_doors", *closed_doors),
            ],
        )],
        Event::SittingOpened { sitting, session, title, closed_doors } => vec![put(
            Table::Sitting,
            vec![text("sitting", sitting)],
            vec![
                text("session", session),
                text("title", title),
                flag("closed_doors", *closed_doors),
                int("opened_seq", seq),
                time("opened_at", at),
            ],
        )],
        Event::SittingSuspended { sitting, cause, reason, until } => vec![suspension(
            seq,
            sitting,
            vec![
                text("act", "suspended"),
                word("cause", cause),
                maybe_text("reason", reason.as_ref()),
                maybe_time("until_at", *until),
                time("noted_at", at),
            ],
        )],
        Event::SittingResumed { sitting } => {
            vec![suspension(seq, sitting, vec![text("act", "resumed"), time("noted_at", at)])]
        }
        Event::SittingClosed { sitting } => vec![change(
            Table::Sitting,
            vec![text("sitting", sitting)],
            vec![int("closed_seq", seq), time("closed_at", at)],
        )],
        Event::CheckedIn { person, reason } => vec![attendance(seq, at, person, "arrived", reason.as_ref())],
        Event::CheckedOut { person, reason } => vec![attendance(seq, at, person, "left", reason.as_ref())],
        Event::Excused { person, reason } => vec![attendance(seq, at, person, "excused", Some(reason))],
        _ => vec![],
    }
}

fn suspension(seq: u64, sitting: &SittingId, mut set: Vec<super::Cell>) -> Row {
    set.insert(0, text("sitting", sitting));
    put(Table::Suspension, vec![int("seq", seq)], set)
}

fn attendance(seq: u64, at: Millis, person: &PersonId, act: &str, reason: Option<&String>) -> Row {
    put(
        Table::Attendance,
        vec![int("seq", seq)],
        vec![text("person", person), text("act", act), time("noted_at", at), maybe_text("reason", reason)],
    )
}
