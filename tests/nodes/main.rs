//! Several nodes serve one platform: real programs on a real Postgres and a real Redis, killed, stopped and cut off. Nothing here
//! waits for a time to pass; it waits for what a page would see.

// What other tests use as well; each of them uses a part.
#[allow(dead_code)]
#[path = "../e2e/floor.rs"]
mod floor;
#[allow(dead_code)]
#[path = "../support/hall.rs"]
mod hall;
#[allow(dead_code)]
#[path = "../e2e/plain_http.rs"]
mod plain_http;
#[path = "../support/mod.rs"]
mod support;
#[allow(dead_code)]
#[path = "../e2e/tablet.rs"]
mod tablet;

mod bus;
mod dead;
mod inside;
mod node;
mod peers;
mod together;
mod wire;
