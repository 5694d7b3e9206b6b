//! Floor 2. What goes over the wire: frames, views, HTTP bodies. Exported to TypeScript (web-shared/src/wire.ts); a test
//! fails when the committed file differs.

pub mod frames;
pub mod from_chamber;
pub mod http;
#[cfg(test)]
mod typescript;
pub mod views;
