use super::{carry_out, failed, not_done};
use crate::app::control::{Request, Response};
use crate::config::Place;
use clap::{Args, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;

/// The people of a council.
#[derive(Debug, Subcommand)]
pub enum Roster {
    Import(Import),
    Show(Show),
}

/// Take delegates and officers in from a CSV file: all of it, or nothing.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  dienhong roster import people.csv --council hanoi --dry-run

Columns: id,name,seat,group,offices (or mã, họ và tên, ghế, tổ, chức vụ). Offices are separated by '|': chair, deputy,
secretary, scrutineer, administrator, auditor, official, guest, press, screen. A row whose id is known replaces that person.")]
pub struct Import {
    #[command(flatten)]
    place: Place,
    file: PathBuf,
    #[arg(long)]
    council: String,
    /// Only say what would change.
    #[arg(long)]
    dry_run: bool,
}

/// List who is on the roll.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  dienhong roster show --council hanoi")]
pub struct Show {
    #[command(flatten)]
    place: Place,
    #[arg(long)]
    council: String,
}

impl Roster {
    pub async fn run(self) -> ExitCode {
        match self {
            Self::Import(import) => import.run().await,
            Self::Show(show) => show.run().await,
        }
    }
}

impl Import {
    async fn run(self) -> ExitCode {
        let csv = match std::fs::read(&self.file).map(String::from_utf8) {
            Ok(Ok(csv)) => csv,
            Ok(Err(_)) => return failed(format_args!("{}: not UTF-8; nothing was imported", self.file.display())),
            Err(error) => return failed(format_args!("{}: {error}", self.file.display())),
        };
        let request = Request::ImportRoster { council: self.council, csv, dry_run: self.dry_run };
        match carry_out(&self.place, request).await {
            Ok(Response::Roster { added, changed, unchanged, imported }) => {
                let word = if imported { "imported" } else { "would be imported" };
                println!("{added} added, {changed} changed, {unchanged} unchanged: {word}.");
                ExitCode::SUCCESS
            }
            Ok(other) => not_done(other),
            Err(code) => code,
        }
    }
}

impl Show {
    async fn run(self) -> ExitCode {
        match carry_out(&self.place, Request::People { council: self.council }).await {
            Ok(Response::People { people }) => {
                for person in people {
                    let seat = person.seat.map(|seat| seat.to_string()).unwrap_or_else(|| "-".to_string());
                    println!("{}\t{seat}\t{}\t{}", person.id, person.name, person.group);
                }
                ExitCode::SUCCESS
            }
            Ok(other) => not_done(other),
            Err(code) => code,
        }
    }
}
