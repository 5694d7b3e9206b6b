//! A seed that broke something, as a small file that can be played again.

use super::plan::VERSION;
use super::{Failure, Outcome, Planted, run};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Saved {
    /// Of the plan: another one makes another world of the same seed.
    pub plan: u32,
    pub seed: u64,
    /// The bug that was planted, if one was.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub planted: Option<String>,
    /// The invariant's name. None where the seed is kept because it once broke one and must not again.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub invariant: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub step: Option<u64>,
    /// What was wrong, for whoever reads the file.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub what: Option<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum BadSaved {
    #[error("not a saved seed: {0}")]
    Malformed(String),
    #[error("it was saved under plan {found}, this is plan {VERSION}: the seed makes another world now")]
    OtherPlan { found: u32 },
    #[error("no planted bug is called {0}")]
    UnknownBug(String),
}

impl Saved {
    pub fn of(outcome: &Outcome, planted: Option<Planted>) -> Self {
        let failure: Option<&Failure> = outcome.broken.as_ref();
        Self {
            plan: VERSION,
            seed: outcome.seed,
            planted: planted.map(|planted| planted.name().to_owned()),
            invariant: failure.map(|failure| failure.broken.invariant.name().to_owned()),
            step: failure.map(|failure| failure.step),
            what: failure.map(|failure| failure.broken.what.clone()),
        }
    }

    pub fn parse(text: &str) -> Result<Self, BadSaved> {
        let saved: Self = serde_json::from_str(text).map_err(|error| BadSaved::Malformed(error.to_string()))?;
        if saved.plan == VERSION { Ok(saved) } else { Err(BadSaved::OtherPlan { found: saved.plan }) }
    }

    pub fn planted(&self) -> Result<Option<Planted>, BadSaved> {
        let parse = |name: &String| Planted::parse(name).ok_or_else(|| BadSaved::UnknownBug(name.clone()));
        self.planted.as_ref().map(parse).transpose()
    }

    pub fn play(&self) -> Result<Outcome, BadSaved> {
        Ok(run(self.seed, self.planted()?))
    }

    /// The file's name.
    pub fn name(&self) -> String {
        let about = self.planted.as_deref().or(self.invariant.as_deref()).unwrap_or("kept");
        format!("{about}-{}.json", self.seed)
    }
}
