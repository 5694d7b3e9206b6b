//! A line to Postgres that can go dead: nothing comes through, and nobody is told.

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

pub struct Wire {
    /// Postgres behind this line.
    pub url: String,
    dead: watch::Sender<bool>,
}

impl Wire {
    /// Before the database at `url` (`postgres://user@host:port/database`).
    pub async fn before(url: &str) -> Self {
        let (start, rest) = url.split_once('@').expect("a user");
        let (server, database) = rest.split_once('/').expect("a database");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("{start}@{}/{database}", listener.local_addr().expect("its address"));
        let dead = watch::Sender::new(false);
        let (state, server) = (dead.clone(), server.to_owned());
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(relay(client, server.clone(), state.subscribe()));
            }
        });
        Self { url, dead }
    }

    pub fn cut(&self) {
        self.dead.send_replace(true);
    }

    /// New connections come through again; those that were cut are closed.
    pub fn mend(&self) {
        self.dead.send_replace(false);
    }
}

async fn relay(mut client: TcpStream, server: String, mut dead: watch::Receiver<bool>) {
    let alive = async {
        if let Ok(mut server) = TcpStream::connect(server).await {
            let _ = copy_bidirectional(&mut client, &mut server).await;
        }
    };
    let mut until_cut = dead.clone();
    tokio::select! {
        biased;
        cut = until_cut.wait_for(|dead| *dead) => drop(cut),
        () = alive => return,
    }
    // Held open without a word.
    let _ = dead.wait_for(|dead| !dead).await;
}
