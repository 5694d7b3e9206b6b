use super::failed;
use crate::app::{self, backup::approval, backup::write::write};
use crate::config::Place;
use clap::Args;
use std::path::PathBuf;
use std::process::ExitCode;

/// Write everything a new machine needs to one file: the whole record of every council, each of them verified.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  dienhong backup --to /mnt/usb/hall-2026-11-22.backup

Runs beside a serving server and disturbs nobody. The file holds every vote with its name: keep it as the record itself.")]
pub struct Backup {
    #[command(flatten)]
    place: Place,
    /// The file to write.
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
    /// Put the instance secret into it as well: whoever has the file can then sign as this server.
    #[arg(long)]
    with_secret: bool,
}

impl Backup {
    pub async fn run(self) -> ExitCode {
        let store = match app::open_store(&self.place).await {
            Ok(store) => store,
            Err(error) => return failed(error),
        };
        let outcome = write(&self.place, store.clone(), &self.to, self.with_secret).await;
        store.close().await;
        let manifest = match outcome {
            Ok(manifest) => manifest,
            Err(error) => return failed(format_args!("{error} ({})", error.code())),
        };
        super::tell_heads(&manifest.councils);
        println!("{}: {} verified and written.", self.to.display(), manifest.councils.len());
        if self.with_secret {
            eprintln!(
                "The instance secret is in this file: whoever reads it can sign in this server's name. Lock it away."
            );
        } else {
            eprintln!(
                "The instance secret is not in it: keep a copy of {} elsewhere.",
                self.place.secret_file().display()
            );
        }
        if manifest.keyholders.len() < approval::NEEDED {
            eprintln!("Nobody can approve its restoring: name two people first with `dienhong keyholder add`.");
        }
        ExitCode::SUCCESS
    }
}
