use super::failed;
use crate::app::{
    export::export,
    local::{ANY_PORT, LocalHall},
};
use crate::chamber::ids::CouncilId;
use crate::client::{Administrator, DeviceKey, Endpoint};
use crate::node::NewCouncil;
use crate::replay::{Recording, play};
use clap::Args;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Play a recorded sitting as real clients: every member enrols, checks in and signs; each tally is printed beside the recorded
/// one. Exits 1 where they differ.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  dienhong replay tests/data/senate-114
  dienhong replay tests/data/senate-114 --store sqlite:senate.sqlite --export senate.tar
  dienhong replay tests/data/senate-114 --url https://hoidong.example --council trial --admin-code ABCD-EFGH

DIR holds members.csv (id,name,group,constituency), votes.csv (rollcall,member,choice) and expected.csv
(rollcall,yes,no,abstain,absent). Quorum is not enforced, only warned of.")]
pub struct Replay {
    dir: PathBuf,
    /// Keep the record in this store: sqlite:PATH or postgres://…
    #[arg(long, value_name = "URL")]
    store: Option<String>,
    /// Write the record to this file at the end.
    #[arg(long, value_name = "FILE", conflicts_with = "url")]
    export: Option<PathBuf>,
    /// Play on a server that runs already, instead of one in this process.
    #[arg(long, requires = "admin_code", conflicts_with = "store")]
    url: Option<String>,
    /// One-time code of an administrator there.
    #[arg(long, requires = "url")]
    admin_code: Option<String>,
    /// The council to play in; with --url it must exist there, otherwise it is founded.
    #[arg(long, default_value = "replay")]
    council: String,
}

impl Replay {
    pub async fn run(self) -> ExitCode {
        match self.try_run().await {
            Ok(true) => ExitCode::SUCCESS,
            Ok(false) => ExitCode::FAILURE,
            Err(error) => failed(error),
        }
    }

    async fn try_run(self) -> Result<bool, Box<dyn std::error::Error>> {
        let recording = Recording::read(&self.dir)?;
        match (&self.url, &self.admin_code) {
            (Some(url), Some(code)) => {
                let endpoint = Endpoint::new(url, &self.council)?;
                let identity = endpoint.enrol(code, DeviceKey::generate()?).await?;
                let host = Administrator::connect(endpoint, &identity).await?;
                Ok(play(&host, &recording, &mut std::io::stdout()).await?)
            }
            _ => self.play_here(&recording).await,
        }
    }

    async fn play_here(&self, recording: &Recording) -> Result<bool, Box<dyn std::error::Error>> {
        let id = CouncilId::parse(self.council.clone())?;
        if let Some(store) = &self.store {
            let store = crate::store::open(store).await?;
            let taken = store.head(&id).await?.is_some_and(|head| head.size > 0);
            store.close().await;
            if taken {
                return Err(format!("the store has a council {id} already; choose another with --council").into());
            }
        }
        let name = self.dir.file_name().map_or_else(|| "replay".into(), |name| name.to_string_lossy().into_owned());
        let council = NewCouncil {
            id: id.clone(),
            origin: format!("replay.dienhong.example/{id}"),
            name: name.clone(),
            short_name: name,
            preset: "generic".to_string(),
            seats: u32::try_from(recording.members.len())?,
            people: Vec::new(),
        };
        let hall = LocalHall::start(None, self.store.clone(), ANY_PORT, council).await?;
        let played = play(&hall, recording, &mut std::io::stdout()).await;
        let exported = match &self.export {
            Some(file) => write_export(&hall, &id, file).await,
            None => Ok(()),
        };
        hall.stop().await;
        exported?;
        Ok(played?)
    }
}

async fn write_export(hall: &LocalHall, id: &CouncilId, file: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let exported = export(hall.platform().store(), id.clone(), file, |_, _| ()).await?;
    println!("{}: {} entries, key {}", file.display(), exported.entries, exported.vkey);
    Ok(())
}
