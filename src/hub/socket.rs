//! One connection: challenge and join ([`super::joining`]), then whoever only watches goes to the one thread that shows every
//! change to all of them ([`super::fan`]). For people frames in ([`super::reader`]) and the newest frames out
//! ([`super::writer`]) go side by side in one task, so a peer that does not read cannot keep its own frames from being judged.

use super::Inbox;
use super::close::Close;
use super::fan::{Fan, Newcomer};
use super::joining::{Joined, Joining, say_goodbye};
use super::line::Line;
use super::mailbox::End;
use super::reader::{Reader, Seat};
use super::room::{Audience, Room};
use super::writer::{FIRST_PING_AFTER, PING_EVERY, SEND_WITHIN, Writer};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::split;
use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::time;

/// A page answers the challenge within one round trip and one signature; slow networks get the rest.
const JOIN_WITHIN: Duration = Duration::from_secs(10);

/// Where a connection leads.
pub struct Visit {
    pub room: Arc<Room>,
    pub inbox: Arc<dyn Inbox>,
    /// 32 fresh random bytes.
    pub challenge: [u8; 32],
    /// Turns to the reason when everybody has to go.
    pub leave: watch::Receiver<Option<Close>>,
    pub fan: Arc<Fan>,
}

/// Runs one connection to its end, or until another takes it over. `read` came together with the request.
pub async fn run(mut line: impl Line, read: Vec<u8>, visit: Visit) {
    let mut joining = Joining::new(&mut line, read, &visit.room, visit.inbox.as_ref());
    // On the heap: what the join needs is not kept for as long as the connection lives.
    let joined = time::timeout(JOIN_WITHIN, Box::pin(joining.join(visit.challenge))).await;
    let read = joining.input.into_rest();
    let joined = match joined.unwrap_or(Err(Close::NoJoin)) {
        Ok(joined) => joined,
        Err(close) => return Box::pin(say_goodbye(&mut line, End::Close(close))).await,
    };
    if joined.person.is_some() {
        return converse(line, read, visit, joined).await;
    }
    let fan = visit.fan.clone();
    let Some(place) = fan.place().await else { return converse(line, read, visit, joined).await };
    match line.into_plain() {
        Ok(plain) => {
            let Visit { room, inbox, leave, .. } = visit;
            let Joined { audience, guest, .. } = joined;
            // It fails only where the runtime is gone, and with it everything else.
            let Ok(stream) = plain.stream.into_std() else { return };
            let (slot, runtime) = (plain.slot, Handle::current());
            place.take(Newcomer { stream, slot, read, room, inbox, audience, leave, guest, runtime });
        }
        Err(line) => {
            drop(place);
            converse(line, read, visit, joined).await;
        }
    }
}

async fn converse(line: impl Line, read: Vec<u8>, visit: Visit, joined: Joined) {
    let Visit { room, inbox, leave, .. } = visit;
    let Joined { page, person, audience, mailbox, pulse, guest } = joined;
    // A person's delay is wanted soon.
    let first_ping = if person.is_some() { FIRST_PING_AFTER } else { PING_EVERY };
    let frames = room.frames(audience);
    let writer = Writer { mailbox: mailbox.clone(), frames, pulse: pulse.clone(), leave, first_ping };
    let seat = Seat { page, person, among_officers: audience == Audience::Officers };
    let reader = Reader::new(room, inbox, seat, mailbox.clone(), pulse);
    let (mut from, mut to) = split(line);
    let end = {
        let mut writing = std::pin::pin!(writer.run(&mut to));
        tokio::select! {
            biased;
            end = &mut writing => end,
            end = reader.run(&mut from, read) => {
                mailbox.end(end);
                if end == End::Gone {
                    end
                } else {
                    // The writer says what is still to be said; the send limit bounds the wait.
                    time::timeout(SEND_WITHIN, writing).await.unwrap_or(End::Close(Close::Slow))
                }
            }
        }
    };
    mailbox.shut();
    drop(guest);
    if let End::Close(close) = end {
        metrics::counter!("dienhong_disconnects_total", "reason" => close.reason()).increment(1);
    }
    // On the heap, and only now: every open connection would keep room for it.
    Box::pin(say_goodbye(&mut from.unsplit(to), end)).await;
}
