//! Reading and writing are each other's inverse, for whatever may arrive.

mod ledger_support;

use dienhong::chamber::command::Actor;
use dienhong::chamber::event::Event;
use dienhong::chamber::ids::Millis;
use dienhong::ledger::entry::{Entry, INTEGER_LIMIT};
use dienhong::ledger::merkle::Hash;
use dienhong::ledger::note::Note;
use dienhong::ledger::order::command;
use dienhong::ledger::statement::{Enrol, Login, Order, SignedStatement, Statement, Vote};
use dienhong::ledger::tiles::{TilePath, bundle_bytes, bundle_entries};
use ledger_support::*;
use proptest::prelude::*;

fn id() -> impl Strategy<Value = String> {
    "[a-z0-9][a-z0-9._-]{0,39}"
}

fn origin() -> impl Strategy<Value = String> {
    "[a-z]{1,20}\\.example/[!-*,.0-~-]{1,80}".prop_filter("no person's key name", |text| !text.contains("/p/"))
}

fn statement() -> impl Strategy<Value = Statement> {
    let parts = (origin(), id(), id(), id(), prop::option::of(id()), any::<[u8; 32]>(), any::<[u8; 16]>());
    (parts, 1u32.., 0u8..4).prop_map(|((log, who, a, b, target, bytes, nonce), turn, kind)| {
        let person = person(&who);
        match kind {
            0 => {
                let (ballot, choice, document) = (ballot(&a), answer(&b), Hash(bytes));
                let more = target.iter().map(|key| answer(key)).collect();
                Statement::Vote(Vote { log, ballot, document, person, choice, more, turn, nonce })
            }
            1 => Statement::Order(Order { log, person, order: a, target, arguments: Hash(bytes), nonce }),
            2 => Statement::Enrol(Enrol { log, person, key: bytes, nonce }),
            _ => Statement::Login(Login { log, person, challenge: bytes }),
        }
    })
}

/// An event of the story with its entry's other fields at random.
fn entry() -> impl Strategy<Value = Entry> {
    let events: Vec<Event> = story::hall().entries.into_iter().map(|entry| entry.event).collect();
    let texts = (prop::option::of(".*"), prop::option::of(".*"), any::<bool>());
    let numbers = (1..INTEGER_LIMIT, 0..INTEGER_LIMIT, any::<[u8; 16]>(), any::<prop::sample::Index>());
    (prop::sample::select(events), id(), texts, numbers, 0u8..3).prop_map(
        |(event, who, (statement, arguments, caused), (seq, time, salt, cause), by)| {
            let by = match by {
                0 => Actor::Person(person(&who)),
                1 => Actor::Operator,
                _ => Actor::System,
            };
            let (statement, arguments) = match (statement, caused) {
                (Some(statement), false) => (Some(statement), arguments),
                _ => (None, None),
            };
            let cause = caused.then(|| cause.index(seq.min(1 << 30) as usize) as u64);
            Entry { seq, time: Millis(time), salt, by, event, statement, arguments, cause }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn statements_are_read_as_they_were_written(statement in statement()) {
        prop_assert_eq!(Statement::parse(&statement.encode()), Ok(statement.clone()));
        let key = signing_key("anybody");
        let signed = SignedStatement::parse(&statement.sign(&key).unwrap()).unwrap();
        prop_assert_eq!(signed.verify(&key.verifying_key().to_bytes()), Ok(()));
        prop_assert_eq!(signed.statement, statement);
    }

    #[test]
    fn a_changed_statement_is_another_one_or_none(
        statement in statement(), at in any::<prop::sample::Index>(), with in any::<char>(), cut in any::<bool>(),
    ) {
        let text = statement.encode();
        let changed = changed(&text, at, with, cut);
        if let Ok(read) = Statement::parse(&changed) {
            prop_assert_eq!(read.encode(), changed.clone());
            prop_assert!((read == statement) == (changed == text));
        }
    }

    #[test]
    fn entries_are_read_as_they_were_written(entry in entry()) {
        let line = entry.encode().unwrap();
        prop_assert!(!line.contains('\n'));
        let again = Entry::decode(&line).unwrap();
        prop_assert_eq!(&again, &entry);
        prop_assert_eq!(again.encode().unwrap(), line);
    }

    #[test]
    fn a_changed_entry_is_another_one_or_none(
        entry in entry(), at in any::<prop::sample::Index>(), with in any::<char>(), cut in any::<bool>(),
    ) {
        let line = entry.encode().unwrap();
        let changed = changed(&line, at, with, cut);
        if let Ok(read) = Entry::decode(&changed) {
            prop_assert_eq!(read.encode().unwrap(), changed.clone());
            prop_assert!((read == entry) == (changed == line));
        }
    }

    #[test]
    fn nothing_that_arrives_stops_a_reader(text in ".{0,300}", json in "[\\[\\]{}\":,a-z0-9\\\\ ]{0,200}", bytes in any::<Vec<u8>>()) {
        for text in [&text, &json] {
            let _ = (Note::parse(text), SignedStatement::parse(text), Entry::decode(text), TilePath::parse(text));
            for order in ["add_items", "close_sitting", "extend_ballot"] {
                let _ = command(order, Some("b1"), text);
            }
        }
        if let Some(entries) = bundle_entries(&bytes) {
            prop_assert_eq!(bundle_bytes(entries), Some(bytes));
        }
    }
}

/// `text` with one character replaced, or cut short there.
fn changed(text: &str, at: prop::sample::Index, with: char, cut: bool) -> String {
    let at = at.index(text.chars().count());
    let (before, after): (String, String) = (text.chars().take(at).collect(), text.chars().skip(at + 1).collect());
    if cut { before } else { format!("{before}{with}{after}") }
}
