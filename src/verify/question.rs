//! The question document, written a second time from docs/record-format.md alone: what a vote's hash means must not depend on
//! the code that put the question.

use crate::chamber::ballot::{Question, QuestionForm};
use crate::chamber::rules::{Base, TieRule};
use crate::ledger::merkle::Hash;

/// The `chamber-question/v1` text.
pub fn document(question: &Question) -> String {
    let Question { title, text, answers, rule, form, bloc, groups, min_choices, live_names, change_allowed, .. } =
        question;
    let mut document = format!("chamber-question/v1\ntitle {title}\n");
    if !text.is_empty() {
        text.split('\n').for_each(|line| document += &format!("text {line}\n"));
    }
    for answer in answers {
        document += &format!("answer {} {}\n", answer.key, answer.meaning);
    }
    let base = match rule.base {
        Base::AllSeats => "all_seats",
        Base::InOffice => "in_office",
        Base::Present => "present",
        Base::TookPart => "took_part",
        Base::YesAndNo => "yes_and_no",
    };
    let comparison = if rule.strict { "over" } else { "at_least" };
    let tie = match rule.tie {
        TieRule::Fails => "fails",
        TieRule::ChairDecides => "chair_decides",
    };
    let share = format!("{}/{}", rule.numerator, rule.denominator);
    document += &format!("rule {share} {base} {comparison} {} {tie}\n", rule.constant);
    document += &match form {
        QuestionForm::Motion => String::new(),
        QuestionForm::Choice => "form choice\n".to_owned(),
        QuestionForm::Election { places } => format!("form election {places}\n"),
    };
    for part in bloc {
        document += &format!("part {} {}\n", part.document_sha256, part.title);
    }
    document += &match min_choices {
        0 => String::new(),
        least => format!("least {least}\n"),
    };
    for group in groups {
        document += &format!("group {group}\n");
    }
    document += if *live_names { "names live\n" } else { "" };
    document += if *change_allowed { "change allowed\n" } else { "change final\n" };
    document
}

/// SHA-256 of the document, as ballots and votes name it.
pub fn document_hash(question: &Question) -> Hash {
    Hash::of(document(question).as_bytes())
}
