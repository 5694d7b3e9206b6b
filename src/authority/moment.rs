use crate::chamber::ids::Millis;
use rcgen::date_time_ymd;
use std::fmt;
use std::time::Duration;

pub(super) const DAY: u64 = 24 * 3600;

/// Seconds since 1970-01-01T00:00:00Z, which is all that a certificate says of a time. Shown as its day, in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(pub u64);

/// From when until when a certificate is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Life {
    pub from: Moment,
    pub until: Moment,
}

impl Moment {
    pub fn of(time: Millis) -> Self {
        Self(time.0 / 1000)
    }

    pub fn plus_days(self, days: u32) -> Self {
        Self(self.0 + u64::from(days) * DAY)
    }

    /// Whole days from here on, 0 when `later` is not later.
    pub fn days_until(self, later: Self) -> u64 {
        later.0.saturating_sub(self.0) / DAY
    }

    /// As it is written in Vietnamese: 21/11/2031.
    pub fn day_month_year(self) -> String {
        let iso = self.to_string();
        iso.split('-').rev().collect::<Vec<_>>().join("/")
    }

    pub(super) fn from_asn1(time: x509_parser::time::ASN1Time) -> Self {
        Self(u64::try_from(time.timestamp()).unwrap_or(0))
    }
}

impl Life {
    /// From a day before `now`, since a tablet's clock may be slow, for so many days from `now`.
    pub(super) fn beginning(now: Moment, days: u32) -> Self {
        Self { from: Moment(now.0.saturating_sub(DAY)), until: now.plus_days(days) }
    }

    /// The part of it in which the other is good as well.
    pub(super) fn within(self, other: Self) -> Self {
        Self { from: self.from.max(other.from), until: self.until.min(other.until) }
    }

    /// Days given when it was made, without the one before.
    pub(super) fn days(self) -> u32 {
        let days = self.from.days_until(self.until).saturating_sub(1);
        u32::try_from(days).unwrap_or(u32::MAX)
    }

    /// Less than a third is left: early enough for a renewal that fails a few times.
    pub fn is_nearly_over(self, now: Moment) -> bool {
        self.until.0.saturating_sub(now.0) * 3 < self.until.0.saturating_sub(self.from.0)
    }

    pub(super) fn stamp(self, params: &mut rcgen::CertificateParams) {
        params.not_before = date_time_ymd(1970, 1, 1) + Duration::from_secs(self.from.0);
        params.not_after = date_time_ymd(1970, 1, 1) + Duration::from_secs(self.until.0);
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", (date_time_ymd(1970, 1, 1) + Duration::from_secs(self.0)).date())
    }
}
