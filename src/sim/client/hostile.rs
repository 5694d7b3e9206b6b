//! Somebody with a seat and a device who tries what is not allowed. Nothing of it is waited for.

use super::super::node::Sent;
use super::{Client, Move, Scene, signing};
use crate::chamber::Chamber;
use crate::chamber::ids::{BallotId, PersonId};
use crate::ledger::merkle::Hash;
use crate::ledger::statement::{Enrol, Statement, Vote};
use crate::ledger::text::{base64, from_base64};

/// The order of the group, little-endian: a signature with it added to S is another one that weak checks take.
const ORDER: [u8; 32] = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];
/// At once, when somebody floods.
const FLOOD: usize = 12;

impl Client {
    pub(super) fn attacks(&mut self, chamber: &Chamber, scene: &mut Scene, moves: &mut Vec<Move>) {
        let own = self.person.clone();
        let overheard: Vec<_> = scene.overheard.iter().cloned().collect();
        let somebodys = self.rng.pick(&overheard).cloned();
        let (acts_for, sent) = match (self.rng.below(13), somebodys) {
            // What somebody said is sent again: over their own line, and over one's own.
            (0..=1, Some((person, sent))) => (person, Some(sent)),
            (2, Some((_, sent))) => (own, Some(sent)),
            // With another signature that would pass where S is not checked, or with a byte changed.
            (3, Some((person, sent))) => (person, changed(&sent, other_signature)),
            (4, Some((person, sent))) => {
                let at = self.rng.below(400) as usize;
                (person, changed(&sent, |note| other_byte(note, at)))
            }
            (5, _) => (own, self.altered_vote(chamber, |vote| vote.log = "other.example/council".to_owned())),
            (6, _) => {
                let other = self.somebody(chamber).unwrap_or(own.clone());
                (own, self.altered_vote(chamber, |vote| vote.person = other))
            }
            (7, _) => (own, self.altered_vote(chamber, |vote| vote.document = Hash::of(b"another text"))),
            (8, _) => (own, self.vote_out_of_time(chamber)),
            (9, _) => (own, self.vote_again(chamber)),
            (10, _) => (own.clone(), weak_enrolment(&own, self.rng.chance(500))),
            (11, _) => {
                let key = self.key.clone();
                self.key = signing::key(&mut self.rng);
                let sent = self.altered_vote(chamber, |_| {});
                self.key = key;
                (own, sent)
            }
            _ => {
                let sent = self.altered_vote(chamber, |_| {});
                for sent in sent.iter().cycle().take(FLOOD) {
                    moves.push(Move::Send { request: 0, acts_for: own.clone(), sent: sent.clone() });
                }
                return;
            }
        };
        if let Some(sent) = sent {
            moves.push(Move::Send { request: 0, acts_for, sent });
        }
    }

    /// A good vote, but for one thing.
    fn altered_vote(&mut self, chamber: &Chamber, alter: impl FnOnce(&mut Vote)) -> Option<Sent> {
        let ballot = chamber.open_ballot()?;
        let turn = self.rng.below(2) + 1;
        let choice = self.choice()?;
        let mut vote = self.vote(&ballot.id, &ballot.document_sha256, choice, turn)?;
        alter(&mut vote);
        self.signed_vote(vote)
    }

    /// In the next ballot, which is not open yet, or in any that was.
    fn vote_out_of_time(&mut self, chamber: &Chamber) -> Option<Sent> {
        let count = chamber.ballots().len() as u32;
        let ballot = BallotId::parse(format!("b{}", self.rng.below(count + 1) + 1)).ok()?;
        let documents: Vec<&str> = match chamber.ballot(&ballot) {
            Some(ballot) => vec![&ballot.document_sha256],
            None => chamber
                .items()
                .flat_map(|item| chamber.questions_of(&item.item.id))
                .map(|question| question.document_sha256.as_str())
                .collect(),
        };
        let document = (*self.rng.pick(&documents)?).to_owned();
        let turn = chamber.next_turn(&ballot, &self.person);
        let choice = self.choice()?;
        let vote = self.vote(&ballot, &document, choice, turn)?;
        self.signed_vote(vote)
    }

    /// Another choice for a turn that was voted.
    fn vote_again(&mut self, chamber: &Chamber) -> Option<Sent> {
        let ballot = chamber.open_ballot()?;
        let used = ballot.votes.get(&self.person).map_or(1, |vote| vote.turn);
        let choice = self.choice()?;
        let vote = self.vote(&ballot.id, &ballot.document_sha256, choice, used)?;
        self.signed_vote(vote)
    }

    fn somebody(&mut self, chamber: &Chamber) -> Option<PersonId> {
        let people = chamber.people();
        self.rng.pick(&people).map(|person| person.id.clone())
    }
}

/// A key of small order, or one that is no point at all.
fn weak_enrolment(person: &PersonId, small: bool) -> Option<Sent> {
    let key = if small { [0; 32] } else { [0xff; 32] };
    let statement =
        Statement::Enrol(Enrol { log: super::super::ORIGIN.to_owned(), person: person.clone(), key, nonce: [7; 16] });
    let text = statement.encode();
    let name = crate::ledger::statement::person_key_name(super::super::ORIGIN, person);
    let note = format!("{text}\n\u{2014} {name} {}\n", base64(&[0; 68]));
    Some(Sent::Enrol { note: note.into() })
}

fn changed(sent: &Sent, change: impl FnOnce(&str) -> Option<String>) -> Option<Sent> {
    Some(match sent {
        Sent::Vote { note } => Sent::Vote { note: change(note)?.into() },
        Sent::Order { note, arguments } => Sent::Order { note: change(note)?.into(), arguments: arguments.clone() },
        Sent::Enrol { note } => Sent::Enrol { note: change(note)?.into() },
    })
}

fn other_byte(note: &str, at: usize) -> Option<String> {
    let mut bytes = note.as_bytes().to_vec();
    let at = at % bytes.len().max(1);
    *bytes.get_mut(at)? ^= 1;
    String::from_utf8(bytes).ok()
}

fn other_signature(note: &str) -> Option<String> {
    let (text, signature) = note.strip_suffix('\n')?.rsplit_once(' ')?;
    let mut bytes = from_base64(signature)?;
    let scalar = bytes.get_mut(36..68)?;
    let mut carry = 0;
    for (byte, order) in scalar.iter_mut().zip(ORDER) {
        let sum = u16::from(*byte) + u16::from(order) + carry;
        *byte = sum as u8;
        carry = sum >> 8;
    }
    Some(format!("{text} {}\n", base64(&bytes)))
}
