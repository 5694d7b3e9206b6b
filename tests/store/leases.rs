//! Who may write, where several nodes would like to.

use crate::support::place::Place;
use crate::support::sample::{batch, council, entries, lines};
use dienhong::ports::{AppendError, Lease};

const RUN_OUT: &str = "UPDATE council_head SET lease_until = 1";

pub async fn a_lease_is_taken_over_only_once_it_has_run_out(place: Place) {
    let store = place.open().await;
    let hall = council("hall");
    let first = store.take_over(&hall, "one").await.unwrap();
    assert_eq!(first, Some(Lease { epoch: 1 }), "a new council is free");
    store.append(&hall, 1, batch(0, entries("one", 1))).await.unwrap();
    assert_eq!(store.take_over(&hall, "two").await.unwrap(), None);

    // Whoever has it already gets it again, as after an outcome that nobody knows.
    assert_eq!(store.take_over(&hall, "one").await.unwrap(), Some(Lease { epoch: 2 }));
    assert_eq!(store.append(&hall, 1, batch(1, entries("one", 1))).await, Err(AppendError::Conflict));
    store.append(&hall, 2, batch(1, entries("one", 1))).await.unwrap();

    place.meddle(RUN_OUT).await.unwrap();
    assert_eq!(store.take_over(&hall, "two").await.unwrap(), Some(Lease { epoch: 3 }));
    assert_eq!(store.append(&hall, 2, batch(2, entries("one", 1))).await, Err(AppendError::Conflict));
    assert_eq!(store.take_over(&hall, "one").await.unwrap(), None);

    store.release("one").await.unwrap();
    assert_eq!(store.take_over(&hall, "one").await.unwrap(), None, "nobody lets go of what is not theirs");
    store.release("two").await.unwrap();
    assert_eq!(store.take_over(&hall, "one").await.unwrap(), Some(Lease { epoch: 4 }));
    // An append keeps it: it is a sign of life.
    place.meddle(RUN_OUT).await.unwrap();
    store.append(&hall, 4, batch(2, entries("one", 1))).await.unwrap();
    assert_eq!(store.take_over(&hall, "two").await.unwrap(), None);
    assert_eq!(lines(&*store, &hall).await.len(), 3);
}

pub async fn of_many_who_take_over_exactly_one_leads(place: Place) {
    let stores = [place.open().await, place.open().await];
    let hall = council("hall");
    stores[0].acquire(&hall, "gone").await.unwrap();
    for round in 0..5 {
        place.meddle(RUN_OUT).await.unwrap();
        let racers: Vec<_> = (0..8)
            .map(|racer| {
                let (store, hall) = (stores[racer % 2].clone(), hall.clone());
                tokio::spawn(async move { store.take_over(&hall, &format!("r{round}.{racer}")).await.unwrap() })
            })
            .collect();
        let mut won = vec![];
        for task in racers {
            won.extend(task.await.unwrap());
        }
        assert_eq!(won, [Lease { epoch: round + 2 }], "round {round}");
    }
}

pub async fn renewing_keeps_what_nobody_has_taken(place: Place) {
    let store = place.open().await;
    let (a, b, c) = (council("a"), council("b"), council("c"));
    for hall in [&a, &b, &c] {
        store.acquire(hall, "one").await.unwrap();
    }
    store.acquire(&b, "two").await.unwrap();
    place.meddle(RUN_OUT).await.unwrap();
    let mut renewed = store.renew("one").await.unwrap();
    renewed.sort();
    assert_eq!(renewed, [(a.clone(), 1), (c.clone(), 1)]);
    assert_eq!(store.take_over(&a, "two").await.unwrap(), None);
    assert_eq!(store.take_over(&b, "one").await.unwrap(), Some(Lease { epoch: 3 }), "that one ran out");

    store.release("one").await.unwrap();
    assert_eq!(store.renew("one").await.unwrap(), [], "let go is let go");
    assert_eq!(store.renew("nobody").await.unwrap(), []);
}

pub async fn positions_tell_where_every_council_stands(place: Place) {
    let store = place.open().await;
    let (a, b) = (council("a"), council("b"));
    assert_eq!(store.positions().await.unwrap(), []);
    store.acquire(&b, "two").await.unwrap();
    assert_eq!(store.positions().await.unwrap(), [], "a council without a record is none yet");
    let epoch = store.acquire(&a, "one").await.unwrap().epoch;
    store.append(&b, 1, batch(0, entries("two", 3))).await.unwrap();
    store.append(&a, epoch, batch(0, entries("one", 1))).await.unwrap();
    store.release("one").await.unwrap();

    let positions = store.positions().await.unwrap();
    let told: Vec<_> = positions.iter().map(|p| (p.council.as_str(), p.epoch, p.size, p.holder.as_str())).collect();
    assert_eq!(told, [("a", 1, 1, "one"), ("b", 1, 3, "two")]);
    assert_eq!(positions[0].lease_left_ms, 0);
    assert!((1..=3_000).contains(&positions[1].lease_left_ms), "{positions:?}");
}
