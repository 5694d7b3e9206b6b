//! What somebody may try who means harm, against the real server through its public doors. docs/attacks.md is the map.

// What other tests use as well; each of them uses a part.
#[allow(dead_code)]
#[path = "../http_edge/support.rs"]
mod edge;
#[allow(dead_code)]
#[path = "../e2e/floor.rs"]
mod floor;
#[allow(dead_code)]
#[path = "../support/hall.rs"]
mod hall;
#[allow(dead_code)]
#[path = "../e2e/plain_http.rs"]
mod plain_http;
#[allow(dead_code)]
#[path = "../e2e/process.rs"]
mod process;
#[path = "../support/mod.rs"]
mod support;
#[allow(dead_code)]
#[path = "../e2e/tablet.rs"]
mod tablet;

mod forging;
mod guessing;
mod json;
mod line;
mod logs;
mod replay;
mod requests;
mod secrets;
mod signatures;
#[cfg(target_os = "linux")]
mod slow;
mod sockets;
mod texts;
