use super::failed;
use super::serve::{raise_open_files, signalled};
use crate::app::local::LocalHall;
use crate::chamber::ids::CouncilId;
use crate::client::{Host, roster_csv};
use crate::node::NewCouncil;
use crate::{demo, sample};
use clap::Args;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

/// A living chamber on this machine: a sample council whose simulated delegates check in and vote whenever the chair opens a
/// ballot. Seats are left free for you: chair, secretary and two delegates.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  dienhong demo
  dienhong demo --seats 30 --seed 7
  dienhong demo --data hall        (keeps the record, and goes on with it the next time)")]
pub struct Demo {
    /// Address to listen on. Browsers only sign on localhost or over https.
    #[arg(long, default_value = "127.0.0.1:8420")]
    listen: SocketAddr,
    /// Keep the hall in this folder; otherwise it is gone when the demonstration ends.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Seats of the council, 8 to 500.
    #[arg(long, default_value_t = 95, value_parser = clap::value_parser!(u32).range(8..=500))]
    seats: u32,
    /// The same seed makes the same people and the same behaviour.
    #[arg(long, default_value_t = 29)]
    seed: u64,
}

impl Demo {
    pub async fn run(self) -> ExitCode {
        raise_open_files();
        let people = sample::council(self.seed, self.seats);
        let Ok(id) = CouncilId::parse(sample::words::COUNCIL) else {
            return failed("the sample council has no valid id");
        };
        let council = NewCouncil {
            origin: format!("demo.dienhong.example/{id}"),
            id,
            name: sample::words::NAME.to_string(),
            short_name: sample::words::SHORT_NAME.to_string(),
            preset: "province".to_string(),
            seats: self.seats,
            people: Vec::new(),
        };
        let hall = match LocalHall::start(self.data, None, self.listen, council).await {
            Ok(hall) => hall,
            Err(error) => return failed(error),
        };
        let outcome = async {
            // A hall that goes on has its people already; taking the same file in again changes nothing.
            hall.import_roster(&roster_csv(&people)).await.map_err(|error| error.to_string())?;
            demo::run(&hall, &people, self.seed, &mut std::io::stdout()).await.map_err(|error| error.to_string())
        };
        let code = tokio::select! {
            outcome = outcome => match outcome {
                Ok(()) => ExitCode::SUCCESS,
                Err(error) => failed(error),
            },
            () = signalled() => ExitCode::SUCCESS,
        };
        hall.stop().await;
        code
    }
}
