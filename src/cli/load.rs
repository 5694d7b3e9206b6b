pub mod hub;

use super::failed;
use super::serve::{raise_open_files, signalled};
use crate::app::control::{self, Request, Response};
use crate::app::local::Scratch;
use crate::client::{ClientError, Endpoint, Host};
use crate::load::beside::{Place, Shape, Side, floor};
use crate::load::{
    self, Beside, Console, FanOut, LoadError, Nodes, Province, Report, Rounds, Setup, Steady, Storm, Under, Votes,
};
use clap::{Args, Subcommand};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

/// Measure a server under load: starts one as a process of its own, founds councils on it, and plays a scenario over real sockets
/// with signatures made beforehand.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  dienhong load votes
  dienhong load votes --delegates 500 --within 1000 --store postgres://dienhong@localhost/load --json
  dienhong load fan-out --spectators 5000 --rate 20 --seconds 10
  dienhong load storm --clients 10000
  dienhong load province
  dienhong load steady --minutes 30
  dienhong load votes --nodes 3 --redis redis://localhost --store postgres://dienhong@localhost/load --kill

Build with --release. Every figure is the median of the counted rounds; docs/performance.md says what each means.")]
pub struct Load {
    #[command(subcommand)]
    scenario: Scenario,
    /// Keep the records in this store instead of SQLite: postgres://… with an empty database, a new one for each run. Its CPU time
    /// is counted where it runs on this machine.
    #[arg(long, value_name = "URL", global = true, hide_env_values = true)]
    store: Option<String>,
    /// Start so many servers that serve the same councils; more than one needs --store postgres://… and --redis.
    #[arg(long, value_name = "N", global = true, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=9))]
    nodes: u32,
    /// Redis that joins the nodes.
    #[arg(long, value_name = "URL", global = true)]
    redis: Option<String>,
    /// Let the servers, and what is measured beside them, use this core alone; start the command itself with taskset on another.
    #[arg(long, value_name = "CORE", global = true)]
    server_core: Option<u32>,
    /// Rounds that count.
    #[arg(long, global = true, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=50))]
    rounds: u32,
    /// Rounds before those.
    #[arg(long, global = true, default_value_t = 1, value_parser = clap::value_parser!(u32).range(0..=10))]
    warm_up: u32,
    /// Print the report as one JSON object.
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Scenario {
    /// Councils vote: everybody at the same instant, spread over a time, one at a time, and in a row.
    Votes {
        #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1_000))]
        councils: u32,
        /// Of each council.
        #[arg(long, default_value_t = 577, value_parser = clap::value_parser!(u32).range(1..=900))]
        delegates: u32,
        /// Milliseconds over which the second vote of everybody is spread.
        #[arg(long, value_name = "MS", default_value_t = 1_000, value_parser = clap::value_parser!(u64).range(0..=600_000))]
        within: u64,
        /// Votes sent one at a time in each round.
        #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=1_000))]
        alone: u32,
        /// Votes of each delegate in a row in each round; a page may send 40 frames at once.
        #[arg(long, default_value_t = 16, value_parser = clap::value_parser!(u32).range(1..=30))]
        in_a_row: u32,
        /// After the rounds, another in whose middle the first node is killed (a single one is started again).
        #[arg(long)]
        kill: bool,
    },
    /// Spectators of one council watch a live tally.
    FanOut {
        #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..=50_000))]
        spectators: u32,
        /// Votes a second that change the tally.
        #[arg(long, value_name = "PER_S", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=1_000))]
        rate: u32,
        /// Of one round.
        #[arg(long, value_name = "S", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=60))]
        seconds: u32,
        /// Spectators among them who never read.
        #[arg(long, value_name = "K", default_value_t = 0)]
        stuck: u32,
    },
    /// Spectators lose their connections at the same instant and come back.
    Storm {
        #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..=50_000))]
        clients: u32,
    },
    /// Many councils vote within the same seconds while the public watches.
    Province {
        #[arg(long, default_value_t = 169, value_parser = clap::value_parser!(u32).range(1..=1_000))]
        councils: u32,
        /// Of each council.
        #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=900))]
        delegates: u32,
        /// Of all councils together.
        #[arg(long, default_value_t = 5_000, value_parser = clap::value_parser!(u32).range(1..=50_000))]
        spectators: u32,
        /// Milliseconds in which all vote.
        #[arg(long, value_name = "MS", default_value_t = 2_000, value_parser = clap::value_parser!(u64).range(0..=600_000))]
        within: u64,
        /// After the rounds, another in whose middle the first node is killed (a single one is started again).
        #[arg(long)]
        kill: bool,
    },
    /// Votes at a steady rate for minutes, one ballot after the other: what a long sitting leaves behind.
    Steady {
        #[arg(long, value_name = "N", default_value_t = 10.0, value_parser = minutes)]
        minutes: f64,
        /// Votes a second.
        #[arg(long, value_name = "PER_S", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=200))]
        rate: u32,
        #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=50_000))]
        spectators: u32,
    },
    /// The fan-out alone, beside the floor and other programs, by turns (benches/peers).
    #[command(hide = true)]
    Beside {
        #[arg(long, value_delimiter = ',', default_value = "floor,hub")]
        sides: Vec<Side>,
        #[arg(long, default_value_t = 2_000, value_parser = clap::value_parser!(u32).range(1..=50_000))]
        spectators: u32,
        /// Who never reads.
        #[arg(long, value_name = "K", default_value_t = 0)]
        stuck: u32,
        /// Changes a second.
        #[arg(long, value_name = "PER_S", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=1_000))]
        rate: u32,
        #[arg(long, value_name = "S", default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=60))]
        seconds: u32,
        /// Of one state; a `live` view with an open ballot has about 600.
        #[arg(long, value_name = "N", default_value_t = 600, value_parser = clap::value_parser!(u32).range(100..=65_000))]
        bytes: u32,
        /// Of each side.
        #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=50))]
        starts: u32,
    },
    /// Shows what its input asks for, with one `write` for each of so many sockets.
    #[command(hide = true)]
    FloorServer {
        #[arg(long)]
        sockets: u32,
    },
    /// Shows what its input asks for, as the server shows it.
    #[command(hide = true)]
    HubServer,
}

/// A second to a day.
fn minutes(text: &str) -> Result<f64, String> {
    let minutes = text.parse::<f64>().ok().filter(|minutes| (1.0 / 60.0..=1_440.0).contains(minutes));
    minutes.ok_or_else(|| "a number of minutes up to 1440".to_owned())
}

impl Load {
    pub async fn run(self) -> ExitCode {
        raise_open_files();
        let announce = |port: u16| println!("{port}");
        match self.scenario {
            Scenario::FloorServer { sockets } => {
                // It needs no runtime, and has its thread for itself.
                let floor = tokio::task::spawn_blocking(move || floor::run(sockets, announce));
                return match floor.await {
                    Ok(Ok(())) => ExitCode::SUCCESS,
                    Ok(Err(error)) => failed(error),
                    Err(error) => failed(error),
                };
            }
            Scenario::HubServer => {
                return match hub::run(announce).await {
                    Ok(()) => ExitCode::SUCCESS,
                    Err(error) => failed(error),
                };
            }
            _ => {}
        }
        let json = self.json;
        let played = tokio::select! {
            played = self.play() => played,
            // Whoever ends the command ends what it has started: dropped, they are killed.
            () = signalled() => return ExitCode::FAILURE,
        };
        match played {
            Ok(report) if json => println!("{}", report.json()),
            Ok(report) => print!("{}", report.table()),
            Err(error) => return failed(error),
        }
        ExitCode::SUCCESS
    }

    async fn play(self) -> Result<Report, LoadError> {
        let folder = Scratch::new()?;
        let program = std::env::current_exe()?;
        let core = self.server_core;
        let place = Place { program: program.clone(), folder: folder.path().to_owned(), core };
        let rounds = Rounds { counted: self.rounds, warm_up: self.warm_up };
        if let Scenario::Beside { sides, spectators, stuck, rate, seconds, bytes, starts } = self.scenario {
            let stuck = stuck.min(spectators);
            let shape = Shape { spectators, stuck, rate, seconds, bytes: bytes as usize };
            return load::beside(&place, Beside { sides, shape, starts }).await;
        }
        let postgres = self.store.as_deref().is_some_and(|url| url.starts_with("postgres"));
        if self.nodes > 1 && !(postgres && self.redis.is_some()) {
            return Err(LoadError::Start("several nodes need --store postgres://… and --redis".to_owned()));
        }
        let folder = folder.path().to_owned();
        let setup = Setup { program, folder, store: self.store, redis: self.redis, nodes: self.nodes, core };
        let nodes = Nodes::start(&setup).await?;
        let console = ControlSocket { path: nodes.control_socket()?, url: nodes.first()?.door().url() };
        let under = Under { nodes: &nodes, console: &console, place: &place };
        match self.scenario {
            Scenario::Votes { councils, delegates, within, alone, in_a_row, kill } => {
                let within = Duration::from_millis(within);
                load::votes(&under, Votes { councils, delegates, rounds, within, alone, in_a_row, kill }).await
            }
            Scenario::FanOut { spectators, rate, seconds, stuck } => {
                let stuck = stuck.min(spectators);
                load::fan_out(&under, FanOut { spectators, rate, seconds, stuck, rounds }).await
            }
            Scenario::Storm { clients } => load::storm(&under, Storm { clients, rounds }).await,
            Scenario::Province { councils, delegates, spectators, within, kill } => {
                let within = Duration::from_millis(within);
                load::province(&under, Province { councils, delegates, spectators, within, rounds, kill }).await
            }
            Scenario::Steady { minutes, rate, spectators } => {
                let lasting = Duration::from_secs_f64(minutes * 60.0);
                load::steady(&under, Steady { lasting, rate, spectators }).await
            }
            // Done above.
            Scenario::Beside { .. } | Scenario::FloorServer { .. } | Scenario::HubServer => {
                Err(LoadError::Broken("no scenario"))
            }
        }
    }
}

/// The running server's control socket.
struct ControlSocket {
    path: PathBuf,
    url: String,
}

/// One council, reached the same way.
struct CouncilConsole {
    path: PathBuf,
    endpoint: Endpoint,
}

impl Console for ControlSocket {
    type Host = CouncilConsole;

    async fn found(&self, council: &str, seats: u32) -> Result<CouncilConsole, ClientError> {
        let request = Request::Found {
            id: council.to_owned(),
            origin: format!("load.dienhong.example/{council}"),
            name: council.to_owned(),
            short_name: council.to_owned(),
            preset: "generic".to_owned(),
            seats,
            administrator: "Administrator".to_owned(),
        };
        ask(&self.path, request).await?;
        Ok(CouncilConsole { path: self.path.clone(), endpoint: Endpoint::new(&self.url, council)? })
    }
}

impl Host for CouncilConsole {
    fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    async fn issue_code(&self, person: &str, life: Duration) -> Result<String, ClientError> {
        ask(&self.path, control::enrolment(self.endpoint.council(), person, life)).await?.into_code()
    }

    async fn import_roster(&self, csv: &str) -> Result<(), ClientError> {
        ask(&self.path, control::roster(self.endpoint.council(), csv)).await.map(drop)
    }
}

async fn ask(path: &Path, request: Request) -> Result<Response, ClientError> {
    let answered = control::call(path, &request).await;
    let unreachable = |why: String| ClientError::Unreachable(format!("control socket: {why}"));
    let response = answered.map_err(|error| unreachable(error.to_string()))?;
    response.ok_or_else(|| unreachable("nobody listens".to_owned()))?.or_failed()
}
