//! Is a question in the record the one that was ordered?

use super::agrees::same;
use crate::chamber::ballot::{Question, QuestionForm};
use crate::chamber::command::NewItem;
use crate::chamber::ids::{AnswerKey, QuestionId};
use crate::chamber::rules::{AnswerMeaning, RulesProfile};

/// A question as an order words it; what it leaves open is the profile's.
pub(super) struct Asked<'a> {
    pub title: &'a str,
    pub text: &'a str,
    /// Name of a rule in the profile; the profile's first where none is named.
    pub rule: Option<&'a str>,
    pub seconds: Option<u32>,
    pub show_split: Option<bool>,
    pub form: QuestionForm,
    pub answers: &'a [AnswerMeaning],
    pub change_allowed: Option<bool>,
    pub groups: &'a [String],
    pub min_choices: u32,
    pub live_names: bool,
}

impl<'a> Asked<'a> {
    pub fn by(new: &'a NewItem) -> Self {
        Self {
            title: &new.title,
            text: "",
            rule: new.rule.as_deref(),
            seconds: None,
            show_split: None,
            form: QuestionForm::Motion,
            answers: &[],
            change_allowed: None,
            groups: &[],
            min_choices: 0,
            live_names: false,
        }
    }

    pub fn is(&self, question: &Question, rules: &RulesProfile) -> bool {
        let named = match self.rule {
            Some(name) => rules.majorities.iter().find(|named| named.name == name),
            None => rules.majorities.first(),
        };
        same(&question.title, self.title)
            && same(&question.text, self.text)
            && named.is_some_and(|named| named.rule == question.rule)
            && question.form == self.form
            && question.bloc.is_empty()
            && self.are_answers(&question.answers, rules)
            && question.seconds == self.seconds.unwrap_or(rules.ballot_seconds)
            && question.change_allowed == self.change_allowed.unwrap_or(rules.change_allowed)
            && question.show_split == self.show_split.unwrap_or(rules.show_split)
            && are_groups(&question.groups, self.groups)
            && question.min_choices == if self.min_choices == 1 { 0 } else { self.min_choices }
            && question.live_names == self.live_names
    }

    /// A motion has the profile's answers, in other words where the order gives them; anything else has those of the order,
    /// and the profile's `abstain` last.
    fn are_answers(&self, recorded: &[AnswerMeaning], rules: &RulesProfile) -> bool {
        let is_same = |recorded: &AnswerMeaning, asked: &AnswerMeaning| {
            recorded.key == asked.key && same(&recorded.meaning, &asked.meaning)
        };
        if self.form == QuestionForm::Motion {
            let has_no_other = self.answers.iter().all(|a| rules.answers.iter().any(|usual| usual.key == a.key));
            let is_asked = |(recorded, usual): (&AnswerMeaning, &AnswerMeaning)| {
                is_same(recorded, self.answers.iter().find(|a| a.key == usual.key).unwrap_or(usual))
            };
            let is_as_long = recorded.len() == rules.answers.len();
            return has_no_other && is_as_long && recorded.iter().zip(&rules.answers).all(is_asked);
        }
        let abstain = rules.answers.iter().filter(|answer| answer.key.as_str() == AnswerKey::ABSTAIN);
        let expected: Vec<&AnswerMeaning> = self.answers.iter().chain(abstain).collect();
        recorded.len() == expected.len()
            && recorded.iter().zip(expected).all(|(recorded, asked)| is_same(recorded, asked))
    }
}

/// Whether each of the ordered groups stands there, and no other. That each stands once, the fold says.
fn are_groups(recorded: &[String], ordered: &[String]) -> bool {
    let is_ordered = |group: &String| ordered.iter().any(|asked| same(group, asked));
    let is_recorded = |asked: &String| recorded.iter().any(|group| same(group, asked));
    recorded.iter().all(is_ordered) && ordered.iter().all(is_recorded)
}

/// Whether the recorded question puts exactly the ordered ones to the vote. That they are worded as it says, and of one rule and for the same groups, the
/// recount and the fold say.
pub(super) fn bloc_agrees(title: &str, ordered: &[QuestionId], bloc: &Question, rules: &RulesProfile) -> bool {
    same(&bloc.title, title)
        && bloc.text.is_empty()
        && bloc.form == QuestionForm::Motion
        && bloc.bloc.iter().map(|part| &part.question).eq(ordered)
        && bloc.seconds == rules.ballot_seconds
        && bloc.change_allowed == rules.change_allowed
        && bloc.show_split == rules.show_split
}
