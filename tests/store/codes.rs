//! One-time codes.

use crate::support::place::Place;
use crate::support::sample::{code, council, person};
use dienhong::chamber::ids::Millis;

pub async fn a_code_is_spent_exactly_once(place: Place) {
    let stores = [place.open().await, place.open().await];
    let hall = council("hall");
    for round in 0..5 {
        let mac = [round; 32];
        stores[0].put_code(&code(&hall, "chair", round, 1_000)).await.unwrap();
        let spenders: Vec<_> = (0..8)
            .map(|n| {
                let (store, hall) = (stores[n % 2].clone(), hall.clone());
                tokio::spawn(async move { store.spend_code(&hall, &mac, Millis(500)).await.unwrap() })
            })
            .collect();
        let mut spent = vec![];
        for spender in spenders {
            spent.extend(spender.await.unwrap());
        }
        assert_eq!(spent, [code(&hall, "chair", round, 1_000)]);
        assert_eq!(stores[1].find_code(&hall, &mac, Millis(500)).await, Ok(None));
    }
}

pub async fn a_code_runs_out_and_is_replaced_and_cancelled(place: Place) {
    let store = place.open().await;
    let hall = council("hall");
    store.put_code(&code(&hall, "chair", 1, 1_000)).await.unwrap();
    store.put_code(&code(&hall, "an", 2, 2_000)).await.unwrap();
    let live = |now| store.live_codes(&hall, Millis(now));
    assert_eq!(live(999).await, Ok(vec![(person("an"), Millis(2_000)), (person("chair"), Millis(1_000))]));
    assert_eq!(live(1_000).await, Ok(vec![(person("an"), Millis(2_000))]));
    assert_eq!(store.find_code(&hall, &[1; 32], Millis(1_000)).await, Ok(None));
    assert_eq!(store.spend_code(&hall, &[1; 32], Millis(1_000)).await, Ok(None));
    assert_eq!(store.find_code(&council("other"), &[2; 32], Millis(0)).await, Ok(None));

    store.put_code(&code(&hall, "an", 3, 3_000)).await.unwrap();
    assert_eq!(store.find_code(&hall, &[2; 32], Millis(0)).await, Ok(None), "the code before it is gone");
    assert_eq!(store.find_code(&hall, &[3; 32], Millis(0)).await, Ok(Some(code(&hall, "an", 3, 3_000))));
    assert_eq!(store.cancel_code(&hall, &person("an")).await, Ok(true));
    assert_eq!(store.cancel_code(&hall, &person("an")).await, Ok(false));
    assert_eq!(live(1_000).await, Ok(vec![]));
}
