//! Real faults: the real program on real stores, in the middle of a ballot, and what its people hold is compared with what the
//! record says afterwards. `cargo test --test faults` plays each fault in its short form, `make faults` in full (docs/faults.md).
//!
//! Speed is never asserted here: figures are printed, promises are asserted.

// What other tests use as well; each of them uses a part.
#[allow(dead_code)]
#[path = "../e2e/floor.rs"]
mod floor;
#[allow(dead_code)]
#[path = "../support/hall.rs"]
mod hall;
#[allow(dead_code)]
#[path = "../nodes/node.rs"]
mod node;
#[allow(dead_code)]
#[path = "../e2e/plain_http.rs"]
mod plain_http;
#[allow(dead_code)]
#[path = "../e2e/process.rs"]
mod process;
#[path = "../support/mod.rs"]
mod support;
#[allow(dead_code)]
#[path = "../e2e/tablet.rs"]
mod tablet;

mod checker;
mod clock;
mod disk;
mod kills;
mod nodes;
mod power;
mod proxy;
mod races;
mod report;
mod shim;
mod sockets;
mod stores;
mod storms;
mod world;

use futures_util::future::LocalBoxFuture;
use futures_util::{FutureExt, StreamExt, stream};
use report::{Line, Outcome, Size};
use std::panic::AssertUnwindSafe;
use std::process::ExitCode;
use std::time::Instant;

struct Fault {
    name: &'static str,
    play: fn(Size) -> LocalBoxFuture<'static, Outcome>,
}

macro_rules! faults {
    ($($name:literal: $play:path),* $(,)?) => {
        &[$(Fault { name: $name, play: |size| $play(size).boxed_local() }),*]
    };
}

/// The longest first, so that the short forms, some of which run beside each other, end together.
const FAULTS: &[Fault] = faults! {
    "kill-sqlite": kills::sqlite,
    "kill-postgres": kills::postgres,
    "postgres-killed": stores::killed,
    "postgres-line": stores::line,
    "nodes-killed": nodes::killed,
    "nodes-frozen": nodes::frozen,
    "nodes-cut": nodes::cut,
    "redis": nodes::redis,
    "half-open": sockets::half_open,
    "power": power::cut,
    "disk-full": disk::full,
    "fsync-fails": disk::fsync_fails,
    "clock": clock::jumps,
    "term": kills::terminated,
    "closing": races::closing,
    "gavels": races::gavels,
    "loris": sockets::loris,
    "giant-frames": sockets::giants,
    "clients-line": sockets::line,
    "trickle": sockets::trickle,
    "revoked": sockets::revoked,
    "storm": storms::reconnect,
    "stuck": storms::stuck,
};

/// Short forms wait a lot (for leases, for silent sockets): so many beside each other. In full each fault has the machine.
const BESIDE: usize = 6;

/// What was asked for on the command line. What only cargo's own tests understand is passed over.
struct Asked {
    size: Size,
    json: Option<String>,
    names: Vec<String>,
    list: bool,
}

impl Asked {
    fn read(mut arguments: impl Iterator<Item = String>) -> Self {
        let mut asked = Self { size: Size::Short, json: None, names: vec![], list: false };
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--full" => asked.size = Size::Full,
                "--times" => {
                    let times = arguments.next().and_then(|times| times.parse().ok());
                    asked.size = Size::Times(times.expect("--times needs a number"));
                }
                "--json" => asked.json = Some(arguments.next().expect("--json needs a file")),
                "--list" => asked.list = true,
                option if option.starts_with('-') => {}
                name => asked.names.push(name.to_owned()),
            }
        }
        asked
    }

    fn faults(&self) -> impl Iterator<Item = &'static Fault> {
        let named = |fault: &&Fault| self.names.is_empty() || self.names.iter().any(|name| fault.name.contains(name));
        FAULTS.iter().filter(named)
    }
}

fn main() -> ExitCode {
    let asked = Asked::read(std::env::args().skip(1));
    if asked.list {
        asked.faults().for_each(|fault| println!("{}: test", fault.name));
        return ExitCode::SUCCESS;
    }
    // Thousands of sockets at once; where the system does not let us, connecting says so.
    let _ = rlimit::increase_nofile_limit(rlimit::INFINITY);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    let lines = runtime.block_on(play(&asked));
    if let Some(file) = &asked.json {
        let lines: Vec<_> = lines.iter().map(|line| line.json(asked.size)).collect();
        let text = serde_json::to_string_pretty(&lines).expect("plain values");
        std::fs::write(file, text + "\n").expect("the file can be written");
    }
    let count = |wanted: fn(&Line) -> bool| lines.iter().filter(|line| wanted(line)).count();
    let broken = count(|line| line.outcome.is_err());
    let not_run = count(|line| matches!(line.outcome, Ok(Outcome::NotRun(_))));
    let verdict = if broken == 0 { "ok" } else { "FAILED" };
    let (passed, others) = (lines.len() - broken - not_run, FAULTS.len() - lines.len());
    println!(
        "\ntest result: {verdict}. {passed} passed; {broken} failed; {not_run} ignored; 0 measured; {others} filtered out"
    );
    if broken == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

async fn play(asked: &Asked) -> Vec<Line> {
    let beside = if asked.size.is_judged() { 1 } else { BESIDE };
    let size = asked.size;
    let playing = stream::iter(asked.faults()).map(|fault| async move {
        let begun = Instant::now();
        // A broken promise is told, and the others are played all the same.
        let played = AssertUnwindSafe((fault.play)(size)).catch_unwind().await;
        let outcome = played.map_err(|panic| why(panic.as_ref()));
        let line = Line { name: fault.name, outcome, seconds: begun.elapsed().as_secs_f64() };
        println!("{}", line.text(size));
        line
    });
    playing.buffer_unordered(beside).collect().await
}

fn why(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
    text.unwrap_or("a panic without words").to_owned()
}
