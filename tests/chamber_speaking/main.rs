//! Who speaks, when and for how long.

#[path = "../chamber_hall/mod.rs"]
mod chamber_hall;
mod debate;
mod interpellation;
mod properties;
mod refusals;
mod stories;
mod suspension;
mod views;
