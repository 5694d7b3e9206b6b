//! The lines between nodes: only nodes of one platform speak with each other.

use crate::hall::{LIMIT, council_id};
use dienhong::chamber::command::{Actor, Command};
use dienhong::chamber::refusal::Refusal;
use dienhong::chamber::roll::Person;
use dienhong::node::peers::{Door, Identity, Peers, Taker};
use dienhong::sequencer::{Answer, Submission};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::time::timeout;

/// A door that answers each command with the same refusal, and how many came in.
async fn door(seed: u8) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("its address");
    let taken = Arc::new(AtomicUsize::new(0));
    let count = taken.clone();
    let taker: Taker = Arc::new(move |council, submission, relayed| {
        count.fetch_add(1, Ordering::SeqCst);
        assert_eq!(*council, council_id());
        match submission.command {
            Command::SetPerson { person } if person.name == "An" => relayed(Some(Answer::Refused(Refusal::BadText))),
            Command::SetPerson { person } if person.name == "Bình" => relayed(None),
            // Never answered: dropped with what would answer it.
            _ => drop(relayed),
        }
    });
    let identity = Identity::new(&[seed; 32]).expect("an identity");
    tokio::spawn(Door { listener, identity, node: "door".to_owned(), taker }.serve());
    (format!("{address}#1"), taken)
}

async fn answer(peers: &Peers, to: &str, name: &str) -> Answer {
    let people = dienhong::sample::council(1, 3);
    let person = Person { name: name.to_owned(), ..people[0].clone() };
    let submission =
        Submission { by: Actor::Operator, command: Command::SetPerson { person }, statement: None, arguments: None };
    let (answered, answer) = oneshot::channel();
    peers.send(to, council_id(), submission, Box::new(move |answer| drop(answered.send(answer))));
    timeout(LIMIT, answer).await.expect("an answer in time").expect("an answer")
}

fn peers(seed: u8) -> Peers {
    Peers::new(Identity::new(&[seed; 32]).expect("an identity"), "caller#1".to_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_command_goes_there_and_its_answer_comes_back() {
    let (to, taken) = door(1).await;
    let peers = peers(1);
    for n in 1..=20 {
        let said = answer(&peers, &to, "An").await;
        assert!(matches!(said, Answer::Refused(Refusal::BadText)), "{said:?}");
        assert_eq!(taken.load(Ordering::SeqCst), n);
    }
    // A node that does not lead, and one whose task has ended.
    for name in ["Bình", "Chi"] {
        let said = answer(&peers, &to, name).await;
        assert!(matches!(said, Answer::StoreUnavailable), "{said:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_of_another_platform_is_refused_at_either_end() {
    let (to, taken) = door(1).await;
    let said = answer(&peers(2), &to, "An").await;
    assert!(matches!(said, Answer::StoreUnavailable), "{said:?}");
    assert_eq!(taken.load(Ordering::SeqCst), 0, "nothing came in");
    // And the door goes on for its own.
    let said = answer(&peers(1), &to, "An").await;
    assert!(matches!(said, Answer::Refused(Refusal::BadText)), "{said:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_at_that_address_is_told_at_once() {
    let said = answer(&peers(1), "127.0.0.1:1#gone", "An").await;
    assert!(matches!(said, Answer::StoreUnavailable), "{said:?}");
}
