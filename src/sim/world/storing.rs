//! The way to the store and back. What is asked may not arrive, and what came of it may not be heard.

use super::super::desk::{Asked, Call, Reply};
use super::super::planted::Planted;
use super::{Event, World};
use crate::ports::{Append, AppendError, StoreError};

/// The longest that an answer of the store is late, as its own limits see to.
const LATE_MS: u32 = 4_000;

impl World {
    pub(super) fn store_latency(&mut self) -> u64 {
        1 + u64::from(self.store_rng.below(self.plan.store.latency))
    }

    pub(super) fn store_takes(&mut self, node: usize, life: u64, asked: Asked) {
        // A call that left a process goes on when the process is gone.
        let place = &self.places[node];
        if place.life == life && place.frozen_until > self.now && self.store_rng.chance(500) {
            // It stopped before the call had left, which it will do whatever has happened since.
            let at = place.frozen_until;
            return self.queue.put(at, Event::Asked { node, life, asked });
        }
        let Asked { call, job, what } = asked;
        let name = what.name();
        let is_away = self.away_until > self.now || place.no_store_until > self.now;
        let rates = self.plan.store;
        let draw = if self.healed { 1_000 } else { self.store_rng.below(1_000) };
        let late = rates.fails + rates.late;
        let mut wait = self.store_latency();
        let reply = if is_away || draw < rates.fails {
            Reply::Failed(StoreError::Unavailable)
        } else {
            if draw < late {
                wait += u64::from(self.store_rng.below(LATE_MS));
            }
            if draw < late && self.store_rng.chance(500) && wait > 500 && !matches!(what, Call::Renew { .. }) {
                // Late on its way there: it is carried out then, whoever leads by that time.
                let asked = Asked { call, job, what };
                return self.queue.put(self.now + wait, Event::Asked { node, life, asked });
            }
            self.store_does(node, what, draw.saturating_sub(late))
        };
        let said = match &reply {
            Reply::Failed(error) => error.code(),
            Reply::Written(Err(error)) => error.code(),
            _ => "ok",
        };
        self.trace.line(self.steps, self.now, format_args!("store n{node} {name} {said} {}", self.disk.size()));
        self.queue.put(self.now + wait, Event::Stored { node, life, job, call, reply });
    }

    fn store_does(&mut self, node: usize, what: Call, draw: u32) -> Reply {
        let now = self.now;
        match what {
            Call::Acquire { holder } => {
                let lease = self.disk.acquire(now, &holder);
                let held = self.oracle.granted(lease.epoch);
                self.check(held);
                Reply::Lease(Some(lease))
            }
            Call::TakeOver { holder } => {
                let lease = self.disk.take_over(now, &holder);
                if let Some(lease) = lease {
                    let held = self.oracle.granted(lease.epoch);
                    self.check(held);
                }
                Reply::Lease(lease)
            }
            Call::Renew { holder } => Reply::Renewed(self.disk.renew(now, &holder)),
            Call::Positions => Reply::Positions(vec![self.disk.position(now)]),
            Call::Head => Reply::Head(self.disk.head()),
            Call::Read { from_seq, limit } => Reply::Entries(self.disk.read(from_seq, limit)),
            Call::Checkpoints { from_size, limit } => Reply::Checkpoints(self.disk.checkpoints_from(from_size, limit)),
            Call::Append { epoch, batch } => Reply::Written(self.appends(node, epoch, &batch, draw)),
        }
    }

    fn appends(&mut self, node: usize, epoch: u64, batch: &Append, draw: u32) -> Result<(), AppendError> {
        let rates = self.plan.store;
        let is_unknown = draw < rates.unknown_written + rates.unknown_lost;
        if self.full_until > self.now {
            if self.planted == Some(Planted::TornBatch) {
                self.disk.tear(batch);
                let held = self.oracle.committed(epoch, batch.first_seq, &batch.lines[..1], None);
                self.check(held);
            }
            return Err(AppendError::Full);
        }
        if is_unknown && draw < rates.unknown_lost {
            return Err(AppendError::Unknown);
        }
        if self.planted == Some(Planted::LostCommit) && self.store_rng.chance(20) {
            return Ok(());
        }
        self.disk.append(self.now, epoch, batch)?;
        let held = self.oracle.committed(epoch, batch.first_seq, &batch.lines, Some(&batch.checkpoint.note));
        self.check(held);
        let (steps, now, first, size) = (self.steps, self.now, batch.first_seq, self.disk.size());
        self.grown.push((now, size));
        self.trace.line(steps, now, format_args!("record n{node} {first}..{size} {}", self.oracle.root()));
        if is_unknown { Err(AppendError::Unknown) } else { Ok(()) }
    }
}
