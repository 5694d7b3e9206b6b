//! Diên Hồng: chamber voting and session control. The modules stand in the order of their floors; a file imports only from
//! lower floors (ARCHITECTURE.md).

// What a user or a peer sends must never end a thread, and what there is to tell goes to the log. Tests may (clippy.toml).
#![deny(clippy::expect_used, clippy::panic, clippy::print_stderr, clippy::print_stdout, clippy::unwrap_used)]

// Floor 0
pub mod chamber;
// Floor 1
#[cfg(feature = "server")]
pub mod import;
pub mod ledger;
#[cfg(feature = "server")]
pub mod projection;
// Floor 2
#[cfg(feature = "server")]
pub mod ports;
#[cfg(feature = "server")]
pub mod sample;
#[cfg(feature = "server")]
pub mod sequencer;
pub mod verify;
#[cfg(feature = "server")]
pub mod wire;
// Floor 3
#[cfg(feature = "server")]
pub mod authority;
#[cfg(feature = "server")]
pub mod bus;
#[cfg(feature = "server")]
pub mod client;
#[cfg(feature = "server")]
pub mod hub;
#[cfg(feature = "server")]
pub mod store;
// Floor 4
#[cfg(feature = "server")]
pub mod node;
// Floor 5
#[cfg(feature = "server")]
pub mod http;
#[cfg(feature = "server")]
pub mod load;
#[cfg(feature = "server")]
pub mod sim;
// Floor 6
#[cfg(feature = "server")]
pub mod config;
// Floor 6, above the settings
#[cfg(feature = "server")]
pub mod app;
// Floor 6, beside a running server
#[cfg(feature = "server")]
pub mod demo;
#[cfg(feature = "server")]
pub mod replay;
// Floor 6, the top
#[cfg(feature = "server")]
pub mod cli;
