//! The record: what was appended is there, whole, in order and for ever.

use crate::support::place::Place;
use crate::support::sample::{batch, begun, code, council, entries, lines};
use dienhong::chamber::ids::Millis;
use dienhong::ports::{Append, AppendError, MAX_PAGE, Store, StoreError, StoredCheckpoint};

pub async fn a_new_council_begins_empty(place: Place) {
    let store = place.open().await;
    let hall = council("hall");
    assert_eq!(store.head(&hall).await, Ok(None));
    assert_eq!(store.councils().await, Ok(vec![]));
    assert_eq!(store.ping().await, Ok(()));

    assert_eq!(store.acquire(&hall, "node-1").await.unwrap().epoch, 1);
    let head = store.head(&hall).await.unwrap().unwrap();
    assert_eq!((head.epoch, head.size, head.checkpoint), (1, 0, None));
    assert_eq!(store.councils().await, Ok(vec![]), "a council without entries has no record yet");
    assert_eq!(store.read(&hall, 0, 10).await, Ok(vec![]));

    assert_eq!(store.acquire(&hall, "node-2").await.unwrap().epoch, 2);
    assert_eq!(place.look("SELECT holder FROM council_head").await, ["node-2"]);
}

pub async fn entries_come_back_byte_for_byte(place: Place) {
    let store = place.open().await;
    let hall = council("hall");
    let written = vec![
        r#"{"v":1,"name":"Hội đồng nhân dân xã Diên Hồng","text":"Tán thành \"quá nửa\""}"#.to_owned(),
        r#"{"statement":"chamber-vote/v1\nlog x\n\n— x/p/a AbC+/=\n","path":"C:\\","null":"\u0000"}"#.to_owned(),
        "'; DROP TABLE entry; -- $1 ?1 {} %s".to_owned(),
        "🏛️ \u{202e}ngược\u{2028} ế as e\u{302}\u{301}, tab\there".to_owned(),
        "x".repeat(65_535),
    ];
    let epoch = store.acquire(&hall, "node").await.unwrap().epoch;
    store.append(&hall, epoch, batch(0, written.clone())).await.unwrap();
    assert_eq!(lines(&*store, &hall).await, written);
    assert_eq!(store.councils().await, Ok(vec![hall]));
}

pub async fn a_batch_of_256_lines_comes_back_in_pages(place: Place) {
    let store = place.open().await;
    let hall = council("hall");
    let epoch = store.acquire(&hall, "node").await.unwrap().epoch;
    let written = entries("a", 256);
    store.append(&hall, epoch, batch(0, written.clone())).await.unwrap();

    let mut read = vec![];
    loop {
        let page = store.read(&hall, read.len() as u64, 100).await.unwrap();
        if page.is_empty() {
            break;
        }
        assert!(page.len() <= 100);
        assert_eq!(page[0].seq, read.len() as u64);
        read.extend(page.into_iter().map(|entry| entry.line));
    }
    assert_eq!(read, written);
    assert_eq!(store.read(&hall, 255, u32::MAX).await.unwrap().len(), 1);
    assert_eq!(store.read(&hall, u64::MAX, 1).await, Ok(vec![]));

    let more = MAX_PAGE as usize;
    store.append(&hall, epoch, batch(256, entries("b", more))).await.unwrap();
    assert_eq!(store.read(&hall, 0, u32::MAX).await.unwrap().len(), more, "a page has its limit");
}

pub async fn every_checkpoint_is_kept(place: Place) {
    let store = place.open().await;
    let hall = council("hall");
    let epoch = store.acquire(&hall, "node").await.unwrap().epoch;
    for (first, count) in [(0, 1), (1, 3), (4, 2)] {
        store.append(&hall, epoch, batch(first, entries("a", count))).await.unwrap();
    }
    let sizes = async |from, limit| -> Vec<u64> {
        let found = store.checkpoints(&hall, from, limit).await.unwrap();
        found.into_iter().map(|checkpoint| checkpoint.size).collect()
    };
    assert_eq!(sizes(0, 100).await, [1, 4, 6]);
    assert_eq!(sizes(2, 1).await, [4]);
    assert_eq!(sizes(7, 100).await, [0; 0]);
    let head = store.head(&hall).await.unwrap().unwrap();
    assert_eq!(head.size, 6);
    assert_eq!(head.checkpoint, Some(batch(4, entries("a", 2)).checkpoint.note));
}

pub async fn a_batch_that_is_not_whole_is_refused(place: Place) {
    let store = place.open().await;
    let hall = council("hall");
    let epoch = store.acquire(&hall, "node").await.unwrap().epoch;
    let empty = Append { lines: vec![], ..batch(0, entries("a", 1)) };
    let short = Append { checkpoint: StoredCheckpoint { size: 2, note: "n".into() }, ..batch(0, entries("a", 1)) };
    let beyond = Append { first_seq: u64::MAX, ..batch(0, entries("a", 1)) };
    for wrong in [empty, short, beyond] {
        assert_eq!(store.append(&hall, epoch, wrong).await, Err(AppendError::BadBatch));
    }
    assert_eq!(store.head(&hall).await.unwrap().unwrap().size, 0);
}

pub async fn councils_do_not_touch_each_other(place: Place) {
    let store = place.open().await;
    let halls = [council("b-hall"), council("a-hall"), council("a.hall")];
    for (hall, name) in halls.iter().zip(["x", "y", "z"]) {
        let epoch = store.acquire(hall, "node").await.unwrap().epoch;
        store.append(hall, epoch, batch(0, entries(name, 2))).await.unwrap();
    }
    assert_eq!(lines(&*store, &halls[1]).await, entries("y", 2));
    assert_eq!(store.councils().await, Ok(vec![halls[1].clone(), halls[2].clone(), halls[0].clone()]));
}

pub async fn reopening_keeps_everything(place: Place) {
    let hall = council("hall");
    let store = place.open().await;
    let epoch = store.acquire(&hall, "node").await.unwrap().epoch;
    store.append(&hall, epoch, batch(0, entries("a", 70))).await.unwrap();
    store.put_code(&code(&hall, "chair", 7, 1_000)).await.unwrap();
    let head = store.head(&hall).await.unwrap();
    store.close().await;
    drop(store);

    let store = place.open().await;
    assert_eq!(store.head(&hall).await.unwrap(), head);
    assert_eq!(lines(&*store, &hall).await, entries("a", 70));
    assert_eq!(store.find_code(&hall, &[7; 32], Millis(0)).await, Ok(Some(code(&hall, "chair", 7, 1_000))));
    let next = store.acquire(&hall, "node").await.unwrap().epoch;
    assert!(next > epoch, "an epoch never comes again");
    store.append(&hall, next, batch(70, entries("b", 1))).await.unwrap();
}

pub async fn the_record_cannot_be_rewritten_at_the_prompt(place: Place) {
    let (store, hall, _) = begun(&place).await;
    for statement in [
        "UPDATE entry SET line = 'forged'",
        "DELETE FROM entry",
        "UPDATE checkpoint SET note = 'forged'",
        "DELETE FROM checkpoint",
        "UPDATE council_head SET size = size - 1",
        "UPDATE council_head SET epoch = epoch - 1",
    ] {
        assert!(place.meddle(statement).await.is_err(), "{statement}");
    }
    assert_eq!(lines(&store, &hall).await, entries("a", 1));
}

pub async fn a_missing_entry_is_noticed(place: Place) {
    let (store, hall, epoch) = begun(&place).await;
    store.append(&hall, epoch, batch(1, entries("b", 3))).await.unwrap();
    let statement = match place {
        Place::Sqlite(_) => "DROP TRIGGER entry_never_goes; DELETE FROM entry WHERE seq = 2",
        Place::Postgres(_) => "DROP TRIGGER entry_never_changes ON entry; DELETE FROM entry WHERE seq = 2",
    };
    place.meddle(statement).await.unwrap();
    assert_eq!(store.read(&hall, 0, 10).await, Err(StoreError::Corrupt));
    assert_eq!(store.read(&hall, 2, 10).await, Err(StoreError::Corrupt));
    assert_eq!(store.read(&hall, 0, 2).await.unwrap().len(), 2);
}

pub async fn a_closed_store_is_unavailable(place: Place) {
    let (store, hall, epoch) = begun(&place).await;
    store.close().await;
    assert_eq!(store.ping().await, Err(StoreError::Unavailable));
    assert_eq!(store.head(&hall).await, Err(StoreError::Unavailable));
    assert_eq!(store.append(&hall, epoch, batch(1, entries("b", 1))).await, Err(AppendError::Unavailable));
    assert_eq!(lines(&*place.open().await, &hall).await, entries("a", 1));
}

pub async fn a_schema_from_the_future_is_refused(place: Place) {
    place.open().await.close().await;
    let statement = match place {
        Place::Sqlite(_) => {
            "INSERT INTO _sqlx_migrations VALUES (9001, 'from the future', CURRENT_TIMESTAMP, 1, x'00', 0)"
        }
        Place::Postgres(_) => r"INSERT INTO _sqlx_migrations VALUES (9001, 'from the future', now(), true, '\x00', 0)",
    };
    place.meddle(statement).await.unwrap();
    let refused = dienhong::store::open(&place.url()).await.err().expect("refused");
    assert_eq!(refused.code(), "store_schema_too_new");
    assert!(refused.to_string().contains("9001"), "{refused}");
}
