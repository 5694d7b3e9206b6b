//! Floor 6. The command line: one file a command.

// What a command has to say goes to the console; everything else in this package logs.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod backup;
mod ca;
mod demo;
mod doctor;
mod enrol;
mod export;
mod init;
mod keyholder;
pub mod load;
mod replay;
mod restore;
mod roster;
mod serve;
mod sim;
mod verify;

use crate::config::Place;
use clap::{Parser, Subcommand};
use std::fmt::Display;
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

/// Chamber voting and session control: every vote signed by its delegate's own device, in one ordered record that anyone entitled
/// can verify.
#[derive(Debug, Parser)]
#[command(
    name = "dienhong",
    version,
    after_help = "Start with `dienhong demo`: a whole hall on this machine, with nothing to install."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Demo(demo::Demo),
    Serve(serve::Serve),
    Init(init::Init),
    #[command(subcommand)]
    Roster(roster::Roster),
    Enrol(enrol::Enrol),
    #[command(subcommand)]
    Ca(ca::Ca),
    Replay(replay::Replay),
    Load(load::Load),
    Sim(sim::Sim),
    Export(export::Export),
    Backup(backup::Backup),
    Restore(restore::Restore),
    Doctor(doctor::Doctor),
    #[command(subcommand)]
    Keyholder(keyholder::Keyholder),
    #[command(mut_arg("bundle", |bundle| bundle.help(verify::BUNDLE_HELP)))]
    Verify(crate::verify::cli::VerifyArgs),
}

/// Runs the command the process was started with.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    // Verifying needs no runtime and writes its own words.
    if let Command::Verify(args) = cli.command {
        return verify::run(args);
    }
    if let Command::Sim(command) = cli.command {
        return command.run();
    }
    start_logging(matches!(cli.command, Command::Serve(_)));
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failed(format_args!("cannot start: {error}")),
    };
    runtime.block_on(async {
        match cli.command {
            Command::Demo(command) => command.run().await,
            Command::Replay(command) => command.run().await,
            Command::Load(command) => command.run().await,
            Command::Serve(command) => command.run().await,
            Command::Init(command) => command.run().await,
            Command::Roster(command) => command.run().await,
            Command::Enrol(command) => command.run().await,
            Command::Export(command) => command.run().await,
            Command::Ca(command) => command.run(),
            Command::Backup(command) => command.run().await,
            Command::Restore(command) => command.run().await,
            Command::Doctor(command) => command.run().await,
            Command::Keyholder(command) => command.run().await,
            Command::Sim(_) | Command::Verify(_) => ExitCode::SUCCESS,
        }
    })
}

/// Logs go to standard error: as JSON where a machine reads them, as plain warnings beside a command's own words.
fn start_logging(server: bool) {
    let default = if server { "info" } else { "warn" };
    let filter = EnvFilter::try_from_env("DIENHONG_LOG").unwrap_or_else(|_| EnvFilter::new(default));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if server {
        builder.json().flatten_event(true).init();
    } else {
        builder.without_time().with_target(false).init();
    }
}

/// Says on the console what went wrong, and gives the code that says so to scripts.
fn failed(message: impl Display) -> ExitCode {
    eprintln!("dienhong: {message}");
    ExitCode::FAILURE
}

/// Carries a request out on the server that runs on this data folder, or in this process when none does.
async fn carry_out(
    place: &Place,
    request: crate::app::control::Request,
) -> Result<crate::app::control::Response, ExitCode> {
    use crate::app::{self, control};
    let path = place.control_socket();
    match control::call(&path, &request).await {
        Ok(Some(response)) => Ok(response),
        Ok(None) => {
            let (platform, _lock) = match app::open(place).await {
                Ok(opened) => opened,
                Err(error @ app::AppError::Open(_)) => {
                    return Err(failed(format_args!(
                        "{error}\nIf another server writes this store, run the command with that server's --data."
                    )));
                }
                Err(error) => return Err(failed(error)),
            };
            let response = control::carry_out(&platform, request).await;
            platform.stop().await;
            Ok(response)
        }
        Err(error) => Err(failed(format_args!("the server on {} does not answer: {error}", path.display()))),
    }
}

/// A response that is not the one hoped for.
fn not_done(response: crate::app::control::Response) -> ExitCode {
    use crate::app::control::Response;
    match response {
        Response::Failed { code, message, problems } => {
            for problem in &problems {
                eprintln!("  {problem}");
            }
            failed(format_args!("{message} ({code})"))
        }
        other => failed(format_args!("unexpected answer: {other:?}")),
    }
}

/// Where each record of a backup ends, for people to compare.
fn tell_heads(councils: &[crate::app::backup::Entry]) {
    for council in councils {
        println!("{}\t{} entries\troot {}\t{}", council.council, council.size, council.root, council.origin);
    }
}
