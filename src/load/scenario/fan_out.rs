//! One live tally, n spectators. Votes with public counts change it; each is counted from its stamp in the record to its
//! arrival at every public page.

use super::super::crowd::Crowd;
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
const TURNS: u32 = 90;
const DELEGATES: u32 = 20;
/// After the last vote, for those who are behind.
const CATCH_UP: Duration = Duration::from_secs(10);
/// A crowd that has just come in is still being told the state.
const SETTLE: Duration = Duration::from_secs(2);

/// # Errors
/// When any vote has no receipt, or a spectator cannot join.
pub async fn fan_out<C: Console>(under: &Under<'_, C>, options: FanOut) -> Result<Report, LoadError> {
    let FanOut { spectators, rate, seconds, stuck, rounds } = options;
    let asked = serde_json::json!({
        "spectators": spectators, "rate": rate, "seconds": seconds, "stuck": stuck,
        "rounds": rounds.counted, "warm_up": rounds.warm_up,
    });
    let mut report = Report::begin("fan_out", under.server.store_kind(), asked);
    let votes = rate * seconds;
    // One page may send 20 frames a second: the rate is spread over enough of them, twice over.
    let delegates = DELEGATES.max(votes.div_ceil(TURNS)).max(rate.div_ceil(10));
    let wanted = Wanted { councils: 1, delegates, ballots: rounds.all(), show_split: true };
    let mut hall = Hall::found(under, wanted).await?;
    hall.seat_everybody(under.server.door()).await?;
    let before = under.server.pss_kib();
    let crowd = Crowd::gather(under.server.door(), &hall.councils, spectators, stuck).await?;
    tokio::time::sleep(SETTLE).await;
    let after = under.server.pss_kib();

    let (mut p50s, mut p99s, mut first_p50s, mut first_p99s, mut spread_p99s) =
        (vec![], vec![], vec![], vec![], vec![]);
    let (mut superseded, mut per_second) = (vec![], vec![]);
    let (mut deliveries, mut spent, mut bytes, mut shown) = (0, Spent::default(), 0, vec![]);
    let (mut unread, mut lost) = (None, 0);
    for round in 0..rounds.all() {
        let open = hall.open_ballots(round as usize).await?;
        let mut signer = Signer::new(hall.voters.len(), &open);
        let mut acts = Vec::new();
        for n in 0..votes as usize {
            let voter = n % hall.voters.len();
            acts.push((voter, signer.sign(&hall.voters, voter)?));
        }
        tokio::time::sleep(SETTLE).await;
        crowd.begin();
        let start = under.server.spent();
        let driven = drive(&hall.voters, &mut hall.answers, Plan::paced(acts, rate)).await?;
        crowd.caught_up(&driven.proved, CATCH_UP).await;
        let used = under.server.spent().since(start);
        let seen = crowd.watched(&driven.proved);
        unread = crowd.unread_bytes(under.server.door().address().port());
        hall.close_ballots(&open).await?;
        lost = seen.lost;
        if round >= rounds.warm_up {
            p50s.extend(seen.delays.ms(50.0));
            p99s.extend(seen.delays.ms(99.0));
            first_p50s.extend(seen.first.ms(50.0));
            first_p99s.extend(seen.first.ms(99.0));
            spread_p99s.extend(seen.spread.ms(99.0));
            superseded.extend(seen.superseded);
            per_second.extend(ratio(seen.shown as f64, driven.all_in.as_secs_f64()));
            shown.extend(ratio(seen.shown as f64, driven.receipts as f64));
            deliveries += seen.deliveries;
            bytes += seen.bytes;
            spent = spent.plus(used);
        }
    }

    let healthy = crowd.healthy();
    let p99 = median(p99s);
    let large = healthy >= goals::CROWD && f64::from(rate) >= goals::CROWD_RATE;
    let half_stuck = spectators as usize >= goals::STUCK_CROWD && stuck * 2 >= spectators;
    report.add("commit_to_screen_p50_ms", "ms", median(p50s), "from the entry's stamp (whole ms), the commit included");
    if half_stuck {
        report.judge(("commit_to_screen_p99_ms", "ms"), p99, goals::HEALTHY_P99_MS, true, "of the healthy");
    } else {
        report.judge(("commit_to_screen_p99_ms", "ms"), p99, goals::FAN_OUT_P99_MS, large, "");
    }
    report.add("commit_to_first_screen_p50_ms", "ms", median(first_p50s), "the commit and the pause between states");
    report.add("commit_to_first_screen_p99_ms", "ms", median(first_p99s), "");
    report.add(
        "first_to_each_screen_p99_ms",
        "ms",
        median(spread_p99s),
        "from a state's first arrival to each other's",
    );
    report.add("p99_over_floor", "", None, "the floor program of benches/ runs apart from this command");
    report.add("deliveries", "", Some(deliveries as f64), "frames of all topics that healthy spectators have read");
    let per_cpu = spent.server.and_then(|spent| ratio(deliveries as f64, spent));
    report.add("deliveries_per_cpu_second", "1/s", per_cpu, "the votes' own cost included");
    report.add("deliveries_over_floor", "", None, "the floor program of benches/ runs apart from this command");
    report.add("bytes_per_delivery", "B", ratio(bytes as f64, deliveries as f64), "");
    let pace = "the server shows spectators at most 20 changes a second";
    report.add("states_shown_per_second", "1/s", median(per_second), pace);
    report.add("states_shown_per_vote", "", median(shown), pace);
    report.add(
        "superseded_share",
        "",
        median(superseded),
        "of states shown, skipped at a healthy spectator for a newer one",
    );
    report_cpu(&mut report, under.server, spent, "in the counted rounds");
    let idle = kib_each(before, after, spectators as usize);
    report.judge(("kib_per_idle_spectator", "KiB"), idle, goals::IDLE_KIB, spectators as usize >= goals::CROWD, "PSS");
    let unread = unread.filter(|_| stuck > 0).map(|bytes| bytes / 1e6);
    let note = match unread {
        Some(_) => "bytes unread in the server's kernel at the end; cut ones count as none",
        None => "nobody was stuck",
    };
    report.judge(("kernel_mb_per_stuck_spectator", "MB"), unread, goals::STUCK_KERNEL_MB, half_stuck, note);
    report.judge(("spectators_lost", ""), Some(lost as f64), goals::NONE, true, "healthy ones whose connection ended");
    Ok(report.end())
}
