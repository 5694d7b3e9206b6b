//! A store that comes back older, or with another history.

use crate::kept::Kept;
use crate::process::stderr;
use crate::support::place::Place;
use std::path::PathBuf;
use std::{fs, io};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn yesterdays_database_is_not_served() {
    let mut kept = Kept::begin(Place::sqlite()).await;
    kept.stop().await;
    let yesterday = fs::read(file(&kept)).unwrap();
    kept.process.restart().await;
    assert!(kept.add(30).await);
    kept.stop().await;
    let today = fs::read(file(&kept)).unwrap();

    put_back(&kept, &yesterday);
    for _ in 0..2 {
        let told = kept.serve_in_vain().await;
        assert!(!told.status.success());
        assert!(stderr(&told).contains("\"code\":\"record_behind\""), "{}", stderr(&told));
        assert!(stderr(&told).contains("an older state of the store has come back"), "{}", stderr(&told));
    }

    put_back(&kept, &today);
    kept.process.restart().await;
    assert!(kept.add(31).await, "what it has seen is served");
    kept.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_history_is_not_served() {
    let mut kept = Kept::begin(Place::sqlite()).await;
    kept.stop().await;
    let fork = fs::read(file(&kept)).unwrap();
    kept.process.restart().await;
    assert!(kept.add(30).await);
    kept.stop().await;
    let head = fs::read(kept.place().heads().join("mau.head")).unwrap();

    // The same machine goes on from the older state, without knowing what came after it.
    put_back(&kept, &fork);
    fs::remove_dir_all(kept.place().heads()).unwrap();
    kept.process.restart().await;
    assert!(kept.add(30).await && kept.add(31).await);
    kept.stop().await;

    fs::write(kept.place().heads().join("mau.head"), head).unwrap();
    let told = kept.serve_in_vain().await;
    assert!(!told.status.success());
    assert!(stderr(&told).contains("\"code\":\"record_forked\""), "{}", stderr(&told));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_older_state_is_found_while_it_is_served_on_sqlite() {
    let rolled_back =
        "DROP TRIGGER entry_never_goes; DROP TRIGGER checkpoint_never_goes; DROP TRIGGER council_head_only_grows;
        DELETE FROM entry WHERE seq >= (SELECT min(size) FROM checkpoint);
        UPDATE council_head SET size = (SELECT min(size) FROM checkpoint);
        DELETE FROM checkpoint WHERE size > (SELECT size FROM council_head)";
    an_older_state_is_found_while_it_is_served(Place::sqlite(), rolled_back).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_older_state_is_found_while_it_is_served_on_postgres() {
    let rolled_back = "ALTER TABLE entry DISABLE TRIGGER USER; ALTER TABLE checkpoint DISABLE TRIGGER USER;
        ALTER TABLE council_head DISABLE TRIGGER USER;
        DELETE FROM entry WHERE seq >= (SELECT min(size) FROM checkpoint);
        UPDATE council_head SET size = (SELECT min(size) FROM checkpoint);
        DELETE FROM checkpoint WHERE size > (SELECT size FROM council_head)";
    if let Some(place) = Place::postgres().await {
        an_older_state_is_found_while_it_is_served(place, rolled_back).await;
    }
}

/// As when a standby that lags behind takes the primary's place.
async fn an_older_state_is_found_while_it_is_served(place: Place, rolled_back: &'static str) {
    let mut kept = Kept::begin(place).await;
    kept.metric("dienhong_record_alarm{council=\"mau\"}", 0).await;
    kept.store.meddle(rolled_back).await.unwrap();
    assert!(!kept.add(30).await, "the next batch does not go on from what is there");
    kept.alarmed().await;
    kept.stop().await;
    assert!(stderr(&kept.serve_in_vain().await).contains("record_behind"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_head_that_is_no_councils_own_stops_nobody() {
    let mut kept = Kept::begin(Place::sqlite()).await;
    kept.stop().await;
    let path = kept.place().heads().join("mau.head");
    let head = fs::read(&path).unwrap();
    for broken in [&head[..head.len() / 2], b"", b"\xff\xfe"] {
        fs::write(&path, broken).unwrap();
        kept.process.restart().await;
        kept.metric("dienhong_record_alarm{council=\"mau\"}", 0).await;
        kept.stop().await;
        assert_eq!(fs::read(&path).unwrap(), head, "it is written anew");
    }
}

/// As who restores a file does it right: what is left of the other one's log would be read into it.
fn put_back(kept: &Kept, database: &[u8]) {
    for beside in ["hall.db-wal", "hall.db-shm"] {
        match fs::remove_file(file(kept).with_file_name(beside)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => panic!("{beside}: {error}"),
            _ => {}
        }
    }
    fs::write(file(kept), database).unwrap();
}

fn file(kept: &Kept) -> PathBuf {
    let Place::Sqlite(folder) = &kept.store else { unreachable!() };
    folder.path().join("hall.db")
}
