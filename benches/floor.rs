//! What a change costs for each who watches, beside the least it could cost: `dienhong load beside` with the floor and the hub, by
//! turns, in the cases whose goals docs/performance.md names. Ratios of one run count.
//!
//! `taskset -c 1 cargo bench --bench floor -- [starts=5] [seconds=4] [cost] [latency] [ten_thousand] [idle] [stuck]`

use std::process::{Command, Stdio};

/// Name, sides, spectators, changes a second, and who never reads. The floor keeps every change for later and would break down at
/// 9,900; what counts there is that the hub does not.
const CASES: [(&str, &str, u32, u32, u32); 5] = [
    ("cost", "floor,hub", 2_000, 30, 0),
    ("latency", "floor,hub", 5_000, 20, 0),
    ("ten_thousand", "hub", 9_900, 20, 0),
    ("idle", "hub", 9_900, 1, 0),
    ("stuck", "hub", 500, 20, 250),
];

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let number =
        |name: &str, other: u32| words.iter().find_map(|word| word.strip_prefix(name)?.parse().ok()).unwrap_or(other);
    let (starts, seconds) = (number("starts=", 5), number("seconds=", 4));
    let all = !CASES.iter().any(|(name, ..)| words.iter().any(|word| word == name));
    for (name, sides, spectators, rate, stuck) in CASES {
        if !all && !words.iter().any(|word| word == name) {
            continue;
        }
        println!("{name}: {spectators} spectators, {stuck} of them stuck, {rate} changes a second");
        let mut command = Command::new(env!("CARGO_BIN_EXE_dienhong"));
        command.args(["load", "beside", "--sides", sides]);
        let settings = [
            ("--spectators", spectators),
            ("--rate", rate),
            ("--stuck", stuck),
            ("--starts", starts),
            ("--seconds", seconds),
        ];
        for (option, value) in settings {
            command.arg(option).arg(value.to_string());
        }
        let has_taskset = Command::new("taskset").arg("-V").stdout(Stdio::null()).status().is_ok();
        if has_taskset {
            command.args(["--server-core", "0"]);
        }
        let ended = command.status().expect("the program runs");
        assert!(ended.success(), "{name}: {ended}");
    }
}
