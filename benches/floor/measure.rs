//! The program under measurement as a process of its own, told over its standard input what to show, and what it costs.

use crate::{Side, served};
use dienhong::hub::room::{Audience, Frame, Room, Topic};
use std::io::{BufRead, BufReader, Write, stdin};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::Arc;

pub const ROLE: &str = "FLOOR_ROLE";
const SOCKETS: &str = "FLOOR_SOCKETS";
/// Of a second: what Linux counts a process's time in.
const TICKS: f64 = 100.0;

pub struct Program {
    child: Child,
    input: ChildStdin,
    pub port: u16,
    pub side: Side,
}

impl Program {
    pub fn start(side: Side, sockets: usize) -> Self {
        let own = std::env::current_exe().expect("its own path");
        let mut command = match Command::new("taskset").arg("-V").stdout(Stdio::null()).status() {
            Ok(_) => Command::new("taskset"),
            Err(_) => Command::new("env"),
        };
        if command.get_program() == "taskset" {
            command.args(["-c", "0"]);
        }
        let role = if side == Side::Floor { "floor" } else { "hub" };
        command.arg(own).env(ROLE, role).env(SOCKETS, sockets.to_string());
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("started");
        let input = child.stdin.take().expect("its input");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("its output")).read_line(&mut line).expect("its port");
        Self { child, input, port: line.trim().parse().expect("a port"), side }
    }

    /// Shows that change in so many bytes.
    pub fn show(&self, number: u64, bytes: usize) {
        writeln!(&self.input, "{number} {bytes}").expect("it listens");
    }

    pub fn cpu_seconds(&self) -> f64 {
        let stat = self.proc("stat");
        let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or_default().split(' ').collect();
        let ticks = |field: usize| fields[field].parse::<f64>().expect("a number");
        (ticks(11) + ticks(12)) / TICKS
    }

    pub fn proportional_kib(&self) -> f64 {
        let rollup = self.proc("smaps_rollup");
        let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:")).expect("Pss");
        line.trim().trim_end_matches(" kB").parse().expect("a number")
    }

    /// What the system holds for those of its sockets that have more than a frame waiting: mean of their `skmem`.
    pub fn kernel_kib_of_stuck(&self) -> f64 {
        let filter = format!("sport = :{}", self.port);
        let told = Command::new("ss").args(["-tmnH", "state", "established", &filter]).output().expect("ss");
        let text = String::from_utf8_lossy(&told.stdout).into_owned();
        let field = |line: &str, name: char| {
            let inside = line.split("skmem:(").nth(1)?.split(')').next()?;
            inside.split(',').find_map(|part| part.strip_prefix(name)?.parse::<f64>().ok())
        };
        // `t`: sent or to be sent, `w`: queued; the larger holds the other.
        let held: Vec<f64> = text.lines().filter_map(|line| Some(field(line, 'w')?.max(field(line, 't')?))).collect();
        let stuck: Vec<f64> = held.into_iter().filter(|bytes| *bytes > 4096.0).collect();
        println!("  {} sockets with something waiting", stuck.len());
        stuck.iter().sum::<f64>() / 1024.0 / stuck.len().max(1) as f64
    }

    fn proc(&self, file: &str) -> String {
        std::fs::read_to_string(format!("/proc/{}/{file}", self.child.id())).expect("Linux tells")
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// In the child: where it listens.
pub fn announce(port: u16) {
    println!("{port}");
}

pub fn sockets_asked() -> usize {
    std::env::var(SOCKETS).ok().and_then(|text| text.parse().ok()).expect("a number of sockets")
}

/// In the child: the changes it is to show, until its parent is gone.
pub fn changes() -> impl Iterator<Item = (u64, usize)> {
    stdin().lines().map_while(|line| {
        let line = line.ok()?;
        let (number, bytes) = line.split_once(' ')?;
        Some((number.parse().ok()?, bytes.parse().ok()?))
    })
}

pub fn frame_text(number: u64, bytes: usize) -> String {
    format!("{number:020}{}", "x".repeat(bytes.max(150) - 20))
}

/// The hub, behind its own listener, as a child.
pub fn run_hub() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let room = Arc::new(Room::new());
    announce(runtime.block_on(served::serve(room.clone())).port());
    for (stamp, bytes) in changes() {
        let text = frame_text(stamp, bytes).into();
        room.show(Audience::Onlookers, Topic::Live, Frame { stamp, text });
    }
}

pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

pub fn percentile(values: &mut [f32], share: f64) -> f64 {
    values.sort_by(f32::total_cmp);
    values
        .get(((values.len() as f64 * share) as usize).min(values.len().saturating_sub(1)))
        .map_or(f64::NAN, |v| f64::from(*v))
}

pub fn load_average() -> String {
    let told = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    told.split(' ').take(3).collect::<Vec<_>>().join(" ")
}
