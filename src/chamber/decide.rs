//! From a command to what happens, or to why it does not. Nothing is changed here: the events change the chamber once they
//! are applied.

mod agenda;
mod attendance;
mod ballots;
mod council;
mod counts;
mod presiding;
mod questions;
mod roll;
mod sittings;
mod speaking;
mod tree;
mod votes;
mod walls;

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

            Command::SetRules { rules } => council::set_rules(self, council, rules),

            Command::CreateSession { title, term, kind } => {
                sittings::create_session(self, title, term, kind.unwrap_or_default())
            }
            Command::PrepareSitting { title, planned_at, closed_doors } => {
                sittings::prepare(self, title, *planned_at, *closed_doors)
            }
            Command::OpenSitting { sitting, title, closed_doors } => {
                sittings::open(self, sitting.as_ref(), title.as_deref(), *closed_doors)
            }
            Command::SuspendSitting { cause, reason, until } => {
                sittings::suspend(self, now, *cause, reason.as_deref(), *until)
            }
            Command::ResumeSitting {} => sittings::resume(self),
            Command::CloseSitting {} => sittings::close(self, now),

            Command::AddItems { items, parent, before, start } => {
                let place = tree::Place { parent: parent.as_ref(), before: before.as_ref() };
                agenda::add_items(self, council, now, items, place, *start)
            }
            Command::ChangeItem { item, to } => agenda::change_item(self, council, item, to),
            Command::MoveItem { item, parent, before } => {
                tree::move_item(self, item, tree::Place { parent: parent.as_ref(), before: before.as_ref() })
            }
            Command::RemoveItem { item } => tree::remove_item(self, item),
            Command::PrepareQuestion {
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
            } => {
                let wording = questions::Wording {
                    title,
                    text,
                    rule,
                    seconds: *seconds,
                    show_split: *show_split,
                    form: form.unwrap_or_default(),
                    answers: answers.as_deref(),
                    change_allowed: *change_allowed,
                    groups,
                    min_choices: *min_choices,
                    live_names: *live_names,
                };
                questions::prepare(self, council, item, &wording, replaces.as_ref())
            }
            Command::PrepareBloc { item, title, questions, live_names } => {
                questions::prepare_bloc(self, council, item, title, questions, *live_names)
            }
            Command::StartItem { item } => agenda::start_item(self, now, item),
            Command::FinishItem { item } => agenda::finish_item(self, now, item),

            Command::OpenList {} => speaking::open_list(self),
            Command::CloseList {} => speaking::close_list(self),
            Command::AskToSpeak { person, kind, topic, to } => {
                speaking::ask(self, person, *kind, topic.as_deref(), to.as_ref())
            }
            Command::WithdrawRequest { request, reason } => speaking::withdraw(self, by, request, reason.as_deref()),
            Command::MoveRequest { request, before, reason } => {
                speaking::move_request(self, request, before.as_ref(), reason)
            }
            Command::CallSpeaker { request, seconds } => speaking::call(self, council, now, request, *seconds),
            Command::GiveFloor { person, kind, seconds } => {
                speaking::give_floor(self, council, now, person, *kind, *seconds)
            }
            Command::PauseSpeech { speech } => speaking::pause(self, speech),
            Command::ResumeSpeech { speech } => speaking::resume(self, speech),
            Command::ExtendSpeech { speech, seconds } => speaking::extend(self, speech, *seconds),
            Command::EndSpeech { speech } => speaking::end(self, now, speech),
            Command::StartRound { official } => speaking::start_round(self, official),
            Command::SetBudget { item, group, seconds } => speaking::set_budget(self, item, group, *seconds),
            Command::LogPromise { official, text, until, to } => {
                speaking::log_promise(self, official, text, until.as_deref(), to.as_ref())
            }
            Command::StrikePromise { promise, reason } => speaking::strike_promise(self, promise, reason),
            Command::KeepPromise { promise, note } => speaking::keep_promise(self, promise, note.as_deref()),

            Command::CheckIn { person, reason } => attendance::check_in(self, by, person, reason.as_deref()),
            Command::CheckOut { person, reason } => attendance::check_out(self, by, person, reason.as_deref()),
            Command::Excuse { person, reason } => attendance::excuse(self, person, reason),

            Command::OpenBallot { question, seconds } => ballots::open(self, council, now, question, *seconds),
            Command::HoldBallot { ballot, reason } => ballots::hold(self, now, ballot, reason.as_deref()),
            Command::PauseForStore { speech, since } => speaking::pause_for_store(self, now.min(*since), speech),
            Command::HoldForStore { ballot, since } => ballots::hold_for_store(self, now.min(*since), ballot),
            Command::ResumeBallot { ballot } => ballots::resume(self, now, ballot),
            Command::ExtendBallot { ballot, seconds } => ballots::extend(self, now, ballot, *seconds),
            Command::CloseBallot { ballot } => ballots::close(self, now, by, ballot),
            Command::ConfirmBallot { ballot, casting } => ballots::confirm(self, ballot, *casting),
            Command::AnnounceBallot { ballot } => ballots::announce(self, ballot),
            Command::RecordCount { question, form, counts, papers } => counts::record(
                self,
                council,
                now,
                by,
                question,
                &counts::Count { form: *form, counts, papers: *papers },
            ),
            Command::VoidBallot { ballot, reason } => ballots::void(self, ballot, reason),
            Command::AnnulBallot { ballot, reason } => ballots::annul(self, ballot, reason),
            Command::CastVote(vote) => votes::cast(self, now, vote),

            Command::TakeGavel { reason } => presiding::take_gavel(self, by, reason.as_deref()),
            Command::HandGavel { to } => presiding::hand_gavel(self, to),
            Command::ShowOnWall { wall, mode, card } => walls::show(self, wall.as_ref(), *mode, card.as_ref()),
            Command::AddWall { name } => walls::add(self, name),
            Command::RemoveWall { wall } => walls::remove(self, wall),
            Command::FollowMain { wall } => walls::follow_main(self, wall),
            Command::SetTicker { text } => walls::set_ticker(text.as_deref()),
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

/// A moment somebody plans for, such as a sitting's beginning.
fn moment(at: Option<Millis>) -> Result<Option<Millis>, Refusal> {
    if at.is_some_and(|at| at.0 > super::limits::LATEST_MS) { Err(Refusal::BadDate) } else { Ok(at) }
}
