//! What callers hold: a joined page that can vote and give orders.

use super::clock::ServerClock;
use super::connection::{Connection, MOST_WAITING, Status};
use super::document;
use super::endpoint::Endpoint;
use super::error::ClientError;
use super::identity::Identity;
use super::latest::{Inbox, Topics, Views};
use super::pending::{Act, Answer, Pending, Request};
use super::receipt::CheckedReceipt;
use crate::chamber::command::Command;
use crate::wire::frames::{IssuedCode, Page, Reply};
use crate::wire::views::{BallotView, QuestionView};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, mpsc, oneshot, watch};

/// How a client behaves.
#[derive(Debug, Clone)]
pub struct Options {
    pub topics: Topics,
    /// How long the first join may take, with all its tries.
    pub join_limit: Duration,
    /// How long an act may wait for its answer, with all its tries and reconnections. Longer than a ballot and its hold
    /// in most halls, so that a vote is given up only when its ballot is over.
    pub answer_limit: Duration,
    /// Proves every receipt. Off only where thousands of clients share one machine and receipts are sampled elsewhere.
    pub check_receipts: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            topics: Topics::ALL,
            join_limit: Duration::from_secs(30),
            answer_limit: Duration::from_secs(60),
            check_receipts: true,
        }
    }
}

/// What became of an order.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    Recorded(CheckedReceipt),
    /// It leaves nothing in the record.
    Done(Reply),
}

/// One page's connection. Clones share it; it closes when the last one is dropped.
#[derive(Debug, Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    requests: mpsc::Sender<Request>,
    views: Views,
    status: watch::Receiver<Status>,
    clock: Arc<ServerClock>,
    identity: Option<Arc<Identity>>,
    options: Options,
    /// The last vote recorded through this client. Held while a vote is under way: two at once would share a turn.
    last_vote: Mutex<Option<(String, u32)>>,
}

impl Client {
    /// Opens a page and joins, as `identity` or, for the wall and the public, as nobody. Afterwards the connection looks after
    /// itself.
    ///
    /// # Errors
    /// `closed` when the login is not accepted, `wrong_council`; `timed_out` or `unreachable` when no server answered within
    /// the join limit.
    pub async fn connect(
        endpoint: &Endpoint,
        page: Page,
        identity: Option<&Identity>,
        options: Options,
    ) -> Result<Self, ClientError> {
        let (requests, taken) = mpsc::channel(MOST_WAITING);
        let (status_sender, status) = watch::channel(Status::Connecting(None));
        let (inbox, views) = Inbox::new(options.topics);
        let clock = Arc::new(ServerClock::new());
        let identity = identity.cloned().map(Arc::new);
        let connection = Connection {
            endpoint: endpoint.clone(),
            page,
            identity: identity.clone(),
            requests: taken,
            inbox,
            status: status_sender,
            clock: clock.clone(),
            pending: Pending::default(),
        };
        tokio::spawn(connection.run());
        let limit = options.join_limit;
        let last_vote = Mutex::new(None);
        let client = Self { inner: Arc::new(Inner { requests, views, status, clock, identity, options, last_vote }) };
        client.joined(limit).await?;
        Ok(client)
    }

    /// Waits until the page is joined (again).
    ///
    /// # Errors
    /// As [`Client::connect`].
    pub async fn joined(&self, limit: Duration) -> Result<(), ClientError> {
        let mut status = self.inner.status.clone();
        let settled = tokio::time::timeout(limit, status.wait_for(|s| !matches!(s, Status::Connecting(_)))).await;
        match settled {
            Ok(Ok(reached)) => match &*reached {
                Status::Ended(why) => Err(why.clone()),
                _ => Ok(()),
            },
            Ok(Err(_)) => Err(ClientError::Gone),
            Err(_) => Err(match &*self.inner.status.borrow() {
                Status::Connecting(Some(why)) | Status::Ended(why) => why.clone(),
                _ => ClientError::TimedOut,
            }),
        }
    }

    /// The newest state of each topic.
    pub fn views(&self) -> &Views {
        &self.inner.views
    }

    pub fn is_joined(&self) -> bool {
        *self.inner.status.borrow() == Status::Joined
    }

    pub fn identity(&self) -> Option<&Identity> {
        self.inner.identity.as_deref()
    }

    /// The server's clock, milliseconds since 1970, once it is known.
    pub fn server_now(&self) -> Option<u64> {
        self.inner.clock.server_now()
    }

    /// Casts or changes this person's vote: compares the question shown with the hash the ballot names, signs, and sends the
    /// same statement until the receipt is there.
    ///
    /// # Errors
    /// `document_differs`, `answer_unknown`; the chamber's refusals; `timed_out` when the answer limit passed, after which
    /// the vote may still have been recorded (the view `me` tells).
    pub async fn vote(
        &self,
        ballot: &BallotView,
        question: &QuestionView,
        answer: &str,
    ) -> Result<CheckedReceipt, ClientError> {
        self.vote_for(ballot, question, &[answer]).await
    }

    /// As [`Client::vote`], for several candidates of an election. They are named in the question's order, each once, however
    /// they were given; that they are not too many, the chamber says.
    ///
    /// # Errors
    /// As [`Client::vote`]; `answer_unknown` also for no answer at all.
    pub async fn vote_for(
        &self,
        ballot: &BallotView,
        question: &QuestionView,
        answers: &[&str],
    ) -> Result<CheckedReceipt, ClientError> {
        let identity = self.acting()?;
        document::same_document(ballot, question)?;
        let offered = |answer: &&str| question.answers.iter().any(|offered| offered.key == **answer);
        if let Some(unknown) = answers.iter().find(|answer| !offered(answer)) {
            return Err(ClientError::UnknownAnswer((*unknown).to_owned()));
        }
        let keys = question.answers.iter().map(|answer| answer.key.as_str());
        let answers: Vec<&str> = keys.filter(|key| answers.contains(key)).collect();
        if answers.is_empty() {
            return Err(ClientError::UnknownAnswer(String::new()));
        }
        let mut last_vote = self.inner.last_vote.lock().await;
        let turn = self.next_turn(&ballot.id, last_vote.as_ref());
        let statement = identity.vote_for(&ballot.id, &ballot.document_sha256, &answers, turn)?;
        match self.submit(Act::Vote { statement: statement.clone() }).await? {
            Answer::Receipt(receipt) => {
                let checked = self.checked(identity, receipt, &statement)?;
                *last_vote = Some((ballot.id.clone(), turn));
                Ok(checked)
            }
            Answer::Done(_) => Err(ClientError::Protocol("a vote without a receipt".to_owned())),
        }
    }

    /// Signs and gives an order.
    ///
    /// # Errors
    /// The chamber's refusals, `unsignable` for a command that is no order.
    pub async fn order(&self, command: &Command) -> Result<CheckedReceipt, ClientError> {
        let identity = self.acting()?;
        let (statement, arguments) = identity.order(command)?;
        match self.give(identity, statement, arguments).await? {
            Outcome::Recorded(receipt) => Ok(receipt),
            Outcome::Done(_) => Err(ClientError::Protocol("an order without a receipt".to_owned())),
        }
    }

    /// Gives an order by its name: for those that are not the chamber's, such as `issue_code`.
    ///
    /// # Errors
    /// As [`Client::order`].
    pub async fn order_named(&self, name: &str, target: &str, arguments: &str) -> Result<Outcome, ClientError> {
        let identity = self.acting()?;
        let statement = identity.order_named(name, target, arguments)?;
        self.give(identity, statement, arguments.to_owned()).await
    }

    /// A one-time code for a person; secretary and administrator only.
    ///
    /// # Errors
    /// `not_allowed`, `unknown_person`.
    pub async fn issue_code(&self, person: &str) -> Result<IssuedCode, ClientError> {
        match self.order_named("issue_code", person, "{}").await? {
            Outcome::Done(Reply::Code(code)) => Ok(code),
            other => Err(ClientError::Protocol(format!("issue_code was answered with {other:?}"))),
        }
    }

    async fn give(&self, identity: &Identity, statement: String, arguments: String) -> Result<Outcome, ClientError> {
        match self.submit(Act::Order { statement: statement.clone(), arguments }).await? {
            Answer::Receipt(receipt) => self.checked(identity, receipt, &statement).map(Outcome::Recorded),
            Answer::Done(reply) => Ok(Outcome::Done(reply)),
        }
    }

    fn checked(
        &self,
        identity: &Identity,
        receipt: crate::wire::frames::Receipt,
        statement: &str,
    ) -> Result<CheckedReceipt, ClientError> {
        if self.inner.options.check_receipts {
            identity.check(&receipt, statement)
        } else {
            Ok(CheckedReceipt::unchecked(receipt))
        }
    }

    fn acting(&self) -> Result<&Identity, ClientError> {
        self.inner.identity.as_deref().ok_or(ClientError::NoIdentity)
    }

    /// One above the last recorded vote in this ballot, whether this client cast it or the person's device before.
    fn next_turn(&self, ballot: &str, last: Option<&(String, u32)>) -> u32 {
        let own = last.filter(|(of, _)| of == ballot).map_or(0, |(_, turn)| *turn);
        let me = self.inner.views.me.borrow();
        let shown = me.as_ref().and_then(|me| me.vote.as_ref()).filter(|vote| vote.ballot == ballot);
        own.max(shown.map_or(0, |vote| vote.turn)).saturating_add(1)
    }

    async fn submit(&self, act: Act) -> Result<Answer, ClientError> {
        let (answer, answered) = oneshot::channel();
        let exchange = async {
            let gone = || match &*self.inner.status.borrow() {
                Status::Ended(why) => why.clone(),
                _ => ClientError::Gone,
            };
            self.inner.requests.send(Request { act, answer }).await.map_err(|_| gone())?;
            answered.await.map_err(|_| gone())?
        };
        tokio::time::timeout(self.inner.options.answer_limit, exchange).await.map_err(|_| ClientError::TimedOut)?
    }
}
