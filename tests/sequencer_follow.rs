//! A sequencer that follows: it takes in exactly what the council's key signed for, in order, and anything else leaves it as it
//! was.

use dienhong::chamber::command::{Actor, Command, Founding};
use dienhong::chamber::ids::{CouncilId, Millis};
use dienhong::chamber::presets;
use dienhong::ledger::note::NoteSigner;
use dienhong::ledger::text;
use dienhong::sample;
use dienhong::sequencer::{Batch, FollowError, LoadError, Sequencer, Submission, Ticket};
use ed25519_dalek::SigningKey;
use proptest::prelude::*;
use std::sync::{Arc, LazyLock};

const ORIGIN: &str = "hall.example/mau";

fn signer(origin: &str, seed: u8) -> Arc<NoteSigner> {
    Arc::new(NoteSigner::new(origin, SigningKey::from_bytes(&[seed; 32])).expect("a key name"))
}

/// A record of some thirty entries in batches of several sizes, as its writer sealed them.
fn written() -> &'static [Batch] {
    static BATCHES: LazyLock<Vec<Batch>> = LazyLock::new(|| {
        let signer = signer(ORIGIN, 7);
        let founding = Command::FoundCouncil(Box::new(Founding {
            council: CouncilId::parse("mau").expect("an id"),
            origin: ORIGIN.to_owned(),
            name: "Hội đồng nhân dân Mẫu".to_owned(),
            short_name: "HĐND Mẫu".to_owned(),
            rules: presets::preset("generic", 25).expect("a preset"),
            checkpoint_key: text::base64(&signer.public()),
        }));
        let people = sample::council(3, 25).into_iter().map(|person| Command::SetPerson { person });
        let mut writer = Sequencer::new(ORIGIN.to_owned(), signer);
        let mut batches = Vec::new();
        for (n, command) in std::iter::once(founding).chain(people).enumerate() {
            let own = Submission { by: Actor::Operator, command, statement: None, arguments: None };
            let answer = writer.submit(Ticket(n as u64), Millis(1_000 + n as u64), [n as u8; 32], own);
            assert!(answer.is_none(), "{answer:?}");
            if [0, 1, 4, 5, 12, 20].contains(&n) {
                seal(&mut writer, &mut batches);
            }
        }
        seal(&mut writer, &mut batches);
        batches
    });
    &BATCHES
}

fn seal(writer: &mut Sequencer, batches: &mut Vec<Batch>) {
    let batch = writer.seal().expect("something has gathered");
    writer.committed(&batch);
    batches.push(batch);
}

fn follower(after: usize) -> Sequencer {
    let mut follower = Sequencer::new(ORIGIN.to_owned(), signer(ORIGIN, 7));
    for batch in &written()[..after] {
        follower.extend(batch.first_seq, &batch.lines, &batch.checkpoint).expect("as it was written");
    }
    follower
}

/// Everything that can be seen of it.
fn looks(sequencer: &Sequencer) -> impl PartialEq + std::fmt::Debug + use<> {
    let leaves: Vec<_> = (0..=sequencer.tree().size()).map(|seq| sequencer.tree().leaf(seq)).collect();
    let head = (sequencer.size(), sequencer.checkpoint().map(str::to_owned), sequencer.tree().root());
    (sequencer.durable().clone(), leaves, head, sequencer.newest(), sequencer.next_deadline())
}

#[test]
fn whoever_follows_stands_where_the_writer_stands() {
    let batches = written();
    let mut read_back = Sequencer::new(ORIGIN.to_owned(), signer(ORIGIN, 7));
    for line in batches.iter().flat_map(|batch| &batch.lines) {
        read_back.load(line).expect("a sound record");
    }
    read_back.loaded(batches.last().map(|batch| batch.checkpoint.clone())).expect("a sound head");
    let follower = follower(batches.len());
    assert_eq!(looks(&follower), looks(&read_back));
    assert_eq!(follower.durable().people().len(), batches.iter().flat_map(|batch| &batch.lines).count() - 1);
}

#[test]
fn several_batches_may_come_at_once() {
    let (batches, mut once) = (written(), follower(1));
    let lines: Vec<Arc<str>> = batches[1..].iter().flat_map(|batch| batch.lines.clone()).collect();
    let events =
        once.extend(batches[1].first_seq, &lines, &batches.last().unwrap().checkpoint).expect("one head for all");
    assert_eq!(events.len(), lines.len());
    assert_eq!(looks(&once), looks(&follower(batches.len())));
}

#[test]
fn what_is_known_or_comes_too_early_is_told_apart_and_changes_nothing() {
    let batches = written();
    for at in 0..batches.len() {
        for batch in batches {
            let mut follower = follower(at);
            let (before, size) = (looks(&follower), follower.size());
            match follower.extend(batch.first_seq, &batch.lines, &batch.checkpoint) {
                Ok(_) => assert_eq!(batch.first_seq, size),
                Err(FollowError::Elsewhere { .. }) => assert_eq!(looks(&follower), before),
                Err(error) => panic!("{error}"),
            }
        }
    }
}

#[test]
fn whoever_writes_does_not_follow() {
    let (batches, mut writer) = (written(), follower(3));
    let person = sample::council(9, 40).pop().expect("people");
    let own =
        Submission { by: Actor::Operator, command: Command::SetPerson { person }, statement: None, arguments: None };
    assert!(writer.submit(Ticket(1), Millis(9_000), [9; 32], own).is_none());
    let refused = writer.extend(batches[3].first_seq, &batches[3].lines, &batches[3].checkpoint);
    assert!(matches!(refused, Err(FollowError::Leading)), "{refused:?}");
    assert!(writer.seal().is_some(), "what was decided is still there");
}

#[test]
fn another_key_or_another_record_is_refused() {
    let batch = &written()[0];
    for stranger in [signer(ORIGIN, 8), signer("hall.example/other", 7)] {
        let origin = if stranger.public() == signer(ORIGIN, 7).public() { "hall.example/other" } else { ORIGIN };
        let mut follower = Sequencer::new(origin.to_owned(), stranger);
        let refused = follower.extend(batch.first_seq, &batch.lines, &batch.checkpoint);
        assert!(matches!(refused, Err(FollowError::Record(LoadError::Checkpoint))), "{refused:?}");
        assert_eq!(follower.size(), 0);
    }
}

/// What somebody between the nodes may do to a message.
#[derive(Debug, Clone)]
enum Tampering {
    Line { which: usize, at: usize, with: u8 },
    Checkpoint { at: usize, with: u8 },
    Missing(usize),
    Twice(usize),
    Swapped(usize, usize),
    ForeignLine(usize, usize),
    ForeignCheckpoint(usize),
    First(u64),
}

fn tampering() -> impl Strategy<Value = Tampering> {
    let place = || 0..1_000_usize;
    prop_oneof![
        (place(), place(), any::<u8>()).prop_map(|(which, at, with)| Tampering::Line { which, at, with }),
        (place(), any::<u8>()).prop_map(|(at, with)| Tampering::Checkpoint { at, with }),
        place().prop_map(Tampering::Missing),
        place().prop_map(Tampering::Twice),
        (place(), place()).prop_map(|(a, b)| Tampering::Swapped(a, b)),
        (place(), place()).prop_map(|(a, b)| Tampering::ForeignLine(a, b)),
        place().prop_map(Tampering::ForeignCheckpoint),
        (0..40_u64).prop_map(Tampering::First),
    ]
}

fn bytes_changed(text: &str, at: usize, with: u8) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let at = at % bytes.len();
    bytes[at] = with;
    String::from_utf8_lossy(&bytes).into_owned()
}

fn tampered(batch: &Batch, tampering: &Tampering) -> Batch {
    let (batches, mut batch) = (written(), batch.clone());
    let count = batch.lines.len();
    let all: Vec<Arc<str>> = batches.iter().flat_map(|batch| batch.lines.clone()).collect();
    match *tampering {
        Tampering::Line { which, at, with } => {
            let line = &mut batch.lines[which % count];
            *line = Arc::from(bytes_changed(line, at, with));
        }
        Tampering::Checkpoint { at, with } => batch.checkpoint = bytes_changed(&batch.checkpoint, at, with),
        Tampering::Missing(which) => drop(batch.lines.remove(which % count)),
        Tampering::Twice(which) => batch.lines.push(batch.lines[which % count].clone()),
        Tampering::Swapped(a, b) => batch.lines.swap(a % count, b % count),
        Tampering::ForeignLine(which, from) => batch.lines[which % count] = all[from % all.len()].clone(),
        Tampering::ForeignCheckpoint(from) => batch.checkpoint = batches[from % batches.len()].checkpoint.clone(),
        Tampering::First(seq) => batch.first_seq = seq,
    }
    batch
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn whatever_is_tampered_with_changes_nothing(at in 0..7_usize, how in tampering()) {
        let sound = &written()[at];
        let forged = tampered(sound, &how);
        let unchanged = forged.lines == sound.lines
            && forged.checkpoint == sound.checkpoint
            && forged.first_seq == sound.first_seq;
        prop_assume!(!unchanged);
        let mut follower = follower(at);
        let before = looks(&follower);
        prop_assert!(follower.extend(forged.first_seq, &forged.lines, &forged.checkpoint).is_err());
        prop_assert_eq!(looks(&follower), before);
        // And it goes on as if nothing had been.
        prop_assert!(follower.extend(sound.first_seq, &sound.lines, &sound.checkpoint).is_ok());
    }
}
