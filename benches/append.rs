//! How fast a store makes votes durable: one transaction with its sync to disk, for batches of 1, 64 and 256 entries.
//! Postgres is left out with DIENHONG_NO_POSTGRES=1.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use dienhong::chamber::command::Actor;
use dienhong::chamber::event::Event;
use dienhong::chamber::ids::{AnswerKey, BallotId, CouncilId, Millis, PersonId};
use dienhong::ledger::entry::Entry;
use dienhong::ledger::merkle::Hash;
use dienhong::ledger::statement::{Statement, Vote};
use dienhong::ports::{Append, Store};
use dienhong::projection;
use ed25519_dalek::SigningKey;
use std::time::{Duration, Instant};
use support::place::Place;
use support::sample;
use tokio::runtime::Runtime;

#[path = "../tests/support/mod.rs"]
mod support;

const BATCHES: [u64; 3] = [1, 64, 256];

fn append(criterion: &mut Criterion) {
    let runtime = Runtime::new().expect("a runtime");
    on(criterion, &runtime, "append_sqlite", &Place::sqlite());
    if let Some(place) = runtime.block_on(Place::postgres()) {
        on(criterion, &runtime, "append_postgres", &place);
    }
}

fn on(criterion: &mut Criterion, runtime: &Runtime, name: &str, place: &Place) {
    let store = runtime.block_on(place.open());
    let mut group = criterion.benchmark_group(name);
    for lines in BATCHES {
        let council = sample::council(&format!("hall-{lines}"));
        let lease = runtime.block_on(store.acquire(&council, "bench")).expect("the lease");
        let mut size = 0;
        group.throughput(Throughput::Elements(lines));
        group.bench_function(BenchmarkId::from_parameter(lines), |bencher| {
            bencher.iter_custom(|times| {
                (0..times)
                    .map(|_| runtime.block_on(timed(store.as_ref(), &council, lease.epoch, &mut size, lines)))
                    .sum()
            });
        });
    }
    group.finish();
    runtime.block_on(store.close());
}

/// Making the batch is not measured.
async fn timed(store: &dyn Store, council: &CouncilId, epoch: u64, size: &mut u64, lines: u64) -> Duration {
    let batch = batch(*size, lines);
    *size += lines;
    let start = Instant::now();
    store.append(council, epoch, batch).await.expect("written");
    start.elapsed()
}

/// Votes of as many delegates, as long as real ones and with their projections.
fn batch(first_seq: u64, lines: u64) -> Append {
    let mut texts = Vec::new();
    let mut rows = Vec::new();
    for (seq, n) in (first_seq..).zip(0..lines) {
        let entry = vote(seq, n);
        rows.extend(projection::rows(entry.time, seq, &entry.event));
        texts.push(entry.encode().expect("an entry"));
    }
    Append { rows, ..sample::batch(first_seq, texts) }
}

fn vote(seq: u64, n: u64) -> Entry {
    let person = PersonId::parse(format!("p{n}")).expect("an id");
    let ballot = BallotId::parse("b1").expect("an id");
    let answer = AnswerKey::parse("yes").expect("an answer");
    let statement = Statement::Vote(Vote {
        log: "hall.example".to_owned(),
        ballot: ballot.clone(),
        document: Hash::of(b"question"),
        person: person.clone(),
        choice: answer.clone(),
        more: Vec::new(),
        turn: 1,
        nonce: [7; 16],
    });
    Entry {
        seq,
        time: Millis(1_765_000_000_000 + seq),
        salt: [9; 16],
        by: Actor::Person(person.clone()),
        event: Event::VoteCast { ballot, person, answer, more: Vec::new(), turn: 1 },
        cause: None,
        statement: Some(statement.sign(&SigningKey::from_bytes(&[5; 32])).expect("a statement")),
        arguments: None,
    }
}

criterion_group!(benches, append);
criterion_main!(benches);
