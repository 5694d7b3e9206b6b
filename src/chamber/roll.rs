//! People, seats, groups, offices and devices.

use super::command::Issuer;
use super::ids::{DeviceId, Millis, PersonId, SeatId};
use super::seat_order::SeatOrder;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Office {
    Chair,
    Secretary,
    Scrutineer,
    Administrator,
    Auditor,
    /// Presides in the chair's place.
    Deputy,
    /// Người bị chất vấn: answers interpellations; does not vote.
    Official,
    /// Khách mời: watches as the public does.
    Guest,
    /// Báo chí: watches as the public does.
    Press,
    /// Not a person but a screen of the hall: shows what the hall may see, closed sittings too.
    Screen,
}

impl Office {
    /// Every office, in the order in which they were introduced.
    pub const ALL: &'static [Office] = &[
        Self::Chair,
        Self::Secretary,
        Self::Scrutineer,
        Self::Administrator,
        Self::Auditor,
        Self::Deputy,
        Self::Official,
        Self::Guest,
        Self::Press,
        Self::Screen,
    ];

    /// Sees what officers see: who is there, who has not voted, devices, the audit log.
    pub fn is_officer(self) -> bool {
        matches!(
            self,
            Self::Chair | Self::Deputy | Self::Secretary | Self::Scrutineer | Self::Administrator | Self::Auditor
        )
    }
}

/// Somebody on the roll. With a seat: a delegate in office. Offices and a seat may go together (a chair who votes).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    pub id: PersonId,
    /// NFC.
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub seat: Option<SeatId>,
    /// Tổ đại biểu; may be empty.
    pub group: String,
    pub offices: Vec<Office>,
}

impl Person {
    /// Has a seat, so may vote.
    pub fn is_delegate(&self) -> bool {
        self.seat.is_some()
    }

    pub fn has(&self, office: Office) -> bool {
        self.offices.contains(&office)
    }

    pub fn is_officer(&self) -> bool {
        self.offices.iter().any(|office| office.is_officer())
    }

    /// Belongs to the hall and may see closed sittings: a delegate, an officer, a questioned official, a screen.
    pub fn is_of_the_hall(&self) -> bool {
        self.is_delegate() || self.is_officer() || self.has(Office::Official) || self.has(Office::Screen)
    }
}

/// The tablet a person acts with: the one live binding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    pub id: DeviceId,
    /// Ed25519 public key, canonical base64.
    pub key: String,
    pub bound_at: Millis,
    pub issued_by: Issuer,
}

/// Everybody on the roll and their devices.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Roll {
    pub people: BTreeMap<PersonId, Person>,
    /// Those whose mandate or office ended, as they last were: past votes still name them.
    pub former: BTreeMap<PersonId, Person>,
    pub devices: BTreeMap<PersonId, Device>,
    /// Why the last device of each person who has none any more was revoked.
    pub revoked: BTreeMap<PersonId, String>,
    /// Every key ever bound, and to whom: none is bound twice.
    pub keys: BTreeMap<String, PersonId>,
    /// How many devices were ever bound.
    pub bound: u32,
    /// To be forgotten with every change of `people`.
    #[serde(skip)]
    pub order: SeatOrder,
}

impl Roll {
    pub fn delegates(&self) -> impl Iterator<Item = &Person> {
        self.people.values().filter(|person| person.is_delegate())
    }

    /// The roll's own copy of an id, so that what is kept of a person's acts shares its text.
    pub fn own_id<'a>(&'a self, id: &'a PersonId) -> &'a PersonId {
        self.people.get_key_value(id).map_or(id, |(own, _)| own)
    }

    pub fn in_office(&self) -> usize {
        self.delegates().count()
    }
}
