//! A made-up council: delegates with seats and groups, and the officers who run its sitting.

use super::names::Names;
use super::rng::Rng;
use crate::chamber::ids::{PersonId, SeatId};
use crate::chamber::roll::{Office, Person};

/// The people of a council with `seats` delegates, the same for the same seed: `p1` … in the order of their seats, then those
/// of [`WITHOUT_SEAT`]. `p1` is the chair and votes; `p2` is the deputy, who may take the gavel.
pub fn council(seed: u64, seats: u32) -> Vec<Person> {
    let rng = Rng::new(seed);
    let (mut name_rng, mut group_rng) = (rng.fork(1), rng.fork(2));
    let mut names = Names::default();

    let groups = (seats / MEMBERS_A_GROUP).clamp(1, MOST_GROUPS);
    let mut group_of: Vec<u32> = (0..seats).map(|n| n % groups + 1).collect();
    group_rng.shuffle(&mut group_of);

    let mut people: Vec<Person> = (1u32..)
        .zip(group_of)
        .filter_map(|(n, group)| {
            Some(Person {
                id: PersonId::parse(format!("p{n}")).ok()?,
                name: names.next(&mut name_rng),
                seat: SeatId::parse(n.to_string()).ok(),
                group: format!("Tổ {group}"),
                offices: match n {
                    1 => vec![Office::Chair],
                    2 => vec![Office::Deputy],
                    _ => Vec::new(),
                },
            })
        })
        .collect();
    for (n, (office, group)) in (seats + 1..).zip(WITHOUT_SEAT) {
        people.extend(PersonId::parse(format!("p{n}")).ok().map(|id| Person {
            id,
            name: names.next(&mut name_rng),
            seat: None,
            group: (*group).to_owned(),
            offices: vec![*office],
        }));
    }
    people
}

/// One of everybody a sitting needs besides its delegates, and where they come from.
pub const WITHOUT_SEAT: &[(Office, &str)] = &[
    (Office::Secretary, "Văn phòng"),
    (Office::Administrator, "Văn phòng"),
    (Office::Scrutineer, "Ban kiểm phiếu"),
    (Office::Official, "Sở Xây dựng"),
    (Office::Official, "Sở Tài chính"),
    (Office::Guest, "Khách mời"),
    (Office::Press, "Báo chí"),
];

/// About as many as a group has in the big cities' councils.
const MEMBERS_A_GROUP: u32 = 8;
const MOST_GROUPS: u32 = 30;

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeMap, BTreeSet};

    #[test]
    fn the_same_seed_gives_the_same_people() {
        assert_eq!(council(9, 95), council(9, 95));
        assert_ne!(council(9, 95), council(10, 95));
    }

    #[test]
    fn every_seat_is_taken_once_and_the_officers_are_there() {
        for seats in [1, 2, 15, 95, 500] {
            let people = council(29, seats);
            let seated: Vec<_> = people.iter().filter_map(|p| p.seat.as_ref()).map(|s| s.to_string()).collect();
            assert_eq!(seated, (1..=seats).map(|n| n.to_string()).collect::<Vec<_>>());
            let ids: BTreeSet<_> = people.iter().map(|p| &p.id).collect();
            let names: BTreeSet<_> = people.iter().map(|p| &p.name).collect();
            assert_eq!((ids.len(), names.len()), (people.len(), people.len()));

            let presiding: Vec<_> = people.iter().filter(|p| p.has(Office::Chair) || p.has(Office::Deputy)).collect();
            assert_eq!(presiding.len() as u32, seats.min(2));
            assert!(presiding.iter().all(|p| p.seat.is_some()), "those who preside are delegates");
            let others: Vec<_> = people.iter().filter(|p| p.seat.is_none()).map(|p| p.offices.clone()).collect();
            assert_eq!(others, WITHOUT_SEAT.iter().map(|(office, _)| vec![*office]).collect::<Vec<_>>());
        }
    }

    #[test]
    fn groups_are_about_equal() {
        let mut sizes: BTreeMap<String, u32> = BTreeMap::new();
        for person in council(29, 95).into_iter().filter(|p| p.seat.is_some()) {
            *sizes.entry(person.group).or_default() += 1;
        }
        assert_eq!(sizes.len(), 11);
        assert!(sizes.values().all(|n| (8..=9).contains(n)), "{sizes:?}");
    }
}
