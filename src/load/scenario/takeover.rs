//! In the middle of a vote the node that leads the councils is killed. Others take over (a single one is started again), its
//! people come back and send again what was not answered, and in the end every vote stands in the record once.

use super::super::drive::{Driven, Plan, drive};
use super::super::goals;
use super::super::hall::{Hall, Open};
use super::super::report::Report;
use super::super::stats::{median, ms};
use super::super::{Console, LoadError, Under};
use super::votes::{Signer, answer};
use crate::node::clock;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// Long enough that votes are under way at the moment of the kill, and more come while nobody leads.
const AT_LEAST: Duration = Duration::from_secs(2);
/// A council is back when an act of after the kill has its receipt; this is how many milliseconds two clocks may round apart.
const GRAIN_MS: u64 = 1;

/// What came of it.
struct Takeover {
    driven: Driven,
    killed: Killed,
    /// Receipts for another entry, when every vote was sent once more in the end.
    moved: usize,
}

#[derive(Debug, Clone, Copy)]
struct Killed {
    at: Instant,
    /// Milliseconds since 1970.
    stamp: u64,
}

/// Plays the `round`-th ballot so and reports it.
///
/// # Errors
/// When a vote is without its receipt in the end.
pub async fn takeover<C: Console>(
    under: &Under<'_, C>,
    hall: &mut Hall,
    round: usize,
    within: Duration,
    report: &mut Report,
) -> Result<(), LoadError> {
    let open = hall.open_ballots(round).await?;
    let (back_before, again_before) = hall.returns();
    let Takeover { driven, killed, moved } = vote(under, hall, &open, within.max(AT_LEAST)).await?;
    let (back, again) = hall.returns();
    hall.close_ballots(&open).await?;
    let counted: u32 = hall.tallies(&open).await?.iter().flat_map(BTreeMap::values).sum();
    let (sent, differing) = (hall.voters.len() as u32, differing(hall, &open).await?);

    let mut first: BTreeMap<usize, Instant> = BTreeMap::new();
    for ((council, vote), came) in driven.proved.iter().zip(&driven.came) {
        if vote.stamp > killed.stamp + GRAIN_MS {
            first.entry(*council).and_modify(|first| *first = (*first).min(*came)).or_insert(*came);
        }
    }
    let away: Vec<f64> = first.values().map(|came| ms(came.saturating_duration_since(killed.at))).collect();
    let longest = away.iter().copied().reduce(f64::max);
    let note = match under.nodes.count() {
        1 => "kill -9 of the only one, which was started again at once",
        _ => "kill -9 of the first started, through which all councils were founded",
    };
    report.add("killed_node", "", Some(1.0), note);
    report.add(
        "takeover_ms",
        "ms",
        longest,
        "from the kill to a council's first receipt for a vote taken after it: the last council",
    );
    report.add("takeover_median_ms", "ms", median(away), "the same, over all councils");
    report.add("takeover_councils", "", Some(first.len() as f64), "that took a vote after the kill");
    report.add(
        "takeover_receipt_p99_ms",
        "ms",
        driven.times.ms(99.0),
        "from a vote's first send, the time without a leader included",
    );
    report.add(
        "takeover_delegates_back",
        "",
        Some((back - back_before) as f64),
        "who lost the connection and came back elsewhere",
    );
    report.add(
        "votes_sent_again",
        "",
        Some((again - again_before) as f64),
        "on a new connection: the old was lost before their receipt",
    );
    report.add("votes_refused_meanwhile", "", Some(driven.busy as f64), "told to come back later, and sent again");
    let lost = f64::from(sent) - driven.receipts as f64;
    report.judge(("receipts_lost", ""), Some(lost), goals::NONE, true, "votes without a valid receipt in the end");
    let note = "every vote was sent once more in the end: receipts for another entry than its first";
    report.judge(("receipts_that_differ", ""), Some(moved as f64), goals::NONE, true, note);
    let note = "votes in the announced results beyond those that were sent";
    report.judge(("double_counted", ""), Some(f64::from(counted.saturating_sub(sent))), goals::NONE, true, note);
    let note = "councils whose result is not exactly what its delegates sent";
    report.judge(("results_that_differ", ""), Some(differing as f64), goals::NONE, true, note);
    Ok(())
}

async fn vote<C: Console>(
    under: &Under<'_, C>,
    hall: &mut Hall,
    open: &[Open],
    within: Duration,
) -> Result<Takeover, LoadError> {
    let mut votes = Signer::new(hall.voters.len(), open).once(&hall.voters)?;
    // Neighbours in time sit in different councils: each has votes before the kill and after it.
    let of_each = hall.voters.len() / hall.councils.len().max(1);
    votes.sort_by_key(|(voter, _)| (voter % of_each.max(1), *voter));
    let mut answers = std::mem::replace(&mut hall.answers, mpsc::channel(1).1);
    let killed: OnceLock<Killed> = OnceLock::new();
    let upset = async {
        tokio::time::sleep(within / 2).await;
        let now = Killed { at: Instant::now(), stamp: clock::Clock::start().now().0 };
        killed.get_or_init(|| now);
        // A single one has nobody who takes over but itself, started again.
        match under.nodes.count() {
            1 => under.nodes.first()?.start_again().await?,
            _ => under.nodes.first()?.kill().await?,
        }
        hall.keep_open(open).await;
        Ok::<_, LoadError>(())
    };
    let driven = tokio::select! {
        driven = drive(&hall.voters, &mut answers, Plan::once(votes.clone(), within).patient()) => driven?,
        Err(error) = upset => return Err(error),
    };
    let again = drive(&hall.voters, &mut answers, Plan::once(votes, Duration::ZERO).patient()).await?;
    hall.answers = answers;
    let first: BTreeSet<(usize, u64)> = driven.proved.iter().map(|(council, vote)| (*council, vote.seq)).collect();
    let moved = again.proved.iter().filter(|(council, vote)| !first.contains(&(*council, vote.seq))).count();
    let killed = killed.get().copied().ok_or(LoadError::Broken("every vote was in before a node was killed"))?;
    Ok(Takeover { driven, killed, moved })
}

async fn differing(hall: &Hall, open: &[Open]) -> Result<usize, LoadError> {
    let mut sent: Vec<BTreeMap<String, u32>> = vec![BTreeMap::new(); open.len()];
    for voter in &hall.voters {
        // Everybody has sent the first turn, and no other.
        *sent[voter.council].entry(answer(1).to_owned()).or_default() += 1;
    }
    let counted = hall.tallies(open).await?;
    let differs = |(counted, sent): &(&BTreeMap<String, u32>, &BTreeMap<String, u32>)| {
        let given = |tally: &BTreeMap<String, u32>, answer: &str| tally.get(answer).copied().unwrap_or(0);
        counted.keys().chain(sent.keys()).any(|answer| given(counted, answer) != given(sent, answer))
    };
    Ok(counted.iter().zip(&sent).filter(differs).count())
}
