//! Is what the record says happened what somebody signed? One row for each order. Written against the documents, not against
//! the code that decides, so that a mistake there would be seen here.

mod agenda;
mod sittings;
mod speaking;
mod walls;

pub(super) use agenda::rule_meant;

use super::asked::{Asked, bloc_agrees};
use crate::chamber::ballot::{ClosedBy, HoldCause};
use crate::chamber::command::{Actor, Command};
use crate::chamber::event::Event;
use crate::chamber::ids::{Millis, PersonId};
use crate::chamber::rules::RulesProfile;
use crate::ledger::merkle::Hash;
use crate::ledger::statement::{Enrol, Vote};
use unicode_normalization::UnicodeNormalization;

/// Whether `events`, written at `at`, are what `by` ordered with `command`. Ids that the chamber gives out are not judged
/// here: that they follow one another is the fold's to say. Nor is what the order leaves open and the state before it settles:
/// see [`super::settled`].
pub fn order_agrees(rules: &RulesProfile, at: Millis, by: &PersonId, command: &Command, events: &[Event]) -> bool {
    use Command as C;
    use Event as E;
    let events = speaking::after_speech(command, events);
    match (command, events) {
        (C::ImportRoster { sha256, .. }, events) => imported(events) == Some(sha256),
        (C::EndMandate { person, reason: why }, events) => {
            left(events).is_some_and(|(leaver, reason)| leaver == person && same(reason, why))
        }
        (C::RevokeDevice { person: ordered, reason: why }, [E::DeviceRevoked { person, reason, .. }]) => {
            person == ordered && same(reason, why)
        }

        (
            C::PrepareQuestion {
                item,
                title,
                text,
                rule,
                seconds,
                show_split,
                replaces,
                form,
                answers,
                change_allowed,
                groups,
                min_choices,
                live_names,
            },
            [E::QuestionPrepared { question }],
        ) => {
            let asked = Asked {
                title,
                text,
                rule: Some(rule),
                seconds: *seconds,
                show_split: *show_split,
                form: form.unwrap_or_default(),
                answers: answers.as_deref().unwrap_or_default(),
                change_allowed: *change_allowed,
                groups,
                min_choices: *min_choices,
                live_names: *live_names,
            };
            question.item == *item
                && asked.is(question, rules)
                && replaces.as_ref().is_none_or(|replaced| *replaced == question.id)
        }
        (C::PrepareBloc { item, title, questions, live_names }, [E::QuestionPrepared { question }]) => {
            question.item == *item
                && question.live_names == *live_names
                && bloc_agrees(title, questions, question, rules)
        }
        (C::CheckIn { person: who, reason: why }, [E::CheckedIn { person, reason }])
        | (C::CheckOut { person: who, reason: why }, [E::CheckedOut { person, reason }]) => {
            person == who && same_option(reason, why)
        }
        (C::Excuse { person: who, reason: why }, [E::Excused { person, reason }]) => person == who && same(reason, why),

        (C::OpenBallot { question: ordered, seconds }, events) => {
            matches!(after_lead(events), [E::BallotOpened { question, closes_at, .. }]
                if question == ordered && seconds.is_none_or(|seconds| *closes_at == deadline(at, seconds)))
        }
        (C::RecordCount { question: ordered, form: taken, counts, papers: given }, events) => {
            matches!(after_lead(events), [E::CountRecorded { question, form, recorded_by, counted, papers, .. }]
                if question == ordered
                    && form == taken
                    && recorded_by == by
                    && papers == given
                    && counted.answers.len() == counts.len()
                    && counted.answers.iter().all(|part| counts.contains(part)))
        }
        (
            C::HoldBallot { ballot: ordered, reason: why },
            [E::BallotHeld { ballot, cause: HoldCause::Chair, reason, .. }],
        ) => ballot == ordered && same_option(reason, why),
        (C::ResumeBallot { ballot: ordered }, [E::BallotResumed { ballot, .. }])
        | (
            C::AnnounceBallot { ballot: ordered },
            // Confirmed with it, where the chair had nothing to decide.
            [E::BallotAnnounced { ballot }] | [E::BallotConfirmed { casting: None, .. }, E::BallotAnnounced { ballot }],
        )
        | (C::CloseBallot { ballot: ordered }, [E::BallotClosed { ballot, closed_by: ClosedBy::Chair, .. }]) => {
            ballot == ordered
        }
        (C::ExtendBallot { ballot: ordered, seconds: by }, [E::BallotExtended { ballot, seconds, .. }]) => {
            ballot == ordered && seconds == by
        }
        (C::ConfirmBallot { ballot: ordered, casting: vote }, [E::BallotConfirmed { ballot, casting, .. }]) => {
            ballot == ordered && casting == vote
        }
        (C::VoidBallot { ballot: ordered, reason: why }, [E::BallotVoided { ballot, reason }])
        | (C::AnnulBallot { ballot: ordered, reason: why }, [E::BallotAnnulled { ballot, reason }]) => {
            ballot == ordered && same(reason, why)
        }

        (C::TakeGavel { reason: why }, [E::GavelTaken { person, reason, .. }]) => {
            person == by && same_option(reason, why)
        }
        (C::HandGavel { to: ordered }, [E::GavelHanded { from, to }]) => from == by && to == ordered,
        _ => {
            agenda::agrees(rules, command, events)
                || sittings::agrees(command, events)
                || speaking::agrees(rules, command, events)
                || walls::agrees(command, events)
        }
    }
}

/// Whether the one event is the vote that was signed. The document is compared where the ballot is known.
pub fn vote_agrees(vote: &Vote, events: &[Event]) -> bool {
    matches!(events, [Event::VoteCast { ballot, person, answer, more, turn }]
        if *ballot == vote.ballot
            && *person == vote.person
            && *answer == vote.choice
            && *more == vote.more
            && *turn == vote.turn)
}

/// Whether the events bind the very key that signed, in place of the person's one before.
pub fn enrol_agrees(enrol: &Enrol, events: &[Event]) -> bool {
    let bound = match events {
        [bound] => bound,
        [Event::DeviceRevoked { person, .. }, bound] if *person == enrol.person => bound,
        _ => return false,
    };
    matches!(bound, Event::DeviceBound { person, key, .. }
        if *person == enrol.person && Hash::from_base64(key) == Some(Hash(enrol.key)))
}

/// What may stand in the record without anybody's signature. The server's own console founds the council and keeps the roll;
/// the chamber closes a ballot whose time ran out, and holds a ballot or pauses a speech that nothing could be written of. Nothing here opens a ballot,
/// votes, or declares a result.
pub fn may_be_unsigned(by: &Actor, events: &[Event]) -> bool {
    match (by, events) {
        (Actor::Operator, [Event::CouncilFounded { .. } | Event::PersonSet { .. } | Event::DeviceRevoked { .. }]) => {
            true
        }
        (Actor::Operator, events) => imported(events).is_some() || left(events).is_some(),
        (Actor::System, [Event::BallotClosed { closed_by: ClosedBy::Time, .. }]) => true,
        (Actor::System, [Event::BallotHeld { cause: HoldCause::StoreUnavailable, .. }]) => true,
        (Actor::System, [Event::SpeechPaused { spent_ms: Some(_), .. }]) => true,
        _ => false,
    }
}

/// The file's hash, where the events are the taking in of a roster with as many people as it says.
fn imported(events: &[Event]) -> Option<&String> {
    match events {
        [Event::RosterImported { sha256, people }, set @ ..]
            if u32::try_from(set.len()) == Ok(*people)
                && set.iter().all(|event| matches!(event, Event::PersonSet { .. })) =>
        {
            Some(sha256)
        }
        _ => None,
    }
}

/// Who leaves and why, where the events are the end of a mandate.
fn left(events: &[Event]) -> Option<(&PersonId, &str)> {
    match events {
        [Event::PersonLeft { person, reason }] => Some((person, reason)),
        [Event::DeviceRevoked { person: owner, .. }, Event::PersonLeft { person, reason }] if owner == person => {
            Some((person, reason))
        }
        _ => None,
    }
}

/// What is left once a speech has ended and the hall has gone on to the question's item, where either was needed. That the
/// item begun is the question's, the fold says.
fn after_lead(events: &[Event]) -> &[Event] {
    let events = match events {
        [Event::SpeechEnded { .. }, rest @ ..] => rest,
        all => all,
    };
    match events {
        [Event::ItemFinished { item: left }, Event::ItemStarted { item: begun }, rest @ ..] if left != begun => rest,
        [Event::ItemStarted { .. }, rest @ ..] => rest,
        all => all,
    }
}

/// 0 seconds: no limit.
pub(super) fn deadline(at: Millis, seconds: u32) -> Option<Millis> {
    (seconds > 0).then(|| at.plus(u64::from(seconds) * 1_000))
}

/// Texts enter the record in NFC and trimmed; apart from that they are what was signed.
pub(super) fn same(recorded: &str, signed: &str) -> bool {
    recorded.nfc().eq(signed.trim().replace("\r\n", "\n").nfc())
}

/// A blank reason counts as none.
fn same_option(recorded: &Option<String>, signed: &Option<String>) -> bool {
    same(recorded.as_deref().unwrap_or_default(), signed.as_deref().unwrap_or_default())
}
