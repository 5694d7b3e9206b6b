//! A question for one group only, with its answers on the wall as they come, and a promise that is kept: seen by everybody who
//! looks, and by whoever checks the record afterwards.

use crate::floor::{Floor, LONG, ballot, ballot_id, question, recorded, vote};
use crate::hall::{Hall, LIMIT, verified_export, watch_as};
use crate::plain_http::get;
use crate::support::place::Place;
use dienhong::chamber::command::Command;
use dienhong::chamber::ids::{ItemId, PromiseId, QuestionId};
use dienhong::chamber::roll::Person;
use dienhong::client::{Client, Outcome, when};
use dienhong::wire::frames::{Page, Reply};
use dienhong::wire::views::{BallotState, QuestionView};

on_every_store! {
    a_group_decides_its_own_question,
}

/// The item's question again, for `group` only.
fn for_group(asked: &QuestionView, group: &str) -> Command {
    Command::PrepareQuestion {
        item: ItemId::parse(asked.item.as_str()).expect("an id"),
        title: asked.title.clone(),
        text: String::new(),
        rule: "majority_of_all".to_owned(),
        seconds: None,
        show_split: None,
        replaces: Some(QuestionId::parse(asked.id.as_str()).expect("an id")),
        form: None,
        answers: None,
        change_allowed: None,
        groups: vec![group.to_owned()],
        min_choices: 0,
        live_names: true,
    }
}

async fn marks(client: &Client, wanted: &str) {
    let shown = when(&client.views().seats, LIMIT, |seats| seats.marks == wanted).await;
    assert!(shown.is_ok(), "{wanted}, not {:?}", client.views().seats.borrow());
}

async fn a_group_decides_its_own_question(store: Place) {
    let hall = Hall::open(store, "generic", 5).await;
    // The chair and the second delegate are of one group, the third to fifth of another; the fifth is not there.
    let group = |n: usize| if n < 2 { "Tổ 1" } else { "Tổ 2" };
    let people = hall.people[..5].iter().enumerate();
    hall.add(&people.map(|(n, one)| Person { group: group(n).to_owned(), ..one.clone() }).collect::<Vec<_>>()).await;
    let endpoint = hall.endpoint();
    let floor = Floor::ready(&hall, 1, 4).await;
    let asked = floor.question().await;

    let stranger = floor.secretary.order(&for_group(&asked, "Tổ 9")).await.expect_err("nobody is of that group");
    assert!(stranger.is_refusal("unknown_group"), "{stranger}");
    recorded(&floor.secretary, for_group(&asked, "Tổ 2")).await;
    let shown = when(&floor.chair.views().council, LIMIT, |council| !council.agenda[0].questions[0].groups.is_empty());
    let shown = shown.await.expect("the question is for a group").agenda[0].questions[0].clone();
    assert_eq!((shown.groups.as_slice(), shown.live_names), (&["Tổ 2".to_owned()][..], true));
    assert_ne!(shown.document_sha256, asked.document_sha256, "who votes is part of what is read");

    let public = watch_as(&endpoint, Page::Public).await;
    let opened = floor.open(LONG).await;
    assert_eq!((opened.present, opened.entitled), (2, 3));
    marks(&public, "--pp.").await;
    let other = floor.delegate(1).await;
    let open = ballot(&other, |ballot| ballot.state == BallotState::Open).await;
    let refused = other.vote(&open, &question(&other).await, "yes").await.expect_err("another group's ballot");
    assert!(refused.is_refusal("not_entitled"), "{refused}");

    let third = floor.delegate(2).await;
    let fourth = floor.delegate(3).await;
    vote(&third, "no").await;
    marks(&public, "--np.").await;
    let missing = when(&floor.secretary.views().console, LIMIT, |console| console.missing.len() == 1).await;
    assert_eq!(missing.expect("one is left").missing, [hall.people[3].id.to_string()]);
    match floor.secretary.order_named("nudge", &opened.id, "{}").await.expect("nudged") {
        Outcome::Done(Reply::Nudged { people }) => assert_eq!(people, 1, "of those entitled"),
        other => panic!("a nudge was answered with {other:?}"),
    }
    vote(&fourth, "yes").await;
    vote(&third, "yes").await;
    marks(&public, "--yy.").await;

    let on = || ballot_id(&opened.id);
    floor.chairs(Command::CloseBallot { ballot: on() }, BallotState::Closed).await;
    let announced = floor.chairs(Command::AnnounceBallot { ballot: on() }, BallotState::Announced).await;
    let result = announced.result.expect("a result");
    // Two of the group's three; of the council's five it would be rejected.
    assert_eq!((result.took_part, result.present, result.in_office, result.seats), (2, 2, 3, 3));
    assert_eq!(result.verdict, Some(dienhong::wire::views::Verdict::Adopted));
    let published: serde_json::Value = get(&endpoint, "api/results").await.json();
    let names = published["results"][0]["names"].as_array().expect("names").len();
    assert_eq!((names, &published["results"][0]["seats"]["marks"]), (3, &serde_json::json!("--yy.")));

    a_promise_is_kept(&floor, &public).await;
    let place = hall.place();
    let lines = verified_export(&place, &hall.path("record.tar")).await;
    assert_eq!(lines.iter().filter(|line| line.contains(r#""groups":["Tổ 2"]"#)).count(), 1);
    hall.close().await;
}

async fn a_promise_is_kept(floor: &Floor, public: &Client) {
    let official = floor.delegates[0].person().clone();
    let text = "Báo cáo kết quả trước kỳ họp sau".to_owned();
    recorded(&floor.secretary, Command::LogPromise { official, text, until: Some("2027-06-30".into()), to: None })
        .await;
    let promise = || PromiseId::parse("m1").expect("an id");
    let keep = |note: &str| Command::KeepPromise { promise: promise(), note: Some(note.to_owned()) };
    recorded(&floor.secretary, keep("Đã báo cáo bằng văn bản")).await;
    let told = when(&public.views().speaking, LIMIT, |debate| debate.promises.iter().any(|one| one.kept_at.is_some()));
    let told = told.await.expect("the public sees it").promises[0].clone();
    assert_eq!(told.kept_note.as_deref(), Some("Đã báo cáo bằng văn bản"));
    assert!(told.kept_at >= Some(told.at) && told.struck.is_none());
    let again = floor.chair.order(&keep("lần nữa")).await.expect_err("once is enough");
    assert!(again.is_refusal("promise_kept"), "{again}");
}
