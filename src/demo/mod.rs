//! Floor 6. A hall to try out: delegates with devices of their own who check in, vote and ask to speak, and seats left free for people.

mod behaviour;
mod delegate;
mod floor;
mod welcome;

use crate::chamber::command::Command;
use crate::chamber::ids::PersonId;
use crate::chamber::roll::{Office, Person};
use crate::client::{Client, ClientError, DeviceKey, Host, Options, Topics};
use crate::sample::{self, words};
use crate::wire::frames::Page;
use behaviour::Character;
use futures_util::{StreamExt, stream};
use std::io::Write;
use std::time::Duration;
use tokio::task::JoinSet;

/// Codes of a demonstration last a working day with its evening, so that the table on the console stays good.
pub const CODE_LIFE: Duration = Duration::from_secs(12 * 3600);
/// Below the ten tries that the server allows one address at a time.
const ENROLLING_AT_ONCE: usize = 4;
/// Seats kept for people besides the chair's.
const FREE_DELEGATES: usize = 2;

#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    #[error("{step}: {error}")]
    Step { step: &'static str, error: ClientError },
    #[error("the sample council has nobody who is {0}")]
    Missing(&'static str),
    #[error(transparent)]
    Agenda(#[from] sample::BadAgenda),
    #[error("cannot write: {0}")]
    Output(#[from] std::io::Error),
}

/// Who of the council is played by people and who is simulated.
struct Parts<'a> {
    chair: &'a Person,
    /// Everybody without a seat: officers, officials, guests, press.
    others: Vec<&'a Person>,
    free: Vec<&'a Person>,
    /// Prepares the sitting, then is one of the simulated.
    deputy: &'a Person,
    simulated: Vec<&'a Person>,
}

/// Fills the hall at `host`, whose roll must hold `people` (of [`sample::council`]): prepares session, agenda and sitting,
/// prints every page's address with its one-time code, and plays the other delegates until it is dropped. The same `seed`
/// gives the same behaviour.
///
/// # Errors
/// What kept the hall from being filled. Afterwards it never ends by itself.
pub async fn run(
    host: &impl Host,
    people: &[Person],
    seed: u64,
    out: &mut (impl Write + Send),
) -> Result<(), DemoError> {
    let parts = Parts::cast(people)?;
    let at = |step| move |error| DemoError::Step { step, error };

    let deputy = enrolled(host, parts.deputy).await.map_err(at("enrolling the deputy chair"))?;
    prepare(&deputy).await?;
    let mut codes = Vec::new();
    let by_people = std::iter::once(parts.chair).chain(parts.others.iter().copied()).chain(parts.free.iter().copied());
    for person in by_people {
        let code = host.issue_code(person.id.as_str(), CODE_LIFE).await.map_err(at("issuing codes"))?;
        codes.push((person, code));
    }
    let absent = Character::absent(seed, &parts.simulated);
    let welcome = welcome::table(host.endpoint(), people, &codes, parts.simulated.len(), absent.len());
    out.write_all(welcome.as_bytes())?;
    out.flush()?;

    let mut delegates = JoinSet::new();
    let character = |person: &PersonId| Character::of(seed, person, absent.contains(person));
    delegates.spawn(delegate::play(deputy, character(&parts.deputy.id)));
    let others = parts.simulated.iter().filter(|person| person.id != parts.deputy.id);
    let mut arriving = stream::iter(others.map(|person| enrolled(host, person))).buffer_unordered(ENROLLING_AT_ONCE);
    while let Some(client) = arriving.next().await {
        let client = client.map_err(at("enrolling the delegates"))?;
        if let Some(identity) = client.identity() {
            let character = character(identity.person());
            delegates.spawn(delegate::play(client, character));
        }
    }
    // They end one by one when people take over their seats; the hall stays open.
    while delegates.join_next().await.is_some() {}
    std::future::pending().await
}

impl<'a> Parts<'a> {
    fn cast(people: &'a [Person]) -> Result<Self, DemoError> {
        let presiding = |office| people.iter().find(|p| p.has(office) && p.is_delegate());
        let chair = presiding(Office::Chair).ok_or(DemoError::Missing("the chair"))?;
        let deputy = presiding(Office::Deputy).ok_or(DemoError::Missing("the deputy chair"))?;
        let mut plain = people.iter().filter(|p| p.seat.is_some() && p.offices.is_empty());
        let free = plain.by_ref().take(FREE_DELEGATES).collect();
        let simulated = std::iter::once(deputy).chain(plain).collect();
        let others = people.iter().filter(|p| p.seat.is_none()).collect();
        Ok(Self { chair, others, free, deputy, simulated })
    }
}

async fn enrolled(host: &impl Host, person: &Person) -> Result<Client, ClientError> {
    let code = host.issue_code(person.id.as_str(), CODE_LIFE).await?;
    let identity = host.endpoint().enrol(&code, DeviceKey::generate()?).await?;
    let options = Options { topics: Topics::DELEGATE, ..Options::default() };
    Client::connect(host.endpoint(), Page::Delegate, Some(&identity), options).await
}

/// What the secretary and the chair did before anybody came. All of it may be there already.
async fn prepare(deputy: &Client) -> Result<(), DemoError> {
    let session = Command::create_session(words::SESSION, words::TERM);
    let created = match deputy.order(&session).await {
        Ok(_) => true,
        Err(error) if error.is_refusal("session_exists") || error.is_refusal("sitting_open") => false,
        Err(error) => return Err(DemoError::Step { step: "creating the session", error }),
    };
    if created {
        let agenda = Command::add_items(sample::agenda()?);
        deputy.order(&agenda).await.map_err(|error| DemoError::Step { step: "filling the agenda", error })?;
    }
    match deputy.order(&Command::open_sitting(words::SITTING)).await {
        Err(error) if !error.is_refusal("sitting_open") => Err(DemoError::Step { step: "opening the sitting", error }),
        _ => Ok(()),
    }
}
