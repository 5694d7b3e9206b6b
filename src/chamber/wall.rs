//! What the hall's displays show. The main wall follows the ballots and the speakers by itself; an order may show something
//! else. Every other wall follows the main one until it is given something of its own.

use super::ids::{Millis, WallId};
use serde::{Deserialize, Serialize};

/// What a wall shows, and since when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    pub mode: WallMode,
    /// What a title card or a countdown says.
    pub card: Option<Card>,
    pub since: Millis,
}

/// A wall beside the main one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wall {
    pub id: WallId,
    pub name: String,
    /// `None`: shows what the main wall shows.
    pub own: Option<Shown>,
}

/// Every wall of the hall.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Walls {
    pub main: Shown,
    pub others: Vec<Wall>,
    /// How many walls were ever added beside the main one.
    pub added: u32,
    /// A line that runs along the foot of every wall.
    pub ticker: Option<String>,
}

impl Walls {
    pub fn new() -> Self {
        let main = Shown { mode: WallMode::Welcome, card: None, since: Millis(0) };
        Self { main, others: Vec::new(), added: 0, ticker: None }
    }
}

/// The main wall's id: it is there without having been added.
pub const MAIN_WALL: &str = "w1";

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
    /// Who speaks, the time left, the next two.
    Speaker,
    /// The round of interpellation: the official, who asked, who speaks.
    Interpellation,
    /// A card of its own words, such as a flag salute.
    Title,
    /// A card with the time left until its moment, such as the end of a recess.
    Countdown,
}

/// The words of a title card or a countdown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[cfg_attr(test, ts(rename = "OrderCard", optional_fields = nullable))]
pub struct Card {
    pub title: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub text: Option<String>,
    /// A countdown's moment.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub until: Option<Millis>,
}
