//! A new council: its origin, rules and checkpoint key become entry 0.

use super::append::append_of;
use super::cluster::Message;
use super::secret::InstanceSecret;
use super::{Council, LoadFailure, Platform, rehearsal};
use crate::chamber::command::{Actor, Command, Founding};
use crate::chamber::ids::{CouncilId, PersonId};
use crate::chamber::presets;
use crate::chamber::refusal::Refusal;
use crate::chamber::roll::{Office, Person};
use crate::ports::{Append, AppendError, StoreError};
use crate::sequencer::{Answer, Sequencer, Submission, Ticket};
use std::sync::Arc;

/// What must be said to found a council.
#[derive(Debug, Clone)]
pub struct NewCouncil {
    pub id: CouncilId,
    /// Name of the record for ever.
    pub origin: String,
    pub name: String,
    pub short_name: String,
    /// `province`, `commune` or `generic`.
    pub preset: String,
    /// Seats by law.
    pub seats: u32,
    /// Who is on the roll from the beginning: at least somebody who may let others in.
    pub people: Vec<Person>,
}

impl NewCouncil {
    /// The first administrator's place on the roll. Whether the name can stand there is judged as for everybody.
    pub fn first_administrator(name: &str) -> Result<Person, FoundError> {
        Ok(Person {
            id: PersonId::parse("admin").map_err(|_| FoundError::Refused(Refusal::BadText))?,
            name: name.to_string(),
            seat: None,
            group: String::new(),
            offices: vec![Office::Administrator],
        })
    }
}

#[derive(Debug, thiserror::Error)]
pub enum FoundError {
    #[error("a council with this id exists already")]
    Exists,
    #[error("another council here has this origin")]
    OriginTaken,
    #[error("the id or the origin ends as a rehearsal's does (`.rehearsal`, `/rehearsal`), or leaves no room for one: an id of at most {longest} characters", longest = rehearsal::LONGEST_ID)]
    NoRoomForRehearsal,
    #[error("there is no rules preset of this name; there are: province, commune, generic")]
    UnknownPreset,
    #[error("the council cannot be founded so: {}", .0.code())]
    Refused(Refusal),
    #[error("the key of the record cannot be made: the origin is not a key name")]
    Origin,
    #[error("an entry would be too large")]
    TooLarge,
    #[error("{0}")]
    Store(#[from] StoreError),
    #[error("{0}")]
    Append(#[from] AppendError),
    #[error("{0}")]
    Load(#[from] LoadFailure),
}

impl FoundError {
    pub fn code(&self) -> &'static str {
        match self {
            Self::Exists => "council_exists",
            Self::OriginTaken => "bad_origin",
            Self::NoRoomForRehearsal => "bad_id",
            Self::UnknownPreset => "bad_rule",
            Self::Refused(refusal) => refusal.code(),
            Self::Origin => "bad_origin",
            Self::TooLarge => "too_large",
            Self::Store(error) => error.code(),
            Self::Append(error) => error.code(),
            Self::Load(failure) => failure.code(),
        }
    }
}

impl Platform {
    /// Writes entry 0 and the first people in one batch, then starts the council.
    pub async fn found(self: &Arc<Self>, new: NewCouncil) -> Result<Arc<Council>, FoundError> {
        if !rehearsal::has_room(&new.id, &new.origin) {
            return Err(FoundError::NoRoomForRehearsal);
        }
        self.serve_all().await?;
        let _one_at_a_time = self.founding.lock().await;
        if self.council(&new.id).is_some() || self.store.councils().await?.contains(&new.id) {
            return Err(FoundError::Exists);
        }
        // One origin is one record under one key: two would be two histories of the same name.
        if self.councils().iter().any(|council| council.room.directory().origin == new.origin) {
            return Err(FoundError::OriginTaken);
        }
        let append = first_batch(&self.secret, self.clock.now(), &new)?;
        let epoch = self.hold_the_pen(&new.id).await?;
        if let Err(error) = self.store.append(&new.id, epoch, append).await {
            // An unknown outcome: become the writer again, so that nothing can still arrive, and look.
            self.hold_the_pen(&new.id).await?;
            if self.store.head(&new.id).await?.is_none_or(|head| head.size == 0) {
                return Err(error.into());
            }
        }
        let council = self.start(new.id).await?;
        if let Some(cluster) = &self.cluster {
            // Its first commands come at once.
            cluster.look();
            cluster.tell(&Message::Moved {});
            council.writable().await;
        }
        Ok(council)
    }

    /// Becomes the writer; where there are other nodes, only of what none of them founds at this moment.
    async fn hold_the_pen(&self, council: &CouncilId) -> Result<u64, FoundError> {
        let lease = match &self.cluster {
            None => self.store.acquire(council, &self.holder).await?,
            Some(_) => self.store.take_over(council, &self.holder).await?.ok_or(FoundError::Exists)?,
        };
        Ok(lease.epoch)
    }

    /// Councils that other nodes have founded a moment ago are known here before another is.
    async fn serve_all(self: &Arc<Self>) -> Result<(), StoreError> {
        if self.cluster.is_some() {
            for id in self.store.councils().await? {
                self.serve_new(&id).await;
            }
        }
        Ok(())
    }
}

fn first_batch(
    secret: &InstanceSecret,
    now: crate::chamber::ids::Millis,
    new: &NewCouncil,
) -> Result<Append, FoundError> {
    let signer = secret.checkpoint_signer(&new.origin).map_err(|_| FoundError::Origin)?;
    let rules = presets::preset(&new.preset, new.seats).ok_or(FoundError::UnknownPreset)?;
    let founding = Command::FoundCouncil(Box::new(Founding {
        council: new.id.clone(),
        origin: new.origin.clone(),
        name: new.name.clone(),
        short_name: new.short_name.clone(),
        rules,
        checkpoint_key: crate::ledger::text::base64(&signer.public()),
    }));
    let mut sequencer = Sequencer::new(new.origin.clone(), Arc::new(signer));
    let people = new.people.iter().map(|person| Command::SetPerson { person: person.clone() });
    for command in std::iter::once(founding).chain(people) {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).map_err(|_| StoreError::Unavailable)?;
        let own = Submission { by: Actor::Operator, command, statement: None, arguments: None };
        match sequencer.submit(Ticket(0), now, seed, own) {
            None => {}
            Some(Answer::Refused(refusal)) => return Err(FoundError::Refused(refusal)),
            Some(_) => return Err(FoundError::TooLarge),
        }
    }
    let batch = sequencer.seal().ok_or(FoundError::TooLarge)?;
    Ok(append_of(&batch))
}
