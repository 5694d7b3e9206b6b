//! What `Debug` shows of secrets: nothing, so that no log line, panic or failed assertion gives one away.

use crate::hall::Hall;
use crate::support::place::Place;
use dienhong::chamber::ids::{CouncilId, Millis};
use dienhong::client::DeviceKey;
use dienhong::ledger::note::NoteSigner;
use dienhong::ledger::text::{base64, hex};
use dienhong::node::NewCode;
use dienhong::node::codes::Code;
use dienhong::wire::http::{EnrolRequest, LookRequest};
use ed25519_dalek::SigningKey;
use std::fs;
use std::path::{Path, PathBuf};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn debug_shows_no_secret() {
    let seed = [0xA7; 32];
    let hall = Hall::open(Place::sqlite(), "province", 1).await;
    let person = hall.people[0].clone();
    let device = DeviceKey::from_seed(seed);
    let key = format!("{device:?}");
    let identity = hall.endpoint().enrol(&hall.code("p1").await, device).await.expect("the code is good");
    let signer = NoteSigner::new("hall.example", SigningKey::from_bytes(&seed)).expect("a name");
    let code = Code::from_random([0xC3; 5]);
    let spelt = code.to_string();
    let new = NewCode { code, person, expires_at: Millis(0) };
    let issued = new.to_wire(&CouncilId::parse("mau").expect("an id"));
    let look = LookRequest { code: spelt.clone() };
    let enrol = EnrolRequest { code: spelt.clone(), statement: String::new() };
    let shown = format!("{key} {identity:?} {signer:?} {new:?} {issued:?} {look:?} {enrol:?} {:#?}", new.code);
    for secret in [hex(&seed), base64(&seed), format!("{:?}", &seed[..4]), spelt.replace('-', ""), spelt] {
        assert!(!shown.contains(secret.trim_matches(['[', ']'])), "{secret} is in {shown}");
    }
    hall.close().await;
}

/// A type with a key in it has no derived `Debug`: it has one that leaves the key out, or none.
#[test]
fn no_type_that_holds_a_key_derives_debug() {
    let mut holders = 0;
    for file in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
        let text = fs::read_to_string(&file).expect("a source file");
        let text = text.split("#[cfg(test)]").next().unwrap_or_default();
        for (at, _) in text.match_indices("struct ") {
            let (before, after) = text.split_at(at);
            let attributes = before.rsplit("\n\n").next().unwrap_or_default();
            let fields = after.split("\n\n").next().unwrap_or_default();
            if ["SigningKey", "Zeroizing<", "InstanceSecret,"].iter().any(|secret| fields.contains(secret)) {
                holders += 1;
                assert!(!attributes.contains("Debug"), "{}: {fields:.60}", file.display());
            }
        }
    }
    assert!(holders >= 5, "{holders} types hold keys");
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}
