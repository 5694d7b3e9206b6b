//! The whole thing, from outside: real sockets, real stores, the real program. Nothing here waits for a time to pass; it waits for
//! what a page would see.

/// Each function named as two tests, one on each store.
macro_rules! on_every_store {
    ($($name:ident),* $(,)?) => {
        mod on_sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name(crate::support::place::Place::sqlite()).await;
            })*
        }
        mod on_postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                if let Some(place) = crate::support::place::Place::postgres().await {
                    super::$name(place).await;
                }
            })*
        }
    };
}

#[path = "../support/hall.rs"]
mod hall;
#[path = "../support/mod.rs"]
mod support;

mod away;
mod commands;
mod doors;
mod floor;
mod groups;
mod hostile;
mod inside;
mod kill;
mod look_ups;
mod nudge;
mod outcomes;
mod pace;
mod plain_http;
mod process;
mod rehearsal;
mod retries;
mod sight;
mod story;
mod tablet;
mod watching;
