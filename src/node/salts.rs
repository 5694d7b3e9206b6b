//! Random bytes for the entries' salts: one draw from the system when a council's task starts, stretched by hashing, so that no
//! command can fail or wait for want of randomness.

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

pub struct Salts {
    key: Zeroizing<[u8; 32]>,
    drawn: u64,
}

impl Salts {
    /// `None` when the system gives no random bytes.
    pub fn draw() -> Option<Self> {
        let mut key = Zeroizing::new([0; 32]);
        getrandom::fill(key.as_mut_slice()).ok()?;
        Some(Self { key, drawn: 0 })
    }

    /// 32 bytes nobody can guess from any others.
    pub fn next(&mut self) -> [u8; 32] {
        self.drawn += 1;
        let mut hash = Sha256::new();
        hash.update(self.key.as_slice());
        hash.update(self.drawn.to_be_bytes());
        hash.finalize().into()
    }
}
