//! The library between the program and the kernel (shim.c), built with the C compiler that the dependencies need anyhow.

use crate::report::Outcome;
use std::fs::{self, File};
use std::os::unix::fs::FileExt;
use std::path::PathBuf;
use std::process::Command;
use tempfile::TempDir;

pub const MISSING: Outcome = Outcome::NotRun("needs Linux and a C compiler (cc)");

pub struct Shim {
    folder: TempDir,
    control: File,
}

/// The fields of the shared page, in shim.c's order.
#[derive(Debug, Clone, Copy)]
pub enum Field {
    ClockMs,
    /// So many of the next fsyncs of the record's files fail; below zero: all.
    Fail,
    SlowUs,
    Failed,
}

const FIELDS: usize = 4;

impl Shim {
    /// Nothing where it cannot be built.
    pub fn build() -> Option<Self> {
        if !cfg!(target_os = "linux") {
            return None;
        }
        let folder = tempfile::tempdir().expect("a temporary directory");
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/faults/shim.c");
        let built = Command::new("cc")
            .args(["-shared", "-fPIC", "-O2", "-o"])
            .arg(folder.path().join("shim.so"))
            .args([source, "-ldl", "-lpthread"])
            .status();
        if !built.is_ok_and(|status| status.success()) {
            return None;
        }
        let path = folder.path().join("control");
        fs::write(&path, [0; FIELDS * 8]).expect("the folder can be written");
        let control = File::options().read(true).write(true).open(path).expect("it is there");
        Some(Self { folder, control })
    }

    /// For the environment of a program whose record is in a file of that name.
    pub fn settings(&self, watched: &str) -> Vec<(String, String)> {
        let path = |name: &str| self.folder.path().join(name).display().to_string();
        [
            ("LD_PRELOAD", path("shim.so")),
            ("FAULTS_CONTROL", path("control")),
            ("FAULTS_JOURNAL", path("journal")),
            ("FAULTS_WATCHED", watched.to_owned()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into()
    }

    pub fn journal(&self) -> PathBuf {
        self.folder.path().join("journal")
    }

    pub fn set(&self, field: Field, value: i64) {
        self.control.write_all_at(&value.to_ne_bytes(), field as u64 * 8).expect("the page can be written");
    }

    pub fn get(&self, field: Field) -> i64 {
        let mut value = [0; 8];
        self.control.read_exact_at(&mut value, field as u64 * 8).expect("the page can be read");
        i64::from_ne_bytes(value)
    }
}
