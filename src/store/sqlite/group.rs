//! Group commit: one file has one writer, and a commit costs a sync of the disk, whatever it holds. Batches that wait for the writer
//! therefore go together, each council's under its own fence and with an answer of its own.

use super::failure::Failure;
use super::{SqliteStore, WRITE_LIMIT, append};
use crate::chamber::ids::CouncilId;
use crate::ports::{Append, AppendError};
use sqlx::SqliteConnection;
use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::oneshot;
use tokio::time::timeout;

/// Lines of one transaction, beyond the first batch: as four councils' fullest batches. More would only make the first wait for the
/// last.
const LINES: usize = 1_024;

type Outcome = Result<(), AppendError>;

/// One council's batch on its way to the disk.
pub(super) struct Job {
    pub council: CouncilId,
    pub epoch: u64,
    pub batch: Append,
    done: oneshot::Sender<Outcome>,
}

/// What waits for the writer, in the order in which it came. A council has one batch on its way at most.
#[derive(Default)]
pub(super) struct Queue(Mutex<VecDeque<Job>>);

impl Queue {
    fn join(&self, council: &CouncilId, epoch: u64, batch: Append) -> oneshot::Receiver<Outcome> {
        let (done, outcome) = oneshot::channel();
        self.lock().push_back(Job { council: council.clone(), epoch, batch, done });
        outcome
    }

    fn next_group(&self) -> Vec<Job> {
        let mut waiting = self.lock();
        let (mut group, mut lines) = (Vec::<Job>::new(), 0usize);
        while let Some(job) = waiting.front() {
            lines = lines.saturating_add(job.batch.lines.len());
            // Two batches of one council stand for two writers: each must find what the one before has done.
            let is_again = group.iter().any(|other| other.council == job.council);
            if !group.is_empty() && (lines > LINES || is_again) {
                break;
            }
            group.extend(waiting.pop_front());
        }
        // Whoever waited has given up, so nobody wants it written.
        group.retain(|job| !job.done.is_closed());
        group
    }

    /// Takes back what nobody waits for any more; false when it is not here, so that somebody may be writing it.
    fn withdraw(&self, council: &CouncilId) -> bool {
        let mut waiting = self.lock();
        let before = waiting.len();
        waiting.retain(|job| !(job.council == *council && job.done.is_closed()));
        waiting.len() < before
    }

    /// Jobs go in and out whole, so a panic elsewhere while the lock was held leaves nothing half-done.
    fn lock(&self) -> MutexGuard<'_, VecDeque<Job>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Waits until the batch was written with a group, or writes the next group itself when the writer is free.
pub(super) async fn append(store: &SqliteStore, council: &CouncilId, epoch: u64, batch: Append) -> Outcome {
    let mut outcome = store.queue.join(council, epoch, batch);
    let work = async {
        loop {
            tokio::select! {
                biased;
                // Whoever wrote it has gone without a word: nobody knows how far it came.
                done = &mut outcome => return Ok(done.unwrap_or(Err(AppendError::Unknown))),
                led = lead(store) => led?,
            }
        }
    };
    let why = match timeout(WRITE_LIMIT, work).await {
        Ok(Ok(outcome)) => return outcome,
        Ok(Err(why)) => why,
        Err(_) => AppendError::Unavailable,
    };
    outcome.close();
    match outcome.try_recv() {
        Ok(done) => done,
        Err(_) if store.queue.withdraw(council) => Err(why),
        // Somebody may be writing it.
        Err(_) => Err(AppendError::Unknown),
    }
}

/// Writes the next group, once the writer is free. An error: there is no writer.
async fn lead(store: &SqliteStore) -> Result<(), AppendError> {
    let writer = store.writer().await;
    let mut writer = match writer {
        Ok(writer) => writer,
        Err(failure) => return Err(refused(store.report(failure, "append"))),
    };
    let group = store.queue.next_group();
    if group.is_empty() {
        writer.give_back();
        return Ok(());
    }
    let mut commit_sent = false;
    let (outcomes, is_sound) = match append::transact(&mut writer.connection, &group, &mut commit_sent).await {
        Ok(moved) => (moved.into_iter().map(of_fence).collect(), true),
        // One of them may be why; all of it is rolled back.
        Err(Failure::Corrupt) if !commit_sent && group.len() > 1 => {
            (each_alone(store, &mut writer.connection, &group).await, false)
        }
        Err(failure) => {
            let outcome = Err(failed(store.report(failure, "append"), commit_sent));
            (vec![outcome; group.len()], false)
        }
    };
    // All at once: whoever leads stops as soon as it has its own answer.
    for (job, outcome) in group.into_iter().zip(outcomes) {
        // Who gave up waiting takes the outcome for unknown.
        let _ = job.done.send(outcome);
    }
    if is_sound {
        writer.give_back();
    }
    Ok(())
}

async fn each_alone(store: &SqliteStore, connection: &mut SqliteConnection, group: &[Job]) -> Vec<Outcome> {
    let mut outcomes = Vec::with_capacity(group.len());
    for job in group {
        let mut commit_sent = false;
        let written = append::transact(connection, std::slice::from_ref(job), &mut commit_sent).await;
        outcomes.push(match written {
            Ok(moved) => of_fence(moved == [true]),
            Err(failure) => Err(failed(store.report(failure, "append"), commit_sent)),
        });
    }
    outcomes
}

fn of_fence(moved: bool) -> Outcome {
    if moved { Ok(()) } else { Err(AppendError::Conflict) }
}

fn failed(failure: Failure, commit_sent: bool) -> AppendError {
    match failure {
        Failure::Full => AppendError::Full,
        _ if commit_sent => AppendError::Unknown,
        failure => refused(failure),
    }
}

/// Nothing was written.
fn refused(failure: Failure) -> AppendError {
    match failure {
        Failure::Full => AppendError::Full,
        Failure::Corrupt => AppendError::Corrupt,
        Failure::Unavailable | Failure::Broken => AppendError::Unavailable,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::{Store, StoredCheckpoint};
    use crate::projection::{Cell, Row, Table, Value, Write};
    use std::sync::Arc;
    use tokio::task::JoinHandle;

    fn batch(first_seq: u64, lines: usize) -> Append {
        let size = first_seq + lines as u64;
        let note = format!("note {size}");
        let lines = (0..lines).map(|n| format!("line {}", first_seq + n as u64)).collect();
        Append { first_seq, lines, checkpoint: StoredCheckpoint { size, note }, rows: vec![] }
    }

    /// No ballot has this vote's question, so its table does not take it.
    fn unsound() -> Append {
        let cell = |column, text: &str| Cell { column, value: Value::Text(Some(text.to_owned())) };
        let key = vec![cell("ballot", "b1"), cell("person", "p1")];
        let row = Row { table: Table::Vote, write: Write::Put, key, set: vec![cell("answer", "yes")] };
        Append { rows: vec![row], ..batch(0, 1) }
    }

    fn council(n: usize) -> CouncilId {
        CouncilId::parse(format!("c{n}")).unwrap()
    }

    async fn begun(councils: usize) -> Arc<SqliteStore> {
        let store = Arc::new(SqliteStore::in_memory().await.unwrap());
        for n in 0..councils {
            assert_eq!(store.acquire(&council(n), "node").await.unwrap().epoch, 1);
        }
        store
    }

    /// All of them wait before the first is written.
    async fn append_together(store: &Arc<SqliteStore>, batches: Vec<(usize, u64, Append)>) -> Vec<Outcome> {
        let busy = store.writer.lock().await;
        let waiting = batches.len();
        let appending: Vec<JoinHandle<Outcome>> = batches
            .into_iter()
            .map(|(n, epoch, batch)| {
                let store = store.clone();
                tokio::spawn(async move { store.append(&council(n), epoch, batch).await })
            })
            .collect();
        while store.queue.lock().len() < waiting {
            tokio::task::yield_now().await;
        }
        drop(busy);
        let mut outcomes = Vec::new();
        for append in appending {
            outcomes.push(append.await.unwrap());
        }
        outcomes
    }

    #[tokio::test]
    async fn batches_that_wait_together_are_each_fenced_alone() {
        let store = begun(9).await;
        let mut batches: Vec<_> = (0..9).map(|n| (n, 1, batch(0, 1 + n * 20))).collect();
        batches[3].1 = 2;
        batches[5].2 = batch(4, 1);
        let outcomes = append_together(&store, batches).await;
        for (n, outcome) in outcomes.into_iter().enumerate() {
            let lost = [3, 5].contains(&n);
            assert_eq!(outcome, if lost { Err(AppendError::Conflict) } else { Ok(()) }, "{n}");
            let size = if lost { 0 } else { 1 + n as u64 * 20 };
            assert_eq!(store.head(&council(n)).await.unwrap().unwrap().size, size, "{n}");
            let lines = store.read(&council(n), 0, 1_000).await.unwrap();
            assert_eq!(lines.len() as u64, size);
            assert!(lines.iter().zip(0..).all(|(entry, seq)| entry.line == format!("line {seq}")));
        }
    }

    #[tokio::test]
    async fn one_that_cannot_be_written_harms_no_other() {
        let store = begun(4).await;
        let batches = vec![(0, 1, batch(0, 2)), (1, 1, unsound()), (2, 1, batch(0, 3)), (3, 9, batch(0, 1))];
        let outcomes = append_together(&store, batches).await;
        assert_eq!(outcomes, [Ok(()), Err(AppendError::Corrupt), Ok(()), Err(AppendError::Conflict)]);
        for (n, size) in [(0, 2), (1, 0), (2, 3), (3, 0)] {
            assert_eq!(store.head(&council(n)).await.unwrap().unwrap().size, size, "{n}");
            assert_eq!(store.read(&council(n), 0, 10).await.unwrap().len() as u64, size);
        }
        store.append(&council(0), 1, batch(2, 1)).await.unwrap();
    }

    #[tokio::test]
    async fn more_than_one_transaction_takes_goes_into_the_next() {
        let store = begun(6).await;
        let batches = (0..6).map(|n| (n, 1, batch(0, 300))).chain([(0, 1, batch(300, 2))]).collect();
        assert_eq!(append_together(&store, batches).await, vec![Ok(()); 7]);
        assert_eq!(store.head(&council(0)).await.unwrap().unwrap().size, 302);
    }

    #[tokio::test]
    async fn who_gives_up_waiting_is_not_written() {
        let store = begun(2).await;
        let busy = store.writer.lock().await;
        let hall = council(0);
        let mut appending = Box::pin(store.append(&hall, 1, batch(0, 1)));
        tokio::select! {
            biased;
            _ = &mut appending => panic!("the writer is busy"),
            () = std::future::ready(()) => {}
        }
        assert_eq!(store.queue.lock().len(), 1);
        drop(appending);
        drop(busy);
        store.append(&council(1), 1, batch(0, 1)).await.unwrap();
        assert_eq!(store.head(&council(0)).await.unwrap().unwrap().size, 0);
        assert!(store.queue.lock().is_empty());
    }

    #[tokio::test]
    async fn a_store_that_is_shut_keeps_nothing_waiting() {
        let store = begun(1).await;
        store.close().await;
        assert_eq!(store.append(&council(0), 1, batch(0, 1)).await, Err(AppendError::Unavailable));
        assert!(store.queue.lock().is_empty());
    }
}
