//! What people hold after a day, against a record that kept its promises and against ones that did not.

mod ledger_support;

use dienhong::chamber::command::Command;
use dienhong::ledger::checkpoint::Checkpoint;
use dienhong::ledger::note::NoteSigner;
use dienhong::ledger::receipt::{Receipt, ReceiptError};
use dienhong::verify::promises::{Broken, Promises};
use ledger_support::*;

fn promises(lines: &[String]) -> Promises {
    Promises::of(vkey(), lines)
}

/// The day's record and a receipt for each entry, under the head of that moment.
fn day() -> (Hall, Vec<Receipt>) {
    let hall = story::hall();
    let sizes: Vec<u64> = hall.checkpoints.iter().map(|note| checkpoint_size(note)).collect();
    let under = |seq: u64| sizes.iter().copied().find(|size| *size > seq).unwrap();
    let receipts = (0..hall.lines.len() as u64).map(|seq| hall.receipt(seq, under(seq))).collect();
    (hall, receipts)
}

#[test]
fn a_record_that_grew_keeps_every_receipt_and_head() {
    let (hall, receipts) = day();
    let promises = promises(&hall.lines);
    assert!(receipts.iter().all(|receipt| promises.receipt(receipt) == Ok(())));
    assert!(hall.checkpoints.iter().all(|note| promises.head(note) == Ok(())));
    assert_eq!(promises.counted_once(), Ok(()));
    assert_eq!(promises.size(), hall.lines.len() as u64);
}

#[test]
fn a_record_that_lost_its_end_is_told() {
    let (hall, receipts) = day();
    let entries = hall.lines.len() as u64 - 1;
    let cut = promises(&hall.lines[..entries as usize]);
    let broken = Broken::CutShort { size: entries + 1, entries };
    assert_eq!(cut.receipt(receipts.last().unwrap()), Err(broken.clone()));
    assert_eq!(cut.head(hall.checkpoints.last().unwrap()), Err(broken));
    assert_eq!(cut.receipt(&receipts[0]), Ok(()));
}

#[test]
fn a_rewritten_record_is_told() {
    let (hall, receipts) = day();
    let mut lines = hall.lines.clone();
    lines[5].push(' ');
    let rewritten = promises(&lines);
    for receipt in &receipts {
        let size = checkpoint_size(&receipt.checkpoint);
        let expected = if size > 5 { Err(Broken::Fork { size }) } else { Ok(()) };
        assert_eq!(rewritten.receipt(receipt), expected);
    }
}

#[test]
fn a_receipt_that_proves_nothing_is_told() {
    let (hall, receipts) = day();
    let promises = promises(&hall.lines);
    let receipt = || receipts[7].clone();

    let other = Receipt { entry: hall.lines[6].clone(), ..receipt() };
    assert_eq!(promises.receipt(&other), Err(Broken::EntryDiffers { seq: 7 }));
    let beyond = Receipt { seq: 7_000, ..receipt() };
    assert_eq!(promises.receipt(&beyond), Err(Broken::EntryDiffers { seq: 7_000 }));
    let bare = Receipt { proof: Vec::new(), ..receipt() };
    let error = ReceiptError::NotIncluded;
    assert_eq!(promises.receipt(&bare), Err(Broken::BadReceipt { seq: 7, error }));

    let stranger = NoteSigner::new(ORIGIN, signing_key("a stranger")).unwrap();
    let size = checkpoint_size(&receipts[7].checkpoint);
    let root = hall.tree.root_at(size).unwrap();
    let forged = Receipt { checkpoint: Checkpoint { origin: ORIGIN.into(), size, root }.sign(&stranger), ..receipt() };
    assert_eq!(promises.receipt(&forged).unwrap_err().code(), "bad_checkpoint");
}

#[test]
fn the_last_turn_of_a_vote_counts_and_none_twice() {
    let mut hall = Hall::new();
    story::enrol_everybody(&mut hall);
    story::open_the_sitting(&mut hall);
    hall.order("chu-toa", Command::StartItem { item: item("i1") });
    hall.order("chu-toa", Command::OpenBallot { question: question("q1"), seconds: Some(0) });
    hall.vote("db1", "b1", &story::first_question(), "yes", 1);
    hall.vote("db1", "b1", &story::first_question(), "no", 2);
    let place = (ballot("b1"), person("db1"));
    let seq = hall.lines.len() as u64 - 1;

    let kept = promises(&hall.lines);
    assert_eq!(kept.counted_once(), Ok(()));
    let standing = &kept.standing()[&place];
    assert_eq!((standing.seq, standing.answer.as_str(), standing.turn), (seq, "no", 2));

    let again = hall.entries.last().unwrap().clone();
    hall.write(again.by, again.statement, None, vec![again.event]);
    let (ballot, person) = place;
    let broken = Broken::VoteRepeated { ballot, person, first: seq, second: seq + 1 };
    assert_eq!(promises(&hall.lines).counted_once(), Err(broken));
}
