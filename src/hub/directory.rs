//! What the hub must know of people to let them in; made by the node from the durable fold.

use crate::chamber::ids::{DeviceId, PersonId};
use crate::ledger::note::{KeyError, VerifierKey};
use crate::ledger::statement::person_key_name;
use crate::ledger::text;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

#[derive(Debug, Default)]
pub struct Directory {
    pub origin: String,
    pub people: BTreeMap<PersonId, Admitted>,
}

impl Directory {
    /// The device that may act for the person now.
    pub fn device_of(&self, person: &PersonId) -> Option<&Arc<KnownDevice>> {
        self.people.get(person)?.device.as_ref()
    }

    /// Somebody with an office, who may see what officers see.
    pub fn is_officer(&self, person: &PersonId) -> bool {
        self.people.get(person).is_some_and(|admitted| admitted.officer)
    }

    /// Somebody who may see what happens behind closed doors.
    pub fn is_of_the_hall(&self, person: &PersonId) -> bool {
        self.people.get(person).is_some_and(|admitted| admitted.hall)
    }
}

#[derive(Debug, Clone)]
pub struct Admitted {
    pub officer: bool,
    /// May see what happens behind closed doors.
    pub hall: bool,
    pub device: Option<Arc<KnownDevice>>,
}

/// A device and its key. Taking the key apart costs a fifth of checking a signature: it is done once, at the first.
#[derive(Debug)]
pub struct KnownDevice {
    id: DeviceId,
    public: [u8; 32],
    public_base64: String,
    /// With the origin and the person it is named after.
    key: OnceLock<Result<VerifierKey, KeyError>>,
}

impl KnownDevice {
    pub fn new(id: DeviceId, public: [u8; 32]) -> Self {
        Self { id, public, public_base64: text::base64(&public), key: OnceLock::new() }
    }

    pub fn is(&self, id: &DeviceId, public: &[u8; 32]) -> bool {
        self.id == *id && self.public == *public
    }

    pub fn base64(&self) -> &str {
        &self.public_base64
    }

    /// The key under the name of its person; always asked for with the same two.
    pub fn key(&self, origin: &str, person: &PersonId) -> Result<&VerifierKey, KeyError> {
        let key = self.key.get_or_init(|| VerifierKey::new(person_key_name(origin, person), &self.public));
        key.as_ref().map_err(|error| *error)
    }
}

impl PartialEq for KnownDevice {
    fn eq(&self, other: &Self) -> bool {
        self.is(&other.id, &other.public)
    }
}
