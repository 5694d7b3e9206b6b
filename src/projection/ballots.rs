//! Rounds of voting, the votes in them, and what they came to.

use super::row::{change, int, json, maybe_int, maybe_text, maybe_time, none, put, text, time, word};
use super::{Cell, Row, Table};
use crate::chamber::ballot::{Counted, Papers};
use crate::chamber::event::Event;
use crate::chamber::ids::{BallotId, Millis};

pub(super) fn rows(at: Millis, seq: u64, event: &Event) -> Vec<Row> {
    match event {
        Event::VoteCast { ballot, person, answer, more, turn } => vec![put(
            Table::Vote,
            vec![text("ballot", ballot), text("person", person)],
            vec![
                text("answer", answer),
                json("further_answers", more),
                int("turn", *turn),
                int("seq", seq),
                time("cast_at", at),
            ],
        )],
        Event::BallotOpened { ballot, question, round, previous, document_sha256, closes_at } => vec![put(
            Table::Ballot,
            vec![text("ballot", ballot)],
            vec![
                text("question", question),
                int("round", *round),
                maybe_text("previous", previous.as_ref()),
                text("document_sha256", document_sha256),
                text("form", "electronic"),
                text("state", "open"),
                int("opened_seq", seq),
                time("opened_at", at),
                maybe_time("closes_at", *closes_at),
            ],
        )],
        Event::CountRecorded {
            ballot,
            question,
            round,
            previous,
            document_sha256,
            form,
            recorded_by,
            counted,
            papers,
        } => {
            let mut set = vec![
                text("question", question),
                int("round", *round),
                maybe_text("previous", previous.as_ref()),
                text("document_sha256", document_sha256),
                word("form", form),
                text("recorded_by", recorded_by),
                int("opened_seq", seq),
                time("opened_at", at),
            ];
            set.extend(paper_cells(papers.as_ref()));
            set.extend(closing(at, seq, counted));
            std::iter::once(put(Table::Ballot, vec![text("ballot", ballot)], set))
                .chain(count_rows(ballot, counted))
                .collect()
        }
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
            let mut set = closing(at, seq, counted);
            set.push(word("closed_by", closed_by));
            std::iter::once(change_ballot(ballot, set)).chain(count_rows(ballot, counted)).collect()
        }
        Event::BallotConfirmed { ballot, verdict, casting, chosen } => vec![change_ballot(
            ballot,
            vec![
                text("state", "confirmed"),
                time("confirmed_at", at),
                word("verdict", verdict),
                casting.as_ref().map_or(none("casting"), |casting| word("casting", casting)),
                json("chosen", chosen),
            ],
        )],
        Event::BallotAnnounced { ballot } => {
            vec![change_ballot(ballot, vec![text("state", "announced"), time("announced_at", at)])]
        }
        Event::BallotVoided { ballot, reason } => vec![ended_ballot(ballot, "voided", at, reason)],
        Event::BallotAnnulled { ballot, reason } => vec![ended_ballot(ballot, "annulled", at, reason)],
        _ => vec![],
    }
}

/// What a closing fixes.
fn closing(at: Millis, seq: u64, counted: &Counted) -> Vec<Cell> {
    vec![
        text("state", "closed"),
        int("closed_seq", seq),
        time("closed_at", at),
        int("present", counted.present),
        int("in_office", counted.in_office),
        int("seats", counted.seats),
        int("took_part", counted.took_part()),
    ]
}

fn paper_cells(papers: Option<&Papers>) -> Vec<Cell> {
    let of = |count: fn(&Papers) -> u32| papers.map(count).map(u64::from);
    vec![
        maybe_int("papers_issued", of(|papers| papers.issued)),
        maybe_int("papers_returned", of(|papers| papers.returned)),
        maybe_int("papers_valid", of(|papers| papers.valid)),
        maybe_int("papers_invalid", of(|papers| papers.invalid)),
    ]
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
