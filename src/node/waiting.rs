//! What a council's task waits for.

use crate::ports::AppendError;
use std::time::Instant;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time;

pub(super) type Commit = JoinHandle<Result<(), AppendError>>;

pub(super) enum Waited<T> {
    Done(Result<T, tokio::task::JoinError>),
    Stopped,
}

pub(super) async fn finished<T, U>(commit: &mut Option<(Commit, T, U)>) -> Result<(), AppendError> {
    match commit {
        // A commit that broke down half-way may have been written.
        Some((commit, ..)) => commit.await.unwrap_or(Err(AppendError::Unknown)),
        None => std::future::pending().await,
    }
}

/// `None`: the work broke down.
pub(super) async fn finished_one<T>(work: &mut Option<JoinHandle<T>>) -> Option<T> {
    match work {
        Some(work) => work.await.ok(),
        None => std::future::pending().await,
    }
}

/// A dropped sender means that nobody can ask for a stop any more, which is a stop as well.
pub(super) async fn stopped(stop: &mut watch::Receiver<bool>) {
    let _ = stop.wait_for(|stop| *stop).await;
}

pub(super) async fn until(at: Option<Instant>) {
    match at {
        Some(at) => time::sleep_until(at.into()).await,
        None => std::future::pending().await,
    }
}
