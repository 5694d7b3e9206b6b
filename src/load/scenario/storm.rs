//! n clients lose their connections at the same instant and come back at once.

use super::super::frame::Heard;
use super::super::goals;
use super::super::hall::{Hall, Wanted};
use super::super::line::{Door, Doors, Ear, Mouth, join, socket_of};
use super::super::report::Report;
use super::super::stats::{Times, median, ms};
use super::super::usage::Spent;
use super::super::{Console, LoadError, Rounds, Under};
use super::{kib_each, report_cpu};
use crate::wire::frames::Page;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::task::JoinSet;
use tokio::time::timeout;

#[derive(Debug, Clone, Copy)]
pub struct Storm {
    pub clients: u32,
    pub rounds: Rounds,
}

/// Delegates who are present, so that there is a state to be told.
const DELEGATES: u32 = 30;
/// Who is not back by then is lost.
const BACK_LIMIT: Duration = Duration::from_secs(60);
/// Between two tries, as the client does (client::connection).
const PAUSE: Duration = Duration::from_millis(200);
/// The first crowd comes in so many at a time.
const AT_ONCE: usize = 128;
const SETTLE: Duration = Duration::from_secs(2);

type Held = (Ear, Arc<Mouth>);

/// # Errors
/// When the first crowd cannot come in.
pub async fn storm<C: Console>(under: &Under<'_, C>, options: Storm) -> Result<Report, LoadError> {
    let Storm { clients, rounds } = options;
    let asked = serde_json::json!({ "clients": clients, "nodes": under.nodes.count(), "rounds": rounds.counted, "warm_up": rounds.warm_up });
    let mut report = Report::begin("storm", under.nodes.store_kind(), asked);
    let wanted = Wanted { councils: 1, delegates: DELEGATES, ballots: 1, show_split: false, resumed: false };
    let mut hall = Hall::found(under, wanted).await?;
    hall.seat_everybody(under.nodes.doors()).await?;
    hall.open_ballots(0).await?;
    let council: Arc<str> = hall.councils.first().ok_or(LoadError::Broken("no council"))?.id.as_str().into();
    let doors = under.nodes.doors();
    let whole = Arc::new(state_of(doors.turn(0), &council).await?);

    let before = under.nodes.pss_kib();
    let gate = Arc::new(tokio::sync::Semaphore::new(AT_ONCE));
    let first = back(doors, &council, &whole, clients, &gate, &AtomicUsize::new(0).into()).await;
    if first.held.len() < clients as usize {
        return Err(LoadError::Broken("the first crowd did not all come in"));
    }
    let mut crowd = reading(first.held);
    tokio::time::sleep(SETTLE).await;
    let after = under.nodes.pss_kib();

    let (mut all_ms, mut p50s, mut p99s) = (vec![], vec![], vec![]);
    let (mut lost, mut retries, mut spent) = (0, 0, Spent::default());
    for round in 0..rounds.all() {
        let start = under.nodes.spent();
        let gate = Arc::new(tokio::sync::Semaphore::new(clients as usize));
        let tried = Arc::new(AtomicUsize::new(0));
        let begun = Instant::now();
        crowd.shutdown().await;
        let came = back(doors, &council, &whole, clients, &gate, &tried).await;
        let took = begun.elapsed();
        if round >= rounds.warm_up {
            spent = spent.plus(under.nodes.spent().since(start));
            lost += clients as usize - came.held.len();
            retries += tried.load(Ordering::Relaxed);
            all_ms.push(ms(took));
            p50s.extend(came.times.ms(50.0));
            p99s.extend(came.times.ms(99.0));
        }
        crowd = reading(came.held);
        tokio::time::sleep(SETTLE).await;
    }
    let large = clients as usize >= goals::CROWD;
    let note = "from the moment all connections are dropped until the last has every topic's state again";
    report.judge(("all_back_ms", "ms"), median(all_ms), goals::STORM_MS, large, note);
    report.add("back_p50_ms", "ms", median(p50s), "of one client, from its first try");
    report.add("back_p99_ms", "ms", median(p99s), "");
    report.judge(("lost", ""), Some(lost as f64), goals::NONE, true, "not back within 60 s");
    report.add("retries", "", Some(retries as f64), "connections that failed and were tried again");
    report_cpu(&mut report, under.nodes, spent, "in the counted rounds");
    report.judge(
        ("kib_per_idle_spectator", "KiB"),
        kib_each(before, after, clients as usize),
        goals::IDLE_KIB,
        large,
        "PSS",
    );
    Ok(report.end())
}

struct Back {
    held: Vec<Held>,
    times: Times,
}

/// Everybody comes at once, as far as `gate` lets them.
async fn back(
    doors: &Doors,
    council: &Arc<str>,
    whole: &Arc<BTreeSet<String>>,
    clients: u32,
    gate: &Arc<tokio::sync::Semaphore>,
    tried: &Arc<AtomicUsize>,
) -> Back {
    let mut coming = JoinSet::new();
    for number in 0..clients as usize {
        let (doors, council, whole) = (doors.clone(), council.clone(), whole.clone());
        let (gate, tried) = (gate.clone(), tried.clone());
        coming.spawn(async move {
            let _turn = gate.acquire_owned().await.ok()?;
            let begun = Instant::now();
            let coming = async {
                let mut pause = PAUSE;
                loop {
                    if let Ok(held) = come(doors.turn(number), &council, &whole).await {
                        return held;
                    }
                    tried.fetch_add(1, Ordering::Relaxed);
                    tokio::time::sleep(pause).await;
                    pause = (pause * 2).min(Duration::from_secs(5));
                }
            };
            let held = timeout(BACK_LIMIT, coming).await.ok()?;
            Some((held, begun.elapsed()))
        });
    }
    let mut back = Back { held: Vec::new(), times: Times::new() };
    while let Some(came) = coming.join_next().await {
        if let Ok(Some((held, took))) = came {
            back.times.record(took);
            back.held.push(held);
        }
    }
    back
}

/// Joins and waits for every topic's state.
async fn come(door: &Door, council: &str, whole: &BTreeSet<String>) -> Result<Held, LoadError> {
    let mut missing = whole.clone();
    let mut note = |frame: Heard<'_>| {
        if let Heard::View { topic, .. } = frame {
            missing.remove(topic);
        }
    };
    let (mut ear, mouth) = join(door, &socket_of(council), Page::Public, None, &mut note).await?;
    while !missing.is_empty() {
        ear.hear(&mouth, &mut |frame| {
            if let Heard::View { topic, .. } = frame {
                missing.remove(topic);
            }
        })
        .await?;
    }
    Ok((ear, mouth))
}

/// The topics a public page is told when it joins: all that comes before the server falls silent.
async fn state_of(door: &Door, council: &str) -> Result<BTreeSet<String>, LoadError> {
    const SILENCE: Duration = Duration::from_secs(1);
    let mut topics = BTreeSet::new();
    let mut note = |frame: Heard<'_>| {
        if let Heard::View { topic, .. } = frame {
            topics.insert(topic.to_owned());
        }
    };
    let (mut ear, mouth) = join(door, &socket_of(council), Page::Public, None, &mut note).await?;
    while let Ok(heard) = timeout(SILENCE, ear.hear(&mouth, &mut note)).await {
        heard?;
    }
    if topics.is_empty() { Err(LoadError::Broken("a public page is told nothing")) } else { Ok(topics) }
}

/// Keeps reading, as a page does.
fn reading(held: Vec<Held>) -> JoinSet<()> {
    let mut crowd = JoinSet::new();
    for (mut ear, mouth) in held {
        crowd.spawn(async move { while ear.hear(&mouth, &mut |_| {}).await.is_ok() {} });
    }
    crowd
}
