//! n councils × m delegates vote: all at the same instant, spread over a time, one at a time, and in a row as fast as the receipts
//! come.

use super::super::drive::{Driven, Plan, drive};
use super::super::goals;
use super::super::hall::{Hall, Open, Wanted};
use super::super::report::Report;
use super::super::stats::{Times, median, ms, ratio};
use super::super::usage::Spent;
use super::super::verify_rate::verify_rate;
use super::super::voter::{Ready, Voter};
use super::super::{Console, LoadError, Rounds, Under};
use super::takeover::takeover;
use super::{kib_each, report_cpu};
use std::collections::VecDeque;
use std::time::Duration;

#[derive(Debug, Clone, Copy)]
pub struct Votes {
    pub councils: u32,
    pub delegates: u32,
    pub rounds: Rounds,
    /// Over which the second vote of everybody is spread.
    pub within: Duration,
    /// Votes of one after the other, each alone on its way.
    pub alone: u32,
    /// Votes of each delegate in a row. With the two before, below the 40 frames a page may send at once.
    pub in_a_row: u32,
    /// After the rounds, another in which a node is killed.
    pub kill: bool,
}

/// Twenty frames a second come back to a page's allowance of 40 (hub::reader): so that no round lives on the one before.
const REST: Duration = Duration::from_secs(2);

#[derive(Default)]
struct Measured {
    burst_ms: Vec<f64>,
    burst_p50: Vec<f64>,
    burst_p99: Vec<f64>,
    burst_commits: Vec<f64>,
    spread_p50: Vec<f64>,
    spread_p99: Vec<f64>,
    row_per_second: Vec<f64>,
    row_per_commit: Vec<f64>,
    row_p99: Vec<f64>,
    alone: Option<Times>,
    alone_per_second: Vec<f64>,
    in_a_row: usize,
    spent: Spent,
    busy: usize,
    receipts: usize,
}

/// # Errors
/// When any vote has no receipt at its end: such a run has no figures.
pub async fn votes<C: Console>(under: &Under<'_, C>, options: Votes) -> Result<Report, LoadError> {
    let asked = serde_json::json!({
        "councils": options.councils, "delegates": options.delegates, "within_ms": options.within.as_millis() as u64,
        "nodes": under.nodes.count(), "rounds": options.rounds.counted, "warm_up": options.rounds.warm_up, "alone": options.alone,
        "in_a_row": options.in_a_row, "kill": options.kill,
    });
    let mut report = Report::begin("votes", under.nodes.store_kind(), asked);
    let Votes { councils, delegates, rounds, kill, .. } = options;
    let wanted =
        Wanted { councils, delegates, ballots: rounds.all() + u32::from(kill), show_split: false, resumed: kill };
    let mut hall = Hall::found(under, wanted).await?;
    let idle = under.nodes.pss_kib();
    hall.seat_everybody(under.nodes.doors()).await?;
    let seated = under.nodes.pss_kib();
    let verify = verify_rate().await?;
    let mut measured = Measured::default();
    for round in 0..rounds.all() {
        let open = hall.open_ballots(round as usize).await?;
        let counted = round >= rounds.warm_up;
        play(under, &mut hall, &open, options, counted.then_some(&mut measured)).await?;
        hall.close_ballots(&open).await?;
    }
    let votes = hall.voters.len();
    measured.report(&mut report, votes, options.within);
    report_cpu(&mut report, under.nodes, measured.spent, "of the votes in a row, in the counted rounds");
    let per_cpu = measured.spent.both().and_then(|spent| ratio(measured.in_a_row as f64, spent));
    report.add("votes_per_cpu_second", "1/s", per_cpu, "in a row; CPU time of the server and its database");
    let by = if verify.by_cpu_time { "one thread, its CPU time" } else { "one thread, by the clock on the wall" };
    report.add("verify_strict_per_cpu_second", "1/s", Some(verify.per_cpu_second), by);
    let share = per_cpu.and_then(|per_cpu| ratio(per_cpu, verify.per_cpu_second));
    report.judge(("votes_share_of_verify", ""), share, goals::VERIFY_SHARE, true, "");
    let (back, _) = hall.returns();
    report.add("delegates_reconnected", "", Some(back as f64), "lost the connection in these rounds and came back");
    if kill {
        takeover(under, &mut hall, rounds.all() as usize, options.within, &mut report).await?;
    }
    report.add("kib_per_delegate_connection", "KiB", kib_each(idle, seated, votes), "PSS, with check-in");
    Ok(report.end())
}

async fn play<C>(
    under: &Under<'_, C>,
    hall: &mut Hall,
    open: &[Open],
    options: Votes,
    measured: Option<&mut Measured>,
) -> Result<(), LoadError> {
    // Everything is signed before anything is sent. A delegate's turns count up over all four ways.
    let mut signer = Signer { turns: vec![0; hall.voters.len()], open };
    let burst = signer.once(&hall.voters)?;
    let spread = signer.once(&hall.voters)?;
    let mut alone = Vec::new();
    for n in 0..options.alone as usize {
        let voter = n % hall.voters.len().max(1);
        alone.push((voter, signer.sign(&hall.voters, voter)?));
    }
    let mut rows: Vec<(usize, VecDeque<Ready>)> = Vec::new();
    for voter in 0..hall.voters.len() {
        let row = (0..options.in_a_row).map(|_| signer.sign(&hall.voters, voter)).collect::<Result<_, _>>()?;
        rows.push((voter, row));
    }
    let burst = drive(&hall.voters, &mut hall.answers, Plan::once(burst, Duration::ZERO)).await?;
    let spread = drive(&hall.voters, &mut hall.answers, Plan::once(spread, options.within)).await?;
    let mut times = Times::new();
    let mut alone_took = Duration::ZERO;
    for act in alone {
        let one = drive(&hall.voters, &mut hall.answers, Plan::once(vec![act], Duration::ZERO)).await?;
        times.add(&one.times);
        alone_took += one.all_in;
    }
    tokio::time::sleep(REST).await;
    let before = under.nodes.spent();
    let row = drive(&hall.voters, &mut hall.answers, Plan::in_a_row(rows)).await?;
    let spent = under.nodes.spent().since(before);
    tokio::time::sleep(REST).await;
    if let Some(measured) = measured {
        measured.note(&burst, &spread, (&times, alone_took), (&row, spent));
    }
    Ok(())
}

/// Signs each voter's next turn.
pub struct Signer<'a> {
    turns: Vec<u32>,
    open: &'a [Open],
}

/// What a delegate answers in that turn: every turn another than the one before, so that what the screens show changes.
pub fn answer(turn: u32) -> &'static str {
    if turn % 2 == 1 { "yes" } else { "no" }
}

impl<'a> Signer<'a> {
    pub fn new(voters: usize, open: &'a [Open]) -> Self {
        Self { turns: vec![0; voters], open }
    }

    pub fn sign(&mut self, voters: &[Voter], voter: usize) -> Result<Ready, LoadError> {
        let (by, turn) = (&voters[voter], &mut self.turns[voter]);
        *turn += 1;
        let open = self.open.get(by.council).ok_or(LoadError::Broken("no ballot"))?;
        by.vote(open.ballot.as_str(), &open.document_sha256, answer(*turn), *turn)
    }

    pub fn once(&mut self, voters: &[Voter]) -> Result<Vec<(usize, Ready)>, LoadError> {
        (0..voters.len()).map(|voter| Ok((voter, self.sign(voters, voter)?))).collect()
    }
}

impl Measured {
    fn note(
        &mut self,
        burst: &Driven,
        spread: &Driven,
        (alone, took): (&Times, Duration),
        (row, spent): (&Driven, Spent),
    ) {
        self.burst_ms.push(ms(burst.all_in));
        self.burst_p50.extend(burst.times.ms(50.0));
        self.burst_p99.extend(burst.times.ms(99.0));
        self.burst_commits.push(burst.commits.len() as f64);
        self.spread_p50.extend(spread.times.ms(50.0));
        self.spread_p99.extend(spread.times.ms(99.0));
        self.alone.get_or_insert_with(Times::new).add(alone);
        self.alone_per_second.extend(ratio(alone.count() as f64, took.as_secs_f64()));
        self.row_per_second.extend(ratio(row.receipts as f64, row.all_in.as_secs_f64()));
        self.row_per_commit.extend(ratio(row.receipts as f64, row.commits.len() as f64));
        self.row_p99.extend(row.times.ms(99.0));
        self.in_a_row += row.receipts;
        self.spent = self.spent.plus(spent);
        self.busy += burst.busy + spread.busy + row.busy;
        self.receipts += burst.receipts + spread.receipts + row.receipts + alone.count() as usize;
    }

    fn report(&self, report: &mut Report, votes: usize, within: Duration) {
        let of = |values: &[f64]| median(values.iter().copied());
        let enough = votes >= goals::BURST_VOTES;
        report.judge(("burst_all_receipts_ms", "ms"), of(&self.burst_ms), goals::BURST_MS, enough, "");
        report.add("burst_p50_ms", "ms", of(&self.burst_p50), "");
        report.add("burst_p99_ms", "ms", of(&self.burst_p99), "");
        report.add("burst_commits", "", of(&self.burst_commits), "batches, over all councils");
        report.add("spread_p50_ms", "ms", of(&self.spread_p50), "");
        let p99 = of(&self.spread_p99);
        let dense = votes >= goals::SPREAD_VOTES && within.as_millis() as u64 <= goals::SPREAD_WITHIN_MS;
        report.judge(("spread_p99_ms", "ms"), p99, goals::SPREAD_P99_MS, dense, "");
        let alone = self.alone.as_ref();
        let alone_p99 = alone.and_then(|alone| alone.ms(99.0));
        report.add("alone_p50_ms", "ms", alone.and_then(|alone| alone.ms(50.0)), "one vote on its way, a commit each");
        report.add("alone_p99_ms", "ms", alone_p99, "all rounds together");
        let over = p99.and_then(|p99| ratio(p99, alone_p99?));
        report.judge(("spread_p99_over_alone_p99", ""), over, goals::SPREAD_OVER_SINGLE, dense, "");
        let (alone, row) = (of(&self.alone_per_second), of(&self.row_per_second));
        report.add("alone_votes_per_second", "1/s", alone, "by the clock on the wall");
        report.add("in_a_row_votes_per_second", "1/s", row, "by the clock on the wall; the generator shares the cores");
        report.add("in_a_row_votes_per_commit", "", of(&self.row_per_commit), "");
        report.add("in_a_row_p99_ms", "ms", of(&self.row_p99), "");
        let group = row.and_then(|row| ratio(row, alone?));
        report.judge(("group_commit_over_single", ""), group, goals::GROUP_COMMIT, true, "in a row over one at a time");
        report.add("receipts_checked", "", Some(self.receipts as f64), "in the counted rounds");
        report.add("refused_busy", "", Some(self.busy as f64), "sent again until they had their receipt");
    }
}
