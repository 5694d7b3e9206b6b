//! The scenarios. Each founds its councils, warms up, plays its rounds and reports.

pub mod beside;
pub mod fan_out;
pub mod province;
pub mod steady;
pub mod storm;
mod takeover;
pub mod votes;

use super::nodes::Nodes;
use super::report::Report;
use super::usage::Spent;

/// Says how much CPU time the servers and their database used in `spent`, and why not where that is not known.
fn report_cpu(report: &mut Report, nodes: &Nodes, spent: Spent, when: &str) {
    let of = if nodes.count() > 1 { "all nodes, user and system" } else { "user and system" };
    report.add("server_cpu_seconds", "s", spent.server, &format!("{of}, {when}"));
    let note = match nodes.database().why_unknown() {
        Some(why) => why,
        None if nodes.store_kind() == "sqlite" => "SQLite works in the server's own process",
        None => "the postmaster and all its processes, whatever else they did",
    };
    let database = spent.database.filter(|_| nodes.store_kind() != "sqlite");
    report.add("database_cpu_seconds", "s", database, note);
}

/// KiB of the servers' memory that each of `connections` costs.
fn kib_each(before: Option<u64>, after: Option<u64>, connections: usize) -> Option<f64> {
    Some((after? as f64 - before? as f64) / connections.max(1) as f64)
}
