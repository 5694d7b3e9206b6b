//! Programs that serve together: one database, one secret, a data folder each.

use crate::floor::Floor;
use crate::hall::{COUNCIL, LIMIT, ORIGIN, enrol, own_address};
use crate::plain_http::get_at;
use crate::support::place::Place;
use crate::support::redis::Redis;
use dienhong::app::control::{self, Request, Response};
use dienhong::client::{Endpoint, Identity, roster_csv};
use dienhong::config;
use dienhong::sample;
use std::fs;
use std::net::{IpAddr, SocketAddr};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::timeout;

pub const SEATS: u32 = 6;

/// What all nodes share.
pub struct Grounds {
    folder: TempDir,
    pub store: Place,
    pub redis: Redis,
}

/// Where a node finds the others, and is found.
pub struct Ways {
    pub store: String,
    pub redis: String,
    pub listen: SocketAddr,
    /// Where other nodes reach it; the address is no other node's.
    pub reached_at: SocketAddr,
}

/// A running `dienhong serve --redis …`.
pub struct Node {
    child: Child,
    data: PathBuf,
    listen: SocketAddr,
    /// Where other nodes reach it; no other node of any test has the same.
    inner: IpAddr,
    /// Read no further, but there: a program that cannot print breaks down.
    _output: Lines<BufReader<ChildStdout>>,
}

impl Grounds {
    /// `None` when Postgres is left out.
    pub async fn new() -> Option<Self> {
        let store = Place::postgres().await?;
        let folder = tempfile::tempdir().expect("a temporary directory");
        let secret: String = (0..32).map(|_| format!("{:02x}", rand_byte())).collect();
        fs::write(folder.path().join("instance.key"), format!("{secret}\n")).expect("a file");
        Some(Self { folder, store, redis: Redis::start().await })
    }

    /// Nodes with a council of [`SEATS`] delegates and its officers, founded on the first.
    pub async fn nodes(&self, count: usize) -> Vec<Node> {
        let mut nodes = vec![self.node("n0").await];
        nodes[0].found().await;
        for n in 1..count {
            nodes.push(self.node(&format!("n{n}")).await);
        }
        nodes
    }

    pub fn key_file(&self) -> PathBuf {
        self.folder.path().join("instance.key")
    }

    pub async fn node(&self, name: &str) -> Node {
        self.node_on(name, &self.store.url()).await
    }

    /// A node that reaches the database at another address.
    pub async fn node_on(&self, name: &str, store: &str) -> Node {
        let listen = SocketAddr::new(own_address(), 0);
        let ways = Ways { store: store.to_owned(), redis: self.redis.url(), listen, reached_at: listen };
        self.node_between(name, &ways).await
    }

    /// A node that reaches what it needs, and is reached by other nodes, by ways that can be cut.
    pub async fn node_between(&self, name: &str, ways: &Ways) -> Node {
        let data = self.folder.path().join(name);
        fs::create_dir_all(&data).expect("a folder");
        fs::copy(self.key_file(), data.join("instance.key")).expect("the secret");
        fs::set_permissions(data.join("instance.key"), fs::Permissions::from_mode(0o600)).expect("its mode");
        let mut child = Command::new(env!("CARGO_BIN_EXE_dienhong"))
            .args(["serve", "--listen", &SocketAddr::new(own_address(), 0).to_string()])
            .args(["--redis", &ways.redis, "--node-listen", &ways.listen.to_string()])
            .args(ways.reached_at.ne(&ways.listen).then(|| format!("--node-address={}", ways.reached_at)))
            .env_remove("DIENHONG_LISTEN")
            .env_remove("DIENHONG_ALLOW_ORIGIN")
            .env("DIENHONG_DATA", &data)
            .env("DIENHONG_STORE", &ways.store)
            .env("DIENHONG_METRICS_FOR_ALL", "true")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(stderr(name))
            .kill_on_drop(true)
            .spawn()
            .expect("it starts");
        let mut output = BufReader::new(child.stdout.take().expect("its output")).lines();
        let first = timeout(LIMIT, output.next_line()).await.expect("it says where it listens").expect("text");
        let first = first.expect("it did not start");
        let address = first.rsplit("http://").next().and_then(|address| address.trim().parse().ok());
        Node {
            child,
            data,
            listen: address.unwrap_or_else(|| panic!("no address in {first:?}")),
            inner: ways.reached_at.ip(),
            _output: output,
        }
    }

    /// Which node has the lease, as the database says; waits until one of them has.
    pub async fn leader(&self, nodes: &[&Node]) -> usize {
        let held = async {
            loop {
                let holders = self
                    .store
                    .look("SELECT holder FROM council_head WHERE lease_until > extract(epoch FROM clock_timestamp()) * 1000")
                    .await;
                let leads = |node: &&Node| holders.iter().any(|h| h.starts_with(&format!("{}:", node.inner)));
                if let Some(at) = nodes.iter().position(leads) {
                    return at;
                }
            }
        };
        timeout(LIMIT, held).await.expect("one of them leads")
    }

    pub async fn epoch(&self) -> u64 {
        self.store.look("SELECT epoch::text FROM council_head").await[0].parse().expect("a number")
    }

    /// The record, written out and verified: its lines.
    pub async fn record(&self) -> Vec<String> {
        let place = config::Place { data: self.folder.path().join("export"), store: Some(self.store.url()) };
        crate::hall::verified_export(&place, &self.folder.path().join("record.tar")).await
    }
}

impl Node {
    pub fn endpoint(&self) -> Endpoint {
        Endpoint::new(&format!("http://{}", self.listen), COUNCIL).expect("an address")
    }

    pub async fn found(&self) {
        let founding = Request::Found {
            id: COUNCIL.to_owned(),
            origin: ORIGIN.to_owned(),
            name: "Hội đồng nhân dân Mẫu".to_owned(),
            short_name: "HĐND Mẫu".to_owned(),
            preset: "province".to_owned(),
            seats: SEATS,
            administrator: "Quản trị".to_owned(),
        };
        let founded = self.control(founding).await;
        assert!(matches!(founded, Response::Founded { .. }), "{founded:?}");
        let csv = roster_csv(&sample::council(29, SEATS));
        let roster = Request::ImportRoster { council: COUNCIL.to_owned(), csv, dry_run: false };
        let imported = self.control(roster).await;
        assert!(matches!(imported, Response::Roster { imported: true, .. }), "{imported:?}");
    }

    pub async fn control(&self, request: Request) -> Response {
        control::call(&self.data.join("control.sock"), &request).await.expect("it answers").expect("it listens")
    }

    /// A new device for that person, enrolled here.
    pub async fn enrol(&self, person: &str) -> Identity {
        enrol(&self.endpoint(), &self.code(person).await).await
    }

    pub async fn code(&self, person: &str) -> String {
        let request = Request::Enrol { council: COUNCIL.to_owned(), person: person.to_owned(), minutes: 10 };
        match self.control(request).await {
            Response::Code { code, .. } => code,
            other => panic!("no code for {person}: {other:?}"),
        }
    }

    /// A sitting that has begun, all delegates there, the officers' pages on this node.
    pub async fn floor(&self) -> Floor {
        let people = sample::council(29, SEATS);
        let secretary = self.enrol(people[SEATS as usize].id.as_str()).await;
        let mut delegates = Vec::new();
        for person in &people[..SEATS as usize] {
            delegates.push(self.enrol(person.id.as_str()).await);
        }
        Floor::begin(self.endpoint(), &secretary, delegates, 1).await
    }

    pub async fn kill(&mut self) {
        self.child.kill().await.expect("it can be killed");
    }

    pub async fn signal(&self, name: &str) {
        let id = self.child.id().expect("it runs").to_string();
        let sent = Command::new("kill").args([&format!("-{name}"), &id]).status().await;
        assert!(sent.expect("kill is there").success());
    }

    /// Stops it where it is, and returns once every thread stands still: until one of them has taken the signal in, the others run on.
    pub async fn freeze(&self) {
        self.signal("STOP").await;
        let tasks = format!("/proc/{}/task", self.child.id().expect("it runs"));
        let stands_still = |task: fs::DirEntry| {
            let stat = fs::read_to_string(task.path().join("stat")).unwrap_or_default();
            // The state follows the program's name, which stands in brackets. A thread that has ended meanwhile has none.
            stat.rsplit_once(") ").is_none_or(|(_, rest)| rest.starts_with('T'))
        };
        let frozen = async {
            while !fs::read_dir(&tasks).expect("its threads").flatten().all(stands_still) {
                tokio::task::yield_now().await;
            }
        };
        timeout(LIMIT, frozen).await.expect("it stands still");
    }

    /// Asks it to stop, and waits until it has.
    pub async fn terminate(&mut self) -> ExitStatus {
        self.signal("TERM").await;
        timeout(LIMIT, self.child.wait()).await.expect("it stops").expect("it can be waited for")
    }

    /// The sum of a metric over its labels that contain `label`.
    pub async fn metric(&self, name: &str, label: &str) -> f64 {
        metric(&self.endpoint(), name, label).await
    }

    /// Waits until a metric is more than it was.
    pub async fn metric_above(&self, name: &str, label: &str, was: f64) {
        let above = async { while self.metric(name, label).await <= was {} };
        timeout(LIMIT, above).await.unwrap_or_else(|_| panic!("{name} {label} stays at {was}"));
    }
}

/// The sum of a metric over its labels that contain `label`.
pub async fn metric(endpoint: &Endpoint, name: &str, label: &str) -> f64 {
    let text = get_at(endpoint, "/metrics", "").await.text();
    let lines = text.lines().filter(|line| line.starts_with(name) && line.contains(label));
    lines.filter_map(|line| line.rsplit(' ').next()?.parse::<f64>().ok()).sum()
}

fn rand_byte() -> u8 {
    use std::hash::{BuildHasher, Hasher};
    std::collections::hash_map::RandomState::new().build_hasher().finish() as u8
}

/// Where the programs' logs go: to a folder, when a test is looked into.
fn stderr(name: &str) -> Stdio {
    match std::env::var_os("DIENHONG_TEST_LOGS") {
        Some(folder) => fs::File::create(PathBuf::from(folder).join(name)).map_or(Stdio::null(), Stdio::from),
        None => Stdio::null(),
    }
}
