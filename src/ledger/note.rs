//! C2SP signed notes: a text and, after an empty line, the signatures over it (<https://c2sp.org/signed-note>). Ed25519 only.

use super::text::{base64, from_base64, from_base64_exact, from_hex, hex};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};
use std::fmt;

/// Longest note read anywhere, in bytes: an order's or vote's note has some 600, a checkpoint with a score of witnesses 4,000.
pub const MAX_NOTE_LEN: usize = 64 * 1024;

/// Most signature lines read on one note; the reference implementation has the same limit.
pub const MAX_SIGNATURES: usize = 100;

/// Longest key name, in bytes: an origin, `/p/` and a person's id.
pub const MAX_KEY_NAME_LEN: usize = 255;

/// Signature type of plain Ed25519 in key ids and key texts.
const ED25519: u8 = 1;

/// Between `— ` and the end of a signature line; the dash is U+2014.
const SIGNATURE_PREFIX: &str = "— ";

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    #[error("a key name is 1 to {MAX_KEY_NAME_LEN} bytes without white space, control characters or '+'")]
    Name,
    #[error("a verifier key is written <name>+<8 hex digits>+<base64>")]
    Text,
    #[error("the key's id does not belong to its name and key")]
    Id,
    #[error("not an Ed25519 public key that may be used: not a point, not canonical, or of small order")]
    Weak,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    #[error("not a signed note")]
    Malformed,
    #[error("no signature by the expected key")]
    UnknownKey,
    #[error("the signature does not fit the text and the key")]
    BadSignature,
}

/// Accepts only public keys that mean the same to every Ed25519 implementation: canonical, on the curve, not of small order.
/// Done once where a key enters (enrolment, founding, a pinned key); [`Note::verify`] then needs only the strict check.
pub fn check_public_key(public: &[u8; 32]) -> Result<VerifyingKey, KeyError> {
    let key = VerifyingKey::from_bytes(public).map_err(|_| KeyError::Weak)?;
    let canonical = key.to_edwards().compress().to_bytes() == *public;
    if canonical && !key.is_weak() { Ok(key) } else { Err(KeyError::Weak) }
}

/// True when `name` may name a key (no Unicode white space, no control characters, no `+`).
pub fn is_key_name(name: &str) -> bool {
    (1..=MAX_KEY_NAME_LEN).contains(&name.len())
        && !name.chars().any(|c| c == '+' || c.is_whitespace() || c.is_control())
}

/// A public key together with the name it signs under.
#[derive(Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    key: VerifyingKey,
    id: [u8; 4],
}

impl VerifierKey {
    pub fn new(name: impl Into<String>, public: &[u8; 32]) -> Result<Self, KeyError> {
        let name = name.into();
        if !is_key_name(&name) {
            return Err(KeyError::Name);
        }
        let key = check_public_key(public)?;
        Ok(Self { id: key_id(&name, public), name, key })
    }

    /// Reads `name+hex(id)+base64(0x01 ‖ public key)`, the inverse of `Display`.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        // The key's base64 may hold `+`, the name may not.
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(KeyError::Text);
        };
        let id: [u8; 4] = from_hex(id).ok_or(KeyError::Text)?;
        let [kind, public @ ..]: [u8; 33] = from_base64_exact(key).ok_or(KeyError::Text)?;
        if kind != ED25519 {
            return Err(KeyError::Text);
        }
        let parsed = Self::new(name, &public)?;
        if parsed.id() == id { Ok(parsed) } else { Err(KeyError::Id) }
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn id(&self) -> [u8; 4] {
        self.id
    }

    pub fn public(&self) -> [u8; 32] {
        self.key.to_bytes()
    }

    /// That `signature` is this key's over `message`, strictly (RFC 8032 without the cofactor; no small-order or non-canonical
    /// points, S below the group's order), so that every verifier decides alike.
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), NoteError> {
        let signature = Signature::from_slice(signature).map_err(|_| NoteError::BadSignature)?;
        self.key.verify_strict(message, &signature).map_err(|_| NoteError::BadSignature)
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut key = [ED25519; 33];
        key[1..].copy_from_slice(self.key.as_bytes());
        write!(f, "{}+{}+{}", self.name, hex(&self.id()), base64(&key))
    }
}

impl fmt::Debug for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifierKey({self})")
    }
}

/// A private key together with the name it signs under. The key's bytes are wiped when it is dropped and never printed.
pub struct NoteSigner {
    name: String,
    key: SigningKey,
}

impl NoteSigner {
    pub fn new(name: impl Into<String>, key: SigningKey) -> Result<Self, KeyError> {
        let name = name.into();
        if is_key_name(&name) { Ok(Self { name, key }) } else { Err(KeyError::Name) }
    }

    /// The same key under another name.
    pub fn renamed(&self, name: impl Into<String>) -> Result<Self, KeyError> {
        Self::new(name, self.key.clone())
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn public(&self) -> [u8; 32] {
        self.key.verifying_key().to_bytes()
    }

    pub fn verifier(&self) -> VerifierKey {
        VerifierKey { name: self.name.clone(), key: self.key.verifying_key(), id: key_id(&self.name, &self.public()) }
    }

    /// The whole note for `text`, which must end in a line feed and hold no other control character; of anything else it
    /// makes a note that nobody accepts.
    pub fn sign(&self, text: &str) -> String {
        let mut bytes = [0; 68];
        bytes[..4].copy_from_slice(&key_id(&self.name, &self.public()));
        bytes[4..].copy_from_slice(&self.key.sign(text.as_bytes()).to_bytes());
        format!("{text}\n{SIGNATURE_PREFIX}{} {}\n", self.name, base64(&bytes))
    }
}

impl fmt::Debug for NoteSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NoteSigner({})", self.verifier())
    }
}

/// One signature line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteSignature {
    pub name: String,
    pub key_id: [u8; 4],
    /// What follows the key id: 64 bytes for plain Ed25519, other lengths for types not known here.
    pub signature: Vec<u8>,
}

/// A note taken apart, nothing about its signatures checked yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// With its last line feed, without the empty line: exactly what was signed.
    pub text: String,
    pub signatures: Vec<NoteSignature>,
}

impl Note {
    pub fn parse(note: &str) -> Result<Self, NoteError> {
        let control = |c: char| c < ' ' && c != '\n';
        if note.len() > MAX_NOTE_LEN || note.contains(control) {
            return Err(NoteError::Malformed);
        }
        // The text may hold empty lines itself, a signature line cannot: the last one parts them.
        let split = note.rfind("\n\n").ok_or(NoteError::Malformed)?;
        let (text, lines) = (note.get(..=split), note.get(split + 2..));
        let (Some(text), Some(lines)) = (text, lines.and_then(|lines| lines.strip_suffix('\n'))) else {
            return Err(NoteError::Malformed);
        };
        if lines.split('\n').take(MAX_SIGNATURES + 1).count() > MAX_SIGNATURES {
            return Err(NoteError::Malformed);
        }
        let signatures: Option<Vec<_>> = lines.split('\n').map(signature_line).collect();
        Ok(Self { text: text.to_owned(), signatures: signatures.ok_or(NoteError::Malformed)? })
    }

    /// That `key` signed this text ([`VerifierKey::verify`]). Signatures by other keys are ignored; one by `key` that fails
    /// rejects the note, even beside one that holds.
    pub fn verify(&self, key: &VerifierKey) -> Result<(), NoteError> {
        let id = key.id();
        let mut held = false;
        for line in self.signatures.iter().filter(|line| line.name == key.name && line.key_id == id) {
            key.verify(self.text.as_bytes(), &line.signature)?;
            held = true;
        }
        if held { Ok(()) } else { Err(NoteError::UnknownKey) }
    }
}

fn signature_line(line: &str) -> Option<NoteSignature> {
    let (name, encoded) = line.strip_prefix(SIGNATURE_PREFIX)?.split_once(' ')?;
    let bytes = from_base64(encoded)?;
    let (key_id, signature) = bytes.split_first_chunk::<4>()?;
    (is_key_name(name) && !signature.is_empty()).then(|| NoteSignature {
        name: name.to_owned(),
        key_id: *key_id,
        signature: signature.to_vec(),
    })
}

fn key_id(name: &str, public: &[u8; 32]) -> [u8; 4] {
    let hash = Sha256::new().chain_update(name).chain_update([b'\n', ED25519]).chain_update(public).finalize();
    let mut id = [0; 4];
    id.copy_from_slice(&hash[..4]);
    id
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signer(name: &str, seed: u8) -> NoteSigner {
        NoteSigner::new(name, SigningKey::from_bytes(&[seed; 32])).unwrap()
    }

    /// The key and note printed in the documentation of the reference implementation (golang.org/x/mod/sumdb/note).
    #[test]
    fn reads_the_reference_example() {
        let key = VerifierKey::parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW").unwrap();
        assert_eq!(key.to_string(), "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
        let note = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n\
            — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
        let note = Note::parse(note).unwrap();
        assert_eq!(note.verify(&key), Ok(()));
    }

    #[test]
    fn what_one_signs_the_other_accepts() {
        let (a, b) = (signer("example.org/a", 1), signer("example.org/b", 2));
        let signed = a.sign("first\n\nthird\n");
        let note = Note::parse(&signed).unwrap();
        assert_eq!(note.text, "first\n\nthird\n");
        assert_eq!(note.verify(&a.verifier()), Ok(()));
        assert_eq!(note.verify(&b.verifier()), Err(NoteError::UnknownKey));
        let same_name = signer("example.org/a", 3);
        assert_eq!(note.verify(&same_name.verifier()), Err(NoteError::UnknownKey));

        let tampered = Note::parse(&signed.replace("third", "fourth")).unwrap();
        assert_eq!(tampered.verify(&a.verifier()), Err(NoteError::BadSignature));
    }

    #[test]
    fn a_failing_signature_by_a_known_key_rejects_the_note() {
        let a = signer("example.org/a", 1);
        let (good, other) = (a.sign("text\n"), a.sign("other\n"));
        let second_line = other.rsplit("\n\n").next().unwrap();
        let both = Note::parse(&format!("{good}{second_line}")).unwrap();
        assert_eq!(both.signatures.len(), 2);
        assert_eq!(both.verify(&a.verifier()), Err(NoteError::BadSignature));

        let stranger = signer("example.org/b", 2).sign("other\n");
        let with_stranger = format!("{good}{}", stranger.rsplit("\n\n").next().unwrap());
        assert_eq!(Note::parse(&with_stranger).unwrap().verify(&a.verifier()), Ok(()));
    }

    #[test]
    fn malformed_notes_are_refused() {
        let good = signer("example.org/a", 1).sign("text\n");
        let line = good.rsplit("\n\n").next().unwrap();
        let many = format!("text\n\n{}", line.repeat(MAX_SIGNATURES + 1));
        for bad in [
            "",
            "\n\n",
            "text\n",
            "text\n\n",
            good.trim_end_matches('\n'),
            &good.replace("text", "te\txt"),
            &good.replace("text", "te\rxt"),
            &good.replace("— ", "- "),
            &good.replace("— ", "—  "),
            &good.replace("/a ", "/a+ "),
            &good.replace("/a ", "/a"),
            &good.replace('=', ""),
            &format!("{good}\n"),
            &many,
        ] {
            assert_eq!(Note::parse(bad), Err(NoteError::Malformed), "{bad:?}");
        }
    }

    #[test]
    fn keys_others_might_read_differently_are_refused() {
        let mut identity = [0; 32];
        identity[0] = 1;
        let mut not_reduced = [0xff; 32]; // y = p + 1, another spelling of the identity
        not_reduced[0] = 0xee;
        not_reduced[31] = 0x7f;
        let mut minus_zero = identity; // x = 0 with the sign bit set
        minus_zero[31] = 0x80;
        let mut canonical_4 = [0; 32]; // y = 4 + p would be canonical only as 4
        canonical_4[0] = 0xf1;
        canonical_4[1..31].fill(0xff);
        canonical_4[31] = 0x7f;
        for key in [identity, [0; 32], not_reduced, minus_zero, canonical_4] {
            assert_eq!(check_public_key(&key), Err(KeyError::Weak), "{}", hex(&key));
        }
        assert!(check_public_key(&signer("a", 1).public()).is_ok());
    }

    #[test]
    fn keys_are_read_only_as_they_are_written() {
        let text = signer("example.org/a", 1).verifier().to_string();
        assert_eq!(VerifierKey::parse(&text).unwrap().to_string(), text);
        let (name, rest) = text.split_once('+').unwrap();
        for (bad, why) in [
            (rest.to_owned(), KeyError::Text),
            (format!("{name}x+{rest}"), KeyError::Id),
            (format!("+{rest}"), KeyError::Name),
            (format!("a b+{rest}"), KeyError::Name),
            (text.replace("+A", "+B"), KeyError::Text),
            (text.to_uppercase(), KeyError::Text),
        ] {
            assert_eq!(VerifierKey::parse(&bad), Err(why), "{bad}");
        }
    }

    #[test]
    fn a_private_key_is_never_printed() {
        let shown = format!("{:?}", signer("example.org/a", 7));
        assert!(!shown.contains(&hex(&[7; 32])) && !shown.contains(&base64(&[7; 32])), "{shown}");
        assert!(shown.contains("example.org/a"));
    }
}
