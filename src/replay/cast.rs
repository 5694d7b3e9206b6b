//! Everybody a replay needs, each with a device of their own.

use super::ReplayError;
use super::recording::{Member, Recording};
use crate::chamber::command::Command;
use crate::chamber::ids::{PersonId, SeatId};
use crate::chamber::roll::{Office, Person};
use crate::client::{Client, ClientError, DeviceKey, Host, Options, Topics, roster_csv};
use crate::wire::frames::Page;
use futures_util::{StreamExt, TryStreamExt, stream};
use std::collections::BTreeMap;
use std::time::Duration;

/// The members, and the officers who run the sitting for them. The officers have no seats, so nobody counts them.
pub struct Cast {
    pub chair: Client,
    pub secretary: Client,
    pub members: BTreeMap<PersonId, Client>,
}

const CHAIR: &str = "replay-chair";
const SECRETARY: &str = "replay-secretary";
/// Codes are spent at once.
const CODE_LIFE: Duration = Duration::from_secs(600);
/// Below the ten tries that the server allows one address at a time.
const ENROLLING_AT_ONCE: usize = 4;

impl Cast {
    /// Puts everybody on the roll and enrols them; `each` is called for every device that is ready.
    pub async fn assemble(host: &impl Host, recording: &Recording, each: impl Fn()) -> Result<Self, ReplayError> {
        let people = people(&recording.members)?;
        let at = |step| move |error| ReplayError::Step { step, error };
        host.import_roster(&roster_csv(&people)).await.map_err(at("putting the members on the roll"))?;
        let mut members: BTreeMap<PersonId, Client> = stream::iter(people)
            .map(async |person| {
                let client = enrolled(host, &person).await?;
                each();
                Ok::<_, ClientError>((person.id, client))
            })
            .buffer_unordered(ENROLLING_AT_ONCE)
            .try_collect()
            .await
            .map_err(at("enrolling"))?;
        let mut officer = |id| members.remove(&id).ok_or(ReplayError::NoOfficer);
        let chair = officer(parse(CHAIR)?)?;
        let secretary = officer(parse(SECRETARY)?)?;
        Ok(Self { chair, secretary, members })
    }

    /// Everybody is present. Somebody the server has present already stays so.
    pub async fn check_in(&self, each: impl Fn()) -> Result<(), ReplayError> {
        let arrivals = self.members.iter().map(async |(person, client)| {
            let done = client.order(&Command::CheckIn { person: person.clone(), reason: None }).await;
            each();
            match done {
                Err(error) if !error.is_refusal("already_present") => Err(error),
                _ => Ok(()),
            }
        });
        let mut arriving = stream::iter(arrivals).buffer_unordered(self.members.len().max(1));
        while let Some(arrived) = arriving.next().await {
            arrived.map_err(|error| ReplayError::Step { step: "checking in", error })?;
        }
        Ok(())
    }
}

async fn enrolled(host: &impl Host, person: &Person) -> Result<Client, ClientError> {
    let code = host.issue_code(person.id.as_str(), CODE_LIFE).await?;
    let identity = host.endpoint().enrol(&code, DeviceKey::generate()?).await?;
    let (page, topics) = match person.offices.first() {
        Some(Office::Chair) => (Page::Chair, Topics { roll: false, seats: false, ..Topics::ALL }),
        Some(_) => (Page::Admin, Topics { council: true, live: true, ..Topics::NONE }),
        None => (Page::Delegate, Topics::VOTER),
    };
    Client::connect(host.endpoint(), page, Some(&identity), Options { topics, ..Options::default() }).await
}

/// Members take the seats from 1 on, in the order of the file.
fn people(members: &[Member]) -> Result<Vec<Person>, ReplayError> {
    if let Some(taken) = members.iter().find(|member| [CHAIR, SECRETARY].contains(&member.id.as_str())) {
        return Err(ReplayError::IdTaken(taken.id.clone()));
    }
    let seated = (1u32..).zip(members).map(|(n, member)| Person {
        id: member.id.clone(),
        name: member.name.clone(),
        seat: SeatId::parse(n.to_string()).ok(),
        group: member.group.clone(),
        offices: Vec::new(),
    });
    let officer = |id, name: &str, office| {
        Ok::<_, ReplayError>(Person {
            id: parse(id)?,
            name: name.to_owned(),
            seat: None,
            group: String::new(),
            offices: vec![office],
        })
    };
    let officers = [officer(CHAIR, "Chair", Office::Chair)?, officer(SECRETARY, "Secretary", Office::Secretary)?];
    Ok(seated.chain(officers).collect())
}

fn parse(id: &str) -> Result<PersonId, ReplayError> {
    PersonId::parse(id).map_err(|_| ReplayError::NoOfficer)
}
