//! How fast one council decides: the 500 votes of a full chamber, one after the other, as its single writer takes them. Once
//! with the votes already checked, once from the signed note on.

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use dienhong::chamber::Chamber;
use dienhong::chamber::command::{Actor, CastVote, Command};
use dienhong::chamber::ids::{DeviceId, Millis, PersonId};
use dienhong::chamber::presets;
use dienhong::hub::admission;
use dienhong::hub::directory::{Admitted, Directory, KnownDevice};
use dienhong::ledger::merkle::Hash;
use dienhong::ledger::statement::{Statement, Vote};
use ed25519_dalek::SigningKey;
use std::hint::black_box;
use std::sync::Arc;

#[path = "../tests/chamber_hall/mod.rs"]
mod chamber_hall;
use chamber_hall::Hall;

const SEATS: u32 = 500;
const ORIGIN: &str = "hdnd.example/hanoi";

fn decide(criterion: &mut Criterion) {
    let mut hall = Hall::at_question(presets::province(SEATS), SEATS, SEATS);
    hall.open("q1");
    let votes: Vec<CastVote> = (1..=SEATS).map(|n| hall.ballot_paper("b1", &format!("p{n}"), "yes")).collect();
    let people: Vec<PersonId> = votes.iter().map(|vote| vote.person.clone()).collect();
    let mut group = criterion.benchmark_group("votes_of_500_seats");
    group.throughput(Throughput::Elements(SEATS.into()));

    let commands: Vec<(Actor, Command)> =
        votes.iter().map(|vote| (Actor::Person(vote.person.clone()), Command::CastVote(vote.clone()))).collect();
    group.bench_function("decided", |bencher| {
        let all_vote = |chamber: &mut Chamber| {
            for (who, command) in &commands {
                take(chamber, hall.now, who, command);
            }
        };
        bencher.iter_batched_ref(|| hall.chamber.clone(), all_vote, BatchSize::LargeInput);
    });

    let directory = directory(&people);
    let notes: Vec<String> = votes.iter().zip(0..).map(|(vote, n)| note(vote, n)).collect();
    group.bench_function("signatures_checked_and_decided", |bencher| {
        let all_vote = |chamber: &mut Chamber| {
            for (person, note) in people.iter().zip(&notes) {
                let submission = admission::vote(&directory, person, note).expect("a good signature");
                take(chamber, hall.now, &submission.by, &submission.command);
            }
        };
        bencher.iter_batched_ref(|| hall.chamber.clone(), all_vote, BatchSize::LargeInput);
    });
    group.finish();
}

fn take(chamber: &mut Chamber, now: Millis, who: &Actor, command: &Command) {
    for event in chamber.decide(now, who, command).expect("a vote that counts") {
        chamber.apply(now, 0, black_box(&event));
    }
}

fn key(n: u32) -> SigningKey {
    SigningKey::from_bytes(&Hash::of(&n.to_be_bytes()).0)
}

fn directory(people: &[PersonId]) -> Directory {
    let admitted = people.iter().zip(0..).map(|(person, n)| {
        let device = DeviceId::parse(format!("d{n}")).expect("an id");
        let device = Arc::new(KnownDevice::new(device, key(n).verifying_key().to_bytes()));
        (person.clone(), Admitted { officer: false, hall: true, device: Some(device) })
    });
    Directory { origin: ORIGIN.to_owned(), people: admitted.collect() }
}

fn note(vote: &CastVote, n: u32) -> String {
    let statement = Statement::Vote(Vote {
        log: ORIGIN.to_owned(),
        ballot: vote.ballot.clone(),
        document: Hash::from_hex(&vote.document_sha256).expect("a hash"),
        person: vote.person.clone(),
        choice: vote.answer.clone(),
        more: Vec::new(),
        turn: vote.turn,
        nonce: [n as u8; 16],
    });
    statement.sign(&key(n)).expect("a statement")
}

criterion_group!(benches, decide);
criterion_main!(benches);
