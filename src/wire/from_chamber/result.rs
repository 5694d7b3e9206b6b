//! What a ballot came to, with the working.

use super::roll::person_ref;
use super::words;
use crate::chamber::Chamber;
use crate::chamber::ballot::{self, Ballot};
use crate::chamber::majority::Threshold;
use crate::chamber::rules::MajorityRule;
use crate::wire::views::*;

pub(super) fn result(chamber: &Chamber, ballot: &Ballot) -> Option<ResultView> {
    let outcome = ballot.outcome.as_ref()?;
    let question = chamber.question(&ballot.question)?;
    let judgement = chamber.judgement(&ballot.id)?;
    let counted = &outcome.counted;
    let took_part = counted.took_part();
    Some(ResultView {
        counts: counts(&counted.answers),
        took_part,
        present: counted.present,
        not_voted: counted.present.saturating_sub(took_part),
        absent: counted.in_office.saturating_sub(counted.present),
        in_office: counted.in_office,
        seats: counted.seats,
        threshold: threshold(&question.rule, &judgement.threshold),
        verdict: outcome.verdict.map(words::verdict),
        casting: outcome.casting.map(words::verdict),
        chosen: match outcome.verdict {
            Some(_) => &outcome.chosen,
            None => &judgement.chosen,
        }
        .iter()
        .map(ToString::to_string)
        .collect(),
        recorded_by: ballot.recorded_by.as_ref().and_then(|id| chamber.person_ever(id)).map(person_ref),
        papers: ballot.papers.map(|papers| PapersView {
            issued: papers.issued,
            returned: papers.returned,
            valid: papers.valid,
            invalid: papers.invalid,
        }),
        closed_at: outcome.closed_at.0,
        closed_by: match outcome.closed_by {
            ballot::ClosedBy::Chair => ClosedBy::Chair,
            ballot::ClosedBy::Time => ClosedBy::Time,
        },
        confirmed_at: outcome.confirmed_at.map(|at| at.0),
        announced_at: outcome.announced_at.map(|at| at.0),
    })
}

pub(super) fn counts(counts: &[ballot::AnswerCount]) -> Vec<AnswerCount> {
    counts.iter().map(|count| AnswerCount { answer: count.answer.to_string(), count: count.count }).collect()
}

pub(super) fn threshold(rule: &MajorityRule, threshold: &Threshold) -> ThresholdView {
    ThresholdView {
        rule: words::rule(rule),
        base_count: threshold.base_count,
        needed: threshold.needed,
        count: threshold.count,
    }
}
