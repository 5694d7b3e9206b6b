//! Two platforms in one process, over one store: what callers inside a node may rely on.

use crate::hall::{COUNCIL, LIMIT, ORIGIN, council_id};
use crate::support::place::Place;
use dienhong::bus::local::LocalExchange;
use dienhong::chamber::command::{Actor, Command};
use dienhong::chamber::roll::Person;
use dienhong::node::cluster::Joining;
use dienhong::node::secret::InstanceSecret;
use dienhong::node::{Council, NewCouncil, Platform};
use dienhong::sample;
use dienhong::sequencer::{Answer, Submission};
use std::path::Path;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::time::timeout;

async fn platform(place: &Place, key: &Path, exchange: &LocalExchange) -> Arc<Platform> {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("its address").to_string();
    let secret = InstanceSecret::open(key).expect("the secret");
    let joining = Joining { bus: Arc::new(exchange.end()), listener, address };
    Platform::join(place.open().await, secret, None, joining).await.expect("it joins")
}

async fn council(platform: &Arc<Platform>) -> Arc<Council> {
    let served = async {
        loop {
            match platform.council(&council_id()) {
                Some(council) => return council,
                None => tokio::task::yield_now().await,
            }
        }
    };
    timeout(LIMIT, served).await.expect("it is served")
}

/// Puts somebody on the roll; again, while nobody leads.
async fn set(council: &Council, person: &Person) -> u64 {
    let trying = async {
        loop {
            let command = Command::SetPerson { person: person.clone() };
            let own = Submission { by: Actor::Operator, command, statement: None, arguments: None };
            match council.act(own).await {
                Answer::Receipt(receipt) => return receipt.seq,
                Answer::StoreUnavailable => tokio::task::yield_now().await,
                other => panic!("{other:?}"),
            }
        }
    };
    timeout(LIMIT, trying).await.expect("somebody leads")
}

/// `hears`: the second platform hears the first. Otherwise it has the store alone.
async fn a_caller_sees_what_it_did(hears: bool) {
    let (place, folder) = (Place::sqlite(), tempfile::tempdir().expect("a folder"));
    let key = folder.path().join("instance.key");
    let (exchange, another) = (LocalExchange::new(), LocalExchange::new());
    let one = platform(&place, &key, &exchange).await;
    let other = platform(&place, &key, if hears { &exchange } else { &another }).await;
    let new = NewCouncil {
        id: council_id(),
        origin: ORIGIN.to_owned(),
        name: "Hội đồng nhân dân Mẫu".to_owned(),
        short_name: "HĐND Mẫu".to_owned(),
        preset: "generic".to_owned(),
        seats: 12,
        people: vec![NewCouncil::first_administrator("Quản trị").expect("a person")],
    };
    let leads = one.found(new).await.expect("it is founded");
    assert!(leads.is_ready(), "its first commands are taken at once");
    let follows = council(&other).await;

    let people = sample::council(7, 12);
    for person in &people[..4] {
        let seq = set(&follows, person).await;
        let id = person.id.clone();
        let (size, is_there) = follows
            .ask(move |sequencer| (sequencer.size(), sequencer.durable().person(&id).is_some()))
            .await
            .expect("an answer");
        assert!(size > seq && is_there, "what was answered is here");
    }

    // Whoever leads ends in order: the other one leads, with everything that was said.
    one.stop().await;
    for person in &people[4..8] {
        set(&follows, person).await;
    }
    let count = follows.ask(|sequencer| sequencer.durable().people().len()).await;
    assert_eq!(count, Some(1 + 8));
    other.ready().await.expect("it is fit to serve");
    other.stop().await;
    let lines = place.look("SELECT line FROM entry ORDER BY seq").await;
    assert_eq!(lines.iter().filter(|line| line.contains(COUNCIL)).count(), 1);
    assert_eq!(lines.len(), 1 + 1 + 8);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_acts_on_a_follower_sees_what_it_did() {
    a_caller_sees_what_it_did(true).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn also_where_nothing_is_heard() {
    a_caller_sees_what_it_did(false).await;
}
