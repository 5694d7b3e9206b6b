//! What screens are shown of the chamber: never more than a connection can take, never whose answer it was where names are
//! restricted, and a sealed result as it was at its closing.

mod chamber_hall;

use chamber_hall::*;
use dienhong::chamber::agenda::ItemKind;
use dienhong::chamber::command::Command;
use dienhong::chamber::ids::AnswerKey;
use dienhong::chamber::limits;
use dienhong::chamber::refusal::Refusal;
use dienhong::chamber::rules::{AnswerMeaning, NamesPolicy, RulesProfile};
use dienhong::wire::from_chamber as from;
use dienhong::wire::views::Arranged;

const MIB: usize = 1024 * 1024;

#[test]
fn an_agenda_is_refused_before_it_outgrows_a_frame() {
    let mut hall = Hall::sitting(wordy(), 4, 4);
    let heavy = "\"".repeat(limits::TEXT_CHARS);
    let mut refused = None;
    'agenda: for n in 1..=limits::ITEMS {
        let item = new_item(&n.to_string(), ItemKind::Report, &"ế".repeat(limits::TITLE_CHARS), None);
        let added = hall.act(&by("clerk"), Command::add_items(vec![item]));
        refused = added.err();
        for _ in 0..limits::QUESTIONS_PER_ITEM {
            refused = refused.or(hall.act(&by("clerk"), question(&format!("i{}", n + 4), &heavy)).err());
            if refused.is_some() {
                break 'agenda;
            }
        }
    }
    assert_eq!(refused, Some(Refusal::TooManyItems));
    let size = council_size(&hall);
    assert!((limits::AGENDA_BYTES * 3 / 4..limits::AGENDA_BYTES + 4_096).contains(&size), "{size}");
    // What is there can still be worded anew, if not longer.
    hall.must(&by("clerk"), prepare("i2", "Nghị quyết", "majority_of_all", Some("q1")));
}

#[test]
fn many_rounds_of_many_answers_fit_beside_the_agenda() {
    let mut hall = Hall::at_question(wordy(), 4, 4);
    let reason = "\u{1D54F}".repeat(limits::ENDING_REASON_CHARS);
    let agenda = council_size(&hall);
    for n in 1..=limits::ROUNDS {
        let ballot = || bid(&format!("b{n}"));
        let course = [
            Command::OpenBallot { question: qid("q1"), seconds: None },
            Command::CloseBallot { ballot: ballot() },
            Command::ConfirmBallot { ballot: ballot(), casting: None },
            Command::AnnounceBallot { ballot: ballot() },
            Command::AnnulBallot { ballot: ballot(), reason: reason.clone() },
        ];
        // Without the hall's own checks after every act, which take long on so many.
        for command in course {
            for event in hall.chamber.decide(hall.now, &by("p1"), &command).expect("accepted") {
                hall.chamber.apply(hall.now, 0, &event);
            }
        }
    }
    let again = Command::OpenBallot { question: qid("q1"), seconds: None };
    assert_eq!(hall.refused(&by("p1"), again), Refusal::TooManyItems);
    let rounds = council_size(&hall) - agenda;
    assert!(rounds + limits::AGENDA_BYTES < MIB, "{rounds}");
    // The published results grow with the rounds, not with their square.
    let results = from::results(&hall.chamber).results;
    assert!(results.iter().all(|result| result.item.questions.len() == 1));
    assert!(results.iter().all(|result| result.item.questions[0].ballots == [result.ballot.clone()]));
}

/// Each weight is at least what JSON makes of it, for the heaviest texts and for ordinary ones.
#[test]
fn the_budget_counts_no_less_than_the_frame_holds() {
    let mut hall = Hall::sitting(generic(9), 4, 4);
    let mut added = 4;
    let refused = loop {
        let item = new_item("9", ItemKind::Vote, &"Nghị quyết về quy hoạch ".repeat(8), None);
        match hall.act(&by("clerk"), Command::add_items(vec![item])) {
            Ok(_) => added += 1,
            Err(refusal) => break refusal,
        }
    };
    assert_eq!(refused, Refusal::TooManyItems);
    assert!(added > 150, "an ordinary session fits: {added}");
    assert!(council_size(&hall) < limits::AGENDA_BYTES + 4_096);
}

/// A seat that turned together with a count would tell whose answer it was.
#[test]
fn beside_running_counts_the_seats_tell_attendance_alone() {
    let mut rules = province(5);
    rules.show_split = true;
    let mut hall = Hall::at_question(rules.clone(), 5, 4);
    hall.open("q1");
    let mut splits = Vec::new();
    for (person, answer) in [("p3", "yes"), ("p1", "no")] {
        hall.vote("b1", person, answer);
        let seats = from::seats(&hall.chamber, from::Eyes::Hall);
        assert_eq!((seats.ballot, seats.marks.as_str(), seats.arranged), (None, "pppp.", Arranged::BySeat));
        splits.push(
            from::live(&hall.chamber, from::Store::Writable, from::Eyes::Hall).ballot.and_then(|ballot| ballot.split),
        );
    }
    assert!(splits[0].is_some() && splits[0] != splits[1], "the counts do run");
    hall.must(&by("p1"), Command::HoldBallot { ballot: bid("b1"), reason: None });
    assert_eq!(from::seats(&hall.chamber, from::Eyes::Hall).marks, "pppp.");
    hall.close("b1");
    let seats = from::seats(&hall.chamber, from::Eyes::Hall);
    assert_eq!((seats.marks.as_str(), seats.arranged), ("ypp.n", Arranged::ByAnswer));

    // Where names are public, or no counts run, the hall lights up seat by seat.
    rules.names = NamesPolicy::Public;
    for rules in [rules, province(5)] {
        let mut hall = Hall::at_question(rules, 5, 4);
        hall.open("q1");
        hall.vote("b1", "p3", "yes");
        let seats = from::seats(&hall.chamber, from::Eyes::Hall);
        assert_eq!((seats.ballot.as_deref(), seats.marks.as_str()), (Some("b1"), "pprp."));
    }
}

#[test]
fn a_closed_ballot_keeps_the_hall_it_was_taken_in() {
    let mut hall = Hall::at_question(generic(6), 5, 4);
    hall.decide_question("q1", "b1", &[("p1", "yes"), ("p2", "no"), ("p4", "yes")]);
    let sealed = from::results(&hall.chamber);
    let marks = from::seats(&hall.chamber, from::Eyes::Hall);
    assert_eq!((marks.marks.as_str(), marks.arranged), ("ynpy.", Arranged::BySeat));

    // One leaves, one moves, one gives up the seat under a new name, one comes.
    let end = Command::EndMandate { person: pid("p2"), reason: "chuyển công tác".into() };
    hall.must(&by("admin"), end);
    let mut renamed = somebody("p1", None, Vec::new());
    renamed.name = "Tên mới".into();
    let newcomer = somebody("p9", Some("2"), Vec::new());
    hall.must(&by("admin"), import(vec![renamed, somebody("p3", Some("6"), Vec::new()), newcomer]));
    assert_eq!(from::results(&hall.chamber), sealed);
    assert_eq!(from::seats(&hall.chamber, from::Eyes::Hall), marks);

    let names = sealed.results[0].names.as_ref().expect("names are public");
    assert_eq!(names.len(), marks.marks.len());
    let ballot = hall.chamber.ballot(&bid("b1")).expect("the ballot");
    let outcome = ballot.outcome.as_ref().expect("closed");
    assert_eq!(outcome.delegates.len(), usize::try_from(outcome.counted.in_office).expect("small"));
}

/// The longest answers a profile may have.
fn wordy() -> RulesProfile {
    let mut rules = generic(9);
    for n in rules.answers.len()..limits::ANSWERS {
        let key = AnswerKey::parse(format!("{n}-{}", "x".repeat(38))).expect("an id");
        rules.answers.push(AnswerMeaning { key, meaning: "\u{1D54F}".repeat(limits::MEANING_CHARS) });
    }
    rules
}

fn question(item: &str, text: &str) -> Command {
    match prepare(item, &"\"".repeat(limits::TITLE_CHARS), "majority_of_all", None) {
        Command::PrepareQuestion { item, title, rule, seconds, show_split, replaces, .. } => Command::PrepareQuestion {
            item,
            title,
            text: text.into(),
            rule,
            seconds,
            show_split,
            replaces,
            form: None,
            answers: None,
            change_allowed: None,
            groups: Vec::new(),
            min_choices: 0,
            live_names: false,
        },
        other => other,
    }
}

fn council_size(hall: &Hall) -> usize {
    let vkey = "hdnd.example/hanoi+00000000+AAAA";
    let view = from::council(&hall.chamber, vkey, from::Eyes::Hall, &from::Rehearsal::default()).expect("founded");
    serde_json::to_string(&view).expect("a view").len()
}
