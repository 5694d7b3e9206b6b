//! Entries that become durable together.

use crate::chamber::event::Event;
use crate::chamber::ids::Millis;
use std::sync::Arc;

/// One store transaction's worth of entries with the checkpoint that seals them.
#[derive(Debug, Clone)]
pub struct Batch {
    pub first_seq: u64,
    /// Size of the record once this batch is in it.
    pub size: u64,
    pub lines: Vec<Arc<str>>,
    /// The same entries as events with their times, for the projections.
    pub events: Vec<(Millis, Event)>,
    pub checkpoint: String,
}
