//! How long it takes until everybody in a room sees a change: one room, 1,000 WebSockets over the loopback, their clients in
//! this same process and on the same cores. Needs some 2,100 open files: `ulimit -n 4096`.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use dienhong::cli::load::hub;
use dienhong::hub::room::{Audience, Frame, Room, Topic};
use futures_util::{SinkExt, StreamExt};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::runtime::Runtime;
use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::Message;

const SOCKETS: u64 = 1_000;
/// About a `live` view with an open ballot.
const FRAME_BYTES: usize = 1_024;

fn fan_out(criterion: &mut Criterion) {
    let runtime = Runtime::new().expect("a runtime");
    let room = Arc::new(Room::new());
    let mut seen = runtime.block_on(crowd(&room));
    let mut stamp = 0;
    let mut group = criterion.benchmark_group("fan_out");
    group.throughput(Throughput::Elements(SOCKETS));
    group.bench_function("1000_sockets", |bencher| {
        bencher.iter_custom(|times| {
            let shown = (0..times).map(|_| {
                stamp += 1;
                runtime.block_on(show(&room, &mut seen, stamp))
            });
            shown.sum()
        });
    });
    group.finish();
}

/// From the moment the room has the frame until the last client has read it.
async fn show(room: &Room, seen: &mut mpsc::Receiver<u64>, stamp: u64) -> Duration {
    let text = format!("{stamp:0FRAME_BYTES$}").into();
    let start = Instant::now();
    room.show(Audience::Onlookers, Topic::Live, Frame { stamp, text });
    for _ in 0..SOCKETS {
        assert_eq!(seen.recv().await, Some(stamp), "every client sees every change when the room waits for all");
    }
    start.elapsed()
}

/// Serves the room and fills it. What comes back tells which change a client has read, once a client.
async fn crowd(room: &Arc<Room>) -> mpsc::Receiver<u64> {
    let address = hub::serve(room.clone()).await.expect("a free port");
    let (tell, seen) = mpsc::channel(SOCKETS as usize);
    for _ in 0..SOCKETS {
        watcher(address, tell.clone()).await;
    }
    seen
}

/// A wall: joins, then reads.
async fn watcher(address: SocketAddr, tell: mpsc::Sender<u64>) {
    let (mut socket, _) = tokio_tungstenite::connect_async(format!("ws://{address}/ws")).await.expect("a socket");
    let join = r#"{"type":"join","protocol":1,"page":"wall"}"#;
    socket.send(Message::text(join)).await.expect("sent");
    // The challenge, and that it may stay.
    for _ in 0..2 {
        socket.next().await.expect("a frame").expect("a whole frame");
    }
    tokio::spawn(async move {
        while let Some(Ok(message)) = socket.next().await {
            let Message::Text(text) = message else { continue };
            let stamp = text.trim_start_matches('0').parse().expect("a number");
            if tell.send(stamp).await.is_err() {
                return;
            }
        }
    });
}

criterion_group!(benches, fan_out);
criterion_main!(benches);
