//! From a command to what happens, or to why it does not. Nothing is changed here: the events change the chamber once they
//! are applied.

mod agenda;
mod attendance;
mod ballots;
mod council;
mod presiding;
mod roll;
mod votes;

use super::command::{Actor, Command};
use super::event::Event;
use super::ids::Millis;
use super::permission;
use super::refusal::Refusal;
use super::state::{Chamber, Council};

/// What a command would bring about, or why not.
type Decision = Result<Vec<Event>, Refusal>;

impl Chamber {
    /// What `command` by `by` brings about at `now`: at least one event, each fitting the chamber after those before it.
    ///
    /// # Errors
    /// The first reason against it, in this order: the council is not founded, the person may not, then what the
    /// command's own state lacks.
    pub fn decide(&self, now: Millis, by: &Actor, command: &Command) -> Decision {
        let council = match (&self.council, command) {
            (None, Command::FoundCouncil(founding)) => {
                permission::check(self, by, command)?;
                return council::found(founding);
            }
            (None, _) => return Err(Refusal::NotFounded),
            (Some(council), _) => council,
        };
        permission::check(self, by, command)?;
        match command {
            Command::FoundCouncil(_) => Err(Refusal::AlreadyFounded),
            Command::ImportRoster { sha256, people } => roll::import(self, council, sha256, people),
            Command::SetPerson { person } => roll::set_person(self, council, person),
            Command::EndMandate { person, reason } => roll::end_mandate(self, person, reason),
            Command::BindDevice { person, key, issued_by } => roll::bind_device(self, person, key, issued_by),
            Command::RevokeDevice { person, reason } => roll::revoke_device(self, person, reason),

            Command::CreateSession { title, term } => agenda::create_session(self, title, term),
            Command::AddItems { items } => agenda::add_items(self, council, items),
            Command::PrepareQuestion { item, title, text, rule, seconds, show_split, replaces } => {
                let wording = agenda::Wording { title, text, rule, seconds: *seconds, show_split: *show_split };
                agenda::prepare_question(self, council, item, &wording, replaces.as_ref())
            }
            Command::OpenSitting { title } => agenda::open_sitting(self, title),
            Command::CloseSitting {} => agenda::close_sitting(self),
            Command::StartItem { item } => agenda::start_item(self, item),

            Command::CheckIn { person, reason } => attendance::check_in(self, by, person, reason.as_deref()),
            Command::CheckOut { person, reason } => attendance::check_out(self, by, person, reason.as_deref()),
            Command::Excuse { person, reason } => attendance::excuse(self, person, reason),

            Command::OpenBallot { question, seconds } => ballots::open(self, council, now, question, *seconds),
            Command::HoldBallot { ballot, reason } => ballots::hold(self, now, ballot, reason.as_deref()),
            Command::HoldForStore { ballot, since } => ballots::hold_for_store(self, now.min(*since), ballot),
            Command::ResumeBallot { ballot } => ballots::resume(self, now, ballot),
            Command::ExtendBallot { ballot, seconds } => ballots::extend(self, now, ballot, *seconds),
            Command::CloseBallot { ballot } => ballots::close(self, now, by, ballot),
            Command::ConfirmBallot { ballot, casting } => ballots::confirm(self, ballot, *casting),
            Command::AnnounceBallot { ballot } => ballots::announce(self, ballot),
            Command::VoidBallot { ballot, reason } => ballots::void(self, ballot, reason),
            Command::AnnulBallot { ballot, reason } => ballots::annul(self, ballot, reason),
            Command::CastVote(vote) => votes::cast(self, now, vote),

            Command::TakeGavel { reason } => presiding::take_gavel(self, by, reason.as_deref()),
            Command::HandGavel { to } => presiding::hand_gavel(self, to),
            Command::ShowOnWall { mode } => presiding::show_on_wall(self, *mode),
        }
    }
}

/// A ballot's length as asked for: 0 for no limit, else within the limits.
fn seconds(asked: u32) -> Result<u32, Refusal> {
    use super::limits::{BALLOT_SECONDS_MAX, BALLOT_SECONDS_MIN};
    if asked == 0 || (BALLOT_SECONDS_MIN..=BALLOT_SECONDS_MAX).contains(&asked) {
        Ok(asked)
    } else {
        Err(Refusal::BadDuration)
    }
}

/// The named rule of the council's profile.
fn majority_rule<'a>(council: &'a Council, name: &str) -> Result<&'a super::rules::MajorityRule, Refusal> {
    council.rules.majorities.iter().find(|named| named.name == name).map(|named| &named.rule).ok_or(Refusal::BadRule)
}
