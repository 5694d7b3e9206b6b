//! The order of seats: numbers inside a seat's name count as numbers, so that `2` stands before `10` and `a9` before `a10`.

use super::ids::PersonId;
use super::roll::Person;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

/// Where everybody on the roll, taken by id, stands in the order of seats. Follows from the roll alone: made when it is first asked
/// for and forgotten when the roll changes, so it is no part of what makes two rolls equal.
#[derive(Debug, Clone, Default)]
pub(super) struct SeatOrder(OnceLock<Arc<[usize]>>);

impl PartialEq for SeatOrder {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl SeatOrder {
    /// By seat, then those without a seat by id. What stands beside each person comes in the order of ids, as in a map.
    pub fn arrange<T: Copy>(&self, people: &BTreeMap<PersonId, Person>, by_id: &[T]) -> Vec<T> {
        let order = self.0.get_or_init(|| places(people));
        order.iter().filter_map(|place| by_id.get(*place).copied()).collect()
    }

    pub fn forget(&mut self) {
        self.0.take();
    }
}

fn places(people: &BTreeMap<PersonId, Person>) -> Arc<[usize]> {
    let mut places: Vec<(usize, &Person)> = people.values().enumerate().collect();
    places.sort_by(|(_, a), (_, b)| match (&a.seat, &b.seat) {
        (Some(x), Some(y)) => natural(x.as_str(), y.as_str()),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => natural(a.id.as_str(), b.id.as_str()),
    });
    places.into_iter().map(|(place, _)| place).collect()
}

/// Compares two names by their runs of digits and of other characters; equal values (`01`, `1`) fall back to the text.
pub(super) fn natural(a: &str, b: &str) -> Ordering {
    let (mut left, mut right) = (a, b);
    loop {
        let ((x, x_rest), (y, y_rest)) = match (run(left), run(right)) {
            (None, None) => return a.cmp(b),
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
            (Some(x), Some(y)) => (x, y),
        };
        match by_run(x, y) {
            Ordering::Equal => (left, right) = (x_rest, y_rest),
            decided => return decided,
        }
    }
}

/// The first run and what follows it.
fn run(text: &str) -> Option<(&str, &str)> {
    let first = text.chars().next()?.is_ascii_digit();
    let end = text.find(|c: char| c.is_ascii_digit() != first).unwrap_or(text.len());
    text.split_at_checked(end)
}

fn by_run(x: &str, y: &str) -> Ordering {
    let is_number = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
    if !(is_number(x) && is_number(y)) {
        return x.cmp(y);
    }
    let (x, y) = (x.trim_start_matches('0'), y.trim_start_matches('0'));
    x.len().cmp(&y.len()).then_with(|| x.cmp(y))
}

#[cfg(test)]
mod tests {
    use super::natural;

    #[test]
    fn numbers_count_as_numbers() {
        let mut seats = vec!["10", "b1", "2", "a10", "a9", "1", "a", "01", "a9-2", "a9-10"];
        seats.sort_by(|a, b| natural(a, b));
        assert_eq!(seats, ["01", "1", "2", "10", "a", "a9", "a9-2", "a9-10", "a10", "b1"]);
    }
}
