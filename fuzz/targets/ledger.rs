//! The record's own formats. Each has one spelling: what was read is written again byte for byte.

use super::text;
use dienhong::ledger::checkpoint::Checkpoint;
use dienhong::ledger::entry::Entry;
use dienhong::ledger::note::{Note, VerifierKey};
use dienhong::ledger::order;
use dienhong::ledger::statement::{SignedStatement, Statement};
use dienhong::ledger::text::base64;
use dienhong::ledger::tiles::{TilePath, bundle_bytes, bundle_entries};

/// A signed statement, or one's text.
pub fn statement(data: &[u8]) {
    let Some(given) = text(data) else { return };
    if let Ok(statement) = Statement::parse(given) {
        assert_eq!(statement.encode(), given);
    }
    if let Ok(signed) = SignedStatement::parse(given) {
        assert_eq!(signed.statement.encode(), signed.text());
        // Nobody's key: what matters is that asking does no harm.
        assert!(signed.verify(&[9; 32]).is_err());
    }
}

/// A line each for the order's name and its target, which may be empty; then the arguments.
pub fn order(data: &[u8]) {
    let Some(given) = text(data) else { return };
    let mut lines = given.splitn(3, '\n');
    let (Some(name), Some(target), Some(arguments)) = (lines.next(), lines.next(), lines.next()) else { return };
    let target = (!target.is_empty()).then_some(target);
    let Ok(command) = order::command(name, target, arguments) else { return };
    let (name, target, arguments) = order::parts(&command).expect("a command that was an order is one");
    let again = order::command(&name, target.as_deref(), &arguments).expect("and is read as one again");
    assert_eq!(again, command);
}

pub fn note(data: &[u8]) {
    let Some(given) = text(data) else { return };
    let Ok(note) = Note::parse(given) else { return };
    let mut written = format!("{}\n", note.text);
    for line in &note.signatures {
        written += &format!("— {} {}\n", line.name, base64(&[&line.key_id[..], &line.signature[..]].concat()));
    }
    assert_eq!(written, given);
}

pub fn key(data: &[u8]) {
    let Some(given) = text(data) else { return };
    if let Ok(key) = VerifierKey::parse(given) {
        assert_eq!(key.to_string(), given);
    }
}

pub fn checkpoint(data: &[u8]) {
    let Some(given) = text(data) else { return };
    if let Ok(checkpoint) = Checkpoint::parse(given) {
        assert_eq!(checkpoint.encode(), given);
    }
}

pub fn entry(data: &[u8]) {
    let Some(given) = text(data) else { return };
    if let Ok(entry) = Entry::decode(given) {
        assert_eq!(entry.encode().expect("an entry that was read can be written"), given);
    }
}

/// A tile's path, and a tile of entries.
pub fn tile(data: &[u8]) {
    if let Some(path) = text(data).and_then(TilePath::parse) {
        assert_eq!(Some(path.to_string().as_bytes()), Some(data));
        if let Some((from, to)) = path.range() {
            assert!(from < to);
        }
    }
    if let Some(entries) = bundle_entries(data) {
        assert_eq!(bundle_bytes(entries), Some(data.to_vec()));
    }
}
