//! A sitting that has begun: what most of the stories start from.

use crate::hall::{Hall, LIMIT, join};
use dienhong::chamber::agenda::ItemKind;
use dienhong::chamber::command::{Command, NewItem};
use dienhong::chamber::ids::{BallotId, ItemId, PersonId, QuestionId};
use dienhong::client::{CheckedReceipt, Client, Endpoint, Identity, when};
use dienhong::wire::frames::Page;
use dienhong::wire::views::{BallotState, BallotView, QuestionView};
use std::sync::Arc;

/// Seconds a ballot stays open in tests that do not wait for its end.
pub const LONG: Option<u32> = Some(3_600);

/// The hall after the secretary prepared it: a session with resolutions, an open sitting, delegates checked in, the gavel in
/// the chair's hand, the first resolution the current item.
pub struct Floor {
    pub chair: Client,
    pub secretary: Client,
    /// `p1` …, as many as asked for; all of them present.
    pub delegates: Vec<Identity>,
    endpoint: Endpoint,
}

impl Floor {
    /// `items` resolutions on the agenda, `present` delegates there.
    pub async fn ready(hall: &Hall, items: usize, present: usize) -> Self {
        let mut delegates = Vec::new();
        for person in &hall.people[..present] {
            delegates.push(hall.enrol(person.id.as_str()).await);
        }
        let secretary = hall.enrol(hall.secretary()).await;
        Self::begin(hall.endpoint(), &secretary, delegates, items).await
    }

    /// The same with devices that are there already.
    pub async fn begin(endpoint: Endpoint, secretary: &Identity, delegates: Vec<Identity>, items: usize) -> Self {
        let secretary = join(&endpoint, Page::Admin, secretary).await;
        let chair = join(&endpoint, Page::Chair, &delegates[0]).await;
        let session = Command::create_session("Kỳ họp thứ nhất", "2026–2031");
        recorded(&secretary, session).await;
        if items > 0 {
            recorded(&secretary, Command::add_items((1..=items).map(resolution).collect())).await;
        }
        recorded(&secretary, Command::open_sitting("Phiên khai mạc")).await;
        for delegate in &delegates {
            let person = delegate.person().clone();
            recorded(&secretary, Command::CheckIn { person, reason: Some("có mặt tại hội trường".to_owned()) }).await;
        }
        recorded(&chair, Command::TakeGavel { reason: None }).await;
        let floor = Self { chair, secretary, delegates, endpoint };
        if items > 0 {
            floor.start_item(0).await;
        }
        floor
    }

    pub async fn start_item(&self, index: usize) {
        let council = when(&self.chair.views().council, LIMIT, |council| council.agenda.len() > index).await;
        let item = council.expect("the agenda").agenda[index].id.clone();
        recorded(&self.chair, Command::StartItem { item: item_id(&item) }).await;
        when(&self.chair.views().live, LIMIT, |live| live.item.as_ref() == Some(&item)).await.expect("the item");
    }

    /// The question of the current item.
    pub async fn question(&self) -> QuestionView {
        question(&self.chair).await
    }

    /// Opens a ballot on the current item.
    pub async fn open(&self, seconds: Option<u32>) -> BallotView {
        let question = QuestionId::parse(self.question().await.id).expect("an id");
        recorded(&self.chair, Command::OpenBallot { question, seconds }).await;
        ballot(&self.chair, |ballot| ballot.state == BallotState::Open).await
    }

    /// Gives one order about the ballot and waits until the chair's page shows that state.
    pub async fn chairs(&self, command: Command, state: BallotState) -> BallotView {
        recorded(&self.chair, command).await;
        ballot(&self.chair, |ballot| ballot.state == state).await
    }

    pub async fn delegate(&self, index: usize) -> Client {
        join(&self.endpoint, Page::Delegate, &self.delegates[index]).await
    }
}

pub async fn recorded(client: &Client, command: Command) -> CheckedReceipt {
    match client.order(&command).await {
        Ok(receipt) => receipt,
        Err(error) => panic!("{command:?}: {error}"),
    }
}

/// The ballot a page shows, once it satisfies `wanted`.
pub async fn ballot(client: &Client, wanted: impl Fn(&BallotView) -> bool) -> BallotView {
    let live = when(&client.views().live, LIMIT, |live| live.ballot.as_ref().is_some_and(&wanted)).await;
    live.expect("the ballot").ballot.clone().expect("a ballot")
}

/// The question of the current item, as a page shows it.
pub async fn question(client: &Client) -> QuestionView {
    let live = when(&client.views().live, LIMIT, |live| live.item.is_some()).await.expect("a current item");
    let item = live.item.clone();
    let council = when(&client.views().council, LIMIT, |council| {
        council.agenda.iter().any(|shown| Some(&shown.id) == item.as_ref() && !shown.questions.is_empty())
    });
    let council: Arc<_> = council.await.expect("the agenda");
    let shown = council.agenda.iter().find(|shown| Some(&shown.id) == item.as_ref()).expect("the item");
    shown.questions[0].clone()
}

/// Votes as a page does: reads what is shown, and sends until the receipt is there.
pub async fn vote(client: &Client, answer: &str) -> CheckedReceipt {
    let shown = ballot(client, |ballot| ballot.state == BallotState::Open).await;
    let asked = question(client).await;
    client.vote(&shown, &asked, answer).await.expect("the vote is taken")
}

fn resolution(n: usize) -> NewItem {
    NewItem {
        number: n.to_string(),
        kind: ItemKind::Vote,
        title: format!("Nghị quyết số {n} về kế hoạch đầu tư công"),
        short_title: None,
        minutes: None,
        rule: Some("majority_of_all".to_owned()),
        level: 0,
        planned_at: None,
        presenter: None,
        closed: false,
    }
}

pub fn person(id: &str) -> PersonId {
    PersonId::parse(id).expect("an id")
}

pub fn ballot_id(id: &str) -> BallotId {
    BallotId::parse(id).expect("an id")
}

fn item_id(id: &str) -> ItemId {
    ItemId::parse(id).expect("an id")
}
