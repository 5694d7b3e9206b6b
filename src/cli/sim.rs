//! `dienhong sim`: made-up worlds that lie, and whether the record holds in them.

use super::failed;
use crate::sim::{Outcome, Planted, Saved, run, run_told};
use clap::{Args, Subcommand};
use serde_json::json;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Instant;

/// Play made-up worlds: nodes that die, a store and a bus that lie, hostile people. Finds out whether what was promised holds.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Sim {
    #[command(subcommand)]
    replay: Option<Replay>,
    /// How many worlds, one a seed.
    #[arg(long, value_name = "N", default_value_t = 100)]
    seeds: u64,
    /// The first seed.
    #[arg(long, value_name = "SEED", default_value_t = 0)]
    from: u64,
    /// One seed only.
    #[arg(long, value_name = "SEED", conflicts_with_all = ["seeds", "from"])]
    seed: Option<u64>,
    /// Tell each step of that seed.
    #[arg(long, requires = "seed")]
    trace: bool,
    /// No further than this step.
    #[arg(long, value_name = "STEP", requires = "trace")]
    until: Option<u64>,
    /// Plant a bug, to see that it is found. `list` names them.
    #[arg(long, value_name = "NAME")]
    planted: Option<String>,
    /// One line of JSON a seed.
    #[arg(long)]
    json: bool,
    /// Write each seed that breaks something into this folder.
    #[arg(long, value_name = "DIR")]
    save: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Replay {
    /// Play a saved seed again.
    Replay { file: PathBuf },
}

impl Sim {
    pub fn run(self) -> ExitCode {
        if let Some(Replay::Replay { file }) = &self.replay {
            return replay(file);
        }
        let planted = match self.planted.as_deref().map(|name| (name, Planted::parse(name))) {
            Some(("list", _)) => {
                Planted::ALL.iter().for_each(|planted| println!("{}", planted.name()));
                return ExitCode::SUCCESS;
            }
            Some((name, None)) => return failed(format_args!("no planted bug is called {name}; `list` names them")),
            Some((_, planted)) => planted,
            None => None,
        };
        let ended = match self.seed {
            Some(seed) if self.trace => {
                // Whoever reads may stop reading, as `head` does.
                let tell = |line: &str| drop(writeln!(io::stdout(), "{line}"));
                let outcome = run_told(seed, planted, self.until.unwrap_or(u64::MAX), tell);
                self.tell(&outcome, planted).map(|()| u64::from(outcome.broken.is_some()))
            }
            Some(seed) => self.all(seed, 1, planted),
            None => self.all(self.from, self.seeds, planted),
        };
        match ended {
            // A planted bug is there to be found.
            Ok(broken) if (broken > 0) == planted.is_some() => ExitCode::SUCCESS,
            Ok(_) => ExitCode::FAILURE,
            Err(error) => failed(error),
        }
    }

    /// How many broke something. With a planted bug the first is enough.
    fn all(&self, from: u64, count: u64, planted: Option<Planted>) -> io::Result<u64> {
        let begun = Instant::now();
        let (next, stop) = (AtomicU64::new(from), AtomicBool::new(false));
        let sums = Mutex::new(Sums::default());
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        std::thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| {
                    while !stop.load(Ordering::Relaxed) {
                        let seed = next.fetch_add(1, Ordering::Relaxed);
                        if seed - from >= count {
                            return;
                        }
                        let outcome = run(seed, planted);
                        stop.fetch_or(planted.is_some() && outcome.broken.is_some(), Ordering::Relaxed);
                        let mut sums = sums.lock().unwrap_or_else(PoisonError::into_inner);
                        sums.add(&outcome);
                        if let Err(error) = self.tell(&outcome, planted) {
                            sums.error.get_or_insert(error);
                            stop.store(true, Ordering::Relaxed);
                        }
                    }
                });
            }
        });
        let sums = sums.into_inner().unwrap_or_else(PoisonError::into_inner);
        if let Some(error) = sums.error {
            return Err(error);
        }
        if !self.json {
            let took = begun.elapsed().as_secs_f64();
            let Sums { worlds, steps, entries, votes, receipts, broken, .. } = sums;
            println!(
                "{worlds} worlds, {broken} broken: {steps} steps, {entries} entries, {votes} votes, {receipts} receipts, \
                 {took:.1} s, {:.0} worlds a minute",
                worlds as f64 * 60.0 / took
            );
        }
        Ok(sums.broken)
    }

    fn tell(&self, outcome: &Outcome, planted: Option<Planted>) -> io::Result<()> {
        if let Some(failure) = &outcome.broken {
            if let Some(folder) = &self.save {
                save(folder, &Saved::of(outcome, planted))?;
            }
            if !self.json {
                let (number, name) = (failure.broken.invariant.number(), failure.broken.invariant.name());
                let (seed, step, at, what) = (outcome.seed, failure.step, failure.at_ms, &failure.broken.what);
                println!("seed {seed} breaks {number} {name} at step {step}, {at} ms: {what}");
            }
        }
        if self.json {
            println!("{}", as_json(outcome));
        } else if self.seed.is_some() {
            println!("seed {}: {} steps, trace {}", outcome.seed, outcome.steps, outcome.trace_hash);
        }
        Ok(())
    }
}

#[derive(Default)]
struct Sums {
    worlds: u64,
    steps: u64,
    entries: u64,
    votes: u64,
    receipts: u64,
    broken: u64,
    error: Option<io::Error>,
}

impl Sums {
    fn add(&mut self, outcome: &Outcome) {
        self.worlds += 1;
        self.steps += outcome.steps;
        self.entries += outcome.entries;
        self.votes += outcome.votes;
        self.receipts += outcome.receipts;
        self.broken += u64::from(outcome.broken.is_some());
    }
}

fn as_json(outcome: &Outcome) -> serde_json::Value {
    let broken = outcome.broken.as_ref().map(|failure| {
        json!({
            "invariant": failure.broken.invariant.number(),
            "name": failure.broken.invariant.name(),
            "what": failure.broken.what,
            "step": failure.step,
            "at_ms": failure.at_ms,
        })
    });
    json!({
        "seed": outcome.seed,
        "steps": outcome.steps,
        "entries": outcome.entries,
        "votes": outcome.votes,
        "receipts": outcome.receipts,
        "trace": outcome.trace_hash,
        "broken": broken,
    })
}

fn save(folder: &Path, saved: &Saved) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let text = serde_json::to_string_pretty(saved).map_err(io::Error::other)?;
    std::fs::write(folder.join(saved.name()), text + "\n")
}

/// Whether it still breaks what it broke.
fn replay(file: &Path) -> ExitCode {
    let read = std::fs::read_to_string(file).map_err(|error| error.to_string());
    let played = read.and_then(|text| {
        let saved = Saved::parse(&text).map_err(|error| error.to_string())?;
        saved.play().map(|outcome| (saved, outcome)).map_err(|error| error.to_string())
    });
    match played {
        Ok((saved, outcome)) => {
            println!("{}", as_json(&outcome));
            let broke = outcome.broken.map(|failure| failure.broken.invariant.name().to_owned());
            if broke == saved.invariant { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(error) => failed(format_args!("{}: {error}", file.display())),
    }
}
