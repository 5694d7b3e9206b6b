//! A TCP relay that does on command what networks do: delay, cut, go silent, trickle; and that can catch a commit on its way.

use crate::hall::own_address;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::sleep;

/// The simple query `COMMIT` as it goes over the line (Postgres manual, "Message Formats": Query).
const COMMIT: &[u8] = b"Q\0\0\0\x0bCOMMIT\0";
/// Of one read; a trickle passes less at a time.
const PIECE: usize = 64 * 1024;

/// What becomes of all connections from now on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    Through,
    /// Each piece waits so long, in both directions.
    Delay(Duration),
    /// So many bytes a second from the server to the client.
    Trickle(u32),
    /// Those that stand are closed, new ones as soon as they come.
    Cut,
    /// Those that stand say nothing any more and are not closed, as when a cable is pulled; new ones neither.
    Silent,
    /// The next commit goes silent together with its connection: before the server has it, or before its answer comes back.
    /// Then the line is [`Line::Cut`].
    CatchCommit {
        arrives: bool,
    },
}

pub struct Proxy {
    address: SocketAddr,
    targets: Arc<Mutex<Vec<SocketAddr>>>,
    line: Arc<watch::Sender<Line>>,
}

impl Proxy {
    /// Each connection goes to one of these that takes it, by turns.
    pub async fn to(targets: Vec<SocketAddr>) -> Self {
        let listener = TcpListener::bind((own_address(), 0)).await.expect("a free port");
        let address = listener.local_addr().expect("its address");
        let (targets, line) = (Arc::new(Mutex::new(targets)), Arc::new(watch::Sender::new(Line::Through)));
        let (to, state) = (targets.clone(), line.clone());
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let mut turn = to.lock().unwrap_or_else(PoisonError::into_inner);
                let next = turn.len().min(1);
                turn.rotate_left(next);
                tokio::spawn(serve(client, turn.clone(), state.clone()));
            }
        });
        Self { address, targets, line }
    }

    /// Before the database or the Redis at `url` (`scheme://[user@]host:port[/database]`), and its address by this way.
    pub async fn before(url: &str) -> (Self, String) {
        let start = url.find('@').or_else(|| url.find("//").map(|at| at + 1)).expect("an address") + 1;
        let end = url[start..].find('/').map_or(url.len(), |at| start + at);
        let proxy = Self::to(vec![url[start..end].parse().expect("an address and a port")]).await;
        let through = format!("{}{}{}", &url[..start], proxy.address, &url[end..]);
        (proxy, through)
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn set(&self, line: Line) {
        self.line.send_replace(line);
    }

    /// From now on to others.
    pub fn lead_to(&self, targets: Vec<SocketAddr>) {
        *self.targets.lock().unwrap_or_else(PoisonError::into_inner) = targets;
    }

    /// Catches the next commit on its way and waits until it has.
    pub async fn catch_commit(&self, arrives: bool) {
        self.set(Line::CatchCommit { arrives });
        self.line.subscribe().wait_for(|line| *line == Line::Cut).await.expect("this proxy stands");
    }
}

async fn serve(client: TcpStream, targets: Vec<SocketAddr>, line: Arc<watch::Sender<Line>>) {
    let now = *line.borrow();
    match now {
        Line::Cut => return,
        Line::Silent => return silence(&line).await,
        _ => {}
    }
    for target in targets {
        if let Ok(server) = TcpStream::connect(target).await {
            // A relay that gathers small pieces would be a delay of its own.
            let _ = (client.set_nodelay(true), server.set_nodelay(true));
            let _ = relay(client, server, &line).await;
            return;
        }
    }
}

/// Holds the connections that its caller owns until something else is wanted of the line.
async fn silence(line: &watch::Sender<Line>) {
    let _ = line.subscribe().wait_for(|line| *line != Line::Silent).await;
}

/// Returning drops, and so closes, both connections.
async fn relay(mut client: TcpStream, mut server: TcpStream, line: &watch::Sender<Line>) -> std::io::Result<()> {
    let (mut asked, mut answered) = (vec![0; PIECE], vec![0; PIECE]);
    let mut state = line.subscribe();
    loop {
        let now = *state.borrow_and_update();
        let most = match now {
            Line::Cut => return Ok(()),
            Line::Silent => {
                silence(line).await;
                return Ok(());
            }
            // Ten times a second.
            Line::Trickle(per_second) => (per_second as usize / 10).clamp(1, PIECE),
            _ => PIECE,
        };
        tokio::select! {
            changed = state.changed() => if changed.is_err() { return Ok(()) },
            read = client.read(&mut asked) => {
                let said = &asked[..read?];
                if said.is_empty() {
                    return Ok(());
                }
                if let Line::CatchCommit { arrives } = now && said.windows(COMMIT.len()).any(|window| window == COMMIT) {
                    if arrives {
                        server.write_all(said).await?;
                    }
                    // Whoever waits for it kills the server now; then this connection ends from that side.
                    line.send_replace(Line::Cut);
                    while server.read(&mut answered).await? > 0 {}
                    return Ok(());
                }
                if let Line::Delay(delay) = now {
                    sleep(delay).await;
                }
                server.write_all(said).await?;
            }
            read = server.read(&mut answered[..most]) => {
                let said = &answered[..read?];
                if said.is_empty() {
                    return Ok(());
                }
                match now {
                    Line::Delay(delay) => sleep(delay).await,
                    Line::Trickle(_) => sleep(Duration::from_millis(100)).await,
                    _ => {}
                }
                client.write_all(said).await?;
            }
        }
    }
}
