//! One line of the record. The stored bytes are what is hashed, served and checked: reading a line and writing it again gives
//! the same bytes, or the line is refused.

use super::merkle::{Hash, leaf_hash};
use super::text::{base64, from_base64_exact};
use crate::chamber::command::Actor;
use crate::chamber::event::Event;
use crate::chamber::ids::{Millis, PersonId};
use serde::{Deserialize, Serialize};

/// Longest entry, in bytes: an entry bundle writes its length as a u16 (c2sp.org/tlog-tiles).
pub const MAX_ENTRY_LEN: usize = 65_535;

/// Integers stay below 2^53, so that a reader whose numbers are doubles sees them exactly.
pub const INTEGER_LIMIT: u64 = 1 << 53;

const VERSION: u32 = 1;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EntryError {
    #[error("the entry has more than {MAX_ENTRY_LEN} bytes")]
    TooLong,
    #[error("not an entry: {0}")]
    Malformed(String),
    #[error("the line is not spelt as the format asks")]
    NotCanonical,
    #[error("a number is not an integer below 2^53")]
    Number,
    #[error("statement, arguments and cause do not go together so")]
    Fields,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// From 0 without gaps.
    pub seq: u64,
    pub time: Millis,
    /// Random, so that no restricted entry can be guessed from its hash.
    pub salt: [u8; 16],
    pub by: Actor,
    pub event: Event,
    /// The signed note, where a person ordered it.
    pub statement: Option<String>,
    /// The text an order's statement names by its hash.
    pub arguments: Option<String>,
    /// For the second and later entries of one act: the seq of its first. `caused_by` in the line.
    pub cause: Option<u64>,
}

impl Entry {
    /// The line, without a line feed.
    pub fn encode(&self) -> Result<String, EntryError> {
        let fields_fit = match (&self.statement, &self.arguments, self.cause) {
            (None, None, Some(cause)) => cause < self.seq,
            (None, Some(_), _) | (Some(_), _, Some(_)) => false,
            (_, _, None) => true,
        };
        if !fields_fit {
            return Err(EntryError::Fields);
        }
        let line = serde_json::to_string(&Line {
            v: VERSION,
            seq: self.seq,
            time: self.time,
            salt: base64(&self.salt),
            by: actor_text(&self.by),
            event: &self.event,
            cause: self.cause,
            statement: self.statement.as_deref(),
            arguments: self.arguments.as_deref(),
        })
        .map_err(|error| EntryError::Malformed(error.to_string()))?;
        match line.len() {
            ..=MAX_ENTRY_LEN if !numbers_fit(&line) => Err(EntryError::Number),
            ..=MAX_ENTRY_LEN => Ok(line),
            _ => Err(EntryError::TooLong),
        }
    }

    pub fn decode(line: &str) -> Result<Self, EntryError> {
        if line.len() > MAX_ENTRY_LEN {
            return Err(EntryError::TooLong);
        }
        let read: OwnedLine = serde_json::from_str(line).map_err(|error| EntryError::Malformed(error.to_string()))?;
        let entry = Self {
            seq: read.seq,
            time: read.time,
            salt: from_base64_exact(&read.salt).ok_or(EntryError::NotCanonical)?,
            by: parse_actor(&read.by).ok_or_else(|| EntryError::Malformed("`by` names nobody".into()))?,
            event: read.event,
            statement: read.statement,
            arguments: read.arguments,
            cause: read.cause,
        };
        if entry.encode()? == line { Ok(entry) } else { Err(EntryError::NotCanonical) }
    }
}

/// The hash that stands for an entry's line in the tree.
pub fn line_hash(line: &str) -> Hash {
    leaf_hash(line.as_bytes())
}

/// `p:<id>`, `operator` or `system`.
pub fn actor_text(actor: &Actor) -> String {
    match actor {
        Actor::Person(person) => format!("p:{person}"),
        Actor::Operator => "operator".into(),
        Actor::System => "system".into(),
    }
}

pub fn parse_actor(text: &str) -> Option<Actor> {
    match text {
        "operator" => Some(Actor::Operator),
        "system" => Some(Actor::System),
        _ => PersonId::parse(text.strip_prefix("p:")?).ok().map(Actor::Person),
    }
}

/// The order of these fields is the order in the line.
#[derive(Serialize)]
struct Line<'a> {
    v: u32,
    seq: u64,
    time: Millis,
    salt: String,
    by: String,
    #[serde(flatten)]
    event: &'a Event,
    // Not `cause`: `ballot_held` has a field of that name.
    #[serde(rename = "caused_by", skip_serializing_if = "Option::is_none")]
    cause: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    statement: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    arguments: Option<&'a str>,
}

/// Reads more than it should (other versions, unknown and repeated keys, `null`); comparing with the encoding refuses those.
#[derive(Deserialize)]
struct OwnedLine {
    seq: u64,
    time: Millis,
    salt: String,
    by: String,
    #[serde(flatten)]
    event: Event,
    #[serde(rename = "caused_by", default)]
    cause: Option<u64>,
    #[serde(default)]
    statement: Option<String>,
    #[serde(default)]
    arguments: Option<String>,
}

/// That every number outside strings is an integer below 2^53 in size. Looks at the finished line, so that no field added to
/// an event later can be forgotten.
fn numbers_fit(line: &str) -> bool {
    let mut in_string = false;
    let mut escaped = false;
    // The number being read, while inside one.
    let mut number: Option<u64> = None;
    for byte in line.bytes() {
        if in_string {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => in_string = false,
                _ => {}
            }
            continue;
        }
        match byte {
            b'"' => in_string = true,
            b'0'..=b'9' => {
                let next = number.unwrap_or(0).saturating_mul(10).saturating_add(u64::from(byte - b'0'));
                if next >= INTEGER_LIMIT {
                    return false;
                }
                number = Some(next);
            }
            b'.' | b'e' | b'E' if number.is_some() => return false,
            _ => number = None,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chamber::ids::ItemId;

    fn entry() -> Entry {
        Entry {
            seq: 7,
            time: Millis(1_800_000_000_000),
            salt: [9; 16],
            by: Actor::Person(PersonId::parse("p1").unwrap()),
            event: Event::ItemStarted { item: ItemId::parse("i1").unwrap() },
            statement: Some("a \"note\"\n\u{1}\u{7f}/é\u{2028}".into()),
            arguments: Some("{}".into()),
            cause: None,
        }
    }

    #[test]
    fn the_line_is_spelt_as_documented() {
        let line = entry().encode().unwrap();
        assert_eq!(
            line,
            "{\"v\":1,\"seq\":7,\"time\":1800000000000,\"salt\":\"CQkJCQkJCQkJCQkJCQkJCQ==\",\"by\":\"p:p1\",\
             \"kind\":\"item_started\",\"item\":\"i1\",\"statement\":\"a \\\"note\\\"\\n\\u0001\u{7f}/é\u{2028}\",\
             \"arguments\":\"{}\"}"
        );
        assert_eq!(Entry::decode(&line), Ok(entry()));
    }

    #[test]
    fn other_spellings_of_the_same_entry_are_refused() {
        let line = entry().encode().unwrap();
        for (from, to) in [
            ("\"v\":1", "\"v\":2"),
            ("\"v\":1,", ""),
            ("\"v\":1,\"seq\":7", "\"seq\":7,\"v\":1"),
            ("\"seq\":7", "\"seq\": 7"),
            ("\"seq\":7", "\"seq\":07"),
            ("\"seq\":7", "\"seq\":7.0"),
            ("\"seq\":7", "\"seq\":7e0"),
            ("\"seq\":7", "\"seq\":7,\"seq\":7"),
            ("\"item\":\"i1\"", "\"item\":\"i1\",\"item\":\"i1\""),
            ("\"item\":\"i1\"", "\"item\":\"i1\",\"more\":1"),
            ("\"item\":\"i1\"", "\"item\":\"i\\u0031\""),
            ("\"item\":\"i1\"", "\"item\":\"i1\",\"caused_by\":null"),
            ("\"item\":\"i1\"", "\"item\":\"i1\",\"caused_by\":3"),
            ("/é", "\\/é"),
            ("\\u0001", "\\u001"),
            ("\\u0001", "\u{1}"),
            ("CQ==", "CR=="),
            ("p:p1", "p:P1"),
            ("p:p1", "chair"),
            ("\"{}\"}", "\"{}\"} "),
            ("\"{}\"}", "\"{}\"}\n"),
        ] {
            let changed = line.replacen(from, to, 1);
            assert_ne!(changed, line, "{from}");
            assert!(Entry::decode(&changed).is_err(), "{from:?} -> {to:?}");
        }
    }

    #[test]
    fn limits_hold_at_both_doors() {
        let big = Entry { seq: INTEGER_LIMIT, ..entry() };
        assert_eq!(big.encode(), Err(EntryError::Number));
        assert!(Entry { seq: INTEGER_LIMIT - 1, ..entry() }.encode().is_ok());
        let line = entry().encode().unwrap().replace("\"seq\":7", "\"seq\":9007199254740992");
        assert_eq!(Entry::decode(&line), Err(EntryError::Number));

        let room = MAX_ENTRY_LEN - entry().encode().unwrap().len();
        let with = |extra: usize| Entry { arguments: Some(format!("{{}}{}", " ".repeat(extra))), ..entry() };
        assert_eq!(with(room).encode().unwrap().len(), MAX_ENTRY_LEN);
        assert_eq!(with(room + 1).encode(), Err(EntryError::TooLong));

        assert_eq!(Entry { cause: Some(3), ..entry() }.encode(), Err(EntryError::Fields));
        assert_eq!(Entry { statement: None, ..entry() }.encode(), Err(EntryError::Fields));
        let later = Entry { statement: None, arguments: None, cause: Some(7), ..entry() };
        assert_eq!(later.encode(), Err(EntryError::Fields));
        assert!(Entry { cause: Some(6), ..later }.encode().is_ok());
    }
}
