//! People, and what officers and they themselves see of them.

use super::roll_call::{REASON_CHARS, cut};
use super::{Connections, words};
use crate::chamber::Chamber;
use crate::chamber::attendance::PresenceState;
use crate::chamber::ids::{Millis, PersonId};
use crate::chamber::roll::Person;
use crate::wire::views::*;

pub fn roll(chamber: &Chamber) -> RollView {
    RollView { seats: chamber.seats(), people: chamber.people().into_iter().map(person).collect() }
}

pub(super) fn person_ref(person: &Person) -> PersonRef {
    PersonRef { id: person.id.to_string(), name: person.name.clone() }
}

pub fn person(person: &Person) -> PersonView {
    PersonView {
        id: person.id.to_string(),
        name: person.name.clone(),
        seat: person.seat.as_ref().map(ToString::to_string),
        group: person.group.clone(),
        offices: person.offices.iter().copied().map(words::office).collect(),
    }
}

pub fn console(chamber: &Chamber, connections: &Connections) -> ConsoleView {
    let running = chamber.running_ballot();
    let judgement = running.and_then(|ballot| chamber.judgement(&ballot.id));
    ConsoleView {
        people: chamber.people().into_iter().map(|person| console_person(chamber, person, connections)).collect(),
        missing: running
            .map(|ballot| chamber.missing(&ballot.id).into_iter().map(|person| person.id.to_string()).collect())
            .unwrap_or_default(),
        proposed: judgement.as_ref().and_then(|judgement| judgement.verdict).map(words::verdict),
        tie: judgement.as_ref().is_some_and(|judgement| judgement.tie),
        chosen: judgement.into_iter().flat_map(|judgement| judgement.chosen).map(|key| key.to_string()).collect(),
        watching: Watching { walls: connections.walls, public: connections.public },
    }
}

fn console_person(chamber: &Chamber, person: &Person, connections: &Connections) -> ConsolePerson {
    let presence = chamber.presence(&person.id);
    let line = connections.lines.get(&person.id).copied().unwrap_or_default();
    ConsolePerson {
        id: person.id.to_string(),
        presence: words::presence(presence.state),
        reason: presence.reason.clone(),
        device: chamber.device_of(&person.id).map(|device| DeviceView {
            id: device.id.to_string(),
            bound_at: device.bound_at.0,
            connected: line.connected,
            delay_ms: line.delay_ms,
            last_seen: line.last_seen.map(|at| at.0),
        }),
        revoked: chamber.why_revoked(&person.id).map(|reason| cut(reason, REASON_CHARS)),
        code_until: connections.codes.iter().find(|(id, _)| *id == person.id).map(|(_, until)| until.0),
    }
}

/// `None` for somebody who is not on the roll or has no device. `short` gives the short code of the entry with a number.
/// `nudged_at`: when this person was last asked for the missing vote.
pub fn me(
    chamber: &Chamber,
    id: &PersonId,
    nudged_at: Option<Millis>,
    short: impl Fn(u64) -> String,
) -> Option<MeView> {
    let person = chamber.person(id)?;
    let device = chamber.device_of(id)?;
    let presence = chamber.presence(id);
    let ballot = chamber.shown_ballot();
    let vote = ballot.and_then(|ballot| Some((ballot, ballot.votes.get(id)?)));
    Some(MeView {
        person: self::person(person),
        device: device.id.to_string(),
        presence: words::presence(presence.state),
        present_since: presence.since.filter(|_| presence.state == PresenceState::Present).map(|at| at.0),
        vote: vote.map(|(ballot, vote)| MyVote {
            ballot: ballot.id.to_string(),
            answer: vote.answer.to_string(),
            more: vote.more.iter().map(ToString::to_string).collect(),
            turn: vote.turn,
            seq: vote.seq,
            at: vote.at.0,
            short: short(vote.seq),
        }),
        next_turn: ballot.map_or(1, |ballot| chamber.next_turn(&ballot.id, id)),
        nudged_at: nudged_at.map(|at| at.0),
    })
}
