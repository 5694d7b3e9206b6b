//! Seat by seat: the marks of the hall and of its ballots, and the results with their names.

use super::Eyes;
use super::council::{brief, item};
use super::live::split;
use crate::chamber::Chamber;
use crate::chamber::attendance::PresenceState;
use crate::chamber::ballot::{self, Ballot, Vote};
use crate::chamber::ids::PersonId;
use crate::chamber::roll::Person;
use crate::chamber::wall;
use crate::wire::http::{NamedVote, PublishedResult, ResultsResponse};
use crate::wire::views::*;

/// One mark a seat. While a ballot is taken: who has voted, in the order of the roll. From its closing on: how, by the seats
/// in office then where names are public, otherwise in the order of the answers.
pub fn seats(chamber: &Chamber, eyes: Eyes) -> SeatsView {
    if eyes == Eyes::Public && chamber.is_behind_closed_doors() {
        return SeatsView { ballot: None, marks: String::new(), arranged: Arranged::BySeat };
    }
    // The roll call and the welcome are about who is here, whatever was voted before.
    let about_attendance = matches!(chamber.wall().mode, wall::WallMode::Welcome | wall::WallMode::RollCall);
    let is_told = |ballot: &&Ballot| eyes == Eyes::Hall || !ballot.closed_doors;
    let shown = chamber.shown_ballot().filter(is_told).filter(|ballot| match ballot.is_taking_votes() {
        // Beside running counts a seat that turns together with a count would tell whose answer it was.
        true => chamber.has_public_names() || split(chamber, ballot).is_none(),
        false => !about_attendance && ballot.state != ballot::BallotState::Voided,
    });
    match shown {
        Some(ballot) => seats_of(chamber, ballot),
        None => SeatsView {
            ballot: None,
            marks: delegates(chamber).map(|(_, presence)| presence_mark(presence)).collect(),
            arranged: Arranged::BySeat,
        },
    }
}

/// The marks of one ballot. Those of a closed ballot are made of what it held at its closing, so they stay as they were when
/// the roll changes.
pub fn seats_of(chamber: &Chamber, ballot: &Ballot) -> SeatsView {
    let question = chamber.question(&ballot.question);
    let is_motion = question.is_none_or(|question| question.form.is_motion());
    let may_vote = |person: &Person| question.is_none_or(|question| question.entitles(person));
    let is_live = chamber.has_public_names() && question.is_some_and(|question| question.live_names);
    let (marks, arranged) = match &ballot.outcome {
        // A count taken by people knows how many, not who.
        Some(outcome) if !chamber.has_public_names() || ballot.form != ballot::BallotForm::Electronic => {
            (marks_by_answer(&outcome.counted, outcome.delegates.len(), is_motion), Arranged::ByAnswer)
        }
        Some(outcome) => {
            let mark = |person: &Person| match may_vote(person) {
                true => vote_mark(ballot, is_motion, &person.id),
                false => NOT_ENTITLED,
            };
            (outcome.delegates.iter().map(mark).collect(), Arranged::BySeat)
        }
        None => {
            let votes = chamber.people_beside(&ballot.votes);
            let all = chamber.people_and_presence().zip(votes).filter(|((person, _), _)| person.is_delegate());
            let mark = |((person, presence), (_, vote)): Marked<'_>| match vote {
                _ if !may_vote(person) => NOT_ENTITLED,
                Some(vote) if is_live => answer_mark(vote, is_motion),
                Some(_) => 'r',
                None => presence_mark(presence),
            };
            (all.map(mark).collect(), Arranged::BySeat)
        }
    };
    SeatsView { ballot: Some(ballot.id.to_string()), marks, arranged }
}

/// Who, whether here, and the vote.
type Marked<'a> = ((&'a Person, PresenceState), (&'a Person, Option<&'a Vote>));

/// The ballot is another group's.
const NOT_ENTITLED: char = '-';

/// From one end of the hall to the other: in favour, abstaining, voted otherwise (for options or candidates, or on a paper
/// that is not valid), silent, absent, not entitled, against.
fn marks_by_answer(counted: &ballot::Counted, delegates: usize, is_motion: bool) -> String {
    let others = u32::try_from(delegates).unwrap_or(u32::MAX).saturating_sub(counted.in_office);
    let took_part = counted.took_part();
    let (yes, no) = if is_motion { (counted.yes(), counted.no()) } else { (0, 0) };
    let answered: u32 = counted.answers.iter().fold(0, |sum, part| sum.saturating_add(part.count));
    let abstain = if is_motion { answered.saturating_sub(yes).saturating_sub(no) } else { 0 };
    let runs = [
        ('y', yes),
        ('a', abstain),
        ('r', took_part.saturating_sub(yes).saturating_sub(no).saturating_sub(abstain)),
        ('p', counted.present.saturating_sub(took_part)),
        ('.', counted.in_office.saturating_sub(counted.present)),
        (NOT_ENTITLED, others),
        ('n', no),
    ];
    runs.iter().flat_map(|(mark, count)| std::iter::repeat_n(*mark, *count as usize)).collect()
}

/// How, not only that.
fn vote_mark(ballot: &Ballot, is_motion: bool, person: &PersonId) -> char {
    match ballot.votes.get(person) {
        Some(vote) => answer_mark(vote, is_motion),
        None if ballot.present.contains(person) => 'p',
        None => '.',
    }
}

/// Options and candidates have no marks of their own: who voted is all that a seat tells.
fn answer_mark(vote: &Vote, is_motion: bool) -> char {
    match vote.answer.as_str() {
        _ if !is_motion => 'r',
        "yes" => 'y',
        "no" => 'n',
        _ => 'a',
    }
}

fn presence_mark(presence: PresenceState) -> char {
    match presence {
        PresenceState::Present => 'p',
        PresenceState::Excused => 'e',
        PresenceState::Absent => '.',
    }
}

fn delegates(chamber: &Chamber) -> impl Iterator<Item = (&Person, PresenceState)> {
    chamber.people_and_presence().filter(|(person, _)| person.is_delegate())
}

/// Every announced or annulled ballot that was not taken behind closed doors, newest first; with names only where the council publishes them.
pub fn results(chamber: &Chamber) -> ResultsResponse {
    let names = chamber.has_public_names();
    let sealed = chamber.ballots().iter().rev().filter(|ballot| ballot.is_sealed());
    let public = sealed.filter(|ballot| !ballot.closed_doors);
    let published = public.filter_map(|ballot| {
        let result = brief(chamber, ballot);
        let mut item = item(chamber, chamber.item(&ballot.item)?, Eyes::Public);
        // Each result with its own question and round only, or many rounds on one item would repeat each other.
        item.questions.retain(|question| question.id == ballot.question.as_str());
        item.questions.iter_mut().for_each(|question| question.ballots = vec![result.clone()]);
        Some(PublishedResult {
            item,
            question: ballot.question.to_string(),
            ballot: result,
            seats: seats_of(chamber, ballot),
            names: (names && ballot.form == ballot::BallotForm::Electronic).then(|| named_votes(chamber, ballot)),
        })
    });
    ResultsResponse { results: published.collect() }
}

/// Every entitled delegate in office at the closing, in seat order, as the roll named them then.
fn named_votes(chamber: &Chamber, ballot: &Ballot) -> Vec<NamedVote> {
    let named = |person: &Person| NamedVote {
        person: person.id.to_string(),
        name: person.name.clone(),
        group: person.group.clone(),
        answer: ballot.votes.get(&person.id).map(|vote| vote.answer.to_string()),
        more: ballot.votes.get(&person.id).into_iter().flat_map(|vote| &vote.more).map(ToString::to_string).collect(),
        present: ballot.present.contains(&person.id),
    };
    let question = chamber.question(&ballot.question);
    let delegates = ballot.outcome.iter().flat_map(|outcome| outcome.delegates.iter());
    let entitled = delegates.filter(|person| question.is_none_or(|question| question.entitles(person)));
    entitled.map(named).collect()
}
