//! A council's task while it writes the record: it decides, commits, answers, and tells the other nodes.

use super::append::append_of;
use super::closed_doors;
use super::cluster::Message;
use super::council::{AT_ONCE, Ended, Started, Task, tell_started};
use super::scrub::Turn;
use super::snapshot_check::Difference;
use super::surroundings::{Heard, Request};
use super::tenure::{Tenure, Term};
use super::waiting::{Commit, finished, stopped, until};
use crate::chamber::Chamber;
use crate::chamber::command::{Actor, Command};
use crate::chamber::ids::Millis;
use crate::hub::Answered;
use crate::ports::AppendError;
use crate::sequencer::{Answer, Batch, Sequencer, Submission, Ticket};
use std::time::{Duration, Instant};
use tokio::time;

/// A commit that takes longer has an unknown outcome; the stores' own limits are shorter, so this is reached only when a
/// driver hangs.
pub(crate) const COMMIT_WITHIN: Duration = Duration::from_secs(20);

impl Task {
    /// Writes the record, until told to stop, until the store fails, or until this node may not write any more.
    pub(super) async fn serve(
        &mut self,
        mut sequencer: Sequencer,
        term: Term,
        away_since: Option<Millis>,
        started: &mut Started,
    ) -> Ended {
        let mut tenure = Tenure::new(&self.world, term);
        self.world.clock.not_before(sequencer.newest());
        let mut beside = self.world.beside.clone();
        self.screens.rehearsal_beside(beside.borrow_and_update().as_ref());
        // Until the hold stands in the record, screens go on showing that nobody can vote.
        let held_since = self.hold_after_interruption(&mut sequencer, away_since);
        self.screens.show_everything(&sequencer, self.world.clock.now(), held_since);
        self.world.ready.send_replace(held_since.is_none());
        self.world.size.send_replace(sequencer.size());
        tell_started(started);
        self.scrub.start_over(self.snapshots.is_checking());
        let mut comings = self.world.room.comings_and_goings();
        let mut stop = self.world.stop.clone();
        let mut commit: Option<(Commit, Batch, Instant)> = None;
        let mut wrote = false;
        let mut codes_read = self.codes.subscribe();
        self.read_codes();
        loop {
            if commit.is_none()
                && let Some(batch) = sequencer.seal()
            {
                commit = Some((self.start_commit(term.epoch, &batch), batch, Instant::now()));
            }
            let stopping = *stop.borrow();
            if stopping && commit.is_none() {
                self.snapshots.last(&sequencer, self.world.room.had_closed_doors()).await;
                return Ended::Stopped;
            }
            let deadline = sequencer.next_deadline().map(|at| self.world.clock.instant(at));
            let screens_due = self.screens.next_due();
            let company_due = self.company_due();
            tokio::select! {
                biased;
                () = tenure.lost() => return self.deposed(sequencer, wrote),
                outcome = finished(&mut commit) => {
                    let Some((_, batch, begun)) = commit.take() else { continue };
                    metrics::histogram!("dienhong_commit_seconds").record(begun.elapsed().as_secs_f64());
                    match outcome {
                        Ok(()) => {
                            wrote = true;
                            tenure.proven_at(begun);
                            self.world.ready.send_replace(true);
                            self.committed(&mut sequencer, &batch);
                        }
                        Err(error) => {
                            let since = held_since.filter(|_| !wrote).unwrap_or(self.world.clock.now());
                            return self.store_failed(sequencer, error, since, wrote);
                        }
                    }
                }
                () = until(deadline), if !stopping => sequencer.due(self.world.clock.now(), || self.salts.next()),
                request = self.incoming.requests.recv(), if sequencer.wants_more() && !stopping => {
                    let Some(request) = request else { return Ended::Stopped };
                    self.take(&mut sequencer, request);
                    // What else is there already goes into the same batch.
                    for _ in 1..AT_ONCE {
                        if !sequencer.wants_more() {
                            break;
                        }
                        let Ok(request) = self.incoming.requests.try_recv() else { break };
                        self.take(&mut sequencer, request);
                    }
                }
                Some(question) = self.incoming.questions.recv() => question(&sequencer),
                Some(heard) = self.incoming.heard.recv() => match heard {
                    Heard::Said(from, message) => self.hear(&sequencer, from, message),
                    // Whoever leads has everything there is.
                    Heard::CatchUp(answered) => drop(answered.send(())),
                },
                Ok(()) = codes_read.changed() => {
                    let codes = codes_read.borrow_and_update().clone();
                    self.screens.set_codes(codes);
                }
                Ok(()) = beside.changed() => {
                    self.screens.rehearsal_beside(beside.borrow_and_update().as_ref());
                    self.screens.show_council(&sequencer, self.world.clock.now());
                }
                () = until(screens_due) => self.screens.catch_up(&sequencer, self.world.clock.now()),
                changed = comings.changed() => {
                    if changed.is_ok() {
                        self.people_came_or_went();
                    }
                }
                () = until(company_due) => self.tell_company(),
                () = self.snapshots.refuted() => return self.refuted(sequencer),
                turn = self.scrub.turn() => match turn {
                    Turn::Due => self.scrub.begin(&sequencer),
                    Turn::Found(difference) => return self.damaged(sequencer, difference).await,
                },
                () = stopped(&mut stop), if !stopping => {}
            }
        }
    }

    /// A ballot that was open, or a speech that ran, while nothing could be written is put on hold before anything else happens,
    /// with the time it had left or had taken when the record was last written: the chair resumes or ends it. Returns since
    /// when, if there is one. There is at most one: nobody speaks while votes are taken.
    fn hold_after_interruption(&mut self, sequencer: &mut Sequencer, away_since: Option<Millis>) -> Option<Millis> {
        let since = away_since.unwrap_or(sequencer.newest());
        let submission = Submission {
            by: Actor::System,
            command: interrupted(sequencer.durable(), since)?,
            statement: None,
            arguments: None,
        };
        // Nobody waits for this ticket: the hold shows on every screen when it is durable.
        let refused = sequencer.submit(Ticket(u64::MAX), self.world.clock.now(), self.salts.next(), submission);
        if let Some(Answer::Refused(refusal)) = refused {
            tracing::error!(council = %self.world.council, code = refusal.code(), "what was interrupted could not be held");
            return None;
        }
        Some(since)
    }

    fn take(&mut self, sequencer: &mut Sequencer, request: Request) {
        match request {
            Request::Act { submission, answered } => self.act(sequencer, *submission, answered),
            Request::Relayed { submission, relayed } => {
                self.act(sequencer, *submission, Box::new(move |answer| relayed(Some(answer))));
            }
            request => self.attend(sequencer, request),
        }
    }

    fn act(&mut self, sequencer: &mut Sequencer, submission: Submission, answered: Answered) {
        self.next += 1;
        let ticket = Ticket(self.next);
        match sequencer.submit(ticket, self.world.clock.now(), self.salts.next(), submission) {
            Some(answer) => self.deliver(answered, answer),
            None => {
                self.answered.insert(ticket, answered);
            }
        }
    }

    fn start_commit(&self, epoch: u64, batch: &Batch) -> Commit {
        let (store, council) = (self.world.store.clone(), self.world.council.clone());
        metrics::histogram!("dienhong_batch_entries").record(batch.lines.len() as f64);
        let append = append_of(batch);
        tokio::spawn(async move {
            match time::timeout(COMMIT_WITHIN, store.append(&council, epoch, append)).await {
                Ok(outcome) => outcome,
                Err(_) => Err(AppendError::Unknown),
            }
        })
    }

    fn committed(&mut self, sequencer: &mut Sequencer, batch: &Batch) {
        let answers = sequencer.committed(batch);
        self.world.heads.note(&self.world.council, sequencer);
        metrics::gauge!("dienhong_record_entries", "council" => self.world.council.to_string())
            .set(sequencer.size() as f64);
        self.screens.show_mine(sequencer, &batch.events);
        for (ticket, answer) in answers {
            self.answer(ticket, answer);
        }
        if batch.lines.iter().any(|line| closed_doors::speaks_of_them(line)) {
            self.world.room.close_doors();
        }
        self.screens.follow(sequencer, &batch.events, self.world.clock.now());
        self.snapshots.follow(sequencer, self.world.room.had_closed_doors());
        self.world.size.send_replace(sequencer.size());
        if let Some(cluster) = &self.world.cluster {
            cluster.tell(&Message::Batch {
                council: self.world.council.clone(),
                first_seq: batch.first_seq,
                lines: batch.lines.iter().map(|line| line.to_string()).collect(),
                checkpoint: batch.checkpoint.clone(),
            });
        }
    }

    /// What the council is served from and what the record says are not the same: what stood on it is given up.
    fn refuted(&mut self, sequencer: Sequencer) -> Ended {
        let since = self.world.clock.now();
        self.world.ready.send_replace(false);
        self.screens.show_store_away(&sequencer, self.world.clock.now(), since);
        Ended::StoreFailed { waiting: sequencer.abandon(), since, wrote: true }
    }

    /// The store gives something back otherwise than it took it: nothing more is written to it until all of it is read and whole.
    async fn damaged(&mut self, sequencer: Sequencer, difference: Difference) -> Ended {
        let (council, code) = (&self.world.council, difference.code());
        tracing::error!(%council, code, "the record in the store is damaged, and is not written any more: {difference}");
        self.world.alarm(true);
        self.snapshots.distrust().await;
        self.refuted(sequencer)
    }

    /// Another node writes by now, or may: this one goes on by following it. Those who wait are answered from what it finds.
    fn deposed(&mut self, sequencer: Sequencer, wrote: bool) -> Ended {
        tracing::warn!(council = %self.world.council, "this node does not lead the council any more");
        let since = self.world.clock.now();
        self.world.ready.send_replace(false);
        self.screens.show_store_away(&sequencer, self.world.clock.now(), since);
        Ended::StoreFailed { waiting: sequencer.abandon(), since, wrote }
    }

    fn store_failed(&mut self, sequencer: Sequencer, error: AppendError, since: Millis, wrote: bool) -> Ended {
        tracing::error!(council = %self.world.council, code = error.code(), "the record could not be written: {error}");
        metrics::counter!("dienhong_append_failures_total", "code" => error.code()).increment(1);
        self.world.ready.send_replace(false);
        self.screens.show_store_away(&sequencer, self.world.clock.now(), since);
        Ended::StoreFailed { waiting: sequencer.abandon(), since, wrote }
    }
}

/// What holds whatever ran against the clock at `since`.
pub(crate) fn interrupted(chamber: &Chamber, since: Millis) -> Option<Command> {
    if let Some(ballot) = chamber.open_ballot() {
        return Some(Command::HoldForStore { ballot: ballot.id.clone(), since });
    }
    let speech = chamber.speech().filter(|speech| speech.running_since.is_some())?;
    Some(Command::PauseForStore { speech: speech.id.clone(), since })
}
