use super::failed;
use crate::app::{self, export::export};
use crate::chamber::ids::CouncilId;
use crate::config::Place;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use std::path::PathBuf;
use std::process::ExitCode;

/// Write a council's whole record to one file that can be verified anywhere.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  dienhong export --council hanoi hanoi.tar
  dienhong verify hanoi.tar --key 'hanoi.gov.vn/hdnd+…'

The file is always the whole record, from the founding to this moment: only so can it be checked. It holds every vote with its
name, also where the council keeps names restricted.")]
pub struct Export {
    #[command(flatten)]
    place: Place,
    #[arg(long)]
    council: String,
    file: PathBuf,
}

impl Export {
    pub async fn run(self) -> ExitCode {
        let Ok(council) = CouncilId::parse(self.council.clone()) else {
            return failed(format_args!("{:?} is not a council's id", self.council));
        };
        let store = match app::open_store(&self.place).await {
            Ok(store) => store,
            Err(error) => return failed(error),
        };
        // Drawn on standard error, and only where that is a terminal.
        let bar = ProgressBar::new(0);
        if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos}/{len} entries") {
            bar.set_style(style);
        }
        let shown = bar.clone();
        let progress = move |done, all| {
            shown.set_length(all);
            shown.set_position(done);
        };
        let outcome = export(store.clone(), council, &self.file, progress).await;
        bar.finish_and_clear();
        store.close().await;
        match outcome {
            Ok(exported) => {
                println!("{}: {} entries", self.file.display(), exported.entries);
                println!("Key of the record: {}", exported.vkey);
                ExitCode::SUCCESS
            }
            Err(error) => failed(error),
        }
    }
}
