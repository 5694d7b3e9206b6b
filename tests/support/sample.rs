//! Batches to write. A store does not look into lines and notes, so these are no real ones.

use super::place::Place;
use dienhong::chamber::ids::{CouncilId, Millis, PersonId};
use dienhong::ports::{Append, CodeRow, Store, StoredCheckpoint};
use dienhong::store::faulty::FaultyStore;

pub fn council(id: &str) -> CouncilId {
    CouncilId::parse(id).expect("an id")
}

pub fn person(id: &str) -> PersonId {
    PersonId::parse(id).expect("an id")
}

/// `count` lines that tell who wrote them.
pub fn entries(writer: &str, count: usize) -> Vec<String> {
    (0..count).map(|n| format!(r#"{{"kind":"sample","by":"{writer}","n":{n},"lời":"tán thành"}}"#)).collect()
}

pub fn batch(first_seq: u64, lines: Vec<String>) -> Append {
    let size = first_seq.saturating_add(lines.len() as u64);
    let note = format!("hall.example\n{size}\nroot\n\n— hall.example signature\n");
    Append { first_seq, lines, checkpoint: StoredCheckpoint { size, note }, rows: vec![] }
}

/// The whole record as the store has it, checked against its head.
pub async fn lines(store: &dyn Store, council: &CouncilId) -> Vec<String> {
    let mut lines: Vec<String> = vec![];
    loop {
        let page = store.read(council, lines.len() as u64, 100).await.expect("the record can be read");
        if page.is_empty() {
            break;
        }
        lines.extend(page.into_iter().map(|entry| entry.line));
    }
    let head = store.head(council).await.expect("the head can be read").expect("there is a head");
    assert_eq!(head.size, lines.len() as u64, "the head stands at the record's end");
    lines
}

/// A store that can be made to fail, with one entry in the hall's record.
pub async fn begun(place: &Place) -> (FaultyStore, CouncilId, u64) {
    let store = FaultyStore::new(place.open().await);
    let hall = council("hall");
    let epoch = store.acquire(&hall, "node").await.unwrap().epoch;
    store.append(&hall, epoch, batch(0, entries("a", 1))).await.unwrap();
    (store, hall, epoch)
}

pub fn code(council: &CouncilId, of: &str, mac: u8, expires_at: u64) -> CodeRow {
    CodeRow {
        council: council.clone(),
        person: PersonId::parse(of).unwrap(),
        mac: [mac; 32],
        issued_by: r#"{"person":"thư ký"}"#.to_owned(),
        expires_at: Millis(expires_at),
    }
}
