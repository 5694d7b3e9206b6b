//! What the hall's display shows. Follows the ballots by itself; an order may show something else.

use super::ids::Millis;
use serde::{Deserialize, Serialize};

/// What the wall shows, and since when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wall {
    pub mode: WallMode,
    pub since: Millis,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS))]
#[cfg_attr(test, ts(rename = "OrderWallMode"))]
pub enum WallMode {
    Welcome,
    RollCall,
    Agenda,
    Item,
    Voting,
    Result,
    Blank,
}
