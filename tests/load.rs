//! Each scenario at its smallest: everybody gets a receipt or a state, and the report can be read by programs. How fast that is, is
//! measured elsewhere.

use serde_json::Value;
use std::process::Command;

fn run(arguments: &[&str]) -> Value {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dienhong"));
    let output =
        command.arg("load").args(arguments).args(["--rounds", "1", "--warm-up", "0", "--json"]).output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {errors}");
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{arguments:?}: {error}: {errors}"))
}

fn value(report: &Value, name: &str) -> f64 {
    report["figures"][name]["value"].as_f64().unwrap_or_else(|| panic!("{name} is a number: {report}"))
}

#[test]
fn every_vote_has_its_receipt() {
    let sizes = ["--councils", "2", "--delegates", "3", "--within", "20", "--alone", "4", "--in-a-row", "2"];
    let report = run(&[&["votes"][..], &sizes[..]].concat());
    assert_eq!((report["scenario"].as_str(), report["store"].as_str()), (Some("votes"), Some("sqlite")));
    assert_eq!(value(&report, "receipts_checked"), f64::from(6 + 6 + 4 + 6 * 2));
    assert!(value(&report, "burst_all_receipts_ms") > 0.0 && value(&report, "verify_strict_per_cpu_second") > 0.0);
    assert!(report["figures"]["burst_all_receipts_ms"]["goal"]["met"].is_null(), "too small to be judged: {report}");
    assert!(report["figures"]["database_cpu_seconds"]["value"].is_null(), "SQLite has no process of its own: {report}");
}

#[test]
fn spectators_see_the_tally_change() {
    let sizes = ["--spectators", "6", "--rate", "20", "--seconds", "1", "--stuck", "2"];
    let report = run(&[&["fan-out"][..], &sizes[..]].concat());
    assert!(value(&report, "deliveries") >= 4.0, "{report}");
    assert_eq!(value(&report, "spectators_lost"), 0.0);
    assert!(value(&report, "states_shown_per_vote") <= 1.0);
}

#[test]
fn a_storm_loses_nobody() {
    let report = run(&["storm", "--clients", "12"]);
    assert_eq!(value(&report, "lost"), 0.0);
    assert!(value(&report, "all_back_ms") > 0.0);
}

#[test]
fn a_small_province_votes_at_once() {
    let sizes = ["--councils", "3", "--delegates", "2", "--spectators", "6", "--within", "20"];
    let report = run(&[&["province"][..], &sizes[..]].concat());
    assert_eq!(value(&report, "receipts_checked"), 6.0);
    assert_eq!(value(&report, "spectators_lost"), 0.0);
    assert!(value(&report, "deliveries") >= 6.0, "{report}");
}
