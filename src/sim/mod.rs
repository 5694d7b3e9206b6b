//! Floor 5. The pure core and the nodes' way with it in a made-up world: one seed is one world on one thread, with a clock of its own,
//! a store, a bus and lines that fail as planned, and people of whom some are hostile. After every step twelve invariants are
//! checked; what breaks one is found again from the seed alone (docs/simulator.md).

mod client;
mod desk;
mod disk;
mod founding;
mod node;
mod oracle;
mod plan;
mod planted;
mod queue;
mod saved;
mod trace;
mod world;

pub use oracle::{Broken, Invariant};
pub use plan::{Plan, VERSION};
pub use planted::Planted;
pub use saved::{BadSaved, Saved};

use crate::ledger::note::KeyError;
use trace::Trace;
use world::World;

/// The council's origin in every world.
const ORIGIN: &str = "sim.example/mau";

/// What became of a world.
#[derive(Debug, Clone)]
pub struct Outcome {
    pub seed: u64,
    /// How many steps it took.
    pub steps: u64,
    pub entries: u64,
    pub votes: u64,
    pub receipts: u64,
    /// SHA-256 over the trace, hex: the same for the same seed on every machine.
    pub trace_hash: String,
    pub broken: Option<Failure>,
}

/// The invariant that broke first, and where.
#[derive(Debug, Clone)]
pub struct Failure {
    pub broken: Broken,
    pub step: u64,
    /// In the world's time.
    pub at_ms: u64,
}

/// Plays a seed's world to its end, or to the first step that breaks an invariant.
pub fn run(seed: u64, planted: Option<Planted>) -> Outcome {
    play(seed, planted, Trace::hash_only(), u64::MAX)
}

/// The same, telling each step, and no more of them than `until`.
pub fn run_told(seed: u64, planted: Option<Planted>, until: u64, tell: impl FnMut(&str) + 'static) -> Outcome {
    play(seed, planted, Trace::told(tell), until)
}

fn play(seed: u64, planted: Option<Planted>, trace: Trace, until: u64) -> Outcome {
    World::new(seed, planted, trace).map_or_else(|error| Outcome::unfounded(seed, &error), |world| world.run(until))
}

impl Outcome {
    /// There is no world to play.
    fn unfounded(seed: u64, error: &KeyError) -> Self {
        let broken = Broken { invariant: Invariant::RecordWhole, what: error.to_string() };
        let broken = Some(Failure { broken, step: 0, at_ms: 0 });
        Self { seed, steps: 0, entries: 0, votes: 0, receipts: 0, trace_hash: String::new(), broken }
    }
}
