//! What is thrown at everything that reads bytes from outside. A target panics where the program would, and where what was read is
//! not what would be written. Used by the fuzzer, and by `tests/fuzz_corpus.rs`, which runs what the fuzzer has kept.

mod fold;
mod hub;
mod import;
mod ledger;

pub struct Target {
    /// Also its folder under `fuzz/seeds` and `fuzz/corpus`.
    pub name: &'static str,
    pub run: fn(&[u8]),
}

pub const ALL: &[Target] = &[
    // What a page sends.
    Target { name: "socket", run: hub::socket },
    Target { name: "frame", run: hub::frame },
    Target { name: "statement", run: ledger::statement },
    Target { name: "order", run: ledger::order },
    // The record, as it is kept and handed on.
    Target { name: "note", run: ledger::note },
    Target { name: "key", run: ledger::key },
    Target { name: "checkpoint", run: ledger::checkpoint },
    Target { name: "entry", run: ledger::entry },
    Target { name: "tile", run: ledger::tile },
    Target { name: "bundle", run: fold::bundle },
    Target { name: "fold", run: fold::fold },
    Target { name: "snapshot", run: fold::snapshot },
    // What people upload.
    Target { name: "roster", run: import::roster },
    Target { name: "agenda", run: import::agenda },
];

pub fn named(name: &str) -> Option<&'static Target> {
    ALL.iter().find(|target| target.name == name)
}

/// Most readers take text: bytes that are none have been refused before.
fn text(data: &[u8]) -> Option<&str> {
    std::str::from_utf8(data).ok()
}
