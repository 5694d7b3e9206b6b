//! Writes a backup, straight from the store: a record only grows, so that whatever is read of it beside a running server is a whole
//! record of a moment ago.

use super::{BackupError, Entry, FORMAT, MANIFEST, Manifest, SECRET, wrong};
use crate::app::export::export;
use crate::chamber::ids::CouncilId;
use crate::config::Place;
use crate::ledger::note::VerifierKey;
use crate::ledger::text::hex;
use crate::node::clock::Clock;
use crate::node::secret::InstanceSecret;
use crate::ports::Store;
use crate::verify::verify;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, BufReader, BufWriter, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tar::Header;
use tokio::task::spawn_blocking;

/// The exported records until they are in the backup; removed with everything in it.
struct Parts(PathBuf);

impl Drop for Parts {
    fn drop(&mut self) {
        // It holds nothing that is not in the store, and the next backup begins by removing it.
        let _ = fs::remove_dir_all(&self.0);
    }
}

impl Parts {
    fn new(file: &Path) -> io::Result<Self> {
        let path = file.with_extension("parts");
        match fs::remove_dir_all(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        DirBuilder::new().mode(0o700).create(&path)?;
        Ok(Self(path))
    }

    fn of(&self, council: &str) -> PathBuf {
        self.0.join(format!("{council}.tar"))
    }
}

/// Writes every council's record to one file that only its owner can read, each of them verified first. The file is complete
/// or not there.
pub async fn write(
    place: &Place,
    store: Arc<dyn Store>,
    file: &Path,
    with_secret: bool,
) -> Result<Manifest, BackupError> {
    let secret = existing_secret(place)?;
    let parts = Parts::new(file).map_err(wrong(file))?;
    let mut councils = Vec::new();
    for council in store.councils().await? {
        let part = parts.of(council.as_str());
        let exported = export(store.clone(), council.clone(), &part, |_, _| {}).await?;
        let checking = spawn_blocking(move || check(council, &part, &exported.vkey));
        councils.push(checking.await.unwrap_or(Err(BackupError::NotABackup("the check of a record broke down")))?);
    }
    if councils.is_empty() {
        return Err(BackupError::Empty);
    }
    let keyholders = store.keyholders().await?.into_iter().map(Into::into).collect();
    let made_at = Clock::start().now().0;
    let manifest = Manifest { format: FORMAT.to_owned(), made_at, councils, keyholders, with_secret };
    let (written, path, key) = (manifest.clone(), file.to_path_buf(), place.secret_file());
    let work = spawn_blocking(move || {
        let key = with_secret.then_some(key);
        put_together(&path, &manifest, &secret, &parts, key.as_deref()).map_err(wrong(path))
    });
    work.await.unwrap_or(Err(BackupError::NotABackup("writing it broke down")))?;
    Ok(written)
}

/// A backup is never the moment to make a new one.
pub(super) fn existing_secret(place: &Place) -> Result<InstanceSecret, BackupError> {
    let path = place.secret_file();
    if !path.exists() {
        return Err(BackupError::NoSecret(path));
    }
    Ok(InstanceSecret::open(&path)?)
}

/// Blocks. The exported record is whole, and signed with that key.
pub(in crate::app) fn check(council: CouncilId, part: &Path, vkey: &str) -> Result<Entry, BackupError> {
    let damaged = |finding: String| BackupError::Damaged { council: council.clone(), finding };
    let key = VerifierKey::parse(vkey).map_err(|error| damaged(error.to_string()))?;
    let file = File::open(part).map_err(wrong(part))?;
    let bytes = file.metadata().map_err(wrong(part))?.len();
    let report = verify(BufReader::new(file), Some(&key), |_| {}).map_err(|error| damaged(error.to_string()))?;
    if let Some(finding) = report.findings.first() {
        let at = finding.seq.map(|seq| format!("entry {seq}: ")).unwrap_or_default();
        return Err(damaged(format!("{at}{}", finding.problem)));
    }
    Ok(Entry {
        council: council.to_string(),
        origin: key.name().to_owned(),
        size: report.entries,
        root: report.root.base64(),
        bytes,
    })
}

fn put_together(
    file: &Path,
    manifest: &Manifest,
    secret: &InstanceSecret,
    parts: &Parts,
    key: Option<&Path>,
) -> io::Result<()> {
    let new = file.with_extension("part");
    let out = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&new)?;
    let mut tar = tar::Builder::new(BufWriter::new(&out));
    let text = serde_json::to_string(manifest)?;
    let signed = format!("{text}\n{}\n", hex(&secret.backup_mac(text.as_bytes())));
    tar.append_data(&mut header(signed.len() as u64), MANIFEST, signed.as_bytes())?;
    for council in &manifest.councils {
        let part = File::open(parts.of(&council.council))?;
        tar.append_data(&mut header(council.bytes), council.path(), part)?;
    }
    if let Some(key) = key {
        let key = zeroize::Zeroizing::new(fs::read(key)?);
        tar.append_data(&mut header(key.len() as u64), SECRET, key.as_slice())?;
    }
    tar.into_inner()?.flush()?;
    out.sync_all()?;
    fs::rename(&new, file)?;
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}

fn header(length: u64) -> Header {
    let mut header = Header::new_gnu();
    header.set_mode(0o600);
    header.set_size(length);
    header
}
