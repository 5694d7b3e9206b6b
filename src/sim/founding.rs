//! The record as it is when a world begins: a council is founded, its people are on the roll and their devices bound.

use super::ORIGIN;
use super::client::{Client, Part, preparations};
use super::node::Sent;
use super::plan::Plan;
use crate::chamber::command::{Actor, Command, Founding, Issuer};
use crate::chamber::ids::{CouncilId, Millis};
use crate::chamber::presets;
use crate::chamber::roll::{Office, Person};
use crate::chamber::rules::RulesProfile;
use crate::ledger::note::NoteSigner;
use crate::ledger::text;
use crate::node::append::append_of;
use crate::ports::Append;
use crate::sample::{self, Rng};
use crate::sequencer::{Sequencer, Signed, Submission, Ticket, note_text_sha256};
use std::sync::Arc;

/// The machine's time when a world begins.
pub const BEGINS: Millis = Millis(1_765_000_000_000);

/// The delegates, of whom two may preside, and a secretary.
pub fn people(plan: &Plan, rng: &mut Rng) -> Vec<(Person, Part)> {
    let people = sample::council(rng.next_u64(), plan.seats).into_iter();
    let is_wanted = |person: &Person| person.is_delegate() || person.has(Office::Secretary);
    people
        .filter(is_wanted)
        .map(|person| {
            let part = match () {
                () if person.has(Office::Chair) || person.has(Office::Deputy) => Part::Chair,
                () if person.has(Office::Secretary) => Part::Secretary,
                () if rng.chance(plan.hostile) => Part::Hostile,
                () => Part::Delegate,
            };
            (person, part)
        })
        .collect()
}

/// The batches that make the record what it is before anything happens.
pub fn batches(
    council: CouncilId,
    plan: &Plan,
    signer: NoteSigner,
    people: Vec<Person>,
    clients: &mut [Client],
) -> Vec<Append> {
    let rules = presets::generic(plan.seats);
    let rules = RulesProfile { quorum_enforced: plan.quorum_enforced, ..rules };
    let founding = Founding {
        council,
        origin: ORIGIN.to_owned(),
        name: sample::words::NAME.to_owned(),
        short_name: sample::words::SHORT_NAME.to_owned(),
        rules,
        checkpoint_key: text::base64(&signer.public()),
    };
    let own = |command| Submission { by: Actor::Operator, command, statement: None, arguments: None };
    let mut acts = vec![own(Command::FoundCouncil(Box::new(founding)))];
    acts.extend(people.into_iter().map(|person| own(Command::SetPerson { person })));
    acts.extend(clients.iter_mut().filter_map(bound));
    if plan.sits {
        let clerk = clients.iter_mut().find(|client| client.part == Part::Secretary);
        acts.extend(clerk.into_iter().flat_map(Client::prepared));
    }

    let mut sequencer = Sequencer::new(ORIGIN.to_owned(), Arc::new(signer));
    let mut batches = Vec::new();
    for (n, act) in acts.into_iter().enumerate() {
        let mut seed = [0; 32];
        seed[..8].copy_from_slice(&(n as u64).to_le_bytes());
        // Nobody waits, and what is refused is not there: the world then finds nobody to vote.
        let _ = sequencer.submit(Ticket(0), BEGINS, seed, act);
        if !sequencer.wants_more() {
            batches.extend(written(&mut sequencer));
        }
    }
    batches.extend(written(&mut sequencer));
    batches
}

fn written(sequencer: &mut Sequencer) -> Option<Append> {
    let batch = sequencer.seal()?;
    sequencer.committed(&batch);
    Some(append_of(&batch))
}

fn bound(client: &mut Client) -> Option<Submission> {
    let key = text::base64(&client.public_key());
    let bind = Command::BindDevice { person: client.person.clone(), key, issued_by: Issuer::Operator };
    let sent = client.enrolment()?;
    Some(client.submission(bind, sent))
}

impl Client {
    /// What a secretary has done before a sitting begins.
    fn prepared(&mut self) -> Vec<Submission> {
        let ordered = |command: Command| {
            let sent = self.signed_order(&command)?;
            Some(self.submission(command, sent))
        };
        preparations().into_iter().filter_map(ordered).collect()
    }

    /// As it would come out of admission.
    fn submission(&self, command: Command, sent: Sent) -> Submission {
        let (note, arguments) = match sent {
            Sent::Order { note, arguments } => (note, Some(arguments.to_string())),
            Sent::Vote { note } | Sent::Enrol { note } => (note, None),
        };
        let key = text::base64(&self.public_key());
        let signed = Signed { text_sha256: note_text_sha256(&note), note: note.to_string(), key };
        Submission { by: Actor::Person(self.person.clone()), command, statement: Some(signed), arguments }
    }
}
