//! Programs under measurement: each a process of its own, which is gone when its handle is.

use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;

/// A start with migrations on a slow disk.
const START_LIMIT: Duration = Duration::from_secs(60);

/// `program`, on that core alone where one is named (by `taskset`, which becomes the program).
pub fn command(program: &Path, core: Option<u32>) -> Command {
    let mut command = match core {
        Some(core) => {
            let mut taskset = Command::new("taskset");
            taskset.arg("-c").arg(core.to_string()).arg(program);
            taskset
        }
        None => Command::new(program),
    };
    // Settings of the hall that runs on this machine must not reach the one under test.
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(|name| name.starts_with("DIENHONG_")) {
            command.env_remove(name);
        }
    }
    command.stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true);
    command
}

/// What the child says first that `read` understands; nothing when it ends or is silent instead.
pub async fn told<T>(child: &mut Child, read: impl Fn(&str) -> Option<T>) -> Option<T> {
    let mut lines = BufReader::new(child.stdout.take()?).lines();
    let telling = async {
        loop {
            let line = lines.next_line().await.ok()??;
            if let Some(told) = read(&line) {
                return Some((told, lines));
            }
        }
    };
    let (told, mut lines) = timeout(START_LIMIT, telling).await.ok()??;
    // Whatever else it says is taken from it, so that it never waits for a reader.
    tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
    Some(told)
}

/// A port of the loopback that is free now, for programs that cannot choose one themselves.
pub fn free_port() -> std::io::Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}
