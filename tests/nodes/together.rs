//! Nodes that are well: any of them takes anybody, and all show the same.

use crate::floor::{LONG, ballot, ballot_id, recorded, vote};
use crate::hall::{COUNCIL, LIMIT, join, watch_as};
use crate::node::{Grounds, SEATS};
use crate::tablet::Tablet;
use dienhong::app::control::Response;
use dienhong::chamber::command::Command;
use dienhong::client::{ClientError, Outcome, when};
use dienhong::wire::frames::{Page, Reply};
use dienhong::wire::views::{BallotState, ConsoleView};
use std::process::Stdio;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn any_node_takes_anybody_and_all_show_the_same() {
    let Some(grounds) = Grounds::new().await else { return };
    let nodes = grounds.nodes(2).await;
    let at = grounds.leader(&[&nodes[0], &nodes[1]]).await;
    let (leader, follower) = (&nodes[at], &nodes[1 - at]);
    let epoch = grounds.epoch().await;

    // The officers sit on the node that leads, the delegates on the other; devices are enrolled on either.
    let floor = leader.floor().await;
    let away = crate::hall::enrol(&leader.endpoint(), &follower.code("p6").await).await;
    let opened = floor.open(LONG).await;
    for (n, delegate) in floor.delegates[..5].iter().enumerate() {
        let page = join(&follower.endpoint(), Page::Delegate, delegate).await;
        vote(&page, ["yes", "no"][n % 2]).await;
    }
    // A device that another node bound a moment ago is known here.
    let page = join(&follower.endpoint(), Page::Delegate, &away).await;
    assert_eq!(page.identity().map(|identity| identity.person().as_str()), Some("p6"));
    vote(&page, "abstain").await;

    // Said again, here and there, it is the same entry.
    let voter = &floor.delegates[1];
    let changed = voter.vote(&opened.id, &opened.document_sha256, "abstain", 2).expect("a statement");
    let mut known = None;
    for node in [follower, leader, follower] {
        let mut tablet = Tablet::join(&node.endpoint(), Page::Delegate, voter).await;
        let receipt = tablet.cast(&changed).await.expect("its receipt");
        let checked = voter.check(&receipt, &changed).expect("it holds");
        assert_eq!(*known.get_or_insert((checked.seq, receipt.entry.clone())), (checked.seq, receipt.entry));
    }

    // What watches shows the same on both, to the last figure.
    floor.chairs(Command::CloseBallot { ballot: ballot_id(&opened.id) }, BallotState::Closed).await;
    let (one, other) =
        (watch_as(&leader.endpoint(), Page::Wall).await, watch_as(&follower.endpoint(), Page::Wall).await);
    let there = ballot(&one, |ballot| ballot.state == BallotState::Closed).await;
    let here = ballot(&other, |ballot| ballot.state == BallotState::Closed).await;
    assert_eq!(here, there);
    assert_eq!(here.result.map(|result| result.took_part), Some(SEATS));

    // The chair goes to the other node and gives orders there; the older page is replaced.
    let chair = join(&follower.endpoint(), Page::Chair, &floor.delegates[0]).await;
    recorded(&chair, Command::ConfirmBallot { ballot: ballot_id(&opened.id), casting: None }).await;
    ballot(&one, |ballot| ballot.state == BallotState::Confirmed).await;

    // The console tells who is connected, wherever that is.
    let here = |console: &ConsoleView| {
        let p6 = console.people.iter().find(|person| person.id == "p6");
        p6.and_then(|person| person.device.as_ref()).is_some_and(|device| device.connected)
    };
    when(&floor.secretary.views().console, LIMIT, here).await.expect("the other node's tablets");
    assert_eq!(grounds.epoch().await, epoch, "nobody took anything over");
    assert!(follower.metric("dienhong_forwarded_total", "").await > 0.0);
    assert_eq!(follower.metric("dienhong_leads", "").await, 0.0);
    assert_eq!(leader.metric("dienhong_leads", "").await, 1.0);
    let lines = grounds.record().await;
    assert_eq!(lines.iter().filter(|line| line.contains(r#""kind":"vote_cast""#)).count(), SEATS as usize + 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_nodes_that_start_together_one_leads() {
    let Some(grounds) = Grounds::new().await else { return };
    let mut nodes = grounds.nodes(1).await;
    let before = grounds.epoch().await;
    assert!(nodes.remove(0).terminate().await.success());
    let (a, b, c) = tokio::join!(grounds.node("a"), grounds.node("b"), grounds.node("c"));
    let nodes = [&a, &b, &c];
    let at = grounds.leader(&nodes).await;
    assert_eq!(grounds.epoch().await, before + 1, "one epoch for one leader");
    for node in nodes {
        let admin = node.enrol("p7").await;
        let page = join(&node.endpoint(), Page::Admin, &admin).await;
        let session = Command::create_session("Kỳ họp", "2026–2031");
        // Each node's secretary may; the second and third find that one is there.
        match page.order(&session).await {
            Ok(_) => {}
            Err(error) => assert!(error.is_refusal("session_exists"), "{error}"),
        }
    }
    assert_eq!(grounds.leader(&[nodes[at]]).await, 0, "it still leads");
    assert_eq!(grounds.epoch().await, before + 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_has_not_voted_is_nudged_on_any_node() {
    let Some(grounds) = Grounds::new().await else { return };
    let nodes = grounds.nodes(2).await;
    let floor = nodes[0].floor().await;
    let opened = floor.open(LONG).await;
    let silent = join(&nodes[1].endpoint(), Page::Delegate, &floor.delegates[1]).await;
    let there = |console: &ConsoleView| {
        let p2 = console.people.iter().find(|person| person.id == "p2");
        p2.and_then(|person| person.device.as_ref()).is_some_and(|device| device.connected)
    };
    when(&floor.secretary.views().console, LIMIT, there).await.expect("the other node's tablet");
    let nudged = floor.secretary.order_named("nudge", &opened.id, "{}").await.expect("nudged");
    // The chair, whose page is open here, and the delegate over there.
    assert_eq!(nudged, Outcome::Done(Reply::Nudged { people: 2 }));
    when(&silent.views().me, LIMIT, |me| me.nudged_at.is_some()).await.expect("it shows there");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_newer_page_on_another_node_replaces_the_older() {
    let Some(grounds) = Grounds::new().await else { return };
    let nodes = grounds.nodes(2).await;
    let device = nodes[0].enrol("p1").await;
    let mut older = Tablet::join(&nodes[0].endpoint(), Page::Delegate, &device).await;
    // One that has just come may be the same page, come back: only one that has stood for a while is replaced.
    let newer = async {
        loop {
            Tablet::join(&nodes[1].endpoint(), Page::Delegate, &device).await;
        }
    };
    let replaced = tokio::select! {
        closing = older.closing() => closing.0,
        () = newer => 0,
    };
    assert_eq!(replaced, 4001);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rehearsal_is_refused_and_says_why() {
    let Some(grounds) = Grounds::new().await else { return };
    let nodes = grounds.nodes(1).await;
    let secretary = nodes[0].enrol("p7").await;
    let page = join(&nodes[0].endpoint(), Page::Admin, &secretary).await;
    let refused: Result<_, ClientError> = page.order_named("start_rehearsal", "-", "{}").await;
    assert!(refused.as_ref().is_err_and(|error| error.is_refusal("several_nodes")), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_nodes_need_postgres_and_say_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_dienhong"));
    command.args(["serve", "--listen", "127.0.0.1:0", "--redis", "redis://127.0.0.1:1"]);
    command.env_remove("DIENHONG_STORE").env("DIENHONG_DATA", folder.path().join("data")).stdin(Stdio::null());
    let output =
        tokio::time::timeout(LIMIT, command.kill_on_drop(true).output()).await.expect("it ends").expect("it runs");
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && told.contains("--store postgres://"), "{told}");
    assert!(!folder.path().join("data").exists(), "nothing was touched");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_council_founded_elsewhere_is_served_here() {
    let Some(grounds) = Grounds::new().await else { return };
    let nodes = [grounds.node("a").await, grounds.node("b").await];
    let founding = |id: &str, origin: &str| dienhong::app::control::Request::Found {
        id: id.to_owned(),
        origin: origin.to_owned(),
        name: "Hội đồng nhân dân".to_owned(),
        short_name: "HĐND".to_owned(),
        preset: "generic".to_owned(),
        seats: 5,
        administrator: "Quản trị".to_owned(),
    };
    let founded = nodes[0].control(founding(COUNCIL, "hall.example/mau")).await;
    assert!(matches!(founded, Response::Founded { .. }), "{founded:?}");
    // At once, on the other node: both names are taken.
    for (id, origin) in [(COUNCIL, "hall.example/other"), ("other", "hall.example/mau")] {
        let again = nodes[1].control(founding(id, origin)).await;
        assert!(matches!(again, Response::Failed { .. }), "{again:?}");
    }
    let wall = watch_as(&nodes[1].endpoint(), Page::Wall).await;
    when(&wall.views().council, LIMIT, |council| council.id == COUNCIL).await.expect("it is shown there");
}
