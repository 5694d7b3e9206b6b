//! The real program, as a user starts it and as a power failure ends it.

use crate::hall::{COUNCIL, LIMIT, ORIGIN, own_address};
use dienhong::app::control::{self, Request, Response};
use dienhong::client::{Endpoint, Identity};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{ExitStatus, Output, Stdio};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;

/// `dienhong` with these arguments on that data folder and store, run to its end.
pub async fn dienhong(data: &Path, store: Option<&str>, arguments: &[&str]) -> Output {
    let mut command = program(data, store);
    command.args(arguments).stdin(Stdio::null()).kill_on_drop(true);
    timeout(LIMIT, command.output()).await.expect("it ends").expect("it runs")
}

fn program(data: &Path, store: Option<&str>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dienhong"));
    // What the tests' own environment says is none of its business.
    for name in ["DIENHONG_STORE", "DIENHONG_LISTEN", "DIENHONG_LOG", "DIENHONG_ALLOW_ORIGIN"] {
        command.env_remove(name);
    }
    command.env("DIENHONG_DATA", data);
    if let Some(store) = store {
        command.env("DIENHONG_STORE", store);
    }
    command
}

pub fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// `init` with the sample council's name; the store and folder may be fresh.
pub async fn init(data: &Path, store: Option<&str>, seats: u32) -> Output {
    let seats = seats.to_string();
    let arguments = ["init", "--id", COUNCIL, "--origin", ORIGIN, "--name", "Hội đồng nhân dân Mẫu", "--seats", &seats];
    dienhong(data, store, &[&arguments[..], &["--administrator", "Quản trị"]].concat()).await
}

/// A running `dienhong serve`.
pub struct Process {
    child: Child,
    data: std::path::PathBuf,
    store: Option<String>,
    /// Of its environment, beside those.
    settings: Vec<(String, String)>,
    listen: SocketAddr,
}

impl Process {
    pub async fn serve(data: &Path, store: Option<&str>) -> Self {
        Self::serve_with(data, store, Vec::new()).await
    }

    /// The same with further variables in its environment.
    pub async fn serve_with(data: &Path, store: Option<&str>, settings: Vec<(String, String)>) -> Self {
        Self::serve_at(data, store, settings, SocketAddr::new(own_address(), 0)).await
    }

    async fn serve_at(data: &Path, store: Option<&str>, settings: Vec<(String, String)>, listen: SocketAddr) -> Self {
        let mut child = program(data, store)
            .envs(settings.iter().map(|(name, value)| (name, value)))
            .args(["serve", "--listen", &listen.to_string()])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("it starts");
        let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        let first = timeout(LIMIT, lines.next_line()).await.expect("it says where it listens").expect("text");
        let first = first.expect("it did not start");
        let address = first.rsplit("http://").next().and_then(|address| address.trim().parse().ok());
        let listen = address.unwrap_or_else(|| panic!("no address in {first:?}"));
        Self { child, data: data.to_owned(), store: store.map(str::to_owned), settings, listen }
    }

    pub fn endpoint(&self) -> Endpoint {
        Endpoint::new(&format!("http://{}", self.listen), COUNCIL).expect("an address")
    }

    pub fn id(&self) -> u32 {
        self.child.id().expect("it runs")
    }

    /// As a power failure would, but for the disk.
    pub async fn kill(&mut self) {
        self.child.kill().await.expect("it can be killed");
    }

    /// The same command again: same data, same port.
    pub async fn restart(&mut self) {
        let settings = std::mem::take(&mut self.settings);
        let again = Self::serve_at(&self.data, self.store.as_deref(), settings, self.listen).await;
        *self = again;
    }

    /// Asks it to stop, as whoever runs the service does, and waits until it has.
    pub async fn terminate(&mut self) -> ExitStatus {
        let sent = Command::new("kill").args(["-TERM", &self.id().to_string()]).status().await;
        assert!(sent.expect("kill is there").success());
        timeout(LIMIT, self.child.wait()).await.expect("it stops").expect("it can be waited for")
    }

    pub async fn control(&self, request: Request) -> Response {
        let socket = self.data.join("control.sock");
        control::call(&socket, &request).await.expect("it answers").expect("it listens")
    }

    /// A new device for that person.
    pub async fn enrol(&self, person: &str) -> Identity {
        let request = Request::Enrol { council: COUNCIL.to_owned(), person: person.to_owned(), minutes: 10 };
        match self.control(request).await {
            Response::Code { code, .. } => crate::hall::enrol(&self.endpoint(), &code).await,
            other => panic!("no code for {person}: {other:?}"),
        }
    }
}
