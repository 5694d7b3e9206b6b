//! One connection: challenge, join, then frames in ([`super::reader`]) and the newest frames out ([`super::writer`]). Reading and
//! writing run side by side, so a peer that does not read cannot keep its own frames from being judged.

use super::Inbox;
use super::admission;
use super::close::Close;
use super::frames::{encode, error};
use super::pulse::Pulse;
use super::reader::{Reader, SMALL_FRAME, Seat};
use super::room::{Audience, Guest, Personal, Room};
use super::writer::{OUTBOX, SEND_WITHIN, Writer, say_goodbye, send};
use crate::chamber::ids::{Millis, PersonId};
use crate::wire::frames::{ClientFrame, PROTOCOL, Page, ServerFrame};
use axum::extract::ws::{Message, WebSocket};
use base64::{Engine, engine::general_purpose::STANDARD};
use futures_util::StreamExt;
use futures_util::stream::{SplitSink, SplitStream};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio::time;

/// A page answers the challenge within one round trip and one signature; slow networks get the rest.
const JOIN_WITHIN: Duration = Duration::from_secs(10);

/// Runs one connection to its end. `challenge` is 32 fresh random bytes; `leave` turns to the reason when everybody has to go.
pub async fn run(
    socket: WebSocket,
    room: Arc<Room>,
    inbox: Arc<dyn Inbox>,
    challenge: [u8; 32],
    leave: watch::Receiver<Option<Close>>,
) {
    let (mut sink, mut stream) = socket.split();
    let joined = time::timeout(JOIN_WITHIN, join(&mut sink, &mut stream, &room, inbox.as_ref(), challenge)).await;
    let joined = match joined {
        Ok(Ok(joined)) => joined,
        Ok(Err(close)) => return say_goodbye(&mut sink, close).await,
        Err(_) => return say_goodbye(&mut sink, Close::NoJoin).await,
    };
    metrics::gauge!("dienhong_connections", "page" => page_label(joined.page)).increment(1.0);
    let (outbox, out) = mpsc::channel(OUTBOX);
    let audience = match (joined.page, joined.officer, joined.hall) {
        (Page::Chair | Page::Admin, true, _) => Audience::Officers,
        (Page::Delegate | Page::Chair | Page::Admin | Page::Wall, _, true) => Audience::Hall,
        (Page::Wall, ..) => Audience::Onlookers,
        _ => Audience::Spectators,
    };
    let pulse = joined.pulse;
    let writer =
        Writer { sink, out, frames: room.frames(audience), personal: joined.personal, pulse: pulse.clone(), leave };
    let writing = tokio::spawn(writer.run());
    let seat = Seat { page: joined.page, person: joined.person, among_officers: audience == Audience::Officers };
    let reader = Reader::new(room.clone(), inbox, seat, outbox, pulse);
    // Whichever side ends first ends the other: a closed outbox ends the writer, and a dead writer is noticed here.
    let mut writing = writing;
    tokio::select! {
        () = reader.run(stream) => {
            // The writer says what is still to be said and closes; the send limit bounds the wait.
            let _ = time::timeout(SEND_WITHIN, &mut writing).await;
            writing.abort();
        }
        _ = &mut writing => {}
    }
    drop(joined.guest);
    metrics::gauge!("dienhong_connections", "page" => page_label(joined.page)).decrement(1.0);
}

struct Joined {
    page: Page,
    person: Option<PersonId>,
    officer: bool,
    /// May see what happens behind closed doors.
    hall: bool,
    personal: Option<Personal>,
    pulse: Arc<Pulse>,
    guest: Guest,
}

async fn join(
    sink: &mut SplitSink<WebSocket, Message>,
    stream: &mut SplitStream<WebSocket>,
    room: &Arc<Room>,
    inbox: &dyn Inbox,
    challenge: [u8; 32],
) -> Result<Joined, Close> {
    let directory = room.directory();
    let challenge = STANDARD.encode(challenge);
    let hello = ServerFrame::Challenge {
        protocol: PROTOCOL,
        log: directory.origin.clone(),
        challenge: challenge.clone(),
        server_time: inbox.now(),
    };
    send(sink, encode(&hello)).await?;
    let text = loop {
        match stream.next().await {
            Some(Ok(Message::Text(text))) => break text,
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
            _ => return Err(Close::Protocol),
        }
    };
    let frame: ClientFrame = match serde_json::from_str(&text) {
        Ok(frame) if text.len() <= SMALL_FRAME => frame,
        _ => {
            send(sink, error(None, "bad_frame", "the first frame must be a join")).await?;
            return Err(Close::Protocol);
        }
    };
    let ClientFrame::Join { protocol, page, statement } = frame else {
        send(sink, error(None, "bad_frame", "the first frame must be a join")).await?;
        return Err(Close::Protocol);
    };
    if protocol != PROTOCOL {
        send(
            sink,
            error(None, "protocol_version", "this server speaks another version of the protocol; reload the page"),
        )
        .await?;
        return Err(Close::Protocol);
    }
    let pulse = Arc::new(Pulse::new(Millis(inbox.now())));
    let joined = match (page, statement) {
        (Page::Wall | Page::Public, None) => {
            Joined { page, person: None, officer: false, hall: false, personal: None, pulse, guest: room.enter(page) }
        }
        (Page::Delegate | Page::Chair | Page::Admin | Page::Wall, Some(note)) => {
            match admission::login(&directory, &note, &challenge) {
                Ok(person) => {
                    let (guest, personal) = room.enter_person(&person, page, pulse.clone());
                    // Revoked between the look and the seat: from the seat on, the room itself closes it.
                    let directory = room.directory();
                    if admission::login(&directory, &note, &challenge).is_err() {
                        return Err(Close::Revoked);
                    }
                    let (officer, hall) = (directory.is_officer(&person), directory.is_of_the_hall(&person));
                    Joined { page, person: Some(person), officer, hall, personal: Some(personal), pulse, guest }
                }
                Err(denial) => {
                    send(sink, error(None, denial.code(), "the login was not accepted")).await?;
                    return Err(Close::Revoked);
                }
            }
        }
        _ => {
            send(sink, error(None, "bad_login", "this page joins with a statement exactly when it acts for a person"))
                .await?;
            return Err(Close::Protocol);
        }
    };
    let person = joined.person.as_ref().map(PersonId::to_string);
    send(sink, encode(&ServerFrame::Joined { page, person })).await?;
    if let Some(person) = &joined.person {
        inbox.joined(person);
    }
    Ok(joined)
}

fn page_label(page: Page) -> &'static str {
    match page {
        Page::Delegate => "delegate",
        Page::Chair => "chair",
        Page::Admin => "admin",
        Page::Wall => "wall",
        Page::Public => "public",
    }
}
