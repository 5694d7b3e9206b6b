//! The council and its agenda.

use super::result::result;
use super::words;
use crate::chamber::Chamber;
use crate::chamber::agenda::{self, AgendaItem};
use crate::chamber::ballot::{Ballot, Question};
use crate::chamber::rules::NamesPolicy;
use crate::wire::views::*;

/// `None` before the founding.
pub fn council(chamber: &Chamber, vkey: &str) -> Option<CouncilView> {
    let info = chamber.council()?;
    Some(CouncilView {
        id: info.id.to_string(),
        origin: info.origin.clone(),
        name: info.name.clone(),
        short_name: info.short_name.clone(),
        vkey: vkey.to_string(),
        names_public: info.rules.names == NamesPolicy::Public,
        session: chamber.session().map(|session| SessionView {
            id: session.id.to_string(),
            title: session.title.clone(),
            term: session.term.clone(),
        }),
        agenda: chamber.items().map(|item| self::item(chamber, item)).collect(),
    })
}

pub fn item(chamber: &Chamber, item: &AgendaItem) -> ItemView {
    ItemView {
        id: item.item.id.to_string(),
        number: item.item.number.clone(),
        kind: words::item_kind(item.item.kind),
        title: item.item.title.clone(),
        short_title: item.item.short_title.clone(),
        minutes: item.item.minutes,
        state: match item.state {
            agenda::ItemState::Upcoming => ItemState::Upcoming,
            agenda::ItemState::Current => ItemState::Current,
            agenda::ItemState::Done => ItemState::Done,
        },
        started_at: item.started_at.map(|at| at.0),
        questions: chamber.questions_of(&item.item.id).map(|question| self::question(chamber, question)).collect(),
    }
}

fn question(chamber: &Chamber, question: &Question) -> QuestionView {
    QuestionView {
        id: question.id.to_string(),
        item: question.item.to_string(),
        title: question.title.clone(),
        text: question.text.clone(),
        answers: question
            .answers
            .iter()
            .map(|answer| AnswerView { key: answer.key.to_string(), meaning: answer.meaning.clone() })
            .collect(),
        rule: words::rule(&question.rule),
        document_sha256: question.document_sha256.clone(),
        seconds: question.seconds,
        change_allowed: question.change_allowed,
        show_split: question.show_split,
        ballots: chamber.ballots_on(&question.id).map(|ballot| brief(chamber, ballot)).collect(),
    }
}

/// A ballot as the agenda and the results list it.
pub fn brief(chamber: &Chamber, ballot: &Ballot) -> BallotBrief {
    BallotBrief {
        id: ballot.id.to_string(),
        round: ballot.round,
        state: words::ballot_state(ballot.state),
        result: result(chamber, ballot),
        reason: ballot.reason.clone(),
    }
}
