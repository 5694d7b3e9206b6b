//! A whole server in the test's own process: a council, its people, its port. It can be stopped and started again on the
//! same data, and [`Hall::close`] looks whether anything is left of it.

use crate::support::place::Place;
use dienhong::app::Server;
use dienhong::app::control::{self, Request, Response};
use dienhong::chamber::ids::CouncilId;
use dienhong::chamber::roll::{Office, Person};
use dienhong::client::{Client, DeviceKey, Endpoint, Identity, Options, roster_csv};
use dienhong::config;
use dienhong::node::{Council, Platform};
use dienhong::ports::Store;
use dienhong::sample;
use dienhong::wire::frames::Page;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// Longer than anything here takes on the slowest machine; reached only when something hangs.
pub const LIMIT: Duration = Duration::from_secs(60);
pub const COUNCIL: &str = "mau";
pub const ORIGIN: &str = "hall.example/mau";

pub struct Hall {
    /// Delegates `p1` … by seat (`p1` and `p2` may take the gavel), then the secretary, then the administrator.
    pub people: Vec<Person>,
    store: Place,
    folder: TempDir,
    listen: SocketAddr,
    running: Option<Running>,
}

struct Running {
    platform: Arc<Platform>,
    stop: watch::Sender<bool>,
    serving: JoinHandle<()>,
}

impl Hall {
    /// A server on that store with a founded council of `seats` delegates and their officers on the roll.
    pub async fn open(store: Place, preset: &str, seats: u32) -> Self {
        let mut hall = Self::unopened(store, seats);
        hall.start().await;
        hall.found(preset, seats).await;
        hall
    }

    /// As [`Hall::open`], over a store that the test opened there itself. Cannot be started again.
    pub async fn open_over(store: Place, preset: &str, seats: u32, opened: Arc<dyn Store>) -> Self {
        let mut hall = Self::unopened(store, seats);
        let server = Server::bind_over(&hall.place(), &hall.serving(), opened).await.expect("the server starts");
        hall.run(server);
        hall.found(preset, seats).await;
        hall
    }

    fn unopened(store: Place, seats: u32) -> Self {
        let folder = tempfile::tempdir().expect("a temporary directory");
        Self {
            people: sample::council(29, seats),
            store,
            folder,
            listen: SocketAddr::new(own_address(), 0),
            running: None,
        }
    }

    /// Starts the server, on the same port as before.
    pub async fn start(&mut self) {
        assert!(self.running.is_none(), "it runs already");
        let server = Server::bind(&self.place(), &self.serving()).await.expect("the server starts");
        self.run(server);
    }

    fn run(&mut self, server: Server) {
        self.listen = server.address();
        let platform = server.platform().clone();
        let (stop, stopping) = watch::channel(false);
        self.running = Some(Running { platform, stop, serving: tokio::spawn(server.run(stopping)) });
    }

    /// Stops the server in order, and looks whether anything is left of it.
    pub async fn stop(&mut self) {
        let running = self.running.take().expect("it runs");
        running.stop.send_replace(true);
        timeout(LIMIT, running.serving).await.expect("it stops in time").expect("nothing broke down");
        let platform = Arc::downgrade(&running.platform);
        drop(running.platform);
        timeout(LIMIT, gone(&platform)).await.expect("no task goes on");
        assert!(TcpStream::connect(self.listen).await.is_err(), "the port is closed");
        assert!(!self.place().control_socket().exists(), "the control socket is removed");
    }

    /// The end of the test: nothing is left over.
    pub async fn close(mut self) {
        if self.running.is_some() {
            self.stop().await;
        }
    }

    async fn found(&self, preset: &str, seats: u32) {
        let founding = Request::Found {
            id: COUNCIL.to_owned(),
            origin: ORIGIN.to_owned(),
            name: "Hội đồng nhân dân Mẫu".to_owned(),
            short_name: "HĐND Mẫu".to_owned(),
            preset: preset.to_owned(),
            seats,
            administrator: "Quản trị".to_owned(),
        };
        let founded = control::carry_out(self.platform(), founding).await;
        assert!(matches!(founded, Response::Founded { .. }), "{founded:?}");
        let roster =
            Request::ImportRoster { council: COUNCIL.to_owned(), csv: roster_csv(&self.people), dry_run: false };
        let imported = control::carry_out(self.platform(), roster).await;
        assert!(matches!(imported, Response::Roster { imported: true, .. }), "{imported:?}");
    }

    pub fn platform(&self) -> &Arc<Platform> {
        &self.running.as_ref().expect("it runs").platform
    }

    pub fn council(&self) -> Arc<Council> {
        self.platform().council(&council_id()).expect("the council")
    }

    pub fn base_url(&self) -> String {
        format!("http://{}", self.listen)
    }

    pub fn endpoint(&self) -> Endpoint {
        Endpoint::new(&self.base_url(), COUNCIL).expect("an address")
    }

    pub fn place(&self) -> config::Place {
        config::Place { data: self.folder.path().join("data"), store: Some(self.store.url()) }
    }

    pub fn store(&self) -> &Place {
        &self.store
    }

    /// For files of the test's own.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn serving(&self) -> config::Serving {
        serving(self.listen)
    }

    /// Further people on the roll.
    pub async fn add(&self, people: &[Person]) {
        let csv = roster_csv(people);
        let roster = Request::ImportRoster { council: COUNCIL.to_owned(), csv, dry_run: false };
        let imported = control::carry_out(self.platform(), roster).await;
        assert!(matches!(imported, Response::Roster { imported: true, .. }), "{imported:?}");
    }

    pub async fn code(&self, person: &str) -> String {
        let request = Request::Enrol { council: COUNCIL.to_owned(), person: person.to_owned(), minutes: 10 };
        match control::carry_out(self.platform(), request).await {
            Response::Code { code, .. } => code,
            other => panic!("no code for {person}: {other:?}"),
        }
    }

    /// A new device for that person.
    pub async fn enrol(&self, person: &str) -> Identity {
        enrol(&self.endpoint(), &self.code(person).await).await
    }

    /// A page on a new device of that person.
    pub async fn page(&self, person: &str, page: Page) -> Client {
        join(&self.endpoint(), page, &self.enrol(person).await).await
    }

    pub fn secretary(&self) -> &str {
        let secretary = self.people.iter().find(|person| person.has(Office::Secretary));
        secretary.expect("the sample has one").id.as_str()
    }
}

impl Drop for Hall {
    fn drop(&mut self) {
        if self.running.is_some() && !std::thread::panicking() {
            panic!("a hall must be closed, so that what it leaves over is seen");
        }
    }
}

pub async fn enrol(endpoint: &Endpoint, code: &str) -> Identity {
    let key = DeviceKey::generate().expect("a key");
    endpoint.enrol(code, key).await.expect("the code is good")
}

pub async fn join(endpoint: &Endpoint, page: Page, identity: &Identity) -> Client {
    Client::connect(endpoint, page, Some(identity), Options::default()).await.expect("the device is let in")
}

pub async fn watch_as(endpoint: &Endpoint, page: Page) -> Client {
    Client::connect(endpoint, page, None, Options::default()).await.expect("anybody may watch")
}

pub fn council_id() -> CouncilId {
    CouncilId::parse(COUNCIL).expect("an id")
}

pub fn serving(listen: SocketAddr) -> config::Serving {
    config::Serving {
        listen,
        tls_cert: None,
        tls_key: None,
        allow_origin: vec![],
        host: vec![],
        metrics_for_all: false,
        installing: config::Installing::default(),
    }
}

/// Where Linux gives the loopback 16 million addresses, each server has one of its own: a port that it leaves for a while
/// cannot become anybody's outgoing one.
pub fn own_address() -> IpAddr {
    static NEXT: AtomicU16 = AtomicU16::new(1);
    if !cfg!(target_os = "linux") {
        return Ipv4Addr::LOCALHOST.into();
    }
    let [high, low] = NEXT.fetch_add(1, Ordering::Relaxed).to_be_bytes();
    Ipv4Addr::new(127, 77, high, low).into()
}

async fn gone(platform: &Weak<Platform>) {
    while platform.strong_count() > 0 {
        tokio::task::yield_now().await;
    }
}

/// Writes the record to a file and lets the verifier check it: it must be whole. Returns its entries' lines.
pub async fn verified_export(place: &config::Place, file: &Path) -> Vec<String> {
    use dienhong::ledger::bundle::{BundleError, Part, read_bundle};
    let store = dienhong::app::open_store(place).await.expect("the store opens");
    let exported = dienhong::app::export::export(store.clone(), council_id(), file, |_, _| {}).await;
    let exported = exported.expect("the record is exported");
    store.close().await;
    let key = dienhong::ledger::note::VerifierKey::parse(&exported.vkey).expect("the record's key");
    let open = || std::fs::File::open(file).expect("the file is there");
    let report = dienhong::verify::verify(open(), Some(&key), |_| {}).expect("a bundle");
    assert!(report.is_whole(), "{:?}", report.findings);
    let mut lines = Vec::new();
    read_bundle(open(), |part| {
        if let Part::Entry(line) = part {
            lines.push(line.to_owned());
        }
        Ok::<(), BundleError>(())
    })
    .expect("a bundle");
    assert_eq!(report.entries, lines.len() as u64);
    lines
}
