//! Real failures of real databases: what is reported must be what happened.

mod support;

use dienhong::chamber::ids::{CouncilId, Millis};
use dienhong::ports::{AppendError, CodeRow, Store, StoreError};
use dienhong::store::sqlite::SqliteStore;
use dienhong::store::{OpenError, open};
use sqlx::{Connection, PgConnection};
use std::path::Path;
use std::sync::Arc;
use support::postgres::own_server;
use support::proxy::{Cut, Proxy};
use support::sample::{batch, council, entries, lines, person};
use support::small_disk::SmallDisk;

// --- Postgres

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_killed_before_an_append_has_not_written_it() {
    let Some(server) = own_server() else { return };
    let url = server.fresh_database().await;
    let (store, hall, epoch) = begun(&url).await;
    server.kill();
    let (append, ping, head) =
        tokio::join!(store.append(&hall, epoch, batch(1, entries("b", 1))), store.ping(), store.head(&hall));
    assert_eq!(append, Err(AppendError::Unavailable));
    assert_eq!(ping, Err(StoreError::Unavailable));
    assert_eq!(head, Err(StoreError::Unavailable));

    server.restart(&[]);
    assert_eq!(lines(&*store, &hall).await, entries("a", 1));
    store.append(&hall, epoch, batch(1, entries("b", 1))).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_killed_within_an_append_has_not_written_it() {
    let Some(server) = own_server() else { return };
    let url = server.fresh_database().await;
    let (store, hall, epoch) = begun(&url).await;
    // Somebody at a prompt holds the head's row, so the append stops at its first statement.
    let mut prompt = PgConnection::connect(&url).await.unwrap();
    sqlx::raw_sql("BEGIN; SELECT 1 FROM council_head FOR UPDATE").execute(&mut prompt).await.unwrap();
    let append = spawn_append(&store, &hall, epoch);
    wait_for_one(&url, "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'").await;
    server.kill();
    assert_eq!(append.await.unwrap(), Err(AppendError::Unavailable));

    server.restart(&[]);
    assert_eq!(lines(&*store, &hall).await, entries("a", 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_killed_while_it_commits_leaves_it_unknown() {
    let Some(server) = own_server() else { return };
    let url = server.fresh_database().await;
    let (store, hall, epoch) = begun(&url).await;
    // A standby that does not exist holds every commit between "on disk" and "answered".
    server.kill();
    server.restart(&[("synchronous_standby_names", "nobody")]);
    let append = spawn_append(&store, &hall, epoch);
    wait_for_one(&url, "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'").await;
    server.kill();
    assert_eq!(append.await.unwrap(), Err(AppendError::Unknown));

    server.restart(&[]);
    let epoch = store.acquire(&hall, "node").await.unwrap().epoch;
    assert_eq!(lines(&*store, &hall).await, [entries("a", 1), entries("b", 1)].concat(), "it was written");
    store.append(&hall, epoch, batch(2, entries("c", 1))).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_line_cut_around_the_commit_leaves_it_unknown() {
    let Some((store, proxy)) = behind_a_proxy().await else {
        return;
    };
    let hall = council("hall");
    let mut expected: Vec<String> = vec![];
    for round in 0..20 {
        let cut = if round % 2 == 0 { Cut::AfterCommit } else { Cut::BeforeCommit };
        let epoch = store.acquire(&hall, "node").await.unwrap().epoch;
        let new = entries(&format!("round-{round}"), 3);
        proxy.set(cut);
        let outcome = store.append(&hall, epoch, batch(expected.len() as u64, new.clone())).await;
        proxy.set(Cut::Nothing);
        assert_eq!(outcome, Err(AppendError::Unknown), "{cut:?}");
        if cut == Cut::AfterCommit {
            expected.extend(new);
        }
        store.acquire(&hall, "node").await.unwrap();
        assert_eq!(lines(&*store, &hall).await, expected, "{cut:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_frozen_writer_does_not_block_the_next_and_writes_nothing() {
    let Some((frozen, proxy)) = behind_a_proxy().await else {
        return;
    };
    let hall = council("hall");
    let epoch = frozen.acquire(&hall, "frozen").await.unwrap().epoch;
    frozen.append(&hall, epoch, batch(0, entries("a", 1))).await.unwrap();
    proxy.set(Cut::FrozenBeforeCommit);
    let append = spawn_append(&frozen, &hall, epoch);

    // The frozen writer holds the head's row until the server gives it up.
    let next = open(&proxy.server_url).await.unwrap();
    wait_for_one(&proxy.server_url, "SELECT count(*) FROM pg_stat_activity WHERE state = 'idle in transaction'").await;
    let epoch = next.acquire(&hall, "next").await.unwrap().epoch;
    next.append(&hall, epoch, batch(1, entries("next", 1))).await.unwrap();
    assert_eq!(append.await.unwrap(), Err(AppendError::Unknown));
    assert_eq!(lines(&*next, &hall).await, [entries("a", 1), entries("next", 1)].concat());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_keeps_postgres_from_opening_is_said_plainly() {
    let Some(server) = own_server() else { return };
    let port = server.port();
    let refused = |url: String| async move { open(&url).await.err().expect("it does not open") };

    let error = refused(format!("postgres://dienhong:geheim@127.0.0.1:{port}/nowhere")).await;
    assert_eq!(error, OpenError::NoSuchDatabase { host: format!("127.0.0.1:{port}"), name: "nowhere".into() });
    let error = refused(format!("postgres://stranger:geheim@127.0.0.1:{port}/postgres")).await;
    assert_eq!(error.code(), "store_authentication_failed");
    assert!(error.to_string().contains("stranger") && !error.to_string().contains("geheim"), "{error}");

    server.kill();
    let error = refused(format!("postgres://dienhong:geheim@127.0.0.1:{port}/postgres")).await;
    assert_eq!(error.code(), "store_unreachable");
    assert!(error.to_string().contains(&format!("127.0.0.1:{port}")) && !error.to_string().contains("geheim"));
    for url in ["", "mysql://x", "sqlite:", "postgres://a b/%%%"] {
        assert_eq!(refused(url.to_owned()).await, OpenError::BadUrl, "{url}");
    }
}

// --- SQLite

#[tokio::test]
async fn a_full_file_takes_nothing_and_recovers() {
    let directory = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(directory.path().join("hall.db")).await.unwrap();
    let hall = council("hall");
    let epoch = store.acquire(&hall, "node").await.unwrap().epoch;
    store.append(&hall, epoch, batch(0, entries("a", 5))).await.unwrap();

    store.limit_pages(Some(1)).await;
    for _ in 0..2 {
        let full = store.append(&hall, epoch, batch(5, entries("b", 2_000))).await;
        assert_eq!(full, Err(AppendError::Full));
        assert_eq!(lines(&store, &hall).await, entries("a", 5));
        assert_eq!(store.checkpoints(&hall, 0, 10).await.unwrap().len(), 1);
    }
    let long = CodeRow {
        council: hall.clone(),
        person: person("an"),
        mac: [1; 32],
        issued_by: "x".repeat(100_000),
        expires_at: Millis(1),
    };
    assert_eq!(store.put_code(&long).await, Err(StoreError::Full));

    store.limit_pages(None).await;
    store.append(&hall, epoch, batch(5, entries("b", 2_000))).await.unwrap();
    assert_eq!(lines(&store, &hall).await.len(), 2_005);
}

/// Where a small disk can be mounted (as root): a really full one, filled to the last byte by somebody else.
#[tokio::test]
async fn a_full_disk_takes_nothing_and_recovers() {
    let directory = tempfile::tempdir().unwrap();
    let Some(disk) = SmallDisk::mount(directory.path()) else {
        eprintln!("skipped: a small disk can only be mounted by root");
        return;
    };
    let store = SqliteStore::open(directory.path().join("hall.db")).await.unwrap();
    let hall = council("hall");
    let epoch = store.acquire(&hall, "node").await.unwrap().epoch;
    let mut written = 0;
    while written < 64 {
        store.append(&hall, epoch, batch(written, entries("a", 1))).await.unwrap();
        written += 1;
    }
    let ballast = disk.fill();
    // The log may still have room for a few.
    let refused = loop {
        match store.append(&hall, epoch, batch(written, entries("a", 64))).await {
            Ok(()) => written += 64,
            Err(refused) => break refused,
        }
    };
    assert_eq!(refused, AppendError::Full);
    assert_eq!(lines(&store, &hall).await.len() as u64, written);

    std::fs::remove_file(&ballast).unwrap();
    store.append(&hall, epoch, batch(written, entries("a", 64))).await.unwrap();
    assert_eq!(lines(&store, &hall).await.len() as u64, written + 64);
    store.close().await;
    drop(disk);
}

#[tokio::test]
async fn what_keeps_a_file_from_opening_is_said_plainly() {
    let directory = tempfile::tempdir().unwrap();
    let refused = |path: &Path| {
        let url = format!("sqlite:{}", path.display());
        async move { open(&url).await.err().expect("it does not open") }
    };
    let error = refused(directory.path()).await;
    assert_eq!(error.code(), "store_not_writable", "a directory is no file");
    assert!(error.to_string().contains(&directory.path().display().to_string()), "{error}");

    let other = directory.path().join("other");
    std::fs::write(&other, "not a database, but long enough to be looked at as if it were one".repeat(100)).unwrap();
    assert_eq!(refused(&other).await.code(), "store_corrupt");
    let below_a_file = other.join("hall.db");
    assert_eq!(refused(&below_a_file).await.code(), "store_not_writable");
}

#[cfg(unix)]
#[tokio::test]
async fn a_file_taken_away_takes_no_more_entries() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("hall.db");
    let (store, hall, epoch) = begun(&format!("sqlite:{}", path.display())).await;
    let elsewhere = directory.path().join("elsewhere.db");
    std::fs::rename(&path, &elsewhere).unwrap();
    let refused = store.append(&hall, epoch, batch(1, entries("b", 1))).await;
    assert_eq!(refused, Err(AppendError::Unavailable));
    assert_eq!(store.ping().await, Err(StoreError::Unavailable), "until it is opened anew");
}

#[cfg(unix)]
#[tokio::test]
async fn a_new_file_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("new/hall.db");
    let store = SqliteStore::open(&path).await.unwrap();
    store.acquire(&council("hall"), "node").await.unwrap();
    for file in [path.clone(), path.with_extension("db-wal")] {
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600, "{}", file.display());
    }
}

/// A store with one entry in the hall's record.
async fn begun(url: &str) -> (Arc<dyn Store>, CouncilId, u64) {
    let store = open(url).await.unwrap();
    let hall = council("hall");
    let epoch = store.acquire(&hall, "node").await.unwrap().epoch;
    store.append(&hall, epoch, batch(0, entries("a", 1))).await.unwrap();
    (store, hall, epoch)
}

struct Line {
    proxy: Proxy,
    server_url: String,
}

impl std::ops::Deref for Line {
    type Target = Proxy;
    fn deref(&self) -> &Proxy {
        &self.proxy
    }
}

async fn behind_a_proxy() -> Option<(Arc<dyn Store>, Line)> {
    let server_url = support::postgres::fresh_database().await?;
    let (rest, database) = server_url.rsplit_once('/').unwrap();
    let (user, port) = rest.rsplit_once(':').unwrap();
    let proxy = Proxy::to(port.parse().unwrap()).await;
    let store = open(&format!("{user}:{}/{database}", proxy.port())).await.unwrap();
    Some((store, Line { proxy, server_url }))
}

/// Appends entry 1.
fn spawn_append(
    store: &Arc<dyn Store>,
    hall: &CouncilId,
    epoch: u64,
) -> tokio::task::JoinHandle<Result<(), AppendError>> {
    let (store, hall) = (store.clone(), hall.clone());
    tokio::spawn(async move { store.append(&hall, epoch, batch(1, entries("b", 1))).await })
}

/// Until the query counts something.
async fn wait_for_one(url: &str, query: &'static str) {
    let mut prompt = PgConnection::connect(url).await.unwrap();
    loop {
        let count: i64 = sqlx::query_scalar(query).fetch_one(&mut prompt).await.unwrap();
        if count > 0 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
}
