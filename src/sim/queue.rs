//! What is still to happen, in the order of time, and in the order of its making where the time is the same.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

struct Due<T> {
    at: u64,
    number: u64,
    what: T,
}

impl<T> PartialEq for Due<T> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl<T> Eq for Due<T> {}

impl<T> PartialOrd for Due<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Due<T> {
    /// The heap gives the greatest first: that is what comes soonest.
    fn cmp(&self, other: &Self) -> Ordering {
        (other.at, other.number).cmp(&(self.at, self.number))
    }
}

pub struct Queue<T> {
    heap: BinaryHeap<Due<T>>,
    number: u64,
}

impl<T> Queue<T> {
    pub fn new() -> Self {
        Self { heap: BinaryHeap::new(), number: 0 }
    }

    pub fn put(&mut self, at: u64, what: T) {
        self.number += 1;
        self.heap.push(Due { at, number: self.number, what });
    }

    pub fn next(&mut self) -> Option<(u64, T)> {
        self.heap.pop().map(|due| (due.at, due.what))
    }
}
