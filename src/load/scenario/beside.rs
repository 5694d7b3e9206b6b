//! Sides by turns, several starts of each, in front of the same spectators: deliveries per CPU-second, times and memory, and what
//! they are of the floor's.

use super::super::LoadError;
use super::super::beside::{Place, Shape, Shown, Side, one_start};
use super::super::goals;
use super::super::report::Report;
use super::super::stats::{median, ratio};

/// What to measure.
#[derive(Debug, Clone)]
pub struct Beside {
    pub sides: Vec<Side>,
    pub shape: Shape,
    pub starts: u32,
}

/// # Errors
/// When one of the sides does not start, or loses a spectator.
pub async fn beside(place: &Place, options: Beside) -> Result<Report, LoadError> {
    let Beside { sides, shape, starts } = options;
    let names: Vec<&str> = sides.iter().map(|side| side.name()).collect();
    let asked = serde_json::json!({
        "sides": names, "spectators": shape.spectators, "stuck": shape.stuck, "rate": shape.rate,
        "seconds": shape.seconds, "bytes": shape.bytes, "starts": starts,
    });
    let mut report = Report::begin("beside", "none", asked);
    let mut measured: Vec<(Side, Vec<Shown>)> = Vec::new();
    for side in &sides {
        match side.missing() {
            Some(why) => report.add(format!("{}_measured", side.name()), "", None, why),
            None => measured.push((*side, Vec::new())),
        }
    }
    for _ in 0..starts {
        for (side, shown) in &mut measured {
            shown.push(one_start(*side, place, shape).await?);
        }
    }
    let floor = measured.iter().find(|(side, _)| *side == Side::Floor).map(|(_, shown)| shown.clone());
    for (side, shown) in &measured {
        tell(&mut report, *side, shown, floor.as_deref().filter(|_| *side != Side::Floor), shape);
    }
    Ok(report.end_alone())
}

fn of(shown: &[Shown], figure: impl Fn(&Shown) -> Option<f64>) -> Option<f64> {
    median(shown.iter().filter_map(figure))
}

fn tell(report: &mut Report, side: Side, shown: &[Shown], floor: Option<&[Shown]>, shape: Shape) {
    let name = |figure: &str| format!("{}_{figure}", side.name());
    let ours = side == Side::Hub;
    let half_stuck = shape.spectators as usize >= goals::STUCK_CROWD && shape.stuck * 2 >= shape.spectators;
    let (per_cpu, p99) = (of(shown, |one| one.per_cpu_second), of(shown, |one| one.p99_ms));
    report.add(name("deliveries_per_cpu_second"), "1/s", per_cpu, "");
    report.add(name("p50_ms"), "ms", of(shown, |one| one.p50_ms), "from the moment it was told to an arrival");
    if ours && half_stuck {
        report.judge((name("p99_ms"), "ms"), p99, goals::HEALTHY_P99_MS, true, "of the healthy");
    } else if ours && shape.spectators as usize >= goals::CROWD {
        report.judge((name("p99_ms"), "ms"), p99, goals::FAN_OUT_P99_MS, true, "");
    } else {
        report.add(name("p99_ms"), "ms", p99, "");
    }
    report.add(name("first_to_each_p99_ms"), "ms", of(shown, |one| one.spread_p99_ms), "");
    report.add(name("shown_share"), "", of(shown, |one| one.share), "the rest was skipped for newer states");
    report.add(name("delay_growth_ms_per_second"), "ms/s", of(shown, |one| one.growth), "");
    let idle = of(shown, |one| one.kib_idle);
    if ours {
        let large = shape.spectators as usize >= goals::CROWD;
        report.judge((name("kib_per_idle_connection"), "KiB"), idle, goals::IDLE_KIB, large, "PSS");
    } else {
        report.add(name("kib_per_idle_connection"), "KiB", idle, "PSS");
    }
    if shape.stuck > 0 {
        let held = of(shown, |one| one.held_bytes).map(|bytes| bytes / 1e6);
        let note = if held.is_some() { "skmem of `ss`" } else { "`ss` (iproute2) tells nothing here" };
        report.judge((name("kernel_mb_per_stuck"), "MB"), held, goals::STUCK_KERNEL_MB, ours && half_stuck, note);
    }
    let Some(floor) = floor else { return };
    let over = |ours: Option<f64>, floors: Option<f64>| ratio(ours?, floors?);
    let (floor_per_cpu, floor_p99) = (of(floor, |one| one.per_cpu_second), of(floor, |one| one.p99_ms));
    let (deliveries, tail) = (over(per_cpu, floor_per_cpu), over(p99, floor_p99));
    if ours {
        let many = |crowd: usize| shape.stuck == 0 && shape.spectators as usize >= crowd;
        let fast = f64::from(shape.rate) >= goals::CROWD_RATE;
        let enough = many(goals::FLOOR_CROWD);
        report.judge((name("deliveries_over_floor"), ""), deliveries, goals::OVER_FLOOR, enough, "");
        let enough = fast && many(goals::FLOOR_TAIL_CROWD);
        report.judge((name("p99_over_floor"), ""), tail, goals::FLOOR_P99, enough, "");
    } else {
        report.add(name("deliveries_over_floor"), "", deliveries, "");
        report.add(name("p99_over_floor"), "", tail, "");
    }
    let floor_idle = of(floor, |one| one.kib_idle);
    report.add(
        name("kib_over_floor"),
        "KiB",
        idle.zip(floor_idle).map(|(ours, floors)| ours - floors),
        "the difference",
    );
}
