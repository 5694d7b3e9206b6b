//! A rehearsal is a council beside the council: everything works in it, and nothing is left of it.

use crate::floor::{Floor, LONG, ballot, ballot_id, question, recorded, vote};
use crate::hall::{COUNCIL, Hall, LIMIT, ORIGIN, council_id, join, verified_export};
use crate::plain_http::{get, get_at};
use crate::support::place::Place;
use crate::tablet::Tablet;
use dienhong::app::control::{self, Request, Response};
use dienhong::chamber::command::Command;
use dienhong::chamber::ids::{ItemId, QuestionId};
use dienhong::client::{Client, ClientError, Endpoint, Identity, Outcome, when};
use dienhong::wire::frames::{Page, Reply, ServerFrame, View};
use dienhong::wire::http::CouncilBrief;
use dienhong::wire::views::{BallotState, CouncilView, Presence};

const REHEARSAL: &str = "mau.rehearsal";

on_every_store! {
    what_is_rehearsed_leaves_nothing_behind,
}

async fn what_is_rehearsed_leaves_nothing_behind(store: Place) {
    let mut hall = Hall::open(store, "province", 4).await;
    let floor = Floor::ready(&hall, 2, 3).await;
    let endpoint = hall.endpoint();
    let record = get(&endpoint, "record/checkpoint").await.text();

    let refused = begin(&floor.delegate(2).await).await.expect_err("not for delegates");
    assert!(refused.is_refusal("not_allowed"), "{refused}");
    assert_eq!(begin(&floor.secretary).await.expect("begun"), REHEARSAL);
    assert_eq!(begin(&floor.chair).await.expect("it runs"), REHEARSAL);
    when(&floor.chair.views().council, LIMIT, |council| council.rehearsing.as_deref() == Some(REHEARSAL))
        .await
        .expect("the council's own pages tell of it");
    let listed: Vec<CouncilBrief> = get_at(&endpoint, "/api/councils", "").await.json();
    assert_eq!(listed.iter().map(|council| council.id.as_str()).collect::<Vec<_>>(), [COUNCIL]);

    // It looks the same, is marked, and has nothing of the day in it.
    let stage = Endpoint::new(&hall.base_url(), REHEARSAL).expect("an address");
    let council = council_of(&stage).await;
    assert!(council.rehearsal && council.rehearsing.is_none());
    assert_eq!(council.origin, format!("{ORIGIN}/rehearsal"));
    assert_eq!(council.agenda.len(), 2);
    assert!(council.agenda.iter().all(|item| item.questions.len() == 1 && item.started_at.is_none()));
    let own = council_of(&endpoint).await;
    assert_eq!(titles(&council), titles(&own));
    assert_ne!(council.vkey.rsplit('+').next(), own.vkey.rsplit('+').next(), "the key is its own");

    // Tablets come in with the keys they have.
    let player = |identity: &Identity| identity.in_rehearsal(REHEARSAL, &council.vkey).expect("a key");
    let chair = join(&stage, Page::Chair, &player(&floor.delegates[0])).await;
    let secretary = join(&stage, Page::Admin, &player(floor.secretary.identity().expect("signed in"))).await;
    let delegate = join(&stage, Page::Delegate, &player(&floor.delegates[1])).await;
    let me = when(&delegate.views().me, LIMIT, |_| true).await.expect("known");
    assert_eq!(me.presence, Presence::Absent, "nobody has come in yet");
    play_a_ballot(&chair, &secretary, &delegate, &council).await;
    let no_code = secretary.issue_code("p3").await.expect_err("nobody enrols in a rehearsal");
    assert!(no_code.is_refusal("not_allowed"), "{no_code}");
    let no_rehearsal = begin(&chair).await.expect_err("of a rehearsal there is none");
    assert!(no_rehearsal.is_refusal("not_allowed"), "{no_rehearsal}");

    // The council has seen nothing of it.
    assert_eq!(get(&endpoint, "record/checkpoint").await.text(), record);
    assert_eq!(hall.platform().store().councils().await, Ok(vec![council_id()]));
    let live = floor.chair.views().live.borrow().clone().expect("the hall");
    assert!(live.ballot.is_none());

    let mut watcher = Tablet::join(&stage, Page::Delegate, &player(&floor.delegates[2])).await;
    watcher.until(|frame| matches!(frame, ServerFrame::View { view: View::Me(_), .. }).then_some(())).await;
    end(&floor.secretary).await.expect("ended");
    assert_eq!(watcher.closing().await, (4008, None), "its pages are told not to come back");
    when(&floor.chair.views().council, LIMIT, |council| council.rehearsing.is_none()).await.expect("it is over");
    assert_eq!(get(&stage, "api/view/council").await.problem(), "unknown_council");
    end(&floor.secretary).await.expect("to end nothing is no fault");

    // The next one begins afresh, and may be ended from within.
    begin(&floor.secretary).await.expect("begun again");
    let again = council_of(&stage).await;
    assert_ne!(again.vkey, council.vkey);
    assert!(again.agenda.iter().all(|item| item.questions[0].ballots.is_empty()));
    let player = floor.delegates[0].in_rehearsal(REHEARSAL, &again.vkey).expect("a key");
    let mut within = Tablet::join(&stage, Page::Chair, &player).await;
    let order = player.order_named("end_rehearsal", "", "{}").expect("signed");
    let id = within.id();
    within.say(&dienhong::wire::frames::ClientFrame::Order { id, statement: order, arguments: "{}".to_owned() }).await;
    assert_eq!(within.closing().await.0, 4008);
    when(&floor.chair.views().council, LIMIT, |council| council.rehearsing.is_none()).await.expect("it is over");

    // One that runs when the server stops is gone with it.
    begin(&floor.secretary).await.expect("begun once more");
    let before = get(&endpoint, "record/checkpoint").await.text();
    assert_eq!(before, record);
    hall.stop().await;
    hall.start().await;
    assert_eq!(get(&stage, "api/view/council").await.problem(), "unknown_council");
    let place = hall.place();
    hall.stop().await;
    let lines = verified_export(&place, &hall.path("record.tar")).await;
    assert!(lines.iter().all(|line| !line.contains("rehearsal")));
    hall.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn blocs_come_along_where_their_parts_do() {
    let hall = Hall::open(Place::sqlite(), "province", 4).await;
    let floor = Floor::ready(&hall, 5, 2).await;
    let by = &floor.secretary;
    // All of them stand on the first item, before what they are made of.
    for (title, parts) in [("Ba và bốn", ["q3", "q4"]), ("Hai và năm", ["q2", "q5"]), ("Hai và ba", ["q2", "q3"])]
    {
        let questions = parts.map(qid).to_vec();
        recorded(by, Command::PrepareBloc { item: iid("i1"), title: title.to_owned(), questions, live_names: false })
            .await;
    }
    recorded(by, reworded("i4", "q4")).await;
    recorded(by, Command::RemoveItem { item: iid("i5") }).await;

    assert_eq!(begin(by).await.expect("begun"), REHEARSAL);
    let stage = Endpoint::new(&hall.base_url(), REHEARSAL).expect("an address");
    let council = council_of(&stage).await;
    let asked: Vec<Vec<(&str, &str)>> = council
        .agenda
        .iter()
        .map(|item| item.questions.iter().map(|asked| (asked.id.as_str(), asked.title.as_str())).collect())
        .collect();
    let title = |n: usize| council.agenda[n].title.as_str();
    let expected = [
        vec![("q1", title(0)), ("q5", "Hai và ba")],
        vec![("q2", title(1))],
        vec![("q3", title(2))],
        vec![("q4", "Cách viết khác")],
    ];
    assert_eq!(asked, expected);
    let part = |n: usize| {
        let asked = &council.agenda[n].questions[0];
        (asked.id.clone(), asked.title.clone(), asked.document_sha256.clone())
    };
    let parts: Vec<_> = council.agenda[0].questions[1]
        .bloc
        .iter()
        .map(|part| (part.question.clone(), part.title.clone(), part.document_sha256.clone()))
        .collect();
    assert_eq!(parts, [part(1), part(2)]);
    end(by).await.expect("ended");
    hall.close().await;
}

fn reworded(item: &str, question: &str) -> Command {
    Command::PrepareQuestion {
        item: iid(item),
        title: "Cách viết khác".to_owned(),
        text: String::new(),
        rule: "majority_of_all".to_owned(),
        seconds: None,
        show_split: None,
        replaces: Some(qid(question)),
        form: None,
        answers: None,
        change_allowed: None,
        groups: Vec::new(),
        min_choices: 0,
        live_names: false,
    }
}

fn iid(id: &str) -> ItemId {
    ItemId::parse(id).expect("an id")
}

fn qid(id: &str) -> QuestionId {
    QuestionId::parse(id).expect("an id")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_council_takes_a_rehearsals_name() {
    let hall = Hall::open(Place::sqlite(), "province", 3).await;
    let founding = |id: &str, origin: &str| Request::Found {
        id: id.to_owned(),
        origin: origin.to_owned(),
        name: "Hội đồng nhân dân Hai".to_owned(),
        short_name: "HĐND Hai".to_owned(),
        preset: "commune".to_owned(),
        seats: 3,
        administrator: "Quản trị".to_owned(),
    };
    let taken = [
        (REHEARSAL, "hall.example/hai"),
        (&"h".repeat(31), "hall.example/hai"),
        ("hai", &"o".repeat(111)),
        ("hai", "hall.example/hai/rehearsal"),
    ];
    for (id, origin) in taken {
        match control::carry_out(hall.platform(), founding(id, origin)).await {
            Response::Failed { code, .. } => assert_eq!(code, "bad_id", "{id}"),
            other => panic!("{id} was answered with {other:?}"),
        }
    }
    hall.close().await;
}

async fn begin(by: &Client) -> Result<String, ClientError> {
    match by.order_named("start_rehearsal", "", "{}").await? {
        Outcome::Done(Reply::RehearsalStarted { id }) => Ok(id),
        other => panic!("answered with {other:?}"),
    }
}

async fn end(by: &Client) -> Result<(), ClientError> {
    match by.order_named("end_rehearsal", "", "{}").await? {
        Outcome::Done(Reply::RehearsalEnded {}) => Ok(()),
        other => panic!("answered with {other:?}"),
    }
}

async fn council_of(endpoint: &Endpoint) -> CouncilView {
    match get(endpoint, "api/view/council").await.json() {
        ServerFrame::View { view: View::Council(council), .. } => *council,
        other => panic!("not the council: {other:?}"),
    }
}

fn titles(council: &CouncilView) -> Vec<&str> {
    council.agenda.iter().map(|item| item.title.as_str()).collect()
}

async fn play_a_ballot(chair: &Client, secretary: &Client, delegate: &Client, council: &CouncilView) {
    recorded(secretary, Command::open_sitting("Tổng duyệt")).await;
    for player in [chair, delegate] {
        let person = player.identity().expect("signed in").person().clone();
        recorded(player, Command::CheckIn { person, reason: None }).await;
    }
    let third = dienhong::chamber::ids::PersonId::parse("p3").expect("an id");
    recorded(secretary, Command::CheckIn { person: third, reason: Some("thử".to_owned()) }).await;
    recorded(chair, Command::TakeGavel { reason: None }).await;
    let item = &council.agenda[0];
    recorded(chair, Command::StartItem { item: ItemId::parse(item.id.clone()).expect("an id") }).await;
    let asked = question(chair).await;
    let on = QuestionId::parse(asked.id).expect("an id");
    recorded(chair, Command::OpenBallot { question: on, seconds: LONG }).await;
    vote(delegate, "yes").await;
    let opened = ballot(chair, |ballot| ballot.received == 1).await;
    let on = ballot_id(&opened.id);
    recorded(chair, Command::CloseBallot { ballot: on.clone() }).await;
    recorded(chair, Command::ConfirmBallot { ballot: on.clone(), casting: None }).await;
    recorded(chair, Command::AnnounceBallot { ballot: on }).await;
    ballot(delegate, |ballot| ballot.state == BallotState::Announced).await;
}
