//! A small hall to tell stories in: a chamber, its clock and its record. Every accepted act is checked against the
//! chamber's invariants.
#![allow(dead_code)] // Each test file uses its own part.

use dienhong::chamber::agenda::ItemKind;
use dienhong::chamber::ballot::Verdict;
use dienhong::chamber::command::{Actor, CastVote, Command, Founding, Issuer, NewItem};
use dienhong::chamber::event::Event;
use dienhong::chamber::ids::{AnswerKey, BallotId, CouncilId, ItemId, Millis, PersonId, QuestionId, SeatId};
use dienhong::chamber::refusal::Refusal;
use dienhong::chamber::roll::{Office, Person};
use dienhong::chamber::rules::RulesProfile;
use dienhong::chamber::{Chamber, invariants, presets};

pub const SYSTEM: Actor = Actor::System;
pub const OPERATOR: Actor = Actor::Operator;
pub const CHECKPOINT_KEY: &str = "//////////////////////////////////////////A=";
pub const SHA256: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

#[derive(Debug, Clone)]
pub struct Hall {
    pub chamber: Chamber,
    pub now: Millis,
    pub record: Vec<(Millis, Event)>,
}

impl Hall {
    /// Before anything is founded.
    pub fn unfounded() -> Self {
        Self { chamber: Chamber::new(), now: Millis(1_765_000_000_000), record: Vec::new() }
    }

    /// Delegates `p1` … on seats `1` …; `p1` and `p2` may preside; `clerk` is the secretary, `admin` the administrator.
    pub fn founded(rules: RulesProfile, delegates: u32) -> Self {
        let mut hall = Self::unfounded();
        hall.must(&OPERATOR, found(rules));
        let delegates = (1..=delegates).map(|n| {
            let offices = if n <= 2 { vec![Office::Chair] } else { Vec::new() };
            somebody(&format!("p{n}"), Some(&n.to_string()), offices)
        });
        let officers =
            [somebody("clerk", None, vec![Office::Secretary]), somebody("admin", None, vec![Office::Administrator])];
        hall.must(&OPERATOR, import(delegates.chain(officers).collect()));
        hall
    }

    /// A sitting is open, `p1` presides, the delegates `p1` … `p<present>` are there. The agenda: `i1` opening, `i2` and `i3`
    /// votes (with `q1`, `q2`), `i4` an election.
    pub fn sitting(rules: RulesProfile, delegates: u32, present: u32) -> Self {
        let mut hall = Self::founded(rules, delegates);
        hall.must(&by("clerk"), Command::create_session("Kỳ họp thứ 29", "2021–2026"));
        let items = [
            ("1", ItemKind::Ceremony, "Khai mạc", None),
            ("2", ItemKind::Vote, "Nghị quyết về ngân sách", None),
            ("3", ItemKind::Vote, "Nghị quyết về quy hoạch", Some("two_thirds_of_all")),
            ("4", ItemKind::Election, "Bầu bổ sung", Some("secret_majority_of_all")),
        ];
        let items = items.map(|(number, kind, title, rule)| new_item(number, kind, title, rule)).to_vec();
        hall.must(&by("clerk"), Command::add_items(items));
        hall.must(&by("clerk"), Command::open_sitting("Phiên khai mạc"));
        hall.must(&by("p1"), Command::TakeGavel { reason: None });
        for n in 1..=present {
            hall.check_in(&format!("p{n}"));
        }
        hall
    }

    /// As [`Self::sitting`], at item `i2`.
    pub fn at_question(rules: RulesProfile, delegates: u32, present: u32) -> Self {
        let mut hall = Self::sitting(rules, delegates, present);
        hall.start("i2");
        hall
    }

    /// Decides and applies; what comes out is what happened.
    pub fn act(&mut self, who: &Actor, command: Command) -> Result<Vec<Event>, Refusal> {
        let before = self.chamber.clone();
        let events = self.chamber.decide(self.now, who, &command)?;
        assert!(!events.is_empty(), "an accepted command leaves a trace: {command:?}");
        for event in &events {
            assert_eq!(self.chamber.fits(self.now, event), Ok(()), "{event:?} of {command:?}");
            self.chamber.apply(self.now, self.record.len() as u64, event);
            self.record.push((self.now, event.clone()));
            assert_eq!(invariants::check(&self.chamber), Ok(()), "after {event:?} of {command:?}");
        }
        assert_eq!(invariants::check_sealed(&before, &self.chamber), Ok(()), "after {command:?}");
        Ok(events)
    }

    pub fn must(&mut self, who: &Actor, command: Command) -> Vec<Event> {
        let told = format!("{command:?} by {who:?}");
        self.act(who, command).unwrap_or_else(|refusal| panic!("{told}: {}", refusal.code()))
    }

    /// Refused, and nothing changed.
    pub fn refused(&mut self, who: &Actor, command: Command) -> Refusal {
        let before = self.chamber.clone();
        let told = format!("{command:?} by {who:?}");
        match self.act(who, command) {
            Ok(events) => panic!("{told} was accepted: {events:?}"),
            Err(refusal) => {
                assert_eq!(self.chamber, before);
                refusal
            }
        }
    }

    pub fn wait(&mut self, seconds: u64) {
        self.now = self.now.plus(seconds * 1_000);
    }

    /// What the clock brings about, if anything.
    pub fn tick(&mut self) -> Vec<Event> {
        match self.chamber.due(self.now) {
            Some(command) => self.must(&SYSTEM, command),
            None => Vec::new(),
        }
    }

    pub fn check_in(&mut self, person: &str) {
        self.must(&by(person), Command::CheckIn { person: pid(person), reason: None });
    }

    pub fn check_out(&mut self, person: &str) {
        self.must(&by(person), Command::CheckOut { person: pid(person), reason: None });
    }

    pub fn start(&mut self, item: &str) {
        self.must(&by("p1"), Command::StartItem { item: iid(item) });
    }

    pub fn open(&mut self, question: &str) {
        self.must(&by("p1"), Command::OpenBallot { question: qid(question), seconds: None });
    }

    pub fn close(&mut self, ballot: &str) {
        self.must(&by("p1"), Command::CloseBallot { ballot: bid(ballot) });
    }

    pub fn confirm(&mut self, ballot: &str) {
        self.must(&by("p1"), Command::ConfirmBallot { ballot: bid(ballot), casting: None });
    }

    pub fn announce(&mut self, ballot: &str) {
        self.must(&by("p1"), Command::AnnounceBallot { ballot: bid(ballot) });
    }

    pub fn void(&mut self, ballot: &str, reason: &str) {
        self.must(&by("p1"), Command::VoidBallot { ballot: bid(ballot), reason: reason.into() });
    }

    /// Opens, lets each of `votes` vote, closes, confirms, announces.
    pub fn decide_question(&mut self, question: &str, ballot: &str, votes: &[(&str, &str)]) {
        self.open(question);
        for (person, answer) in votes {
            self.vote(ballot, person, answer);
        }
        self.close(ballot);
        self.confirm(ballot);
        self.announce(ballot);
    }

    /// A person's next vote, as their tablet would cast it.
    pub fn ballot_paper(&self, ballot: &str, person: &str, answer: &str) -> CastVote {
        let ballot = bid(ballot);
        CastVote {
            document_sha256: self.chamber.ballot(&ballot).map(|b| b.document_sha256.clone()).unwrap_or_default(),
            more: Vec::new(),
            turn: self.chamber.next_turn(&ballot, &pid(person)),
            person: pid(person),
            answer: AnswerKey::parse(answer).expect("an id"),
            ballot,
        }
    }

    pub fn vote(&mut self, ballot: &str, person: &str, answer: &str) {
        let vote = self.ballot_paper(ballot, person, answer);
        self.must(&by(person), Command::CastVote(vote));
    }

    pub fn vote_refused(&mut self, ballot: &str, person: &str, answer: &str) -> Refusal {
        let vote = self.ballot_paper(ballot, person, answer);
        self.refused(&by(person), Command::CastVote(vote))
    }

    /// Counts for yes, no, abstain.
    pub fn counts(&self, ballot: &str) -> [u32; 3] {
        let counted = self.chamber.tally(&bid(ballot)).expect("a tally");
        let of = |key: &str| counted.answers.iter().find(|a| a.answer.as_str() == key).map_or(0, |a| a.count);
        [of("yes"), of("no"), of("abstain")]
    }

    pub fn verdict(&self, ballot: &str) -> Option<Verdict> {
        self.chamber.ballot(&bid(ballot)).and_then(|ballot| ballot.outcome.as_ref()).and_then(|o| o.verdict)
    }

    /// The chamber that the record alone gives.
    pub fn replayed(&self) -> Chamber {
        let mut chamber = Chamber::new();
        for (seq, (at, event)) in self.record.iter().enumerate() {
            chamber.apply(*at, seq as u64, event);
        }
        chamber
    }
}

pub fn province(seats: u32) -> RulesProfile {
    presets::province(seats)
}

pub fn generic(seats: u32) -> RulesProfile {
    presets::generic(seats)
}

pub fn found(rules: RulesProfile) -> Command {
    Command::FoundCouncil(Box::new(Founding {
        council: CouncilId::parse("hanoi").expect("an id"),
        origin: "hdnd.example/hanoi".into(),
        name: "Hội đồng nhân dân thành phố".into(),
        short_name: "HĐND".into(),
        rules,
        checkpoint_key: CHECKPOINT_KEY.into(),
    }))
}

pub fn import(people: Vec<Person>) -> Command {
    Command::ImportRoster { sha256: SHA256.into(), people }
}

pub fn somebody(id: &str, seat: Option<&str>, offices: Vec<Office>) -> Person {
    Person {
        id: pid(id),
        name: format!("Đại biểu {id}"),
        seat: seat.map(|seat| SeatId::parse(seat).expect("an id")),
        group: "Tổ 1".into(),
        offices,
    }
}

pub fn bind(person: &str, key: &str) -> Command {
    Command::BindDevice { person: pid(person), key: key.into(), issued_by: Issuer::Operator }
}

/// The `n`-th of a few canonical keys.
pub fn key(n: u32) -> String {
    let letter = char::from(b'A' + u8::try_from(n % 26).expect("below 26"));
    format!("{}A=", letter.to_string().repeat(42))
}

pub fn new_item(number: &str, kind: ItemKind, title: &str, rule: Option<&str>) -> NewItem {
    NewItem {
        number: number.into(),
        kind,
        title: title.into(),
        short_title: None,
        minutes: None,
        rule: rule.map(str::to_owned),
        level: 0,
        planned_at: None,
        presenter: None,
        closed: false,
    }
}

pub fn prepare(item: &str, title: &str, rule: &str, replaces: Option<&str>) -> Command {
    Command::PrepareQuestion {
        item: iid(item),
        title: title.into(),
        text: String::new(),
        rule: rule.into(),
        seconds: None,
        show_split: None,
        replaces: replaces.map(qid),
        form: None,
        answers: None,
        change_allowed: None,
        groups: Vec::new(),
        min_choices: 0,
        live_names: false,
    }
}

/// The same question, for `groups` only, asking for so many names at least, with its answers shown live.
pub fn limited(prepared: Command, to: &[&str], least: u32, live: bool) -> Command {
    match prepared {
        Command::PrepareQuestion { item, title, text, rule, seconds, show_split, replaces, form, answers, .. } => {
            Command::PrepareQuestion {
                item,
                title,
                text,
                rule,
                seconds,
                show_split,
                replaces,
                form,
                answers,
                change_allowed: None,
                groups: to.iter().map(|group| (*group).to_owned()).collect(),
                min_choices: least,
                live_names: live,
            }
        }
        other => other,
    }
}

/// `person` is moved to another group.
pub fn regroup(hall: &mut Hall, person: &str, group: &str) {
    let known = hall.chamber.person(&pid(person)).expect("on the roll").clone();
    hall.must(&OPERATOR, Command::SetPerson { person: Person { group: group.into(), ..known } });
}

pub fn by(person: &str) -> Actor {
    Actor::Person(pid(person))
}

pub fn pid(id: &str) -> PersonId {
    PersonId::parse(id).expect("an id")
}

pub fn iid(id: &str) -> ItemId {
    ItemId::parse(id).expect("an id")
}

pub fn qid(id: &str) -> QuestionId {
    QuestionId::parse(id).expect("an id")
}

pub fn bid(id: &str) -> BallotId {
    BallotId::parse(id).expect("an id")
}
