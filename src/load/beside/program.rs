//! One of those that show states, started as a process of its own: how it is started, told what to show, and what it costs.

use super::{Change, Side, nats, nchan};
use crate::load::LoadError;
use crate::load::child;
use crate::load::line::{Door, Ear, Mouth, join, open};
use crate::load::usage;
use crate::wire::frames::Page;
use std::fs::File;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::process::{Child, ChildStdin, Command};

/// Until a program that does not say so listens.
const START_LIMIT: Duration = Duration::from_secs(20);
const PROBE_EVERY: Duration = Duration::from_millis(20);
/// Other programs by the names Debian gives them; `sbin` is not in everybody's PATH.
const PLACES: [&str; 4] = ["/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin"];
/// Where one of our own programs has its socket.
pub const SOCKET: &str = "/ws";

pub struct Program {
    side: Side,
    child: Child,
    pid: u32,
    door: Door,
    input: Input,
}

/// How it is told what to show.
enum Input {
    /// A program of ours: number and length, a line each.
    Lines(ChildStdin),
    Nats(nats::Publisher),
    Nchan(nchan::Publisher),
}

/// What all are started with.
#[derive(Debug, Clone)]
pub struct Place {
    /// This very program.
    pub program: PathBuf,
    /// For settings, logs and pid files.
    pub folder: PathBuf,
    /// The only core they may use.
    pub core: Option<u32>,
}

impl Program {
    /// Starts it for so many spectators; there is nobody yet.
    pub async fn start(side: Side, place: &Place, spectators: u32) -> Result<Self, LoadError> {
        match side {
            Side::Floor => {
                Self::own(side, place, &["load", "floor-server", "--sockets", &spectators.to_string()]).await
            }
            Side::Hub => Self::own(side, place, &["load", "hub-server"]).await,
            Side::Nats => {
                let (port, websocket) = (child::free_port()?, child::free_port()?);
                let (child, pid) = peer(side, place, "nats-server", &nats::settings(port, websocket)).await?;
                reachable(websocket).await?;
                reachable(port).await?;
                let input = Input::Nats(nats::Publisher::connect(port).await?);
                Ok(Self { side, child, pid, door: door(websocket), input })
            }
            Side::Nchan => {
                let port = child::free_port()?;
                let (child, pid) = peer(side, place, "nginx", &nchan::settings(port, &place.folder)).await?;
                reachable(port).await?;
                let input = Input::Nchan(nchan::Publisher::connect(port).await?);
                Ok(Self { side, child, pid, door: door(port), input })
            }
        }
    }

    async fn own(side: Side, place: &Place, arguments: &[&str]) -> Result<Self, LoadError> {
        let mut command = child::command(&place.program, place.core);
        let mut child = command.args(arguments).stdin(Stdio::piped()).spawn()?;
        let told = child::told(&mut child, |line| line.trim().parse().ok()).await;
        let (Some(port), Some(pid), Some(input)) = (told, child.id(), child.stdin.take()) else {
            return Err(LoadError::Start(format!("{side:?} tells no port")));
        };
        Ok(Self { side, child, pid, door: door(port), input: Input::Lines(input) })
    }

    /// One who watches.
    pub async fn let_in(&self, door: &Door) -> Result<(Ear, Arc<Mouth>), LoadError> {
        match self.side {
            Side::Floor => open(door, SOCKET).await,
            Side::Hub => join(door, SOCKET, Page::Wall, None, &mut |_| {}).await,
            Side::Nchan => open(door, nchan::SOCKET).await,
            Side::Nats => nats::let_in(door).await,
        }
    }

    pub fn door(&self) -> &Door {
        &self.door
    }

    pub async fn show(&mut self, change: Change) -> Result<(), LoadError> {
        match &mut self.input {
            Input::Lines(input) => Ok(input.write_all(change.line().as_bytes()).await?),
            Input::Nats(publisher) => publisher.show(&change.text()).await,
            Input::Nchan(publisher) => publisher.show(&change.text()).await,
        }
    }

    pub fn cpu_seconds(&self) -> Option<f64> {
        usage::cpu_seconds(self.pid)
    }

    pub fn pss_kib(&self) -> Option<u64> {
        usage::pss_kib(self.pid)
    }

    /// Ends it and waits until it is gone, so that the next has the core for itself.
    pub async fn end(mut self) -> Result<(), LoadError> {
        Ok(self.child.kill().await?)
    }
}

fn door(port: u16) -> Door {
    Door::new(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))
}

/// Where a program that is not ours is installed.
pub fn installed(name: &str) -> Option<PathBuf> {
    PLACES.iter().map(|place| Path::new(place).join(name)).find(|path| path.is_file())
}

async fn peer(side: Side, place: &Place, name: &str, settings: &str) -> Result<(Child, u32), LoadError> {
    let program = installed(name).ok_or_else(|| LoadError::Start(format!("{name} is not installed")))?;
    let file = place.folder.join(format!("{name}.conf"));
    std::fs::write(&file, settings)?;
    let log = File::create(place.folder.join(format!("{name}.log")))?;
    let mut command: Command = child::command(&program, place.core);
    if side == Side::Nchan {
        command.arg("-p").arg(&place.folder);
    }
    let child = command.arg("-c").arg(&file).stdout(log.try_clone()?).stderr(log).spawn()?;
    let pid = child.id().ok_or_else(|| LoadError::Start(format!("{name} ended at once")))?;
    Ok((child, pid))
}

/// These do not say when they are ready.
async fn reachable(port: u16) -> Result<(), LoadError> {
    let until = Instant::now() + START_LIMIT;
    while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.is_err() {
        if Instant::now() >= until {
            return Err(LoadError::TooLong("starting"));
        }
        tokio::time::sleep(PROBE_EVERY).await;
    }
    Ok(())
}
