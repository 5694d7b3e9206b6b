//! One simulated delegate: sees what a tablet shows and does what a person would.

use super::behaviour::{Character, Plan, Step};
use super::floor::Floor;
use crate::chamber::command::Command;
use crate::chamber::ids::PersonId;
use crate::client::{Client, ClientError, Views};
use crate::wire::views::{BallotState, BallotView, LiveView, Presence, QuestionView};
use std::time::Duration;
use tokio::time::{Instant, sleep_until};

/// After something went wrong (the server is away, the chamber said no): look again after this long.
const PAUSE: Duration = Duration::from_secs(2);

/// Plays until the device is revoked, which happens when somebody takes the seat over.
pub async fn play(client: Client, character: Character) {
    let mut delegate = Delegate { client, character, arriving: None, voting: None, floor: Floor::default() };
    loop {
        match delegate.next().await {
            Ok(()) => {}
            Err(ClientError::Closed { .. } | ClientError::Gone | ClientError::WrongCouncil) => return,
            Err(error) => {
                tracing::debug!(code = error.code(), "a simulated delegate tries again");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

struct Delegate {
    client: Client,
    character: Character,
    /// The sitting, and when the delegate comes to it; nothing once there, so that nobody whom the secretary checked out
    /// walks in again.
    arriving: Option<(String, Option<Instant>)>,
    voting: Option<Voting>,
    floor: Floor,
}

/// What is left to do in one ballot.
struct Voting {
    ballot: String,
    /// Answers still to be given, and when; several in an election.
    steps: Vec<(Instant, Vec<String>)>,
    /// Where the ballot was on hold, the steps wait.
    paused: bool,
}

impl Delegate {
    /// Does what is due, then waits for the next thing to be due or shown.
    async fn next(&mut self) -> Result<(), ClientError> {
        let Views { mut live, mut me, mut speaking, council, .. } = self.client.views().clone();
        let shown = live.borrow_and_update().clone();
        let own = me.borrow_and_update().as_ref().map(|me| (me.presence, me.person.group.clone()));
        let (presence, group) = own.unzip();
        let debate = speaking.borrow_and_update().clone();
        let Some(shown) = shown else { return live.changed().await.map_err(|_| ClientError::Gone) };

        let mut wake = self.arrive(&shown, presence).await?;
        if presence == Some(Presence::Present) {
            let ballot = shown.ballot.as_ref().filter(|b| matches!(b.state, BallotState::Open | BallotState::OnHold));
            let question = ballot.and_then(|ballot| {
                let council = council.borrow().clone();
                council?.agenda.iter().flat_map(|item| &item.questions).find(|q| q.id == ballot.question).cloned()
            });
            let question = question.filter(|question: &QuestionView| {
                question.groups.is_empty() || group.is_some_and(|group| question.groups.contains(&group))
            });
            if let (Some(ballot), Some(question)) = (ballot, question) {
                wake = earlier(wake, self.vote(ballot, &question).await?);
            }
            let agenda = council.borrow().clone();
            if let (Some(debate), Some(agenda)) = (debate, agenda) {
                let item = agenda.agenda.iter().find(|item| shown.item.as_ref() == Some(&item.id));
                let me = self.person()?;
                self.floor.watch(&self.character, &me, item, &debate, Instant::now());
                wake = earlier(wake, self.ask(Instant::now()).await?);
            }
        }
        let due = async {
            match wake {
                Some(at) => sleep_until(at).await,
                None => std::future::pending().await,
            }
        };
        let mut council = council;
        tokio::select! {
            changed = live.changed() => changed.map_err(|_| ClientError::Gone),
            changed = speaking.changed() => changed.map_err(|_| ClientError::Gone),
            changed = me.changed() => changed.map_err(|_| ClientError::Gone),
            changed = council.changed() => changed.map_err(|_| ClientError::Gone),
            () = due => Ok(()),
        }
    }

    /// Checks in some time after a sitting opened; returns when, while that is to come.
    async fn arrive(&mut self, live: &LiveView, presence: Option<Presence>) -> Result<Option<Instant>, ClientError> {
        let Some(sitting) = &live.sitting else { return Ok(None) };
        if self.arriving.as_ref().is_none_or(|(of, _)| *of != sitting.id) {
            self.arriving = Some((sitting.id.clone(), Some(Instant::now() + self.character.arrives_after)));
        }
        let person = self.person()?;
        let Some((_, arrival)) = &mut self.arriving else { return Ok(None) };
        if self.character.absent || presence == Some(Presence::Present) {
            *arrival = None;
        }
        let Some(at) = *arrival else { return Ok(None) };
        if Instant::now() < at {
            return Ok(Some(at));
        }
        match self.client.order(&Command::CheckIn { person, reason: None }).await {
            // The secretary was faster; the view that says so is on its way.
            Err(error) if !error.is_refusal("already_present") => return Err(error),
            _ => *arrival = None,
        }
        Ok(None)
    }

    /// Asks for the floor where that is due; returns when it next is.
    async fn ask(&mut self, now: Instant) -> Result<Option<Instant>, ClientError> {
        if let Some(wish) = self.floor.due(now) {
            let topic = wish.topic.map(str::to_owned);
            let request = Command::AskToSpeak { person: self.person()?, kind: wish.kind, topic, to: None };
            match self.client.order(&request).await {
                // The list was closed, or the item is over: nobody insists.
                Ok(_) | Err(ClientError::Refused { .. }) => self.floor.done(),
                Err(error) => return Err(error),
            }
        }
        Ok(self.floor.next())
    }

    fn person(&self) -> Result<PersonId, ClientError> {
        self.client.identity().map(|identity| identity.person().clone()).ok_or(ClientError::NoIdentity)
    }

    /// Gives the answers that are due; returns when the next one is.
    async fn vote(&mut self, ballot: &BallotView, question: &QuestionView) -> Result<Option<Instant>, ClientError> {
        let now = Instant::now();
        if self.voting.as_ref().is_none_or(|voting| voting.ballot != ballot.id) {
            self.voting = Some(self.begin(ballot, question, now));
        }
        let Some(voting) = &mut self.voting else { return Ok(None) };
        if ballot.state == BallotState::OnHold {
            voting.paused = true;
            return Ok(None);
        }
        if std::mem::take(&mut voting.paused) {
            // Nobody presses in the very moment of the resumption: what was due meanwhile comes after a breath.
            let breath = now + self.character.arrives_after / 8;
            voting.steps.iter_mut().for_each(|(at, _)| *at = (*at).max(breath));
        }
        match voting.steps.first().cloned() {
            Some((at, answers)) if at <= now => {
                let answers: Vec<&str> = answers.iter().map(String::as_str).collect();
                match self.client.vote_for(ballot, question, &answers).await {
                    // It went on hold or closed a moment ago; the view that says so is on its way.
                    Err(error) if error.is_refusal("ballot_not_open") => return Err(error),
                    // Nothing that would come out otherwise a second time, such as a change where votes are final.
                    Err(ClientError::Refused { .. }) => voting.steps.clear(),
                    Err(error) => return Err(error),
                    Ok(_) => {
                        voting.steps.remove(0);
                    }
                }
                Ok(voting.steps.first().map(|(at, _)| (*at).max(now)))
            }
            Some((at, _)) => Ok(Some(at)),
            None => Ok(None),
        }
    }

    fn begin(&self, ballot: &BallotView, question: &QuestionView, now: Instant) -> Voting {
        let left = ballot.closes_at.zip(self.client.server_now());
        let left = left.map(|(closes, server)| Duration::from_millis(closes.saturating_sub(server)));
        let me = self.client.views().me.borrow().clone();
        let voted = me.is_some_and(|me| me.vote.as_ref().is_some_and(|vote| vote.ballot == ballot.id));
        let mut steps = Vec::new();
        if let Some(Plan { first, then }) = self.character.plan(&ballot.question, &ballot.id, left).filter(|_| !voted) {
            let at = now + first.after;
            let chosen = |step: &Step| self.character.choice(question, &ballot.id, step.answer);
            steps.push((at, chosen(&first)));
            if let Some(second) = then.filter(|_| question.change_allowed) {
                steps.push((at + second.after, chosen(&second)));
            }
        }
        Voting { ballot: ballot.id.clone(), steps, paused: ballot.state == BallotState::OnHold }
    }
}

fn earlier(a: Option<Instant>, b: Option<Instant>) -> Option<Instant> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}
