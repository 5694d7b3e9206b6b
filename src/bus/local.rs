//! A bus within one process: several platforms side by side, as the tests have them.

use crate::ports::Bus;
use async_trait::async_trait;
use std::sync::{Mutex, PoisonError};
use tokio::sync::broadcast;

/// Messages kept for a listener that is busy; beyond it the oldest are dropped, as a bus may.
const KEPT: usize = 1024;

/// Whatever is published is heard by all, the publisher included.
pub struct LocalBus {
    sender: broadcast::Sender<Vec<u8>>,
    receiver: tokio::sync::Mutex<broadcast::Receiver<Vec<u8>>>,
}

/// Gives each platform its end of one bus.
pub struct LocalExchange(Mutex<broadcast::Sender<Vec<u8>>>);

impl LocalExchange {
    pub fn new() -> Self {
        Self(Mutex::new(broadcast::Sender::new(KEPT)))
    }

    pub fn end(&self) -> LocalBus {
        let sender = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        LocalBus { receiver: tokio::sync::Mutex::new(sender.subscribe()), sender }
    }
}

impl Default for LocalExchange {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait]
impl Bus for LocalBus {
    fn publish(&self, message: Vec<u8>) {
        // Nobody may be listening.
        let _ = self.sender.send(message);
    }

    async fn next(&self) -> Option<Vec<u8>> {
        let mut receiver = self.receiver.lock().await;
        loop {
            match receiver.recv().await {
                Ok(message) => return Some(message),
                Err(broadcast::error::RecvError::Lagged(lost)) => {
                    metrics::counter!("dienhong_bus_dropped_total", "where" => "in").increment(lost);
                }
                Err(broadcast::error::RecvError::Closed) => return None,
            }
        }
    }

    async fn close(&self) {}
}
