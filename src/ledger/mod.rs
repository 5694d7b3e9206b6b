//! Floor 1. The record as bytes: what people sign, how it is stored, hashed, published and proved. docs/record-format.md is
//! its contract. Pure: keys, salts and times are given to it.

pub mod bundle;
pub mod checkpoint;
pub mod entry;
pub mod merkle;
pub mod note;
pub mod order;
pub mod receipt;
pub mod statement;
pub mod tiles;

mod json;
pub mod text;
