//! Views made from the durable fold. Pure: the same state gives the same view.

mod audit;
mod council;
mod live;
mod result;
mod roll;
mod roll_call;
mod seats;
mod speaking;
mod words;

pub use audit::{Filter, audit_entry, name_entries};
pub use council::{brief, council, item};
pub use live::live;
pub use roll::{console, me, person, roll};
pub use roll_call::roll_call;
pub use seats::{results, seats, seats_of};
pub use speaking::speaking;

use crate::chamber::ids::{Millis, PersonId};
use std::collections::BTreeMap;

/// Whether the record can be written now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Store {
    Writable,
    AwaySince(Millis),
}

/// For whom a view is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Eyes {
    /// Everybody: what happens behind closed doors is not in it.
    Public,
    /// Delegates, officers, questioned officials and the hall's own screens.
    Hall,
}

/// Whether this is a rehearsal, and whether one runs beside it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rehearsal {
    pub is_one: bool,
    /// Id of the rehearsal beside this council.
    pub beside: Option<String>,
}

/// How a person's tablet is connected.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Line {
    pub connected: bool,
    /// Half of the last round trip.
    pub delay_ms: Option<u32>,
    pub last_seen: Option<Millis>,
}

/// What the record does not know: who is connected and how, and whose one-time codes are waiting until when.
#[derive(Debug, Default)]
pub struct Connections {
    pub lines: BTreeMap<PersonId, Line>,
    pub codes: Vec<(PersonId, Millis)>,
    pub walls: u32,
    pub public: u32,
}
