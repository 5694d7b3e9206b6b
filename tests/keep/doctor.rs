//! What `doctor` finds, and what it makes of it.

use crate::kept::Kept;
use crate::process::{dienhong, stdout};
use crate::support::place::Place;
use serde_json::Value;
use std::fs;
use std::os::unix::fs::PermissionsExt;

/// The exit status, and what was said of each check as `grade: words`.
async fn doctor(kept: &Kept, more: &[&str]) -> (i32, Vec<(String, String)>) {
    let told = kept.run(&[&["doctor", "--json"], more].concat()).await;
    let findings: Vec<Value> = serde_json::from_str(&stdout(&told)).unwrap();
    let text = |finding: &Value, name: &str| finding[name].as_str().unwrap().to_owned();
    let said = |finding: &Value| format!("{}: {}", text(finding, "grade"), text(finding, "said"));
    (told.status.code().unwrap(), findings.iter().map(|finding| (text(finding, "check"), said(finding))).collect())
}

fn of<'a>(findings: &'a [(String, String)], check: &str) -> &'a str {
    findings.iter().find(|(name, _)| name == check).map(|(_, said)| said.as_str()).unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sound_instance_on_sqlite() {
    a_sound_instance(Place::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sound_instance_on_postgres() {
    if let Some(place) = Place::postgres().await {
        a_sound_instance(place).await;
    }
}

async fn a_sound_instance(place: Place) {
    let mut kept = Kept::begin(place).await;
    let (_, findings) = doctor(&kept, &["--deep"]).await;
    assert_eq!(of(&findings, "server"), "ok: a server runs on this folder and answers");
    assert!(
        of(&findings, "record").starts_with("ok: mau: ") && of(&findings, "record").ends_with("all of them verified")
    );
    for check in ["store", "clock", "files", "instance_key"] {
        assert!(of(&findings, check).starts_with("ok: "), "{check}: {findings:?}");
    }
    kept.stop().await;
    let (_, findings) = doctor(&kept, &[]).await;
    assert_eq!(of(&findings, "server"), "ok: no server runs on this folder");
    assert!(of(&findings, "record").contains("the head and the last of them hold"), "{findings:?}");
    // The same for people, one line each.
    assert_eq!(stdout(&kept.run(&["doctor"]).await).lines().count(), findings.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_wrong_is_named() {
    let mut kept = Kept::begin(Place::sqlite()).await;
    let Place::Sqlite(folder) = &kept.store else { unreachable!() };
    let file = folder.path().join("hall.db");
    kept.stop().await;
    let older = fs::read(&file).unwrap();
    kept.process.restart().await;
    assert!(kept.add(30).await);
    kept.stop().await;
    let newer = fs::read(&file).unwrap();

    fs::write(&file, older).unwrap();
    let (status, findings) = doctor(&kept, &[]).await;
    assert!(status == 2 && of(&findings, "record").contains("an older state has come back"), "{findings:?}");
    fs::write(&file, newer).unwrap();

    fs::set_permissions(kept.place().secret_file(), fs::Permissions::from_mode(0o644)).unwrap();
    fs::set_permissions(kept.data(), fs::Permissions::from_mode(0o755)).unwrap();
    let (status, findings) = doctor(&kept, &[]).await;
    assert!(status == 2 && of(&findings, "instance_key").starts_with("bad: others can read"), "{findings:?}");
    assert!(of(&findings, "files").starts_with("warn: others can read"), "{findings:?}");

    // The end of the record says nothing of an old entry.
    let damage = "DROP TRIGGER checkpoint_never_changes;
        UPDATE checkpoint SET note = replace(note, 'hall', 'ball') WHERE size = (SELECT min(size) FROM checkpoint)";
    kept.store.meddle(damage).await.unwrap();
    assert!(of(&doctor(&kept, &[]).await.1, "record").starts_with("ok: "));
    assert!(of(&doctor(&kept, &["--deep"]).await.1, "record").starts_with("bad: mau: the record of mau is damaged"));

    let nowhere = kept.folder.path().join("nowhere");
    let told = dienhong(&nowhere, None, &["doctor"]).await;
    assert_eq!(told.status.code(), Some(2));
    assert!(!nowhere.exists(), "it makes nothing");
}
