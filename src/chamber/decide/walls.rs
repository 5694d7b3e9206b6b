//! What the walls show.

use super::{Decision, moment};
use crate::chamber::ballot::{Ballot, BallotState};
use crate::chamber::event::Event;
use crate::chamber::ids::WallId;
use crate::chamber::limits;
use crate::chamber::refusal::Refusal;
use crate::chamber::state::Chamber;
use crate::chamber::texts;
use crate::chamber::wall::{Card, MAIN_WALL, Wall, WallMode};

/// What is asked for must be there to be shown.
pub(super) fn show(chamber: &Chamber, wall: Option<&WallId>, mode: WallMode, card: Option<&Card>) -> Decision {
    // The main wall is the one that is meant where none is named, and stands in the record so.
    let wall = match wall.filter(|wall| wall.as_str() != MAIN_WALL) {
        Some(wall) => Some(known(chamber, wall)?.id.clone()),
        None => None,
    };
    let card = card_for(mode, card)?;
    let shown = chamber.shown_ballot();
    match mode {
        WallMode::Item if chamber.current_item().is_none() => Err(Refusal::UnknownItem),
        WallMode::Voting if !shown.is_some_and(Ballot::is_taking_votes) => Err(Refusal::BallotNotOpen),
        WallMode::Result if !shown.is_some_and(has_result) => Err(Refusal::BallotNotClosed),
        WallMode::Speaker if chamber.speech().is_none() && chamber.queue().is_empty() => Err(Refusal::NothingToShow),
        WallMode::Interpellation if chamber.round().is_none() => Err(Refusal::NothingToShow),
        _ => Ok(vec![Event::WallShown { mode, wall, card }]),
    }
}

/// Titles and countdowns say their own words; nothing else does.
fn card_for(mode: WallMode, card: Option<&Card>) -> Result<Option<Card>, Refusal> {
    let card = match (mode, card) {
        (WallMode::Title, Some(card)) if card.until.is_none() => card,
        (WallMode::Countdown, Some(card)) if card.until.is_some() => card,
        (WallMode::Title | WallMode::Countdown, _) | (_, Some(_)) => return Err(Refusal::BadText),
        (_, None) => return Ok(None),
    };
    let text = texts::label(card.text.as_deref().unwrap_or_default(), limits::CARD_TEXT_CHARS)?;
    Ok(Some(Card {
        title: texts::line(&card.title, limits::CARD_TITLE_CHARS)?,
        text: Some(text).filter(|text| !text.is_empty()),
        until: moment(card.until)?,
    }))
}

fn has_result(ballot: &Ballot) -> bool {
    matches!(
        ballot.state,
        BallotState::Closed | BallotState::Confirmed | BallotState::Announced | BallotState::Annulled
    )
}

/// It follows the main wall until it is given something of its own.
pub(super) fn add(chamber: &Chamber, name: &str) -> Decision {
    let name = texts::line(name, limits::WALL_NAME_CHARS)?;
    if chamber.other_walls().len() >= limits::WALLS {
        return Err(Refusal::TooManyWalls);
    }
    if chamber.other_walls().iter().any(|wall| wall.name == name) {
        return Err(Refusal::BadText);
    }
    Ok(vec![Event::WallAdded { wall: chamber.next_wall(), name }])
}

pub(super) fn remove(chamber: &Chamber, wall: &WallId) -> Decision {
    Ok(vec![Event::WallRemoved { wall: known(chamber, wall)?.id.clone() }])
}

pub(super) fn follow_main(chamber: &Chamber, wall: &WallId) -> Decision {
    Ok(vec![Event::WallFollows { wall: known(chamber, wall)?.id.clone() }])
}

/// A blank text takes the line away.
pub(super) fn set_ticker(text: Option<&str>) -> Decision {
    let text = texts::label(text.unwrap_or_default(), limits::TICKER_CHARS)?;
    Ok(vec![Event::TickerSet { text: Some(text).filter(|text| !text.is_empty()) }])
}

/// A wall beside the main one, which was not added and cannot be taken away.
fn known<'a>(chamber: &'a Chamber, wall: &WallId) -> Result<&'a Wall, Refusal> {
    chamber.other_walls().iter().find(|known| known.id == *wall).ok_or(Refusal::UnknownWall)
}
