//! Connections to Postgres: how they are made, what each promises, and when one is thrown away.

use super::WAIT_LIMIT;
use super::failure::{self, Failure};
use crate::store::open::{OpenError, migration_failed};
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Connection, PgConnection, PgPool, Postgres};
use std::time::Duration;
use tokio::time::timeout;

/// How long the first connection may take at start, when somebody at a console can still wait.
const CONNECT_LIMIT: Duration = Duration::from_secs(5);

/// How long a connection may take to come free or to be made later on: while the server is away, every vote waits as long
/// for its answer.
const POOL_LIMIT: Duration = Duration::from_secs(2);

/// How long bringing the schema up may take, waiting for another node that does the same included.
const MIGRATION_LIMIT: Duration = Duration::from_secs(120);

/// Councils that commit in the same instant share these; more only queue inside the server.
const WRITERS: u32 = 16;

/// Reloading a record is a sequence of pages; few run at once.
const READERS: u32 = 4;

/// What the server holds each connection of ours to.
///
/// - A writer that freezes between two statements loses its transaction, and with it the lock on the head, before the
///   next writer's patience (`lock_timeout`) ends.
/// - With READ COMMITTED a writer that waited for the head's row sees where it is now; a stricter default of the server
///   would turn that into an error.
const SETTINGS: [(&str, &str); 3] = [
    ("idle_in_transaction_session_timeout", "2000"),
    ("lock_timeout", "4000"),
    ("default_transaction_isolation", "read committed"),
];

/// Only for reads. A commit that waits for a synchronous standby must not be cut short by the server: it would then report
/// success without the standby. [`WAIT_LIMIT`] bounds appends from our side.
const READ_SETTINGS: [(&str, &str); 1] = [("statement_timeout", "8000")];

pub(super) async fn open(url: &str) -> Result<(PgPool, PgPool), OpenError> {
    let options: PgConnectOptions = url.parse().map_err(|_| OpenError::BadUrl)?;
    let options = options.application_name("dienhong");
    prepare(&options).await?;
    let options = options.options(SETTINGS);
    Ok((pool(WRITERS, options.clone()), pool(READERS, options.options(READ_SETTINGS))))
}

/// Makes one connection by itself, because a pool would try again until its time is over and then not say why.
async fn prepare(options: &PgConnectOptions) -> Result<(), OpenError> {
    let opening = |error| failure::opening(options, error);
    let mut connection = match timeout(CONNECT_LIMIT, PgConnection::connect_with(options)).await {
        Ok(connected) => connected.map_err(opening)?,
        Err(_) => {
            let reason = format!("no answer within {} seconds", CONNECT_LIMIT.as_secs());
            return Err(OpenError::Unreachable { host: failure::host(options), reason });
        }
    };
    let (follows, syncs): (bool, bool) =
        sqlx::query_as("SELECT pg_is_in_recovery(), current_setting('fsync')::boolean")
            .fetch_one(&mut connection)
            .await
            .map_err(opening)?;
    if follows {
        return Err(OpenError::NotPrimary { host: failure::host(options) });
    }
    if !syncs {
        tracing::warn!(store = "postgres", "the server runs with fsync = off: a power failure can lose recorded votes");
    }
    match timeout(MIGRATION_LIMIT, sqlx::migrate!("migrations/postgres").run(&mut connection)).await {
        Ok(done) => done.map_err(migration_failed)?,
        Err(_) => {
            let reason = format!("the schema was not ready within {} seconds", MIGRATION_LIMIT.as_secs());
            return Err(OpenError::Failed { reason });
        }
    }
    if let Err(error) = connection.close().await {
        tracing::debug!(store = "postgres", %error, "closing the first connection failed");
    }
    Ok(())
}

fn pool(size: u32, options: PgConnectOptions) -> PgPool {
    PgPoolOptions::new()
        .max_connections(size)
        .acquire_timeout(POOL_LIMIT)
        // The first statement shows as well whether the server is there; see `Session::of`.
        .test_before_acquire(false)
        .after_connect(|connection, _| {
            Box::pin(async move {
                // A receipt promises that the vote is on disk, whatever the server's or the role's default is.
                sqlx::query(
                    "SELECT set_config('synchronous_commit', 'on', false)
                     WHERE current_setting('synchronous_commit') = 'off'",
                )
                .execute(connection)
                .await?;
                Ok(())
            })
        })
        .connect_lazy_with(options)
}

/// One connection in use. Unless [`end`](Session::end) was reached it is not used again: after an error, a time limit or a
/// dropped future nobody knows what it still has under way.
pub(super) struct Session {
    connection: PoolConnection<Postgres>,
    sound: bool,
}

impl Session {
    pub(super) async fn of(pool: &PgPool) -> Result<Self, Failure> {
        Self::starting_with(pool, "SELECT 1").await
    }

    /// A session with an open transaction.
    pub(super) async fn begun(pool: &PgPool) -> Result<Self, Failure> {
        Self::starting_with(pool, "BEGIN").await
    }

    /// The first statement shows whether the connection still lives: after a restart of the server the pool is full of
    /// dead ones, which must not fail one request each.
    async fn starting_with(pool: &PgPool, statement: &'static str) -> Result<Self, Failure> {
        let mut failure = Failure::Unavailable;
        for _ in 0..=WRITERS {
            let mut session = Self { connection: pool.acquire().await?, sound: false };
            match sqlx::raw_sql(statement).execute(session.connection()).await {
                Ok(_) => return Ok(session),
                Err(error) => failure = error.into(),
            }
        }
        Err(failure)
    }

    pub(super) fn connection(&mut self) -> &mut PgConnection {
        &mut self.connection
    }

    pub(super) fn end(mut self) {
        self.sound = true;
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if !self.sound {
            self.connection.close_on_drop();
        }
    }
}

/// Waits for the server, but not for ever.
pub(super) async fn limited<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    timeout(WAIT_LIMIT, work).await.unwrap_or(Err(Failure::Unavailable))
}
