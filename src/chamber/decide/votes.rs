//! One vote.

use super::Decision;
use crate::chamber::command::CastVote;
use crate::chamber::event::Event;
use crate::chamber::ids::Millis;
use crate::chamber::limits;
use crate::chamber::refusal::Refusal;
use crate::chamber::state::Chamber;

/// The clock refuses what came after the time even when the closing entry is still to be written, so no vote stands
/// between the two.
pub(super) fn cast(chamber: &Chamber, now: Millis, vote: &CastVote) -> Decision {
    if !chamber.person(&vote.person).ok_or(Refusal::UnknownPerson)?.is_delegate() {
        return Err(Refusal::NotADelegate);
    }
    let ballot = chamber.ballot(&vote.ballot).ok_or(Refusal::UnknownBallot)?;
    if !ballot.is_open_at(now) {
        return Err(Refusal::BallotNotOpen);
    }
    let question = chamber.question(&ballot.question).ok_or(Refusal::UnknownQuestion)?;
    if !chamber.is_entitled(question, &vote.person) {
        return Err(Refusal::NotEntitled);
    }
    if !chamber.is_present(&vote.person) {
        return Err(Refusal::NotPresent);
    }
    if vote.document_sha256 != ballot.document_sha256 {
        return Err(Refusal::WrongDocument);
    }
    if !std::iter::once(&vote.answer).chain(&vote.more).all(|answer| question.has_answer(answer)) {
        return Err(Refusal::UnknownAnswer);
    }
    if !question.takes(&vote.answer, &vote.more) {
        return Err(Refusal::TooManyChoices);
    }
    if !question.has_enough(&vote.answer, &vote.more) {
        return Err(Refusal::TooFewChoices);
    }
    let next = chamber.next_turn(&ballot.id, &vote.person);
    match vote.turn.cmp(&next) {
        std::cmp::Ordering::Less => return Err(Refusal::TurnUsed),
        std::cmp::Ordering::Greater => return Err(Refusal::TurnSkipped),
        std::cmp::Ordering::Equal if next > 1 && !question.change_allowed => {
            return Err(Refusal::ChangeNotAllowed);
        }
        std::cmp::Ordering::Equal if next > limits::TURNS => return Err(Refusal::TooManyChanges),
        std::cmp::Ordering::Equal => {}
    }
    Ok(vec![Event::VoteCast {
        ballot: ballot.id.clone(),
        person: vote.person.clone(),
        answer: vote.answer.clone(),
        more: vote.more.clone(),
        turn: vote.turn,
    }])
}
