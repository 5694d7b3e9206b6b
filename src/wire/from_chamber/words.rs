//! The chamber's closed sets of words as screens know them.

use crate::chamber::attendance::PresenceState;
use crate::chamber::rules::{Base, MajorityRule, TieRule};
use crate::chamber::{agenda, ballot, roll, speaking, wall};
use crate::wire::views::*;

pub(super) fn rule(rule: &MajorityRule) -> RuleView {
    RuleView {
        numerator: rule.numerator,
        denominator: rule.denominator,
        base: match rule.base {
            Base::AllSeats => BaseView::AllSeats,
            Base::InOffice => BaseView::InOffice,
            Base::Present => BaseView::Present,
            Base::TookPart => BaseView::TookPart,
            Base::YesAndNo => BaseView::YesAndNo,
        },
        constant: rule.constant,
        strict: rule.strict,
        tie: match rule.tie {
            TieRule::Fails => TieView::Fails,
            TieRule::ChairDecides => TieView::ChairDecides,
        },
    }
}

pub(super) fn ballot_state(state: ballot::BallotState) -> BallotState {
    match state {
        ballot::BallotState::Open => BallotState::Open,
        ballot::BallotState::OnHold => BallotState::OnHold,
        ballot::BallotState::Closed => BallotState::Closed,
        ballot::BallotState::Confirmed => BallotState::Confirmed,
        ballot::BallotState::Announced => BallotState::Announced,
        ballot::BallotState::Voided => BallotState::Voided,
        ballot::BallotState::Annulled => BallotState::Annulled,
    }
}

pub(super) fn ballot_form(form: ballot::BallotForm) -> BallotForm {
    match form {
        ballot::BallotForm::Electronic => BallotForm::Electronic,
        ballot::BallotForm::ShowOfHands => BallotForm::ShowOfHands,
        ballot::BallotForm::Paper => BallotForm::Paper,
    }
}

pub(super) fn speech_kind(kind: speaking::SpeechKind) -> SpeechKind {
    match kind {
        speaking::SpeechKind::Speak => SpeechKind::Speak,
        speaking::SpeechKind::Interpellate => SpeechKind::Interpellate,
        speaking::SpeechKind::Answer => SpeechKind::Answer,
        speaking::SpeechKind::Rebut => SpeechKind::Rebut,
        speaking::SpeechKind::Explain => SpeechKind::Explain,
        speaking::SpeechKind::PointOfOrder => SpeechKind::PointOfOrder,
    }
}

pub(super) fn presence(state: PresenceState) -> Presence {
    match state {
        PresenceState::Present => Presence::Present,
        PresenceState::Excused => Presence::Excused,
        PresenceState::Absent => Presence::Absent,
    }
}

pub(super) fn verdict(verdict: ballot::Verdict) -> Verdict {
    match verdict {
        ballot::Verdict::Adopted => Verdict::Adopted,
        ballot::Verdict::Rejected => Verdict::Rejected,
    }
}

pub(super) fn office(office: roll::Office) -> Office {
    match office {
        roll::Office::Chair => Office::Chair,
        roll::Office::Secretary => Office::Secretary,
        roll::Office::Scrutineer => Office::Scrutineer,
        roll::Office::Administrator => Office::Administrator,
        roll::Office::Auditor => Office::Auditor,
        roll::Office::Deputy => Office::Deputy,
        roll::Office::Official => Office::Official,
        roll::Office::Guest => Office::Guest,
        roll::Office::Press => Office::Press,
        roll::Office::Screen => Office::Screen,
    }
}

pub(super) fn item_kind(kind: agenda::ItemKind) -> ItemKind {
    match kind {
        agenda::ItemKind::Ceremony => ItemKind::Ceremony,
        agenda::ItemKind::Report => ItemKind::Report,
        agenda::ItemKind::Discussion => ItemKind::Discussion,
        agenda::ItemKind::Interpellation => ItemKind::Interpellation,
        agenda::ItemKind::Vote => ItemKind::Vote,
        agenda::ItemKind::Election => ItemKind::Election,
    }
}

pub(super) fn wall_mode(mode: wall::WallMode) -> WallMode {
    match mode {
        wall::WallMode::Welcome => WallMode::Welcome,
        wall::WallMode::RollCall => WallMode::RollCall,
        wall::WallMode::Agenda => WallMode::Agenda,
        wall::WallMode::Item => WallMode::Item,
        wall::WallMode::Voting => WallMode::Voting,
        wall::WallMode::Result => WallMode::Result,
        wall::WallMode::Blank => WallMode::Blank,
        wall::WallMode::Speaker => WallMode::Speaker,
        wall::WallMode::Interpellation => WallMode::Interpellation,
        wall::WallMode::Title => WallMode::Title,
        wall::WallMode::Countdown => WallMode::Countdown,
    }
}
