//! What a node does all the time: it renews its leases, looks where all councils stand, serves those founded elsewhere, and
//! listens.

use super::message::{Opened, Unheard};
use super::{Cluster, Message, Renewed, Seen};
use crate::chamber::ids::CouncilId;
use crate::node::Platform;
use crate::ports::LEASE;
use std::collections::BTreeMap;
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};
use tokio::task::JoinHandle;
use tokio::time::{self, MissedTickBehavior};

/// Between renewals: two may fail before the lease has run out.
const RENEW_EVERY: Duration = Duration::from_secs(1);
/// Between looks: without the bus screens are so late, and a lease that has run out is seen so soon.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// However often the bus says that something moved: a look costs the store a little.
const LOOK_AGAIN: Duration = Duration::from_millis(20);
/// A page that joined another node longer ago replaces none here.
const JOINED_MS: u64 = 1_000;
/// Before a council that could not be read is tried again.
const TRY_AGAIN: Duration = Duration::from_secs(10);

pub(super) fn all(cluster: &Arc<Cluster>, platform: &Arc<Platform>) -> Vec<JoinHandle<()>> {
    let weak = || (cluster.clone(), Arc::downgrade(platform));
    let ((a, p), (b, q), (c, r), (d, s)) = (weak(), weak(), weak(), weak());
    vec![
        tokio::spawn(renew(a, p)),
        tokio::spawn(look(b, q)),
        tokio::spawn(serve_new_ones(c, r)),
        tokio::spawn(listen(d, s)),
    ]
}

async fn renew(cluster: Arc<Cluster>, platform: Weak<Platform>) {
    let mut tick = time::interval(RENEW_EVERY);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        let Some(store) = platform.upgrade().map(|platform| platform.store()) else { return };
        let at = Instant::now();
        // An answer that comes later than that proves nothing any more.
        if let Ok(Ok(renewed)) = time::timeout(LEASE, store.renew(&cluster.holder)).await {
            cluster.renewed.send_replace(Renewed { at, epochs: Arc::new(renewed.into_iter().collect()) });
        }
    }
}

async fn look(cluster: Arc<Cluster>, platform: Weak<Platform>) {
    loop {
        let Some(store) = platform.upgrade().map(|platform| platform.store()) else { return };
        let at = Instant::now();
        if let Ok(Ok(positions)) = time::timeout(LEASE, store.positions()).await {
            let by_council = positions.into_iter().map(|position| (position.council.clone(), position)).collect();
            cluster.seen.send_replace(Seen { at, positions: Arc::new(by_council) });
        }
        drop(store);
        time::sleep(LOOK_AGAIN).await;
        let _ = time::timeout(LOOK_EVERY.saturating_sub(LOOK_AGAIN), cluster.look.notified()).await;
    }
}

async fn serve_new_ones(cluster: Arc<Cluster>, platform: Weak<Platform>) {
    let mut seen = cluster.seen();
    let mut failed: BTreeMap<CouncilId, Instant> = BTreeMap::new();
    while seen.changed().await.is_ok() {
        let positions = seen.borrow_and_update().positions.clone();
        failed.retain(|_, at| at.elapsed() < TRY_AGAIN);
        for id in positions.keys() {
            let Some(platform) = platform.upgrade() else { return };
            if platform.council(id).is_none() && !failed.contains_key(id) && !platform.serve_new(id).await {
                failed.insert(id.clone(), Instant::now());
            }
        }
    }
}

async fn listen(cluster: Arc<Cluster>, platform: Weak<Platform>) {
    while let Some(sealed) = cluster.bus.next().await {
        match cluster.seal.open(&sealed, cluster.clock.now()) {
            // Whoever comes back meanwhile must not be taken for the older page.
            Ok(Opened { age_ms, message: Message::Joined { .. }, .. }) if age_ms > JOINED_MS => {}
            Ok(Opened { from, message, .. }) => {
                metrics::counter!("dienhong_bus_in_total").increment(1);
                let Some(council) = message.council() else {
                    cluster.look();
                    continue;
                };
                let Some(platform) = platform.upgrade() else { return };
                if let Some(council) = platform.council(council) {
                    council.hear(from, message);
                }
            }
            Err(Unheard::Own) => {}
            Err(unheard) => metrics::counter!("dienhong_bus_refused_total", "cause" => unheard.code()).increment(1),
        }
    }
}
