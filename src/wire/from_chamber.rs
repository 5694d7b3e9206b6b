//! Views made from the durable fold. Pure: the same state gives the same view.

mod council;
mod live;
mod result;
mod roll;
mod seats;
mod words;

pub use council::{brief, council, item};
pub use live::live;
pub use roll::{console, me, person, roll};
pub use seats::{results, seats, seats_of};

use crate::chamber::ids::{Millis, PersonId};
use std::collections::BTreeSet;

/// Whether the record can be written now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Store {
    Writable,
    AwaySince(Millis),
}

/// What the record does not know: who is connected, and whose one-time codes are waiting until when.
#[derive(Debug, Default)]
pub struct Connections {
    pub connected: BTreeSet<PersonId>,
    pub codes: Vec<(PersonId, Millis)>,
    pub walls: u32,
    pub public: u32,
}
