//! All councils of a country's provinces or of a province's communes vote within the same seconds, and the public watches.

use super::super::crowd::{Crowd, Moments};
use super::super::drive::{Plan, drive};
use super::super::goals;
use super::super::hall::{Hall, Wanted};
use super::super::report::Report;
use super::super::stats::{median, ms};
use super::super::usage::Spent;
use super::super::{Console, LoadError, Rounds, Under};
use super::takeover::takeover;
use super::votes::Signer;
use super::{kib_each, report_cpu};
use std::time::Duration;

#[derive(Debug, Clone, Copy)]
pub struct Province {
    pub councils: u32,
    pub delegates: u32,
    pub spectators: u32,
    pub within: Duration,
    pub rounds: Rounds,
    /// After the rounds, another in which a node is killed.
    pub kill: bool,
}

const SETTLE: Duration = Duration::from_secs(2);
const CATCH_UP: Duration = Duration::from_secs(10);

/// # Errors
/// When any vote has no receipt at its end.
pub async fn province<C: Console>(under: &Under<'_, C>, options: Province) -> Result<Report, LoadError> {
    let Province { councils, delegates, spectators, within, rounds, kill } = options;
    let asked = serde_json::json!({
        "councils": councils, "delegates": delegates, "spectators": spectators,
        "within_ms": within.as_millis() as u64, "nodes": under.nodes.count(), "rounds": rounds.counted, "warm_up": rounds.warm_up, "kill": kill,
    });
    let mut report = Report::begin("province", under.nodes.store_kind(), asked);
    let wanted =
        Wanted { councils, delegates, ballots: rounds.all() + u32::from(kill), show_split: false, resumed: kill };
    let mut hall = Hall::found(under, wanted).await?;
    let before = under.nodes.pss_kib();
    hall.seat_everybody(under.nodes.doors()).await?;
    let crowd = Crowd::gather(under.nodes, &hall.councils, spectators, 0).await?;
    tokio::time::sleep(SETTLE).await;
    let after = under.nodes.pss_kib();

    let (mut p50s, mut p99s, mut all_ms, mut commits) = (vec![], vec![], vec![], vec![]);
    let (mut screen_p50s, mut screen_p99s, mut superseded) = (vec![], vec![], vec![]);
    let (mut receipts, mut busy, mut deliveries, mut lost, mut spent) = (0, 0, 0, 0, Spent::default());
    for round in 0..rounds.all() {
        let open = hall.open_ballots(round as usize).await?;
        let mut acts = Signer::new(hall.voters.len(), &open).once(&hall.voters)?;
        // Neighbours in time sit in different councils: all of them vote during the whole time.
        acts.sort_by_key(|(voter, _)| (voter % delegates.max(1) as usize, *voter));
        tokio::time::sleep(SETTLE).await;
        crowd.begin();
        let start = under.nodes.spent();
        let driven = drive(&hall.voters, &mut hall.answers, Plan::once(acts, within)).await?;
        let moments = Moments::of_votes(&driven.proved);
        crowd.caught_up(&moments, CATCH_UP).await;
        let used = under.nodes.spent().since(start);
        let seen = crowd.watched(&moments);
        hall.close_ballots(&open).await?;
        if round >= rounds.warm_up {
            p50s.extend(driven.times.ms(50.0));
            p99s.extend(driven.times.ms(99.0));
            all_ms.push(ms(driven.all_in));
            commits.push(driven.commits.len() as f64);
            screen_p50s.extend(seen.delays.ms(50.0));
            screen_p99s.extend(seen.delays.ms(99.0));
            superseded.extend(seen.superseded);
            receipts += driven.receipts;
            busy += driven.busy;
            deliveries += seen.deliveries;
            spent = spent.plus(used);
        }
        lost = seen.lost;
    }

    let whole = hall.voters.len() >= goals::PROVINCE_VOTES && crowd.healthy() >= goals::PROVINCE_CROWD;
    report.add("receipt_p50_ms", "ms", median(p50s), "from the client's send to the checked receipt");
    report.judge(("receipt_p99_ms", "ms"), median(p99s), goals::PROVINCE_P99_MS, whole, "");
    report.add("all_receipts_ms", "ms", median(all_ms), "from the first send to the last receipt");
    report.judge(
        ("refused", ""),
        Some(busy as f64),
        goals::NONE,
        true,
        "as busy, and sent again; any other refusal ends the run",
    );
    report.add("receipts_checked", "", Some(receipts as f64), "in the counted rounds");
    report.add("commits", "", median(commits), "batches a round, over all councils");
    report.add(
        "commit_to_screen_p50_ms",
        "ms",
        median(screen_p50s),
        "from the entry's stamp (whole ms), the commit included",
    );
    report.add("commit_to_screen_p99_ms", "ms", median(screen_p99s), "");
    report.add("superseded_share", "", median(superseded), "");
    report.add("deliveries", "", Some(deliveries as f64), "frames that spectators have read");
    report.judge(("spectators_lost", ""), Some(lost as f64), goals::NONE, true, "");
    report_cpu(&mut report, under.nodes, spent, "in the counted rounds");
    let connections = hall.voters.len() + crowd.healthy();
    report.add("kib_per_connection", "KiB", kib_each(before, after, connections), "PSS, delegates and spectators");
    drop(crowd);
    if kill {
        takeover(under, &mut hall, rounds.all() as usize, within, &mut report).await?;
    }
    Ok(report.end())
}
