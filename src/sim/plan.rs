//! What a seed's world is like: who is in it, how it lies, and when that stops.

use crate::sample::Rng;

/// Changes whenever the same seed would give another world: saved seeds name it.
pub const VERSION: u32 = 1;

/// From then on nothing fails any more; the world goes on for [`HEALING_MS`].
const HEALS_FROM_MS: u32 = 5_000;
const HEALS_WITHIN_MS: u32 = 9_000;
/// What the platform has to find back to one state.
pub const HEALING_MS: u64 = 10_000;

#[derive(Debug, Clone)]
pub struct Plan {
    pub nodes: usize,
    pub seats: u32,
    /// Of 1,000 delegates.
    pub hostile: u32,
    pub ballot_seconds: u32,
    pub quorum_enforced: bool,
    /// The sitting is open when the world begins.
    pub sits: bool,
    pub store: StoreRates,
    pub bus: BusRates,
    pub net: NetRates,
    /// By their time.
    pub faults: Vec<(u64, Fault)>,
    pub heals_at: u64,
}

/// Of 1,000 calls.
#[derive(Debug, Clone, Copy, Default)]
pub struct StoreRates {
    pub fails: u32,
    pub unknown_written: u32,
    pub unknown_lost: u32,
    pub late: u32,
    /// Of an ordinary call, in milliseconds.
    pub latency: u32,
}

/// Of 1,000 messages.
#[derive(Debug, Clone, Copy, Default)]
pub struct BusRates {
    pub dropped: u32,
    pub doubled: u32,
    pub late: u32,
    pub forged: u32,
}

/// Of 1,000 messages between a client and its node.
#[derive(Debug, Clone, Copy, Default)]
pub struct NetRates {
    pub lost: u32,
    pub late: u32,
    pub doubled: u32,
}

/// Whom a fault befalls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whom {
    Node(usize),
    /// Whoever leads at that time: what happens to others matters less.
    Leader,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    StoreAway {
        for_ms: u64,
    },
    StoreFull {
        for_ms: u64,
    },
    /// Killed, and started again on a machine whose clock is off by so much.
    Kill {
        node: Whom,
        for_ms: u64,
        clock_off_ms: i64,
    },
    Freeze {
        node: Whom,
        for_ms: u64,
    },
    CutFromStore {
        node: Whom,
        for_ms: u64,
    },
    CutFromBus {
        node: Whom,
        for_ms: u64,
    },
    /// Everybody connected to it loses the connection.
    CutClients {
        node: Whom,
    },
}

impl Plan {
    pub fn of(seed: u64) -> Self {
        let mut rng = Rng::new(seed).fork(0x504c_414e);
        let rng = &mut rng;
        let nodes = *rng.weighted(&[(1, 2), (2, 4), (3, 4)]).unwrap_or(&2);
        // Most worlds are small: what goes wrong goes wrong between few.
        let seats = match rng.below(400) {
            0 => 100 + rng.below(401),
            1..=19 => 25 + rng.below(36),
            _ => 5 + rng.below(12),
        };
        let is_calm = rng.chance(150);
        // Most worlds know only some of the faults: what one hides another would not.
        let mut rate = |most: u32| if is_calm || rng.chance(400) { 0 } else { rng.below(most + 1) };
        let store = StoreRates {
            fails: rate(40),
            unknown_written: rate(60),
            unknown_lost: rate(60),
            late: rate(60),
            latency: 1 + rate(14),
        };
        let bus = BusRates { dropped: rate(300), doubled: rate(200), late: rate(300), forged: rate(80) };
        let net = NetRates { lost: rate(50), late: rate(150), doubled: rate(80) };
        let heals_at = u64::from(HEALS_FROM_MS + rng.below(HEALS_WITHIN_MS));
        let faults = if is_calm { Vec::new() } else { faults(rng, nodes, heals_at) };
        Self {
            nodes,
            seats,
            hostile: *rng.weighted(&[(0, 3), (100, 4), (300, 2)]).unwrap_or(&0),
            ballot_seconds: *rng.weighted(&[(0, 3), (5, 4), (8, 2)]).unwrap_or(&0),
            quorum_enforced: rng.chance(300),
            sits: rng.chance(850),
            store,
            bus,
            net,
            faults,
            heals_at,
        }
    }
}

fn faults(rng: &mut Rng, nodes: usize, heals_at: u64) -> Vec<(u64, Fault)> {
    let mut faults = Vec::new();
    for _ in 0..rng.below(6) {
        let at = u64::from(rng.below(heals_at as u32));
        // What is still wrong when the world heals is put right then.
        let for_ms = 200 + u64::from(rng.below(6_000));
        let node = if rng.chance(600) { Whom::Leader } else { Whom::Node(rng.below(nodes as u32) as usize) };
        let clock_off_ms = *rng.pick(&[0, 3_600_000, -3_600_000, 40_000, -1_500]).unwrap_or(&0);
        let fault = match rng.below(10) {
            0 => Fault::StoreAway { for_ms },
            1 => Fault::StoreFull { for_ms },
            2..=4 => Fault::Kill { node, for_ms, clock_off_ms },
            5..=6 => Fault::Freeze { node, for_ms },
            7 => Fault::CutFromStore { node, for_ms },
            8 => Fault::CutFromBus { node, for_ms },
            _ => Fault::CutClients { node },
        };
        faults.push((at, fault));
    }
    faults.sort_by_key(|(at, _)| *at);
    faults
}
