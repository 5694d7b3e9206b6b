//! The simulator: worlds hold, are the same every time, and break where a bug is planted.

use dienhong::sim::{Outcome, Planted, Saved, run};
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

/// Plays seeds on all cores; those that broke something, by seed.
fn broken(seeds: std::ops::Range<u64>, planted: Option<Planted>) -> Vec<Outcome> {
    let next = AtomicU64::new(seeds.start);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let mut found: Vec<Outcome> = std::thread::scope(|scope| {
        let play = || {
            let mut found = Vec::new();
            loop {
                let seed = next.fetch_add(1, Ordering::Relaxed);
                if seed >= seeds.end {
                    return found;
                }
                let outcome = run(seed, planted);
                if outcome.broken.is_some() {
                    // A planted bug need be found only once.
                    if planted.is_some() {
                        next.store(seeds.end, Ordering::Relaxed);
                    }
                    found.push(outcome);
                }
            }
        };
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(play)).collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("a world")).collect()
    });
    found.sort_by_key(|outcome| outcome.seed);
    found
}

#[test]
fn nothing_breaks_in_any_world() {
    let broken = broken(0..150, None);
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn the_same_seed_is_the_same_world() {
    for seed in 0..8 {
        let (first, second) = (run(seed, None), run(seed, None));
        assert_eq!((first.trace_hash, first.steps), (second.trace_hash, second.steps), "{seed}");
    }
}

/// Most seeds it takes to find each, with room: docs/simulator.md has the measured numbers.
#[test]
fn every_planted_bug_is_found() {
    let missed: Vec<&str> = Planted::ALL
        .iter()
        .filter(|planted| broken(0..1_000, Some(**planted)).is_empty())
        .map(|planted| planted.name())
        .collect();
    assert_eq!(missed, Vec::<&str>::new());
}

/// What once broke, and what bugs broke, kept as files.
#[test]
fn saved_seeds_do_what_they_did() {
    let mut played = 0;
    for file in fs::read_dir(Path::new("tests/data/sim")).expect("saved seeds") {
        let path = file.expect("a file").path();
        let saved = Saved::parse(&fs::read_to_string(&path).expect("text")).expect("a saved seed");
        let outcome = saved.play().expect("its bug");
        let broke = outcome.broken.map(|failure| failure.broken.invariant.name().to_owned());
        assert_eq!(broke, saved.invariant, "{}", path.display());
        played += 1;
    }
    assert!(played > 0);
}
