//! Thousands of sockets that never come to the point, against the real program: each is cut, others are served, and what they
//! held is given back.

use crate::hall::LIMIT;
use crate::line::{FINAL, TEXT, handshake, header, still_serves};
use crate::process::{Process, init};
use crate::tablet::address;
use dienhong::client::Endpoint;
use std::fs;
use std::time::Instant;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_thousand_slow_sockets_cost_little_and_end() {
    let (each, _) = hold(2_000).await;
    // Three times what is measured (docs/attacks.md): a machine may round memory up.
    assert!(each < 48 * 1024, "{each} bytes a socket");
}

/// Run by hand: `cargo test --release --test attacks -- --ignored --nocapture`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "five thousand sockets need a raised limit of open files and a machine of their own"]
async fn five_thousand_slow_sockets_cost_little_and_end() {
    let (each, seconds) = hold(5_000).await;
    println!("5000 slow sockets: {each} bytes each, the last cut after {seconds:.1} s");
}

/// How many bytes of memory each took at most, and after how many seconds the last was cut.
async fn hold(count: usize) -> (u64, f64) {
    rlimit::increase_nofile_limit(u64::MAX).expect("the limit of open files can be raised");
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    assert!(init(&data, None, 3).await.status.success());
    let process = Process::serve(&data, None).await;
    let endpoint = process.endpoint();
    still_serves(&endpoint).await;
    let before = resident_bytes(process.id());
    let begun = Instant::now();

    let mut slow = Vec::new();
    for n in 0..count {
        slow.push(begin(&endpoint, n).await);
    }
    still_serves(&endpoint).await;
    let held = resident_bytes(process.id()).saturating_sub(before);
    for stream in &mut slow {
        let mut rest = Vec::new();
        // An end or a reset: the server has let go.
        let _ = timeout(LIMIT, stream.read_to_end(&mut rest)).await.expect("it is cut");
    }
    let seconds = begun.elapsed().as_secs_f64();
    still_serves(&endpoint).await;
    (held / count as u64, seconds)
}

/// Half of something, in turn: of a request's header, of a body, of a handshake, of the first frame.
async fn begin(endpoint: &Endpoint, n: usize) -> TcpStream {
    let address = address(endpoint);
    let mut stream = TcpStream::connect(address).await.expect("the server listens");
    let half = match n % 4 {
        0 => format!("GET / HTTP/1.1\r\nHost: {address}\r\nX-Slow: {}", "a".repeat(1_000)).into_bytes(),
        1 => format!(
            "POST /c/mau/api/enrol HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nContent-Length: 9000\r\n\r\n{}",
            " ".repeat(8_000)
        )
        .into_bytes(),
        2 => handshake(endpoint).into_bytes(),
        _ => {
            let upgraded = format!("{}\r\n", handshake(endpoint)).into_bytes();
            [upgraded, header(FINAL | TEXT, 16_000), vec![b' '; 15_000]].concat()
        }
    };
    stream.write_all(&half).await.expect("it is taken");
    stream
}

/// What the process holds in memory.
fn resident_bytes(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).expect("the system tells");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("the line");
    let kilobytes: u64 = line.trim().trim_end_matches(" kB").parse().expect("a number");
    kilobytes * 1024
}
