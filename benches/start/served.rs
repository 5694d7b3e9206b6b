//! From the process's start to the first answer that shows the council's state.

use crate::record::COUNCIL;
use crate::usage;
use dienhong::config::Place;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

pub fn measure(place: &Place, what: &str) {
    let begun = Instant::now();
    let mut server = start(place);
    let address = listening(&mut server);
    let state = ask(&address);
    let took = begun.elapsed();
    let pid = server.id();
    let cpu = usage::cpu_seconds(pid);
    let pss = usage::pss_kib(pid) / 1024;
    println!(
        "{what}: first answer after {took:.2?}, {cpu:.2} s of CPU; memory {pss} MiB; {} bytes of state",
        state.len()
    );
    // What is done in the background once it serves: wait until it has nothing to do any more.
    let mut last = cpu;
    loop {
        #[allow(clippy::disallowed_methods)] // No council runs on this thread.
        std::thread::sleep(Duration::from_secs(2));
        let now = usage::cpu_seconds(pid);
        if now - last < 0.1 {
            break;
        }
        last = now;
    }
    let pss = usage::pss_kib(pid) / 1024;
    println!("{what}: {:.1} s of CPU in the background afterwards; memory {pss} MiB", last - cpu);
    let begun = Instant::now();
    let stopping = Command::new("kill").arg(pid.to_string()).status().expect("kill runs");
    assert!(stopping.success());
    assert!(server.wait().expect("it ends").success());
    let snapshot = std::fs::metadata(place.data.join("snapshots").join(format!("{COUNCIL}.snap")));
    let bytes = snapshot.map_or(0, |meta| meta.len());
    println!("{what}: stopped in {:.2?}; snapshot of {:.1} MB", begun.elapsed(), bytes as f64 / 1e6);
}

fn start(place: &Place) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dienhong"));
    command.arg("serve").arg("--data").arg(&place.data).args(["--listen", "127.0.0.1:0"]);
    if let Some(store) = &place.store {
        command.env("DIENHONG_STORE", store);
    }
    command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().expect("it starts")
}

fn listening(server: &mut Child) -> String {
    let mut lines = BufReader::new(server.stdout.take().expect("its output")).lines();
    let line = lines.next().expect("a line").expect("a line");
    line.split_once("http://").expect("an address").1.trim().to_owned()
}

fn ask(address: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("it listens");
    let request = format!("GET /c/{COUNCIL}/api/view/council HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    answer
}
