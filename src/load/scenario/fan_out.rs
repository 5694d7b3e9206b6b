//! One live tally, n spectators. Votes with public counts change it; each is counted from its stamp in the record to its
//! arrival at every public page. Each round is a start of the server on the same record and a start of the floor, which
//! shows states of the same size to as many.

use super::super::beside::{Shape, Shown, Side, one_start};
use super::super::crowd::{Crowd, Moments, Watched};
use super::super::drive::{Plan, drive};
use super::super::goals;
use super::super::hall::{Hall, Wanted};
use super::super::report::Report;
use super::super::stats::{median, ratio};
use super::super::usage::Spent;
use super::super::{Console, LoadError, Rounds, Under};
use super::votes::Signer;
use super::{kib_each, report_cpu};
use std::time::Duration;

#[derive(Debug, Clone, Copy)]
pub struct FanOut {
    pub spectators: u32,
    /// Votes a second.
    pub rate: u32,
    /// Of one round.
    pub seconds: u32,
    /// Spectators who never read.
    pub stuck: u32,
    pub rounds: Rounds,
}

/// Votes of one delegate in one round: below what the chamber takes in one ballot (chamber::limits::TURNS), and few enough a second
/// that no page is too fast.
pub const TURNS: u32 = 90;
pub const DELEGATES: u32 = 20;
/// After the last vote, for those who are behind.
const CATCH_UP: Duration = Duration::from_secs(10);
/// A crowd that has just come in is still being told the state.
const SETTLE: Duration = Duration::from_secs(2);
/// What the server shows spectators in a second at most (node::screens): with more votes than that the floor shows no more either.
const PACE: u32 = 20;

/// One counted round.
struct Round {
    seen: Watched,
    votes: usize,
    took: Duration,
    spent: Spent,
    idle: Option<f64>,
    held: Option<f64>,
    floor: Option<Shown>,
}

/// # Errors
/// When any vote has no receipt, or a spectator cannot join.
pub async fn fan_out<C: Console>(under: &Under<'_, C>, options: FanOut) -> Result<Report, LoadError> {
    let FanOut { spectators, rate, seconds, stuck, rounds } = options;
    let asked = serde_json::json!({
        "spectators": spectators, "rate": rate, "seconds": seconds, "stuck": stuck,
        "nodes": under.nodes.count(), "rounds": rounds.counted, "warm_up": rounds.warm_up,
    });
    let mut report = Report::begin("fan_out", under.nodes.store_kind(), asked);
    // One page may send 20 frames a second: the rate is spread over enough of them, twice over.
    let delegates = DELEGATES.max((rate * seconds).div_ceil(TURNS)).max(rate.div_ceil(10));
    let wanted = Wanted { councils: 1, delegates, ballots: rounds.all(), show_split: true, resumed: false };
    let mut hall = Hall::found(under, wanted).await?;
    hall.seat_everybody(under.nodes.doors()).await?;
    let mut counted = Vec::new();
    for number in 0..rounds.all() {
        if number > 0 {
            // The same binary varies by ±15 % from start to start.
            under.nodes.start_again().await?;
            hall.everybody_back(under.nodes).await?;
        }
        let round = one_round(under, &mut hall, number, options).await?;
        if number >= rounds.warm_up {
            counted.push(round);
        }
    }
    Counted { rounds: counted, options }.report(&mut report, under);
    Ok(report.end())
}

async fn one_round<C: Console>(
    under: &Under<'_, C>,
    hall: &mut Hall,
    number: u32,
    options: FanOut,
) -> Result<Round, LoadError> {
    let FanOut { spectators, rate, seconds, stuck, rounds } = options;
    let before = under.nodes.pss_kib();
    let crowd = Crowd::gather(under.nodes, &hall.councils, spectators, stuck).await?;
    tokio::time::sleep(SETTLE).await;
    let idle = kib_each(before, under.nodes.pss_kib(), spectators as usize);
    let open = hall.open_ballots(number as usize).await?;
    let mut signer = Signer::new(hall.voters.len(), &open);
    let mut acts = Vec::new();
    for n in 0..(rate * seconds) as usize {
        let voter = n % hall.voters.len();
        acts.push((voter, signer.sign(&hall.voters, voter)?));
    }
    tokio::time::sleep(SETTLE).await;
    crowd.begin();
    let start = under.nodes.spent();
    let driven = drive(&hall.voters, &mut hall.answers, Plan::paced(acts, rate)).await?;
    let moments = Moments::of_votes(&driven.proved);
    crowd.caught_up(&moments, CATCH_UP).await;
    let spent = under.nodes.spent().since(start);
    let seen = crowd.watched(&moments);
    let port = under.nodes.first()?.door().address().port();
    let held = crowd.held_bytes(port).filter(|_| stuck > 0);
    hall.close_ballots(&open).await?;
    drop(crowd);
    let floor = match ratio(seen.bytes as f64, seen.deliveries as f64) {
        // What warms up is not compared, and the floor keeps what stuck readers leave: that is not a measure for anybody.
        Some(bytes) if number >= rounds.warm_up && stuck == 0 => {
            let shape = Shape { spectators, stuck, rate: rate.min(PACE), seconds, bytes: bytes.round() as usize };
            Some(one_start(Side::Floor, under.place, shape).await?)
        }
        _ => None,
    };
    Ok(Round { seen, votes: driven.receipts, took: driven.all_in, spent, idle, held, floor })
}

struct Counted {
    rounds: Vec<Round>,
    options: FanOut,
}

impl Counted {
    fn of(&self, figure: impl Fn(&Round) -> Option<f64>) -> Option<f64> {
        median(self.rounds.iter().filter_map(figure))
    }

    fn of_floor(&self, figure: impl Fn(&Shown) -> Option<f64>) -> Option<f64> {
        self.of(|round| figure(round.floor.as_ref()?))
    }

    fn report<C: Console>(&self, report: &mut Report, under: &Under<'_, C>) {
        let FanOut { spectators, rate, stuck, .. } = self.options;
        let healthy = (spectators - stuck) as usize;
        let half_stuck = spectators as usize >= goals::STUCK_CROWD && stuck * 2 >= spectators;
        let fast = f64::from(rate) >= goals::CROWD_RATE;
        let large = healthy >= goals::CROWD && fast;
        let p99 = self.of(|round| round.seen.delays.ms(99.0));
        let spread = self.of(|round| round.seen.spread.ms(99.0));
        let stamp = "from the entry's stamp (whole ms), the commit and the pause between states included";
        report.add("commit_to_screen_p50_ms", "ms", self.of(|round| round.seen.delays.ms(50.0)), stamp);
        report.judge(("commit_to_screen_p99_ms", "ms"), p99, goals::FAN_OUT_P99_MS, large, "");
        let first = "the commit and the pause between states";
        report.add("commit_to_first_screen_p50_ms", "ms", self.of(|round| round.seen.first.ms(50.0)), first);
        report.add("commit_to_first_screen_p99_ms", "ms", self.of(|round| round.seen.first.ms(99.0)), "");
        let crowd_alone = "from a state's first arrival to each other's: the crowd alone";
        report.add("first_to_each_screen_p99_ms", "ms", spread, crowd_alone);
        let growth = self.of(|round| round.seen.growth);
        report.judge(("delay_growth_ms_per_second", "ms/s"), growth, goals::GROWTH, large, "of the way to the screens");
        self.report_beside_floor(report, p99, spread);
        let bytes = self.of(|round| ratio(round.seen.bytes as f64, round.seen.deliveries as f64));
        report.add("bytes_per_delivery", "B", bytes, "");
        let pace = "the server shows spectators at most 20 changes a second";
        let per_second = self.of(|round| ratio(round.seen.shown as f64, round.took.as_secs_f64()));
        report.add("states_shown_per_second", "1/s", per_second, pace);
        let per_vote = self.of(|round| ratio(round.seen.shown as f64, round.votes as f64));
        report.add("states_shown_per_vote", "", per_vote, pace);
        let skipped = "of states shown, skipped at a healthy spectator for a newer one";
        report.add("superseded_share", "", self.of(|round| round.seen.superseded), skipped);
        let spent = self.rounds.iter().fold(Spent::default(), |spent, round| spent.plus(round.spent));
        report_cpu(report, under.nodes, spent, "in the counted rounds");
        let (idle, whole) = (self.of(|round| round.idle), spectators as usize >= goals::CROWD);
        report.judge(("kib_per_idle_spectator", "KiB"), idle, goals::IDLE_KIB, whole, "PSS");
        let stuck_p99 = p99.filter(|_| stuck > 0);
        let note = if stuck > 0 { "from the entry's stamp" } else { "nobody was stuck" };
        report.judge(("healthy_p99_ms", "ms"), stuck_p99, goals::HEALTHY_P99_MS, half_stuck, note);
        let note = if stuck > 0 { crowd_alone } else { "nobody was stuck" };
        let stuck_spread = spread.filter(|_| stuck > 0);
        report.judge(("healthy_first_to_each_p99_ms", "ms"), stuck_spread, goals::HEALTHY_P99_MS, half_stuck, note);
        let held = self.of(|round| round.held).map(|bytes| bytes / 1e6);
        let note = match held {
            Some(_) => "skmem of `ss` on the server's side, at the end",
            None if stuck > 0 => "`ss` (iproute2) tells nothing here, or the stuck have been cut",
            None => "nobody was stuck",
        };
        report.judge(("kernel_mb_per_stuck_spectator", "MB"), held, goals::STUCK_KERNEL_MB, half_stuck, note);
        let lost: u64 = self.rounds.iter().map(|round| round.seen.lost).sum();
        let note = "healthy ones whose connection ended";
        report.judge(("spectators_lost", ""), Some(lost as f64), goals::NONE, true, note);
    }

    /// What was not shown beside a floor has no such figures and says why.
    fn report_beside_floor(&self, report: &mut Report, p99: Option<f64>, spread: Option<f64>) {
        let FanOut { spectators, rate, stuck, .. } = self.options;
        let over = |ours: Option<f64>, floors: Option<f64>| ratio(ours?, floors?);
        let deliveries: u64 = self.rounds.iter().map(|round| round.seen.deliveries).sum();
        let all = "frames of all topics that healthy spectators have read";
        report.add("deliveries", "", Some(deliveries as f64), all);
        let per_cpu = self.of(|round| ratio(round.seen.deliveries as f64, round.spent.server?));
        report.add("deliveries_per_cpu_second", "1/s", per_cpu, "the votes' own cost included");
        let note = |value: Option<f64>, note: &'static str| match (value, stuck) {
            (Some(_), _) => note,
            (None, 0) => "too little CPU time to be told in ticks of 10 ms",
            (None, _) => "the floor is no measure where readers are stuck",
        };
        let same = "states of the same size, as many a second";
        let value = self.of_floor(|floor| floor.per_cpu_second);
        report.add("floor_deliveries_per_cpu_second", "1/s", value, note(value, same));
        let share = over(per_cpu, value);
        let floor_p99 = self.of_floor(|floor| floor.p99_ms);
        let told = "from the moment it was told to an arrival";
        report.add("floor_p99_ms", "ms", floor_p99, note(floor_p99, told));
        let floor_spread = self.of_floor(|floor| floor.spread_p99_ms);
        report.add("floor_first_to_each_p99_ms", "ms", floor_spread, note(floor_spread, ""));
        let enough = spectators as usize >= goals::FLOOR_CROWD;
        let votes = note(share, "the votes' own cost included");
        report.judge(("deliveries_over_floor", ""), share, goals::OVER_FLOOR, enough, votes);
        let tail = spectators as usize >= goals::FLOOR_TAIL_CROWD && f64::from(rate) >= goals::CROWD_RATE;
        let value = over(p99, floor_p99);
        let whole = note(value, "commit and pause between states included, which the floor has not");
        report.judge(("p99_over_floor", ""), value, goals::FLOOR_P99, tail, whole);
        let value = over(spread, floor_spread);
        let alone = note(value, "the crowd alone, on both sides");
        report.judge(("first_to_each_over_floor", ""), value, goals::FLOOR_P99, tail, alone);
    }
}
