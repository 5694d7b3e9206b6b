//! What a run has measured: one list of figures with stable names, for people as a table and for programs as JSON. A figure that
//! was not measured has no value and says why.

use super::goals::{self, Goal};
use super::usage::load_average;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use std::borrow::Cow;
use std::fmt::Write;

#[derive(Debug, Clone, Serialize)]
pub struct Figure {
    #[serde(skip)]
    pub name: Cow<'static, str>,
    pub value: Option<f64>,
    pub unit: &'static str,
    /// Why there is no value, or what to know of it.
    pub note: Option<String>,
    pub goal: Option<Judged>,
    /// Of the goals' table, and another command's to measure: for programs only.
    #[serde(skip)]
    pub elsewhere: bool,
}

/// A goal of docs/performance.md, and whether this run reached it; `null` where the run was smaller than the goal asks.
#[derive(Debug, Clone, Serialize)]
pub struct Judged {
    pub says: String,
    pub met: Option<bool>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Machine {
    pub cores: usize,
    /// Processes that wanted a core, over the last minute: other work on the machine shows at the start.
    pub load_at_start: Option<f64>,
    pub load_at_end: Option<f64>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Report {
    pub scenario: &'static str,
    pub version: &'static str,
    pub store: &'static str,
    pub options: serde_json::Value,
    pub machine: Machine,
    #[serde(serialize_with = "by_name")]
    pub figures: Vec<Figure>,
}

fn by_name<S: Serializer>(figures: &[Figure], serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(figures.len()))?;
    for figure in figures {
        map.serialize_entry(&figure.name, figure)?;
    }
    map.end()
}

impl Report {
    pub fn begin(scenario: &'static str, store: &'static str, options: serde_json::Value) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let machine = Machine { cores, load_at_start: load_average(), load_at_end: None };
        Self { scenario, version: env!("CARGO_PKG_VERSION"), store, options, machine, figures: Vec::new() }
    }

    /// `value` is nothing where it could not be measured; `note` then says why.
    pub fn add(&mut self, name: impl Into<Cow<'static, str>>, unit: &'static str, value: Option<f64>, note: &str) {
        let name = name.into();
        self.figures.push(Figure {
            name,
            value,
            unit,
            note: (!note.is_empty()).then(|| note.to_owned()),
            goal: None,
            elsewhere: false,
        });
    }

    /// Beside the goal it is to reach. `applies` is false where the run was smaller than the goal asks.
    pub fn judge(
        &mut self,
        (name, unit): (impl Into<Cow<'static, str>>, &'static str),
        value: Option<f64>,
        goal: Goal,
        applies: bool,
        note: &str,
    ) {
        self.add(name, unit, value, note);
        let met = value.filter(|_| applies).map(|value| goal.met_by(value));
        if let Some(figure) = self.figures.last_mut() {
            figure.goal = Some(Judged { says: goal.to_string(), met });
        }
    }

    /// Every figure of the goals' table is in every report: what this scenario does not measure has no value and says what does.
    pub fn end(mut self) -> Self {
        for (name, unit, goal, by) in goals::TABLE {
            if self.figures.iter().all(|figure| figure.name != name) {
                self.judge((name, unit), None, goal, false, &format!("not measured by this command: {by}"));
                self.figures.last_mut().into_iter().for_each(|figure| figure.elsewhere = true);
            }
        }
        self.end_alone()
    }

    /// Without the goals' table: for what measures a part of the server.
    pub fn end_alone(mut self) -> Self {
        self.machine.load_at_end = load_average();
        self
    }

    pub fn json(&self) -> String {
        // Names are strings and values finite or null, so this cannot fail.
        serde_json::to_string_pretty(self).unwrap_or_default()
    }

    pub fn value(&self, name: &str) -> Option<f64> {
        self.figures.iter().find(|figure| figure.name == name)?.value
    }

    pub fn table(&self) -> String {
        let mut table = String::new();
        let load = self.machine.load_at_start.map_or_else(|| "?".into(), |load| format!("{load:.1}"));
        // Writing to a string cannot fail.
        let _ = writeln!(
            table,
            "{} · {} · {} cores, load {load} at the start",
            self.scenario, self.store, self.machine.cores
        );
        for figure in self.figures.iter().filter(|figure| !figure.elsewhere) {
            let value = figure.value.map_or_else(|| "not measured".to_owned(), shown);
            let unit = if figure.value.is_some() { figure.unit } else { "" };
            let goal = figure.goal.as_ref().map_or_else(String::new, |goal| {
                let met = match goal.met {
                    Some(true) => "met",
                    Some(false) => "NOT MET",
                    None => "not judged",
                };
                format!("{} {met}", goal.says)
            });
            let line = format!("  {:<40} {value:>12} {unit:<14} {goal}", figure.name);
            let _ = writeln!(table, "{}", line.trim_end());
            if let Some(note) = &figure.note {
                let _ = writeln!(table, "      {note}");
            }
        }
        table
    }
}

fn shown(value: f64) -> String {
    match value.abs() {
        large if large >= 1_000.0 => format!("{value:.0}"),
        middle if middle >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_measured_is_null_and_says_why() {
        let mut report = Report::begin("votes", "sqlite", serde_json::json!({ "delegates": 2 }));
        report.judge(("burst", "ms"), Some(12.0), goals::BURST_MS, true, "");
        report.judge(("small_burst", "ms"), Some(12.0), goals::BURST_MS, false, "");
        report.add("cpu", "s", None, "the database runs elsewhere");
        let json: serde_json::Value = serde_json::from_str(&report.end().json()).unwrap();
        assert_eq!(json["figures"]["burst"]["goal"]["met"], true);
        assert!(json["figures"]["small_burst"]["goal"]["met"].is_null());
        assert!(json["figures"]["cpu"]["value"].is_null());
        assert_eq!(json["figures"]["cpu"]["note"], "the database runs elsewhere");
    }
}
