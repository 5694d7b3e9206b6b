//! What callers are told who sent the same words more than once.

use dienhong::chamber::command::{Actor, Command, Founding, Issuer};
use dienhong::chamber::ids::{CouncilId, Millis, PersonId};
use dienhong::chamber::refusal::Refusal;
use dienhong::chamber::{presets, roll::Office};
use dienhong::ledger::note::NoteSigner;
use dienhong::ledger::text;
use dienhong::sample;
use dienhong::sequencer::{Answer, Sequencer, Signed, Submission, Ticket};
use ed25519_dalek::SigningKey;
use std::sync::Arc;

const ORIGIN: &str = "hall.example/mau";

/// A founded council whose secretary has a device; nothing is under way.
fn council() -> (Sequencer, PersonId) {
    let signer = NoteSigner::new(ORIGIN, SigningKey::from_bytes(&[7; 32])).expect("a key name");
    let founding = Command::FoundCouncil(Box::new(Founding {
        council: CouncilId::parse("mau").expect("an id"),
        origin: ORIGIN.to_owned(),
        name: "Hội đồng nhân dân Mẫu".to_owned(),
        short_name: "HĐND Mẫu".to_owned(),
        rules: presets::generic(5),
        checkpoint_key: text::base64(&signer.public()),
    }));
    let people = sample::council(3, 5);
    let clerk = people.iter().find(|person| person.has(Office::Secretary)).expect("a secretary").id.clone();
    let mut sequencer = Sequencer::new(ORIGIN.to_owned(), Arc::new(signer));
    for command in std::iter::once(founding).chain(people.into_iter().map(|person| Command::SetPerson { person })) {
        let own = Submission { by: Actor::Operator, command, statement: None, arguments: None };
        assert!(submit(&mut sequencer, 0, own).is_none());
    }
    let bind = Command::BindDevice { person: clerk.clone(), key: key(), issued_by: Issuer::Operator };
    assert!(submit(&mut sequencer, 0, said(&clerk, 0, bind)).is_none());
    commit(&mut sequencer);
    (sequencer, clerk)
}

fn key() -> String {
    text::base64(&SigningKey::from_bytes(&[8; 32]).verifying_key().to_bytes())
}

/// Words that passed admission, told apart by `text`.
fn said(person: &PersonId, text: u8, command: Command) -> Submission {
    let signed = Signed { note: format!("words {text}\n\n"), text_sha256: text_of(text), key: key() };
    Submission { by: Actor::Person(person.clone()), command, statement: Some(signed), arguments: None }
}

fn text_of(text: u8) -> [u8; 32] {
    dienhong::sequencer::note_text_sha256(&format!("words {text}\n\n"))
}

fn submit(sequencer: &mut Sequencer, ticket: u64, submission: Submission) -> Option<Answer> {
    sequencer.submit(Ticket(ticket), Millis(1_000), [ticket as u8; 32], submission)
}

fn commit(sequencer: &mut Sequencer) -> Vec<(Ticket, Answer)> {
    let batch = sequencer.seal().expect("something has gathered");
    sequencer.committed(&batch)
}

fn seqs(answers: &[(Ticket, Answer)]) -> Vec<(u64, Option<u64>)> {
    let seq = |answer: &Answer| match answer {
        Answer::Receipt(receipt) => Some(receipt.seq),
        _ => None,
    };
    answers.iter().map(|(ticket, answer)| (ticket.0, seq(answer))).collect()
}

#[test]
fn a_refusal_that_was_overtaken_by_its_own_acceptance_is_a_receipt() {
    let (mut sequencer, clerk) = council();
    let title = |text, title: &str| said(&clerk, text, Command::create_session(title, "Nhiệm kỳ"));
    let open = || said(&clerk, 2, Command::open_sitting("Phiên họp"));
    let size = sequencer.size();

    // Something waits to be written, so the refusal waits as well.
    let excuse = Command::SetRules { rules: Box::new(presets::generic(5)) };
    assert!(matches!(submit(&mut sequencer, 1, said(&clerk, 9, excuse)), Some(Answer::Refused(_))));
    assert!(matches!(submit(&mut sequencer, 2, open()), Some(Answer::Refused(Refusal::NoSession))));
    let wall = Command::AddWall { name: "Sảnh".to_owned() };
    assert!(submit(&mut sequencer, 3, said(&clerk, 3, wall)).is_none());
    assert!(submit(&mut sequencer, 4, open()).is_none());
    assert!(submit(&mut sequencer, 5, title(1, "Kỳ họp")).is_none());
    assert!(submit(&mut sequencer, 6, open()).is_none());
    let answers = commit(&mut sequencer);
    let stands = Some(size + 2);
    assert_eq!(seqs(&answers), [(3, Some(size)), (4, stands), (5, Some(size + 1)), (6, stands)]);
}

#[test]
fn a_refusal_whose_words_are_on_their_way_waits_for_them() {
    let (mut sequencer, clerk) = council();
    let open = || said(&clerk, 2, Command::open_sitting("Phiên họp"));
    let size = sequencer.size();
    let wall = Command::AddWall { name: "Sảnh".to_owned() };
    assert!(submit(&mut sequencer, 1, said(&clerk, 3, wall)).is_none());
    assert!(submit(&mut sequencer, 2, open()).is_none());
    let first = sequencer.seal().expect("the wall");
    let session = Command::create_session("Kỳ họp", "Nhiệm kỳ");
    assert!(submit(&mut sequencer, 3, said(&clerk, 1, session)).is_none());
    assert!(submit(&mut sequencer, 4, open()).is_none());
    assert_eq!(seqs(&sequencer.committed(&first)), [(1, Some(size))]);
    assert_eq!(seqs(&commit(&mut sequencer)), [(3, Some(size + 1)), (4, Some(size + 2)), (2, Some(size + 2))]);
}
