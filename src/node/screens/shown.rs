//! The newest state of each topic, encoded once for each pair of eyes, and once only where both see the same.

use crate::hub::room::{Frame, TOPICS, Topic};
use crate::wire::from_chamber::Eyes;
use axum::extract::ws::Utf8Bytes;
use serde::Serialize;

/// A topic's encoded state as the hall and as the public sees it. `None`: not for the public.
pub struct Told {
    pub hall: String,
    pub public: Option<String>,
}

impl Told {
    pub fn same(state: String) -> Self {
        Self { public: Some(state.clone()), hall: state }
    }

    pub fn by(make: impl Fn(Eyes) -> String) -> Self {
        Self { hall: make(Eyes::Hall), public: Some(make(Eyes::Public)) }
    }
}

/// Whose view of a topic is another than before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Changed {
    pub hall: bool,
    pub public: bool,
}

impl Changed {
    pub fn for_eyes(self, eyes: Eyes) -> bool {
        match eyes {
            Eyes::Hall => self.hall,
            Eyes::Public => self.public,
        }
    }
}

#[derive(Default)]
pub struct Shown {
    stamp: u64,
    topics: [Entry; TOPICS],
}

#[derive(Default)]
struct Entry {
    hall: Option<(String, Frame)>,
    public: Option<(String, Frame)>,
}

impl Shown {
    pub fn frame(&self, topic: Topic, eyes: Eyes) -> Option<Frame> {
        let entry = &self.topics[topic as usize];
        let seen = match eyes {
            Eyes::Hall => &entry.hall,
            Eyes::Public => &entry.public,
        };
        seen.as_ref().map(|(_, frame)| frame.clone())
    }

    /// Takes what is told now. `size`: of the record it is made from.
    pub fn take(&mut self, topic: Topic, told: Told, size: u64) -> Changed {
        let entry = &mut self.topics[topic as usize];
        let differs = |known: &Option<(String, Frame)>, now: &str| known.as_ref().is_none_or(|(old, _)| old != now);
        let changed = Changed {
            hall: differs(&entry.hall, &told.hall),
            public: told.public.as_ref().is_some_and(|public| differs(&entry.public, public)),
        };
        let mut encode = |state: &str| {
            self.stamp += 1;
            Frame { stamp: self.stamp, text: view_frame(name(topic), state, size) }
        };
        let is_same = told.public.as_ref() == Some(&told.hall);
        if changed.hall {
            let frame = encode(&told.hall);
            entry.hall = Some((told.hall, frame));
        }
        if let Some(public) = told.public.filter(|_| changed.public) {
            let shared = entry.hall.as_ref().filter(|_| changed.hall && is_same).map(|(_, frame)| frame.clone());
            let frame = shared.unwrap_or_else(|| encode(&public));
            entry.public = Some((public, frame));
        }
        changed
    }
}

fn name(topic: Topic) -> &'static str {
    match topic {
        Topic::Council => "council",
        Topic::Roll => "roll",
        Topic::Live => "live",
        Topic::Seats => "seats",
        Topic::Speaking => "speaking",
        Topic::Console => "console",
    }
}

/// Views have string keys only, so encoding them cannot fail; `null` would be seen by every test.
pub fn state(view: &impl Serialize) -> String {
    serde_json::to_string(view).unwrap_or_else(|_| "null".to_string())
}

/// The `view` frame around a state that is encoded already.
pub fn view_frame(topic: &str, state: &str, size: u64) -> Utf8Bytes {
    format!(r#"{{"type":"view","size":{size},"topic":"{topic}","state":{state}}}"#).into()
}
