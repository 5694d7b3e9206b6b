//! The councils a scenario plays in: founded, their people enrolled and checked in, a ballot opened and closed a round.

use super::drive::{Plan, drive};
use super::line::{Doors, open, socket_of};
use super::nodes::Nodes;
use super::receipts::Checker;
use super::voter::{Answer, Ready, Voter};
use super::{Console, LoadError, Under, at};
use crate::chamber::agenda::ItemKind;
use crate::chamber::command::{Command, NewItem};
use crate::chamber::event::Event;
use crate::chamber::ids::{BallotId, ItemId, PersonId, QuestionId, SeatId};
use crate::chamber::roll::{Office, Person};
use crate::client::{
    CheckedReceipt, Client, ClientError, DeviceKey, Endpoint, Host, Identity, Options, Topics, roster_csv, when,
};
use crate::ledger::entry::Entry;
use crate::wire::frames::Page;
use crate::wire::views::{BallotState, CouncilView, LiveView};
use futures_util::{StreamExt, TryStreamExt, stream};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// Below the ten tries that the server allows one address at a time.
const ENROLLING_AT_ONCE: usize = 4;
const COUNCILS_AT_ONCE: usize = 4;
const JOINING_AT_ONCE: usize = 64;
/// Codes are spent at once.
const CODE_LIFE: Duration = Duration::from_secs(600);
/// How long a screen may take to show what was recorded.
const SCREEN_LIMIT: Duration = Duration::from_secs(30);
/// How long everybody may take to come back after the servers were started again, and a node to know a new council.
const BACK_LIMIT: Duration = Duration::from_secs(60);
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// Items of one order: their texts must fit an entry.
const ITEMS_AT_ONCE: usize = 20;
/// More answers than are ever on their way: every socket of the largest scenario with its burst.
const ANSWERS: usize = 64 * 1024;
/// Adopts by more than half of all, and never asks the chair to break a tie.
const RULE: &str = "majority_of_all";
const OFFICER: &str = "chair";

/// What to found.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    pub councils: u32,
    pub delegates: u32,
    pub ballots: u32,
    /// The public sees the counts grow, so that a changed vote changes what it sees.
    pub show_split: bool,
    /// The chairs resume ballots that were put on hold, so they must see them.
    pub resumed: bool,
}

pub struct Hall {
    pub councils: Vec<Council>,
    pub voters: Vec<Voter>,
    pub answers: mpsc::Receiver<Answer>,
}

pub struct Council {
    pub id: String,
    officer: Client,
    checker: Arc<Checker>,
    items: Vec<ItemId>,
    delegates: Vec<Identity>,
}

/// A ballot that takes votes.
#[derive(Debug, Clone)]
pub struct Open {
    pub ballot: BallotId,
    pub document_sha256: String,
}

impl Hall {
    /// Founds the councils and enrols everybody. Nobody has a page open yet but the chairs.
    pub async fn found<C: Console>(under: &Under<'_, C>, wanted: Wanted) -> Result<Self, LoadError> {
        let founding = (0..wanted.councils).map(|n| Council::found(under, format!("load-{n}"), wanted));
        let councils = stream::iter(founding).buffered(COUNCILS_AT_ONCE).try_collect().await?;
        Ok(Self { councils, voters: Vec::new(), answers: mpsc::channel(1).1 })
    }

    /// Every delegate opens the page and checks in.
    pub async fn seat_everybody(&mut self, doors: &Doors) -> Result<(), LoadError> {
        let (sender, answers) = mpsc::channel(ANSWERS);
        self.answers = answers;
        let delegates = self.councils.iter().enumerate().flat_map(|(council, held)| {
            held.delegates.iter().map(move |identity| (council, identity.clone(), held.checker.clone()))
        });
        let joining = delegates.enumerate().map(|(number, (council, identity, checker))| {
            Voter::join(doors, (number, council), identity, checker, sender.clone())
        });
        self.voters = stream::iter(joining).buffered(JOINING_AT_ONCE).try_collect().await?;
        let arriving = self.voters.iter().enumerate().map(|(number, voter)| {
            let person = voter.identity.person().clone();
            Ok((number, voter.order(&Command::CheckIn { person, reason: None })?))
        });
        let arriving: Vec<(usize, Ready)> = arriving.collect::<Result<_, LoadError>>()?;
        drive(&self.voters, &mut self.answers, Plan::once(arriving, Duration::ZERO)).await?;
        Ok(())
    }

    /// Waits until everybody has a connection again after the servers were started anew.
    pub async fn everybody_back(&self, nodes: &Nodes) -> Result<(), LoadError> {
        for council in &self.councils {
            known_everywhere(nodes, &council.id).await?;
            council.officer.joined(BACK_LIMIT).await.map_err(at("the chair's return"))?;
        }
        let until = Instant::now() + BACK_LIMIT;
        while !self.voters.iter().all(Voter::is_joined) {
            if Instant::now() >= until {
                return Err(LoadError::TooLong("the delegates' return"));
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
        Ok(())
    }

    /// How often delegates lost their connection, and how many of their acts were sent again for it.
    pub fn returns(&self) -> (u64, u64) {
        let each = self.voters.iter().map(Voter::returns);
        each.fold((0, 0), |(back, again), one| (back + one.0, again + one.1))
    }

    /// Resumes each ballot as often as it is put on hold, for as long as this is polled.
    pub async fn keep_open(&self, open: &[Open]) {
        stream::iter(self.councils.iter().zip(open))
            .for_each_concurrent(None, async |(council, open)| council.keep_open(open).await)
            .await;
    }

    /// What was counted in each council, by answer.
    pub async fn tallies(&self, open: &[Open]) -> Result<Vec<BTreeMap<String, u32>>, LoadError> {
        stream::iter(self.councils.iter().zip(open).map(|(council, open)| council.tally(open)))
            .buffered(JOINING_AT_ONCE)
            .try_collect()
            .await
    }

    /// Opens the `n`-th ballot in every council.
    pub async fn open_ballots(&self, n: usize) -> Result<Vec<Open>, LoadError> {
        stream::iter(self.councils.iter().map(|council| council.open_ballot(n)))
            .buffered(JOINING_AT_ONCE)
            .try_collect()
            .await
    }

    /// Closes, confirms and announces them.
    pub async fn close_ballots(&self, open: &[Open]) -> Result<(), LoadError> {
        stream::iter(self.councils.iter().zip(open).map(|(council, open)| council.close_ballot(open)))
            .buffered(JOINING_AT_ONCE)
            .try_collect()
            .await
    }
}

impl Council {
    async fn found<C: Console>(under: &Under<'_, C>, id: String, wanted: Wanted) -> Result<Self, LoadError> {
        let host = under.console.found(&id, wanted.delegates).await.map_err(at("founding a council"))?;
        let people = people(wanted.delegates)?;
        host.import_roster(&roster_csv(&people)).await.map_err(at("putting the delegates on the roll"))?;
        let officer = enrol(&host, OFFICER).await.map_err(at("enrolling the chair"))?;
        let seated = people.iter().filter(|person| person.seat.is_some());
        let delegates = stream::iter(seated.map(|person| enrol(&host, person.id.as_str())))
            .buffered(ENROLLING_AT_ONCE)
            .try_collect()
            .await
            .map_err(at("enrolling the delegates"))?;
        let checker = Arc::new(Checker::new(officer.record_key().clone()));
        known_everywhere(under.nodes, &id).await?;
        let topics = Topics { council: true, live: wanted.resumed, ..Topics::NONE };
        let options = Options { topics, ..Options::default() };
        let endpoint = Endpoint::new(&under.nodes.doors().last().url(), &id)?;
        let officer = Client::connect(&endpoint, Page::Chair, Some(&officer), options)
            .await
            .map_err(at("opening the chair's page"))?;
        let mut council = Self { id, officer, checker, items: Vec::new(), delegates };
        council.prepare(wanted).await?;
        Ok(council)
    }

    /// Session, agenda, sitting, gavel.
    async fn prepare(&mut self, wanted: Wanted) -> Result<(), LoadError> {
        self.order("creating the session", Command::create_session("Load", "Load")).await?;
        let numbers: Vec<u32> = (1..=wanted.ballots).collect();
        for some in numbers.chunks(ITEMS_AT_ONCE) {
            let items = Command::add_items(some.iter().map(|n| item(*n)).collect());
            self.order("filling the agenda", items).await?;
        }
        let all = |council: &CouncilView| council.agenda.len() == wanted.ballots as usize;
        let shown = when(&self.officer.views().council, SCREEN_LIMIT, all).await.map_err(at("reading the agenda"))?;
        for item in &shown.agenda {
            let id = ItemId::parse(item.id.as_str()).map_err(|_| LoadError::Broken("an item's id"))?;
            if wanted.show_split {
                let question = item.questions.first().ok_or(LoadError::Broken("an item without a question"))?;
                let replaces = QuestionId::parse(question.id.as_str()).map_err(|_| LoadError::Broken("an id"))?;
                self.order("preparing a question", with_split(&id, &question.title, replaces)).await?;
            }
            self.items.push(id);
        }
        self.order("opening the sitting", Command::open_sitting("Load")).await?;
        self.order("taking the gavel", Command::TakeGavel { reason: None }).await.map(drop)
    }

    async fn open_ballot(&self, n: usize) -> Result<Open, LoadError> {
        let item = self.items.get(n).ok_or(LoadError::Broken("the agenda has run out"))?;
        self.order("starting an item", Command::StartItem { item: item.clone() }).await?;
        let council = self.officer.views().council.borrow().clone();
        let shown = council.as_ref().and_then(|council| council.agenda.iter().find(|i| i.id == item.as_str()));
        let question = shown.and_then(|item| item.questions.first()).ok_or(LoadError::Broken("no question"))?;
        let id = QuestionId::parse(question.id.as_str()).map_err(|_| LoadError::Broken("a question's id"))?;
        let open = Command::OpenBallot { question: id, seconds: Some(0) };
        let receipt = self.order("opening a ballot", open).await?;
        let event = Entry::decode(&receipt.receipt.entry).map(|entry| entry.event);
        let Ok(Event::BallotOpened { ballot, .. }) = event else { return Err(LoadError::Broken("no ballot opened")) };
        Ok(Open { ballot, document_sha256: question.document_sha256.clone() })
    }

    async fn close_ballot(&self, open: &Open) -> Result<(), LoadError> {
        let ballot = || open.ballot.clone();
        self.order("closing a ballot", Command::CloseBallot { ballot: ballot() }).await?;
        self.order("confirming a ballot", Command::ConfirmBallot { ballot: ballot(), casting: None }).await?;
        self.order("announcing a result", Command::AnnounceBallot { ballot: ballot() }).await.map(drop)
    }

    async fn keep_open(&self, open: &Open) {
        loop {
            let held = |live: &LiveView| {
                live.ballot
                    .as_ref()
                    .is_some_and(|shown| shown.id == open.ballot.as_str() && shown.state == BallotState::OnHold)
            };
            // Nothing to do for so long, or its page is coming back: look again.
            if when(&self.officer.views().live, SCREEN_LIMIT, held).await.is_ok() {
                let resume = Command::ResumeBallot { ballot: open.ballot.clone() };
                // Refused where the screen was behind; then it is soon right.
                let _ = self.officer.order(&resume).await;
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    async fn tally(&self, open: &Open) -> Result<BTreeMap<String, u32>, LoadError> {
        let counted = |council: &CouncilView| {
            let questions = council.agenda.iter().flat_map(|item| &item.questions);
            let ballot = questions.flat_map(|question| &question.ballots).find(|b| b.id == open.ballot.as_str())?;
            let counts = &ballot.result.as_ref()?.counts;
            Some(counts.iter().map(|count| (count.answer.clone(), count.count)).collect())
        };
        let latest = &self.officer.views().council;
        let shown =
            when(latest, SCREEN_LIMIT, |council| counted(council).is_some()).await.map_err(at("reading a result"))?;
        counted(&shown).ok_or(LoadError::Broken("no result"))
    }

    async fn order(&self, step: &'static str, command: Command) -> Result<CheckedReceipt, LoadError> {
        self.officer.order(&command).await.map_err(at(step))
    }
}

/// Every node must have heard of the council before its people open pages there.
async fn known_everywhere(nodes: &Nodes, council: &str) -> Result<(), LoadError> {
    let until = Instant::now() + BACK_LIMIT;
    for node in 0..nodes.count() {
        while let Err(error) = open(nodes.doors().turn(node), &socket_of(council)).await {
            if Instant::now() >= until {
                return Err(error);
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }
    Ok(())
}

async fn enrol(host: &impl Host, person: &str) -> Result<Identity, ClientError> {
    let code = host.issue_code(person, CODE_LIFE).await?;
    host.endpoint().enrol(&code, DeviceKey::generate()?).await
}

/// Delegates `p1` … and one officer without a seat, whom nobody counts.
fn people(delegates: u32) -> Result<Vec<Person>, LoadError> {
    let id = |id: String| PersonId::parse(id).map_err(|_| LoadError::Broken("a person's id"));
    let mut people = Vec::new();
    for n in 1..=delegates {
        people.push(Person {
            id: id(format!("p{n}"))?,
            name: format!("Delegate {n}"),
            seat: SeatId::parse(n.to_string()).ok(),
            group: String::new(),
            offices: Vec::new(),
        });
    }
    people.push(Person {
        id: id(OFFICER.to_owned())?,
        name: "Chair".to_owned(),
        seat: None,
        group: String::new(),
        offices: vec![Office::Chair, Office::Secretary],
    });
    Ok(people)
}

fn item(n: u32) -> NewItem {
    NewItem {
        number: n.to_string(),
        kind: ItemKind::Vote,
        title: format!("Resolution {n}"),
        short_title: None,
        minutes: None,
        rule: Some(RULE.to_owned()),
        level: 0,
        planned_at: None,
        presenter: None,
        closed: false,
    }
}

fn with_split(item: &ItemId, title: &str, replaces: QuestionId) -> Command {
    Command::PrepareQuestion {
        item: item.clone(),
        title: title.to_owned(),
        text: String::new(),
        rule: RULE.to_owned(),
        seconds: None,
        show_split: Some(true),
        replaces: Some(replaces),
        form: None,
        answers: None,
        change_allowed: Some(true),
        groups: Vec::new(),
        min_choices: 0,
        live_names: false,
    }
}
