//! What keeps a record: old states that come back, damage in the store, backups and their way back.

mod backup;
mod doctor;
#[path = "../e2e/floor.rs"]
#[allow(dead_code)]
mod floor;
#[path = "../support/hall.rs"]
#[allow(dead_code)]
mod hall;
mod heads;
mod kept;
#[path = "../e2e/plain_http.rs"]
#[allow(dead_code)]
mod plain_http;
#[path = "../e2e/process.rs"]
#[allow(dead_code)]
mod process;
mod scrub;
#[path = "../support/mod.rs"]
mod support;
#[path = "../e2e/tablet.rs"]
#[allow(dead_code)]
mod tablet;
