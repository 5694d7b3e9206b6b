//! Crowds: everybody comes back at once, and some never read. The load generator plays both (docs/performance.md).

use crate::hall::LIMIT;
use crate::report::{Figure, Outcome, Size};
use serde_json::Value;
use std::process::Stdio;
use std::time::Duration;
use tokio::process::Command;
use tokio::time::timeout;

/// Everybody loses the connection and comes back to the current state.
pub async fn reconnect(size: Size) -> Outcome {
    let clients = size.of(10_000, 300);
    let report = load(&["storm", "--clients", &clients.to_string()]).await;
    assert_eq!(value(&report, "lost"), 0.0, "{report}");
    Outcome::Held(vec![
        Figure::count("pages", clients as usize),
        Figure::new("not back", value(&report, "lost"), ""),
        Figure::new("all back with the current state after", value(&report, "all_back_ms"), "ms").at_most(10_000.0),
        Figure::new("connections tried again", value(&report, "retries"), ""),
    ])
}

/// One spectator of a hundred never reads.
pub async fn stuck(size: Size) -> Outcome {
    let spectators = size.of(1_000, 100);
    let (all, stuck) = (spectators.to_string(), (spectators / 100).to_string());
    let fan_out = ["fan-out", "--spectators", &all, "--seconds", if size.is_judged() { "5" } else { "1" }];
    let without = load(&fan_out).await;
    let with = load(&[&fan_out[..], &["--stuck", &stuck]].concat()).await;
    let p99 = |report| value(report, "commit_to_screen_p99_ms");
    assert_eq!(value(&with, "spectators_lost"), 0.0, "others were hurt: {with}");
    Outcome::Held(vec![
        Figure::count("spectators", spectators as usize),
        Figure::new("of them stuck", f64::from(spectators / 100), ""),
        Figure::new("p99 to the others' screens without them", p99(&without), "ms"),
        Figure::new("with them", p99(&with), "ms").at_most(p99(&without) * 1.1),
    ])
}

async fn load(arguments: &[&str]) -> Value {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dienhong"));
    command.arg("load").args(arguments).args(["--rounds", "1", "--warm-up", "0", "--json"]);
    command.stdin(Stdio::null()).kill_on_drop(true);
    let output = timeout(LIMIT + Duration::from_secs(240), command.output()).await.expect("it ends").expect("it runs");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {errors}");
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{arguments:?}: {error}: {errors}"))
}

fn value(report: &Value, name: &str) -> f64 {
    report["figures"][name]["value"].as_f64().unwrap_or_else(|| panic!("{name} is a number: {report}"))
}
