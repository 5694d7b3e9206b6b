//! One connection: challenge and join ([`super::joining`]), then whoever only watches goes to the one thread that shows every
//! change to all of them ([`super::fan`]). People have two tasks: frames in ([`super::reader`]) and the newest frames out
//! ([`super::writer`]), side by side, so a peer that does not read cannot keep its own frames from being judged.

use super::Inbox;
use super::close::Close;
use super::fan::{Fan, Newcomer};
use super::joining::{Joined, Joining, turn_away};
use super::line::Line;
use super::reader::{LARGE_FRAME, Reader, Seat};
use super::room::{Audience, Room};
use super::writer::{OUTBOX, SEND_WITHIN, Writer};
use futures_util::StreamExt;
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::{mpsc, watch};
use tokio::time;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};

/// A page answers the challenge within one round trip and one signature; slow networks get the rest.
const JOIN_WITHIN: Duration = Duration::from_secs(10);
/// tungstenite zero-fills its whole read buffer at every read; its default of 128 KiB a socket would cost ten times the memory
/// and half the speed. Votes and pings are far smaller than this.
const READ_BUFFER: usize = 2 * 1024;
/// Written out at once: frames are encoded and shared, so nothing is gained by holding them.
const WRITE_BUFFER: usize = 0;
/// The council's view with an agenda of 500 long titles stays below this; a peer that leaves more unread is cut.
const MAX_WRITE_BUFFER: usize = 2 * 1024 * 1024;

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
        Err(close) => return Box::pin(turn_away(&mut line, close)).await,
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
    let config = WebSocketConfig::default()
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(WRITE_BUFFER)
        .max_write_buffer_size(MAX_WRITE_BUFFER)
        .max_message_size(Some(LARGE_FRAME))
        .max_frame_size(Some(LARGE_FRAME));
    let socket = WebSocketStream::from_partially_read(line, read, Role::Server, Some(config)).await;
    let Visit { room, inbox, leave, .. } = visit;
    let Joined { page, person, audience, personal, pulse, guest } = joined;
    let (sink, stream) = socket.split();
    let (outbox, out) = mpsc::channel(OUTBOX);
    let writer = Writer { sink, out, frames: room.frames(audience), personal, pulse: pulse.clone(), leave };
    let mut writing = tokio::spawn(writer.run());
    let seat = Seat { page, person, among_officers: audience == Audience::Officers };
    let reader = Reader::new(room, inbox, seat, outbox, pulse);
    // Whichever side ends first ends the other: a closed outbox ends the writer, and a dead writer is noticed here.
    tokio::select! {
        () = reader.run(stream) => {
            // The writer says what is still to be said and closes; the send limit bounds the wait.
            let _ = time::timeout(SEND_WITHIN, &mut writing).await;
            writing.abort();
        }
        _ = &mut writing => {}
    }
    drop(guest);
}
