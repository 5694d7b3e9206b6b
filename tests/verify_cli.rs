//! `dienhong-verify` as somebody runs it.

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const VECTORS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors");

fn run(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_dienhong-verify")).args(args).output().unwrap()
}

fn bundle() -> PathBuf {
    Path::new(VECTORS).join("bundle.tar")
}

fn published_key() -> String {
    let receipts: Value =
        serde_json::from_slice(&std::fs::read(Path::new(VECTORS).join("receipts.json")).unwrap()).unwrap();
    receipts[0]["vkey"].as_str().unwrap().to_owned()
}

#[test]
fn a_whole_record_exits_0_and_says_what_was_checked() {
    let output = run(&[bundle().to_str().unwrap(), "--key", &published_key()]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{text}");
    assert!(text.ends_with("The record is whole.\n"), "{text}");
    assert!(text.contains("8 votes") && text.contains("b1 round 1 (announced, adopted): yes 4"), "{text}");
    assert!(!text.contains("unpinned"), "{text}");
    assert!(output.stderr.is_empty(), "progress is for terminals only");
}

#[test]
fn without_a_key_it_warns() {
    let output = run(&[bundle().to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(0));
    assert!(String::from_utf8(output.stdout).unwrap().contains("unpinned:"));
}

#[test]
fn a_changed_record_exits_1_and_says_where() {
    let mut bytes = std::fs::read(bundle()).unwrap();
    let needle = b"\"answer\":\"abstain\",\"turn\"";
    let at = bytes.windows(needle.len()).position(|window| window == needle).unwrap();
    bytes[at + 10..at + 17].copy_from_slice(b"abstaim");
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("changed.tar");
    std::fs::write(&file, bytes).unwrap();
    let output = run(&[file.to_str().unwrap(), "--json"]);
    assert_eq!(output.status.code(), Some(1));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&report["whole"], &report["pinned"]), (&Value::Bool(false), &Value::Bool(false)));
    let codes: Vec<&str> = report["findings"].as_array().unwrap().iter().map(|f| f["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["vote_cannot_count", "disagrees", "wrong_root", "wrong_count"]);
}

#[test]
fn what_cannot_be_read_exits_2() {
    let missing = run(&["/no/such/file.tar"]);
    assert_eq!(missing.status.code(), Some(2));
    assert!(String::from_utf8(missing.stderr).unwrap().contains("/no/such/file.tar"));
    let no_bundle = run(&[concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")]);
    assert_eq!(no_bundle.status.code(), Some(2));
    let bad_key = run(&[bundle().to_str().unwrap(), "--key", "nonsense"]);
    assert_eq!(bad_key.status.code(), Some(2));
}
