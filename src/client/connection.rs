//! The task that owns a client's socket: joins, reads views, sends acts as `pending` tells it to, and comes back after a lost
//! connection.

use super::clock::ServerClock;
use super::endpoint::Endpoint;
use super::error::ClientError;
use super::identity::Identity;
use super::latest::Inbox;
use super::pending::{Answer, FIRST_PAUSE, LONGEST_PAUSE, Pending, Request, frame_text, jittered};
use crate::wire::frames::{ClientFrame, PROTOCOL, Page, ServerFrame};
use futures_util::{SinkExt, StreamExt};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, timeout, timeout_at};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error as SocketError, Message, Utf8Bytes};
use tokio_tungstenite::{Connector, MaybeTlsStream, WebSocketStream, connect_async_tls_with_config};

/// TCP, TLS and the upgrade together.
const CONNECT_LIMIT: Duration = Duration::from_secs(10);
/// From the upgrade to `joined`: the server allows 10 s for the join, and answers at once.
const JOIN_LIMIT: Duration = Duration::from_secs(15);
/// The server takes frames at once or the connection is as good as lost.
const SEND_LIMIT: Duration = Duration::from_secs(5);
/// docs/protocol.md: a ping every 10 s; the server drops a peer silent for 25 s, and so do we.
const PING_EVERY: Duration = Duration::from_secs(10);
const SILENT_LIMIT: Duration = Duration::from_secs(25);
/// Close code 4003 asks for 5 s (docs/protocol.md).
const TOO_FAST_PAUSE: Duration = Duration::from_secs(5);
/// Acts handed over but not taken by the task yet.
pub(super) const MOST_WAITING: usize = 16;
/// A few connections' worth of buffers of 128 KiB would be most of a load test's memory.
const READ_BUFFER: usize = 2 * 1024;
const WRITE_BUFFER: usize = 2 * 1024;
/// Our frames have at most 64 KiB (the chair's); twice that can be under way.
const MOST_UNSENT: usize = 128 * 1024;
/// The server's frames have at most 64 KiB; room for a later one with larger rolls.
const LONGEST_FRAME: usize = 1 << 20;

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Where the connection stands.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Status {
    /// Not joined (any more), and why the last try failed.
    Connecting(Option<ClientError>),
    Joined,
    /// Never again: the handle must be thrown away.
    Ended(ClientError),
}

pub(super) struct Connection {
    pub endpoint: Endpoint,
    pub page: Page,
    pub identity: Option<Arc<Identity>>,
    pub requests: mpsc::Receiver<Request>,
    pub inbox: Inbox,
    pub status: watch::Sender<Status>,
    pub clock: Arc<ServerClock>,
    pub pending: Pending,
}

/// Why one connection ended.
enum End {
    /// The handle was dropped.
    Dropped,
    /// Worth another try, at the earliest after `pause`.
    Lost {
        why: ClientError,
        pause: Duration,
    },
    Final(ClientError),
}

impl Connection {
    /// Runs until the handle is dropped or the server says that this device is not welcome any more.
    pub async fn run(mut self) {
        let mut pause = FIRST_PAUSE;
        loop {
            let end = self.connect_once().await;
            match end {
                End::Dropped => return,
                End::Final(why) => {
                    self.pending.fail(&why);
                    self.status.send_replace(Status::Ended(why));
                    return;
                }
                End::Lost { why, pause: least } => {
                    let joined = *self.status.borrow() == Status::Joined;
                    self.status.send_replace(Status::Connecting(Some(why)));
                    pause = if joined { FIRST_PAUSE } else { (pause * 2).min(LONGEST_PAUSE) };
                    if !self.rest(jittered(pause).max(least)).await {
                        return;
                    }
                }
            }
        }
    }

    /// Waits, taking requests meanwhile. False when the handle was dropped.
    async fn rest(&mut self, pause: Duration) -> bool {
        let until = Instant::now() + pause;
        while self.pending.has_room() {
            match timeout_at(until, self.requests.recv()).await {
                Ok(Some(request)) => self.pending.add(request),
                Ok(None) => return false,
                Err(_) => return true,
            }
        }
        tokio::time::sleep_until(until).await;
        true
    }

    async fn connect_once(&mut self) -> End {
        let lost = |why| End::Lost { why, pause: Duration::ZERO };
        let mut socket = match timeout(CONNECT_LIMIT, open(&self.endpoint)).await {
            Ok(Ok(socket)) => socket,
            Ok(Err(why)) => return lost(why),
            Err(_) => return lost(ClientError::TimedOut),
        };
        let mut complaint = String::new();
        match timeout(JOIN_LIMIT, self.join(&mut socket, &mut complaint)).await {
            Ok(Ok(())) => {}
            Ok(Err(end)) => return end,
            Err(_) => return lost(ClientError::TimedOut),
        }
        self.status.send_replace(Status::Joined);
        self.pending.send_all_now();
        self.converse(&mut socket, &mut complaint).await
    }

    /// Challenge, join, joined (docs/protocol.md).
    async fn join(&mut self, socket: &mut Socket, complaint: &mut String) -> Result<(), End> {
        loop {
            match self.read(socket.next().await, complaint)? {
                Some(ServerFrame::Challenge { protocol, log, challenge, server_time }) => {
                    if protocol != PROTOCOL {
                        return Err(End::Final(ClientError::Protocol(format!("version {protocol}"))));
                    }
                    self.clock.coarse(server_time);
                    let statement = match &self.identity {
                        Some(identity) if identity.origin() != log => {
                            return Err(End::Final(ClientError::WrongCouncil));
                        }
                        Some(identity) => Some(identity.login(&challenge).map_err(End::Final)?),
                        None => None,
                    };
                    let join = ClientFrame::Join { protocol: PROTOCOL, page: self.page, statement };
                    send(socket, frame_text(&join).map_err(End::Final)?).await?;
                }
                Some(ServerFrame::Joined { .. }) => return Ok(()),
                Some(other) => self.answered(other, complaint),
                None => {}
            }
        }
    }

    async fn converse(&mut self, socket: &mut Socket, complaint: &mut String) -> End {
        let mut heard = Instant::now();
        // Not all at once after a storm of reconnections.
        let mut ping_at = heard + jittered(PING_EVERY);
        loop {
            let wake = self.pending.next_due().unwrap_or(ping_at).min(ping_at).min(heard + SILENT_LIMIT);
            tokio::select! {
                message = socket.next() => {
                    heard = Instant::now();
                    match self.read(message, complaint) {
                        Ok(Some(frame)) => self.answered(frame, complaint),
                        Ok(None) => {}
                        Err(end) => return end,
                    }
                }
                request = self.requests.recv(), if self.pending.has_room() => {
                    let Some(request) = request else {
                        let _ = timeout(SEND_LIMIT, socket.close(None)).await;
                        return End::Dropped;
                    };
                    self.pending.add(request);
                }
                () = tokio::time::sleep_until(wake) => {}
            }
            let now = Instant::now();
            if now >= heard + SILENT_LIMIT {
                return End::Lost { why: ClientError::TimedOut, pause: Duration::ZERO };
            }
            for frame in self.pending.take_due(now) {
                if let Err(end) = send(socket, frame).await {
                    return end;
                }
            }
            if now >= ping_at {
                ping_at = now + PING_EVERY;
                match frame_text(&ClientFrame::Ping { at: self.clock.own() }) {
                    Ok(ping) => {
                        if let Err(end) = send(socket, ping).await {
                            return end;
                        }
                    }
                    Err(why) => return End::Final(why),
                }
            }
        }
    }

    /// A message as a frame; views go to their channels at once.
    fn read(
        &mut self,
        message: Option<Result<Message, SocketError>>,
        complaint: &str,
    ) -> Result<Option<ServerFrame>, End> {
        let lost = |why| End::Lost { why, pause: Duration::ZERO };
        match message {
            Some(Ok(Message::Text(text))) => self.frame(&text).map_err(lost),
            Some(Ok(Message::Close(close))) => {
                let code = close.map_or(1005, |close| u16::from(close.code));
                let why = ClientError::Closed { code, why: complaint.to_owned() };
                Err(match code {
                    4000..=4002 | 4008 => End::Final(why),
                    4003 => End::Lost { why, pause: TOO_FAST_PAUSE },
                    _ => lost(why),
                })
            }
            Some(Ok(_)) => Ok(None),
            Some(Err(error)) => Err(lost(ClientError::Unreachable(error.to_string()))),
            None => Err(lost(ClientError::Unreachable("the connection ended".to_owned()))),
        }
    }

    fn frame(&mut self, text: &str) -> Result<Option<ServerFrame>, ClientError> {
        let broken = |error: serde_json::Error| ClientError::Protocol(format!("frame: {error}"));
        let head: Head = serde_json::from_str(text).map_err(broken)?;
        if head.kind != "view" {
            return serde_json::from_str(text).map(Some).map_err(broken);
        }
        if let (Some(topic), Some(size), Some(state)) = (head.topic, head.size, head.state) {
            self.inbox.take(&topic, size, state)?;
        }
        Ok(None)
    }

    fn answered(&mut self, frame: ServerFrame, complaint: &mut String) {
        match frame {
            ServerFrame::Receipt { id, receipt } => self.pending.settle(&id, Ok(Answer::Receipt(receipt))),
            ServerFrame::Done { id, reply } => self.pending.settle(&id, Ok(Answer::Done(reply))),
            ServerFrame::Refused { id, retry: true, .. } => self.pending.later(&id),
            ServerFrame::Refused { id, code, retry: false } => {
                self.pending.settle(&id, Err(ClientError::Refused { code, retry: false }));
            }
            ServerFrame::Error { id, code, .. } => {
                if let Some(id) = id {
                    self.pending.settle(&id, Err(ClientError::Refused { code: code.clone(), retry: false }));
                }
                *complaint = code;
            }
            ServerFrame::Pong { at, server_time } => self.clock.pong(at, server_time),
            ServerFrame::Found { .. }
            | ServerFrame::Challenge { .. }
            | ServerFrame::Joined { .. }
            | ServerFrame::View { .. } => {}
        }
    }
}

/// The parts of a frame that say what it is, the rest unread.
#[derive(Deserialize)]
struct Head<'a> {
    #[serde(rename = "type", borrow)]
    kind: Cow<'a, str>,
    #[serde(borrow, default)]
    topic: Option<Cow<'a, str>>,
    #[serde(default)]
    size: Option<u64>,
    #[serde(borrow, default)]
    state: Option<&'a RawValue>,
}

async fn open(endpoint: &Endpoint) -> Result<Socket, ClientError> {
    let failed = |error: SocketError| ClientError::Unreachable(error.to_string());
    let mut request = endpoint.socket_url().into_client_request().map_err(failed)?;
    if let Ok(origin) = HeaderValue::from_str(&endpoint.origin()) {
        request.headers_mut().insert("Origin", origin);
    }
    let config = WebSocketConfig::default()
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(WRITE_BUFFER)
        .max_write_buffer_size(MOST_UNSENT)
        .max_message_size(Some(LONGEST_FRAME))
        .max_frame_size(Some(LONGEST_FRAME));
    // Votes are single small frames: Nagle would hold them back.
    let tls = endpoint.tls().map(Connector::Rustls);
    let (socket, _) = connect_async_tls_with_config(request, Some(config), true, tls).await.map_err(failed)?;
    Ok(socket)
}

async fn send(socket: &mut Socket, frame: Utf8Bytes) -> Result<(), End> {
    let lost = |why| End::Lost { why, pause: Duration::ZERO };
    match timeout(SEND_LIMIT, socket.send(Message::Text(frame))).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(lost(ClientError::Unreachable(error.to_string()))),
        Err(_) => Err(lost(ClientError::TimedOut)),
    }
}
