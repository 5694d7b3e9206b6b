//! What one core can check at most: the scale on which votes per CPU-second are read.

use super::LoadError;
use super::usage::thread_cpu_seconds;
use ed25519_dalek::{Signature, Signer, SigningKey};
use std::time::{Duration, Instant};

/// A vote's text has about so many bytes.
const TEXT_BYTES: usize = 420;
/// Long enough that the clock's grain does not show.
const FOR: Duration = Duration::from_millis(400);
const TEXTS: usize = 64;

/// `verify_strict` per CPU-second of one thread.
#[derive(Debug, Clone, Copy)]
pub struct VerifyRate {
    pub per_cpu_second: f64,
    /// False where the kernel does not tell a thread's CPU time, and the clock on the wall was used.
    pub by_cpu_time: bool,
}

pub async fn verify_rate() -> Result<VerifyRate, LoadError> {
    tokio::task::spawn_blocking(measure).await.map_err(|_| LoadError::Broken("checking signatures"))?
}

fn measure() -> Result<VerifyRate, LoadError> {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).map_err(|_| LoadError::Broken("the system's randomness"))?;
    let key = SigningKey::from_bytes(&seed);
    let signed: Vec<(Vec<u8>, Signature)> = (0..TEXTS)
        .map(|n| {
            let text = vec![n as u8; TEXT_BYTES];
            let signature = key.sign(&text);
            (text, signature)
        })
        .collect();
    let (public, begun, cpu) = (key.verifying_key(), Instant::now(), thread_cpu_seconds());
    let mut checked = 0u32;
    while begun.elapsed() < FOR {
        for (text, signature) in &signed {
            public.verify_strict(text, signature).map_err(|_| LoadError::Broken("checking signatures"))?;
            checked += 1;
        }
    }
    let used = cpu.and_then(|before| Some(thread_cpu_seconds()? - before)).filter(|used| *used > 0.0);
    let seconds = used.unwrap_or_else(|| begun.elapsed().as_secs_f64());
    Ok(VerifyRate { per_cpu_second: f64::from(checked) / seconds, by_cpu_time: used.is_some() })
}
