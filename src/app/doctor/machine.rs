//! The machine: files and their rights, room on the disk, the clock's keeper, limits of the kernel.

use super::Finding;
use crate::config::Place;
use crate::http::listener::ListenerConfig;
use crate::node::clock::Clock;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, UNIX_EPOCH};

/// Room for some 3.5 million entries of 600 bytes, in KiB.
const ROOM: u64 = 2 << 20;
/// Room for some 400,000: a sitting may still end.
const LITTLE_ROOM: u64 = 256 << 10;
/// Beside the connections: the store, the log, the pages.
const OTHER_FILES: u64 = 64;

pub(super) fn look(place: &Place) -> Vec<Finding> {
    if !place.data.is_dir() {
        let said = format!("there is no data folder {}", place.data.display());
        return vec![Finding::bad("files", said, "name it with --data, or found a council with `dienhong init`")];
    }
    let mut findings = vec![files(place), secret(place), disk("disk", &place.data)];
    if let Some(file) = sqlite(place) {
        // Where it is in the data folder, that disk is looked at already.
        let folder = file.parent().filter(|folder| *folder != place.data);
        findings.extend(folder.map(|folder| disk("store_disk", folder)));
    }
    findings.extend([keeper(Path::new("/run/systemd/timesync")), limits()]);
    findings
}

/// The embedded store's file.
pub(super) fn sqlite(place: &Place) -> Option<PathBuf> {
    let url = place.store_url();
    let path = url.strip_prefix("sqlite:")?;
    Some(PathBuf::from(path.strip_prefix("//").unwrap_or(path)))
}

/// Nobody else reads what is in the folder: votes by name, closed sittings, the secret.
fn files(place: &Place) -> Finding {
    let heads = place.heads();
    let open: Vec<String> = [Some(place.data.clone()), sqlite(place), Some(heads), Some(place.snapshots())]
        .into_iter()
        .flatten()
        .filter(|path| fs::metadata(path).is_ok_and(|file| file.permissions().mode() & 0o077 != 0))
        .map(|path| path.display().to_string())
        .collect();
    if open.is_empty() {
        return Finding::ok("files", "only their owner can read them");
    }
    let open = open.join(" ");
    Finding::warn("files", format!("others can read {open}"), format!("chmod go= {open}"))
}

fn secret(place: &Place) -> Finding {
    const CHECK: &str = "instance_key";
    let path = place.secret_file();
    let shown = path.display();
    let Ok(file) = fs::metadata(&path) else {
        let todo = "copy it back from where it is kept: without it no council can be served";
        return Finding::bad(CHECK, format!("{shown} cannot be found"), todo);
    };
    if file.permissions().mode() & 0o077 != 0 {
        return Finding::bad(CHECK, format!("others can read {shown}"), format!("chmod 600 {shown}"));
    }
    let now = UNIX_EPOCH + Duration::from_millis(Clock::start().now().0);
    let age = file.modified().ok().and_then(|made| now.duration_since(made).ok());
    let age = age.map(|age| format!(", {} days old", age.as_secs() / 86_400)).unwrap_or_default();
    Finding::ok(CHECK, format!("{shown}{age}; a copy belongs on another machine"))
}

fn disk(check: &'static str, folder: &Path) -> Finding {
    let said = |kib: u64| format!("{} MiB free for {}", kib >> 10, folder.display());
    match free_kib(folder) {
        None => Finding::warn(check, format!("the room for {} cannot be told", folder.display()), "look with `df`"),
        Some(kib) if kib < LITTLE_ROOM => Finding::bad(check, said(kib), "make room now: a full disk ends a sitting"),
        Some(kib) if kib < ROOM => Finding::warn(check, said(kib), "make room before the next sitting"),
        Some(kib) => Finding::ok(check, said(kib)),
    }
}

/// By the one program every Unix has for it.
fn free_kib(folder: &Path) -> Option<u64> {
    let told = Command::new("df").arg("-Pk").arg("--").arg(folder).env("LC_ALL", "C").output().ok()?;
    free_of(&String::from_utf8(told.stdout).ok()?)
}

/// POSIX: a line of names, then file system, size, used, available, share, place.
fn free_of(told: &str) -> Option<u64> {
    // From the end of the numbers, for a file system's name may hold spaces.
    let mut words = told.lines().nth(1)?.split_whitespace().rev().skip_while(|word| !word.ends_with('%'));
    words.nth(1)?.parse().ok()
}

/// systemd says that it keeps the clock by a folder, and that it is right by a file in it.
fn keeper(folder: &Path) -> Finding {
    const CHECK: &str = "clock_keeper";
    let zone = fs::read_link("/etc/localtime").ok().and_then(|to| {
        let to = to.to_str()?;
        Some(to.split_once("zoneinfo/").map_or(to, |(_, zone)| zone).to_owned())
    });
    let zone = zone.map(|zone| format!("; time zone {zone}")).unwrap_or_default();
    match (folder.is_dir(), folder.join("synchronized").exists()) {
        (true, true) => Finding::ok(CHECK, format!("systemd keeps this machine's clock{zone}")),
        (true, false) => Finding::warn(
            CHECK,
            format!("systemd has not reached a time server since this machine started{zone}"),
            "let it reach one, or set the clock by hand before the sitting",
        ),
        (false, _) => Finding::ok(CHECK, format!("who keeps this machine's clock cannot be told here{zone}")),
    }
}

/// `serve` raises its own limit to the hard one.
fn limits() -> Finding {
    const CHECK: &str = "open_files";
    let needed = u64::from(ListenerConfig::default().connections) + OTHER_FILES;
    match rlimit::Resource::NOFILE.get() {
        Ok((_, hard)) if hard >= needed => Finding::ok(CHECK, format!("{hard} open files allowed, {needed} needed")),
        Ok((_, hard)) => Finding::warn(
            CHECK,
            format!("{hard} open files allowed, {needed} needed for as many screens as are served"),
            "raise LimitNOFILE= of the service, or `ulimit -Hn`",
        ),
        Err(error) => Finding::warn(CHECK, format!("the limit of open files cannot be told: {error}"), "`ulimit -Hn`"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Grade;
    use super::*;

    #[test]
    fn the_free_room_is_read_from_df() {
        let head = "Filesystem 1024-blocks Used Available Capacity Mounted on\n";
        assert_eq!(free_of(&format!("{head}/dev/vda 263174212 37 55000 40% /\n")), Some(55_000));
        assert_eq!(free_of(&format!("{head}my disk 1 100 40 60 40% /mnt/a disk\n")), Some(60));
        assert_eq!(free_of(head), None);
        assert!(free_kib(Path::new("/")).is_some());
    }

    #[test]
    fn a_clock_nobody_has_set_is_told() {
        let folder = tempfile::tempdir().expect("a folder");
        assert_eq!(keeper(folder.path()).grade, Grade::Warn);
        fs::write(folder.path().join("synchronized"), "").expect("written");
        assert_eq!(keeper(folder.path()).grade, Grade::Ok);
    }
}
