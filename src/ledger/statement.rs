//! What a person signs: plain ASCII lines in a fixed order, one spelling each (docs/record-format.md).

use super::merkle::Hash;
use super::note::{KeyError, MAX_KEY_NAME_LEN, Note, NoteError, NoteSigner, VerifierKey};
use super::text::{base64, decimal, from_base64_exact};
use crate::chamber::ids::{AnswerKey, BallotId, MAX_ID_LEN, PersonId, is_valid_id};
use crate::chamber::limits::{CANDIDATES, ORIGIN_BYTES};
use ed25519_dalek::SigningKey;

/// Longest origin, in bytes: with `/p/` and a person's id it is still a key name.
pub const MAX_ORIGIN_LEN: usize = ORIGIN_BYTES;
const _: () = assert!(MAX_ORIGIN_LEN + 3 + MAX_ID_LEN <= MAX_KEY_NAME_LEN);

/// Longest note of a statement, in bytes; the longest possible, a vote for [`CANDIDATES`] candidates, has some 1,600.
pub const MAX_STATEMENT_LEN: usize = 2048;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StatementError {
    #[error("not a statement in its one spelling")]
    Malformed,
    #[error("a statement's note carries exactly one signature, by the key named after its person")]
    Signer,
    #[error("the signature does not fit the statement and the key")]
    BadSignature,
    #[error(transparent)]
    Key(#[from] KeyError),
}

/// True when `text` may be the name of a record: visible ASCII without `+`, 1 to [`MAX_ORIGIN_LEN`] bytes. `/p/` is what tells
/// a person's key name from a record's, so no record has it.
pub fn is_origin(text: &str) -> bool {
    (1..=MAX_ORIGIN_LEN).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'+')
        && !text.contains("/p/")
}

/// The name of a person's keys: `<origin>/p/<person>`.
pub fn person_key_name(origin: &str, person: &PersonId) -> String {
    format!("{origin}/p/{person}")
}

/// `chamber-vote/v1`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vote {
    pub log: String,
    pub ballot: BallotId,
    /// Of the question document the delegate saw.
    pub document: Hash,
    pub person: PersonId,
    pub choice: AnswerKey,
    /// Further candidates, in an election: a line each. Whether they go together is the chamber's to say.
    pub more: Vec<AnswerKey>,
    /// From 1, one higher with each change.
    pub turn: u32,
    pub nonce: [u8; 16],
}

/// `chamber-order/v1`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    pub log: String,
    pub person: PersonId,
    /// The order's name, spelt like an id.
    pub order: String,
    /// The id of what it acts on, where the order has one.
    pub target: Option<String>,
    /// Of the arguments text.
    pub arguments: Hash,
    pub nonce: [u8; 16],
}

/// `chamber-enrol/v1`: binds a key to a person, signed by that key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enrol {
    pub log: String,
    pub person: PersonId,
    pub key: [u8; 32],
    pub nonce: [u8; 16],
}

/// `chamber-login/v1`: answers a server's challenge; never stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login {
    pub log: String,
    pub person: PersonId,
    pub challenge: [u8; 32],
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Statement {
    Vote(Vote),
    Order(Order),
    Enrol(Enrol),
    Login(Login),
}

impl Statement {
    /// Reads a statement's text; whatever is not spelt exactly as [`Statement::encode`] would is refused.
    pub fn parse(text: &str) -> Result<Self, StatementError> {
        let parsed = read(text).ok_or(StatementError::Malformed)?;
        // The encoding is the definition: what differs from it in any byte is another statement or none.
        if parsed.encode() == text && is_origin(parsed.log()) { Ok(parsed) } else { Err(StatementError::Malformed) }
    }

    /// The text to sign. Fields that a person may fill freely (`log`, an order's name and target) must be as
    /// [`Statement::parse`] asks, or nobody will accept it.
    pub fn encode(&self) -> String {
        match self {
            Self::Vote(vote) => vote.encode(),
            Self::Order(order) => order.encode(),
            Self::Enrol(enrol) => enrol.encode(),
            Self::Login(login) => login.encode(),
        }
    }

    pub fn log(&self) -> &str {
        match self {
            Self::Vote(Vote { log, .. })
            | Self::Order(Order { log, .. })
            | Self::Enrol(Enrol { log, .. })
            | Self::Login(Login { log, .. }) => log,
        }
    }

    pub fn person(&self) -> &PersonId {
        match self {
            Self::Vote(Vote { person, .. })
            | Self::Order(Order { person, .. })
            | Self::Enrol(Enrol { person, .. })
            | Self::Login(Login { person, .. }) => person,
        }
    }

    /// The whole note, signed with the person's key.
    pub fn sign(&self, key: &SigningKey) -> Result<String, StatementError> {
        let text = self.encode();
        Self::parse(&text)?;
        Ok(NoteSigner::new(person_key_name(self.log(), self.person()), key.clone())?.sign(&text))
    }
}

impl Vote {
    pub fn encode(&self) -> String {
        let Self { log, ballot, document, person, choice, more, turn, nonce } = self;
        let nonce = base64(nonce);
        let choices: String = std::iter::once(choice).chain(more).map(|choice| format!("choice {choice}\n")).collect();
        format!(
            "chamber-vote/v1\nlog {log}\nballot {ballot} {document}\nperson {person}\n{choices}turn {turn}\nnonce {nonce}\n"
        )
    }
}

impl Order {
    pub fn encode(&self) -> String {
        let Self { log, person, order, target, arguments, nonce } = self;
        let (target, nonce) = (target.as_deref().unwrap_or("-"), base64(nonce));
        format!(
            "chamber-order/v1\nlog {log}\nperson {person}\norder {order}\ntarget {target}\narguments {arguments}\nnonce {nonce}\n"
        )
    }
}

impl Enrol {
    pub fn encode(&self) -> String {
        let Self { log, person, key, nonce } = self;
        format!("chamber-enrol/v1\nlog {log}\nperson {person}\nkey {}\nnonce {}\n", base64(key), base64(nonce))
    }
}

impl Login {
    pub fn encode(&self) -> String {
        let Self { log, person, challenge } = self;
        format!("chamber-login/v1\nlog {log}\nperson {person}\nchallenge {}\n", base64(challenge))
    }
}

/// A statement as it arrived: the statement, its note, and nothing known yet about the signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedStatement {
    pub statement: Statement,
    note: Note,
}

impl SignedStatement {
    /// Takes the note apart and checks everything but the signature: one signature line, named after the statement's person.
    pub fn parse(note: &str) -> Result<Self, StatementError> {
        if note.len() > MAX_STATEMENT_LEN {
            return Err(StatementError::Malformed);
        }
        let note = Note::parse(note).map_err(|_| StatementError::Malformed)?;
        let statement = Statement::parse(&note.text)?;
        match note.signatures.as_slice() {
            [only] if only.name == person_key_name(statement.log(), statement.person()) => Ok(Self { statement, note }),
            _ => Err(StatementError::Signer),
        }
    }

    /// That `public` signed it. The caller knows whose key this is.
    pub fn verify(&self, public: &[u8; 32]) -> Result<(), StatementError> {
        self.verify_by(&VerifierKey::new(person_key_name(self.statement.log(), self.statement.person()), public)?)
    }

    /// That `key`, named after the statement's person, signed it; for a key that was taken apart before.
    pub fn verify_by(&self, key: &VerifierKey) -> Result<(), StatementError> {
        self.note.verify(key).map_err(|error| match error {
            NoteError::UnknownKey => StatementError::Signer,
            NoteError::BadSignature | NoteError::Malformed => StatementError::BadSignature,
        })
    }

    /// The statement's own text, as it was signed.
    pub fn text(&self) -> &str {
        &self.note.text
    }
}

fn read(text: &str) -> Option<Statement> {
    let mut lines = text.strip_suffix('\n')?.split('\n').peekable();
    let kind = lines.next()?;
    let mut field = |key: &str| lines.next()?.strip_prefix(key)?.strip_prefix(' ');
    let log = field("log")?.to_owned();
    let statement = match kind {
        "chamber-vote/v1" => {
            let (ballot, document) = field("ballot")?.split_once(' ')?;
            let (ballot, document) = (BallotId::parse(ballot).ok()?, Hash::from_hex(document)?);
            let person = PersonId::parse(field("person")?).ok()?;
            let choice = AnswerKey::parse(field("choice")?).ok()?;
            let mut more = Vec::new();
            while let Some(further) = lines.next_if(|line| line.starts_with("choice ") && more.len() + 1 < CANDIDATES) {
                more.push(AnswerKey::parse(further.strip_prefix("choice ")?).ok()?);
            }
            let mut field = |key: &str| lines.next()?.strip_prefix(key)?.strip_prefix(' ');
            Statement::Vote(Vote {
                log,
                ballot,
                document,
                person,
                choice,
                more,
                turn: decimal(field("turn")?)?.try_into().ok().filter(|turn| *turn > 0)?,
                nonce: from_base64_exact(field("nonce")?)?,
            })
        }
        "chamber-order/v1" => Statement::Order(Order {
            log,
            person: PersonId::parse(field("person")?).ok()?,
            order: Some(field("order")?).filter(|order| is_valid_id(order))?.to_owned(),
            target: match field("target")? {
                "-" => None,
                id if is_valid_id(id) => Some(id.to_owned()),
                _ => return None,
            },
            arguments: Hash::from_hex(field("arguments")?)?,
            nonce: from_base64_exact(field("nonce")?)?,
        }),
        "chamber-enrol/v1" => Statement::Enrol(Enrol {
            log,
            person: PersonId::parse(field("person")?).ok()?,
            key: from_base64_exact(field("key")?)?,
            nonce: from_base64_exact(field("nonce")?)?,
        }),
        "chamber-login/v1" => Statement::Login(Login {
            log,
            person: PersonId::parse(field("person")?).ok()?,
            challenge: from_base64_exact(field("challenge")?)?,
        }),
        _ => return None,
    };
    lines.next().is_none().then_some(statement)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vote() -> Vote {
        Vote {
            log: "example.org/hall".into(),
            ballot: BallotId::parse("b7").unwrap(),
            document: Hash::of(b"document"),
            person: PersonId::parse("p12").unwrap(),
            choice: AnswerKey::parse("yes").unwrap(),
            more: Vec::new(),
            turn: 1,
            nonce: [7; 16],
        }
    }

    #[test]
    fn a_statement_is_checked_by_the_key_of_its_person_only() {
        let (key, other) = (SigningKey::from_bytes(&[1; 32]), SigningKey::from_bytes(&[2; 32]));
        let note = Statement::Vote(vote()).sign(&key).unwrap();
        let signed = SignedStatement::parse(&note).unwrap();
        assert_eq!(signed.statement, Statement::Vote(vote()));
        assert_eq!(signed.verify(&key.verifying_key().to_bytes()), Ok(()));
        assert_eq!(signed.verify(&other.verifying_key().to_bytes()), Err(StatementError::Signer));

        let changed = SignedStatement::parse(&note.replace("choice yes", "choice no")).unwrap();
        assert_eq!(changed.verify(&key.verifying_key().to_bytes()), Err(StatementError::BadSignature));

        // Signed by the same key in another person's name.
        let another = NoteSigner::new("example.org/hall/p/p13", key).unwrap().sign(&vote().encode());
        assert_eq!(SignedStatement::parse(&another), Err(StatementError::Signer));
    }

    #[test]
    fn a_second_signature_is_refused() {
        let key = SigningKey::from_bytes(&[1; 32]);
        let note = Statement::Vote(vote()).sign(&key).unwrap();
        let line = note.rsplit("\n\n").next().unwrap();
        assert_eq!(SignedStatement::parse(&format!("{note}{line}")), Err(StatementError::Signer));
    }

    #[test]
    fn every_other_spelling_is_refused() {
        let text = vote().encode();
        assert_eq!(Statement::parse(&text), Ok(Statement::Vote(vote())));
        for (from, to) in [
            ("turn 1", "turn 01"),
            ("turn 1", "turn 0"),
            ("turn 1", "turn +1"),
            ("turn 1", "turn 4294967296"),
            ("choice yes", "choice  yes"),
            ("choice yes", "choice yes "),
            ("choice yes", "Choice yes"),
            ("choice yes", "choice Yes"),
            ("choice yes\n", ""),
            ("choice yes", "choice yes\n"),
            ("choice yes\n", "choice yes\nperson p12\nchoice no\n"),
            ("choice yes\nturn 1", "turn 1\nchoice yes"),
            ("turn 1\n", "turn 1\nchoice no\n"),
            ("person p12", "person p12\r"),
            ("person p12", "person "),
            ("log example", "log ex ample"),
            ("log example", "log ex+ample"),
            ("log example", "log đample"),
            ("/v1", "/v2"),
            ("nonce BwcHBwcHBwcHBwcHBwcHBw==", "nonce BwcHBwcHBwcHBwcHBwcHBw"),
            ("nonce BwcHBwcHBwcHBwcHBwcHBw==", "nonce BwcHBwcHBwcHBwcHBwcHBx=="),
            ("nonce BwcHBwcHBwcHBwcHBwcHBw==\n", "nonce BwcHBwcHBwcHBwcHBwcHBw=="),
            ("nonce BwcHBwcHBwcHBwcHBwcHBw==\n", "nonce BwcHBwcHBwcHBwcHBwcHBw==\n\n"),
        ] {
            assert!(text.contains(from), "{from}");
            assert_eq!(Statement::parse(&text.replace(from, to)), Err(StatementError::Malformed), "{from:?} -> {to:?}");
        }
        let upper = text.replace(&vote().document.hex(), &vote().document.hex().to_uppercase());
        assert_eq!(Statement::parse(&upper), Err(StatementError::Malformed));
    }

    #[test]
    fn a_vote_for_several_has_a_line_for_each_up_to_the_limit() {
        let key = |n: usize| AnswerKey::parse(format!("c{n}")).unwrap();
        let two = Vote { choice: key(1), more: vec![key(3)], ..vote() };
        assert!(two.encode().contains("\nperson p12\nchoice c1\nchoice c3\nturn 1\n"));
        assert_eq!(Statement::parse(&two.encode()), Ok(Statement::Vote(two)));
        let too_many = Vote { choice: key(0), more: (0..CANDIDATES).map(key).collect(), ..vote() };
        assert_eq!(Statement::parse(&too_many.encode()), Err(StatementError::Malformed));
    }

    #[test]
    fn the_longest_statement_is_accepted() {
        let longest = "x".repeat(MAX_ID_LEN);
        let choice = AnswerKey::parse(longest.clone()).unwrap();
        let vote = Vote {
            log: "o".repeat(MAX_ORIGIN_LEN),
            ballot: BallotId::parse(longest.clone()).unwrap(),
            person: PersonId::parse(longest).unwrap(),
            more: vec![choice.clone(); CANDIDATES - 1],
            choice,
            turn: u32::MAX,
            ..vote()
        };
        let note = Statement::Vote(vote.clone()).sign(&SigningKey::from_bytes(&[1; 32])).unwrap();
        assert!(note.len() <= MAX_STATEMENT_LEN, "{}", note.len());
        assert_eq!(SignedStatement::parse(&note).unwrap().statement, Statement::Vote(vote));
    }

    #[test]
    fn a_statement_nobody_would_accept_is_not_signed() {
        let key = SigningKey::from_bytes(&[1; 32]);
        let bad = Vote { log: "two\nlines".into(), ..vote() };
        assert_eq!(Statement::Vote(bad).sign(&key), Err(StatementError::Malformed));
        let bad = Vote { turn: 0, ..vote() };
        assert_eq!(Statement::Vote(bad).sign(&key), Err(StatementError::Malformed));
    }
}
