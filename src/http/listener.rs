//! The server's door: accepts TCP, ends TLS where it is configured, serves HTTP/1.1 with upgrades, and closes in order.
//!
//! `axum::serve` sets no limits of time, so this drives hyper itself. It uses hyper's HTTP/1 connection and not
//! hyper-util's protocol-sniffing one, whose wait for the first bytes has no timeout.

use super::guarded::{Guarded, Slot};
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use metrics::counter;
use rustls::ServerConfig;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tower::Service;

/// Limits of the door. The defaults are the product's; tests shorten them.
#[derive(Debug, Clone)]
pub struct ListenerConfig {
    /// From a connection's start, or the end of the request before, to the end of the next request's header. A browser sends a
    /// header in one packet; 5 s forgives a bad Wi-Fi and frees what a slow loris holds.
    pub header_time: Duration,
    /// For the whole TLS handshake: two round trips and one signature, also in a storm of reconnecting tablets.
    pub handshake_time: Duration,
    /// How long a peer may take nothing of what is written to it. Its send window is at least some KiB: a peer that leaves that
    /// unread for so long is gone. Hub sockets have a shorter limit of their own.
    pub stall_time: Duration,
    /// Connections at once, sockets of pages included. 10,000 screens are what one process is measured with; a fifth more is
    /// room for plain requests beside them. More wait in the kernel's queue, where they cost no memory here; slow ones among
    /// the served are cut by the limits above, so the queue moves. There is no limit per address: a whole hall may stand
    /// behind one.
    pub connections: u32,
    /// How long a stop waits for running requests and sockets: what is asked of a restart during a sitting is 2 s.
    pub drain_time: Duration,
}

impl Default for ListenerConfig {
    fn default() -> Self {
        Self {
            header_time: Duration::from_secs(5),
            handshake_time: Duration::from_secs(10),
            stall_time: Duration::from_secs(30),
            connections: 12_000,
            drain_time: Duration::from_secs(2),
        }
    }
}

/// Who is at the other end; an extension of every request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer {
    pub address: SocketAddr,
    /// TLS ends in this server.
    pub tls: bool,
}

/// An address taken and listening; nothing is accepted yet.
#[derive(Debug)]
pub struct Bound {
    listener: TcpListener,
    address: SocketAddr,
    tls: Option<Arc<ServerConfig>>,
    config: ListenerConfig,
}

/// Why an address cannot be listened on.
#[derive(Debug, thiserror::Error)]
pub enum ListenError {
    #[error("port {} on {} is in use; stop the other program or choose another port", address.port(), address.ip())]
    InUse { address: SocketAddr },
    #[error("port {} may not be opened by this user; choose one above 1023", address.port())]
    Denied { address: SocketAddr },
    #[error("{} is not an address of this machine", address.ip())]
    NotOurs { address: SocketAddr },
    #[error("cannot listen on {address}: {source}")]
    Other { address: SocketAddr, source: io::Error },
}

/// How serving ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Drained {
    /// Connections still open when the time was up; they are cut.
    pub left: usize,
}

impl Bound {
    /// Takes the address; port 0 lets the system choose one.
    pub async fn bind(
        address: SocketAddr,
        config: ListenerConfig,
        tls: Option<Arc<ServerConfig>>,
    ) -> Result<Self, ListenError> {
        let bound = listen(address).and_then(|listener| Ok((listener.local_addr()?, listener)));
        let (address, listener) = bound.map_err(|source| match source.kind() {
            io::ErrorKind::AddrInUse => ListenError::InUse { address },
            io::ErrorKind::PermissionDenied => ListenError::Denied { address },
            io::ErrorKind::AddrNotAvailable => ListenError::NotOurs { address },
            _ => ListenError::Other { address, source },
        })?;
        Ok(Self { listener, address, tls, config })
    }

    /// With the port the system chose.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until `shutdown` says `true` or is dropped, then waits for what is running, at most `drain_time`. Dropping this
    /// future cuts all connections that were not upgraded.
    pub async fn serve(self, router: Router, mut shutdown: watch::Receiver<bool>) -> Drained {
        let Self { listener, tls, config, .. } = self;
        let slots = Arc::new(Semaphore::new(config.connections as usize));
        // `true`: draining; dropped: cut.
        let (phase, _) = watch::channel(false);
        let door = Door { router, http: http(&config), tls: tls.map(TlsAcceptor::from), config };
        let door = Arc::new(door);
        let stop = async {
            let _ = shutdown.wait_for(|stop| *stop).await;
        };
        tokio::pin!(stop);
        loop {
            let next = async {
                // The semaphore is never closed.
                let permit = Arc::clone(&slots).acquire_owned().await.ok()?;
                let (stream, address) = accept(&listener).await;
                Some((stream, address, Slot::new(permit)))
            };
            tokio::select! {
                biased;
                () = &mut stop => break,
                Some((stream, address, slot)) = next => {
                    tokio::spawn(Arc::clone(&door).serve(stream, address, slot, phase.subscribe()));
                }
            }
        }
        drop(listener);
        phase.send_replace(true);
        let all = door.config.connections;
        let _ = timeout(door.config.drain_time, slots.acquire_many(all)).await;
        Drained { left: (all as usize).saturating_sub(slots.available_permits()) }
    }
}

/// What every connection needs.
struct Door {
    router: Router,
    http: http1::Builder,
    tls: Option<TlsAcceptor>,
    config: ListenerConfig,
}

impl Door {
    async fn serve(self: Arc<Self>, stream: TcpStream, address: SocketAddr, slot: Slot, phase: watch::Receiver<bool>) {
        // Frames are small and wait for nobody. An error here means the peer is gone; the next read says so.
        let _ = stream.set_nodelay(true);
        hold_little(&stream);
        let stream = Guarded::new(stream, slot, self.config.stall_time);
        let peer = Peer { address, tls: self.tls.is_some() };
        let Some(acceptor) = &self.tls else {
            return self.speak(stream, peer, phase).await;
        };
        let mut cut = phase.clone();
        let handshake = timeout(self.config.handshake_time, acceptor.accept(stream));
        let result = tokio::select! {
            result = handshake => result,
            // Only an error ends the wait: the server is gone.
            Err(_) = cut.wait_for(|_| false) => return,
        };
        match result {
            Ok(Ok(stream)) => self.speak(stream, peer, phase).await,
            Ok(Err(error)) => {
                counter!("dienhong_tls_failures_total", "cause" => "handshake").increment(1);
                tracing::debug!(%address, %error, "TLS handshake failed");
            }
            Err(_) => {
                counter!("dienhong_tls_failures_total", "cause" => "slow").increment(1);
                tracing::debug!(%address, "TLS handshake took too long");
            }
        }
    }

    async fn speak<S>(&self, stream: S, peer: Peer, mut phase: watch::Receiver<bool>)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let service = service_fn(|request: Request<Incoming>| {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(peer);
            request.extensions_mut().insert(ConnectInfo(peer.address));
            // A router is always ready and its clone cheap.
            self.router.clone().call(request)
        });
        let connection = self.http.serve_connection(TokioIo::new(stream), service).with_upgrades();
        tokio::pin!(connection);
        phase.mark_changed();
        loop {
            tokio::select! {
                result = connection.as_mut() => {
                    if let Err(error) = result {
                        tracing::debug!(address = %peer.address, %error, "connection ended");
                    }
                    return;
                }
                changed = phase.changed() => match changed {
                    Ok(()) if *phase.borrow() => connection.as_mut().graceful_shutdown(),
                    Ok(()) => {}
                    Err(_) => return,
                }
            }
        }
    }
}

fn http(config: &ListenerConfig) -> http1::Builder {
    // Headers of ours and of browsers stay far below; the buffer is what one idle connection may hold.
    const BUFFER: usize = 16 * 1024;
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(config.header_time).max_buf_size(BUFFER);
    http
}

fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    // Linux's own upper bound by default: a hall's tablets come back all at once.
    const QUEUE: u32 = 4096;
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // A restarted server takes its port back while old connections still linger.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(QUEUE)
}

/// The next connection. Errors of one connection are skipped; without file descriptors it waits instead of spinning.
async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    // Long enough for connections to close, short enough not to be seen.
    const PAUSE: Duration = Duration::from_millis(100);
    loop {
        match listener.accept().await {
            Ok(accepted) => return accepted,
            Err(error) if is_the_peers(&error) => {}
            Err(error) => {
                counter!("dienhong_accept_errors_total").increment(1);
                tracing::error!(%error, "cannot accept connections; trying again (is the limit of open files too low?)");
                sleep(PAUSE).await;
            }
        }
    }
}

/// Of what a peer does not take, the system would otherwise keep some 4 MB: stale frames, paid for with memory.
fn hold_little(stream: &TcpStream) {
    #[cfg(target_os = "linux")]
    {
        // Several states of a hall; the next is made when there is room for it.
        const NOT_SENT: u32 = 16 * 1024;
        let _ = socket2::SockRef::from(stream).set_tcp_notsent_lowat(NOT_SENT);
    }
    #[cfg(not(target_os = "linux"))]
    let _ = stream;
}

fn is_the_peers(error: &io::Error) -> bool {
    use io::ErrorKind as K;
    matches!(error.kind(), K::ConnectionAborted | K::ConnectionReset | K::ConnectionRefused | K::Interrupted)
}
