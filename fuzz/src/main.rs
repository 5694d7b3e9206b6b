//! libFuzzer's program. Which target it runs stands in the environment: `TARGET=entry dienhong-fuzz fuzz/corpus/entry`
//! (scripts/fuzz does it).

#![no_main]

#[path = "../targets/mod.rs"]
mod targets;

use std::sync::OnceLock;
use targets::Target;

static TARGET: OnceLock<&Target> = OnceLock::new();

libfuzzer_sys::fuzz_target!(
    init: {
        let named = std::env::var("TARGET").unwrap_or_default();
        let names: Vec<&str> = targets::ALL.iter().map(|target| target.name).collect();
        let target = targets::named(&named).unwrap_or_else(|| panic!("TARGET is one of: {}", names.join(" ")));
        let _ = TARGET.set(target);
    },
    |data: &[u8]| {
        if let Some(target) = TARGET.get() {
            (target.run)(data);
        }
    }
);
