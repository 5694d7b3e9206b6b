//! A private Postgres server in a temporary directory, on a free port of the loopback, for the tests of one binary.
//!
//! A guard process holds the other end of a pipe to the tests: when they end, however they end, it stops the server and
//! removes the directory.

use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{LazyLock, Mutex, PoisonError};

/// The database's administrator, who needs no password on this server.
const USER: &str = "dienhong";

/// A fresh, empty database on the server all tests of this binary share, as a `postgres://` address. `None`, and a line that
/// says so, when DIENHONG_NO_POSTGRES=1 asks to leave Postgres out.
pub async fn fresh_database() -> Option<String> {
    if left_out() {
        return None;
    }
    Some(SHARED.fresh_database().await)
}

/// A server of the test's own, to be killed and started again.
pub fn own_server() -> Option<Server> {
    (!left_out()).then(Server::start)
}

static SHARED: LazyLock<Server> = LazyLock::new(Server::start);

fn left_out() -> bool {
    let left_out = std::env::var_os("DIENHONG_NO_POSTGRES").is_some_and(|value| value == "1");
    if left_out {
        eprintln!("skipped: DIENHONG_NO_POSTGRES=1 leaves the tests on Postgres out");
    }
    left_out
}

pub struct Server {
    programs: PathBuf,
    /// Who runs it: `None` for the user who runs the tests.
    user: Option<String>,
    home: PathBuf,
    port: u16,
    databases: AtomicU32,
    guard: Mutex<Guard>,
}

/// Its end of the pipe is never written to; closing it (at the latest when this process is gone) stops the server.
struct Guard {
    process: Child,
    pipe: Option<ChildStdin>,
}

impl Server {
    fn start() -> Self {
        let programs = find_programs().unwrap_or_else(|| {
            panic!(
                "these tests need Postgres (initdb and pg_ctl in PATH or under /usr/lib/postgresql): install it \
                 (Debian: apt-get install postgresql; macOS: brew install postgresql), or set \
                 DIENHONG_NO_POSTGRES=1 to leave them out"
            )
        });
        let user = unprivileged_user();
        let home = tempfile::Builder::new().prefix("dienhong-pg-").tempdir().expect("a temporary directory").keep();
        if let Some(user) = &user {
            let [uid, gid] = ["-u", "-g"].map(|flag| id(&[flag, user]).parse().expect("a number"));
            chown(&home, Some(uid), Some(gid)).expect("the directory can be given away");
        }
        let guard = Mutex::new(guard(&programs, user.as_deref(), &home));
        let mut server = Self { programs, user, home, port: 0, databases: AtomicU32::new(0), guard };
        server.must(
            "initdb",
            &["--no-sync", "-U", USER, "--auth=trust", "-E", "UTF8", "--locale=C", "-D", &server.data()],
        );
        // Another process may take a free port between our look and the server's: then the next one.
        let started = (0..5).any(|_| {
            server.port = free_port();
            server.try_start(&[]).status.success()
        });
        assert!(started, "Postgres does not start:\n{}", server.log());
        server
    }

    pub fn url(&self, database: &str) -> String {
        url(self.port, database)
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    pub async fn fresh_database(&self) -> String {
        let name = format!("t{}", self.databases.fetch_add(1, Ordering::Relaxed));
        let mut connection = self.connect("postgres").await;
        let create = format!("CREATE DATABASE {name} TEMPLATE template0");
        connection.execute(AssertSqlSafe(create)).await.expect("a database is made");
        self.url(&name)
    }

    pub async fn connect(&self, database: &str) -> PgConnection {
        PgConnection::connect(&self.url(database)).await.expect("the server lets us in")
    }

    /// Kills the whole server at once, as a power failure would.
    pub fn kill(&self) {
        let pids = fs::read_to_string(format!("{}/postmaster.pid", self.data())).expect("a server that runs");
        let postmaster = pids.lines().next().expect("its process").trim().to_owned();
        let mut victims = vec![postmaster.clone()];
        // Its children would notice and go by themselves, only later; without pgrep (procps) they do just that.
        if let Ok(children) = Command::new("pgrep").args(["-P", &postmaster]).output() {
            victims.extend(String::from_utf8_lossy(&children.stdout).lines().map(str::to_owned));
        }
        // The postmaster first, so that it starts nothing anew.
        for pid in victims {
            let _ = Command::new("kill").args(["-9", &pid]).stderr(Stdio::null()).status();
        }
    }

    /// Starts it again on the same port, once what was killed is quite gone.
    pub fn restart(&self, settings: &[(&str, &str)]) {
        let started = (0..100).any(|_| self.try_start(settings).status.success());
        assert!(started, "Postgres does not start again:\n{}", self.log());
    }

    fn try_start(&self, settings: &[(&str, &str)]) -> Output {
        let mut options = format!("-p {} -c listen_addresses=127.0.0.1 -k {}", self.port, self.home.display());
        for (name, value) in settings {
            options.push_str(&format!(" -c {name}={value}"));
        }
        let log = self.home.join("log").display().to_string();
        self.program("pg_ctl", &["-D", &self.data(), "-w", "-t", "60", "-l", &log, "-o", &options, "start"])
    }

    fn must(&self, program: &str, arguments: &[&str]) {
        let output = self.program(program, arguments);
        assert!(output.status.success(), "{program} failed:\n{}", String::from_utf8_lossy(&output.stderr));
    }

    fn program(&self, program: &str, arguments: &[&str]) -> Output {
        let program = self.programs.join(program);
        let mut command = as_user(self.user.as_deref(), &program);
        // A server that inherited our output would keep whoever reads it waiting.
        let errors = fs::File::create(self.home.join("errors")).expect("the directory can be written");
        command.args(arguments).current_dir("/").stdin(Stdio::null()).stdout(Stdio::null()).stderr(errors);
        let status = command.status().expect("the program runs");
        Output { status, stdout: vec![], stderr: fs::read(self.home.join("errors")).unwrap_or_default() }
    }

    fn data(&self) -> String {
        self.home.join("data").display().to_string()
    }

    fn log(&self) -> String {
        fs::read_to_string(self.home.join("log")).unwrap_or_default()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let mut guard = self.guard.lock().unwrap_or_else(PoisonError::into_inner);
        drop(guard.pipe.take());
        let _ = guard.process.wait();
    }
}

fn url(port: u16, database: &str) -> String {
    format!("postgres://{USER}@127.0.0.1:{port}/{database}")
}

/// Where initdb and pg_ctl are: in PATH, or the newest under /usr/lib/postgresql, where Debian keeps them.
fn find_programs() -> Option<PathBuf> {
    let in_path = std::env::var_os("PATH").unwrap_or_default();
    let mut places: Vec<PathBuf> = std::env::split_paths(&in_path).collect();
    let mut versions: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| (entry.file_name().to_string_lossy().parse().unwrap_or(0), entry.path().join("bin")))
        .collect();
    versions.sort();
    places.extend(versions.into_iter().rev().map(|(_, path)| path));
    places.into_iter().find(|place| place.join("initdb").is_file() && place.join("pg_ctl").is_file())
}

/// Postgres refuses to run as root: then somebody else must.
fn unprivileged_user() -> Option<String> {
    if id(&["-u"]) != "0" {
        return None;
    }
    let known = |user: &&str| Command::new("id").arg(user).output().is_ok_and(|output| output.status.success());
    let user = ["postgres", "nobody"].into_iter().find(known).expect("a user postgres or nobody to run Postgres as");
    Some(user.to_owned())
}

fn id(arguments: &[&str]) -> String {
    let output = Command::new("id").args(arguments).output().expect("id is there");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

fn as_user(user: Option<&str>, program: &Path) -> Command {
    match user {
        None => Command::new(program),
        Some(user) => {
            let mut command = Command::new("runuser");
            command.args(["-u", user, "--"]).arg(program);
            command
        }
    }
}

fn guard(programs: &Path, user: Option<&str>, home: &Path) -> Guard {
    let run_as = user.map(|user| format!("runuser -u {user} -- ")).unwrap_or_default();
    // Tests that are killed while the server starts leave programs behind that still write: then once more.
    let script = format!(
        "trap '' INT TERM HUP; read -r _; for _ in 1 2 3 4 5 6 7 8 9; do \
         {run_as}'{}/pg_ctl' -D '{1}/data' -w -m immediate stop; rm -rf '{1}' && [ ! -e '{1}' ] && break; sleep 1; done",
        programs.display(),
        home.display(),
    );
    let mut process = Command::new("sh")
        .args(["-c", &script])
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("a shell runs");
    let pipe = process.stdin.take();
    Guard { process, pipe }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    listener.local_addr().expect("its number").port()
}
