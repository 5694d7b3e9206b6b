//! What a change costs for each who watches, beside the least it could cost.
//!
//! The floor is a program that does nothing but one `write` of the ready frame for each socket. It and the hub run by turns, each
//! as a process of its own on the first core, several starts each; this process reads on the other. Ratios of one run count: the
//! same binary varies by ±15 % between starts, and machines by far more.
//!
//! `taskset -c 1 cargo bench --bench floor -- [starts=5] [seconds=4] [cost] [latency] [ten_thousand] [idle] [stuck]`

mod crowd;
mod least;
mod measure;
mod served;

use crowd::Crowd;
use measure::{Program, median, percentile};

/// About a `live` view with an open ballot.
const STATE_BYTES: usize = 600;

/// One way to serve.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Floor,
    Hub,
}

fn main() {
    if let Ok(side) = std::env::var(measure::ROLE) {
        return match side.as_str() {
            "floor" => least::run(),
            _ => measure::run_hub(),
        };
    }
    let words: Vec<String> = std::env::args().skip(1).collect();
    let number =
        |name: &str, other: u32| words.iter().find_map(|word| word.strip_prefix(name)?.parse().ok()).unwrap_or(other);
    let (starts, seconds) = (number("starts=", 5) as usize, number("seconds=", 4));
    let scenarios = ["cost", "latency", "ten_thousand", "idle", "stuck"];
    let all = !words.iter().any(|word| scenarios.contains(&word.as_str()));
    let wanted = |name: &str| all || words.iter().any(|word| word == name);
    println!("load average before: {}", measure::load_average());
    if wanted("cost") {
        steady("2,000 spectators, 30 changes a second", &BOTH, starts, 2_000, 30, seconds);
    }
    if wanted("latency") {
        steady("5,000 spectators, 20 changes a second", &BOTH, starts, 5_000, 20, seconds);
    }
    if wanted("ten_thousand") {
        // The floor keeps every change for later and would break down here; what counts is that the hub does not.
        steady("9,900 spectators, 20 changes a second", &[Side::Hub], starts, 9_900, 20, seconds);
    }
    if wanted("idle") {
        idle(starts, 9_900);
    }
    if wanted("stuck") {
        stuck(starts);
    }
    println!("load average after: {}", measure::load_average());
}

const BOTH: [Side; 2] = [Side::Floor, Side::Hub];

/// The sides by turns at the same rate.
fn steady(name: &str, sides: &[Side], starts: usize, sockets: usize, rate: u32, seconds: u32) {
    let mut per_second = [Vec::new(), Vec::new()];
    let mut tails = [Vec::new(), Vec::new()];
    for _ in 0..starts {
        for &side in sides {
            let mut program = Program::start(side, sockets);
            let mut crowd = Crowd::gather(&program, sockets, 0);
            crowd.watch(&mut program, STATE_BYTES, rate, rate);
            let before = program.cpu_seconds();
            let mut seen = crowd.watch(&mut program, STATE_BYTES, rate, rate * seconds);
            let spent = program.cpu_seconds() - before;
            let deliveries = seen.len() as f64;
            let shown = deliveries / (sockets as f64 * f64::from(rate * seconds));
            let (p50, p99) = (percentile(&mut seen, 0.5), percentile(&mut seen, 0.99));
            println!(
                "  {side:?}: {:.0} deliveries/CPU-s, p50 {p50:.1} ms, p99 {p99:.1} ms, {:.0} % shown",
                deliveries / spent,
                shown * 100.0
            );
            per_second[side as usize].push(deliveries / spent);
            tails[side as usize].push(p99);
        }
    }
    let [floor, hub] = per_second.map(median);
    let [floor_p99, hub_p99] = tails.map(median);
    println!("{name}: hub {hub:.0} deliveries per CPU-second, p99 {hub_p99:.1} ms");
    if sides == BOTH {
        println!("{name}: floor {floor:.0}, the hub {:.2} of it", hub / floor);
        println!("{name}: p99 floor {floor_p99:.1} ms, the hub {:.2} times that", hub_p99 / floor_p99);
    }
}

/// Memory of the process for each who only watches.
fn idle(starts: usize, sockets: usize) {
    let mut each = Vec::new();
    for _ in 0..starts {
        let mut program = Program::start(Side::Hub, sockets);
        let before = program.proportional_kib();
        let mut crowd = Crowd::gather(&program, sockets, 0);
        crowd.watch(&mut program, STATE_BYTES, 10, 10);
        each.push((program.proportional_kib() - before) / sockets as f64);
    }
    println!("{sockets} idle: {:.2} KiB each (proportional set size), median of {each:.2?}", median(each.clone()));
}

/// Half of 500 never read.
fn stuck(starts: usize) {
    const SOCKETS: usize = 500;
    /// So large that a stuck reader's buffers are full at once.
    const LARGE: usize = 16 * 1024;
    let (mut tails, mut kernel) = (Vec::new(), Vec::new());
    for _ in 0..starts {
        let mut program = Program::start(Side::Hub, SOCKETS);
        let mut crowd = Crowd::gather(&program, SOCKETS, SOCKETS / 2);
        crowd.watch(&mut program, LARGE, 20, 60);
        kernel.push(program.kernel_kib_of_stuck());
        // Long after the stuck were sent away as well as before.
        let mut seen = crowd.watch(&mut program, STATE_BYTES, 20, 100);
        tails.push(percentile(&mut seen, 0.99));
    }
    println!("half of {SOCKETS} stuck: p99 of the healthy {:.1} ms, of {tails:.1?}", median(tails.clone()));
    println!("half of {SOCKETS} stuck: {:.0} KiB of kernel memory each, of {kernel:.0?}", median(kernel.clone()));
}
