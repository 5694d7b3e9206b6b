//! The roll and its devices.

use super::Decision;
use crate::chamber::command::Issuer;
use crate::chamber::event::Event;
use crate::chamber::ids::{DeviceId, PersonId};
use crate::chamber::limits;
use crate::chamber::permission::CODE_ISSUERS;
use crate::chamber::refusal::Refusal;
use crate::chamber::roll::Person;
use crate::chamber::state::{Chamber, Council, small};
use crate::chamber::texts;
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn import(chamber: &Chamber, council: &Council, sha256: &str, people: &[Person]) -> Decision {
    // Without rows the order came without the file that it names.
    if !texts::is_sha256_hex(sha256) || people.is_empty() {
        return Err(Refusal::BadText);
    }
    roll_stands_still(chamber)?;
    // Before anything is sorted or compared.
    if people.len() > limits::PEOPLE {
        return Err(Refusal::TooManyPeople);
    }
    let rows = people.iter().map(row).collect::<Result<Vec<Person>, Refusal>>()?;
    let roll = roll_after(chamber, &rows)?;
    check_seats(&roll, council.rules.seats)?;

    let (leaving, others): (Vec<Person>, Vec<Person>) = rows
        .into_iter()
        .filter(|row| chamber.person(&row.id) != Some(row))
        // Those who give up a seat come first, so that it is free for the next.
        .partition(|row| chamber.delegate(&row.id).is_some() && !row.is_delegate());
    let imported = Event::RosterImported { sha256: sha256.to_owned(), people: small(leaving.len() + others.len()) };
    let set = leaving.into_iter().chain(others).map(|person| Event::PersonSet { person });
    Ok(std::iter::once(imported).chain(set).collect())
}

pub(super) fn set_person(chamber: &Chamber, council: &Council, person: &Person) -> Decision {
    roll_stands_still(chamber)?;
    let person = row(person)?;
    let roll = roll_after(chamber, std::slice::from_ref(&person))?;
    check_seats(&roll, council.rules.seats)?;
    Ok(vec![Event::PersonSet { person }])
}

pub(super) fn end_mandate(chamber: &Chamber, person: &PersonId, reason: &str) -> Decision {
    let person = chamber.person(person).ok_or(Refusal::UnknownPerson)?;
    let reason = texts::reason(reason)?;
    roll_stands_still(chamber)?;
    let left = Event::PersonLeft { person: person.id.clone(), reason: reason.clone() };
    let revoked = chamber.device_of(&person.id).map(|device| Event::DeviceRevoked {
        person: person.id.clone(),
        device: device.id.clone(),
        reason,
    });
    Ok(revoked.into_iter().chain([left]).collect())
}

pub(super) fn bind_device(chamber: &Chamber, person: &PersonId, key: &str, issued_by: &Issuer) -> Decision {
    let person = chamber.person(person).ok_or(Refusal::UnknownPerson)?;
    if let Issuer::Person(issuer) = issued_by
        && !CODE_ISSUERS.iter().any(|office| chamber.holds_office(issuer, *office))
    {
        return Err(Refusal::NotAllowed);
    }
    if !texts::is_key_base64(key) {
        return Err(Refusal::BadText);
    }
    if chamber.is_key_used(key) {
        return Err(Refusal::KeyInUse);
    }
    let bound = Event::DeviceBound {
        person: person.id.clone(),
        device: DeviceId::numbered('d', chamber.roll.bound.saturating_add(1)),
        key: key.to_owned(),
        issued_by: issued_by.clone(),
    };
    let replaced = chamber.device_of(&person.id).map(|device| Event::DeviceRevoked {
        person: person.id.clone(),
        device: device.id.clone(),
        reason: "replaced".to_owned(),
    });
    Ok(replaced.into_iter().chain([bound]).collect())
}

pub(super) fn revoke_device(chamber: &Chamber, person: &PersonId, reason: &str) -> Decision {
    let person = chamber.person(person).ok_or(Refusal::UnknownPerson)?;
    let device = chamber.device_of(&person.id).ok_or(Refusal::NoDevice)?;
    Ok(vec![Event::DeviceRevoked {
        person: person.id.clone(),
        device: device.id.clone(),
        reason: texts::reason(reason)?,
    }])
}

/// While votes are taken nobody joins or leaves the roll: its figures are the bases that the tally is judged by.
fn roll_stands_still(chamber: &Chamber) -> Result<(), Refusal> {
    if chamber.is_taking_votes() { Err(Refusal::BallotRunning) } else { Ok(()) }
}

/// A row as the roll will have it: offices in order, each once.
fn row(person: &Person) -> Result<Person, Refusal> {
    let offices: BTreeSet<_> = person.offices.iter().copied().collect();
    Ok(Person {
        id: person.id.clone(),
        name: texts::name(&person.name, limits::NAME_CHARS)?,
        seat: person.seat.clone(),
        group: texts::label(&person.group, limits::NAME_CHARS)?,
        offices: offices.into_iter().collect(),
    })
}

/// The roll once every row is in. Refused when a person stands in the file twice.
fn roll_after<'a>(chamber: &'a Chamber, rows: &'a [Person]) -> Result<BTreeMap<&'a PersonId, &'a Person>, Refusal> {
    let mut roll: BTreeMap<&PersonId, &Person> = chamber.roll.people.iter().collect();
    let mut seen = BTreeSet::new();
    for row in rows {
        if !seen.insert(&row.id) {
            return Err(Refusal::BadText);
        }
        roll.insert(&row.id, row);
    }
    Ok(roll)
}

fn check_seats(roll: &BTreeMap<&PersonId, &Person>, seats: u32) -> Result<(), Refusal> {
    let mut taken = BTreeSet::new();
    for seat in roll.values().filter_map(|person| person.seat.as_ref()) {
        if !taken.insert(seat) {
            return Err(Refusal::DuplicateSeat);
        }
    }
    if small(taken.len()) > seats || roll.len() > limits::PEOPLE {
        return Err(Refusal::TooManyPeople);
    }
    Ok(())
}
