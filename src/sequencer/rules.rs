//! What the sequencer asks of the chamber.

use crate::chamber::Chamber;
use crate::chamber::command::{Actor, Command};
use crate::chamber::event::Event;
use crate::chamber::ids::{Millis, PersonId};
use crate::chamber::refusal::Refusal;

pub(crate) type Decide = fn(&Chamber, Millis, &Actor, &Command) -> Result<Vec<Event>, Refusal>;

/// The chamber's own rules, always; but the simulator plants wrong ones, to see that it finds them.
#[derive(Clone, Copy)]
pub(crate) struct Rules {
    pub decide: Decide,
    pub fits: fn(&Chamber, Millis, &Event) -> bool,
    /// Whether the key is that of the person's device.
    pub is_current: fn(&Chamber, &PersonId, &str) -> bool,
    /// A refusal is not told before what it rests on is durable.
    pub refusals_wait: bool,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            decide: Chamber::decide,
            fits: |chamber, at, event| chamber.fits(at, event).is_ok(),
            is_current: |chamber, person, key| chamber.device_of(person).is_some_and(|device| device.key == key),
            refusals_wait: true,
        }
    }
}
