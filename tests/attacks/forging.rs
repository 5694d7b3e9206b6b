//! Votes nobody signed: real ones changed at random, and signatures made to look like others.

use crate::floor::{Floor, LONG, ballot};
use crate::hall::{Hall, ORIGIN};
use crate::support::place::Place;
use crate::tablet::{Tablet, refused};
use dienhong::chamber::ids::{AnswerKey, BallotId, DeviceId, PersonId};
use dienhong::client::DeviceKey;
use dienhong::hub::admission;
use dienhong::hub::directory::{Admitted, Directory, KnownDevice};
use dienhong::ledger::merkle::Hash;
use dienhong::ledger::statement::{Statement, Vote};
use dienhong::ledger::text::{base64, from_base64};
use dienhong::sample::Rng;
use dienhong::wire::frames::Page;
use ed25519_dalek::SigningKey;
use sha2::{Digest, Sha512};
use std::collections::BTreeMap;
use std::sync::Arc;

#[test]
fn twenty_thousand_changed_votes_are_all_refused() {
    let refusals = change_and_send(1, 20_000);
    // Every kind of wrong was tried.
    for code in ["bad_statement", "bad_signature", "wrong_log", "wrong_person"] {
        assert!(refusals.get(code).is_some_and(|count| *count > 100), "{code}: {refusals:?}");
    }
}

/// Run by hand: `cargo test --release --test attacks -- --ignored --nocapture`.
#[test]
#[ignore = "a million checks of a signature take minutes"]
fn a_million_changed_votes_are_all_refused() {
    println!("0 of 1000000 accepted, refused with {:?}", change_and_send(2, 1_000_000));
}

/// S and S + L make the same point: a verifier that does not look sees two signatures where one was made.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_signature_has_no_twin_and_another_one_is_the_same_vote() {
    let hall = Hall::open(Place::sqlite(), "province", 3).await;
    let floor = Floor::ready(&hall, 1, 3).await;
    let endpoint = hall.endpoint();
    let seed = [7; 32];
    let device = endpoint.enrol(&hall.code("p3").await, DeviceKey::from_seed(seed)).await.expect("the code is good");
    let opened = floor.open(LONG).await;
    let note = device.vote(&opened.id, &opened.document_sha256, "yes", 1).unwrap();
    let mut tablet = Tablet::join(&endpoint, Page::Delegate, &device).await;

    let twin = with_signature(&note, |signature| {
        let s = signature[32..].try_into().expect("32 bytes");
        signature[32..].copy_from_slice(&plus_order(s));
    });
    assert_eq!(refused(tablet.cast(&twin).await), "bad_signature");
    assert_eq!(ballot(&floor.chair, |_| true).await.received, 0);

    let first = tablet.cast(&note).await.expect("a receipt");
    let (text, _) = note.rsplit_once("\n\n").expect("a note");
    let other = signed_otherwise(&SigningKey::from_bytes(&seed), format!("{text}\n").as_bytes());
    let other = with_signature(&note, |signature| signature.copy_from_slice(&other));
    assert_ne!(other, note);
    let second = tablet.cast(&other).await.expect("a receipt: the signature is as good");
    assert_eq!((second.seq, &second.entry), (first.seq, &first.entry), "the same entry, with the first signature");
    // The twin of what stands in the record is no way to it either.
    assert_eq!(refused(tablet.cast(&twin).await), "bad_signature");
    assert_eq!(ballot(&floor.chair, |ballot| ballot.received > 0).await.received, 1);
    hall.close().await;
}

/// How often each code refused; nothing may be let through.
fn change_and_send(seed: u64, count: usize) -> BTreeMap<&'static str, usize> {
    let hall = Voters::new();
    let mut rng = Rng::new(seed);
    let mut refusals = BTreeMap::new();
    for n in 0..count {
        let (person, note) = hall.changed(&mut rng);
        match admission::vote(&hall.directory, person, &note) {
            Ok(_) => panic!("change {n} of seed {seed} was let through for {person}:\n{note}"),
            Err(denial) => *refusals.entry(denial.code()).or_default() += 1,
        }
    }
    refusals
}

/// People with devices, and votes they signed.
struct Voters {
    directory: Directory,
    keys: Vec<(PersonId, SigningKey)>,
    votes: Vec<(usize, String)>,
}

impl Voters {
    fn new() -> Self {
        let keys: Vec<_> = (0u8..8)
            .map(|n| (PersonId::parse(format!("p{n}")).unwrap(), SigningKey::from_bytes(&[n + 1; 32])))
            .collect();
        let admitted = |(person, key): &(PersonId, SigningKey)| {
            let device = KnownDevice::new(DeviceId::parse("d1").unwrap(), key.verifying_key().to_bytes());
            (person.clone(), Admitted { officer: false, hall: true, device: Some(Arc::new(device)) })
        };
        let directory = Directory { origin: ORIGIN.to_owned(), people: keys.iter().map(admitted).collect() };
        let mut hall = Self { directory, keys, votes: Vec::new() };
        for who in 0..hall.keys.len() {
            for n in 0..8 {
                let note = hall.sign(hall.vote(who, n), who);
                admission::vote(&hall.directory, &hall.keys[who].0, &note).expect("unchanged it is let through");
                hall.votes.push((who, note));
            }
        }
        hall
    }

    fn vote(&self, who: usize, n: u8) -> Vote {
        let answer = ["yes", "no", "abstain"][usize::from(n) % 3];
        Vote {
            log: ORIGIN.to_owned(),
            ballot: BallotId::parse(format!("b{n}")).unwrap(),
            document: Hash::of(&[n]),
            person: self.keys[who].0.clone(),
            choice: AnswerKey::parse(answer).unwrap(),
            more: Vec::new(),
            turn: 1 + u32::from(n),
            nonce: [n; 16],
        }
    }

    fn sign(&self, vote: Vote, by: usize) -> String {
        Statement::Vote(vote).sign(&self.keys[by].1).expect("a statement")
    }

    /// A note that its person never signed, and whose socket it comes over.
    fn changed(&self, rng: &mut Rng) -> (&PersonId, String) {
        let below = |rng: &mut Rng, bound: usize| rng.below(bound as u32) as usize;
        let (who, note) = &self.votes[below(rng, self.votes.len())];
        let (person, other) = (&self.keys[*who].0, (who + 1 + below(rng, self.keys.len() - 1)) % self.keys.len());
        let (_, theirs) = &self.votes[below(rng, self.votes.len())];
        let changed = match below(rng, 8) {
            0 => return (&self.keys[other].0, note.clone()),
            1 => self.sign(self.vote(*who, below(rng, 256) as u8), other),
            2 => {
                let log = ["hall.example/other", "hall.example", "Hall.example/mau", "hall.example/mau/rehearsal"];
                let vote = Vote { log: log[below(rng, log.len())].to_owned(), ..self.vote(*who, 1) };
                self.sign(vote, *who)
            }
            // One's own text under a signature of somebody else, or of oneself over another text.
            3 => format!("{}\n\n{}", text_of(note), line_of(theirs)),
            4 => with_signature(note, |signature| signature[below(rng, 64)] ^= 1 << below(rng, 8)),
            5 => {
                let words =
                    [("yes", "no"), ("no", "yes"), ("abstain", "yes"), ("turn ", "turn 1"), ("ballot b", "ballot b1")];
                let (from, to) = words[below(rng, words.len())];
                note.replacen(from, to, 1)
            }
            6 => {
                let mut letters: Vec<char> = note.chars().collect();
                let (at, with) = (below(rng, letters.len()), char::from(below(rng, 128) as u8));
                match below(rng, 3) {
                    0 => letters[at] = with,
                    1 => letters.insert(at, with),
                    _ => drop(letters.remove(at)),
                }
                letters.into_iter().collect()
            }
            _ => format!("{note}{}\n", line_of(theirs).trim_end()),
        };
        // Some changes change nothing; the note itself would be let through.
        if changed == *note { (person, String::new()) } else { (person, changed) }
    }
}

fn text_of(note: &str) -> &str {
    note.rsplit_once("\n\n").expect("a note").0
}

fn line_of(note: &str) -> &str {
    note.rsplit_once("\n\n").expect("a note").1
}

/// The note with its 64 bytes of signature changed.
fn with_signature(note: &str, change: impl FnOnce(&mut [u8])) -> String {
    let (before, encoded) = note.trim_end().rsplit_once(' ').expect("a signature");
    let mut bytes = from_base64(encoded).expect("base64");
    change(&mut bytes[4..]);
    format!("{before} {}\n", base64(&bytes))
}

/// S + L, little-endian. L is the order of the group, 2^252 + 27742317777372353535851937790883648493 (RFC 8032, 5.1).
fn plus_order(s: [u8; 32]) -> [u8; 32] {
    const TAIL: u128 = 27_742_317_777_372_353_535_851_937_790_883_648_493;
    let mut order = [0; 32];
    order[..16].copy_from_slice(&TAIL.to_le_bytes());
    order[31] = 0x10;
    let mut carry = 0;
    std::array::from_fn(|n| {
        let sum = u16::from(s[n]) + u16::from(order[n]) + carry;
        carry = sum >> 8;
        sum.to_le_bytes()[0]
    })
}

/// A signature with another R, as a signer that draws it at random makes: R = rB, S = r + ka (RFC 8032, 5.1.6).
fn signed_otherwise(key: &SigningKey, text: &[u8]) -> [u8; 64] {
    let nonce = SigningKey::from_bytes(&[42; 32]);
    let (r, big_r) = (nonce.to_scalar(), nonce.verifying_key().to_bytes());
    let hash = Sha512::new().chain_update(big_r).chain_update(key.verifying_key()).chain_update(text).finalize();
    // Modulo the group's order, from the highest byte down.
    let k = hash.iter().rev().fold(number(&r, 0), |k, byte| k * number(&r, 256) + number(&r, (*byte).into()));
    let s = r + k * key.to_scalar();
    [big_r, s.to_bytes()].concat().try_into().expect("64 bytes")
}

/// As a scalar, whose type has no name here.
fn number<S: From<u64>>(_like: &S, number: u64) -> S {
    number.into()
}
