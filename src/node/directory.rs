//! Who may come in, made from the durable fold.

use crate::chamber::Chamber;
use crate::chamber::ids::PersonId;
use crate::hub::directory::{Admitted, Directory, KnownDevice};
use crate::ledger::text;
use std::sync::Arc;

/// `before`: the one made last, whose keys need not be taken apart again.
pub(crate) fn of(chamber: &Chamber, before: &Directory) -> Directory {
    let known_device = |person: &PersonId| {
        let device = chamber.device_of(person)?;
        let public = text::from_base64_exact::<32>(&device.key)?;
        let known = before.device_of(person).filter(|known| known.is(&device.id, &public));
        Some(known.cloned().unwrap_or_else(|| Arc::new(KnownDevice::new(device.id.clone(), public))))
    };
    let people = chamber.people().into_iter().map(|person| {
        let device = known_device(&person.id);
        (person.id.clone(), Admitted { officer: person.is_officer(), hall: person.is_of_the_hall(), device })
    });
    let origin = chamber.council().map(|council| council.origin.clone()).unwrap_or_default();
    Directory { origin, people: people.collect() }
}
