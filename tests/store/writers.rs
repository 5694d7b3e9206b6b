//! Who may write, and what is there after a write went wrong: always read again and compared line by line.

use crate::support::place::Place;
use crate::support::sample::{batch, begun, council, entries, lines};
use dienhong::ports::{AppendError, Store, StoreError};
use dienhong::store::faulty::Fault;
use std::sync::Arc;

pub async fn a_moved_head_writes_nothing(place: Place) {
    let store = place.open().await;
    let hall = council("hall");
    let nowhere = store.append(&hall, 1, batch(0, entries("a", 1))).await;
    assert_eq!(nowhere, Err(AppendError::Conflict), "nobody has acquired the council");

    let epoch = store.acquire(&hall, "node").await.unwrap().epoch;
    store.append(&hall, epoch, batch(0, entries("a", 2))).await.unwrap();
    for first in [0, 1, 3] {
        let refused = store.append(&hall, epoch, batch(first, entries("b", 5))).await;
        assert_eq!(refused, Err(AppendError::Conflict));
    }
    assert_eq!(lines(&*store, &hall).await, entries("a", 2));
    assert_eq!(store.checkpoints(&hall, 0, 10).await.unwrap().len(), 1);
}

pub async fn a_stale_epoch_writes_nothing(place: Place) {
    let store = place.open().await;
    let hall = council("hall");
    let old = store.acquire(&hall, "old").await.unwrap().epoch;
    store.append(&hall, old, batch(0, entries("a", 1))).await.unwrap();

    // The new writer is another process, with a store of its own.
    let other = place.open().await;
    let new = other.acquire(&hall, "new").await.unwrap().epoch;
    assert!(new > old);
    let refused = store.append(&hall, old, batch(1, entries("b", 1))).await;
    assert_eq!(refused, Err(AppendError::Conflict));
    let guessed = store.append(&hall, new + 1, batch(1, entries("b", 1))).await;
    assert_eq!(guessed, Err(AppendError::Conflict));
    other.append(&hall, new, batch(1, entries("c", 1))).await.unwrap();
    assert_eq!(lines(&*store, &hall).await, [entries("a", 1), entries("c", 1)].concat());
}

pub async fn of_concurrent_appends_exactly_one_wins(place: Place) {
    let stores = [place.open().await, place.open().await];
    let hall = council("hall");
    let epoch = stores[0].acquire(&hall, "node").await.unwrap().epoch;
    for round in 0..10 {
        let racers: Vec<_> = (0..8)
            .map(|racer| {
                let (store, hall) = (stores[racer % 2].clone(), hall.clone());
                tokio::spawn(async move {
                    store.append(&hall, epoch, batch(round * 3, entries(&format!("r{racer}"), 3))).await
                })
            })
            .collect();
        let mut won = vec![];
        for (racer, task) in racers.into_iter().enumerate() {
            match task.await.unwrap() {
                Ok(()) => won.push(racer),
                Err(refusal) => assert_eq!(refusal, AppendError::Conflict),
            }
        }
        assert_eq!(won.len(), 1, "round {round}");
        let tail = stores[0].read(&hall, round * 3, 100).await.unwrap();
        let tail: Vec<String> = tail.into_iter().map(|entry| entry.line).collect();
        assert_eq!(tail, entries(&format!("r{}", won[0]), 3));
    }
}

pub async fn not_written_leaves_the_record_as_it_was(place: Place) {
    let (faulty, hall, epoch) = begun(&place).await;
    for (fault, error) in [
        (Fault::NotWritten, AppendError::Unavailable),
        (Fault::Full, AppendError::Full),
        (Fault::NotWrittenAnswerLost, AppendError::Unknown),
    ] {
        faulty.plan(fault);
        assert_eq!(faulty.append(&hall, epoch, batch(1, entries("b", 2))).await, Err(error));
        assert_eq!(lines(&faulty, &hall).await, entries("a", 1));
    }
    faulty.set_away(true);
    assert_eq!(faulty.append(&hall, epoch, batch(1, entries("b", 2))).await, Err(AppendError::Unavailable));
    assert_eq!(faulty.head(&hall).await, Err(StoreError::Unavailable));
    faulty.set_away(false);
    faulty.append(&hall, epoch, batch(1, entries("b", 2))).await.unwrap();
    assert_eq!(lines(&faulty, &hall).await, [entries("a", 1), entries("b", 2)].concat());
}

pub async fn written_though_reported_failed_is_found_by_reading(place: Place) {
    let (faulty, hall, epoch) = begun(&place).await;
    faulty.plan(Fault::WrittenAnswerLost);
    assert_eq!(faulty.append(&hall, epoch, batch(1, entries("b", 2))).await, Err(AppendError::Unknown));

    let again = faulty.acquire(&hall, "node").await.unwrap().epoch;
    assert_eq!(lines(&faulty, &hall).await, [entries("a", 1), entries("b", 2)].concat());
    assert_eq!(faulty.head(&hall).await.unwrap().unwrap().size, 3);
    // Sent again as it was, it does not come in twice.
    let repeated = faulty.append(&hall, again, batch(1, entries("b", 2))).await;
    assert_eq!(repeated, Err(AppendError::Conflict));
    faulty.append(&hall, again, batch(3, entries("c", 1))).await.unwrap();
    assert_eq!(lines(&faulty, &hall).await.len(), 4);
}

pub async fn someone_else_wrote_is_found_by_reading(place: Place) {
    let (faulty, hall, epoch) = begun(&place).await;
    faulty.plan(Fault::RivalWrote(batch(1, entries("rival", 3))));
    assert_eq!(faulty.append(&hall, epoch, batch(1, entries("b", 2))).await, Err(AppendError::Conflict));
    assert_eq!(lines(&faulty, &hall).await, [entries("a", 1), entries("rival", 3)].concat());

    let epoch = faulty.acquire(&hall, "node").await.unwrap().epoch;
    faulty.plan(Fault::Overtaken);
    assert_eq!(faulty.append(&hall, epoch, batch(4, entries("b", 2))).await, Err(AppendError::Conflict));
    assert_eq!(faulty.head(&hall).await.unwrap().unwrap().size, 4);
}

pub async fn a_held_append_loses_to_a_new_writer(place: Place) {
    let (faulty, hall, epoch) = begun(&place).await;
    let (release, held) = tokio::sync::oneshot::channel();
    faulty.plan(Fault::Held(held));
    let faulty = Arc::new(faulty);
    let late = tokio::spawn({
        let (faulty, hall) = (faulty.clone(), hall.clone());
        async move { faulty.append(&hall, epoch, batch(1, entries("late", 1))).await }
    });
    let new = faulty.acquire(&hall, "new").await.unwrap().epoch;
    release.send(()).unwrap();
    assert_eq!(late.await.unwrap(), Err(AppendError::Conflict));
    faulty.append(&hall, new, batch(1, entries("b", 1))).await.unwrap();
    assert_eq!(lines(&*faulty, &hall).await, [entries("a", 1), entries("b", 1)].concat());
}
