//! A hall that votes without end while something is done to its servers, and everything that its people hold.

use crate::floor::{Floor, ballot, ballot_id, question, recorded};
use crate::hall::LIMIT;
use crate::plain_http::get_at;
use crate::process::{Process, init};
use crate::support::place::Place;
use dienhong::app::control::{Request, Response};
use dienhong::chamber::command::Command;
use dienhong::chamber::ids::{BallotId, PersonId, QuestionId};
use dienhong::client::{Client, Endpoint, Options, roster_csv};
use dienhong::config;
use dienhong::ledger::note::VerifierKey;
use dienhong::sample;
use dienhong::wire::frames::{Page, Receipt};
use dienhong::wire::views::{BallotState, BallotView, ResultView};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// A vote is sent again until it is answered, however many faults in a row that takes: only so is its fate known.
const PATIENCE: Duration = Duration::from_secs(600);

/// Receipts of each delegate, taken over all, after which the next ballot is opened: no ballot takes more than 100 from one
/// (chamber/limits).
const TURNS: usize = 40;

/// Delegates of a hall of one server.
pub const DELEGATES: u32 = 20;

/// One program on a store, with people who have devices and are present.
pub struct World {
    pub process: Process,
    pub floor: Floor,
    pub place: config::Place,
    store: Place,
    _folder: TempDir,
}

impl World {
    pub async fn open(store: Place) -> Self {
        let url = store.url();
        Self::open_at(store, url, Vec::new()).await
    }

    /// The same where the program reaches the store by another address, or needs more in its environment.
    pub async fn open_at(store: Place, url: String, settings: Vec<(String, String)>) -> Self {
        let folder = tempfile::tempdir().expect("a temporary directory");
        let data = folder.path().join("data");
        assert!(init(&data, Some(&url), DELEGATES).await.status.success());
        let process = Process::serve_with(&data, Some(&url), settings).await;
        let people = sample::council(29, DELEGATES);
        let roster = Request::ImportRoster { council: "mau".to_owned(), csv: roster_csv(&people), dry_run: false };
        assert!(matches!(process.control(roster).await, Response::Roster { imported: true, .. }));
        let secretary = process.enrol(people[DELEGATES as usize].id.as_str()).await;
        let mut delegates = Vec::new();
        for person in &people[..DELEGATES as usize] {
            delegates.push(process.enrol(person.id.as_str()).await);
        }
        let floor = Floor::begin(process.endpoint(), &secretary, delegates, 1).await;
        // What is read past the program is read past its troubled line as well.
        let place = config::Place { data: folder.path().join("export"), store: Some(store.url()) };
        Self { process, floor, place, store, _folder: folder }
    }

    pub fn key(&self) -> VerifierKey {
        self.floor.delegates[0].record_key().clone()
    }

    /// The file of a record on SQLite.
    pub fn file(&self) -> PathBuf {
        PathBuf::from(self.store.url().trim_start_matches("sqlite:"))
    }
}

/// A receipt as somebody holds it.
#[derive(Debug, Clone)]
pub struct Kept {
    pub person: PersonId,
    pub ballot: BallotId,
    pub answer: &'static str,
    pub receipt: Receipt,
    /// What [`Voting::noting`] was told to note stood there when it came.
    pub noted: u64,
}

/// What was counted in each ballot as it was closed.
pub type Results = Vec<(BallotId, ResultView)>;

type Note = Arc<dyn Fn() -> u64 + Send + Sync>;

/// A ballot on which everybody votes and changes the vote without end; then the next one on the same question.
pub struct Voting {
    on: BallotId,
    question: QuestionId,
    chair: Client,
    /// Of the ballots before.
    results: Results,
    /// How many receipts there were as this one was opened.
    opened_at: usize,
    receipts: watch::Receiver<Vec<Kept>>,
    last_call: watch::Sender<bool>,
    voters: Vec<JoinHandle<()>>,
}

impl Voting {
    /// Opens it, without a time limit; the delegates' pages are spread over `doors`.
    pub async fn begin(floor: &Floor, doors: &[Endpoint]) -> Self {
        Self::noting(floor, doors, Arc::new(|| 0)).await
    }

    /// The same; `note` is asked as each receipt arrives.
    pub async fn noting(floor: &Floor, doors: &[Endpoint], note: Note) -> Self {
        let question = QuestionId::parse(floor.question().await.id).expect("an id");
        let on = ballot_id(&floor.open(Some(0)).await.id);
        let (sender, receipts) = watch::channel(Vec::new());
        let (sender, last_call) = (Arc::new(sender), watch::Sender::new(false));
        let mut voters = Vec::new();
        for (n, delegate) in floor.delegates.iter().enumerate() {
            let options = Options { answer_limit: PATIENCE, ..Options::default() };
            let client = Client::connect(&doors[n % doors.len()], Page::Delegate, Some(delegate), options).await;
            let client = client.expect("the device is let in");
            voters.push(tokio::spawn(vote_on(client, n, (sender.clone(), note.clone()), last_call.subscribe())));
        }
        let chair = floor.chair.clone();
        Self { on, question, chair, results: vec![], opened_at: 0, receipts, last_call, voters }
    }

    /// How many receipts there are.
    pub fn count(&self) -> usize {
        self.receipts.borrow().len()
    }

    /// Until the hall holds so many receipts more. To be called while nothing is wrong.
    pub async fn more(&mut self, receipts: usize) {
        if self.count() - self.opened_at > self.voters.len() * TURNS {
            self.next_ballot().await;
        }
        let until = self.count() + receipts;
        let voting = self.receipts.wait_for(|held| held.len() >= until);
        drop(timeout(LIMIT, voting).await.expect("the hall votes").expect("somebody votes"));
    }

    /// Waits until the chair's page shows the ballot on hold and resumes it.
    pub async fn resume(&self) {
        self.held().await;
        self.go_on().await;
    }

    pub async fn held(&self) -> BallotView {
        ballot(&self.chair, |ballot| ballot.state == BallotState::OnHold).await
    }

    pub async fn go_on(&self) {
        match self.chair.order(&Command::ResumeBallot { ballot: self.on.clone() }).await {
            Ok(_) => {}
            // The order had been taken already, and its answer was lost with the server before.
            Err(error) if error.is_refusal("ballot_not_on_hold") => {}
            Err(error) => panic!("the ballot cannot be resumed: {error}"),
        }
        ballot(&self.chair, |ballot| ballot.state == BallotState::Open).await;
    }

    async fn next_ballot(&mut self) {
        self.count_up().await;
        self.chairs(Command::VoidBallot { ballot: self.on.clone(), reason: "vòng thử".to_owned() }).await;
        self.chairs(Command::OpenBallot { question: self.question.clone(), seconds: Some(0) }).await;
        let shown = ballot(&self.chair, |ballot| ballot.state == BallotState::Open).await;
        (self.on, self.opened_at) = (ballot_id(&shown.id), self.count());
    }

    async fn count_up(&mut self) {
        self.chairs(Command::CloseBallot { ballot: self.on.clone() }).await;
        let closed = ballot(&self.chair, |ballot| ballot.state == BallotState::Closed).await;
        self.results.push((self.on.clone(), closed.result.expect("a result")));
    }

    async fn chairs(&self, command: Command) {
        recorded(&self.chair, command).await;
    }

    /// Everybody votes a last time; then the chair closes the ballot.
    pub async fn close(mut self) -> (Vec<Kept>, Results) {
        self.last_call.send_replace(true);
        for voter in std::mem::take(&mut self.voters) {
            timeout(LIMIT, voter).await.expect("everybody comes to an end").expect("nobody breaks down");
        }
        self.count_up().await;
        (self.receipts.borrow().clone(), self.results)
    }
}

async fn vote_on(
    client: Client,
    n: usize,
    (held, note): (Arc<watch::Sender<Vec<Kept>>>, Note),
    last_call: watch::Receiver<bool>,
) {
    let person = client.identity().expect("a delegate").person().clone();
    for turn in n.. {
        let last = *last_call.borrow();
        let answer = ["yes", "no", "abstain"][turn % 3];
        let shown = ballot(&client, |ballot| ballot.state == BallotState::Open).await;
        let asked = question(&client).await;
        // Faults are to meet a hall, not a flood: each delegate some ten times a second.
        a_moment(200).await;
        match client.vote(&shown, &asked, answer).await {
            Ok(checked) => {
                let (noted, receipt) = (note(), checked.receipt);
                let (person, ballot) = (person.clone(), ballot_id(&shown.id));
                let kept = Kept { person, ballot, answer, receipt, noted };
                held.send_modify(|held| held.push(kept));
                if last {
                    return;
                }
            }
            // On hold or closed, which this page has not been shown yet; or there is soon another.
            Err(error) if error.is_refusal("ballot_not_open") || error.is_refusal("too_many_changes") => {}
            Err(error) => panic!("{person}: {error}"),
        }
    }
}

/// Waits until the server says that it serves.
pub async fn ready(endpoint: &Endpoint) {
    let serving = async {
        while get_at(endpoint, "/readyz", "").await.status != 200 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(LIMIT, serving).await.expect("it serves");
}

/// Up to so many milliseconds, by chance: a fault must not always meet the server at the same step.
pub async fn a_moment(most_ms: u64) {
    tokio::time::sleep(Duration::from_millis(getrandom::u64().expect("randomness") % (most_ms + 1))).await;
}
