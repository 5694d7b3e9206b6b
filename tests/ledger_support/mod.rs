//! A small council's record, made from fixed seeds: the same bytes every time. Its people are numbers with generated names.
#![allow(dead_code)]

use dienhong::chamber::Chamber;
use dienhong::chamber::agenda::ItemKind;
use dienhong::chamber::ballot::{Question, Verdict};
use dienhong::chamber::command::{Actor, CastVote, Command, Founding, Issuer, NewItem};
use dienhong::chamber::event::Event;
use dienhong::chamber::ids::{AnswerKey, BallotId, CouncilId, ItemId, Millis, PersonId, QuestionId, SeatId};
pub use dienhong::chamber::roll::{Office, Person};
use dienhong::chamber::rules::{AnswerMeaning, Base, MajorityRule, NamedRule, NamesPolicy, RulesProfile, TieRule};
use dienhong::chamber::wall::WallMode;
use dienhong::ledger::bundle::write_bundle;
use dienhong::ledger::checkpoint::Checkpoint;
use dienhong::ledger::entry::{Entry, line_hash};
use dienhong::ledger::merkle::{Hash, Tree};
use dienhong::ledger::note::{NoteSigner, VerifierKey};
use dienhong::ledger::order::parts;
use dienhong::ledger::receipt::Receipt;
use dienhong::ledger::statement::{Enrol, Order, Statement, Vote};
use dienhong::verify::question::document_hash;
use ed25519_dalek::SigningKey;
use std::io::Cursor;

pub const ORIGIN: &str = "dienhong.example/mau";

/// Bytes that look random and are the same every time.
pub fn bytes<const N: usize>(label: &str) -> [u8; N] {
    std::array::from_fn(|i| Hash::of(label.as_bytes()).0[i])
}

pub fn signing_key(label: &str) -> SigningKey {
    SigningKey::from_bytes(&bytes(&format!("key of {label}")))
}

pub fn council_signer() -> NoteSigner {
    NoteSigner::new(ORIGIN, signing_key("the council")).unwrap()
}

pub fn vkey() -> VerifierKey {
    council_signer().verifier()
}

pub fn public_base64(key: &SigningKey) -> String {
    Hash(key.verifying_key().to_bytes()).base64()
}

macro_rules! id {
    ($($short:ident $kind:ident),*) => { $(pub fn $short(text: &str) -> $kind { $kind::parse(text).unwrap() })* };
}
pub mod groups;
pub mod later;
pub mod story;

id!(person PersonId, ballot BallotId, item ItemId, question QuestionId, answer AnswerKey, seat SeatId);

/// A record being written: the chamber decides what every act brings about.
pub struct Hall {
    pub chamber: Chamber,
    pub entries: Vec<Entry>,
    pub lines: Vec<String>,
    pub tree: Tree,
    /// One note per act.
    pub checkpoints: Vec<String>,
    time: u64,
    nonces: u32,
}

impl Hall {
    pub fn new() -> Self {
        Self {
            chamber: Chamber::new(),
            entries: vec![],
            lines: vec![],
            tree: Tree::new(),
            checkpoints: vec![],
            time: 1_800_000_000_000,
            nonces: 0,
        }
    }

    pub fn nonce(&mut self) -> [u8; 16] {
        self.nonces += 1;
        bytes(&format!("nonce {}", self.nonces))
    }

    pub fn wait(&mut self, millis: u64) {
        self.time += millis;
    }

    /// Decides and writes one act.
    pub fn act(&mut self, by: Actor, statement: Option<String>, arguments: Option<String>, command: &Command) {
        self.time += 1500;
        let events = self.chamber.decide(Millis(self.time), &by, command);
        let events = events.unwrap_or_else(|refusal| panic!("{command:?}: {refusal:?}"));
        self.write(by, statement, arguments, events);
    }

    /// Writes the entries of one act and a checkpoint over them, whether they follow from the rules or not.
    pub fn write(&mut self, by: Actor, statement: Option<String>, arguments: Option<String>, events: Vec<Event>) {
        let first = self.entries.len() as u64;
        for (n, event) in events.into_iter().enumerate() {
            let seq = first + n as u64;
            self.chamber.apply(Millis(self.time), seq, &event);
            let entry = Entry {
                seq,
                time: Millis(self.time),
                salt: bytes(&format!("salt {seq}")),
                by: by.clone(),
                event,
                statement: statement.clone().filter(|_| n == 0),
                arguments: arguments.clone().filter(|_| n == 0),
                cause: (n > 0).then_some(first),
            };
            let line = entry.encode().unwrap();
            self.tree.push(line_hash(&line));
            self.entries.push(entry);
            self.lines.push(line);
        }
        self.checkpoint();
    }

    pub fn checkpoint(&mut self) {
        let checkpoint = Checkpoint { origin: ORIGIN.into(), size: self.tree.size(), root: self.tree.root() };
        self.checkpoints.push(checkpoint.sign(&council_signer()));
    }

    pub fn operator(&mut self, command: Command) {
        self.act(Actor::Operator, None, None, &command);
    }

    pub fn system(&mut self, command: Command) {
        self.act(Actor::System, None, None, &command);
    }

    pub fn order(&mut self, by: &str, command: Command) {
        let (note, arguments) = self.signed_order(by, &command);
        self.act(Actor::Person(person(by)), Some(note), Some(arguments), &command);
    }

    /// The note and arguments text of an order.
    pub fn signed_order(&mut self, by: &str, command: &Command) -> (String, String) {
        let (order, target, arguments) = parts(command).unwrap();
        let statement = Statement::Order(Order {
            log: ORIGIN.into(),
            person: person(by),
            order,
            target,
            arguments: Hash::of(arguments.as_bytes()),
            nonce: self.nonce(),
        });
        (statement.sign(&signing_key(by)).unwrap(), arguments)
    }

    pub fn vote_statement(&mut self, by: &str, on: &str, question: &Question, choice: &str, turn: u32) -> Statement {
        Statement::Vote(Vote {
            log: ORIGIN.into(),
            ballot: ballot(on),
            document: document_hash(question),
            person: person(by),
            choice: answer(choice),
            more: Vec::new(),
            turn,
            nonce: self.nonce(),
        })
    }

    /// A vote for several candidates.
    pub fn vote_for(&mut self, by: &str, on: &str, question: &Question, choices: &[&str], turn: u32) {
        let (first, more) = choices.split_first().expect("a choice");
        let statement = match self.vote_statement(by, on, question, first, turn) {
            Statement::Vote(vote) => {
                Statement::Vote(Vote { more: more.iter().map(|key| answer(key)).collect(), ..vote })
            }
            other => other,
        };
        let Statement::Vote(vote) = &statement else { return };
        let command = Command::CastVote(CastVote {
            ballot: vote.ballot.clone(),
            document_sha256: vote.document.hex(),
            person: vote.person.clone(),
            answer: vote.choice.clone(),
            more: vote.more.clone(),
            turn,
        });
        let note = statement.sign(&signing_key(by)).unwrap();
        self.act(Actor::Person(person(by)), Some(note), None, &command);
    }

    pub fn vote(&mut self, by: &str, on: &str, question: &Question, choice: &str, turn: u32) {
        let note = self.vote_statement(by, on, question, choice, turn).sign(&signing_key(by)).unwrap();
        let command = Command::CastVote(CastVote {
            more: Vec::new(),
            ballot: ballot(on),
            document_sha256: document_hash(question).hex(),
            person: person(by),
            answer: answer(choice),
            turn,
        });
        self.act(Actor::Person(person(by)), Some(note), None, &command);
    }

    pub fn enrol(&mut self, who: &str, issued_by: Issuer, key: &SigningKey) {
        let statement = Statement::Enrol(Enrol {
            log: ORIGIN.into(),
            person: person(who),
            key: key.verifying_key().to_bytes(),
            nonce: self.nonce(),
        });
        let note = statement.sign(key).unwrap();
        let command = Command::BindDevice { person: person(who), key: public_base64(key), issued_by };
        self.act(Actor::Person(person(who)), Some(note), None, &command);
    }

    /// The whole record as a bundle.
    pub fn bundle(&self) -> Vec<u8> {
        let mut out = Cursor::new(Vec::new());
        let checkpoints = self.checkpoints.iter().map(|note| Ok((checkpoint_size(note), note.clone())));
        write_bundle(&mut out, &vkey(), self.lines.iter().cloned().map(Ok), checkpoints).unwrap();
        out.into_inner()
    }

    pub fn receipt(&self, seq: u64, size: u64) -> Receipt {
        let note = self.checkpoints.iter().find(|note| checkpoint_size(note) == size).unwrap();
        Receipt {
            seq,
            entry: self.lines[seq as usize].clone(),
            proof: self.tree.inclusion(seq, size).unwrap(),
            checkpoint: note.clone(),
        }
    }
}

pub fn rule(numerator: u32, denominator: u32, base: Base, strict: bool, tie: TieRule) -> MajorityRule {
    MajorityRule { numerator, denominator, base, constant: 0, strict, tie }
}

pub fn answers() -> Vec<AnswerMeaning> {
    [("yes", "Tán thành thông qua"), ("no", "Không tán thành"), ("abstain", "Không biểu quyết")]
        .map(|(key, meaning)| AnswerMeaning { key: answer(key), meaning: meaning.into() })
        .to_vec()
}

pub fn rules() -> RulesProfile {
    let over_half = rule(1, 2, Base::AllSeats, true, TieRule::Fails);
    let chair_decides = rule(1, 2, Base::YesAndNo, true, TieRule::ChairDecides);
    RulesProfile {
        speaking: Default::default(),
        preset: "generic".into(),
        seats: 6,
        quorum: rule(2, 3, Base::AllSeats, false, TieRule::Fails),
        quorum_enforced: true,
        majorities: vec![
            NamedRule { name: "over_half".into(), rule: over_half },
            NamedRule { name: "chair_decides".into(), rule: chair_decides },
        ],
        answers: answers(),
        ballot_seconds: 30,
        change_allowed: true,
        show_split: false,
        names: NamesPolicy::Public,
    }
}

/// `q1` belongs to `i1`, and so on.
pub fn sample_question(n: u32, title: &str, text: &str, rule: MajorityRule) -> Question {
    let mut question = Question {
        form: Default::default(),
        bloc: Vec::new(),
        id: question(&format!("q{n}")),
        item: item(&format!("i{n}")),
        title: title.into(),
        text: text.into(),
        answers: answers(),
        rule,
        seconds: 30,
        change_allowed: true,
        show_split: false,
        document_sha256: String::new(),
        groups: Vec::new(),
        min_choices: 0,
        live_names: false,
    };
    question.document_sha256 = document_hash(&question).hex();
    question
}

pub fn somebody(n: usize, id: &str, place: Option<&str>, offices: &[Office]) -> Person {
    const FAMILY: [&str; 4] = ["Nguyễn", "Trần", "Lê", "Phạm"];
    const GIVEN: [&str; 7] = ["An", "Bình", "Châu", "Dũng", "Giang", "Hạnh", "Khôi"];
    Person {
        id: person(id),
        name: format!("{} Mẫu {}", FAMILY[n % FAMILY.len()], GIVEN[n % GIVEN.len()]),
        seat: place.map(seat),
        group: if place.is_some() { format!("Tổ {}", n % 2 + 1) } else { String::new() },
        offices: offices.to_vec(),
    }
}

pub fn people() -> Vec<Person> {
    vec![
        somebody(0, "chu-toa", Some("a1"), &[Office::Chair]),
        somebody(1, "thu-ky", None, &[Office::Secretary]),
        somebody(2, "db1", Some("a2"), &[]),
        somebody(3, "db2", Some("a3"), &[]),
        somebody(4, "db3", Some("b1"), &[]),
        somebody(5, "db4", Some("b2"), &[]),
        somebody(6, "pho-chu-toa", None, &[Office::Chair]),
    ]
}

pub fn founding() -> Founding {
    Founding {
        council: CouncilId::parse("mau").unwrap(),
        origin: ORIGIN.into(),
        name: "Hội đồng nhân dân mẫu".into(),
        short_name: "HĐND mẫu".into(),
        rules: rules(),
        checkpoint_key: public_base64(&signing_key("the council")),
    }
}

pub fn checkpoint_size(note: &str) -> u64 {
    note.split('\n').nth(1).unwrap().parse().unwrap()
}
