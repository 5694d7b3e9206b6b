//! Is what the record says happened what somebody signed? One row for each order. Written against the documents, not against
//! the code that decides, so that a mistake there would be seen here.

use crate::chamber::ballot::{ClosedBy, HoldCause, Question};
use crate::chamber::command::{Actor, Command, NewItem};
use crate::chamber::event::Event;
use crate::chamber::ids::{Millis, PersonId};
use crate::chamber::rules::RulesProfile;
use crate::ledger::merkle::Hash;
use crate::ledger::statement::{Enrol, Vote};
use unicode_normalization::UnicodeNormalization;

/// Whether `events`, written at `at`, are what `by` ordered with `command`. Ids that the chamber gives out are not judged
/// here: that they follow one another is the fold's to say.
pub fn order_agrees(rules: &RulesProfile, at: Millis, by: &PersonId, command: &Command, events: &[Event]) -> bool {
    use Command as C;
    use Event as E;
    match (command, events) {
        (C::ImportRoster { sha256, .. }, events) => imported(events) == Some(sha256),
        (C::EndMandate { person, reason: why }, events) => {
            left(events).is_some_and(|(leaver, reason)| leaver == person && same(reason, why))
        }
        (C::RevokeDevice { person: ordered, reason: why }, [E::DeviceRevoked { person, reason, .. }]) => {
            person == ordered && same(reason, why)
        }

        (C::CreateSession { title: ordered, term: for_term }, [E::SessionCreated { title, term, .. }]) => {
            same(title, ordered) && same(term, for_term)
        }
        (C::AddItems { items }, events) => items_agree(items, events, rules),
        (
            C::PrepareQuestion { item, title, text, rule, seconds, show_split, replaces },
            [E::QuestionPrepared { question }],
        ) => {
            let asked = Asked { title, text, rule: Some(rule), seconds: *seconds, show_split: *show_split };
            question.item == *item
                && asked.is(question, rules)
                && replaces.as_ref().is_none_or(|replaced| *replaced == question.id)
        }
        (C::OpenSitting { title: ordered }, [E::SittingOpened { title, .. }]) => same(title, ordered),
        (C::CloseSitting {}, [E::SittingClosed { .. }] | [E::ItemFinished { .. }, E::SittingClosed { .. }]) => true,
        (
            C::StartItem { item: ordered },
            [E::ItemStarted { item }] | [E::ItemFinished { .. }, E::ItemStarted { item }],
        ) => item == ordered,

        (C::CheckIn { person: who, reason: why }, [E::CheckedIn { person, reason }])
        | (C::CheckOut { person: who, reason: why }, [E::CheckedOut { person, reason }]) => {
            person == who && same_option(reason, why)
        }
        (C::Excuse { person: who, reason: why }, [E::Excused { person, reason }]) => person == who && same(reason, why),

        (C::OpenBallot { question: ordered, seconds }, [E::BallotOpened { question, closes_at, .. }]) => {
            question == ordered && seconds.is_none_or(|seconds| *closes_at == deadline(at, seconds))
        }
        (
            C::HoldBallot { ballot: ordered, reason: why },
            [E::BallotHeld { ballot, cause: HoldCause::Chair, reason, .. }],
        ) => ballot == ordered && same_option(reason, why),
        (C::ResumeBallot { ballot: ordered }, [E::BallotResumed { ballot, .. }])
        | (C::AnnounceBallot { ballot: ordered }, [E::BallotAnnounced { ballot }])
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
        (C::ShowOnWall { mode: ordered }, [E::WallShown { mode }]) => mode == ordered,
        _ => false,
    }
}

/// Whether the one event is the vote that was signed. The document is compared where the ballot is known.
pub fn vote_agrees(vote: &Vote, events: &[Event]) -> bool {
    matches!(events, [Event::VoteCast { ballot, person, answer, turn }]
        if *ballot == vote.ballot && *person == vote.person && *answer == vote.choice && *turn == vote.turn)
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
/// the chamber closes a ballot whose time ran out and holds one while nothing could be written. Nothing here opens a ballot,
/// votes, or declares a result.
pub fn may_be_unsigned(by: &Actor, events: &[Event]) -> bool {
    match (by, events) {
        (Actor::Operator, [Event::CouncilFounded { .. } | Event::PersonSet { .. } | Event::DeviceRevoked { .. }]) => {
            true
        }
        (Actor::Operator, events) => imported(events).is_some() || left(events).is_some(),
        (Actor::System, [Event::BallotClosed { closed_by: ClosedBy::Time, .. }]) => true,
        (Actor::System, [Event::BallotHeld { cause: HoldCause::StoreUnavailable, .. }]) => true,
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

fn items_agree(ordered: &[NewItem], mut events: &[Event], rules: &RulesProfile) -> bool {
    for new in ordered {
        let [Event::ItemAdded { item }, rest @ ..] = events else {
            return false;
        };
        let short_fits = new.short_title.as_ref().is_none_or(|short| same(&item.short_title, short));
        let rule_fits = new.rule.is_none() || new.rule == item.rule;
        let fits = same(&item.number, &new.number) && same(&item.title, &new.title) && short_fits;
        if !(fits && rule_fits && item.kind == new.kind && item.minutes == new.minutes) {
            return false;
        }
        events = match rest {
            [Event::QuestionPrepared { question }, rest @ ..]
                if question.item == item.id && Asked::by(new).is(question, rules) =>
            {
                rest
            }
            rest => rest,
        };
    }
    events.is_empty()
}

/// A question as an order words it; what it leaves open is the profile's.
struct Asked<'a> {
    title: &'a str,
    text: &'a str,
    /// Name of a rule in the profile; the profile's first where none is named.
    rule: Option<&'a str>,
    seconds: Option<u32>,
    show_split: Option<bool>,
}

impl<'a> Asked<'a> {
    fn by(new: &'a NewItem) -> Self {
        Self { title: &new.title, text: "", rule: new.rule.as_deref(), seconds: None, show_split: None }
    }

    fn is(&self, question: &Question, rules: &RulesProfile) -> bool {
        let named = match self.rule {
            Some(name) => rules.majorities.iter().find(|named| named.name == name),
            None => rules.majorities.first(),
        };
        same(&question.title, self.title)
            && same(&question.text, self.text)
            && named.is_some_and(|named| named.rule == question.rule)
            && question.answers == rules.answers
            && question.seconds == self.seconds.unwrap_or(rules.ballot_seconds)
            && question.change_allowed == rules.change_allowed
            && question.show_split == self.show_split.unwrap_or(rules.show_split)
    }
}

/// 0 seconds: no limit.
fn deadline(at: Millis, seconds: u32) -> Option<Millis> {
    (seconds > 0).then(|| at.plus(u64::from(seconds) * 1_000))
}

/// Texts enter the record in NFC and trimmed; apart from that they are what was signed.
fn same(recorded: &str, signed: &str) -> bool {
    recorded.nfc().eq(signed.trim().replace("\r\n", "\n").nfc())
}

/// A blank reason counts as none.
fn same_option(recorded: &Option<String>, signed: &Option<String>) -> bool {
    same(recorded.as_deref().unwrap_or_default(), signed.as_deref().unwrap_or_default())
}
