use super::failed;
use crate::app;
use crate::app::backup::approval::{approve, new_key, read_key};
use crate::app::backup::file::BackupFile;
use crate::chamber::ids::Millis;
use crate::config::Place;
use crate::ledger::note::VerifierKey;
use crate::ports::{self, Store, StoreError};
use clap::{Args, Subcommand};
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

/// Name the people two of whom must approve before a backup is restored, and approve one.
#[derive(Debug, Subcommand)]
pub enum Keyholder {
    New(New),
    Add(Add),
    Remove(Remove),
    List(List),
    Approve(Approve),
}

/// Make a key of your own, on a machine of your own. Its public half goes to whoever runs the server.
#[derive(Debug, Args)]
pub struct New {
    /// Your name, without spaces, such as tran.thi.an
    name: String,
    /// The file for the private key; keep it to yourself.
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
}

/// Name a keyholder in the store. Every backup from now on names them too.
#[derive(Debug, Args)]
pub struct Add {
    #[command(flatten)]
    place: Place,
    /// The public key, as `keyholder new` printed it.
    vkey: String,
}

/// Take a keyholder off the list.
#[derive(Debug, Args)]
pub struct Remove {
    #[command(flatten)]
    place: Place,
    name: String,
}

/// Who the keyholders are.
#[derive(Debug, Args)]
pub struct List {
    #[command(flatten)]
    place: Place,
}

/// Say that this backup may take the place of what was. Look at its heads first: are they what the hall remembers?
#[derive(Debug, Args)]
pub struct Approve {
    backup: PathBuf,
    /// Your private key.
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// The file for the approval.
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
}

impl Keyholder {
    pub async fn run(self) -> ExitCode {
        match self {
            Self::New(new) => match new_key(&new.name, &new.to) {
                Ok(key) => done(format_args!("{key}")),
                Err(error) => failed(error),
            },
            Self::Add(add) => add.run().await,
            Self::Remove(remove) => {
                match with_store(&remove.place, async |s| s.remove_keyholder(&remove.name).await).await {
                    Ok(true) => done(format_args!("{} is no keyholder any more.", remove.name)),
                    Ok(false) => failed(format_args!("there is no keyholder {}", remove.name)),
                    Err(code) => code,
                }
            }
            Self::List(list) => match with_store(&list.place, async |store| store.keyholders().await).await {
                Ok(keyholders) => {
                    keyholders.iter().for_each(|keyholder| println!("{}", keyholder.vkey));
                    ExitCode::SUCCESS
                }
                Err(code) => code,
            },
            Self::Approve(approve) => approve.run(),
        }
    }
}

impl Add {
    async fn run(self) -> ExitCode {
        let key = match VerifierKey::parse(self.vkey.trim()) {
            Ok(key) => key,
            Err(error) => return failed(error),
        };
        let added = with_store(&self.place, async |store| {
            let is_same =
                |known: &ports::Keyholder| VerifierKey::parse(&known.vkey).is_ok_and(|k| k.public() == key.public());
            if store.keyholders().await?.iter().any(|known| known.name != key.name() && is_same(known)) {
                return Ok(false);
            }
            let (name, vkey, named_at): (_, _, Millis) = (key.name().to_owned(), key.to_string(), store.clock().await?);
            store.put_keyholder(&ports::Keyholder { name, vkey, named_at }).await.map(|()| true)
        });
        match added.await {
            Ok(true) => done(format_args!("{} is a keyholder now.", key.name())),
            Ok(false) => failed("somebody else is named with this very key: two keyholders are two people"),
            Err(code) => code,
        }
    }
}

impl Approve {
    fn run(self) -> ExitCode {
        let key = match read_key(&self.key) {
            Ok(key) => key,
            Err(error) => return failed(error),
        };
        let backup = match BackupFile::open(&self.backup).and_then(|backup| backup.check(None).map(|()| backup)) {
            Ok(backup) => backup,
            Err(error) => return failed(error),
        };
        super::tell_heads(&backup.manifest.councils);
        let written = std::fs::File::create_new(&self.to)
            .and_then(|mut file| file.write_all(approve(&backup.manifest, &key).as_bytes()));
        match written {
            Ok(()) => done(format_args!("Approved by {}: {}", key.name(), self.to.display())),
            Err(error) => failed(format_args!("{}: {error}", self.to.display())),
        }
    }
}

fn done(message: std::fmt::Arguments<'_>) -> ExitCode {
    println!("{message}");
    ExitCode::SUCCESS
}

async fn with_store<T>(
    place: &Place,
    work: impl AsyncFnOnce(Arc<dyn Store>) -> Result<T, StoreError>,
) -> Result<T, ExitCode> {
    let store = app::open_store(place).await.map_err(failed)?;
    let outcome = work(store.clone()).await;
    store.close().await;
    outcome.map_err(failed)
}
