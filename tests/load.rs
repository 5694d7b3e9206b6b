//! Each scenario at its smallest: everybody gets a receipt or a state, and the report can be read by programs. How fast that is, is
//! measured elsewhere.

use serde_json::Value;
use std::process::Command;

fn run(arguments: &[&str]) -> Value {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dienhong"));
    let rounds: &[&str] = if arguments.contains(&"--rounds") { &[] } else { &["--rounds", "1"] };
    command.arg("load").args(arguments).args(rounds).args(["--warm-up", "0", "--json"]);
    let output = command.output().unwrap();
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

/// A single node is started again; several take over from each other by the same way.
#[test]
fn a_kill_in_the_middle_loses_and_doubles_nothing() {
    let sizes = ["--delegates", "6", "--within", "2000", "--alone", "1", "--in-a-row", "1", "--kill"];
    let report = run(&[&["votes"][..], &sizes[..]].concat());
    assert_eq!(value(&report, "takeover_councils"), 1.0, "{report}");
    assert_eq!(value(&report, "takeover_delegates_back"), 6.0, "{report}");
    for name in ["receipts_lost", "receipts_that_differ", "double_counted", "results_that_differ"] {
        assert_eq!(value(&report, name), 0.0, "{name}: {report}");
        assert_eq!(report["figures"][name]["goal"]["met"], true);
    }
}

#[test]
fn every_report_has_every_goal_and_says_who_measures_what_it_does_not() {
    let report = run(&["storm", "--clients", "2"]);
    let share = &report["figures"]["votes_share_of_verify"];
    assert!(share["value"].is_null() && share["goal"]["says"] == "≥ 0.5" && share["goal"]["met"].is_null(), "{share}");
    assert!(share["note"].as_str().is_some_and(|note| note.contains("load votes")), "{share}");
    assert!(value(&report, "all_back_ms") > 0.0);
}

#[test]
fn a_steady_sitting_tells_what_it_leaves_behind() {
    let report = run(&["steady", "--minutes", "0.05", "--rate", "10", "--spectators", "2"]);
    assert_eq!(value(&report, "receipts_checked"), 30.0);
    assert!(value(&report, "record_end_bytes") >= value(&report, "record_start_bytes"), "{report}");
    assert!(value(&report, "pss_end_kib") > 0.0 && value(&report, "open_files_end") > 0.0, "{report}");
    assert!(value(&report, "receipt_p99_last_fifth_ms") > 0.0);
}

#[test]
fn the_hub_is_measured_beside_the_floor() {
    let sizes = ["--sides", "floor,hub", "--spectators", "4", "--stuck", "1", "--rate", "10", "--seconds", "1"];
    let report = run(&[&["beside", "--starts", "1"][..], &sizes[..]].concat());
    for name in ["floor_p99_ms", "hub_p99_ms", "floor_kib_per_idle_connection", "hub_kib_per_idle_connection"] {
        assert!(value(&report, name).is_finite(), "{name}: {report}");
    }
    assert_eq!(value(&report, "floor_shown_share"), 1.0);
}

#[test]
fn several_nodes_need_something_that_joins_them() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dienhong"));
    let output = command.args(["load", "votes", "--nodes", "2"]).output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && errors.contains("--redis"), "{errors}");
}

#[test]
fn spectators_see_the_tally_change() {
    let sizes = ["--spectators", "6", "--rate", "20", "--seconds", "1", "--stuck", "2"];
    let report = run(&[&["fan-out"][..], &sizes[..]].concat());
    assert!(value(&report, "deliveries") >= 4.0, "{report}");
    assert_eq!(value(&report, "spectators_lost"), 0.0);
    assert!(value(&report, "states_shown_per_vote") <= 1.0);
    assert!(report["figures"]["deliveries_over_floor"]["value"].is_null(), "readers are stuck: {report}");
}

#[test]
fn the_floor_shows_as_much_in_the_same_run() {
    let report = run(&["fan-out", "--spectators", "4", "--rate", "10", "--seconds", "1", "--rounds", "2"]);
    assert!(value(&report, "floor_p99_ms") > 0.0 && value(&report, "p99_over_floor") > 0.0, "{report}");
    assert!(report["figures"]["p99_over_floor"]["goal"]["met"].is_null(), "too small to be judged: {report}");
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
