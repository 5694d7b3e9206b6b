//! Requests as they go over the line.

use crate::hall::LIMIT;
use crate::tablet::address;
use dienhong::client::Endpoint;
use dienhong::wire::http::Problem;
use serde::de::DeserializeOwned;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8(self.body.clone()).expect("text")
    }

    pub fn json<T: DeserializeOwned>(&self) -> T {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// The problem's code; it must be one.
    pub fn problem(&self) -> String {
        assert!(self.head.to_ascii_lowercase().contains("content-type: application/problem+json"), "{}", self.head);
        let problem: Problem = self.json();
        assert_eq!(problem.status, self.status);
        problem.code
    }
}

/// GET of a path below the council's.
pub async fn get(endpoint: &Endpoint, path: &str) -> Answer {
    get_at(endpoint, &format!("/c/{}/{path}", endpoint.council()), "").await
}

/// GET of any path, with further header lines (each ending in CR LF).
pub async fn get_at(endpoint: &Endpoint, path: &str, headers: &str) -> Answer {
    let address = address(endpoint);
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{headers}\r\n");
    let exchange = async {
        let mut stream = TcpStream::connect(address).await.expect("the server listens");
        stream.write_all(request.as_bytes()).await.expect("it reads");
        let mut all = Vec::new();
        stream.read_to_end(&mut all).await.expect("it answers");
        all
    };
    let all = timeout(LIMIT, exchange).await.expect("it answers in time");
    let end = all.windows(4).position(|four| four == b"\r\n\r\n").expect("a head");
    let head = String::from_utf8(all[..end].to_vec()).expect("text");
    assert!(!head.to_ascii_lowercase().contains("transfer-encoding"), "answers are sent whole");
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
    Answer { status, head, body: all[end + 4..].to_vec() }
}
