//! Limits on how often. Pure: told the time, never asking for it.

use crate::hub::bucket::TokenBucket;
use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Wrong one-time codes, counted per council and address. Shared by all handlers.
///
/// An address gets 10 wrong tries at once and then one a minute. All addresses together get 100 for the council and then one in
/// 6 s. When those are used up somebody is guessing, and nobody can say who: then each neighbourhood of addresses (IPv4 /24, IPv6
/// /48) has a lane of its own, 6 wrong tries at once and then one in 10 s. So guessers elsewhere cannot shut a hall out.
///
/// A code has 40 bits and lives 10 minutes. In that time a council takes at most 200 wrong tries and 66 more from each
/// neighbourhood. With the largest roll, 1,000 people, all holding a live code at once, the chance that any is guessed is
/// 266 × 1,000 / 2^40 ≈ 2.4e-7 from one neighbourhood, and 66,200 × 1,000 / 2^40 ≈ 6e-5 by a botnet in a thousand of them; with
/// ten live codes, a hundredth of that.
///
/// Right codes cost nothing ([`Try::was_right`]): a whole hall behind one address can enrol at once.
#[derive(Debug)]
pub struct TryLimiter {
    buckets: Mutex<HashMap<Key, TokenBucket>>,
    most: usize,
}

/// One try, charged in advance, so that tries sent at the same time cannot outrun the count.
#[derive(Debug)]
#[must_use = "a try that was right is to be given back"]
pub struct Try<'a> {
    limiter: &'a TryLimiter,
    keys: [Key; 2],
}

const PER_ADDRESS: u32 = 10;
const PER_COUNCIL: u32 = 100;
/// A hall's tablets stand behind one address: so many may have a right code under way at the same moment.
const PER_LANE: u32 = 6;
const LANE_INTERVAL: Duration = Duration::from_secs(10);
const WINDOW: Duration = Duration::from_secs(10 * 60);
/// Buckets kept at once, about 100 bytes each. A council under attack makes at most 200 of them before its own bucket is
/// empty, and 67 for each neighbourhood the attack comes from: this holds nearly a thousand neighbourhoods.
const MOST_BUCKETS: usize = 65_536;

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    Council(String),
    Address(String, IpAddr),
    Lane(String, IpAddr),
}

impl Default for TryLimiter {
    fn default() -> Self {
        Self { buckets: Mutex::default(), most: MOST_BUCKETS }
    }
}

impl TryLimiter {
    /// Charges one try, or says how long to wait. `council` must exist: names out of thin air would only fill the map.
    pub fn begin(&self, council: &str, address: IpAddr, now: Instant) -> Result<Try<'_>, Duration> {
        let for_address = Key::Address(council.to_owned(), network(address));
        let for_council = Key::Council(council.to_owned());
        let mut buckets = self.lock();
        make_room(&mut buckets, self.most, now)?;
        take(&mut buckets, &for_address, PER_ADDRESS, WINDOW / PER_ADDRESS, now)?;
        if take(&mut buckets, &for_council, PER_COUNCIL, WINDOW / PER_COUNCIL, now).is_ok() {
            return Ok(Try { limiter: self, keys: [for_address, for_council] });
        }
        let for_lane = Key::Lane(council.to_owned(), neighbourhood(address));
        if let Err(wait) = take(&mut buckets, &for_lane, PER_LANE, LANE_INTERVAL, now) {
            put_back(&mut buckets, &for_address, now);
            return Err(wait);
        }
        Ok(Try { limiter: self, keys: [for_address, for_lane] })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Key, TokenBucket>> {
        // Every change is one assignment: a panic elsewhere leaves nothing half done.
        self.buckets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Try<'_> {
    /// The code was right: the try is given back.
    pub fn was_right(self, now: Instant) {
        let mut buckets = self.limiter.lock();
        for key in &self.keys {
            put_back(&mut buckets, key, now);
        }
    }

    /// The code was wrong: the try stays charged.
    pub fn was_wrong(self) {}
}

fn take(
    buckets: &mut HashMap<Key, TokenBucket>,
    key: &Key,
    burst: u32,
    interval: Duration,
    now: Instant,
) -> Result<(), Duration> {
    let fresh = || TokenBucket::new(burst, interval, now);
    buckets.entry(key.clone()).or_insert_with(fresh).take(now)
}

fn put_back(buckets: &mut HashMap<Key, TokenBucket>, key: &Key, now: Instant) {
    if let Some(bucket) = buckets.get_mut(key) {
        bucket.put_back();
        if bucket.is_full(now) {
            buckets.remove(key);
        }
    }
}

/// Forgets full buckets, which loses nothing. If all are in use, guessing is going on everywhere: nobody gets a try until
/// some have filled up.
fn make_room(buckets: &mut HashMap<Key, TokenBucket>, most: usize, now: Instant) -> Result<(), Duration> {
    const FOR_ONE_TRY: usize = 3;
    if buckets.len() + FOR_ONE_TRY <= most {
        return Ok(());
    }
    buckets.retain(|_, bucket| !bucket.is_full(now));
    if buckets.len() + FOR_ONE_TRY <= most { Ok(()) } else { Err(WINDOW / PER_ADDRESS) }
}

/// The part of an address its holder cannot choose: all of IPv4, the first 64 bits of IPv6.
fn network(address: IpAddr) -> IpAddr {
    first_bits(address, 32, 64)
}

/// What one customer of a provider may have at most, in the usual case.
fn neighbourhood(address: IpAddr) -> IpAddr {
    first_bits(address, 24, 48)
}

fn first_bits(address: IpAddr, of_v4: u32, of_v6: u32) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(v4) => IpAddr::V4(Ipv4Addr::from_bits(v4.to_bits() & (u32::MAX << (32 - of_v4)))),
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & (u128::MAX << (128 - of_v6)))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn address(n: u32) -> IpAddr {
        IpAddr::V4(Ipv4Addr::from_bits(n))
    }

    fn wrong(limiter: &TryLimiter, council: &str, from: IpAddr, now: Instant) -> Result<(), Duration> {
        limiter.begin(council, from, now).map(Try::was_wrong)
    }

    #[test]
    fn a_bucket_gives_its_burst_then_its_rate() {
        let start = Instant::now();
        let mut bucket = TokenBucket::new(40, SECOND / 20, start);
        assert!((0..40).all(|_| bucket.take(start).is_ok()));
        assert_eq!(bucket.take(start), Err(SECOND / 20));
        let granted = (1..=1_000).filter(|ms| bucket.take(start + Duration::from_millis(*ms)).is_ok()).count();
        assert_eq!(granted, 20);
        assert!(!bucket.is_full(start + SECOND));
        assert!(bucket.is_full(start + SECOND * 4));
        // However long it rested, never more than the burst.
        let later = start + SECOND * 1_000;
        assert_eq!((0..100).filter(|_| bucket.take(later).is_ok()).count(), 40);
    }

    #[test]
    fn an_address_has_ten_wrong_tries_and_then_one_a_minute() {
        let (limiter, start) = (TryLimiter::default(), Instant::now());
        assert!((0..10).all(|_| wrong(&limiter, "hanoi", address(1), start).is_ok()));
        assert_eq!(wrong(&limiter, "hanoi", address(1), start), Err(SECOND * 60));
        // Others, and the same address at another council, are untouched.
        assert!(wrong(&limiter, "hanoi", address(2), start).is_ok());
        assert!(wrong(&limiter, "hue", address(1), start).is_ok());
        assert!(wrong(&limiter, "hanoi", address(1), start + SECOND * 60).is_ok());
        assert!(wrong(&limiter, "hanoi", address(1), start + SECOND * 60).is_err());
    }

    #[test]
    fn guessing_is_bounded_by_council_and_neighbourhoods() {
        for neighbourhoods in [1, 10] {
            let (limiter, start) = (TryLimiter::default(), Instant::now());
            let mut granted = 0;
            for n in 0..60_000 {
                let now = start + Duration::from_millis(u64::from(n) * 10);
                let from = address(((n % neighbourhoods) << 8) | (n / neighbourhoods % 256));
                granted += usize::from(wrong(&limiter, "hanoi", from, now).is_ok());
            }
            let most = 200 + 66 * neighbourhoods as usize;
            assert!((most - 15..=most).contains(&granted), "{granted} of {most}");
        }
    }

    #[test]
    fn a_hall_enrols_while_others_guess() {
        let (limiter, start) = (TryLimiter::default(), Instant::now());
        let strangers = |now| (0..5_000).filter(|n| wrong(&limiter, "hanoi", address(n << 8), now).is_ok()).count();
        assert_eq!(strangers(start), 5_000);
        let hall = address(0xC0A8_0105);
        for n in 0..500 {
            limiter.begin("hanoi", hall, start).unwrap_or_else(|_| panic!("tablet {n}")).was_right(start);
        }
        // Somebody mistypes, and types again.
        assert!(wrong(&limiter, "hanoi", hall, start).is_ok());
        strangers(start);
        limiter.begin("hanoi", hall, start).expect("a lane of its own").was_right(start);
        assert_eq!((0..20).filter(|_| wrong(&limiter, "hanoi", hall, start).is_ok()).count(), 5);
        assert_eq!(wrong(&limiter, "hanoi", hall, start), Err(LANE_INTERVAL));
    }

    #[test]
    fn right_codes_cost_nothing() {
        let (limiter, start) = (TryLimiter::default(), Instant::now());
        for _ in 0..500 {
            limiter.begin("hanoi", address(1), start).expect("a try").was_right(start);
        }
        assert!(limiter.lock().is_empty());
    }

    #[test]
    fn tries_under_way_are_charged_already() {
        let (limiter, start) = (TryLimiter::default(), Instant::now());
        let under_way: Vec<_> = (0..20).filter_map(|_| limiter.begin("hanoi", address(1), start).ok()).collect();
        assert_eq!(under_way.len(), 10);
    }

    #[test]
    fn a_refused_address_does_not_use_up_the_council() {
        let (limiter, start) = (TryLimiter::default(), Instant::now());
        for _ in 0..1_000 {
            let _ = wrong(&limiter, "hanoi", address(1), start);
        }
        let others = (2..200).filter(|n| wrong(&limiter, "hanoi", address(*n), start).is_ok()).count();
        assert_eq!(others, 90 + 6);
    }

    #[test]
    fn the_map_is_bounded_and_forgets_only_what_is_full() {
        let limiter = TryLimiter { most: 20, ..TryLimiter::default() };
        let start = Instant::now();
        let granted = (0..100).filter(|n| wrong(&limiter, "hanoi", address(*n), start).is_ok()).count();
        assert_eq!(granted, 17);
        assert!(limiter.lock().len() <= 20);
        assert!(wrong(&limiter, "hanoi", address(500), start + WINDOW).is_ok());
        assert!(limiter.lock().len() <= 2);
    }

    #[test]
    fn neighbours_of_one_ipv6_network_count_together() {
        let (limiter, start) = (TryLimiter::default(), Instant::now());
        let host = |n: u64| IpAddr::V6(Ipv6Addr::from_bits((0x2001_0db8u128 << 96) | u128::from(n)));
        assert_eq!((0..50).filter(|n| wrong(&limiter, "hanoi", host(*n), start).is_ok()).count(), 10);
        let mapped = IpAddr::V6(Ipv4Addr::from_bits(7).to_ipv6_mapped());
        assert_eq!(network(mapped), address(7));
    }
}
