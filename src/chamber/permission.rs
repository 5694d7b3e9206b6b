//! Who may do what: the one table. The operator founds the council and keeps its roll; the hall's own business is the
//! business of the people in it.

use super::command::{Actor, Command};
use super::ids::PersonId;
use super::refusal::Refusal;
use super::roll::{Office, Person};
use super::state::Chamber;

/// What a command asks of the person behind it.
enum Need<'a> {
    /// Only the server's own console.
    Console,
    /// Only the chamber itself.
    System,
    /// One of these offices.
    Office(&'static [Office]),
    /// To hold the gavel.
    Gavel,
    /// To hold the gavel, or one of these offices.
    GavelOr(&'static [Office]),
    /// To be this very person.
    Self_(&'a PersonId),
    /// To be this person and have a seat, or one of these offices for them.
    DelegateOr(&'a PersonId, &'static [Office]),
    /// To be this person and take part in what the hall does, or one of these offices for them.
    ParticipantOr(&'a PersonId, &'static [Office]),
    /// To be this person, to hold the gavel, or one of these offices.
    SelfOrGavelOr(Option<&'a PersonId>, &'static [Office]),
}

const NOBODY: &[Office] = &[];
const CHAIR: &[Office] = &[Office::Chair, Office::Deputy];
const SECRETARY: &[Office] = &[Office::Secretary];
const SECRETARY_OR_CHAIR: &[Office] = &[Office::Secretary, Office::Chair, Office::Deputy];
const SECRETARY_OR_SCRUTINEER: &[Office] = &[Office::Secretary, Office::Scrutineer];
const ADMINISTRATOR: &[Office] = &[Office::Administrator];
const SECRETARY_OR_ADMINISTRATOR: &[Office] = &[Office::Secretary, Office::Administrator];

/// Offices whose one-time codes may let a device be bound.
pub(super) const CODE_ISSUERS: &[Office] = SECRETARY_OR_ADMINISTRATOR;

fn need<'a>(chamber: &'a Chamber, command: &'a Command) -> Need<'a> {
    match command {
        Command::FoundCouncil(_) => Need::Console,
        Command::ImportRoster { .. } | Command::EndMandate { .. } | Command::SetRules { .. } => {
            Need::Office(ADMINISTRATOR)
        }
        Command::RevokeDevice { .. } => Need::Office(SECRETARY_OR_ADMINISTRATOR),
        Command::BindDevice { person, .. } => Need::Self_(person),

        // What begins at once is the chair's to begin.
        Command::AddItems { start: true, .. } => Need::Gavel,
        Command::CreateSession { .. }
        | Command::PrepareSitting { .. }
        | Command::OpenSitting { .. }
        | Command::CloseSitting {}
        | Command::AddItems { .. }
        | Command::ChangeItem { .. }
        | Command::MoveItem { .. }
        | Command::RemoveItem { .. }
        | Command::PrepareQuestion { .. }
        | Command::PrepareBloc { .. }
        | Command::SetBudget { .. } => Need::Office(SECRETARY_OR_CHAIR),
        Command::SuspendSitting { .. } | Command::ResumeSitting {} => Need::GavelOr(SECRETARY),

        Command::CheckIn { person, .. } | Command::CheckOut { person, .. } => Need::DelegateOr(person, SECRETARY),
        Command::Excuse { .. } => Need::Office(SECRETARY),

        Command::AskToSpeak { person, .. } => Need::ParticipantOr(person, SECRETARY),
        Command::WithdrawRequest { request, .. } => {
            Need::SelfOrGavelOr(chamber.speech_request(request).map(|request| &request.person), NOBODY)
        }
        Command::EndSpeech { .. } => Need::SelfOrGavelOr(chamber.speech().map(|speech| &speech.person), SECRETARY),
        Command::LogPromise { .. } | Command::StrikePromise { .. } | Command::KeepPromise { .. } => {
            Need::GavelOr(SECRETARY)
        }
        Command::RecordCount { .. } => Need::Office(SECRETARY_OR_SCRUTINEER),

        Command::OpenList {}
        | Command::CloseList {}
        | Command::MoveRequest { .. }
        | Command::CallSpeaker { .. }
        | Command::GiveFloor { .. }
        | Command::PauseSpeech { .. }
        | Command::ResumeSpeech { .. }
        | Command::ExtendSpeech { .. }
        | Command::StartRound { .. }
        | Command::StartItem { .. }
        | Command::FinishItem { .. }
        | Command::OpenBallot { .. }
        | Command::HoldBallot { .. }
        | Command::ResumeBallot { .. }
        | Command::ExtendBallot { .. }
        | Command::CloseBallot { .. }
        | Command::ConfirmBallot { .. }
        | Command::AnnounceBallot { .. }
        | Command::VoidBallot { .. }
        | Command::AnnulBallot { .. }
        | Command::HandGavel { .. } => Need::Gavel,
        Command::HoldForStore { .. } | Command::PauseForStore { .. } => Need::System,
        Command::SetPerson { .. } => Need::Console,
        Command::CastVote(vote) => Need::DelegateOr(&vote.person, NOBODY),

        Command::TakeGavel { .. } => Need::Office(CHAIR),
        Command::ShowOnWall { .. }
        | Command::AddWall { .. }
        | Command::RemoveWall { .. }
        | Command::FollowMain { .. }
        | Command::SetTicker { .. } => Need::GavelOr(SECRETARY),
    }
}

pub(super) fn check(chamber: &Chamber, by: &Actor, command: &Command) -> Result<(), Refusal> {
    let allowed = match by {
        Actor::Person(person) => return check_person(chamber, person, &need(chamber, command)),
        // What a verifier takes in the record without anybody's signature.
        Actor::Operator => matches!(
            command,
            Command::FoundCouncil(_)
                | Command::ImportRoster { .. }
                | Command::SetPerson { .. }
                | Command::EndMandate { .. }
                | Command::RevokeDevice { .. }
        ),
        // Whether the ballot's time has come is judged where it is closed.
        Actor::System => matches!(
            command,
            Command::CloseBallot { .. } | Command::HoldForStore { .. } | Command::PauseForStore { .. }
        ),
    };
    if allowed { Ok(()) } else { Err(Refusal::NotAllowed) }
}

fn check_person(chamber: &Chamber, by: &PersonId, need: &Need<'_>) -> Result<(), Refusal> {
    let person = chamber.person(by).ok_or(Refusal::UnknownPerson)?;
    let holds_one_of = |offices: &[Office]| offices.iter().any(|office| person.has(*office));
    let presides = chamber.gavel.as_ref() == Some(by);
    let allowed = match need {
        Need::Console | Need::System => false,
        Need::Office(offices) => holds_one_of(offices),
        Need::Gavel => presides,
        Need::GavelOr(offices) => presides || holds_one_of(offices),
        Need::Self_(subject) => by == *subject,
        Need::DelegateOr(subject, offices) => (by == *subject && person.is_delegate()) || holds_one_of(offices),
        Need::ParticipantOr(subject, offices) => (by == *subject && takes_part(person)) || holds_one_of(offices),
        Need::SelfOrGavelOr(subject, offices) => presides || *subject == Some(by) || holds_one_of(offices),
    };
    match need {
        _ if allowed => Ok(()),
        Need::Gavel | Need::GavelOr(_) | Need::SelfOrGavelOr(..) if chamber.is_chair(by) => Err(Refusal::GavelNeeded),
        Need::DelegateOr(subject, _) if by == *subject => Err(Refusal::NotADelegate),
        _ => Err(Refusal::NotAllowed),
    }
}

/// Guests, the press and screens watch.
fn takes_part(person: &Person) -> bool {
    person.is_delegate() || person.is_officer() || person.has(Office::Official)
}
