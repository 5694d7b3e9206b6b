//! Keys and signatures that implementations disagree on: the vectors of C2SP/CCTV and C2SP/wycheproof (tests/data/signatures).
//!
//! Accepted is what verifiers with and without the cofactor accept, so that no record is whole for one and broken for another:
//! of CCTV's flags only `low_order_component_A` and `low_order_component_R`.

use crate::hall::{Hall, ORIGIN};
use crate::support::place::Place;
use dienhong::client::{ClientError, DeviceKey};
use dienhong::ledger::note::{KeyError, Note, NoteSignature, VerifierKey, check_public_key};
use dienhong::ledger::statement::{Enrol, Statement};
use dienhong::ledger::text::{base64, from_hex};
use dienhong::wire::http::{EnrolRequest, EnrolResponse};
use std::collections::BTreeSet;

const CCTV: &str = include_str!("../data/signatures/cctv.txt");
const WYCHEPROOF: &str = include_str!("../data/signatures/wycheproof.txt");
const NAME: &str = "vectors.example";

#[test]
fn every_cctv_vector_is_decided_as_all_verifiers_decide_it() {
    let (mut all, mut weak, mut accepted) = (0, 0, 0);
    for line in CCTV.lines() {
        let [key, signature, number, flags] = fields(line);
        let (public, signature) = (exact(key), bytes(signature));
        let has = |letters: &[char]| flags.contains(letters);
        let message = if number == "-" { "ed25519vectors".to_owned() } else { format!("ed25519vectors {number}") };

        all += 1;
        if has(&['a', 'n']) {
            weak += 1;
            assert_eq!(check_public_key(&public), Err(KeyError::Weak), "{line}");
            continue;
        }
        let key = VerifierKey::new(NAME, &public).expect("a key that may be used");
        let good = !has(&['r', 'o', 'e', 'k']);
        accepted += usize::from(good);
        assert_eq!(key.verify(message.as_bytes(), &signature).is_ok(), good, "{line}");
        assert_eq!(noted(&key, message, signature).verify(&key).is_ok(), good, "{line}");
    }
    assert_eq!((all, weak, accepted), (914, 526, 43));
}

#[test]
fn every_wycheproof_vector_is_decided_as_it_says() {
    let (mut all, mut accepted) = (0, 0);
    for line in WYCHEPROOF.lines() {
        let [_, result, _, key, signature, message] = fields(line);
        let (public, signature, message) = (exact(key), bytes(signature), bytes(message));
        let good = result == "valid";
        assert!(good || result == "invalid", "{line}");
        let key = VerifierKey::new(NAME, &public).expect("a key that may be used");
        all += 1;
        accepted += usize::from(good);
        assert_eq!(key.verify(&message, &signature).is_ok(), good, "{line}");
        if let Ok(text) = String::from_utf8(message) {
            assert_eq!(noted(&key, text, signature).verify(&key).is_ok(), good, "{line}");
        }
    }
    assert_eq!((all, accepted), (151, 88));
}

/// A key of small order "signs" anything: whoever enrolled one could deny every vote.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_weak_key_is_enrolled() {
    let hall = Hall::open(Place::sqlite(), "province", 1).await;
    let endpoint = hall.endpoint();
    let code = hall.code("p1").await;
    let person = hall.people[0].id.clone();
    let weak: BTreeSet<&str> = CCTV.lines().map(fields::<4>).filter(|f| f[3].contains('a')).map(|f| f[0]).collect();
    assert_eq!(weak.len(), 14, "every spelling of the eight points");
    for key in weak {
        let public = exact(key);
        let text =
            Statement::Enrol(Enrol { log: ORIGIN.to_owned(), person: person.clone(), key: public, nonce: [1; 16] })
                .encode();
        // The identity and nothing: what a careless verifier takes for a signature by such a key.
        let mut signature = [0; 68];
        signature[4] = 1;
        let statement = format!("{text}\n— {ORIGIN}/p/{person} {}\n", base64(&signature));
        let request = EnrolRequest { code: code.clone(), statement };
        match endpoint.post::<EnrolResponse>("api/enrol", &request).await {
            Err(ClientError::Refused { code, .. }) => assert_eq!(code, "weak_key", "{key}"),
            other => panic!("{key}: {other:?}"),
        }
    }
    endpoint.enrol(&code, DeviceKey::from_seed([1; 32])).await.expect("the code is as good as before");
    hall.close().await;
}

fn noted(key: &VerifierKey, text: String, signature: Vec<u8>) -> Note {
    Note { text, signatures: vec![NoteSignature { name: NAME.to_owned(), key_id: key.id(), signature }] }
}

fn fields<const N: usize>(line: &str) -> [&str; N] {
    let fields: Vec<&str> = line.split(' ').collect();
    fields.try_into().unwrap_or_else(|_| panic!("not {N} fields: {line}"))
}

fn exact(hex: &str) -> [u8; 32] {
    from_hex(hex).expect("32 bytes")
}

fn bytes(hex: &str) -> Vec<u8> {
    let digits = hex.trim_matches('-').as_bytes();
    digits.chunks(2).map(|two| from_hex::<1>(std::str::from_utf8(two).expect("hex")).expect("hex")[0]).collect()
}
