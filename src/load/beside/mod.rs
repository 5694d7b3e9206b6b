//! What showing a state to a crowd costs, beside what it costs others: the floor, which is the least anybody could do, and programs
//! made for nothing else. Each side runs as a process of its own, by turns, in front of the same spectators.

pub mod floor;
pub mod nats;
mod nchan;
mod program;

pub use program::Place;

use super::LoadError;
use super::crowd::{Crowd, JOINING_AT_ONCE, Moments, Watched};
use super::stats::ratio;
use clap::ValueEnum;
use futures_util::{StreamExt, TryStreamExt, stream};
use program::Program;
use std::io::BufRead;
use std::time::{Duration, Instant};

/// Who shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Side {
    /// One `write` of the ready frame for each socket, and nothing else.
    Floor,
    /// This server's listener, join and fan, without councils and votes.
    Hub,
    /// nginx with Nchan.
    Nchan,
    /// The NATS server's WebSocket.
    Nats,
}

impl Side {
    pub fn name(self) -> &'static str {
        match self {
            Self::Floor => "floor",
            Self::Hub => "hub",
            Self::Nchan => "nchan",
            Self::Nats => "nats",
        }
    }

    /// Why it cannot be measured here, where it cannot.
    pub fn missing(self) -> Option<&'static str> {
        let absent = |name: &str| program::installed(name).is_none();
        match self {
            Self::Floor | Self::Hub => None,
            Self::Nchan if absent("nginx") => Some("nginx is missing (Debian: nginx-light, libnginx-mod-nchan)"),
            Self::Nchan => nchan::missing(),
            Self::Nats => absent("nats-server").then_some("the NATS server is missing (Debian: nats-server)"),
        }
    }
}

/// Who watches, and what.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    pub spectators: u32,
    /// Of those, who never read.
    pub stuck: u32,
    /// Changes a second.
    pub rate: u32,
    pub seconds: u32,
    /// Of each state.
    pub bytes: usize,
}

/// What one start of one side has shown.
#[derive(Debug, Clone, Copy)]
pub struct Shown {
    /// From the moment it was told to an arrival.
    pub p50_ms: Option<f64>,
    pub p99_ms: Option<f64>,
    /// From a state's first arrival anywhere to each other's.
    pub spread_p99_ms: Option<f64>,
    pub per_cpu_second: Option<f64>,
    /// Of all states at all healthy spectators, those that were not skipped for a newer one.
    pub share: Option<f64>,
    pub growth: Option<f64>,
    pub kib_idle: Option<f64>,
    pub held_bytes: Option<f64>,
}

/// A state to be shown: its number, and how long it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    pub number: u64,
    pub bytes: usize,
}

/// A crowd that has just come in is still being dealt with.
const SETTLE: Duration = Duration::from_secs(1);
/// For those who come in, and after the last state for those who are behind.
const GATHER_LIMIT: Duration = Duration::from_secs(60);
const CATCH_UP: Duration = Duration::from_secs(5);
/// Between two states shown to a crowd until all have seen one.
const GATHER_EVERY: Duration = Duration::from_millis(200);
const SMALL: usize = 150;
/// So large that a stuck reader's buffers are full at once.
const LARGE: usize = 16 * 1024;
const LARGE_ONES: u32 = 60;

/// Starts the side, lets the crowd in, warms up for a second, and measures.
///
/// # Errors
/// When it does not start, or not everybody can be let in.
pub async fn one_start(side: Side, place: &Place, shape: Shape) -> Result<Shown, LoadError> {
    let mut program = Program::start(side, place, shape.spectators).await?;
    let before = program.pss_kib();
    let mut showing = Showing { crowd: gather(&program, shape).await?, next: 1 };
    showing.until_all_have_seen_one(&mut program).await?;
    tokio::time::sleep(SETTLE).await;
    let after = program.pss_kib();
    if shape.stuck > 0 {
        showing.at_a_rate(&mut program, LARGE_ONES, Shape { bytes: LARGE, ..shape }).await?;
    }
    let held_bytes = showing.crowd.held_bytes(program.door().address().port()).filter(|_| shape.stuck > 0);
    showing.at_a_rate(&mut program, shape.rate, shape).await?;
    let start = program.cpu_seconds();
    let seen = showing.at_a_rate(&mut program, shape.rate * shape.seconds, shape).await?;
    let spent = program.cpu_seconds().zip(start).map(|(now, then)| now - then);
    let healthy = showing.crowd.healthy();
    drop(showing);
    program.end().await?;
    let possible = f64::from(shape.rate * shape.seconds) * healthy as f64;
    Ok(Shown {
        p50_ms: seen.delays.ms(50.0),
        p99_ms: seen.delays.ms(99.0),
        spread_p99_ms: seen.spread.ms(99.0),
        per_cpu_second: spent.and_then(|spent| ratio(seen.deliveries as f64, spent)),
        share: ratio(seen.deliveries as f64, possible),
        growth: seen.growth,
        kib_idle: before
            .zip(after)
            .and_then(|(before, after)| ratio(after as f64 - before as f64, f64::from(shape.spectators))),
        held_bytes,
    })
}

async fn gather(program: &Program, shape: Shape) -> Result<Crowd, LoadError> {
    let narrow = program.door().for_the_stuck();
    let mut crowd = Crowd::new();
    let coming = (0..shape.spectators).map(async |n| {
        let is_stuck = n < shape.stuck;
        let door = if is_stuck { &narrow } else { program.door() };
        Ok::<_, LoadError>((is_stuck, program.let_in(door).await?))
    });
    let mut coming = stream::iter(coming).buffer_unordered(JOINING_AT_ONCE);
    while let Some((is_stuck, (ear, mouth))) = coming.try_next().await? {
        if is_stuck {
            crowd.leave_unread(ear, mouth);
        } else {
            crowd.read((0, 0), ear, mouth);
        }
    }
    drop(coming);
    Ok(crowd)
}

struct Showing {
    crowd: Crowd,
    next: u64,
}

impl Showing {
    async fn show(&mut self, program: &mut Program, bytes: usize, moments: &mut Moments) -> Result<(), LoadError> {
        moments.note(0, self.next, self.crowd.now());
        program.show(Change { number: self.next, bytes }).await?;
        self.next += 1;
        Ok(())
    }

    async fn until_all_have_seen_one(&mut self, program: &mut Program) -> Result<(), LoadError> {
        let until = Instant::now() + GATHER_LIMIT;
        let mut first = Moments::default();
        self.show(program, SMALL, &mut first).await?;
        while !self.crowd.caught_up(&first, GATHER_EVERY).await {
            if Instant::now() >= until {
                return Err(LoadError::TooLong("letting everybody in"));
            }
            self.show(program, SMALL, &mut Moments::default()).await?;
        }
        Ok(())
    }

    async fn at_a_rate(&mut self, program: &mut Program, changes: u32, shape: Shape) -> Result<Watched, LoadError> {
        self.crowd.begin();
        let (begun, mut moments) = (Instant::now(), Moments::default());
        for change in 0..changes {
            let due = begun + Duration::from_secs(1) * change / shape.rate.max(1);
            tokio::time::sleep_until(due.into()).await;
            self.show(program, shape.bytes, &mut moments).await?;
        }
        self.crowd.caught_up(&moments, CATCH_UP).await;
        let seen = self.crowd.watched(&moments);
        if seen.lost > 0 {
            return Err(LoadError::Broken("a spectator lost its connection"));
        }
        Ok(seen)
    }
}

impl Change {
    fn line(self) -> String {
        format!("{} {}\n", self.number, self.bytes)
    }

    fn read(line: &str) -> Option<Self> {
        let (number, bytes) = line.split_once(' ')?;
        Some(Self { number: number.parse().ok()?, bytes: bytes.parse().ok()? })
    }

    /// Reads as a view, so that the spectators take it for one.
    pub fn text(self) -> String {
        let head = format!(r#"{{"type":"view","size":{},"topic":"live","state":""#, self.number);
        let filling = self.bytes.saturating_sub(head.len() + 2);
        format!(r#"{head}{}"}}"#, "x".repeat(filling))
    }
}

/// In the child: what it is told to show, until its parent is gone.
pub fn changes(input: impl BufRead) -> impl Iterator<Item = Change> {
    input.lines().map_while(|line| Change::read(&line.ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::frame::view_head;

    #[test]
    fn a_change_is_told_in_a_line_and_read_as_a_view() {
        let change = Change { number: 71, bytes: 600 };
        assert_eq!(changes(change.line().as_bytes()).collect::<Vec<_>>(), [change]);
        let text = change.text();
        assert_eq!(text.len(), 600);
        assert_eq!(view_head(text.as_bytes()), Some(("live", 71)));
        assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok());
    }
}
