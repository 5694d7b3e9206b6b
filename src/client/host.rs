//! Whoever lets people into a hall: its console, or an administrator over the network. The demonstration and the replay need
//! no more of a server than this and its socket.

use super::endpoint::Endpoint;
use super::error::ClientError;
use super::handle::{Client, Options};
use super::identity::Identity;
use super::latest::Topics;
use crate::chamber::command::Command;
use crate::chamber::roll::{Office, Person};
use crate::ledger::merkle::Hash;
use crate::wire::frames::Page;
use crate::wire::http::{RosterRequest, RosterResponse};
use std::future::Future;
use std::time::Duration;

/// The few things only the hall's own side can do.
pub trait Host: Sync {
    fn endpoint(&self) -> &Endpoint;

    /// A one-time code for a person on the roll, valid for `life` or less.
    fn issue_code(&self, person: &str, life: Duration) -> impl Future<Output = Result<String, ClientError>> + Send;

    /// Takes people in from a roster CSV (see [`roster_csv`]).
    fn import_roster(&self, csv: &str) -> impl Future<Output = Result<(), ClientError>> + Send;
}

/// People as the roster file that an import reads: `id,name,seat,group,offices`.
pub fn roster_csv(people: &[Person]) -> String {
    let mut csv = String::from("id,name,seat,group,offices\n");
    for person in people {
        let seat = person.seat.as_ref().map_or("", |seat| seat.as_str());
        let offices: Vec<&str> = person.offices.iter().map(|office| office_word(*office)).collect();
        let fields = [person.id.as_str(), &person.name, seat, &person.group, &offices.join("|")];
        csv.push_str(&fields.map(quoted).join(","));
        csv.push('\n');
    }
    csv
}

fn office_word(office: Office) -> &'static str {
    match office {
        Office::Chair => "chair",
        Office::Secretary => "secretary",
        Office::Scrutineer => "scrutineer",
        Office::Administrator => "administrator",
        Office::Auditor => "auditor",
        Office::Deputy => "deputy",
        Office::Official => "official",
        Office::Guest => "guest",
        Office::Press => "press",
        Office::Screen => "screen",
    }
}

fn quoted(field: &str) -> String {
    if field.contains(['"', ',', ';', '\n', '\r']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}

/// An administrator's own device, for a server that runs elsewhere.
#[derive(Debug, Clone)]
pub struct Administrator {
    endpoint: Endpoint,
    client: Client,
}

impl Administrator {
    /// # Errors
    /// As [`Client::connect`].
    pub async fn connect(endpoint: Endpoint, identity: &Identity) -> Result<Self, ClientError> {
        let options = Options { topics: Topics::NONE, ..Options::default() };
        let client = Client::connect(&endpoint, Page::Admin, Some(identity), options).await?;
        Ok(Self { endpoint, client })
    }
}

impl Host for Administrator {
    fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// The server sets the life of codes that are asked for over the network.
    async fn issue_code(&self, person: &str, _life: Duration) -> Result<String, ClientError> {
        Ok(self.client.issue_code(person).await?.code)
    }

    async fn import_roster(&self, csv: &str) -> Result<(), ClientError> {
        let identity = self.client.identity().ok_or(ClientError::NoIdentity)?;
        let sha256 = Hash::of(csv.as_bytes()).hex();
        let (statement, arguments) = identity.order(&Command::ImportRoster { sha256, people: Vec::new() })?;
        let request = RosterRequest { statement, arguments, csv: csv.to_owned() };
        let response: RosterResponse = self.endpoint.post("api/roster", &request).await?;
        if response.imported { Ok(()) } else { Err(ClientError::Protocol("the roster was not imported".to_owned())) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::roster;
    use crate::sample;

    #[test]
    fn what_is_written_the_import_reads_back() {
        let mut people = sample::council(29, 30);
        people[4].name = "SMITH, \"Bo\" An".to_owned();
        people[5].offices = vec![Office::Chair, Office::Auditor];
        assert_eq!(roster::read(roster_csv(&people).as_bytes()), Ok(people));
    }
}
