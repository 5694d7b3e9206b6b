//! The four scenarios. Each founds its councils, warms up, plays its rounds and reports.

pub mod fan_out;
pub mod province;
pub mod storm;
pub mod votes;

use super::report::Report;
use super::server::Server;
use super::usage::Spent;

/// Says how much CPU time the server and its database used in `spent`, and why not where that is not known.
fn report_cpu(report: &mut Report, server: &Server, spent: Spent, when: &str) {
    report.add("server_cpu_seconds", "s", spent.server, &format!("user and system, {when}"));
    let note = match server.database().why_unknown() {
        Some(why) => why,
        None if server.store_kind() == "sqlite" => "SQLite works in the server's own process",
        None => "the postmaster and all its processes, whatever else they did",
    };
    let database = spent.database.filter(|_| server.store_kind() != "sqlite");
    report.add("database_cpu_seconds", "s", database, note);
}

/// KiB of the server's memory that each of `connections` costs.
fn kib_each(before: Option<u64>, after: Option<u64>, connections: usize) -> Option<f64> {
    Some((after? as f64 - before? as f64) / connections.max(1) as f64)
}
