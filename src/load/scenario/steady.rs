//! A steady rate of votes for minutes, while the public watches: what a long sitting leaves behind in memory, open files and on
//! disk. A server that leaks shows it here as a slope.

use super::super::crowd::Crowd;
use super::super::drive::{Plan, drive};
use super::super::goals;
use super::super::hall::{Hall, Wanted};
use super::super::nodes::Nodes;
use super::super::report::Report;
use super::super::stats::{Times, slope};
use super::super::usage::record_bytes;
use super::super::{Console, LoadError, Under};
use super::fan_out::{DELEGATES, TURNS};
use super::votes::Signer;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

#[derive(Debug, Clone, Copy)]
pub struct Steady {
    pub lasting: Duration,
    /// Votes a second.
    pub rate: u32,
    pub spectators: u32,
}

const SAMPLE_EVERY: Duration = Duration::from_secs(10);
/// One ballot at most: long enough that opening and closing are a small part of the time.
const BALLOT_SECONDS: u32 = 30;
/// Caches, pools and the allocator fill up in the first fifth; what grows after that is what grows.
const WARM_UP_SHARE: u32 = 5;

/// The server at one moment.
#[derive(Debug, Clone, Copy)]
struct Sample {
    minutes: f64,
    entries: u64,
    pss_kib: Option<u64>,
    open_files: Option<u64>,
    record_bytes: Option<u64>,
}

/// # Errors
/// When any vote has no receipt, or a spectator cannot join.
pub async fn steady<C: Console>(under: &Under<'_, C>, options: Steady) -> Result<Report, LoadError> {
    let Steady { lasting, rate, spectators } = options;
    let asked = serde_json::json!({ "minutes": lasting.as_secs_f64() / 60.0, "nodes": under.nodes.count(), "rate": rate, "spectators": spectators });
    let mut report = Report::begin("steady", under.nodes.store_kind(), asked);
    let seconds = u32::try_from(lasting.as_secs()).unwrap_or(u32::MAX).max(1);
    let ballots = seconds.div_ceil(BALLOT_SECONDS);
    // All of one length, as near to 30 s as the time allows.
    let votes = rate * seconds.div_ceil(ballots);
    let delegates = DELEGATES.max(votes.div_ceil(TURNS)).max(rate.div_ceil(10));
    let wanted = Wanted { councils: 1, delegates, ballots, show_split: true, resumed: false };
    let mut hall = Hall::found(under, wanted).await?;
    hall.seat_everybody(under.nodes.doors()).await?;
    let crowd = Crowd::gather(under.nodes, &hall.councils, spectators, 0).await?;
    let run = Run { begun: Instant::now(), entries: AtomicU64::new(0), samples: Mutex::default() };
    let voted = tokio::select! {
        voted = vote(&mut hall, &crowd, &run, (ballots, votes), rate) => voted?,
        () = run.sample(under.nodes, &crowd) => return Err(LoadError::Broken("nobody samples any more")),
    };
    run.take(under.nodes, &crowd).await;
    let samples = run.samples.into_inner().unwrap_or_else(PoisonError::into_inner);
    voted.report(&mut report);
    tell(&mut report, &samples);
    report.judge(("spectators_lost", ""), Some(crowd.lost() as f64), goals::NONE, true, "");
    let (back, _) = hall.returns();
    report.judge(("delegates_reconnected", ""), Some(back as f64), goals::NONE, true, "lost their connection");
    Ok(report.end())
}

struct Run {
    begun: Instant,
    /// Size of the record, as far as it was shown.
    entries: AtomicU64,
    samples: Mutex<Vec<Sample>>,
}

impl Run {
    async fn sample(&self, nodes: &Nodes, crowd: &Crowd) {
        loop {
            self.take(nodes, crowd).await;
            tokio::time::sleep(SAMPLE_EVERY).await;
        }
    }

    async fn take(&self, nodes: &Nodes, crowd: &Crowd) {
        self.entries.fetch_max(crowd.newest_size(), Ordering::Relaxed);
        let record_bytes = record_bytes(nodes).await;
        let sample = Sample {
            minutes: self.begun.elapsed().as_secs_f64() / 60.0,
            entries: self.entries.load(Ordering::Relaxed),
            pss_kib: nodes.pss_kib(),
            open_files: nodes.open_files(),
            record_bytes,
        };
        self.samples.lock().unwrap_or_else(PoisonError::into_inner).push(sample);
    }
}

/// The receipts' times, ballot by ballot.
struct Voted {
    ballots: Vec<Times>,
    receipts: usize,
    busy: usize,
    seconds: f64,
}

async fn vote(
    hall: &mut Hall,
    crowd: &Crowd,
    run: &Run,
    (ballots, votes): (u32, u32),
    rate: u32,
) -> Result<Voted, LoadError> {
    let mut voted = Voted { ballots: Vec::new(), receipts: 0, busy: 0, seconds: 0.0 };
    for ballot in 0..ballots {
        let open = hall.open_ballots(ballot as usize).await?;
        let mut signer = Signer::new(hall.voters.len(), &open);
        let mut acts = Vec::new();
        for n in 0..votes as usize {
            let voter = n % hall.voters.len();
            acts.push((voter, signer.sign(&hall.voters, voter)?));
        }
        let driven = drive(&hall.voters, &mut hall.answers, Plan::paced(acts, rate)).await?;
        let newest = driven.proved.iter().map(|(_, proved)| proved.commit).max().unwrap_or(0);
        run.entries.fetch_max(newest, Ordering::Relaxed);
        voted.receipts += driven.receipts;
        voted.busy += driven.busy;
        voted.ballots.push(driven.times);
        hall.close_ballots(&open).await?;
        // What the spectators have noted is not asked for, and must not grow either.
        crowd.begin();
    }
    voted.seconds = run.begun.elapsed().as_secs_f64();
    Ok(voted)
}

impl Voted {
    fn report(&self, report: &mut Report) {
        let fifth = self.ballots.len().div_ceil(5);
        let p99 = |ballots: &[Times]| {
            let mut all = Times::new();
            ballots.iter().for_each(|times| all.add(times));
            all.ms(99.0)
        };
        report.add("receipts_checked", "", Some(self.receipts as f64), "");
        report.add(
            "votes_per_second",
            "1/s",
            Some(self.receipts as f64 / self.seconds),
            "opening and closing ballots included",
        );
        report.add("refused_busy", "", Some(self.busy as f64), "sent again until they had their receipt");
        report.add(
            "receipt_p99_first_fifth_ms",
            "ms",
            p99(&self.ballots[..fifth]),
            "from a vote's send to its checked receipt",
        );
        report.add("receipt_p99_last_fifth_ms", "ms", p99(&self.ballots[self.ballots.len() - fifth..]), "");
    }
}

fn tell(report: &mut Report, samples: &[Sample]) {
    let figure = |sample: Option<&Sample>, of: fn(&Sample) -> Option<u64>| Some(of(sample?)? as f64);
    let (first, last) = (samples.first(), samples.last());
    let warm: Vec<&Sample> = samples.iter().skip(samples.len() / WARM_UP_SHARE as usize).collect();
    let pss = slope(warm.iter().filter_map(|sample| Some((sample.minutes, sample.pss_kib? as f64))));
    let files = slope(warm.iter().filter_map(|sample| Some((sample.minutes, sample.open_files? as f64))));
    // Before the first state was shown nobody knows how long the record is.
    let grown = warm.iter().filter(|sample| sample.entries > 0);
    let bytes = slope(grown.filter_map(|sample| Some((sample.entries as f64, sample.record_bytes? as f64))));
    report.add("samples", "", Some(samples.len() as f64), "one every 10 s; slopes leave out the first fifth");
    report.add("pss_start_kib", "KiB", figure(first, |sample| sample.pss_kib), "with everybody's connection");
    report.add("pss_end_kib", "KiB", figure(last, |sample| sample.pss_kib), "");
    report.add("pss_slope_kib_per_minute", "KiB/min", pss, "least squares");
    report.add("open_files_start", "", figure(first, |sample| sample.open_files), "");
    report.add("open_files_end", "", figure(last, |sample| sample.open_files), "");
    report.add("open_files_slope_per_minute", "1/min", files, "least squares");
    let kept = "the data folders' files or the Postgres database, with indices and journals";
    report.add("record_start_bytes", "B", figure(first, |sample| sample.record_bytes), kept);
    report.add("record_end_bytes", "B", figure(last, |sample| sample.record_bytes), "");
    report.add("entries_end", "", figure(last, |sample| Some(sample.entries)), "in the record");
    report.add("record_bytes_per_entry", "B", bytes, "least squares");
}
