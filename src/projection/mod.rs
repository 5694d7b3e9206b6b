//! Floor 1. What people look up in the database (who, which question, which result), derived from the events alone. Both
//! stores write these rows in the transaction that writes the entries; nothing in the server reads them back.

mod agenda;
mod ballots;
mod council;
mod presiding;
mod row;
mod sittings;
mod speaking;

use crate::chamber::event::Event;
use crate::chamber::ids::Millis;

pub use row::{Cell, Row, Table, Value, Write};

/// The rows an event makes, in the order to write them. `seq` and `at` are its entry's. Every row belongs to the council
/// of the record; the stores add that column themselves, first in every key.
pub fn rows(at: Millis, seq: u64, event: &Event) -> Vec<Row> {
    match event {
        Event::CouncilFounded { .. }
        | Event::RosterImported { .. }
        | Event::PersonSet { .. }
        | Event::PersonLeft { .. }
        | Event::DeviceBound { .. }
        | Event::DeviceRevoked { .. }
        | Event::RulesSet { .. } => council::rows(at, seq, event),

        Event::SessionCreated { .. }
        | Event::SittingPrepared { .. }
        | Event::SittingOpened { .. }
        | Event::SittingSuspended { .. }
        | Event::SittingResumed { .. }
        | Event::SittingClosed { .. }
        | Event::CheckedIn { .. }
        | Event::CheckedOut { .. }
        | Event::Excused { .. } => sittings::rows(at, seq, event),

        Event::ItemAdded { .. }
        | Event::ItemChanged { .. }
        | Event::ItemMoved { .. }
        | Event::ItemRemoved { .. }
        | Event::ItemStarted { .. }
        | Event::ItemFinished { .. }
        | Event::QuestionPrepared { .. } => agenda::rows(at, seq, event),

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
        | Event::PromiseKept { .. } => speaking::rows(at, seq, event),

        Event::BallotOpened { .. }
        | Event::BallotHeld { .. }
        | Event::BallotResumed { .. }
        | Event::BallotExtended { .. }
        | Event::VoteCast { .. }
        | Event::CountRecorded { .. }
        | Event::BallotClosed { .. }
        | Event::BallotConfirmed { .. }
        | Event::BallotAnnounced { .. }
        | Event::BallotVoided { .. }
        | Event::BallotAnnulled { .. } => ballots::rows(at, seq, event),

        Event::GavelTaken { .. }
        | Event::GavelHanded { .. }
        | Event::WallShown { .. }
        | Event::WallAdded { .. }
        | Event::WallRemoved { .. }
        | Event::WallFollows { .. }
        | Event::TickerSet { .. } => presiding::rows(at, seq, event),
    }
}
