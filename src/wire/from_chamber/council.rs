//! The council and its agenda.

use super::result::result;
use super::{Eyes, Rehearsal, words};
use crate::chamber::Chamber;
use crate::chamber::agenda::{self, AgendaItem};
use crate::chamber::ballot::{self, Ballot, Question};
use crate::chamber::rules::{AnswerMeaning, NamesPolicy, RulesProfile};
use crate::wire::views::*;

/// `None` before the founding.
pub fn council(chamber: &Chamber, vkey: &str, eyes: Eyes, rehearsal: &Rehearsal) -> Option<CouncilView> {
    let info = chamber.council()?;
    let session = chamber.session();
    let sittings = chamber.sittings().iter().filter(|sitting| session.is_some_and(|now| now.id == sitting.session));
    Some(CouncilView {
        id: info.id.to_string(),
        origin: info.origin.clone(),
        name: info.name.clone(),
        short_name: info.short_name.clone(),
        vkey: vkey.to_string(),
        names_public: info.rules.names == NamesPolicy::Public,
        rehearsal: rehearsal.is_one,
        rehearsing: rehearsal.beside.clone(),
        rules: rules(&info.rules),
        session: session.map(|session| SessionView {
            id: session.id.to_string(),
            title: session.title.clone(),
            term: session.term.clone(),
            kind: match session.kind {
                agenda::SessionKind::Regular => SessionKind::Regular,
                agenda::SessionKind::Thematic => SessionKind::Thematic,
            },
        }),
        sittings: sittings.map(|sitting| sitting_brief(sitting, eyes)).collect(),
        agenda: chamber
            .items()
            .filter(|item| eyes == Eyes::Hall || !item.hidden)
            .map(|item| self::item(chamber, item, eyes))
            .collect(),
    })
}

fn rules(profile: &RulesProfile) -> RulesView {
    let speaking = &profile.speaking;
    RulesView {
        preset: profile.preset.clone(),
        seats: profile.seats,
        quorum: words::rule(&profile.quorum),
        quorum_enforced: profile.quorum_enforced,
        majorities: profile
            .majorities
            .iter()
            .map(|named| NamedRuleView { name: named.name.clone(), rule: words::rule(&named.rule) })
            .collect(),
        answers: answers(&profile.answers),
        ballot_seconds: profile.ballot_seconds,
        change_allowed: profile.change_allowed,
        show_split: profile.show_split,
        names_public: profile.names == NamesPolicy::Public,
        speaking: SpeakingRulesView {
            speak: speaking.speak,
            interpellate: speaking.interpellate,
            answer: speaking.answer,
            rebut: speaking.rebut,
            explain: speaking.explain,
            point_of_order: speaking.point_of_order,
            askers_a_round: speaking.askers_a_round,
        },
    }
}

fn answers(answers: &[AnswerMeaning]) -> Vec<AnswerView> {
    answers.iter().map(|answer| AnswerView { key: answer.key.to_string(), meaning: answer.meaning.clone() }).collect()
}

fn sitting_brief(sitting: &agenda::Sitting, eyes: Eyes) -> SittingBrief {
    let is_told = eyes == Eyes::Hall || !sitting.closed_doors;
    SittingBrief {
        id: sitting.id.to_string(),
        title: if is_told { sitting.title.clone() } else { String::new() },
        closed_doors: sitting.closed_doors,
        planned_at: sitting.planned_at.map(|at| at.0),
        opened_at: sitting.opened_at.map(|at| at.0),
        closed_at: sitting.closed_at.map(|at| at.0),
    }
}

pub fn item(chamber: &Chamber, item: &AgendaItem, eyes: Eyes) -> ItemView {
    // An announced result keeps its item in sight; that the hall is at it again, behind closed doors, is not told.
    let is_told = eyes == Eyes::Hall || !item.hidden;
    ItemView {
        id: item.item.id.to_string(),
        number: item.item.number.clone(),
        kind: words::item_kind(item.item.kind),
        title: item.item.title.clone(),
        short_title: item.item.short_title.clone(),
        minutes: item.item.minutes,
        parent: item.item.parent.as_ref().map(ToString::to_string),
        planned_at: item.item.planned_at.map(|at| at.0),
        presenter: item.item.presenter.clone(),
        closed: item.hidden,
        state: match item.state {
            _ if !is_told => ItemState::Done,
            agenda::ItemState::Upcoming if chamber.is_decided_en_bloc(&item.item.id) => ItemState::Done,
            agenda::ItemState::Upcoming => ItemState::Upcoming,
            agenda::ItemState::Current => ItemState::Current,
            agenda::ItemState::Done => ItemState::Done,
        },
        started_at: item.started_at.filter(|_| is_told).map(|at| at.0),
        finished_at: item.finished_at.filter(|_| is_told).map(|at| at.0),
        rule: item.item.rule.clone(),
        questions: chamber
            .questions_of(&item.item.id)
            .map(|question| self::question(chamber, question, eyes))
            .collect(),
    }
}

fn question(chamber: &Chamber, question: &Question, eyes: Eyes) -> QuestionView {
    // A part may have been hidden since.
    let is_told = |part: &&ballot::BlocPart| {
        let item = chamber.question(&part.question).and_then(|question| chamber.item(&question.item));
        eyes == Eyes::Hall || item.is_some_and(|item| !item.hidden)
    };
    QuestionView {
        id: question.id.to_string(),
        item: question.item.to_string(),
        title: question.title.clone(),
        text: question.text.clone(),
        answers: answers(&question.answers),
        rule: words::rule(&question.rule),
        form: match question.form {
            ballot::QuestionForm::Motion => QuestionForm::Motion,
            ballot::QuestionForm::Choice => QuestionForm::Choice,
            ballot::QuestionForm::Election { .. } => QuestionForm::Election,
        },
        choices: question.form.choices(),
        min_choices: question.min_choices,
        groups: question.groups.clone(),
        live_names: question.live_names,
        bloc: question.bloc.iter().filter(is_told).map(bloc_part).collect(),
        in_bloc: chamber.bloc_of(&question.id).map(|bloc| bloc.id.to_string()),
        document_sha256: question.document_sha256.clone(),
        seconds: question.seconds,
        change_allowed: question.change_allowed,
        show_split: question.show_split,
        ballots: chamber
            .ballots_on(&question.id)
            .filter(|ballot| eyes == Eyes::Hall || !ballot.closed_doors)
            .map(|ballot| brief(chamber, ballot))
            .collect(),
    }
}

fn bloc_part(part: &ballot::BlocPart) -> BlocPartView {
    BlocPartView {
        question: part.question.to_string(),
        title: part.title.clone(),
        document_sha256: part.document_sha256.clone(),
    }
}

/// A ballot as the agenda and the results list it.
pub fn brief(chamber: &Chamber, ballot: &Ballot) -> BallotBrief {
    BallotBrief {
        id: ballot.id.to_string(),
        round: ballot.round,
        form: words::ballot_form(ballot.form),
        state: words::ballot_state(ballot.state),
        result: result(chamber, ballot),
        reason: ballot.reason.clone(),
    }
}
