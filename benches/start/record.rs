//! A long record, made as a council makes it: every entry decided by the sequencer, every vote and order signed by its person's
//! device, every batch under its checkpoint.

use dienhong::chamber::Chamber;
use dienhong::chamber::agenda::ItemKind;
use dienhong::chamber::command::{Actor, CastVote, Command, Founding, Issuer, NewItem};
use dienhong::chamber::ids::{AnswerKey, BallotId, CouncilId, ItemId, Millis, PersonId, QuestionId};
use dienhong::chamber::roll::{Office, Person};
use dienhong::chamber::{presets, rules::RulesProfile};
use dienhong::ledger::merkle::Hash;
use dienhong::ledger::note::NoteSigner;
use dienhong::ledger::order;
use dienhong::ledger::statement::{Enrol, Order, Statement, Vote};
use dienhong::ledger::text;
use dienhong::node::secret::InstanceSecret;
use dienhong::ports::{Append, Store, StoredCheckpoint};
use dienhong::projection;
use dienhong::sample;
use dienhong::sequencer::{Answer, Sequencer, Signed, Submission, Ticket, note_text_sha256};
use ed25519_dalek::SigningKey;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

pub const COUNCIL: &str = "mau";
pub const ORIGIN: &str = "hall.example/mau";
/// A council of the size of a national assembly.
pub const SEATS: u32 = 577;
/// Votes to an item, one ballot each, as many as one session's agenda holds.
const ITEMS_A_SESSION: u32 = 150;
const ITEMS_AT_ONCE: u32 = 30;
/// Somebody is always missing.
const VOTERS: usize = 500;
/// Ballots after which the sitting is closed and the next one opened.
const BALLOTS_A_SITTING: u32 = 50;

pub struct Maker<'a> {
    store: &'a dyn Store,
    council: CouncilId,
    epoch: u64,
    sequencer: Sequencer,
    keys: BTreeMap<PersonId, SigningKey>,
    people: Vec<Person>,
    now: Millis,
    nonce: u128,
    /// Time spent deciding votes, and how many, since it was last told.
    deciding: (Duration, u32),
    slowest: Duration,
    /// Size at which it is told next.
    tell_at: u64,
}

impl<'a> Maker<'a> {
    pub async fn new(store: &'a dyn Store, secret: &InstanceSecret) -> Self {
        let signer = Arc::new(secret.checkpoint_signer(ORIGIN).expect("an origin"));
        let council = CouncilId::parse(COUNCIL).expect("an id");
        let epoch = store.acquire(&council, "bench").await.expect("the lease").epoch;
        let people = sample::council(29, SEATS);
        let keys = people.iter().map(|person| (person.id.clone(), key_of(&person.id))).collect();
        let mut maker = Self {
            store,
            council: council.clone(),
            epoch,
            sequencer: Sequencer::new(ORIGIN.to_owned(), signer.clone()),
            keys,
            people,
            now: Millis(1_765_000_000_000),
            nonce: 0,
            deciding: (Duration::ZERO, 0),
            slowest: Duration::ZERO,
            tell_at: 0,
        };
        maker.found(presets::province(SEATS), council, &signer).await;
        maker
    }

    /// Sessions, sittings and ballots, until the record has as many entries.
    pub async fn fill(&mut self, entries: u64) {
        let mut first_item = 1;
        while self.sequencer.size() < entries {
            self.session(first_item, entries).await;
            first_item += ITEMS_A_SESSION;
        }
    }

    async fn found(&mut self, rules: RulesProfile, council: CouncilId, signer: &NoteSigner) {
        self.own(Command::FoundCouncil(Box::new(Founding {
            council,
            origin: ORIGIN.to_owned(),
            name: "Hội đồng".to_owned(),
            short_name: "HĐ".to_owned(),
            rules,
            checkpoint_key: text::base64(&signer.public()),
        })))
        .await;
        for person in self.people.clone() {
            self.own(Command::SetPerson { person }).await;
        }
        for person in self.people.clone() {
            let key = self.keys[&person.id].verifying_key().to_bytes();
            let nonce = self.nonce();
            let enrol = Statement::Enrol(Enrol { log: ORIGIN.to_owned(), person: person.id.clone(), key, nonce });
            let issued_by = Issuer::Operator;
            let bind = Command::BindDevice { person: person.id.clone(), key: text::base64(&key), issued_by };
            self.signed(&person.id, &enrol, bind, None).await;
        }
    }

    async fn session(&mut self, first_item: u32, entries: u64) {
        let (clerk, chair) = (self.with(Office::Secretary), self.with(Office::Chair));
        self.order(&clerk, Command::create_session("Kỳ họp", "Nhiệm kỳ")).await;
        for first in (first_item..first_item + ITEMS_A_SESSION).step_by(ITEMS_AT_ONCE as usize) {
            let items = (first..first + ITEMS_AT_ONCE).map(item).collect();
            self.order(&clerk, Command::add_items(items)).await;
        }
        for n in first_item..first_item + ITEMS_A_SESSION {
            if (n - first_item).is_multiple_of(BALLOTS_A_SITTING) {
                self.sitting(&clerk, &chair).await;
            }
            self.ballot(&chair, n).await;
            self.tell(entries);
            if self.sequencer.size() >= entries {
                return;
            }
        }
        self.order(&clerk, Command::CloseSitting {}).await;
    }

    /// What deciding costs while the record is short, and once it is long.
    fn tell(&mut self, entries: u64) {
        let size = self.sequencer.size();
        if size < self.tell_at {
            return;
        }
        let (time, votes) = std::mem::take(&mut self.deciding);
        let slowest = std::mem::take(&mut self.slowest);
        let each = time.as_secs_f64() * 1e6 / f64::from(votes.max(1));
        println!("made {size:>9}: {each:6.1} µs a vote, slowest step {slowest:.1?}");
        self.tell_at = size + entries / 10;
    }

    async fn sitting(&mut self, clerk: &PersonId, chair: &PersonId) {
        if self.chamber().sitting().is_some() {
            self.order(clerk, Command::CloseSitting {}).await;
        }
        self.order(clerk, Command::open_sitting("Phiên họp")).await;
        if self.chamber().gavel().is_none() {
            self.order(chair, Command::TakeGavel { reason: None }).await;
        }
        for person in self.delegates().into_iter().take(VOTERS) {
            self.order(&person.clone(), Command::CheckIn { person, reason: None }).await;
        }
    }

    async fn ballot(&mut self, chair: &PersonId, n: u32) {
        let item = ItemId::parse(format!("i{n}")).expect("an id");
        let question = QuestionId::parse(format!("q{n}")).expect("an id");
        let ballot = BallotId::parse(format!("b{n}")).expect("an id");
        self.order(chair, Command::StartItem { item }).await;
        self.order(chair, Command::OpenBallot { question: question.clone(), seconds: Some(0) }).await;
        let document = self.chamber().question(&question).expect("the question").document_sha256.clone();
        for (n, person) in self.delegates().into_iter().take(VOTERS).enumerate() {
            let answer = ["yes", "yes", "yes", "no", "abstain"][n % 5];
            self.vote(&person, &ballot, &document, answer).await;
        }
        self.order(chair, Command::CloseBallot { ballot: ballot.clone() }).await;
        self.order(chair, Command::ConfirmBallot { ballot: ballot.clone(), casting: None }).await;
        self.order(chair, Command::AnnounceBallot { ballot }).await;
    }

    async fn vote(&mut self, person: &PersonId, ballot: &BallotId, document: &str, answer: &str) {
        let choice = AnswerKey::parse(answer).expect("an answer");
        let statement = Statement::Vote(Vote {
            log: ORIGIN.to_owned(),
            ballot: ballot.clone(),
            document: Hash::from_hex(document).expect("a hash"),
            person: person.clone(),
            choice: choice.clone(),
            more: Vec::new(),
            turn: 1,
            nonce: self.nonce(),
        });
        let command = Command::CastVote(CastVote {
            ballot: ballot.clone(),
            document_sha256: document.to_owned(),
            person: person.clone(),
            answer: choice,
            more: Vec::new(),
            turn: 1,
        });
        self.signed(person, &statement, command, None).await;
    }

    async fn order(&mut self, person: &PersonId, command: Command) {
        let (order, target, arguments) = order::parts(&command).expect("an order");
        let statement = Statement::Order(Order {
            log: ORIGIN.to_owned(),
            person: person.clone(),
            order,
            target,
            arguments: Hash::of(arguments.as_bytes()),
            nonce: self.nonce(),
        });
        self.signed(person, &statement, command, Some(arguments)).await;
    }

    async fn signed(&mut self, person: &PersonId, statement: &Statement, command: Command, arguments: Option<String>) {
        let key = &self.keys[person];
        let note = statement.sign(key).expect("a statement");
        let text_sha256 = note_text_sha256(&note);
        let signed = Signed { note, text_sha256, key: text::base64(&key.verifying_key().to_bytes()) };
        self.submit(Submission { by: Actor::Person(person.clone()), command, statement: Some(signed), arguments })
            .await;
    }

    async fn own(&mut self, command: Command) {
        self.submit(Submission { by: Actor::Operator, command, statement: None, arguments: None }).await;
    }

    async fn submit(&mut self, submission: Submission) {
        self.now = self.now.plus(5);
        let is_vote = matches!(submission.command, Command::CastVote(_));
        let mut seed = [0; 32];
        seed[..16].copy_from_slice(&self.nonce());
        let begun = Instant::now();
        let answer = self.sequencer.submit(Ticket(0), self.now, seed, submission);
        let took = begun.elapsed();
        if is_vote {
            self.deciding = (self.deciding.0 + took, self.deciding.1 + 1);
        }
        self.slowest = self.slowest.max(took);
        match answer {
            None => {}
            Some(Answer::Refused(refusal)) => panic!("refused: {}", refusal.code()),
            Some(other) => panic!("not taken: {other:?}"),
        }
        // An order is looked at before the next one is made, so it must be durable.
        if !is_vote || !self.sequencer.wants_more() {
            self.commit().await;
        }
    }

    async fn commit(&mut self) {
        let Some(batch) = self.sequencer.seal() else { return };
        let rows = batch.events.iter().zip(batch.first_seq..);
        let append = Append {
            first_seq: batch.first_seq,
            lines: batch.lines.iter().map(|line| line.to_string()).collect(),
            checkpoint: StoredCheckpoint { size: batch.size, note: batch.checkpoint.clone() },
            rows: rows.flat_map(|((at, event), seq)| projection::rows(*at, seq, event)).collect(),
        };
        self.store.append(&self.council, self.epoch, append).await.expect("written");
        self.sequencer.committed(&batch);
    }

    fn chamber(&self) -> &Chamber {
        self.sequencer.durable()
    }

    fn delegates(&self) -> Vec<PersonId> {
        self.people.iter().filter(|person| person.is_delegate()).map(|person| person.id.clone()).collect()
    }

    fn with(&self, office: Office) -> PersonId {
        self.people.iter().find(|person| person.has(office)).expect("the sample has one").id.clone()
    }

    fn nonce(&mut self) -> [u8; 16] {
        self.nonce += 1;
        self.nonce.to_be_bytes()
    }
}

fn item(n: u32) -> NewItem {
    NewItem {
        number: n.to_string(),
        kind: ItemKind::Vote,
        title: format!("Nghị quyết số {n} về kế hoạch đầu tư công trung hạn"),
        short_title: None,
        minutes: None,
        rule: Some("majority_of_all".to_owned()),
        level: 0,
        planned_at: None,
        presenter: None,
        closed: false,
    }
}

fn key_of(person: &PersonId) -> SigningKey {
    SigningKey::from_bytes(&Hash::of(person.as_str().as_bytes()).0)
}
