//! What the verifier finds in a ballot's frame: when it closes, what is left of it, what can be answered, and out of how many
//! seats. The records are signed by the council's own key: what is tested is whether a server that gives a ballot other times
//! or answers than follow is caught.

mod ledger_support;

use dienhong::chamber::Misfit;
use dienhong::chamber::ballot::{AnswerCount, BallotForm, Counted, HoldCause, Question, QuestionForm};
use dienhong::chamber::command::{Actor, Command};
use dienhong::chamber::event::Event;
use dienhong::chamber::ids::Millis;
use dienhong::chamber::rules::{AnswerMeaning, RulesProfile};
use dienhong::chamber::wall::WallMode;
use dienhong::verify::question::document_hash;
use dienhong::verify::{Report, verify};
use ledger_support::*;
use std::io::Cursor;

fn check(hall: &Hall) -> Report {
    verify(Cursor::new(hall.bundle()), Some(&vkey()), |_| {}).unwrap()
}

fn findings(hall: &Hall) -> Vec<(Option<u64>, &'static str)> {
    check(hall).findings.iter().map(|finding| (finding.seq, finding.problem.code())).collect()
}

/// At the first item, of which `q1` is the question: 30 seconds.
fn at_work() -> Hall {
    let mut hall = Hall::new();
    story::enrol_everybody(&mut hall);
    story::open_the_sitting(&mut hall);
    hall.order("chu-toa", Command::StartItem { item: item("i1") });
    hall
}

fn open(seconds: Option<u32>) -> Command {
    Command::OpenBallot { question: question("q1"), seconds }
}

/// `b1` is open for a minute, and somebody has voted.
fn voting() -> Hall {
    let mut hall = at_work();
    hall.order("chu-toa", open(Some(60)));
    hall.vote("db1", "b1", &story::first_question(), "yes", 1);
    hall
}

fn on_hold() -> Hall {
    let mut hall = voting();
    hall.order("chu-toa", hold());
    hall
}

fn hold() -> Command {
    Command::HoldBallot { ballot: ballot("b1"), reason: None }
}

fn resume() -> Command {
    Command::ResumeBallot { ballot: ballot("b1") }
}

fn extend() -> Command {
    Command::ExtendBallot { ballot: ballot("b1"), seconds: 15 }
}

fn closing(hall: &Hall) -> Millis {
    hall.chamber.ballot(&ballot("b1")).unwrap().closes_at.unwrap()
}

/// One act of `by`, who signed `ordered`; recorded is what `decide` gives for it, bent.
fn forge(hall: &mut Hall, by: &str, ordered: &Command, bend: impl FnOnce(&mut Event)) -> u64 {
    let (note, arguments) = hall.signed_order(by, ordered);
    let now = hall.entries.last().unwrap().time;
    let mut events = hall.chamber.decide(now, &Actor::Person(person(by)), ordered).unwrap();
    bend(events.last_mut().unwrap());
    let first = hall.entries.len() as u64;
    hall.write(Actor::Person(person(by)), Some(note), Some(arguments), events);
    first
}

#[test]
fn a_ballot_is_open_as_long_as_was_ordered_or_else_as_the_question_says() {
    for seconds in [None, Some(60)] {
        for longer in [Some(30_000), Some(5_000), None] {
            let mut hall = at_work();
            let first = forge(&mut hall, "chu-toa", &open(seconds), |event| {
                let Event::BallotOpened { closes_at, .. } = event else { panic!("{event:?}") };
                *closes_at = longer.and_then(|longer| closes_at.map(|at| at.plus(longer)));
            });
            assert_eq!(findings(&hall), [(Some(first), "disagrees")], "{seconds:?} {longer:?}");
        }
        let mut hall = at_work();
        hall.order("chu-toa", open(seconds));
        assert_eq!(findings(&hall), []);
    }
}

/// Before it begins, or at no whole second: no order says so.
#[test]
fn a_ballot_never_closes_before_it_opens() {
    let hall = at_work();
    let now = hall.entries.last().unwrap().time;
    let events = hall.chamber.decide(now, &Actor::Person(person("chu-toa")), &open(None)).unwrap();
    let [opened] = &events[..] else { panic!("{events:?}") };
    assert_eq!(hall.chamber.fits(now, opened), Ok(()));
    for closes in [Millis(0), now, now.plus(1), now.plus(5_001)] {
        let mut bent = opened.clone();
        let Event::BallotOpened { closes_at, .. } = &mut bent else { panic!("{bent:?}") };
        *closes_at = Some(closes);
        assert_eq!(hall.chamber.fits(now, &bent), Err(Misfit::Ballot), "{closes:?}");
    }
}

#[test]
fn a_ballot_has_the_time_that_was_left_of_it() {
    type Bend = fn(&mut Event);
    let held: [Bend; 3] = [
        |event| {
            if let Event::BallotHeld { remaining_ms, .. } = event {
                *remaining_ms = remaining_ms.map(|rest| rest + 1);
            }
        },
        |event| {
            if let Event::BallotHeld { remaining_ms, .. } = event {
                *remaining_ms = remaining_ms.map(|rest| rest - 1);
            }
        },
        |event| {
            if let Event::BallotHeld { remaining_ms, .. } = event {
                *remaining_ms = None;
            }
        },
    ];
    let resumed: [Bend; 2] = [
        |event| {
            if let Event::BallotResumed { closes_at, .. } = event {
                *closes_at = closes_at.map(|at| at.plus(1));
            }
        },
        |event| {
            if let Event::BallotResumed { closes_at, .. } = event {
                *closes_at = None;
            }
        },
    ];
    let extended: [Bend; 2] = [
        |event| {
            if let Event::BallotExtended { closes_at, remaining_ms, .. } = event {
                (*closes_at, *remaining_ms) =
                    (closes_at.map(|at| at.plus(15_000)), remaining_ms.map(|rest| rest + 15_000));
            }
        },
        |event| {
            if let Event::BallotExtended { closes_at, remaining_ms, .. } = event {
                (*closes_at, *remaining_ms) = (None, None);
            }
        },
    ];
    let open: fn() -> Hall = voting;
    let cases = [(open, hold(), &held[..]), (on_hold, resume(), &resumed), (open, extend(), &extended)];
    for (before, command, bends) in cases.into_iter().chain([(on_hold as fn() -> Hall, extend(), &extended[..])]) {
        for (n, bend) in bends.iter().enumerate() {
            let mut hall = before();
            let first = forge(&mut hall, "chu-toa", &command, bend);
            assert_eq!(findings(&hall), [(Some(first), "does_not_follow")], "{command:?} {n}");
        }
        let mut hall = before();
        hall.order("chu-toa", command);
        assert_eq!(findings(&hall), []);
    }
}

#[test]
fn a_ballot_whose_time_has_run_out_is_not_made_longer() {
    let mut hall = voting();
    let closes_at = closing(&hall).plus(15_000);
    hall.wait(60_000);
    let (note, arguments) = hall.signed_order("chu-toa", &extend());
    let first = hall.entries.len() as u64;
    let extended =
        Event::BallotExtended { ballot: ballot("b1"), seconds: 15, closes_at: Some(closes_at), remaining_ms: None };
    hall.write(Actor::Person(person("chu-toa")), Some(note), Some(arguments), vec![extended]);
    assert_eq!(findings(&hall), [(Some(first), "does_not_follow")]);
}

/// While nothing could be written, the countdown stood somewhere between the newest entry and the hold.
#[test]
fn a_ballot_that_was_held_for_the_store_gains_no_time() {
    let hold_with = |gone: u64, of: fn(&Hall, Millis) -> u64| {
        let mut hall = voting();
        let voted = hall.entries.last().unwrap().time;
        hall.wait(10_000);
        hall.order("thu-ky", Command::show_on_wall(WallMode::Agenda));
        let remaining_ms = Some(of(&hall, voted));
        hall.wait(gone);
        let first = hall.entries.len() as u64;
        let cause = HoldCause::StoreUnavailable;
        let held = Event::BallotHeld { ballot: ballot("b1"), cause, reason: None, remaining_ms };
        hall.write(Actor::System, None, None, vec![held]);
        (first, findings(&hall))
    };
    let at_the_newest: fn(&Hall, Millis) -> u64 = |hall, _| closing(hall).since(hall.entries.last().unwrap().time);
    let found = |(first, findings): (u64, Vec<(Option<u64>, &str)>)| findings == [(Some(first), "does_not_follow")];
    assert_eq!(hold_with(20_000, at_the_newest).1, []);
    assert_eq!(hold_with(20_000, |hall, voted| closing(hall).since(voted) - 20_000).1, []);
    // What was left when somebody last voted, which is more; and less than is left now.
    assert!(found(hold_with(20_000, |hall, voted| closing(hall).since(voted))));
    assert!(found(hold_with(20_000, |hall, voted| closing(hall).since(voted) + 1)));
    assert!(found(hold_with(5_000, |hall, voted| closing(hall).since(voted) - 20_000)));
    // After its time the tablets still need some to send their votes again, and no more than was left.
    assert_eq!(hold_with(90_000, |_, _| 10_000).1, []);
    assert_eq!(hold_with(90_000, at_the_newest).1, []);
    assert!(found(hold_with(90_000, |_, _| 9_999)));
    assert!(found(hold_with(90_000, |hall, voted| closing(hall).since(voted))));
}

#[test]
fn a_result_names_the_seats_there_were_at_its_closing() {
    let mut hall = voting();
    hall.order("chu-toa", Command::CloseBallot { ballot: ballot("b1") });
    hall.order("chu-toa", Command::AnnounceBallot { ballot: ballot("b1") });
    let fewer = rules().seats - 1;
    hall.order("quan-tri", Command::SetRules { rules: Box::new(RulesProfile { seats: fewer, ..rules() }) });
    hall.order("chu-toa", Command::StartItem { item: item("i2") });
    hall.order("chu-toa", Command::OpenBallot { question: question("q2"), seconds: Some(0) });
    let report = check(&hall);
    assert_eq!(report.findings, []);
    let seats: Vec<u32> = report.results.iter().map(|result| result.seats).collect();
    assert_eq!(seats, [rules().seats, fewer]);
}

fn asking(form: QuestionForm, answers: Vec<AnswerMeaning>) -> Command {
    Command::PrepareQuestion {
        item: item("i2"),
        title: "Bầu thành viên Ban Pháp chế".into(),
        text: String::new(),
        rule: "over_half".into(),
        seconds: None,
        show_split: None,
        replaces: None,
        form: Some(form),
        answers: Some(answers),
        change_allowed: None,
        groups: Vec::new(),
        min_choices: 0,
        live_names: false,
    }
}

fn meant(keys: &[&str]) -> Vec<AnswerMeaning> {
    keys.iter().map(|key| AnswerMeaning { key: answer(key), meaning: format!("Ý {key}") }).collect()
}

fn prepared(hall: &Hall, form: QuestionForm, keys: &[&str]) -> Question {
    let order = asking(form, meant(keys));
    let now = hall.entries.last().unwrap().time;
    let events = hall.chamber.decide(now, &Actor::Person(person("thu-ky")), &order).unwrap();
    let [Event::QuestionPrepared { question }] = &events[..] else { panic!("{events:?}") };
    question.clone()
}

#[test]
fn a_question_has_the_answers_of_its_form() {
    let hall = at_work();
    let now = hall.entries.last().unwrap().time;
    let fits = |form, usual: &Question, keys: &[&str]| {
        let mut question = Question { form, answers: meant(keys), ..usual.clone() };
        question.document_sha256 = document_hash(&question).hex();
        hall.chamber.fits(now, &Event::QuestionPrepared { question })
    };
    let (motion, choice) = (QuestionForm::Motion, QuestionForm::Choice);
    let of = |places| QuestionForm::Election { places };
    let usual = prepared(&hall, motion, &[]);
    assert_eq!(hall.chamber.fits(now, &Event::QuestionPrepared { question: usual.clone() }), Ok(()));
    for (form, asked) in [(choice, &["a1", "a2"][..]), (of(1), &["c1"]), (of(2), &["c1", "c2"])] {
        let question = prepared(&hall, form, asked);
        assert_eq!(hall.chamber.fits(now, &Event::QuestionPrepared { question }), Ok(()), "{asked:?}");
    }
    let bent: [(QuestionForm, &[&str]); 13] = [
        (motion, &["yes", "no"]),
        (motion, &["yes", "no", "abstain", "yes"]),
        (motion, &["a1", "a2", "abstain"]),
        (choice, &["a1", "abstain"]),
        (choice, &["a1", "a2"]),
        (choice, &["a2", "a1", "abstain"]),
        (choice, &["a1", "a2", "abstain", "abstain"]),
        (choice, &["c1", "c2", "abstain"]),
        (of(1), &["abstain"]),
        (of(0), &["c1", "c2", "abstain"]),
        (of(3), &["c1", "c2", "abstain"]),
        (of(1), &["c1", "c1", "abstain"]),
        (of(1), &["abstain", "c1", "c2"]),
    ];
    for (form, keys) in bent {
        assert_eq!(fits(form, &usual, keys), Err(Misfit::Agenda), "{form:?} {keys:?}");
    }
}

/// Figures that no arithmetic may stumble over: more abstain, twice, than there are votes.
#[test]
fn an_answer_listed_twice_is_found_and_counted_without_a_panic() {
    let mut hall = at_work();
    let form = QuestionForm::Election { places: 1 };
    let order = asking(form, meant(&["c1", "c2"]));
    let mut twice = prepared(&hall, form, &["c1", "c2"]);
    twice.answers.push(twice.answers.last().unwrap().clone());
    twice.document_sha256 = document_hash(&twice).hex();
    let (note, arguments) = hall.signed_order("thu-ky", &order);
    let asked = hall.entries.len() as u64;
    let document_sha256 = twice.document_sha256.clone();
    let by = Actor::Person(person("thu-ky"));
    hall.write(by.clone(), Some(note), Some(arguments), vec![Event::QuestionPrepared { question: twice }]);

    let part = |(key, count)| AnswerCount { answer: answer(key), count };
    let counts = [("c1", 0), ("c2", 0), ("abstain", 3), ("abstain", 3)].map(part).to_vec();
    let form = BallotForm::ShowOfHands;
    let order = Command::RecordCount { question: question("q3"), form, counts: counts.clone(), papers: None };
    let (note, arguments) = hall.signed_order("thu-ky", &order);
    let counted = hall.entries.len() as u64;
    let event = Event::CountRecorded {
        ballot: ballot("b1"),
        question: question("q3"),
        round: 1,
        previous: None,
        document_sha256,
        form,
        recorded_by: person("thu-ky"),
        counted: Counted { answers: counts, present: 4, in_office: 5, seats: 6, took_part: Some(4) },
        papers: None,
    };
    hall.write(by, Some(note), Some(arguments), vec![event]);
    let found = findings(&hall);
    assert!(found.contains(&(Some(asked), "does_not_follow")), "{found:?}");
    assert!(found.contains(&(Some(counted), "impossible_count")), "{found:?}");
}
