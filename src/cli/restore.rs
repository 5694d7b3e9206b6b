use super::failed;
use crate::app;
use crate::app::backup::approval::NEEDED;
use crate::app::backup::file::BackupFile;
use crate::app::backup::restore::{Leave, restore};
use crate::app::folder::Lock;
use crate::config::Place;
use clap::Args;
use std::path::PathBuf;
use std::process::ExitCode;

/// Nothing was restored, because approvals are missing.
const NOT_APPROVED: u8 = 2;

/// Put a backup into an empty store, on either kind of database, once two keyholders have approved it.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  dienhong restore hall.backup --data new                      # shows what is in it; nothing is written
  dienhong keyholder approve hall.backup --key mine.key --to mine.approval          # each of two people, at home
  dienhong restore hall.backup --data new --approval an.approval --approval binh.approval")]
pub struct Restore {
    #[command(flatten)]
    place: Place,
    /// The backup.
    file: PathBuf,
    /// A keyholder's approval of this very backup; twice, of two people.
    #[arg(long, value_name = "FILE", conflicts_with = "unapproved")]
    approval: Vec<PathBuf>,
    /// Why it is restored although it names no two keyholders who could approve it. Kept, and told at every start.
    #[arg(long, value_name = "REASON")]
    unapproved: Option<String>,
}

impl Restore {
    pub async fn run(self) -> ExitCode {
        let leave = match (&self.unapproved, self.approval.is_empty()) {
            (Some(reason), _) if !reason.trim().is_empty() => Leave::Unapproved { reason: reason.trim().to_owned() },
            (Some(_), _) => return failed("--unapproved needs a reason"),
            (None, true) => return self.show(),
            (None, false) => match self.approval.iter().map(std::fs::read_to_string).collect() {
                Ok(notes) => Leave::Approvals(notes),
                Err(error) => return failed(format_args!("an approval cannot be read: {error}")),
            },
        };
        let _lock = match Lock::take(&self.place) {
            Ok(lock) => lock,
            Err(error) => return failed(error),
        };
        let store = match app::open_store(&self.place).await {
            Ok(store) => store,
            Err(error) => return failed(error),
        };
        let outcome = restore(&self.place, store.clone(), &self.file, leave).await;
        store.close().await;
        match outcome {
            Ok(councils) => {
                super::tell_heads(&councils);
                println!(
                    "Restored and verified. Before anybody votes, compare these heads with receipts on members' tablets."
                );
                ExitCode::SUCCESS
            }
            Err(error) => failed(format_args!("{error} ({})", error.code())),
        }
    }

    /// What is in it, and who may approve it.
    fn show(&self) -> ExitCode {
        let backup = match BackupFile::open(&self.file).and_then(|backup| backup.check(None).map(|()| backup)) {
            Ok(backup) => backup,
            Err(error) => return failed(error),
        };
        super::tell_heads(&backup.manifest.councils);
        println!("Keyholders:");
        for keyholder in &backup.manifest.keyholders {
            println!("  {}", keyholder.vkey);
        }
        if backup.manifest.keyholders.len() < NEEDED {
            println!("Nothing was restored: nobody can approve it, so say why with --unapproved.");
        } else {
            println!("Nothing was restored: it needs the --approval of two of them.");
        }
        ExitCode::from(NOT_APPROVED)
    }
}
