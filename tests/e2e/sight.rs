//! Where names are restricted, what the public is shown must be the same whoever it was that voted so: two sittings in which
//! two delegates have changed places are compared, field by field.

use crate::floor::{Floor, LONG, ballot, ballot_id, recorded, vote};
use crate::hall::{Hall, LIMIT, watch_as};
use crate::plain_http::{get, get_at};
use crate::support::place::Place;
use dienhong::chamber::command::Command;
use dienhong::chamber::ids::ItemId;
use dienhong::client::{Client, Endpoint, when};
use dienhong::wire::frames::Page;
use dienhong::wire::views::BallotState;
use serde_json::Value;

/// One place to live is enough: what is shown does not depend on the store.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_public_tells_who_voted_how() {
    let one = sights_of_a_sitting([(0, "yes"), (1, "no"), (2, "abstain"), (3, "yes")], false).await;
    let other = sights_of_a_sitting([(0, "yes"), (1, "abstain"), (2, "no"), (3, "yes")], false).await;
    assert_eq!(one.len(), other.len());
    for (one, other) in one.iter().zip(&other) {
        assert_eq!(one, other);
    }
}

/// With running counts on the wall, the seat that turns as a count does would tell: so not even who has voted is shown.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn running_counts_do_not_tell_either() {
    let one = sights_of_a_sitting([(0, "yes"), (1, "no"), (2, "abstain"), (3, "yes")], true).await;
    let other = sights_of_a_sitting([(1, "yes"), (0, "no"), (2, "abstain"), (3, "yes")], true).await;
    // Seven addresses a look, the last three looks after the closing: there nothing may differ.
    assert_eq!(one[one.len() - 21..], other[other.len() - 21..]);

    // After each single vote: the seats must not show whose it was.
    let seats = |sights: &[Sight]| -> Vec<Value> {
        sights
            .iter()
            .filter(|sight| sight.0 == "api/view/seats")
            .map(|sight| sight.1["state"]["marks"].clone())
            .collect()
    };
    let told = seats(&one);
    assert_eq!(told[..4], ["pppp.", "pppp.", "pppp.", "pppp."], "who is here, not whose vote is in");
    assert_eq!(told, seats(&other));
}

type Sight = (String, Value);

/// What every public address shows, at every step of a ballot of five seats and four present.
async fn sights_of_a_sitting(votes: [(usize, &str); 4], split: bool) -> Vec<Sight> {
    let store = Place::sqlite();
    let hall = Hall::open(store, "province", 5).await;
    let endpoint = hall.endpoint();
    let floor = Floor::ready(&hall, 1, 4).await;
    let public = watch_as(&endpoint, Page::Public).await;
    if split {
        let asked = floor.question().await;
        let prepare = Command::PrepareQuestion {
            item: ItemId::parse(asked.item.clone()).expect("an id"),
            title: asked.title.clone(),
            text: String::new(),
            rule: "majority_of_all".to_owned(),
            seconds: None,
            show_split: Some(true),
            replaces: Some(dienhong::chamber::ids::QuestionId::parse(asked.id.clone()).expect("an id")),
            form: None,
            answers: None,
            change_allowed: None,
            groups: Vec::new(),
            min_choices: 0,
            live_names: false,
        };
        recorded(&floor.secretary, prepare).await;
        let shown = |council: &dienhong::wire::views::CouncilView| council.agenda[0].questions[0].show_split;
        when(&floor.chair.views().council, LIMIT, shown).await.expect("the new question");
    }
    let mut sights = Vec::new();
    let opened = floor.open(LONG).await;
    let on = ballot_id(&opened.id);
    for (n, (delegate, answer)) in votes.into_iter().enumerate() {
        vote(&floor.delegate(delegate).await, answer).await;
        ballot(&public, |ballot| ballot.received == n as u32 + 1).await;
        sights.extend(look(&endpoint, &public, n as u32 + 1, BallotState::Open, split).await);
    }
    let steps = [
        (Command::CloseBallot { ballot: on.clone() }, BallotState::Closed),
        (Command::ConfirmBallot { ballot: on.clone(), casting: None }, BallotState::Confirmed),
        (Command::AnnounceBallot { ballot: on.clone() }, BallotState::Announced),
    ];
    for (command, state) in steps {
        recorded(&floor.chair, command).await;
        sights.extend(look(&endpoint, &public, 4, state, split).await);
    }
    assert_eq!(get(&endpoint, "record/tile/entries/000").await.problem(), "withheld");
    assert_eq!(get(&endpoint, "record/tile/entries/000.p/1").await.problem(), "withheld");
    hall.close().await;
    sights
}

/// Waits until the public sees that state, then looks at everything.
async fn look(endpoint: &Endpoint, public: &Client, received: u32, state: BallotState, split: bool) -> Vec<Sight> {
    ballot(public, |ballot| ballot.state == state && ballot.received == received).await;
    let wanted = |seats: &dienhong::wire::views::SeatsView| {
        // Beside running counts the seats tell attendance alone.
        if split && state == BallotState::Open {
            return seats.ballot.is_none() && !seats.marks.contains('r');
        }
        let voted = seats.marks.chars().filter(|mark| "ryna".contains(*mark)).count();
        voted == received as usize && (state == BallotState::Open) == seats.marks.contains('r')
    };
    when(&public.views().seats, LIMIT, wanted).await.expect("the seats");
    let mut sights = Vec::new();
    for path in ["council", "live", "seats", "roll"].map(|topic| format!("api/view/{topic}")) {
        let shown: Value = get(endpoint, &path).await.json();
        sights.push((path, without_times(shown)));
    }
    let results: Value = get(endpoint, "api/results").await.json();
    sights.push(("api/results".to_owned(), without_times(results)));
    let table = get(endpoint, "api/results.csv").await.text();
    let table: Vec<Value> = table.split([',', '\n']).map(|cell| without_times(number_or_text(cell))).collect();
    sights.push(("api/results.csv".to_owned(), Value::Array(table)));
    let councils: Value = get_at(endpoint, "/api/councils", "").await.json();
    sights.push(("/api/councils".to_owned(), councils));
    sights
}

/// Times, and the key made afresh for each hall, are the only things that may differ.
fn without_times(value: Value) -> Value {
    match value {
        Value::Number(number) if number.as_u64().is_some_and(|number| number > 1_000_000_000_000) => Value::Null,
        Value::Array(values) => values.into_iter().map(without_times).collect(),
        Value::Object(fields) => {
            let kept = fields.into_iter().filter(|(name, _)| name != "vkey");
            Value::Object(kept.map(|(name, value)| (name, without_times(value))).collect())
        }
        other => other,
    }
}

fn number_or_text(cell: &str) -> Value {
    cell.trim().parse::<u64>().map_or_else(|_| Value::String(cell.to_owned()), Value::from)
}
