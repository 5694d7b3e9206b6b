//! From node to node: a command goes to whoever leads its council, over TLS on which both ends prove that they have the same
//! instance secret, and its answer comes back.

mod door;
mod frames;
mod line;
mod said;
mod tls;

pub use door::{Door, Taker};
pub use line::Peers;
pub use tls::Identity;

use crate::sequencer::Answer;
use std::time::Duration;

/// Called once: with the answer, or with `None` by a node that does not lead the council.
pub type Relayed = Box<dyn FnOnce(Option<Answer>) + Send>;

/// Which protocol two nodes speak. A node of another version is refused, clearly and at once: while a new version is rolled out,
/// councils are led by nodes of either, and tablets reach those of the leader's version.
pub const VERSION: u32 = 1;

/// Commands of one line that wait for their answers: what eight councils' inboxes take, since one node may lead a whole province
/// whose delegates all press at once (some 5,000 of 1.5 KiB). Beyond it: `busy`.
const OUTSTANDING: usize = 8 * super::INBOX;
/// For the TCP connection, the handshake and the first frames each: neighbours answer in a millisecond.
const GREETING_WITHIN: Duration = Duration::from_secs(1);
/// Longest wait for an answer. By then another node leads where the one that was asked has died; the same words find its receipt.
const ANSWER_WITHIN: Duration = Duration::from_secs(5);
/// A line that cannot be written to for so long is as good as cut.
const WRITE_WITHIN: Duration = Duration::from_secs(5);
/// A line without commands is let go; the next one opens another.
const IDLE: Duration = Duration::from_secs(60);

#[cfg(test)]
mod tests {
    use super::said::Hello;
    use super::*;
    use crate::chamber::command::{Actor, Command};
    use crate::chamber::ids::{CouncilId, PersonId};
    use crate::sequencer::{Signed, Submission};
    use rustls::pki_types::ServerName;
    use std::net::{IpAddr, Ipv4Addr};
    use std::sync::Arc;
    use tokio::net::{TcpListener, TcpStream};
    use tokio::sync::oneshot;
    use tokio_rustls::{TlsAcceptor, TlsConnector};

    fn newer() -> Hello {
        Hello { version: VERSION + 1, node: "newer#1".to_owned() }
    }

    #[tokio::test]
    async fn a_caller_of_another_version_is_told_ours_and_let_go() {
        let identity = Identity::new(&[1; 32]).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let tcp = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let taker: Taker = Arc::new(|_, _, _| panic!("nothing is taken"));
        tokio::spawn(Door { listener, identity: identity.clone(), node: "older#1".to_owned(), taker }.serve());
        let name = ServerName::from(IpAddr::from(Ipv4Addr::LOCALHOST));
        let mut line = TlsConnector::from(identity.client.clone()).connect(name, tcp).await.unwrap();
        frames::write(&mut line, &newer()).await.unwrap();
        let told: Hello = frames::read(&mut line).await.unwrap();
        assert_eq!((told.version, told.node.as_str()), (VERSION, "older#1"));
        assert!(frames::read::<Hello>(&mut line).await.is_err(), "the line is cut");
    }

    #[tokio::test]
    async fn a_leader_of_another_version_gets_no_command() {
        let identity = Identity::new(&[1; 32]).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let to = format!("{}#1", listener.local_addr().unwrap());
        let acceptor = TlsAcceptor::from(identity.server.clone());
        let leader = tokio::spawn(async move {
            let mut line = acceptor.accept(listener.accept().await.unwrap().0).await.unwrap();
            let told: Hello = frames::read(&mut line).await.unwrap();
            assert_eq!(told.version, VERSION);
            frames::write(&mut line, &newer()).await.unwrap();
            assert!(frames::read::<said::Request>(&mut line).await.is_err(), "nothing more comes");
        });
        let (answered, answer) = oneshot::channel();
        let person = PersonId::parse("an").unwrap();
        let submission = Submission {
            by: Actor::Person(person.clone()),
            command: Command::EndMandate { person, reason: "hết nhiệm kỳ".to_owned() },
            statement: Some(Signed { note: String::new(), text_sha256: [0; 32], key: String::new() }),
            arguments: None,
        };
        let council = CouncilId::parse("mau").unwrap();
        let peers = Peers::new(identity, "older#1".to_owned());
        peers.send(&to, council, submission, Box::new(move |answer| drop(answered.send(answer))));
        assert!(matches!(answer.await.unwrap(), Answer::StoreUnavailable));
        leader.await.unwrap();
    }
}
