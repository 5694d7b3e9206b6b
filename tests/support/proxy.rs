//! A TCP relay between a store and its Postgres that can cut the line around a commit.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// The simple query `COMMIT` as it goes over the line (Postgres manual, "Message Formats": Query).
const COMMIT: &[u8] = b"Q\0\0\0\x0bCOMMIT\0";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Cut {
    Nothing = 0,
    /// The commit never reaches the server.
    BeforeCommit = 1,
    /// The server commits, its answer is lost.
    AfterCommit = 2,
    /// The commit never reaches the server, and the client hears nothing until the server has given it up.
    FrozenBeforeCommit = 3,
}

pub struct Proxy {
    port: u16,
    cut: Arc<AtomicU8>,
}

impl Proxy {
    pub async fn to(server_port: u16) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let port = listener.local_addr().expect("its number").port();
        let cut = Arc::new(AtomicU8::new(Cut::Nothing as u8));
        let shared = cut.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let cut = shared.clone();
                tokio::spawn(async move {
                    if let Ok(server) = TcpStream::connect(("127.0.0.1", server_port)).await {
                        let _ = relay(client, server, &cut).await;
                    }
                });
            }
        });
        Self { port, cut }
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// From now on, until told otherwise.
    pub fn set(&self, cut: Cut) {
        self.cut.store(cut as u8, Ordering::SeqCst);
    }
}

/// Returning drops, and so closes, both connections.
async fn relay(mut client: TcpStream, mut server: TcpStream, cut: &AtomicU8) -> std::io::Result<()> {
    let (mut asked, mut answered) = ([0; 65_536], [0; 65_536]);
    loop {
        tokio::select! {
            read = client.read(&mut asked) => {
                let said = &asked[..read?];
                let cut = cut.load(Ordering::SeqCst);
                if said.is_empty() {
                    return Ok(());
                }
                let commits = said.windows(COMMIT.len()).any(|window| window == COMMIT);
                if commits && cut == Cut::BeforeCommit as u8 {
                    return Ok(());
                }
                if commits && cut == Cut::FrozenBeforeCommit as u8 {
                    while server.read(&mut answered).await? > 0 {}
                    return Ok(());
                }
                server.write_all(said).await?;
                if commits && cut == Cut::AfterCommit as u8 {
                    // The answer shows that it is done; then it is lost.
                    let _lost = server.read(&mut answered).await?;
                    return Ok(());
                }
            }
            read = server.read(&mut answered) => {
                let said = &answered[..read?];
                if said.is_empty() {
                    return Ok(());
                }
                client.write_all(said).await?;
            }
        }
    }
}
