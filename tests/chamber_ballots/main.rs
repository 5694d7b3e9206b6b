//! Ballots that are more than for and against: choices, elections, blocs, counts by people, and what one tap brings about.

mod blocs;
#[path = "../chamber_hall/mod.rs"]
mod chamber_hall;
mod counts;
mod entitled;
mod forms;
mod random;
mod taps;

use chamber_hall::*;
use dienhong::chamber::agenda::ItemKind;
use dienhong::chamber::ballot::{AnswerCount, BallotForm, Papers, QuestionForm};
use dienhong::chamber::command::Command;
use dienhong::chamber::ids::AnswerKey;
use dienhong::chamber::rules::AnswerMeaning;

/// At item `i5`, an open election without a question.
fn electing() -> Hall {
    let mut hall = Hall::sitting(generic(9), 8, 7);
    let election = new_item("5", ItemKind::Election, "Bầu Ban Pháp chế", Some("majority_of_all"));
    hall.must(&by("clerk"), Command::add_items(vec![election]));
    hall.start("i5");
    hall
}

fn key(text: impl Into<String>) -> AnswerKey {
    AnswerKey::parse(text.into()).expect("an id")
}

/// `a1` … or `c1` … with these meanings.
fn answers(letter: char, meanings: &[&str]) -> Vec<AnswerMeaning> {
    let answer =
        |(n, meaning): (u32, &&str)| AnswerMeaning { key: key(format!("{letter}{n}")), meaning: (*meaning).into() };
    (1..).zip(meanings).map(answer).collect()
}

/// The order for a question of another form.
fn asking(item: &str, rule: &str, form: QuestionForm, answers: Vec<AnswerMeaning>) -> Command {
    match prepare(item, "Lựa chọn", rule, None) {
        Command::PrepareQuestion { item, title, text, rule, seconds, show_split, replaces, change_allowed, .. } => {
            Command::PrepareQuestion {
                item,
                title,
                text,
                rule,
                seconds,
                show_split,
                replaces,
                form: Some(form),
                answers: Some(answers),
                change_allowed,
                groups: Vec::new(),
                min_choices: 0,
                live_names: false,
            }
        }
        other => other,
    }
}

fn election(places: u32, names: &[&str]) -> Command {
    asking("i5", "majority_of_all", QuestionForm::Election { places }, answers('c', names))
}

fn choice(options: &[&str]) -> Command {
    asking("i5", "majority_of_votes", QuestionForm::Choice, answers('a', options))
}

/// A delegate's next vote, for all of `keys`.
fn vote_for(hall: &Hall, ballot: &str, person: &str, keys: &[&str]) -> Command {
    let mut vote = hall.ballot_paper(ballot, person, keys[0]);
    vote.more = keys[1..].iter().map(|more| key(*more)).collect();
    Command::CastVote(vote)
}

fn record(question: &str, form: BallotForm, counts: &[(&str, u32)], papers: Option<[u32; 4]>) -> Command {
    Command::RecordCount {
        question: qid(question),
        form,
        counts: counts.iter().map(|(answer, count)| AnswerCount { answer: key(*answer), count: *count }).collect(),
        papers: papers.map(|[issued, returned, valid, invalid]| Papers { issued, returned, valid, invalid }),
    }
}

fn chosen(hall: &Hall, ballot: &str) -> Vec<String> {
    let outcome = hall.chamber.ballot(&bid(ballot)).and_then(|ballot| ballot.outcome.as_ref());
    outcome.map(|outcome| outcome.chosen.iter().map(ToString::to_string).collect()).unwrap_or_default()
}
