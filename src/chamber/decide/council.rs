//! A council's rules: what they must be before its record begins, and how they change after.

use super::Decision;
use super::agenda::no_ballot_runs;
use crate::chamber::command::Founding;
use crate::chamber::event::Event;
use crate::chamber::ids::{AnswerKey, is_valid_id};
use crate::chamber::limits;
use crate::chamber::refusal::Refusal;
use crate::chamber::rules::{AnswerMeaning, Base, MajorityRule, RulesProfile, SpeakingRules};
use crate::chamber::state::{Chamber, Council};
use crate::chamber::texts;
use std::collections::BTreeSet;

pub(super) fn found(founding: &Founding) -> Decision {
    if !is_origin(&founding.origin) {
        return Err(Refusal::BadOrigin);
    }
    if !texts::is_key_base64(&founding.checkpoint_key) {
        return Err(Refusal::BadText);
    }
    Ok(vec![Event::CouncilFounded {
        council: founding.council.clone(),
        origin: founding.origin.clone(),
        name: texts::line(&founding.name, limits::HEADING_CHARS)?,
        short_name: texts::line(&founding.short_name, limits::NAME_CHARS)?,
        rules: Box::new(rules(&founding.rules)?),
        checkpoint_key: founding.checkpoint_key.clone(),
    }])
}

/// A key name by C2SP signed-note, in printable ASCII. `/p/` is what tells a person's key from the council's own.
fn is_origin(origin: &str) -> bool {
    (1..=limits::ORIGIN_BYTES).contains(&origin.len())
        && origin.bytes().all(|b| b.is_ascii_graphic() && b != b'+')
        && !origin.contains("/p/")
}

/// The policy on names and the preset stay: past ballots were taken under them. No ballot runs while rules change, and
/// everybody who has a seat keeps it.
pub(super) fn set_rules(chamber: &Chamber, council: &Council, profile: &RulesProfile) -> Decision {
    no_ballot_runs(chamber)?;
    let profile = rules(profile)?;
    let known = &council.rules;
    if profile.names != known.names || profile.preset != known.preset || profile.seats < chamber.in_office() {
        return Err(Refusal::BadRule);
    }
    Ok(vec![Event::RulesSet { rules: Box::new(profile) }])
}

fn rules(profile: &RulesProfile) -> Result<RulesProfile, Refusal> {
    let mut names = BTreeSet::new();
    let majorities_fit = (1..=limits::RULES).contains(&profile.majorities.len())
        && profile
            .majorities
            .iter()
            .all(|named| is_valid_id(&named.name) && names.insert(&named.name) && is_rule(&named.rule));
    // A quorum is a share of those who could come; a share of those who came would always or never be there.
    let quorum_fits = is_rule(&profile.quorum) && matches!(profile.quorum.base, Base::AllSeats | Base::InOffice);
    let seats_fit = (1..=limits::PEOPLE).contains(&usize::try_from(profile.seats).unwrap_or(usize::MAX));
    let speaking_fits = is_speaking(&profile.speaking);
    if !(majorities_fit && quorum_fits && seats_fit && speaking_fits && is_valid_id(&profile.preset)) {
        return Err(Refusal::BadRule);
    }
    super::seconds(profile.ballot_seconds).map_err(|_| Refusal::BadRule)?;
    Ok(RulesProfile { answers: answers(&profile.answers)?, ..profile.clone() })
}

fn is_rule(rule: &MajorityRule) -> bool {
    (1..=limits::RULE_NUMBER).contains(&rule.denominator)
        && rule.numerator <= rule.denominator
        && rule.constant.unsigned_abs() <= limits::RULE_NUMBER
}

/// Each length is none at all or one that something can be said in.
fn is_speaking(rules: &SpeakingRules) -> bool {
    let SpeakingRules { speak, interpellate, answer, rebut, explain, point_of_order, askers_a_round } = *rules;
    let fits = |seconds| seconds == 0 || (limits::SPEECH_SECONDS_MIN..=limits::SPEECH_SECONDS_MAX).contains(&seconds);
    [speak, interpellate, answer, rebut, explain, point_of_order].into_iter().all(fits)
        && (1..=limits::ASKERS).contains(&askers_a_round)
}

/// Unique keys, for, against and abstain among them.
fn answers(answers: &[AnswerMeaning]) -> Result<Vec<AnswerMeaning>, Refusal> {
    let keys: BTreeSet<&str> = answers.iter().map(|answer| answer.key.as_str()).collect();
    let complete = [AnswerKey::YES, AnswerKey::NO, AnswerKey::ABSTAIN].iter().all(|key| keys.contains(key));
    if !complete || keys.len() != answers.len() || answers.len() > limits::ANSWERS {
        return Err(Refusal::BadRule);
    }
    answers
        .iter()
        .map(|answer| {
            let meaning = texts::line(&answer.meaning, limits::MEANING_CHARS)?;
            Ok(AnswerMeaning { key: answer.key.clone(), meaning })
        })
        .collect()
}
