//! What officers look up. Entries are read from the store and folded over beside the council's own task, which is asked only for
//! how far its record goes and for names.

use super::Council;
use crate::chamber::Chamber;
use crate::chamber::event::Event;
use crate::chamber::ids::{PersonId, SessionId, SittingId};
use crate::chamber::refusal::Refusal;
use crate::chamber::rules::NamesPolicy;
use crate::hub::admission::Denial;
use crate::ledger::entry::Entry;
use crate::wire::from_chamber::{self as from, Filter};
use crate::wire::views::{AuditEntry, Found, Query};

/// Entries on one page of the audit log.
const PAGE: usize = 100;
/// What a page's lines may weigh: with their fields beside them, and escaped once more, they stay below the 1 MiB a page reads in
/// one frame.
const PAGE_BYTES: usize = 192 * 1024;
/// Entries looked at for one page: some 20 ms of reading and decoding. A filter that matches seldom goes on from where it stopped.
const SCAN: u64 = 2_000;
/// Entries read from the store at a time.
const READ: u64 = 256;

pub async fn look_up(council: &Council, by: &PersonId, query: Query) -> Result<Found, Denial> {
    if !council.room.directory().is_officer(by) {
        return Err(Denial::NotAllowed);
    }
    match query {
        Query::Audit { before, subject, person } => {
            let person = person.map(PersonId::parse).transpose().map_err(|_| Denial::UnknownPerson)?;
            audit(council, before, Filter { subject, person }).await
        }
        Query::RollCall { sitting } => roll_call(council, &sitting).await,
    }
}

async fn roll_call(council: &Council, sitting: &str) -> Result<Found, Denial> {
    let unknown = Denial::Refused(Refusal::UnknownSitting);
    let sitting = SittingId::parse(sitting).map_err(|_| unknown)?;
    let now = council.clock.now();
    let wanted = sitting.clone();
    let known = council.ask(move |sequencer| {
        let chamber = sequencer.durable();
        let of = session_of(chamber, &wanted)?;
        // The fold has forgotten who came and went in earlier sessions.
        let is_over = chamber.session().is_some_and(|session| session.id != of);
        let report = from::roll_call(chamber, &wanted, now).filter(|_| !is_over);
        Some((report, sequencer.size()))
    });
    let (report, size) = known.await.ok_or(Denial::StoreUnavailable)?.ok_or(unknown)?;
    let report = match report {
        Some(report) => Some(report),
        None => from::roll_call(&as_its_session_ended(council, &sitting, size).await?, &sitting, now),
    };
    report.map(Found::RollCall).ok_or(unknown)
}

fn session_of(chamber: &Chamber, sitting: &SittingId) -> Option<SessionId> {
    chamber.sittings().iter().find(|known| known.id == *sitting).map(|known| known.session.clone())
}

/// The chamber as it was at the end of that sitting's session, folded from the first `size` entries of the record.
async fn as_its_session_ended(council: &Council, sitting: &SittingId, size: u64) -> Result<Chamber, Denial> {
    let mut chamber = Chamber::new();
    let mut next = 0;
    while next < size {
        let lines = council.lines(next, READ.min(size - next)).await.map_err(|_| Denial::StoreUnavailable)?;
        if lines.is_empty() {
            return Err(Denial::StoreUnavailable);
        }
        for line in &lines {
            let entry = Entry::decode(line).map_err(|_| Denial::StoreUnavailable)?;
            if matches!(entry.event, Event::SessionCreated { .. }) && session_of(&chamber, sitting).is_some() {
                return Ok(chamber);
            }
            chamber.apply(entry.time, entry.seq, &entry.event);
            next = entry.seq.saturating_add(1);
        }
    }
    Ok(chamber)
}

async fn audit(council: &Council, before: Option<u64>, filter: Filter) -> Result<Found, Denial> {
    let known = council.ask(|sequencer| {
        let restricted = sequencer.durable().council().is_none_or(|info| info.rules.names == NamesPolicy::Restricted);
        (sequencer.size(), restricted)
    });
    let (size, restricted) = known.await.ok_or(Denial::StoreUnavailable)?;
    let mut end = before.map_or(size, |before| before.min(size));
    let last = end.saturating_sub(SCAN);
    let mut page = Page { entries: Vec::new(), bytes: 0 };
    'scan: while end > last {
        let from = end.saturating_sub(READ).max(last);
        let lines = council.lines(from, end - from).await.map_err(|_| Denial::StoreUnavailable)?;
        if lines.len() as u64 != end - from {
            return Err(Denial::StoreUnavailable);
        }
        for line in lines.iter().rev() {
            let entry = Entry::decode(line).map_err(|_| Denial::StoreUnavailable)?;
            let found = from::audit_entry(&entry, line, restricted, &filter);
            if found.is_some() && !page.has_room(line) {
                break 'scan;
            }
            end = entry.seq;
            page.add(found, line);
        }
    }
    let entries = page.entries;
    let named = council.ask(move |sequencer| from::name_entries(sequencer.durable(), entries)).await;
    Ok(Found::Audit { entries: named.ok_or(Denial::StoreUnavailable)?, next: (end > 0).then_some(end) })
}

/// What was found so far, the newest first.
struct Page {
    entries: Vec<AuditEntry>,
    bytes: usize,
}

impl Page {
    /// One entry always has, however long.
    fn has_room(&self, line: &str) -> bool {
        self.entries.is_empty() || (self.entries.len() < PAGE && self.bytes + line.len() <= PAGE_BYTES)
    }

    fn add(&mut self, found: Option<AuditEntry>, line: &str) {
        if found.is_some() {
            self.bytes += line.len();
        }
        self.entries.extend(found);
    }
}
