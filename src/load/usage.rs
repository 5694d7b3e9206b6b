//! What processes use, from Linux's /proc: the server's, and Postgres's where it runs on this machine.

use super::nodes::Nodes;
use sqlx::{Connection, PgConnection};
use std::fs;
use std::path::Path;
use std::process::Command;

/// `USER_HZ`: the unit of /proc/PID/stat, 100 on every Linux but two that nobody runs a hall on.
const TICKS_A_SECOND: f64 = 100.0;

/// CPU seconds, user and system, of a process.
pub fn cpu_seconds(pid: u32) -> Option<f64> {
    stat(pid).map(|stat| stat.own as f64 / TICKS_A_SECOND)
}

/// The same of a process and its children, those that have ended as well.
pub fn family_cpu_seconds(pid: u32) -> Option<f64> {
    let first = stat(pid)?;
    let ticks = first.own + first.ended + children(pid)?.map(|(_, stat)| stat.own).sum::<u64>();
    Some(ticks as f64 / TICKS_A_SECOND)
}

fn children(pid: u32) -> Option<impl Iterator<Item = (u32, Stat)>> {
    let pids = fs::read_dir("/proc").ok()?.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    Some(pids.filter_map(|child| Some((child, stat(child)?))).filter(move |(_, stat)| stat.parent == pid))
}

/// Proportional set size in KiB: what is shared with others counts by its share.
pub fn pss_kib(pid: u32) -> Option<u64> {
    let rollup = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).ok()?;
    let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"))?;
    line.trim().trim_end_matches("kB").trim().parse().ok()
}

pub fn open_files(pid: u32) -> Option<u64> {
    Some(fs::read_dir(format!("/proc/{pid}/fd")).ok()?.count() as u64)
}

/// CPU seconds of this thread; nothing where the kernel does not tell.
pub fn thread_cpu_seconds() -> Option<f64> {
    let schedstat = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanos: u64 = schedstat.split_ascii_whitespace().next()?.parse().ok()?;
    Some(nanos as f64 / 1e9)
}

/// The average number of processes that wanted a core in the last minute: other work on the machine shows here.
pub fn load_average() -> Option<f64> {
    fs::read_to_string("/proc/loadavg").ok()?.split_ascii_whitespace().next()?.parse().ok()
}

/// What the kernel holds on the server's side for one connection to these ports of ours: their mean. Nothing where `ss`
/// (iproute2) is not there to tell.
pub fn kernel_bytes_each(server_port: u16, ours: &[u16]) -> Option<f64> {
    let filter = format!("sport = :{server_port}");
    let told = Command::new("ss").args(["-tmnHO", "state", "established", &filter]).output().ok()?;
    let text = String::from_utf8(told.stdout).ok()?;
    let held: Vec<f64> = text.lines().filter_map(|line| held_for(line, ours)).collect();
    (!held.is_empty()).then(|| held.iter().sum::<f64>() / held.len() as f64)
}

/// `Recv-Q Send-Q Local:Port Peer:Port skmem:(r0,rb131072,t0,…,w0,…)`; `t` is sent or to be sent, `w` queued, and the larger
/// holds the other.
fn held_for(line: &str, ours: &[u16]) -> Option<f64> {
    let peer = line.split_ascii_whitespace().nth(3)?.rsplit(':').next()?.parse().ok()?;
    let inside = line.split("skmem:(").nth(1)?.split(')').next()?;
    let field = |name: char| inside.split(',').find_map(|part| part.strip_prefix(name)?.parse::<f64>().ok());
    ours.contains(&peer).then_some(field('w')?.max(field('t')?))
}

struct Stat {
    parent: u32,
    own: u64,
    /// Of its children that have ended.
    ended: u64,
}

fn stat(pid: u32) -> Option<Stat> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name before may hold spaces and brackets.
    let fields: Vec<&str> = text.get(text.rfind(')')? + 2..)?.split_ascii_whitespace().collect();
    let number = |n: usize| fields.get(n)?.parse::<u64>().ok();
    Some(Stat { parent: number(1)? as u32, own: number(11)? + number(12)?, ended: number(13)? + number(14)? })
}

/// Bytes the record takes: the Postgres database, or all files of the data folders but the log.
pub async fn record_bytes(nodes: &Nodes) -> Option<u64> {
    match nodes.store().filter(|url| url.starts_with("postgres")) {
        Some(url) => {
            let mut connection = PgConnection::connect(url).await.ok()?;
            let asked = sqlx::query_scalar("SELECT pg_database_size(current_database())");
            let bytes: i64 = asked.fetch_one(&mut connection).await.ok()?;
            // It has told what it was asked.
            let _ = connection.close().await;
            u64::try_from(bytes).ok()
        }
        None => nodes.all().iter().map(|server| bytes_in(server.data())).sum(),
    }
}

fn bytes_in(folder: &Path) -> Option<u64> {
    let files =
        fs::read_dir(folder).ok()?.flatten().filter(|file| !file.file_name().to_string_lossy().ends_with(".log"));
    Some(files.filter_map(|file| file.metadata().ok()).filter(std::fs::Metadata::is_file).map(|of| of.len()).sum())
}

/// The database's processes.
#[derive(Debug, Clone)]
pub enum Database {
    /// SQLite: the server's own process does its work.
    Inside,
    /// Postgres on this machine, by its first process.
    Here { postmaster: u32 },
    /// Why its CPU time is not known.
    Elsewhere(String),
}

impl Database {
    pub async fn of(store: Option<&str>) -> Self {
        match store {
            Some(url) if url.starts_with("postgres") => match find_postmaster(url).await {
                Ok(postmaster) => Self::Here { postmaster },
                Err(why) => Self::Elsewhere(why),
            },
            _ => Self::Inside,
        }
    }

    /// CPU seconds of all its processes, those that have ended as well. 0 where the server's own process does its work.
    pub fn cpu_seconds(&self) -> Option<f64> {
        let postmaster = match self {
            Self::Inside => return Some(0.0),
            Self::Elsewhere(_) => return None,
            Self::Here { postmaster } => *postmaster,
        };
        family_cpu_seconds(postmaster)
    }

    pub fn why_unknown(&self) -> Option<&str> {
        if let Self::Elsewhere(why) = self { Some(why) } else { None }
    }
}

/// Asks the database for the process that serves us, and takes that one's parent.
async fn find_postmaster(url: &str) -> Result<u32, String> {
    let mut connection = PgConnection::connect(url).await.map_err(|error| format!("the database: {error}"))?;
    let asked = sqlx::query_scalar("SELECT pg_backend_pid()").fetch_one(&mut connection).await;
    let backend: i32 = asked.map_err(|error| format!("the database does not tell its process: {error}"))?;
    let elsewhere = || "the database runs on another machine or in another container".to_owned();
    let name = fs::read_to_string(format!("/proc/{backend}/comm")).map_err(|_| elsewhere())?;
    let backend = u32::try_from(backend).map_err(|_| elsewhere())?;
    let parent = stat(backend).filter(|_| name.starts_with("postgres")).ok_or_else(elsewhere)?.parent;
    // The server has its connections from now on; ours has told what it was asked.
    let _ = connection.close().await;
    Ok(parent)
}

/// What the server and its database have used so far.
#[derive(Debug, Clone, Copy)]
pub struct Spent {
    pub server: Option<f64>,
    pub database: Option<f64>,
}

impl Spent {
    pub fn since(self, before: Self) -> Self {
        let less = |now: Option<f64>, then: Option<f64>| Some(now? - then?);
        Self { server: less(self.server, before.server), database: less(self.database, before.database) }
    }

    pub fn plus(self, other: Self) -> Self {
        let more = |a: Option<f64>, b: Option<f64>| Some(a? + b?);
        Self { server: more(self.server, other.server), database: more(self.database, other.database) }
    }

    pub fn both(self) -> Option<f64> {
        Some(self.server? + self.database?)
    }
}

impl Default for Spent {
    fn default() -> Self {
        Self { server: Some(0.0), database: Some(0.0) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_kernel_holds_is_read_of_our_sockets_alone() {
        let line = "0 512 127.0.0.1:8420 127.0.0.5:40000 skmem:(r0,rb131072,t2304,tb2626560,f1792,w4864,o0,bl0,d0)";
        assert_eq!(held_for(line, &[40_000]), Some(4_864.0));
        assert_eq!(held_for(line, &[40_001]), None);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn this_process_uses_something() {
        let pid = std::process::id();
        assert!(cpu_seconds(pid).is_some());
        assert!(pss_kib(pid).unwrap() > 100);
        assert!(thread_cpu_seconds().unwrap() > 0.0);
        assert!(load_average().is_some());
        assert_eq!(cpu_seconds(u32::MAX), None);
    }
}
