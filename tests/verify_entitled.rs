//! What the verifier finds where a question is put to some groups only or asks for a least number of names. The records are
//! signed by the council's own key: what is tested is whether a server that lets others vote, or counts them, is caught.

mod ledger_support;

use dienhong::chamber::ballot::{BallotForm, Counted, Papers};
use dienhong::chamber::command::{Actor, Command};
use dienhong::chamber::event::Event;
use dienhong::verify::question::document_hash;
use dienhong::verify::{Problem, WhyNot, verify};
use ledger_support::*;
use std::io::Cursor;

fn problems(hall: &Hall) -> Vec<(Option<u64>, Problem)> {
    let report = verify(Cursor::new(hall.bundle()), Some(&vkey()), |_| {}).unwrap();
    report.findings.into_iter().map(|finding| (finding.seq, finding.problem)).collect()
}

fn codes(hall: &Hall) -> Vec<(Option<u64>, &'static str)> {
    problems(hall).iter().map(|(seq, problem)| (*seq, problem.code())).collect()
}

/// `chu-toa`, `db1` and `db3` of Tổ 1 are there, `db2` of Tổ 2 as well; `db4` of Tổ 2 is not.
fn sitting() -> Hall {
    let mut hall = Hall::new();
    story::enrol_everybody(&mut hall);
    story::open_the_sitting(&mut hall);
    hall
}

/// `q3` is put to Tổ 1.
fn voting() -> Hall {
    let mut hall = sitting();
    hall.order("thu-ky", groups::prepare("i2", "Đề nghị của Tổ 1", &["Tổ 1"], &[], 0));
    open(&mut hall);
    hall
}

/// `q3` elects up to three of three, and asks for two at least.
fn electing() -> Hall {
    let mut hall = sitting();
    hall.order("thu-ky", groups::prepare("i2", "Bầu Ban Kiểm phiếu", &[], &["An", "Bình", "Châu"], 2));
    hall
}

fn open(hall: &mut Hall) {
    hall.order("chu-toa", Command::OpenBallot { question: question("q3"), seconds: None });
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

/// A vote that a server took though it may not count.
fn smuggle(hall: &mut Hall, by: &str, choice: &str) -> u64 {
    let asked = hall.chamber.question(&question("q3")).unwrap().clone();
    let note = hall.vote_statement(by, "b1", &asked, choice, 1).sign(&signing_key(by)).unwrap();
    let cast =
        Event::VoteCast { ballot: ballot("b1"), person: person(by), answer: answer(choice), more: Vec::new(), turn: 1 };
    let first = hall.entries.len() as u64;
    hall.write(Actor::Person(person(by)), Some(note), None, vec![cast]);
    first
}

fn close() -> Command {
    Command::CloseBallot { ballot: ballot("b1") }
}

#[test]
fn a_groups_ballot_is_whole() {
    let mut hall = voting();
    let asked = hall.chamber.question(&question("q3")).unwrap().clone();
    hall.vote("chu-toa", "b1", &asked, "yes", 1);
    hall.vote("db1", "b1", &asked, "yes", 1);
    hall.order("db4", Command::CheckIn { person: person("db4"), reason: None });
    hall.order("chu-toa", close());
    hall.order("chu-toa", Command::AnnounceBallot { ballot: ballot("b1") });
    let report = verify(Cursor::new(hall.bundle()), Some(&vkey()), |_| {}).unwrap();
    assert_eq!(report.findings, []);
    let result = &report.results[0];
    // Over half of the seats: of the group's three, not of the council's six.
    assert_eq!((result.took_part, result.present, result.in_office, result.seats), (2, 3, 3, 3));
    assert_eq!(result.verdict, Some(dienhong::chamber::ballot::Verdict::Adopted));
}

#[test]
fn a_vote_of_another_group_is_found() {
    let mut hall = voting();
    let first = smuggle(&mut hall, "db2", "yes");
    let why = WhyNot::NotEntitled;
    assert_eq!(problems(&hall), [(Some(first), Problem::VoteCannotCount { person: person("db2"), why })]);
    // Nor is it counted.
    hall.order("chu-toa", close());
    assert_eq!(problems(&hall).len(), 1);
}

#[test]
fn bases_of_the_whole_council_are_found() {
    type Bend = fn(&mut Counted);
    let bends: [Bend; 3] =
        [|counted| counted.present += 1, |counted| counted.in_office = 5, |counted| counted.seats = 6];
    for (n, bend) in bends.into_iter().enumerate() {
        let mut hall = voting();
        let first = forge(&mut hall, "chu-toa", &close(), |event| {
            let Event::BallotClosed { counted, .. } = event else { panic!("{event:?}") };
            bend(counted);
        });
        assert_eq!(codes(&hall), [(Some(first), "wrong_base")], "{n}");
        // And of a count by people.
        let mut hall = sitting();
        hall.order("thu-ky", groups::prepare("i1", "Đề nghị của Tổ 1", &["Tổ 1"], &[], 0));
        hall.order("chu-toa", Command::StartItem { item: item("i1") });
        let counts = hands(&[("yes", 2), ("no", 0), ("abstain", 0)]);
        let first = forge(&mut hall, "thu-ky", &counts, |event| {
            let Event::CountRecorded { counted, .. } = event else { panic!("{event:?}") };
            bend(counted);
        });
        assert_eq!(codes(&hall), [(Some(first), "wrong_base")], "{n}");
    }
}

fn hands(counts: &[(&str, u32)]) -> Command {
    Command::RecordCount {
        question: question("q3"),
        form: BallotForm::ShowOfHands,
        counts: later::counts(counts),
        papers: None,
    }
}

#[test]
fn a_question_is_limited_as_was_ordered() {
    let motion = groups::prepare("i2", "Đề nghị", &["Tổ 1"], &[], 0);
    let election = groups::prepare("i2", "Bầu", &["Tổ 1"], &["An", "Bình", "Châu"], 2);
    type Bend = fn(&mut dienhong::chamber::ballot::Question);
    let bends: [(&Command, Bend); 5] = [
        (&motion, |question| question.groups.clear()),
        (&motion, |question| question.groups = vec!["Tổ 1".into(), "Tổ 2".into()]),
        (&motion, |question| question.live_names = false),
        (&election, |question| question.min_choices = 0),
        (&election, |question| question.min_choices = 3),
    ];
    for (n, (ordered, bend)) in bends.into_iter().enumerate() {
        let mut hall = sitting();
        let first = forge(&mut hall, "thu-ky", ordered, |event| {
            let Event::QuestionPrepared { question } = event else { panic!("{event:?}") };
            bend(question);
            question.document_sha256 = document_hash(question).hex();
        });
        assert_eq!(codes(&hall), [(Some(first), "disagrees")], "{n}");
    }
}

#[test]
fn a_group_that_nobody_is_of_is_found() {
    let mut hall = sitting();
    let ordered = groups::prepare("i2", "Đề nghị", &["Tổ 9"], &[], 0);
    let meant = groups::prepare("i2", "Đề nghị", &["Tổ 1"], &[], 0);
    let (note, arguments) = hall.signed_order("thu-ky", &ordered);
    let by = Actor::Person(person("thu-ky"));
    let mut events = hall.chamber.decide(hall.entries.last().unwrap().time, &by, &meant).unwrap();
    let Some(Event::QuestionPrepared { question }) = events.last_mut() else { panic!("{events:?}") };
    question.groups = vec!["Tổ 9".into()];
    question.document_sha256 = document_hash(question).hex();
    let first = hall.entries.len() as u64;
    hall.write(by, Some(note), Some(arguments), events);
    assert_eq!(codes(&hall), [(Some(first), "disagrees")]);
}

#[test]
fn a_vote_with_too_few_names_is_found() {
    let mut hall = electing();
    open(&mut hall);
    let first = smuggle(&mut hall, "db2", "c1");
    let why = WhyNot::TooFewChoices;
    assert_eq!(problems(&hall), [(Some(first), Problem::VoteCannotCount { person: person("db2"), why })]);

    let mut hall = electing();
    open(&mut hall);
    let asked = hall.chamber.question(&question("q3")).unwrap().clone();
    hall.vote_for("db2", "b1", &asked, &["c1", "c3"], 1);
    hall.vote("db1", "b1", &asked, "abstain", 1);
    hall.order("chu-toa", close());
    assert_eq!(problems(&hall), []);
}

#[test]
fn valid_papers_have_enough_names() {
    let order = |counts: &[(&str, u32)]| Command::RecordCount {
        question: question("q3"),
        form: BallotForm::Paper,
        counts: later::counts(counts),
        papers: Some(Papers { issued: 4, returned: 3, valid: 3, invalid: 0 }),
    };
    let enough = order(&[("c1", 2), ("c2", 1), ("c3", 1), ("abstain", 1)]);
    let at_item = || {
        let mut hall = electing();
        hall.order("chu-toa", Command::StartItem { item: item("i2") });
        hall
    };
    let mut honest = at_item();
    honest.order("thu-ky", enough.clone());
    assert_eq!(problems(&honest), []);

    // The same order with one name less; what the chamber refuses is written all the same.
    let mut hall = at_item();
    let short = order(&[("c1", 2), ("c2", 1), ("c3", 0), ("abstain", 1)]);
    let (note, arguments) = hall.signed_order("thu-ky", &short);
    let by = Actor::Person(person("thu-ky"));
    let mut events = hall.chamber.decide(hall.entries.last().unwrap().time, &by, &enough).unwrap();
    let Some(Event::CountRecorded { counted, .. }) = events.last_mut() else { panic!("{events:?}") };
    counted.answers = later::counts(&[("c1", 2), ("c2", 1), ("c3", 0), ("abstain", 1)]);
    let first = hall.entries.len() as u64;
    hall.write(by, Some(note), Some(arguments), events);
    assert_eq!(codes(&hall), [(Some(first), "impossible_count")]);
}

#[test]
fn a_bloc_of_questions_for_different_groups_is_found() {
    let mut hall = sitting();
    let titles = [("Đề nghị một", &["Tổ 1"][..]), ("Đề nghị hai", &["Tổ 1"]), ("Đề nghị ba", &["Tổ 2"])];
    for (title, groups) in titles {
        hall.order("thu-ky", groups::prepare("i2", title, groups, &[], 0));
    }
    let bloc = |last: &str| Command::PrepareBloc {
        item: item("i2"),
        title: "Thông qua hai đề nghị".into(),
        questions: vec![question("q3"), question(last)],
        live_names: false,
    };
    let mixed = hall.chamber.question(&question("q5")).unwrap().clone();
    let (note, arguments) = hall.signed_order("thu-ky", &bloc("q5"));
    let by = Actor::Person(person("thu-ky"));
    let mut events = hall.chamber.decide(hall.entries.last().unwrap().time, &by, &bloc("q4")).unwrap();
    let Some(Event::QuestionPrepared { question }) = events.last_mut() else { panic!("{events:?}") };
    let part = question.bloc.last_mut().unwrap();
    (part.question, part.title, part.document_sha256) = (mixed.id, mixed.title, mixed.document_sha256);
    question.document_sha256 = document_hash(question).hex();
    let first = hall.entries.len() as u64;
    hall.write(by, Some(note), Some(arguments), events);
    assert_eq!(codes(&hall), [(Some(first), "does_not_follow")]);
}
