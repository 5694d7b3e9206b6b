//! Counts that people took: by show of hands or on paper.

use super::{Decision, ballots};
use crate::chamber::ballot::{AnswerCount, BallotForm, Counted, Papers, Question};
use crate::chamber::command::Actor;
use crate::chamber::event::Event;
use crate::chamber::ids::{AnswerKey, Millis, QuestionId};
use crate::chamber::refusal::Refusal;
use crate::chamber::state::{Chamber, Council, small};

/// A count as it was reported.
pub(super) struct Count<'a> {
    pub form: BallotForm,
    pub counts: &'a [AnswerCount],
    pub papers: Option<Papers>,
}

/// A round of voting taken without the tablets: opened and closed in one.
pub(super) fn record(
    chamber: &Chamber,
    council: &Council,
    now: Millis,
    by: &Actor,
    question: &QuestionId,
    count: &Count<'_>,
) -> Decision {
    let Actor::Person(recorded_by) = by else { return Err(Refusal::NotAllowed) };
    let question = ballots::open_question(chamber, question)?;
    if ballots::needs_secret_ballot(chamber, question) && count.form == BallotForm::ShowOfHands {
        return Err(Refusal::FormNotSupported);
    }
    let round = ballots::next_round(chamber, council, question)?;
    let present = small(chamber.present_entitled(question).count());
    let (in_office, seats) = chamber.bases_of(question);
    let answers = in_order(question, count.counts).ok_or(Refusal::BadCount)?;
    let sum = answers.iter().map(|part| u64::from(part.count)).sum();
    let counted = Counted {
        took_part: question.took_part_in(count.form, sum, present, count.papers.as_ref()),
        answers,
        present,
        in_office,
        seats,
    };
    if !question.can_be_counted(count.form, &counted, count.papers.as_ref()) {
        return Err(Refusal::BadCount);
    }
    let mut events = ballots::lead_to(chamber, now, &question.item);
    // Counting is the clerk's, moving the hall on is the chair's: nobody is cut short and no item left by a count.
    if !events.is_empty() && chamber.gavel() != chamber.person(recorded_by) {
        return Err(Refusal::GavelNeeded);
    }
    events.push(Event::CountRecorded {
        ballot: round.ballot,
        question: question.id.clone(),
        round: round.number,
        previous: round.previous,
        document_sha256: question.document_sha256.clone(),
        form: count.form,
        recorded_by: recorded_by.clone(),
        counted,
        papers: count.papers,
    });
    Ok(events)
}

/// The counts in the question's order of answers, where there is one for each and no other.
fn in_order(question: &Question, counts: &[AnswerCount]) -> Option<Vec<AnswerCount>> {
    let of = |key: &AnswerKey| counts.iter().find(|part| part.answer == *key).cloned();
    let ordered: Option<Vec<AnswerCount>> = question.answers.iter().map(|answer| of(&answer.key)).collect();
    ordered.filter(|ordered| ordered.len() == counts.len())
}
