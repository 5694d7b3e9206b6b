//! What a fault came to, as a line for people and as JSON for programs.

use serde_json::{Value, json};

/// How often a fault is played.
#[derive(Debug, Clone, Copy)]
pub enum Size {
    /// As often as it takes to see that it can be played.
    Short,
    /// As often as the table in docs/faults.md asks.
    Full,
    /// As often as whoever started it asked.
    Times(u32),
}

impl Size {
    pub fn of(self, full: u32, short: u32) -> u32 {
        match self {
            Self::Short => short,
            Self::Full => full,
            Self::Times(times) => times,
        }
    }

    /// Figures of the short form say nothing about a goal: they are taken of too little, beside other faults.
    pub fn is_judged(self) -> bool {
        !matches!(self, Self::Short)
    }
}

/// What was seen of a fault whose promises held. One that did not hold is a panic.
pub enum Outcome {
    Held(Vec<Figure>),
    /// Something that this machine lacks.
    NotRun(&'static str),
}

#[derive(Debug, Clone)]
pub struct Figure {
    name: String,
    value: f64,
    unit: &'static str,
    /// The figure must not be above it.
    goal: Option<f64>,
}

impl Figure {
    pub fn new(name: impl Into<String>, value: f64, unit: &'static str) -> Self {
        Self { name: name.into(), value, unit, goal: None }
    }

    pub fn count(name: impl Into<String>, value: usize) -> Self {
        Self::new(name, value as f64, "")
    }

    pub fn at_most(self, goal: f64) -> Self {
        Self { goal: Some(goal), ..self }
    }

    fn met(&self, size: Size) -> Option<bool> {
        self.goal.filter(|_| size.is_judged()).map(|goal| self.value <= goal)
    }

    fn text(&self, size: Size) -> String {
        let Self { name, value, unit, .. } = self;
        let digits = usize::from(*value < 10.0 && value.fract() != 0.0);
        let said = format!("{name} {value:.digits$} {unit}").trim_end().to_owned();
        match (self.goal, self.met(size)) {
            (Some(goal), Some(true)) => format!("{said} (goal {goal:.0})"),
            (Some(goal), Some(false)) => format!("{said} (goal {goal:.0}: missed)"),
            _ => said,
        }
    }

    fn json(&self, size: Size) -> Value {
        json!({ "name": self.name, "value": self.value, "unit": self.unit, "goal": self.goal, "met": self.met(size) })
    }
}

/// The same figures of several runs, added up.
pub fn added(runs: Vec<Vec<Figure>>) -> Vec<Figure> {
    let mut runs = runs.into_iter();
    let mut sums = runs.next().unwrap_or_default();
    runs.for_each(|run| sums.iter_mut().zip(run).for_each(|(sum, figure)| sum.value += figure.value));
    sums
}

/// Times of one kind, in milliseconds.
#[derive(Debug, Default)]
pub struct Times(Vec<f64>);

impl Times {
    pub fn add(&mut self, took: std::time::Duration) {
        self.0.push(took.as_secs_f64() * 1_000.0);
    }

    pub fn max(&self) -> f64 {
        self.0.iter().copied().fold(0.0, f64::max)
    }

    /// The smallest time that at least so many percent do not exceed.
    pub fn percentile(&self, percent: f64) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        let rank = (percent / 100.0 * sorted.len() as f64).ceil() as usize;
        sorted.get(rank.saturating_sub(1)).copied().unwrap_or(0.0)
    }

    /// Median, p99 and maximum; the goal is the maximum's.
    pub fn figures(&self, name: &str, goal: f64) -> [Figure; 3] {
        [
            Figure::new(format!("{name}: median"), self.percentile(50.0), "ms"),
            Figure::new("p99", self.percentile(99.0), "ms"),
            Figure::new("max", self.max(), "ms").at_most(goal),
        ]
    }
}

/// What became of one fault.
pub struct Line {
    pub name: &'static str,
    pub outcome: Result<Outcome, String>,
    pub seconds: f64,
}

impl Line {
    pub fn text(&self, size: Size) -> String {
        let Self { name, seconds, .. } = self;
        match &self.outcome {
            Ok(Outcome::Held(figures)) => {
                let figures: Vec<String> = figures.iter().map(|figure| figure.text(size)).collect();
                format!("{name:20} held     {} [{seconds:.0} s]", figures.join(", "))
            }
            Ok(Outcome::NotRun(why)) => format!("{name:20} not run  {why}"),
            Err(why) => format!("{name:20} BROKEN   {why} [{seconds:.0} s]"),
        }
    }

    pub fn json(&self, size: Size) -> Value {
        let (state, why, figures): (_, _, &[Figure]) = match &self.outcome {
            Ok(Outcome::Held(figures)) => ("held", None, figures),
            Ok(Outcome::NotRun(why)) => ("not_run", Some(*why), &[]),
            Err(why) => ("broken", Some(why.as_str()), &[]),
        };
        let figures: Vec<Value> = figures.iter().map(|figure| figure.json(size)).collect();
        json!({ "fault": self.name, "state": state, "why": why, "seconds": self.seconds, "figures": figures })
    }
}
