//! Backups, their approval, and their way into an empty store.

use crate::hall::{COUNCIL, verified_export};
use crate::kept::Kept;
use crate::process::{Process, dienhong, stderr, stdout};
use crate::support::place::Place;
use dienhong::config;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const AN: &str = "an";
const BINH: &str = "binh";
const DUNG: &str = "dung";

/// A council that runs, with two keyholders, and a backup of it taken beside the running server.
struct Story {
    kept: Kept,
    backup: PathBuf,
}

impl Story {
    async fn told(store: Place) -> Self {
        let kept = Kept::begin(store).await;
        for name in [AN, BINH, DUNG] {
            let made = kept.run(&["keyholder", "new", name, "--to", text(&key(&kept.folder, name))]).await;
            assert!(made.status.success(), "{}", stderr(&made));
            // A third has a key, but nobody has named it.
            if name != DUNG {
                let added = kept.run(&["keyholder", "add", stdout(&made).trim()]).await;
                assert!(added.status.success(), "{}", stderr(&added));
            }
        }
        let backup = kept.folder.path().join("hall.backup");
        let story = Self { kept, backup };
        story.back_up(&story.backup, &["--with-secret"]).await;
        story
    }

    async fn back_up(&self, file: &Path, more: &[&str]) {
        let written = self.kept.run(&[&["backup", "--to", text(file)], more].concat()).await;
        assert!(written.status.success(), "{}", stderr(&written));
        assert_eq!(fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
    }

    /// The file of that person's approval.
    async fn approve(&self, name: &str, backup: &Path) -> PathBuf {
        let approval = backup.with_extension(format!("{name}.approval"));
        let key = key(&self.kept.folder, name);
        let arguments = ["keyholder", "approve", text(backup), "--key", text(&key), "--to", text(&approval)];
        let approved = self.kept.run(&arguments).await;
        assert!(approved.status.success(), "{}", stderr(&approved));
        approval
    }
}

/// A machine that has nothing yet.
struct Empty {
    folder: TempDir,
    store: Place,
}

impl Empty {
    fn on(store: Place) -> Self {
        Self { folder: tempfile::tempdir().unwrap(), store }
    }

    fn place(&self) -> config::Place {
        config::Place { data: self.folder.path().join("data"), store: Some(self.store.url()) }
    }

    async fn is_empty(&self) -> bool {
        let store = self.store.open().await;
        let is_empty = store.councils().await.unwrap().is_empty();
        store.close().await;
        is_empty
    }

    /// The exit status of `restore`, and what it said.
    async fn restore(&self, backup: &Path, approvals: &[&PathBuf]) -> (i32, String) {
        let mut arguments = vec!["restore", text(backup)];
        for approval in approvals {
            arguments.extend(["--approval", text(approval)]);
        }
        self.run(&arguments).await
    }

    async fn run(&self, arguments: &[&str]) -> (i32, String) {
        let place = self.place();
        let told = dienhong(&place.data, place.store.as_deref(), arguments).await;
        (told.status.code().unwrap(), stdout(&told) + &stderr(&told))
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_sqlite_to_sqlite() {
    there(Place::sqlite(), Place::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_sqlite_to_postgres() {
    if let Some(postgres) = Place::postgres().await {
        there(Place::sqlite(), postgres).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_postgres_to_sqlite() {
    if let Some(postgres) = Place::postgres().await {
        there(postgres, Place::sqlite()).await;
    }
}

/// The restored record is the same to the byte, is served, and goes on.
async fn there(from: Place, to: Place) {
    let mut story = Story::told(from).await;
    story.kept.stop().await;
    let before = story.kept.folder.path().join("before.tar");
    verified_export(&story.kept.place(), &before).await;
    let votes = "SELECT person FROM person ORDER BY person";
    let people = story.kept.store.look(votes).await;
    assert!(people.len() > 4);

    let empty = Empty::on(to);
    let approvals = [story.approve(AN, &story.backup).await, story.approve(BINH, &story.backup).await];
    let (status, told) = empty.restore(&story.backup, &approvals.each_ref()).await;
    assert_eq!(status, 0, "{told}");
    let after = empty.folder.path().join("after.tar");
    verified_export(&empty.place(), &after).await;
    assert!(fs::read(&before).unwrap() == fs::read(&after).unwrap(), "the same record to the byte");
    assert_eq!(empty.store.look(votes).await, people, "its projections with it");

    // A record is never restored over.
    let (status, told) = empty.restore(&story.backup, &approvals.each_ref()).await;
    assert!(status == 1 && told.contains("store_not_empty"), "{told}");

    let process = Process::serve(&empty.place().data, empty.place().store.as_deref()).await;
    let mut kept = Kept { store: empty.store, folder: empty.folder, process };
    assert!(kept.add(30).await, "it goes on");
    kept.stop().await;
    let listed = kept.run(&["keyholder", "list"]).await;
    assert_eq!(stdout(&listed).lines().count(), 2, "who approves the next is known there, too");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_person_alone_restores_nothing() {
    let mut story = Story::told(Place::sqlite()).await;
    let (an, binh) = (story.approve(AN, &story.backup).await, story.approve(BINH, &story.backup).await);
    let dung = story.approve(DUNG, &story.backup).await;
    assert!(story.kept.add(30).await);
    let newer = story.kept.folder.path().join("newer.backup");
    story.back_up(&newer, &["--with-secret"]).await;
    let of_newer = story.approve(BINH, &newer).await;
    story.kept.stop().await;

    let empty = Empty::on(Place::sqlite());
    let (status, told) = empty.restore(&story.backup, &[]).await;
    assert!(status == 2 && told.contains("Nothing was restored") && told.contains(COUNCIL), "{told}");
    for approvals in [&[&an][..], &[&an, &an], &[&an, &dung], &[&an, &of_newer]] {
        let (status, told) = empty.restore(&story.backup, approvals).await;
        assert!(status == 1 && told.contains("1 of 2 approvals"), "{told}");
    }
    let (status, told) = empty.run(&["restore", text(&story.backup), "--unapproved", "vội"]).await;
    assert!(status == 1 && told.contains("approvals_missing"), "{told}");
    assert!(empty.is_empty().await);

    let (status, told) = empty.restore(&story.backup, &[&an, &binh]).await;
    assert_eq!(status, 0, "{told}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_that_is_named_twice_is_one_person() {
    let mut story = Story::told(Place::sqlite()).await;
    let vkey = fs::read_to_string(key(&story.kept.folder, AN)).unwrap();
    assert!(vkey.starts_with("PRIVATE+KEY+an+"));
    let seen = stdout(&story.kept.run(&["keyholder", "list"]).await);
    let mine = seen.lines().find(|line| line.starts_with("an+")).unwrap();
    let public = dienhong::ledger::note::VerifierKey::parse(mine).unwrap().public();
    let renamed = dienhong::ledger::note::VerifierKey::new("ai.do", &public).unwrap();
    let added = story.kept.run(&["keyholder", "add", &renamed.to_string()]).await;
    assert!(!added.status.success() && stderr(&added).contains("two keyholders are two people"));
    story.kept.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_that_was_touched_is_not_restored() {
    let mut story = Story::told(Place::sqlite()).await;
    let approvals = [story.approve(AN, &story.backup).await, story.approve(BINH, &story.backup).await];
    story.kept.stop().await;
    let whole = fs::read(&story.backup).unwrap();
    let touched = story.kept.folder.path().join("touched.backup");
    // The manifest, the record's entries, its last checkpoint.
    let manifest = find(&whole, b"\"made_at\":1") + 10;
    let entry = find(&whole, b"\"salt\":\"") + 10;
    let checkpoint = whole.len() - find(&whole.iter().rev().copied().collect::<Vec<_>>(), b"elpmaxe.llah");
    for at in [manifest, entry, checkpoint] {
        let mut bytes = whole.clone();
        bytes[at] = if bytes[at] == b'7' { b'8' } else { b'7' };
        fs::write(&touched, &bytes).unwrap();
        let empty = Empty::on(Place::sqlite());
        let (status, told) = empty.restore(&touched, &approvals.each_ref()).await;
        assert_eq!(status, 1, "byte {at}: {told}");
        assert!(empty.is_empty().await, "byte {at}");
    }
    for short in [0, 100, whole.len() / 2, whole.len() - 2_000] {
        fs::write(&touched, &whole[..short]).unwrap();
        let (status, told) = Empty::on(Place::sqlite()).restore(&touched, &approvals.each_ref()).await;
        assert_eq!(status, 1, "{short} bytes: {told}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_without_its_secret_needs_the_instances_own() {
    let mut story = Story::told(Place::sqlite()).await;
    let bare = story.kept.folder.path().join("bare.backup");
    story.back_up(&bare, &[]).await;
    let approvals = [story.approve(AN, &bare).await, story.approve(BINH, &bare).await];
    let secret = fs::read_to_string(story.kept.place().secret_file()).unwrap();
    assert!(find(&fs::read(&story.backup).unwrap(), secret.trim().as_bytes()) > 0);
    assert!(!fs::read(&bare).unwrap().windows(64).any(|bytes| bytes == secret.trim().as_bytes()));
    story.kept.stop().await;

    let empty = Empty::on(Place::sqlite());
    let (status, told) = empty.restore(&bare, &approvals.each_ref()).await;
    assert!(status == 1 && told.contains("there is no instance secret"), "{told}");
    // Another instance's.
    let path = empty.place().secret_file();
    fs::write(&path, format!("{}\n", "5a".repeat(32))).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    let (status, told) = empty.restore(&bare, &approvals.each_ref()).await;
    assert!(status == 1 && told.contains("backup_foreign"), "{told}");
    fs::write(&path, secret).unwrap();
    let (status, told) = empty.restore(&bare, &approvals.each_ref()).await;
    assert_eq!(status, 0, "{told}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_nobody_can_approve_the_reason_is_kept() {
    let mut kept = Kept::begin(Place::sqlite()).await;
    let backup = kept.folder.path().join("hall.backup");
    let written = kept.run(&["backup", "--to", text(&backup), "--with-secret"]).await;
    assert!(stderr(&written).contains("Nobody can approve"), "{}", stderr(&written));
    kept.stop().await;
    let empty = Empty::on(Place::sqlite());
    let (status, told) = empty.run(&["restore", text(&backup), "--unapproved", "  "]).await;
    assert!(status == 1 && told.contains("needs a reason"), "{told}");
    let (status, told) = empty.run(&["restore", text(&backup), "--unapproved", "đĩa cũ hỏng"]).await;
    assert_eq!(status, 0, "{told}");
    assert_eq!(empty.store.look("SELECT reason FROM restoration").await, ["đĩa cũ hỏng"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_record_is_not_backed_up() {
    let mut kept = Kept::begin(Place::sqlite()).await;
    kept.stop().await;
    let damage = "DROP TRIGGER entry_never_changes;
        UPDATE entry SET line = replace(line, '\"salt\":\"', '\"salt\":\"x') WHERE seq = 3";
    kept.store.meddle(damage).await.unwrap();
    let backup = kept.folder.path().join("hall.backup");
    let written = kept.run(&["backup", "--to", text(&backup)]).await;
    assert!(!written.status.success());
    assert!(stderr(&written).contains("record_damaged"), "{}", stderr(&written));
    assert!(!backup.exists());
    let left: Vec<_> = fs::read_dir(kept.folder.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert_eq!(left, ["data"], "nothing is left half written");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_restored_in_part_is_not_served() {
    let mut kept = Kept::begin(Place::sqlite()).await;
    kept.stop().await;
    // As a restore leaves it that was killed before its last batch.
    let cut = "INSERT INTO restoration SELECT council, size + 1, 'root', 1, 2, 'notes', '' FROM council_head";
    kept.store.meddle(cut).await.unwrap();
    let told = kept.serve_in_vain().await;
    assert!(!told.status.success() && stderr(&told).contains("restore_unfinished"), "{}", stderr(&told));
}

fn key(folder: &TempDir, name: &str) -> PathBuf {
    folder.path().join(format!("{name}.key"))
}

fn find(bytes: &[u8], text: &[u8]) -> usize {
    bytes.windows(text.len()).position(|window| window == text).expect("it is there")
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}
