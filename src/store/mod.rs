//! Floor 3. The two databases a record can live in, behind one trait. Both pass the same suite (tests/store_contract.rs).

pub mod faulty;
mod open;
pub mod postgres;
mod rows;
pub mod sqlite;

pub use open::{OpenError, open};
