//! What several integration tests share. Each of them uses a part.
#![allow(dead_code)]

pub mod place;
pub mod postgres;
pub mod proxy;
pub mod redis;
pub mod sample;
pub mod small_disk;
