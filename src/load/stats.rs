//! Percentiles and medians.

use hdrhistogram::Histogram;
use std::time::Duration;

/// Three digits up to an hour, in microseconds; anything longer counts as an hour.
const LONGEST: Duration = Duration::from_secs(3_600);

/// How long things took.
#[derive(Debug, Clone)]
pub struct Times(Option<Histogram<u64>>);

impl Times {
    pub fn new() -> Self {
        Self(Histogram::new_with_bounds(1, LONGEST.as_micros() as u64, 3).ok())
    }

    pub fn record(&mut self, time: Duration) {
        if let Some(histogram) = &mut self.0 {
            histogram.saturating_record(u64::try_from(time.as_micros()).unwrap_or(u64::MAX).max(1));
        }
    }

    pub fn add(&mut self, other: &Self) {
        if let (Some(all), Some(other)) = (&mut self.0, &other.0) {
            // The same bounds everywhere, so there is nothing that would not fit.
            let _ = all.add(other);
        }
    }

    pub fn count(&self) -> u64 {
        self.0.as_ref().map_or(0, Histogram::len)
    }

    /// In milliseconds; nothing where nothing was recorded.
    pub fn ms(&self, percent: f64) -> Option<f64> {
        let histogram = self.0.as_ref().filter(|histogram| !histogram.is_empty())?;
        Some(histogram.value_at_percentile(percent) as f64 / 1_000.0)
    }
}

pub fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

/// Of the rounds; nothing where none has a value.
pub fn median(values: impl IntoIterator<Item = f64>) -> Option<f64> {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    let (low, high) = (values.get(values.len().checked_sub(1)? / 2)?, values.get(values.len() / 2)?);
    Some((low + high) / 2.0)
}

/// The least-squares line's rise of y for each x; nothing where all x are one.
pub fn slope(points: impl Iterator<Item = (f64, f64)>) -> Option<f64> {
    let (mut n, mut sum_x, mut sum_y, mut sum_xx, mut sum_xy) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for (x, y) in points {
        n += 1.0;
        sum_x += x;
        sum_y += y;
        sum_xx += x * x;
        sum_xy += x * y;
    }
    let spread = n * sum_xx - sum_x * sum_x;
    (n > 1.0 && spread > 0.0).then(|| (n * sum_xy - sum_x * sum_y) / spread)
}

/// `part` of `whole`, where there is a whole.
pub fn ratio(part: f64, whole: f64) -> Option<f64> {
    (whole > 0.0).then_some(part / whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians_of_even_odd_and_nothing() {
        assert_eq!(median([3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median([4.0, 1.0, 2.0, 3.0]), Some(2.5));
        assert_eq!(median([]), None);
    }

    #[test]
    fn the_slope_of_a_line_is_its_own() {
        assert_eq!(slope([(0.0, 1.0), (1.0, 3.0), (2.0, 5.0)].into_iter()), Some(2.0));
        assert_eq!(slope([(1.0, 1.0), (1.0, 3.0)].into_iter()), None);
        assert_eq!(slope(std::iter::empty()), None);
    }

    #[test]
    fn percentiles_are_told_in_milliseconds() {
        let mut times = Times::new();
        assert_eq!(times.ms(50.0), None);
        (1..=100).for_each(|n| times.record(Duration::from_millis(n)));
        let mut more = Times::new();
        more.record(Duration::from_secs(1));
        times.add(&more);
        assert_eq!(times.count(), 101);
        let p50 = times.ms(50.0).unwrap();
        assert!((50.9..=51.1).contains(&p50), "{p50}");
        assert!(times.ms(100.0).unwrap() >= 1_000.0);
    }
}
