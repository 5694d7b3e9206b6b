//! The store, its clock, and the records in it.

use super::{Finding, machine};
use crate::app::backup::write::check;
use crate::app::export::{export, record_key};
use crate::app::local::Scratch;
use crate::chamber::ids::CouncilId;
use crate::config::Place;
use crate::ledger::checkpoint::Checkpoint;
use crate::ledger::entry::Entry;
use crate::node::clock::Clock;
use crate::node::heads;
use crate::ports::{Store, StoreError};
use crate::store;
use std::sync::Arc;
use tokio::task::spawn_blocking;

/// Entries at a record's end that are always read.
const LAST: u64 = 256;
/// A clock that differs more from the database's makes leases and one-time codes run out early or late.
const DIFFERS_MS: u64 = 1_000;
/// Beyond a lease's length: nodes whose clocks do that are no platform.
const DIFFERS_TOO_MUCH_MS: u64 = 30_000;

const LOOK: &str = "do not serve from it: keep a copy, look for a newer state or a backup";

pub(super) async fn look(place: &Place, deep: bool) -> Vec<Finding> {
    if let Some(file) = machine::sqlite(place).filter(|file| !file.exists()) {
        let said = format!("there is no store {}", file.display());
        return vec![Finding::bad("store", said, "name it with --store, or found a council with `dienhong init`")];
    }
    let store = match store::open(&place.store_url()).await {
        Ok(store) => store,
        Err(error) => {
            return vec![Finding::bad("store", error.to_string(), "nothing can be served until this is mended")];
        }
    };
    let mut findings =
        vec![Finding::ok("store", "reached, and of this program's version"), clock(store.as_ref()).await];
    match store.councils().await {
        Ok(councils) if councils.is_empty() => {
            findings.push(Finding::warn("record", "there is no council yet", "found one with `dienhong init`"));
        }
        Ok(councils) => {
            for council in councils {
                findings.push(council_record(place, &store, &council, deep).await);
            }
        }
        Err(error) => findings.push(Finding::bad("record", error.to_string(), LOOK)),
    }
    store.close().await;
    findings
}

async fn clock(store: &dyn Store) -> Finding {
    const CHECK: &str = "clock";
    let theirs = match store.clock().await {
        Ok(theirs) => theirs.0,
        Err(error) => return Finding::bad(CHECK, format!("the store's clock cannot be asked: {error}"), "try again"),
    };
    let apart = Clock::start().now().0.abs_diff(theirs);
    let said = format!("{apart} ms from the store's");
    match apart {
        0..DIFFERS_MS => Finding::ok(CHECK, said),
        DIFFERS_MS..DIFFERS_TOO_MUCH_MS => {
            Finding::warn(CHECK, said, "let both machines keep their clocks by a time server")
        }
        _ => Finding::bad(CHECK, said, "set the clock that is wrong before anybody serves"),
    }
}

async fn council_record(place: &Place, store: &Arc<dyn Store>, council: &CouncilId, deep: bool) -> Finding {
    const CHECK: &str = "record";
    let looked = match end(place, store.as_ref(), council).await {
        Ok(size) if deep => whole(store, council).await.map(|()| format!("{size} entries, all of them verified")),
        Ok(size) => Ok(format!("{size} entries; the head and the last of them hold")),
        Err(reason) => Err(reason),
    };
    match looked {
        Ok(said) => Finding::ok(CHECK, format!("{council}: {said}")),
        Err(reason) => Finding::bad(CHECK, format!("{council}: {reason}"), LOOK),
    }
}

/// Head and last entries, and what this machine knows of them. Says how many entries there are.
async fn end(place: &Place, store: &dyn Store, council: &CouncilId) -> Result<u64, String> {
    let text = |error: StoreError| error.to_string();
    let head = store.head(council).await.map_err(text)?.ok_or("it has no head")?;
    let first = store.read(council, 0, 1).await.map_err(text)?.pop().ok_or("it has no entry 0")?;
    let key = record_key(&first.line).ok_or("entry 0 does not found a council")?;
    let note = head.checkpoint.ok_or("its head is not signed")?;
    let signed = Checkpoint::open(&note, &key).map_err(|error| error.to_string())?;
    if signed.size != head.size {
        return Err(format!("its head names {} entries and is signed for {}", head.size, signed.size));
    }
    let mut next = head.size.saturating_sub(LAST);
    for entry in store.read(council, next, LAST as u32 + 1).await.map_err(text)? {
        let whole = Entry::decode(&entry.line).is_ok_and(|read| read.seq == next);
        if !whole {
            return Err(format!("entry {next} cannot be read"));
        }
        next += 1;
    }
    if next < head.size {
        return Err(format!("it ends before entry {next}"));
    }
    if let Some(restored) = store.restoration(council).await.map_err(text)?.filter(|restored| head.size < restored.size)
    {
        return Err(format!("a backup of {} entries was not restored to its end", restored.size));
    }
    let seen = heads::get(&place.heads(), council).map_err(|error| format!("its head on this machine: {error}"))?;
    match seen.map(|note| Checkpoint::open(&note, &key)) {
        None => Ok(head.size),
        Some(Ok(seen)) if seen.size < head.size || seen == signed => Ok(head.size),
        Some(Ok(seen)) if seen.size > head.size => Err(format!(
            "it has {} entries, but this machine has seen {}: an older state has come back",
            head.size, seen.size
        )),
        Some(Ok(_)) => Err("this machine has seen another history of it".to_owned()),
        Some(Err(error)) => Err(format!("its head on this machine is not its own: {error}")),
    }
}

async fn whole(store: &Arc<dyn Store>, council: &CouncilId) -> Result<(), String> {
    let scratch = Scratch::new().map_err(|error| error.to_string())?;
    let file = scratch.path().join("record.tar");
    let exported = export(store.clone(), council.clone(), &file, |_, _| {}).await.map_err(|error| error.to_string())?;
    let council = council.clone();
    let checking = spawn_blocking(move || check(council, &file, &exported.vkey).map(drop));
    checking.await.map_err(|error| error.to_string())?.map_err(|error| error.to_string())
}
