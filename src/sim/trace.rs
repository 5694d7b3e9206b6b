//! What happened, a line a step, folded into one hash.

use crate::ledger::merkle::Hash;
use sha2::{Digest, Sha256};
use std::fmt::{Arguments, Write};

type Tell = Box<dyn FnMut(&str)>;

pub struct Trace {
    hash: Sha256,
    line: String,
    tell: Option<Tell>,
}

impl Trace {
    pub fn hash_only() -> Self {
        Self { hash: Sha256::new(), line: String::new(), tell: None }
    }

    pub fn told(tell: impl FnMut(&str) + 'static) -> Self {
        Self { tell: Some(Box::new(tell)), ..Self::hash_only() }
    }

    pub fn line(&mut self, step: u64, at: u64, what: Arguments<'_>) {
        self.line.clear();
        // Writing to a string cannot fail.
        let _ = writeln!(self.line, "{step} {at} {what}");
        self.hash.update(self.line.as_bytes());
        if let Some(tell) = &mut self.tell {
            tell(self.line.trim_end());
        }
    }

    pub fn hash(&self) -> String {
        Hash(self.hash.clone().finalize().into()).hex()
    }
}
