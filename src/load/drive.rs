//! Sends what is ready at the moments planned, and waits for every answer.

use super::LoadError;
use super::receipts::Proved;
use super::stats::Times;
use super::voter::{Answer, Outcome, Ready, Voter};
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::time::{Duration, Instant};
use tokio::sync::mpsc;
use tokio::time::{sleep_until, timeout_at};

/// No receipt for so long: something is broken, not slow.
const ANSWER_LIMIT: Duration = Duration::from_secs(60);
/// What was refused as `busy` is sent again, as a tablet would.
const RETRY_AFTER: Duration = Duration::from_millis(200);
/// An act that is refused to come back later for so long will not be taken at all.
const PATIENCE: Duration = Duration::from_secs(120);
/// What a vote is told while its ballot is on hold: with [`Plan::patient`] the chair is known to resume it.
const ON_HOLD: &str = "ballot_not_open";

/// When each voter begins, and what it sends, one after the other: the next once it has the receipt of the one before.
pub struct Plan {
    begins: Vec<(Duration, usize)>,
    acts: HashMap<usize, VecDeque<Ready>>,
    /// Each act has a beginning of its own, whether the one before has its receipt or not.
    paced: bool,
    /// A ballot on hold is waited for.
    patient: bool,
}

impl Plan {
    /// One act each, spread evenly over `within` (at the same instant where it is zero).
    pub fn once(acts: Vec<(usize, Ready)>, within: Duration) -> Self {
        let count = u32::try_from(acts.len()).unwrap_or(u32::MAX).max(1);
        Self::timed(acts, |n| within * n / count)
    }

    /// At a steady rate; a voter may have several.
    pub fn paced(acts: Vec<(usize, Ready)>, per_second: u32) -> Self {
        Self::timed(acts, |n| Duration::from_secs(1) * n / per_second.max(1))
    }

    /// Waits for a ballot that was put on hold.
    pub fn patient(self) -> Self {
        Self { patient: true, ..self }
    }

    fn timed(acts: Vec<(usize, Ready)>, when: impl Fn(u32) -> Duration) -> Self {
        let begins = (0u32..).zip(&acts).map(|(n, (voter, _))| (when(n), *voter)).collect();
        let mut plan = Self { begins, acts: HashMap::new(), paced: true, patient: false };
        for (voter, act) in acts {
            plan.acts.entry(voter).or_default().push_back(act);
        }
        plan
    }

    /// Everybody at once, each their acts in a row.
    pub fn in_a_row(acts: Vec<(usize, VecDeque<Ready>)>) -> Self {
        let begins = acts.iter().map(|(voter, _)| (Duration::ZERO, *voter)).collect();
        Self { begins, acts: acts.into_iter().collect(), paced: false, patient: false }
    }
}

/// What came of it.
#[derive(Debug)]
pub struct Driven {
    /// From each send to its checked receipt.
    pub times: Times,
    /// From the first send to the last checked receipt.
    pub all_in: Duration,
    pub receipts: usize,
    /// Refusals to come back later; the acts were sent again.
    pub busy: usize,
    /// Commits the receipts came from: council and size of its record.
    pub commits: BTreeSet<(usize, u64)>,
    pub proved: Vec<(usize, Proved)>,
    /// When each of those came.
    pub came: Vec<Instant>,
}

/// # Errors
/// `Unanswered` when any act is refused for good, has a bad receipt, or none.
pub async fn drive(
    voters: &[Voter],
    answers: &mut mpsc::Receiver<Answer>,
    mut plan: Plan,
) -> Result<Driven, LoadError> {
    let sent: usize = plan.acts.values().map(VecDeque::len).sum();
    let mut driven = Driven {
        times: Times::new(),
        all_in: Duration::ZERO,
        receipts: 0,
        busy: 0,
        commits: BTreeSet::new(),
        proved: Vec::with_capacity(sent),
        came: Vec::with_capacity(sent),
    };
    let unanswered =
        |driven: &Driven, why: String| LoadError::Unanswered { missing: sent - driven.receipts, sent, why };
    let begun = Instant::now();
    // By the moment it is due; the number keeps those of one moment apart.
    let mut due: BTreeMap<(Instant, usize), (usize, Ready)> = BTreeMap::new();
    for (after, voter) in std::mem::take(&mut plan.begins) {
        if let Some(act) = plan.acts.get_mut(&voter).and_then(VecDeque::pop_front) {
            due.insert((begun + after, due.len()), (voter, act));
        }
    }
    let mut number = due.len();
    let mut under_way: HashMap<(usize, u64), (Instant, Ready)> = HashMap::new();
    while driven.receipts < sent {
        if let Some(first) = due.first_entry().filter(|first| first.key().0 <= Instant::now()) {
            let (voter, act) = first.remove();
            // A repeated act counts from its first sending.
            under_way.entry((voter, act.id)).or_insert_with(|| (Instant::now(), act.clone()));
            voters[voter].send(&act).await;
            continue;
        }
        let next = due.first_key_value().map(|((at, _), _)| *at);
        let answer = tokio::select! {
            biased;
            () = sleep_until(next.unwrap_or(begun).into()), if next.is_some() => continue,
            answer = timeout_at((Instant::now() + ANSWER_LIMIT).into(), answers.recv()) => answer,
        };
        let Ok(Some(answer)) = answer else {
            return Err(unanswered(&driven, format!("none for {} s", ANSWER_LIMIT.as_secs())));
        };
        let key = (answer.voter, answer.id);
        match answer.outcome {
            Outcome::Proved(proved) => {
                // The answer to an act of before that was sent twice is no news.
                let Some((since, _)) = under_way.remove(&key) else { continue };
                driven.times.record(answer.at.saturating_duration_since(since));
                driven.all_in = answer.at.saturating_duration_since(begun);
                driven.receipts += 1;
                let council = voters[answer.voter].council;
                driven.commits.insert((council, proved.commit));
                driven.proved.push((council, proved));
                driven.came.push(answer.at);
                let next = plan.acts.get_mut(&answer.voter).filter(|_| !plan.paced).and_then(VecDeque::pop_front);
                if let Some(act) = next {
                    number += 1;
                    due.insert((answer.at, number), (answer.voter, act));
                }
            }
            Outcome::Refused { retry, code } if retry || (plan.patient && code == ON_HOLD) => {
                if let Some((since, act)) = under_way.get(&key) {
                    if answer.at.saturating_duration_since(*since) > PATIENCE {
                        return Err(unanswered(&driven, format!("refused again and again: {code}")));
                    }
                    driven.busy += 1;
                    number += 1;
                    due.insert((answer.at + RETRY_AFTER, number), (answer.voter, act.clone()));
                }
            }
            Outcome::Refused { code, .. } => return Err(unanswered(&driven, format!("refused: {code}"))),
            Outcome::BadReceipt(why) | Outcome::Lost(why) => return Err(unanswered(&driven, why)),
        }
    }
    Ok(driven)
}
