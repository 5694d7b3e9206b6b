//! A private Redis server on a free port of the loopback, keeping nothing on disk. It ends with the test, however that ends.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::process::{Child, Command, Stdio};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

pub struct Redis {
    process: Child,
    port: u16,
}

impl Redis {
    pub async fn start() -> Self {
        // Another process may take a free port between our look and the server's: then the next one.
        for _ in 0..5 {
            let port = free_port();
            let mut redis = Self { process: spawn(port), port };
            if redis.is_up().await {
                return redis;
            }
        }
        panic!("Redis does not start");
    }

    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    pub fn kill(&mut self) {
        self.process.kill().expect("it can be killed");
        self.process.wait().expect("it is gone");
    }

    /// It answers nothing any more, but its lines stand.
    pub fn freeze(&self) {
        self.signal("STOP");
    }

    pub fn thaw(&self) {
        self.signal("CONT");
    }

    fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([&format!("-{name}"), &self.process.id().to_string()]).status();
        assert!(sent.expect("kill is there").success());
    }

    /// On the same port.
    pub async fn restart(&mut self) {
        self.process = spawn(self.port);
        assert!(self.is_up().await, "Redis does not start again");
    }

    /// Waits until it answers; false when it has ended instead.
    async fn is_up(&mut self) -> bool {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, self.port));
        loop {
            if let Ok(mut line) = TcpStream::connect(address).await {
                let mut answer = [0; 5];
                let asked = line.write_all(b"PING\r\n").await.is_ok();
                if asked && line.read_exact(&mut answer).await.is_ok() && &answer == b"+PONG" {
                    return true;
                }
            }
            if self.process.try_wait().expect("it can be asked").is_some() {
                return false;
            }
            tokio::task::yield_now().await;
        }
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        // It may be gone already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn spawn(port: u16) -> Child {
    let port = port.to_string();
    let arguments = ["--port", &port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", "/tmp"];
    let mut command = Command::new("redis-server");
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().unwrap_or_else(|error| {
        panic!("these tests need redis-server ({error}): install it (Debian: apt-get install redis-server; macOS: brew install redis)")
    })
}

fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    listener.local_addr().expect("its number").port()
}
