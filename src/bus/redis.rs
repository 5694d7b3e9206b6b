//! A bus over Redis: one channel of its publish and subscribe. It is down whenever it likes: publishing never waits, and both
//! directions come back by themselves.

use crate::ports::Bus;
use async_trait::async_trait;
use futures_util::StreamExt;
use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, RedisError};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, mpsc};
use tokio::task::JoinHandle;
use tokio::time;

/// Messages waiting to go out; beyond it the oldest are dropped. Several seconds of the busiest hall, and what is older than
/// that was read from the store long ago.
const OUTGOING: usize = 256;
/// Messages that came in and wait to be looked at: as many.
const INCOMING: usize = 256;
/// Bytes a message may have: four times the largest batch of votes. Whatever else lies on the channel is not kept until its seal is
/// looked at; entries that are larger are read from the store.
const LARGEST: usize = 1024 * 1024;
/// Messages of one journey to the server, and so the most that are lost with it.
const AT_ONCE: usize = 64;
/// A server that takes longer to let us in or to answer counts as away: screens read the store meanwhile.
const WITHIN: Duration = Duration::from_secs(1);
/// Between attempts to reach a server that is away: a short failure is hardly noticed, a long one is no flood.
const RETRY_FIRST: Duration = Duration::from_millis(100);
const RETRY_LAST: Duration = Duration::from_secs(2);
/// An empty message goes round so often, so that a line that died in silence is noticed.
const BEAT: Duration = Duration::from_secs(5);
/// Nothing heard for so long, three beats: the line is made anew.
const SILENCE: Duration = Duration::from_secs(15);

/// Why there can be no bus at this address. That nobody answers there is none: it may come.
#[derive(Debug, thiserror::Error)]
#[error("not a Redis address (redis://HOST:PORT): {0}")]
pub struct BadAddress(String);

pub struct RedisBus {
    outgoing: Arc<Outgoing>,
    incoming: tokio::sync::Mutex<mpsc::Receiver<Vec<u8>>>,
    tasks: Mutex<Vec<JoinHandle<()>>>,
}

#[derive(Default)]
struct Outgoing {
    waiting: Mutex<Waiting>,
    more: Notify,
}

#[derive(Default)]
struct Waiting {
    messages: VecDeque<Vec<u8>>,
    /// Some were taken and are on their way.
    under_way: bool,
}

impl RedisBus {
    /// Begins to reach for the server; whether it is there shows later.
    pub fn open(url: &str, channel: String) -> Result<Self, BadAddress> {
        // What is wrong may hold the password: the category alone is told.
        let client = Client::open(url).map_err(|error| BadAddress(error.category().to_owned()))?;
        let outgoing = Arc::new(Outgoing::default());
        let (heard, incoming) = mpsc::channel(INCOMING);
        let tasks = vec![
            tokio::spawn(speak(client.clone(), channel.clone(), outgoing.clone())),
            tokio::spawn(listen(client, channel, heard)),
        ];
        Ok(Self { outgoing, incoming: tokio::sync::Mutex::new(incoming), tasks: Mutex::new(tasks) })
    }
}

#[async_trait]
impl Bus for RedisBus {
    fn publish(&self, message: Vec<u8>) {
        if message.len() > LARGEST {
            metrics::counter!("dienhong_bus_dropped_total", "where" => "out").increment(1);
            return;
        }
        self.outgoing.add(message);
    }

    async fn next(&self) -> Option<Vec<u8>> {
        self.incoming.lock().await.recv().await
    }

    async fn close(&self) {
        // What was said last, such as that this node has let go, is worth a moment.
        let _ = time::timeout(WITHIN, self.outgoing.emptied()).await;
        for task in self.tasks.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            task.abort();
        }
    }
}

impl Drop for RedisBus {
    fn drop(&mut self) {
        for task in self.tasks.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            task.abort();
        }
    }
}

impl Outgoing {
    fn add(&self, message: Vec<u8>) {
        let dropped = {
            let mut waiting = self.lock();
            waiting.messages.push_back(message);
            waiting.messages.len() > OUTGOING && waiting.messages.pop_front().is_some()
        };
        if dropped {
            metrics::counter!("dienhong_bus_dropped_total", "where" => "out").increment(1);
        }
        self.more.notify_one();
    }

    /// Waits until there are some.
    async fn take(&self) -> Vec<Vec<u8>> {
        loop {
            let taken: Vec<Vec<u8>> = {
                let mut waiting = self.lock();
                let count = waiting.messages.len().min(AT_ONCE);
                waiting.under_way = count > 0;
                waiting.messages.drain(..count).collect()
            };
            if !taken.is_empty() {
                return taken;
            }
            self.more.notified().await;
        }
    }

    fn done(&self) {
        self.lock().under_way = false;
    }

    async fn emptied(&self) {
        let is_empty = || {
            let waiting = self.lock();
            waiting.messages.is_empty() && !waiting.under_way
        };
        while !is_empty() {
            time::sleep(Duration::from_millis(5)).await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn speak(client: Client, channel: String, outgoing: Arc<Outgoing>) {
    let config =
        || AsyncConnectionConfig::new().set_connection_timeout(Some(WITHIN)).set_response_timeout(Some(WITHIN));
    let mut pause = RETRY_FIRST;
    let mut is_away = false;
    loop {
        let error = match client.get_multiplexed_async_connection_with_config(&config()).await {
            Ok(mut connection) => {
                pause = RETRY_FIRST;
                if std::mem::take(&mut is_away) {
                    tracing::info!("Redis is back");
                }
                say_all(&mut connection, &channel, &outgoing).await
            }
            Err(error) => error,
        };
        // Once for each time it goes away.
        if !std::mem::replace(&mut is_away, true) {
            tracing::warn!(cause = error.category(), "Redis is away; screens on other nodes read the store");
        }
        time::sleep(pause).await;
        pause = (pause * 2).min(RETRY_LAST);
    }
}

/// Until the server is away.
async fn say_all(connection: &mut MultiplexedConnection, channel: &str, outgoing: &Outgoing) -> RedisError {
    loop {
        // An empty one goes round where there is nothing to say.
        let messages = time::timeout(BEAT, outgoing.take()).await.unwrap_or_else(|_| vec![Vec::new()]);
        let mut pipeline = redis::pipe();
        for message in &messages {
            pipeline.cmd("PUBLISH").arg(channel).arg(message.as_slice()).ignore();
        }
        let sent = pipeline.query_async::<()>(connection).await;
        outgoing.done();
        if let Err(error) = sent {
            metrics::counter!("dienhong_bus_dropped_total", "where" => "out").increment(messages.len() as u64);
            return error;
        }
    }
}

async fn listen(client: Client, channel: String, heard: mpsc::Sender<Vec<u8>>) {
    let mut pause = RETRY_FIRST;
    loop {
        let subscribing = async {
            let mut line = client.get_async_pubsub().await?;
            line.subscribe(&channel).await?;
            Ok::<_, RedisError>(line)
        };
        if let Ok(Ok(mut line)) = time::timeout(WITHIN, subscribing).await {
            pause = RETRY_FIRST;
            let mut messages = line.on_message();
            while let Ok(Some(message)) = time::timeout(SILENCE, messages.next()).await {
                let bytes = message.get_payload_bytes();
                if bytes.is_empty() {
                    continue;
                }
                if bytes.len() > LARGEST || heard.try_send(bytes.to_vec()).is_err() {
                    metrics::counter!("dienhong_bus_dropped_total", "where" => "in").increment(1);
                }
            }
        }
        time::sleep(pause).await;
        pause = (pause * 2).min(RETRY_LAST);
    }
}
