//! How long a council with a long record takes to serve again, what that time goes into, and what it holds in memory.
//!
//! Makes a record of `entries` entries, reads it piece by piece, then starts this program on it and asks for the council's state:
//! once without a snapshot, once with one.
//!
//! `cargo bench --bench start -- [entries=1000000] [store=postgres://…] [folder=DIR]`; DIR is used again where it holds a record.

mod pieces;
mod record;
mod served;
mod usage;

use dienhong::config::Place;
use dienhong::node::secret::InstanceSecret;
use dienhong::store;
use record::Maker;
use std::path::PathBuf;
use std::time::Instant;
use tokio::runtime::Runtime;

/// A term of a busy council. Without cargo bench, as in tests, only that it works is of interest.
const ENTRIES: u64 = 1_000_000;
const FEW: u64 = 3_000;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let named = |name: &str| words.iter().find_map(|word| word.strip_prefix(name)).map(str::to_owned);
    let is_bench = words.iter().any(|word| word == "--bench");
    let entries = named("entries=").and_then(|n| n.parse().ok()).unwrap_or(if is_bench { ENTRIES } else { FEW });
    let temporary = tempfile::tempdir().expect("a folder");
    let data = named("folder=").map_or_else(|| temporary.path().join("data"), PathBuf::from);
    let place = Place { data, store: named("store=") };
    std::fs::create_dir_all(&place.data).expect("a folder");
    println!("entries {entries}; {}", load_average());
    let runtime = Runtime::new().expect("a runtime");
    runtime.block_on(make(&place, entries));
    runtime.block_on(pieces::measure(&place));
    served::measure(&place, "the whole record");
    served::measure(&place, "again");
    println!("{}", load_average());
}

async fn make(place: &Place, entries: u64) {
    let store = store::open(&place.store_url()).await.expect("the store opens");
    if store.councils().await.expect("a list").is_empty() {
        let secret = InstanceSecret::open(&place.secret_file()).expect("the secret");
        let begun = Instant::now();
        Maker::new(store.as_ref(), &secret).await.fill(entries).await;
        println!("made in {:.1?}", begun.elapsed());
    }
    store.close().await;
    let bytes = std::fs::metadata(place.data.join("record.sqlite")).map_or(0, |meta| meta.len());
    println!("on disk: {} MB", bytes / 1_000_000);
}

fn load_average() -> String {
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    format!("load average {}", load.trim())
}
