//! Somebody between the nodes who can write to Redis: what is made up, changed or said again changes nothing.

use crate::floor::{LONG, ballot, vote};
use crate::hall::{LIMIT, join, watch_as};
use crate::node::Grounds;
use dienhong::node::secret::InstanceSecret;
use dienhong::wire::frames::Page;
use dienhong::wire::views::BallotState;
use futures_util::StreamExt;
use redis::AsyncCommands;
use tokio::time::timeout;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_forged_garbled_or_replayed_changes_nothing() {
    let Some(grounds) = Grounds::new().await else { return };
    let nodes = grounds.nodes(2).await;
    let at = grounds.leader(&[&nodes[0], &nodes[1]]).await;
    let (leader, follower) = (&nodes[at], &nodes[1 - at]);
    let client = redis::Client::open(grounds.redis.url()).expect("an address");
    // Whoever holds the secret can tell where the platform's nodes meet; so can whoever watches Redis.
    let channel = InstanceSecret::open(&secret_of(&grounds)).expect("the secret").bus_channel();
    let mut overheard = client.get_async_pubsub().await.expect("a line");
    overheard.subscribe(&channel).await.expect("subscribed");
    let mut overheard = overheard.into_on_message();
    let mut line = client.get_multiplexed_async_connection().await.expect("a line");

    let floor = leader.floor().await;
    floor.open(LONG).await;
    let wall = watch_as(&follower.endpoint(), Page::Wall).await;
    vote(&floor.delegate(1).await, "yes").await;
    let before = ballot(&wall, |ballot| ballot.received == 1).await;

    // All entries so far went by.
    let mut messages: Vec<Vec<u8>> = Vec::new();
    while !messages.iter().any(|message| String::from_utf8_lossy(message).contains("vote_cast")) {
        let message = timeout(LIMIT, overheard.next()).await.expect("a message").expect("a line that stands");
        messages.push(message.get_payload_bytes().to_vec());
    }
    let forged = follower.metric("dienhong_bus_refused_total", "forged").await;
    let replayed = follower.metric("dienhong_bus_refused_total", "replayed").await;
    for message in messages.iter().filter(|message| !message.is_empty()) {
        let mut garbled = message.clone();
        let middle = garbled.len() / 2;
        garbled[middle] ^= 1;
        for said in [message.as_slice(), &garbled, &message[..message.len() / 2], b"hello"] {
            line.publish::<_, _, ()>(&channel, said).await.expect("published");
        }
    }
    follower.metric_above("dienhong_bus_refused_total", "forged", forged).await;
    follower.metric_above("dienhong_bus_refused_total", "replayed", replayed).await;

    // Entries go on as if nothing had been, and nothing has.
    assert_eq!(ballot(&wall, |ballot| ballot.state == BallotState::Open).await, before);
    vote(&join(&follower.endpoint(), Page::Delegate, &floor.delegates[2]).await, "no").await;
    ballot(&wall, |ballot| ballot.received == 2).await;
    let lines = grounds.record().await;
    assert_eq!(lines.iter().filter(|line| line.contains(r#""kind":"vote_cast""#)).count(), 2);
}

fn secret_of(grounds: &Grounds) -> std::path::PathBuf {
    use std::os::unix::fs::PermissionsExt;
    let file = grounds.key_file();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).expect("its mode");
    file
}
