//! One page's socket, with as little around it as thousands in one process ask for: no state, no timers, one shared buffer a
//! thread.

use super::LoadError;
use super::frame::{self, BadFrame, Heard, Parser};
use crate::client::{ClientError, Identity};
use crate::wire::frames::{ClientFrame, PROTOCOL, Page, ServerFrame};
use std::cell::RefCell;
use std::future::poll_fn;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt, ReadBuf};
use tokio::net::TcpSocket;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::Mutex;
use tokio::time::timeout;

/// Connecting, upgrading and joining together; a storm's whole crowd stands in one queue meanwhile.
const OPEN_LIMIT: Duration = Duration::from_secs(30);
/// A vote's frame fits any send buffer: a longer wait means that the server does not read.
const SEND_LIMIT: Duration = Duration::from_secs(10);
/// Shared by all sockets of a thread; more than a read of pending frames brings.
const SCRATCH: usize = 64 * 1024;
/// The kernel makes of it the least it can.
const SMALLEST_BUFFER: u32 = 1;
const LONGEST_ANSWER: usize = 8 * 1024;
/// An address of the loopback has some 28,000 ports towards one server, and a port that was closed stays taken for a minute
/// (TIME_WAIT): a few storms of 10,000 would use one address up. Linux lets the whole of 127.0.0.0/8 be used without setting
/// anything up.
const SOURCES: u32 = 16;

thread_local! {
    static BUFFER: RefCell<Vec<u8>> = RefCell::new(vec![0; SCRATCH]);
}

/// Where the server under test is reached.
#[derive(Debug)]
pub struct Door {
    address: SocketAddr,
    next: AtomicU32,
    /// Instead of what the system gives.
    receive_buffer: Option<u32>,
}

impl Door {
    pub fn new(address: SocketAddr) -> Self {
        Self { address, next: AtomicU32::new(0), receive_buffer: None }
    }

    /// For clients that never read: their own end takes next to nothing, so that what they leave unread stays with the server.
    pub fn for_the_stuck(&self) -> Self {
        Self { receive_buffer: Some(SMALLEST_BUFFER), ..Self::new(self.address) }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    fn source(&self) -> SocketAddr {
        let n = self.next.fetch_add(1, Ordering::Relaxed) % SOURCES;
        SocketAddr::from((Ipv4Addr::new(127, 0, 0, 2 + n as u8), 0))
    }
}

/// The doors of all nodes of one hall.
#[derive(Debug, Clone)]
pub struct Doors(Arc<[Door]>);

impl Doors {
    /// There is at least one node.
    pub fn of(addresses: impl IntoIterator<Item = SocketAddr>) -> Self {
        Self(addresses.into_iter().map(Door::new).collect())
    }

    /// By turns.
    pub fn turn(&self, number: usize) -> &Door {
        &self.0[number % self.0.len()]
    }

    /// For who must not lose the connection when the first node is killed.
    pub fn last(&self) -> &Door {
        self.turn(self.0.len() - 1)
    }
}

/// The half that listens.
#[derive(Debug)]
pub struct Ear {
    read: OwnedReadHalf,
    parser: Parser,
    /// What came in one piece with the upgrade's answer.
    early: Vec<u8>,
}

/// The half that speaks; a lock keeps a vote and a pong apart.
#[derive(Debug)]
pub struct Mouth {
    write: Mutex<OwnedWriteHalf>,
}

/// Where a council's pages open their socket.
pub fn socket_of(council: &str) -> String {
    format!("/c/{council}/ws")
}

/// Opens a page at `path` and joins; views that come with it are `heard` already.
pub async fn join(
    door: &Door,
    path: &str,
    page: Page,
    identity: Option<&Identity>,
    heard: &mut (dyn FnMut(Heard<'_>) + Send),
) -> Result<(Ear, Arc<Mouth>), LoadError> {
    let joining = async {
        let (mut ear, mouth) = upgrade(door, path).await?;
        while !ear.join(&mouth, page, identity, heard).await? {}
        Ok((ear, mouth))
    };
    timeout(OPEN_LIMIT, joining).await.map_err(|_| LoadError::TooLong("joining"))?
}

/// Opens a WebSocket on which nobody has to join.
pub async fn open(door: &Door, path: &str) -> Result<(Ear, Arc<Mouth>), LoadError> {
    timeout(OPEN_LIMIT, upgrade(door, path)).await.map_err(|_| LoadError::TooLong("connecting"))?
}

async fn upgrade(door: &Door, path: &str) -> Result<(Ear, Arc<Mouth>), LoadError> {
    let socket = TcpSocket::new_v4()?;
    // Only Linux has all of 127.0.0.0/8; elsewhere the system chooses.
    if cfg!(target_os = "linux") && door.address.ip().is_loopback() {
        socket.bind(door.source())?;
    }
    if let Some(bytes) = door.receive_buffer {
        socket.set_recv_buffer_size(bytes)?;
    }
    let stream = socket.connect(door.address).await?;
    stream.set_nodelay(true)?;
    let (mut read, mut write) = stream.into_split();
    let url = door.url();
    let host = door.address;
    // The key guards against caches that answer for a server; any will do here.
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: {url}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    );
    write.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    // The first frame may come with it.
    let end = loop {
        if let Some(at) = answer.windows(4).position(|window| window == b"\r\n\r\n") {
            break at + 4;
        }
        if answer.len() > LONGEST_ANSWER || read.read_buf(&mut answer).await? == 0 {
            return Err(LoadError::NotUpgraded(String::from_utf8_lossy(&answer).lines().next().unwrap_or("").into()));
        }
    };
    if !answer.starts_with(b"HTTP/1.1 101") {
        return Err(LoadError::NotUpgraded(String::from_utf8_lossy(&answer).lines().next().unwrap_or("").into()));
    }
    let mouth = Arc::new(Mouth { write: Mutex::new(write) });
    Ok((Ear { read, parser: Parser::default(), early: answer.split_off(end) }, mouth))
}

impl Ear {
    /// Reads once. True when the server has let the page in.
    async fn join(
        &mut self,
        mouth: &Mouth,
        page: Page,
        identity: Option<&Identity>,
        heard: &mut (dyn FnMut(Heard<'_>) + Send),
    ) -> Result<bool, LoadError> {
        let mut frames = Vec::new();
        self.hear(mouth, &mut |frame| match frame {
            Heard::Text(text) => frames.push(serde_json::from_str::<ServerFrame>(text)),
            other => heard(other),
        })
        .await?;
        for frame in frames {
            match frame.map_err(|error| LoadError::Protocol(error.to_string()))? {
                ServerFrame::Challenge { challenge, .. } => {
                    let statement = identity.map(|identity| identity.login(&challenge)).transpose()?;
                    mouth.say(&ClientFrame::Join { protocol: PROTOCOL, page, statement }).await?;
                }
                ServerFrame::Joined { .. } => return Ok(true),
                ServerFrame::Error { code, .. } => return Err(ClientError::Refused { code, retry: false }.into()),
                _ => {}
            }
        }
        Ok(false)
    }

    /// Waits for something to read, reads it, and answers pings. An error once the connection is over.
    pub async fn hear(&mut self, mouth: &Mouth, heard: &mut (dyn FnMut(Heard<'_>) + Send)) -> Result<(), LoadError> {
        let mut pings = Vec::new();
        let mut closed = None;
        {
            let mut sort = |frame: Heard<'_>| match frame {
                Heard::Ping(payload) => pings.push(frame::pong(payload)),
                Heard::Close(code) => closed = Some(code),
                other => heard(other),
            };
            poll_fn(|context| self.poll_hear(context, &mut sort)).await?;
        }
        if let Some(code) = closed {
            return Err(ClientError::Closed { code, why: String::new() }.into());
        }
        for pong in pings {
            mouth.send(&pong).await?;
        }
        Ok(())
    }

    fn poll_hear(
        &mut self,
        context: &mut Context<'_>,
        heard: &mut dyn FnMut(Heard<'_>),
    ) -> Poll<Result<(), LoadError>> {
        if !self.early.is_empty() {
            let early = std::mem::take(&mut self.early);
            return Poll::Ready(self.parser.feed(&early, heard).map_err(Into::into));
        }
        BUFFER.with_borrow_mut(|scratch| {
            let mut buffer = ReadBuf::new(scratch);
            match Pin::new(&mut self.read).poll_read(context, &mut buffer) {
                Poll::Pending => Poll::Pending,
                Poll::Ready(Err(error)) => Poll::Ready(Err(error.into())),
                Poll::Ready(Ok(())) if buffer.filled().is_empty() => {
                    Poll::Ready(Err(io::Error::from(io::ErrorKind::UnexpectedEof).into()))
                }
                Poll::Ready(Ok(())) => Poll::Ready(self.parser.feed(buffer.filled(), heard).map_err(Into::into)),
            }
        })
    }

    /// The port this end has.
    pub fn port(&self) -> Option<u16> {
        self.read.local_addr().ok().map(|address| address.port())
    }
}

impl Mouth {
    pub async fn say(&self, frame: &ClientFrame) -> Result<(), LoadError> {
        let text = serde_json::to_string(frame).map_err(|error| LoadError::Protocol(error.to_string()))?;
        self.send(&frame::text(&text)).await
    }

    /// Sends a frame that is ready.
    pub async fn send(&self, frame: &[u8]) -> Result<(), LoadError> {
        let sending = async { self.write.lock().await.write_all(frame).await };
        Ok(timeout(SEND_LIMIT, sending).await.map_err(|_| LoadError::TooLong("sending"))??)
    }
}

impl From<BadFrame> for LoadError {
    fn from(error: BadFrame) -> Self {
        Self::Protocol(error.to_string())
    }
}
