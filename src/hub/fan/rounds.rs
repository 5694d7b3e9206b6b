//! The thread itself: waits for bytes and changes, and goes round.

use super::crowd::Crowd;
use super::watcher::{End, Leaving, Stream, Watcher};
use super::{Bell, Newcomer};
use crate::hub::line::Slot;
use crate::hub::room::Guest;
use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token};
use std::io::{self, ErrorKind};
use std::net::Shutdown;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::mpsc::{self, error::TryRecvError};

/// How late a limit of seconds may be noticed. A look at 10,000 sockets takes far below a millisecond.
const TICK: Duration = Duration::from_millis(250);
/// Bytes of one read. A text has at most as many, and they are copied away at once.
const SCRATCH: usize = 16 * 1024;
/// News of one wait; more come with the next.
const EVENTS: usize = 1024;

pub struct Rounds {
    poll: Poll,
    newcomers: mpsc::Receiver<Newcomer>,
    bell: Arc<Bell>,
    seats: Vec<Option<Seat>>,
    free: Vec<usize>,
    /// As many as rooms that are watched, twice.
    crowds: Vec<Option<Crowd>>,
    scratch: Box<[u8]>,
}

#[expect(
    clippy::large_enum_variant,
    reason = "nearly all watch: a box would be a second place to look at for each write"
)]
enum Seat {
    Watching(Watching),
    Leaving { leaving: Leaving<TcpStream>, _slot: Slot },
}

struct Watching {
    watcher: Watcher<TcpStream>,
    crowd: usize,
    /// Where it stands among the crowd's members.
    place: usize,
    guest: Guest,
    slot: Slot,
}

impl Stream for TcpStream {
    fn finish(&self) {
        // Fails only where nobody is there any more.
        let _ = self.shutdown(Shutdown::Write);
    }
}

impl Rounds {
    pub fn new(poll: Poll, newcomers: mpsc::Receiver<Newcomer>, bell: Arc<Bell>) -> Self {
        let scratch = vec![0; SCRATCH].into_boxed_slice();
        Self { poll, newcomers, bell, seats: Vec::new(), free: Vec::new(), crowds: Vec::new(), scratch }
    }

    pub fn run(mut self) {
        let mut events = Events::with_capacity(EVENTS);
        let mut tick_at = Instant::now();
        loop {
            let is_empty = self.free.len() == self.seats.len();
            // Without anybody to look after there is nothing to wake up for.
            let wait = (!is_empty).then(|| tick_at.saturating_duration_since(Instant::now()));
            match self.poll.poll(&mut events, wait) {
                Ok(()) => {}
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return tracing::error!(%error, "the spectators' thread cannot wait"),
            }
            let now = Instant::now();
            for event in &events {
                let Token(seat) = event.token();
                if event.token() != Bell::TOKEN {
                    self.stirred(seat, event.is_readable() || event.is_read_closed(), event.is_writable(), now);
                }
            }
            if self.let_in(now).is_err() {
                return;
            }
            self.show(now);
            if now >= tick_at {
                self.tick(now);
                tick_at = now + TICK;
            }
        }
    }

    /// An error when nobody can come any more.
    fn let_in(&mut self, now: Instant) -> Result<(), TryRecvError> {
        loop {
            match self.newcomers.try_recv() {
                Ok(newcomer) => {
                    if let Err(error) = self.seat(newcomer, now) {
                        tracing::debug!(%error, "a spectator was lost on the way");
                    }
                }
                Err(TryRecvError::Empty) => return Ok(()),
                Err(gone) => return Err(gone),
            }
        }
    }

    fn seat(&mut self, newcomer: Newcomer, now: Instant) -> io::Result<()> {
        let Newcomer { stream, slot, read, room, inbox, audience, leave, guest, runtime } = newcomer;
        let number = self.free.last().copied().unwrap_or(self.seats.len());
        let mut stream = TcpStream::from_std(stream);
        self.poll.registry().register(&mut stream, Token(number), Interest::READABLE | Interest::WRITABLE)?;
        let known = self.crowds.iter().position(|crowd| crowd.as_ref().is_some_and(|c| c.is_of(&room, audience)));
        let crowd = known.unwrap_or_else(|| {
            let gathered = Crowd::gather(room, audience, inbox, leave, self.bell.clone(), &runtime);
            insert(&mut self.crowds, gathered)
        });
        let Some(members) = self.crowds[crowd].as_mut().map(|crowd| &mut crowd.members) else { return Ok(()) };
        let place = members.len();
        members.push(number);
        let watcher = Watcher::new(stream, read, now);
        let seat = Seat::Watching(Watching { watcher, crowd, place, guest, slot });
        if self.free.pop().is_some() {
            self.seats[number] = Some(seat);
        } else {
            self.seats.push(Some(seat));
        }
        self.stirred(number, true, true, now);
        Ok(())
    }

    /// The system says that something can be done for that seat.
    fn stirred(&mut self, number: usize, readable: bool, writable: bool, now: Instant) {
        let done = match self.seats.get_mut(number).and_then(Option::as_mut) {
            // It ended since.
            None => return,
            Some(Seat::Leaving { leaving, .. }) => leaving.go(&mut self.scratch, now).then_some(None),
            Some(Seat::Watching(Watching { watcher, crowd, .. })) => {
                let Some(crowd) = &self.crowds[*crowd] else { return };
                let was_full = watcher.is_full();
                let read = if readable { watcher.read(&mut self.scratch, now, crowd.inbox.now()) } else { Ok(()) };
                // The system has said that there is room, or nothing was in the way.
                let may_write = writable || !was_full;
                read.and_then(|()| if may_write { watcher.write(&crowd.newest, now) } else { Ok(()) }).err().map(Some)
            }
        };
        match done {
            Some(Some(end)) => self.end(number, end, now),
            Some(None) => self.clear(number),
            None => {}
        }
    }

    /// Every change to everybody whom it concerns.
    fn show(&mut self, now: Instant) {
        let mut ended = Vec::new();
        for crowd in self.crowds.iter_mut().flatten() {
            match crowd.look() {
                Ok(false) => {}
                Err(close) => ended.extend(crowd.members.iter().map(|number| (*number, End::Close(close)))),
                Ok(true) => {
                    for number in &crowd.members {
                        let Some(Some(Seat::Watching(seat))) = self.seats.get_mut(*number) else { continue };
                        if seat.watcher.is_full() {
                            continue;
                        }
                        if let Err(end) = seat.watcher.write(&crowd.newest, now) {
                            ended.push((*number, end));
                        }
                    }
                }
            }
        }
        for (number, end) in ended {
            self.end(number, end, now);
        }
    }

    fn tick(&mut self, now: Instant) {
        for number in 0..self.seats.len() {
            match &mut self.seats[number] {
                None => {}
                Some(Seat::Leaving { .. }) => self.stirred(number, false, false, now),
                Some(Seat::Watching(seat)) => match seat.watcher.tick(now) {
                    Ok(false) => {}
                    Ok(true) => self.stirred(number, false, true, now),
                    Err(end) => self.end(number, end, now),
                },
            }
        }
    }

    fn end(&mut self, number: usize, end: End, now: Instant) {
        if !matches!(self.seats[number], Some(Seat::Watching(_))) {
            return self.clear(number);
        }
        let Some(Seat::Watching(seat)) = self.seats[number].take() else { return };
        if let End::Close(close) = end {
            metrics::counter!("dienhong_disconnects_total", "reason" => close.reason()).increment(1);
        }
        let Watching { watcher, crowd, place, guest, slot } = seat;
        drop(guest);
        self.withdraw(crowd, place);
        match watcher.leave(end, now) {
            Some(leaving) => {
                self.seats[number] = Some(Seat::Leaving { leaving, _slot: slot });
                self.stirred(number, true, true, now);
            }
            None => self.free.push(number),
        }
    }

    fn withdraw(&mut self, crowd: usize, place: usize) {
        let Some(members) = self.crowds[crowd].as_mut().map(|crowd| &mut crowd.members) else { return };
        members.swap_remove(place);
        if let Some(Some(Seat::Watching(moved))) = members.get(place).and_then(|number| self.seats.get_mut(*number)) {
            moved.place = place;
        }
        if members.is_empty() {
            self.crowds[crowd] = None;
        }
    }

    /// Closing the descriptor takes it off the system's list.
    fn clear(&mut self, number: usize) {
        if self.seats[number].take().is_some() {
            self.free.push(number);
        }
    }
}

/// In the first gap.
fn insert<T>(slots: &mut Vec<Option<T>>, value: T) -> usize {
    let gap = slots.iter().position(Option::is_none).unwrap_or(slots.len());
    match slots.get_mut(gap) {
        Some(slot) => *slot = Some(value),
        None => slots.push(Some(value)),
    }
    gap
}
