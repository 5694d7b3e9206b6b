//! Says when the embedded pages changed, and gives the fold's source a name.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};

/// What turns a record into a council's state: a snapshot of that state is only good for the source that made it.
const FOLD: [&str; 4] = ["src/chamber", "src/ledger", "src/sequencer", "Cargo.lock"];

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    // Debug builds read the pages from the source tree at run time. A folder that is missing counts as changed on every build,
    // so only release builds name them.
    if std::env::var("PROFILE").as_deref() == Ok("release") {
        println!("cargo::rerun-if-changed=delegate-client/dist");
        println!("cargo::rerun-if-changed=chamber-display/dist");
    }
    let mut hasher = DefaultHasher::new();
    for part in FOLD {
        println!("cargo::rerun-if-changed={part}");
        for file in files(Path::new(part)) {
            file.hash(&mut hasher);
            fs::read(&file).unwrap_or_default().hash(&mut hasher);
        }
    }
    println!("cargo::rustc-env=DIENHONG_FOLD={:016x}", hasher.finish());
}

/// The file, or all below the folder, in order.
fn files(path: &Path) -> Vec<PathBuf> {
    let Ok(folder) = fs::read_dir(path) else { return vec![path.to_owned()] };
    let mut inside: Vec<PathBuf> = folder.flatten().map(|entry| entry.path()).collect();
    inside.sort();
    inside.iter().flat_map(|path| files(path)).collect()
}
