//! The simulator: worlds hold, are the same every time, and break where a bug is planted.

use dienhong::sim::{BadSaved, Outcome, Planted, Saved, run};
use std::fs;
use std::sync::atomic::{AtomicU64, Ordering};

/// A share of what `dienhong sim` plays by the thousand.
const SEEDS: u64 = 150;

/// So that another machine, or another version of what this stands on, cannot make other worlds unseen. They change with the plan
/// and with every rule of the hall: play the seeds again and write down what they give.
const TRACES: [(u64, &str); 3] = [
    (0, "02f957ffc26bb68df5feedaf8ecca9828079d60af39ac5dda53bb50002ef0251"),
    (3, "c7c86267b1394c2dac710f25cd7aeca9a60bacc7051af912b165a97f24505b81"),
    (7, "73c745412b855a96d51ff0ffae43f7dca9cd1bdd5bef73f542c8c9e9eeb3c9db"),
];

/// Plays seeds on all cores; those that broke something.
fn broken(seeds: u64) -> Vec<Outcome> {
    let next = AtomicU64::new(0);
    let play = || {
        let seeds = std::iter::repeat_with(|| next.fetch_add(1, Ordering::Relaxed)).take_while(|seed| *seed < seeds);
        seeds.map(|seed| run(seed, None)).filter(|outcome| outcome.broken.is_some()).collect::<Vec<_>>()
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(play)).collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("a world")).collect()
    })
}

fn saved() -> Vec<Saved> {
    let files = fs::read_dir("tests/data/sim").expect("saved seeds");
    let texts = files.map(|file| fs::read_to_string(file.expect("a file").path()).expect("text"));
    texts.map(|text| Saved::parse(&text).expect("a saved seed")).collect()
}

#[test]
fn nothing_breaks_in_any_world() {
    let broken = broken(SEEDS);
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn the_same_seed_is_the_same_world_everywhere() {
    for (seed, trace) in TRACES {
        assert_eq!(run(seed, None).trace_hash, trace, "{seed}");
        assert_eq!(run(seed, None).trace_hash, trace, "{seed} again");
    }
}

/// The first seed that finds each is kept, so that finding it again takes one world.
#[test]
fn every_planted_bug_is_found_within_a_thousand_seeds() {
    let saved = saved();
    for planted in Planted::ALL {
        let kept = saved.iter().find(|saved| saved.planted.as_deref() == Some(planted.name()));
        assert!(kept.is_some_and(|kept| kept.seed < 1_000 && kept.invariant.is_some()), "{}", planted.name());
    }
}

/// What once broke must not again; what a planted bug broke, it breaks.
#[test]
fn saved_seeds_do_what_they_did() {
    for saved in saved() {
        let outcome = saved.play().expect("its bug");
        let broke = outcome.broken.map(|failure| failure.broken.invariant.name().to_owned());
        assert_eq!(broke, saved.invariant, "{saved:?}");
    }
}

#[test]
fn a_seed_saved_under_another_plan_is_not_played() {
    let text = r#"{"plan": 0, "seed": 1}"#;
    assert!(matches!(Saved::parse(text), Err(BadSaved::OtherPlan { found: 0 })));
}
