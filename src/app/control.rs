//! Commands beside a running server: one JSON line in, one JSON line out, over a Unix socket only the server's user can open.
//! The same requests are carried out in this process when no server is running.

use crate::chamber::command::Issuer;
use crate::chamber::ids::{CouncilId, PersonId};
use crate::chamber::roll::Person;
use crate::client::ClientError;
use crate::import;
use crate::ledger::text;
use crate::node::roster::{Authority, RosterPlan};
use crate::node::{FoundError, NewCode, NewCouncil, Platform, codes};
use crate::sequencer::Answer;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{UnixListener, UnixStream};

/// A roster of 1 MiB as a JSON string, with room for escapes.
const MAX_REQUEST: u64 = 4 * 1024 * 1024;
/// An import of the largest roster takes well under a second; a caller that stalls is let go.
const WITHIN: Duration = Duration::from_secs(60);

#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "request", rename_all = "snake_case")]
pub enum Request {
    Found {
        id: String,
        origin: String,
        name: String,
        short_name: String,
        preset: String,
        seats: u32,
        administrator: String,
    },
    ImportRoster {
        council: String,
        csv: String,
        dry_run: bool,
    },
    Enrol {
        council: String,
        person: String,
        minutes: u64,
    },
    People {
        council: String,
    },
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "response", rename_all = "snake_case")]
pub enum Response {
    Founded {
        link: String,
        vkey: String,
    },
    Roster {
        added: u32,
        changed: u32,
        unchanged: u32,
        imported: bool,
    },
    Code {
        person: String,
        name: String,
        code: String,
        link: String,
        minutes: u64,
    },
    People {
        people: Vec<Person>,
    },
    Failed {
        code: String,
        message: String,
        #[serde(default)]
        problems: Vec<String>,
    },
}

/// The requests of whoever hosts a council (`client::Host`).
pub fn enrolment(council: &CouncilId, person: &str, life: Duration) -> Request {
    let minutes = life.as_secs().div_ceil(60);
    Request::Enrol { council: council.to_string(), person: person.to_string(), minutes }
}

pub fn roster(council: &CouncilId, csv: &str) -> Request {
    Request::ImportRoster { council: council.to_string(), csv: csv.to_string(), dry_run: false }
}

impl Response {
    pub fn or_failed(self) -> Result<Self, ClientError> {
        match self {
            Self::Failed { code, message, problems } => {
                Err(ClientError::Protocol(format!("{message} ({code}) {}", problems.join("; "))))
            }
            response => Ok(response),
        }
    }

    pub fn into_code(self) -> Result<String, ClientError> {
        match self {
            Self::Code { code, .. } => Ok(code),
            _ => Err(ClientError::Protocol("no code in the answer".to_string())),
        }
    }
}

/// Carries a request out on this process's platform.
pub async fn carry_out(platform: &Arc<Platform>, request: Request) -> Response {
    match try_to(platform, request).await {
        Ok(response) => response,
        Err(failed) => failed,
    }
}

async fn try_to(platform: &Arc<Platform>, request: Request) -> Result<Response, Response> {
    match request {
        Request::Found { id, origin, name, short_name, preset, seats, administrator } => {
            let id = CouncilId::parse(id).map_err(|error| failed("bad_id", &format!("council id: {error}")))?;
            let admin = NewCouncil::first_administrator(&administrator).map_err(found_failed)?;
            let person = admin.id.clone();
            let new = NewCouncil { id, origin, name, short_name, preset, seats, people: vec![admin] };
            let council = platform.found(new).await.map_err(found_failed)?;
            let code = issue(platform, &council, &person, codes::CODE_LIFE_MS).await?;
            let vkey = council.ask(|sequencer| sequencer.vkey()).await.unwrap_or_default();
            Ok(Response::Founded { link: code.link(&council.id), vkey })
        }
        Request::ImportRoster { council, csv, dry_run } => {
            let council = find(platform, &council)?;
            let people = import::roster::read(csv.as_bytes()).map_err(|problems| Response::Failed {
                code: "bad_csv".to_string(),
                message: "the roster was not imported; nothing has changed".to_string(),
                problems: problems.iter().map(problem_text).collect(),
            })?;
            let plan = council.plan_roster(people).await.ok_or_else(unavailable)?;
            if !dry_run {
                let sha256 = text::hex(&Sha256::digest(csv.as_bytes()));
                match council.import_roster(sha256, plan.people.clone(), Authority::Operator).await {
                    Answer::Receipt(_) => {}
                    Answer::Refused(refusal) => {
                        return Err(failed(refusal.code(), "the roster was refused; nothing has changed"));
                    }
                    _ => return Err(unavailable()),
                }
            }
            let RosterPlan { added, changed, unchanged, .. } = plan;
            Ok(Response::Roster { added, changed, unchanged, imported: !dry_run })
        }
        Request::Enrol { council, person, minutes } => {
            let council = find(platform, &council)?;
            let id = PersonId::parse(person).map_err(|error| failed("bad_id", &format!("person: {error}")))?;
            let code = issue(platform, &council, &id, minutes.saturating_mul(60_000)).await?;
            Ok(Response::Code {
                person: id.to_string(),
                name: code.person.name.clone(),
                link: code.link(&council.id),
                code: code.code.to_string(),
                minutes,
            })
        }
        Request::People { council } => {
            let council = find(platform, &council)?;
            let people = council.ask(|sequencer| sequencer.durable().people().into_iter().cloned().collect()).await;
            Ok(Response::People { people: people.ok_or_else(unavailable)? })
        }
    }
}

async fn issue(
    platform: &Arc<Platform>,
    council: &crate::node::Council,
    person: &PersonId,
    life_ms: u64,
) -> Result<NewCode, Response> {
    platform
        .issue_code(council, person, Issuer::Operator, life_ms)
        .await
        .map_err(|denial| failed(denial.code(), "no code was issued"))
}

fn find(platform: &Platform, council: &str) -> Result<Arc<crate::node::Council>, Response> {
    CouncilId::parse(council)
        .ok()
        .and_then(|id| platform.council(&id))
        .ok_or_else(|| failed("unknown_council", &format!("there is no council {council:?} here")))
}

fn found_failed(error: FoundError) -> Response {
    failed(error.code(), &error.to_string())
}

/// `line 7, seat: duplicate_seat ("12")`
fn problem_text(problem: &import::RowProblem) -> String {
    let column = problem.column.as_ref().map(|column| format!(", {column}")).unwrap_or_default();
    format!("line {}{column}: {} ({:?})", problem.line, problem.code.code(), problem.value)
}

fn unavailable() -> Response {
    failed("store_unavailable", "the record cannot be read or written now; nothing has changed")
}

fn failed(code: &str, message: &str) -> Response {
    Response::Failed { code: code.to_string(), message: message.to_string(), problems: Vec::new() }
}

/// The socket, removed again when this is dropped; that is to be before the folder's lock is given back.
pub struct Listening {
    listener: UnixListener,
    path: PathBuf,
}

impl Drop for Listening {
    fn drop(&mut self) {
        // It may be gone already; a stale one is replaced at the next start.
        let _ = std::fs::remove_file(&self.path);
    }
}

/// Opens the socket with mode 0600. The caller holds the folder's lock, so one that lies there was left behind by a process that
/// died, and is replaced.
///
/// It is made in a folder that nobody else can enter and then put in its place: whatever the data folder and the umask allow,
/// nobody can connect before the mode is set.
pub fn listen(path: &Path) -> io::Result<Listening> {
    use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
    let nursery = path.with_extension("new");
    match std::fs::remove_dir_all(&nursery) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    std::fs::DirBuilder::new().mode(0o700).create(&nursery)?;
    let born = nursery.join("s");
    let listener = UnixListener::bind(&born)?;
    std::fs::set_permissions(&born, std::fs::Permissions::from_mode(0o600))?;
    std::fs::rename(&born, path)?;
    std::fs::remove_dir(&nursery)?;
    Ok(Listening { listener, path: path.to_path_buf() })
}

pub async fn serve(listening: Listening, platform: Arc<Platform>) {
    loop {
        match listening.listener.accept().await {
            Ok((stream, _)) => {
                let platform = platform.clone();
                tokio::spawn(async move {
                    if tokio::time::timeout(WITHIN, converse(stream, &platform)).await.is_err() {
                        tracing::warn!("a caller on the control socket took too long");
                    }
                });
            }
            Err(error) => {
                tracing::warn!(%error, "the control socket cannot accept");
                // Out of file descriptors, most likely: wait for some to be freed instead of spinning.
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        }
    }
}

async fn converse(stream: UnixStream, platform: &Arc<Platform>) -> io::Result<()> {
    let (reading, mut writing) = stream.into_split();
    let mut line = String::new();
    BufReader::new(reading.take(MAX_REQUEST)).read_line(&mut line).await?;
    let response = match serde_json::from_str(&line) {
        Ok(request) => carry_out(platform, request).await,
        Err(error) => failed("bad_request", &error.to_string()),
    };
    let mut text = serde_json::to_string(&response).map_err(io::Error::other)?;
    text.push('\n');
    writing.write_all(text.as_bytes()).await
}

/// Asks the running server. `Ok(None)`: none is running on this data folder.
pub async fn call(path: &Path, request: &Request) -> io::Result<Option<Response>> {
    let mut stream = match UnixStream::connect(path).await {
        Ok(stream) => stream,
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused) => {
            return Ok(None);
        }
        Err(error) => return Err(error),
    };
    let mut text = serde_json::to_string(request).map_err(io::Error::other)?;
    text.push('\n');
    let mut answer = String::new();
    tokio::time::timeout(WITHIN, async {
        stream.write_all(text.as_bytes()).await?;
        BufReader::new(&mut stream).read_line(&mut answer).await
    })
    .await
    .map_err(|_| io::Error::new(io::ErrorKind::TimedOut, "the server did not answer"))??;
    Ok(Some(serde_json::from_str(&answer).map_err(io::Error::other)?))
}
