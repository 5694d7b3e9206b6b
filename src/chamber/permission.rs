//! Who may do what: the one table. The operator founds the council and keeps its roll; the hall's own business is the
//! business of the people in it.

use super::command::{Actor, Command};
use super::ids::PersonId;
use super::refusal::Refusal;
use super::roll::Office;
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
    /// To be this person, or one of these offices for them.
    SelfOr(&'a PersonId, &'static [Office]),
}

const CHAIR: &[Office] = &[Office::Chair];
const SECRETARY: &[Office] = &[Office::Secretary];
const SECRETARY_OR_CHAIR: &[Office] = &[Office::Secretary, Office::Chair];
const ADMINISTRATOR: &[Office] = &[Office::Administrator];
const SECRETARY_OR_ADMINISTRATOR: &[Office] = &[Office::Secretary, Office::Administrator];

/// Offices whose one-time codes may let a device be bound.
pub(super) const CODE_ISSUERS: &[Office] = SECRETARY_OR_ADMINISTRATOR;

fn need(command: &Command) -> Need<'_> {
    match command {
        Command::FoundCouncil(_) => Need::Console,
        Command::ImportRoster { .. } | Command::EndMandate { .. } => Need::Office(ADMINISTRATOR),
        Command::RevokeDevice { .. } => Need::Office(SECRETARY_OR_ADMINISTRATOR),
        Command::BindDevice { person, .. } => Need::Self_(person),

        Command::CreateSession { .. }
        | Command::AddItems { .. }
        | Command::PrepareQuestion { .. }
        | Command::OpenSitting { .. }
        | Command::CloseSitting {} => Need::Office(SECRETARY_OR_CHAIR),

        Command::CheckIn { person, .. } | Command::CheckOut { person, .. } => Need::SelfOr(person, SECRETARY),
        Command::Excuse { .. } => Need::Office(SECRETARY),

        Command::StartItem { .. }
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
        Command::HoldForStore { .. } => Need::System,
        Command::SetPerson { .. } => Need::Console,
        Command::CastVote(vote) => Need::Self_(&vote.person),

        Command::TakeGavel { .. } => Need::Office(CHAIR),
        Command::ShowOnWall { .. } => Need::GavelOr(SECRETARY),
    }
}

pub(super) fn check(chamber: &Chamber, by: &Actor, command: &Command) -> Result<(), Refusal> {
    let allowed = match by {
        Actor::Person(person) => return check_person(chamber, person, &need(command)),
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
        Actor::System => matches!(command, Command::CloseBallot { .. } | Command::HoldForStore { .. }),
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
        Need::SelfOr(subject, offices) => by == *subject || holds_one_of(offices),
    };
    match need {
        _ if allowed => Ok(()),
        Need::Gavel | Need::GavelOr(_) if person.has(Office::Chair) => Err(Refusal::GavelNeeded),
        _ => Err(Refusal::NotAllowed),
    }
}
