//! What an order leaves open is settled by the state it met: the question's length, the official whose round it is, the rule and
//! the question of the item it changes. Compared while that state is still there. Written against the documents, as [`super::agrees`].

use super::agrees::{deadline, rule_meant, same};
use super::asked::Asked;
use super::recount::Recount;
use crate::chamber::Chamber;
use crate::chamber::agenda::{Item, ItemKind, is_secret_rule};
use crate::chamber::ballot::{HoldCause, Question};
use crate::chamber::command::{Command, NewItem};
use crate::chamber::event::Event;
use crate::chamber::ids::Millis;
use crate::chamber::limits;
use crate::chamber::roll::Office;
use crate::chamber::rules::RulesProfile;
use crate::chamber::speaking::SpeechKind;

/// Whether `event`, written `at`, says what `command` leaves open as the chamber before it settles that.
pub fn is_settled(chamber: &Chamber, at: Millis, command: &Command, event: &Event) -> bool {
    match (command, event) {
        (Command::OpenBallot { seconds: None, .. }, Event::BallotOpened { question, closes_at, .. }) => {
            // A ballot on nothing: the fold says so.
            chamber.question(question).is_none_or(|question| *closes_at == deadline(at, question.seconds))
        }
        (
            Command::AskToSpeak { kind: SpeechKind::Interpellate, to: None, .. },
            Event::SpeechRequested { to: recorded, .. },
        ) => {
            let official = chamber.round().map(|round| &round.official);
            recorded.as_ref() == official.filter(|official| chamber.holds_office(official, Office::Official))
        }
        (Command::PrepareQuestion { .. }, Event::QuestionPrepared { question }) => {
            let people = chamber.people();
            let has_a_delegate = |group: &String| people.iter().any(|one| one.is_delegate() && one.group == *group);
            question.groups.iter().all(has_a_delegate)
        }
        (Command::ChangeItem { to, .. }, Event::ItemChanged { item }) if to.rule.is_none() => {
            let rules = chamber.council().map(|council| &council.rules);
            let known = chamber.item(&item.id).map(|known| &known.item);
            rules.zip(known).is_none_or(|(rules, known)| item.rule.as_deref() == rule_meant(rules, to, Some(known)))
        }
        _ => true,
    }
}

/// Whether a ballot that was held because nothing could be written has no more time left than it had at the newest entry, or
/// as long as the tablets need to send their votes again.
pub fn is_held_with_the_rest(chamber: &Chamber, newest: Millis, event: &Event) -> bool {
    let Event::BallotHeld { ballot, cause: HoldCause::StoreUnavailable, remaining_ms: Some(rest), .. } = event else {
        return true;
    };
    let closes_at = chamber.ballot(ballot).and_then(|ballot| ballot.closes_at);
    closes_at.is_none_or(|closes_at| *rest <= closes_at.since(newest).max(limits::STORE_HOLD_REST_MS))
}

/// The question that must follow a changed item.
pub enum DueQuestion {
    /// The item has come to be a vote and has none yet; with the name of its rule.
    First(String),
    /// Its only one, which had its title and was never put to the vote, worded anew.
    Anew(Box<Question>),
}

impl DueQuestion {
    /// Of `changed`, which `ordered` asks for, by the state before it. `None`: no question may follow.
    pub fn of(chamber: &Chamber, recount: &Recount, ordered: &NewItem, changed: &Item) -> Option<Self> {
        let rules = &chamber.council()?.rules;
        let known = &chamber.item(&changed.id)?.item;
        let rule = rule_meant(rules, ordered, Some(known));
        let votable = rule.filter(|name| !is_secret_rule(name));
        let mut questions = chamber.questions_of(&changed.id);
        let Some(question) = questions.next() else {
            return votable.filter(|_| ordered.kind == ItemKind::Vote).map(|name| Self::First(name.to_owned()));
        };
        let follows =
            questions.next().is_none() && question.title == known.title && !recount.was_put_to_the_vote(&question.id);
        let other = votable.filter(|_| rule != known.rule.as_deref());
        let named = other.and_then(|name| rules.majorities.iter().find(|named| named.name == name));
        let rule = named.map_or(&question.rule, |named| &named.rule);
        let is_other = *rule != question.rule || !same(&question.title, &ordered.title);
        (follows && is_other).then(|| Self::Anew(Box::new(Question { rule: rule.clone(), ..question.clone() })))
    }

    /// Whether it is `prepared`: a first one is the profile's, one worded anew differs in nothing but title and rule.
    pub fn is(&self, rules: &RulesProfile, ordered: &NewItem, prepared: &Question) -> bool {
        match self {
            Self::First(rule) => Asked { rule: Some(rule), ..Asked::by(ordered) }.is(prepared, rules),
            Self::Anew(known) => {
                let expected = Question {
                    title: prepared.title.clone(),
                    document_sha256: prepared.document_sha256.clone(),
                    ..known.as_ref().clone()
                };
                same(&prepared.title, &ordered.title) && expected == *prepared
            }
        }
    }
}
