//! A server of the tests' own that speaks docs/protocol.md, keeps a record, and misbehaves when it is told to.

use axum::extract::State;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Json, Router};
use dienhong::chamber::command::{Actor, Issuer};
use dienhong::chamber::event::Event;
use dienhong::chamber::ids::{DeviceId, Millis, PersonId};
use dienhong::client::Endpoint;
use dienhong::ledger::checkpoint::Checkpoint;
use dienhong::ledger::entry::{Entry, line_hash};
use dienhong::ledger::merkle::Tree;
use dienhong::ledger::note::NoteSigner;
use dienhong::ledger::statement::{SignedStatement, Statement};
use dienhong::ledger::text::base64;
use dienhong::wire::frames::{ClientFrame, PROTOCOL, Receipt, ServerFrame, View};
use dienhong::wire::http::{EnrolRequest, EnrolResponse, LookRequest, LookResponse};
use dienhong::wire::views::PersonView;
use ed25519_dalek::SigningKey;
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};
use tokio::net::TcpListener;

pub const ORIGIN: &str = "example.org/hall";
pub const PERSON: &str = "p1";

/// What the server does with the next act. When none is left it records and answers, as it should.
#[derive(Debug, Clone, Copy)]
pub enum Conduct {
    Busy,
    Refuse(&'static str),
    /// Records the act, but the answer is lost with the connection.
    HangUp,
    Close(u16),
    /// A receipt that somebody else signed.
    ForgeCheckpoint,
    /// A true receipt, of something else.
    ProveAnother,
}

#[derive(Clone)]
pub struct FakeServer {
    pub endpoint: Endpoint,
    book: Arc<Mutex<Book>>,
}

/// What it knows, and what it saw.
pub struct Book {
    pub conduct: VecDeque<Conduct>,
    /// Frames of views that every page gets once it joined.
    pub views: Vec<(u64, View)>,
    /// The origin it claims to be.
    pub origin: String,
    /// The statement of every act it received, in order.
    pub acts: Vec<String>,
    pub joins: u32,
    /// The enrolled device's public key.
    key: Option<[u8; 32]>,
    signer: NoteSigner,
    tree: Tree,
    recorded: BTreeMap<String, (u64, String)>,
}

impl FakeServer {
    pub async fn start() -> Self {
        let book = Arc::new(Mutex::new(Book {
            conduct: VecDeque::new(),
            views: Vec::new(),
            origin: ORIGIN.to_owned(),
            acts: Vec::new(),
            joins: 0,
            key: None,
            signer: signer(1),
            tree: Tree::new(),
            recorded: BTreeMap::new(),
        }));
        let routes = Router::new()
            .route("/c/hall/api/enrol/look", post(look))
            .route("/c/hall/api/enrol", post(enrol))
            .route("/c/hall/ws", get(upgrade))
            .with_state(book.clone());
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        tokio::spawn(async move { axum::serve(listener, routes).await });
        let endpoint = Endpoint::new(&format!("http://{address}"), "hall").expect("an endpoint");
        Self { endpoint, book }
    }

    pub fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().expect("the book")
    }

    pub fn will(&self, conduct: impl IntoIterator<Item = Conduct>) {
        self.book().conduct.extend(conduct);
    }
}

impl Book {
    pub fn entries(&self) -> u64 {
        self.tree.size()
    }

    /// The act's receipt; the same when it was recorded before.
    fn record(&mut self, statement: &str, event: Event) -> Receipt {
        if !self.recorded.contains_key(statement) {
            let entry = Entry {
                seq: self.tree.size(),
                time: Millis(1_700_000_000_000),
                salt: [7; 16],
                by: Actor::Person(person()),
                event,
                statement: Some(statement.to_owned()),
                arguments: None,
                cause: None,
            };
            let line = entry.encode().expect("an entry");
            self.tree.push(line_hash(&line));
            self.recorded.insert(statement.to_owned(), (entry.seq, line));
        }
        let (seq, line) = &self.recorded[statement];
        self.prove(*seq, line, &self.signer)
    }

    fn prove(&self, seq: u64, line: &str, signer: &NoteSigner) -> Receipt {
        let size = self.tree.size();
        let proof = self.tree.inclusion(seq, size).expect("a proof");
        let checkpoint = Checkpoint { origin: ORIGIN.to_owned(), size, root: self.tree.root() };
        Receipt {
            seq,
            entry: line.to_owned(),
            proof: proof.iter().map(|hash| hash.base64()).collect(),
            checkpoint: checkpoint.sign(signer),
        }
    }
}

fn signer(seed: u8) -> NoteSigner {
    NoteSigner::new(ORIGIN, SigningKey::from_bytes(&[seed; 32])).expect("a key")
}

fn person() -> PersonId {
    PersonId::parse(PERSON).expect("an id")
}

fn person_view() -> PersonView {
    PersonView {
        id: PERSON.to_owned(),
        name: "Đỗ Thị An".to_owned(),
        seat: Some("1".to_owned()),
        group: String::new(),
        offices: Vec::new(),
    }
}

type Shared = State<Arc<Mutex<Book>>>;

async fn look(State(book): Shared, Json(LookRequest { code: _ }): Json<LookRequest>) -> Json<LookResponse> {
    let book = book.lock().expect("the book");
    Json(LookResponse {
        origin: book.origin.clone(),
        council_name: "A council".to_owned(),
        vkey: book.signer.verifier().to_string(),
        person: person_view(),
        replaces_device: false,
    })
}

async fn enrol(State(book): Shared, Json(request): Json<EnrolRequest>) -> Json<EnrolResponse> {
    let mut book = book.lock().expect("the book");
    let signed = SignedStatement::parse(&request.statement).expect("a statement");
    let Statement::Enrol(enrolment) = &signed.statement else { panic!("not an enrolment") };
    signed.verify(&enrolment.key).expect("the new key's own signature");
    book.key = Some(enrolment.key);
    let event = Event::DeviceBound {
        person: person(),
        device: DeviceId::parse("d1").expect("an id"),
        key: base64(&enrolment.key),
        issued_by: Issuer::Operator,
    };
    let mut receipt = book.record(&request.statement, event);
    if let Some(Conduct::ForgeCheckpoint) = book.conduct.pop_front() {
        receipt = book.prove(receipt.seq, &receipt.entry, &signer(2));
    }
    Json(EnrolResponse { person: person_view(), device: "d1".to_owned(), receipt })
}

async fn upgrade(State(book): Shared, socket: WebSocketUpgrade) -> Response {
    socket.on_upgrade(async move |mut socket| {
        // An ending socket is what some of the tests ask for.
        let _ = converse(&mut socket, &book).await;
    })
}

async fn converse(socket: &mut WebSocket, book: &Mutex<Book>) -> Option<()> {
    let challenge = ServerFrame::Challenge {
        protocol: PROTOCOL,
        log: book.lock().expect("the book").origin.clone(),
        challenge: base64(&[5; 32]),
        server_time: 1_700_000_000_000,
    };
    send(socket, &challenge).await?;
    let ClientFrame::Join { page, statement, .. } = receive(socket).await? else { panic!("not a join") };
    let views = {
        let mut book = book.lock().expect("the book");
        book.joins += 1;
        if let Some(statement) = &statement {
            let signed = SignedStatement::parse(statement).expect("a login");
            let Statement::Login(login) = &signed.statement else { panic!("not a login") };
            assert_eq!(login.challenge, [5; 32]);
            signed.verify(&book.key.expect("an enrolled key")).expect("the device's signature");
        }
        book.views.clone()
    };
    send(socket, &ServerFrame::Joined { page, person: statement.map(|_| PERSON.to_owned()) }).await?;
    for (size, view) in views {
        send(socket, &ServerFrame::View { size, view }).await?;
    }
    loop {
        match receive(socket).await? {
            ClientFrame::CastVote { id, statement } | ClientFrame::Order { id, statement, .. } => {
                let (frame, end) = answer(&mut book.lock().expect("the book"), id, &statement);
                match end {
                    Some(0) => return None,
                    Some(code) => {
                        let close = CloseFrame { code, reason: "".into() };
                        socket.send(Message::Close(Some(close))).await.ok()?;
                    }
                    None => send(socket, &frame).await?,
                }
            }
            ClientFrame::Ping { at } => send(socket, &ServerFrame::Pong { at, server_time: 1_700_000_000_000 }).await?,
            ClientFrame::Query { .. } | ClientFrame::Join { .. } => panic!("neither of which this client sends here"),
        }
    }
}

/// The frame to send, or the code to close with; 0 is a connection that just ends.
fn answer(book: &mut Book, id: String, statement: &str) -> (ServerFrame, Option<u16>) {
    book.acts.push(statement.to_owned());
    let signed = SignedStatement::parse(statement).expect("a statement");
    signed.verify(&book.key.expect("an enrolled key")).expect("the device's signature");
    let event = match &signed.statement {
        Statement::Vote(vote) => Event::VoteCast {
            more: Vec::new(),
            ballot: vote.ballot.clone(),
            person: vote.person.clone(),
            answer: vote.choice.clone(),
            turn: vote.turn,
        },
        _ => Event::CheckedIn { person: person(), reason: None },
    };
    let refused = |code: &str, retry| ServerFrame::Refused { id: id.clone(), code: code.to_owned(), retry };
    let conduct = book.conduct.pop_front();
    let frame = match conduct {
        Some(Conduct::Busy) => refused("busy", true),
        Some(Conduct::Refuse(code)) => refused(code, false),
        Some(Conduct::ForgeCheckpoint) => {
            let true_one = book.record(statement, event);
            ServerFrame::Receipt { id, receipt: book.prove(true_one.seq, &true_one.entry, &signer(2)) }
        }
        Some(Conduct::ProveAnother) => ServerFrame::Receipt { id, receipt: book.prove(0, &first(book), &book.signer) },
        Some(Conduct::HangUp | Conduct::Close(_)) | None => {
            ServerFrame::Receipt { id, receipt: book.record(statement, event) }
        }
    };
    let end = match conduct {
        Some(Conduct::HangUp) => Some(0),
        Some(Conduct::Close(code)) => Some(code),
        _ => None,
    };
    (frame, end)
}

fn first(book: &Book) -> String {
    book.recorded.values().find(|(seq, _)| *seq == 0).map(|(_, line)| line.clone()).expect("an entry")
}

async fn send(socket: &mut WebSocket, frame: &ServerFrame) -> Option<()> {
    let text = serde_json::to_string(frame).expect("a frame");
    socket.send(Message::Text(text.into())).await.ok()
}

async fn receive(socket: &mut WebSocket) -> Option<ClientFrame> {
    loop {
        if let Message::Text(text) = socket.recv().await?.ok()? {
            return Some(serde_json::from_str(&text).expect("a client's frame"));
        }
    }
}
