//! What the verifier finds. Records here are wrong in one place and then signed by the council's own key: what is tested is
//! whether a server that lies is caught.

mod ledger_support;

use dienhong::chamber::ballot::{AnswerCount, BallotForm, ClosedBy, Papers, QuestionForm, Verdict};
use dienhong::chamber::command::{Actor, Command, Issuer};
use dienhong::chamber::event::Event;
use dienhong::chamber::ids::{AnswerKey, DeviceId, Millis};
use dienhong::chamber::rules::AnswerMeaning;
use dienhong::chamber::wall::WallMode;
use dienhong::ledger::bundle::{BundleError, write_bundle};
use dienhong::ledger::note::{NoteSigner, VerifierKey};
use dienhong::ledger::statement::{Statement, Vote};
use dienhong::verify::question::document_hash;
use dienhong::verify::{Problem, Report, Status, verify};
use ledger_support::*;
use proptest::prelude::*;
use std::io::Cursor;

fn check(hall: &Hall) -> Report {
    verify(Cursor::new(hall.bundle()), Some(&vkey()), |_| {}).unwrap()
}

/// The findings as `(seq, code)`.
fn codes(report: &Report) -> Vec<(Option<u64>, &'static str)> {
    report.findings.iter().map(|finding| (finding.seq, finding.problem.code())).collect()
}

/// That the last act, and nothing else, is found wrong, and in this way only.
fn assert_caught(hall: &Hall, first: usize, code: &str) {
    let report = check(hall);
    let found = codes(&report);
    assert_eq!(found, [(Some(first as u64), code)], "{:?}", report.findings);
    assert!(!report.is_whole());
}

fn voting() -> Hall {
    let mut hall = Hall::new();
    story::enrol_everybody(&mut hall);
    story::open_the_sitting(&mut hall);
    hall.order("chu-toa", Command::StartItem { item: item("i1") });
    hall.order("chu-toa", Command::OpenBallot { question: question("q1"), seconds: Some(0) });
    hall.vote("db1", "b1", &story::first_question(), "yes", 1);
    hall.vote("db2", "b1", &story::first_question(), "no", 1);
    hall
}

fn vote_of(statement: Statement) -> Vote {
    match statement {
        Statement::Vote(vote) => vote,
        other => panic!("{other:?}"),
    }
}

fn cast(vote: &Vote) -> Vec<Event> {
    vec![Event::VoteCast {
        more: vote.more.clone(),
        ballot: vote.ballot.clone(),
        person: vote.person.clone(),
        answer: vote.choice.clone(),
        turn: vote.turn,
    }]
}

/// Writes a vote entry in the name of `by`: `signed` by the key of `signer`, `recorded` as the event.
fn forge_vote(hall: &mut Hall, by: &str, signer: &str, signed: &Vote, recorded: &Vote) -> usize {
    let note = Statement::Vote(signed.clone()).sign(&signing_key(signer)).unwrap();
    let first = hall.entries.len();
    hall.write(Actor::Person(person(by)), Some(note), None, cast(recorded));
    first
}

#[test]
fn the_whole_story_is_whole_and_counted_as_the_chamber_counts() {
    let hall = story::hall();
    let report = check(&hall);
    assert_eq!(report.findings, []);
    assert!(report.pinned && report.is_whole());
    assert_eq!(report.entries, hall.entries.len() as u64);
    assert_eq!(report.checkpoints, hall.checkpoints.len() as u64);
    assert_eq!(report.root, hall.tree.root());
    assert_eq!((report.checked.votes, report.checked.enrolments), (8, 9));
    assert_eq!(report.results.len(), 3);
    for result in &report.results {
        let counted = hall.chamber.tally(&result.ballot).unwrap();
        let answers: Vec<_> = counted.answers.iter().map(|part| (part.answer.clone(), part.count)).collect();
        assert_eq!(result.answers, answers);
        assert_eq!(
            (result.present, result.in_office, result.seats),
            (counted.present, counted.in_office, counted.seats)
        );
    }
    let states: Vec<_> = report.results.iter().map(|result| result.status).collect();
    assert_eq!(states, [Status::Announced, Status::Voided, Status::Annulled]);
}

/// An election held on the tablets, a count on paper, and two questions decided by one show of hands.
fn other_forms() -> Hall {
    let mut hall = voting();
    hall.order("chu-toa", Command::CloseBallot { ballot: ballot("b1") });
    hall.order("chu-toa", Command::AnnounceBallot { ballot: ballot("b1") });
    hall.order("thu-ky", election_order());
    let election = hall.chamber.question(&question("q3")).unwrap().clone();
    // From the first item straight to the second one's election.
    hall.order("chu-toa", Command::OpenBallot { question: question("q3"), seconds: Some(0) });
    hall.vote_for("db1", "b2", &election, &["c1", "c2"], 1);
    hall.vote_for("db2", "b2", &election, &["c1", "c3"], 1);
    hall.vote_for("db3", "b2", &election, &["c1"], 1);
    hall.vote_for("chu-toa", "b2", &election, &["c1"], 1);
    hall.vote_for("chu-toa", "b2", &election, &["abstain"], 2);
    hall
}

fn election_order() -> Command {
    let candidates = (1..).zip(["Nguyễn Mẫu An", "Trần Mẫu Bình", "Lê Mẫu Châu"]);
    let answers = candidates.map(|(n, name)| AnswerMeaning { key: answer(&format!("c{n}")), meaning: name.into() });
    let form = QuestionForm::Election { places: 2 };
    asking("Bầu thành viên Ban Pháp chế", "chair_decides", Some(form), Some(answers.collect()))
}

fn asking(title: &str, rule: &str, form: Option<QuestionForm>, answers: Option<Vec<AnswerMeaning>>) -> Command {
    Command::PrepareQuestion {
        item: item("i2"),
        title: title.into(),
        text: String::new(),
        rule: rule.into(),
        seconds: None,
        show_split: None,
        replaces: None,
        form,
        answers,
        change_allowed: None,
        groups: Vec::new(),
        min_choices: 0,
        live_names: false,
    }
}

fn counted_by_people(question_id: &str, form: BallotForm, [yes, no, abstain]: [u32; 3]) -> Command {
    let counts = [("yes", yes), ("no", no), ("abstain", abstain)];
    let papers = Papers { issued: 4, returned: 4, valid: 3, invalid: 1 };
    Command::RecordCount {
        question: question(question_id),
        form,
        counts: counts.map(|(key, count)| AnswerCount { answer: answer(key), count }).to_vec(),
        papers: (form == BallotForm::Paper).then_some(papers),
    }
}

/// Goes on from [`other_forms`]: the election is announced, a paper count and a bloc follow.
fn other_forms_to_the_end() -> Hall {
    let mut hall = other_forms();
    hall.order("chu-toa", Command::CloseBallot { ballot: ballot("b2") });
    hall.order("chu-toa", Command::AnnounceBallot { ballot: ballot("b2") });
    hall.order("thu-ky", counted_by_people("q2", BallotForm::Paper, [2, 1, 0]));
    hall.order("chu-toa", Command::AnnounceBallot { ballot: ballot("b3") });
    for title in ["Nghị quyết A", "Nghị quyết B"] {
        hall.order("thu-ky", asking(title, "over_half", None, None));
    }
    let (title, questions) = ("Thông qua hai nghị quyết".into(), vec![question("q4"), question("q5")]);
    hall.order("thu-ky", Command::PrepareBloc { item: item("i1"), title, questions, live_names: false });
    // The clerk counts where the chair has led the hall.
    hall.order("chu-toa", Command::StartItem { item: item("i1") });
    hall.order("thu-ky", counted_by_people("q6", BallotForm::ShowOfHands, [4, 0, 0]));
    hall.order("chu-toa", Command::AnnounceBallot { ballot: ballot("b4") });
    hall
}

#[test]
fn every_form_of_ballot_is_judged_again_and_counts_by_people_are_told_apart() {
    let report = check(&other_forms_to_the_end());
    assert_eq!(report.findings, []);
    let [_, election, paper, bloc] = &report.results[..] else { panic!("{:?}", report.results) };
    let counts: Vec<u32> = election.answers.iter().map(|(_, count)| *count).collect();
    assert_eq!((counts, election.took_part, &election.chosen[..]), (vec![3, 1, 1, 1], 4, &[answer("c1")][..]));
    assert_eq!((election.form, &election.recorded_by), (BallotForm::Electronic, &None));
    assert_eq!((paper.form, &paper.recorded_by), (BallotForm::Paper, &Some(person("thu-ky"))));
    assert_eq!((paper.took_part, paper.verdict), (4, Some(Verdict::Adopted)));
    assert_eq!((bloc.form, bloc.verdict), (BallotForm::ShowOfHands, Some(Verdict::Adopted)));
    let text = dienhong::verify::cli::to_text(&report);
    assert!(text.contains("2 counted again, 2 counted by people"), "{text}");
    assert!(text.contains("counted by people (paper), recorded by thu-ky"), "{text}");
    assert!(text.contains("c1 3, c2 1, c3 1, abstain 1 · chosen c1"), "{text}");
}

#[test]
fn an_election_recorded_otherwise_than_voted() {
    // A vote that leaves one of its candidates out, or names another.
    for recorded in [&[][..], &["c3"], &["c2", "c3"]] {
        let mut hall = other_forms();
        let election = hall.chamber.question(&question("q3")).unwrap().clone();
        let vote = vote_of(hall.vote_statement("db1", "b2", &election, "c1", 2));
        let signed = Vote { more: vec![answer("c2")], ..vote };
        let note = Statement::Vote(signed.clone()).sign(&signing_key("db1")).unwrap();
        let first = hall.entries.len() as u64;
        let more = recorded.iter().map(|key| answer(key)).collect();
        hall.write(Actor::Person(person("db1")), Some(note), None, cast(&Vote { more, ..signed }));
        assert!(codes(&check(&hall)).contains(&(Some(first), "disagrees")), "{recorded:?}");
    }
    // More than there are places, one twice, out of order, abstaining besides, somebody who does not stand: although signed so.
    let besides: [(&str, &[&str]); 6] = [
        ("c1", &["c2", "c3"]),
        ("c1", &["c1"]),
        ("c2", &["c1"]),
        ("c1", &["abstain"]),
        ("abstain", &["c1"]),
        ("c1", &["c4"]),
    ];
    for (choice, more) in besides {
        let mut hall = other_forms();
        let election = hall.chamber.question(&question("q3")).unwrap().clone();
        let vote = vote_of(hall.vote_statement("db1", "b2", &election, choice, 2));
        let vote = Vote { more: more.iter().map(|key| answer(key)).collect(), ..vote };
        let first = forge_vote(&mut hall, "db1", "db1", &vote, &vote);
        assert_caught(&hall, first, "vote_cannot_count");
    }
    // A motion has one answer.
    let mut hall = voting();
    let vote = vote_of(hall.vote_statement("db1", "b1", &story::first_question(), "yes", 2));
    let vote = Vote { more: vec![answer("no")], ..vote };
    let first = forge_vote(&mut hall, "db1", "db1", &vote, &vote);
    assert_caught(&hall, first, "vote_cannot_count");
    // Somebody else elected.
    let mut hall = other_forms();
    hall.order("chu-toa", Command::CloseBallot { ballot: ballot("b2") });
    let confirm = Command::ConfirmBallot { ballot: ballot("b2"), casting: None };
    let (note, arguments) = hall.signed_order("chu-toa", &confirm);
    let first = hall.entries.len();
    let chosen = vec![answer("c1"), answer("c2")];
    let event = Event::BallotConfirmed { ballot: ballot("b2"), verdict: Verdict::Adopted, casting: None, chosen };
    hall.write(Actor::Person(person("chu-toa")), Some(note), Some(arguments), vec![event]);
    assert_caught(&hall, first, "wrong_chosen");
}

#[test]
fn a_count_by_people_that_cannot_be_or_was_reported_otherwise() {
    let order = counted_by_people("q2", BallotForm::Paper, [2, 1, 0]);
    for (change, code) in [
        ("count", "impossible_count"),
        ("papers", "impossible_count"),
        ("took part", "impossible_count"),
        ("present", "wrong_base"),
        ("keys", "wrong_answers"),
    ] {
        let mut hall = other_forms();
        hall.order("chu-toa", Command::VoidBallot { ballot: ballot("b2"), reason: "thử".into() });
        let by = Actor::Person(person("thu-ky"));
        let mut events = hall.chamber.decide(Millis(u64::from(u32::MAX)), &by, &order).unwrap();
        let Some(Event::CountRecorded { counted, papers, .. }) = events.last_mut() else { panic!("{events:?}") };
        match change {
            "count" => counted.answers[0].count += 1,
            "papers" => papers.as_mut().unwrap().issued = 5,
            "took part" => counted.took_part = None,
            "present" => counted.present += 1,
            _ => counted.answers.swap(0, 1),
        }
        let (note, arguments) = hall.signed_order("thu-ky", &order);
        let first = hall.entries.len() as u64 + events.len() as u64 - 1;
        hall.write(by, Some(note), Some(arguments), events);
        assert!(codes(&check(&hall)).contains(&(Some(first), code)), "{change}: {:?}", codes(&check(&hall)));
    }
    // A figure that could be, but is not what the secretary signed.
    let mut hall = other_forms();
    hall.order("chu-toa", Command::VoidBallot { ballot: ballot("b2"), reason: "thử".into() });
    let by = Actor::Person(person("thu-ky"));
    let other = counted_by_people("q2", BallotForm::Paper, [1, 2, 0]);
    let events = hall.chamber.decide(Millis(u64::from(u32::MAX)), &by, &other).unwrap();
    let (note, arguments) = hall.signed_order("thu-ky", &order);
    let first = hall.entries.len();
    hall.write(by, Some(note), Some(arguments), events);
    assert_caught(&hall, first, "disagrees");
}

#[test]
fn a_bloc_of_other_questions_than_ordered_or_worded_otherwise() {
    let titles = |hall: &mut Hall| {
        for title in ["Nghị quyết A", "Nghị quyết B", "Nghị quyết C"] {
            hall.order("thu-ky", asking(title, "over_half", None, None));
        }
    };
    let bloc = |last: &str| Command::PrepareBloc {
        item: item("i1"),
        title: "Gộp".into(),
        questions: vec![question("q3"), question(last)],
        live_names: false,
    };
    let mut hall = voting();
    titles(&mut hall);
    let by = Actor::Person(person("thu-ky"));
    let events = hall.chamber.decide(Millis(u64::from(u32::MAX)), &by, &bloc("q5")).unwrap();
    let (note, arguments) = hall.signed_order("thu-ky", &bloc("q4"));
    let first = hall.entries.len();
    hall.write(by.clone(), Some(note), Some(arguments), events);
    assert_caught(&hall, first, "disagrees");

    let mut hall = voting();
    titles(&mut hall);
    let mut events = hall.chamber.decide(Millis(u64::from(u32::MAX)), &by, &bloc("q4")).unwrap();
    let [Event::QuestionPrepared { question: prepared }] = &mut events[..] else { panic!("{events:?}") };
    prepared.bloc[1].title = "Nghị quyết khác".into();
    prepared.document_sha256 = document_hash(prepared).hex();
    let (note, arguments) = hall.signed_order("thu-ky", &bloc("q4"));
    let first = hall.entries.len();
    hall.write(by, Some(note), Some(arguments), events);
    assert_caught(&hall, first, "does_not_follow");
}

#[test]
fn a_question_of_another_form_than_ordered() {
    for change in ["places", "candidate", "form"] {
        let mut hall = voting();
        let by = Actor::Person(person("thu-ky"));
        let mut events = hall.chamber.decide(Millis(u64::from(u32::MAX)), &by, &election_order()).unwrap();
        let [Event::QuestionPrepared { question: prepared }] = &mut events[..] else { panic!("{events:?}") };
        match change {
            "places" => prepared.form = QuestionForm::Election { places: 3 },
            "candidate" => prepared.answers[1].meaning = "Phạm Mẫu Dũng".into(),
            // With answers that are options, so that only the order speaks against it.
            _ => {
                prepared.form = QuestionForm::Choice;
                for (n, answer) in (1..).zip(prepared.answers.iter_mut().filter(|a| a.key.as_str() != "abstain")) {
                    answer.key = AnswerKey::parse(format!("a{n}")).unwrap();
                }
            }
        }
        prepared.document_sha256 = document_hash(prepared).hex();
        let (note, arguments) = hall.signed_order("thu-ky", &election_order());
        let first = hall.entries.len();
        hall.write(by, Some(note), Some(arguments), events);
        assert_caught(&hall, first, "disagrees");
    }
}

#[test]
fn without_a_key_it_says_that_nothing_is_pinned() {
    let report = verify(Cursor::new(story::hall().bundle()), None, |_| {}).unwrap();
    assert!(!report.pinned && report.is_whole());
    assert_eq!(report.key, Some(vkey()));
}

#[test]
fn a_record_signed_with_another_key_is_not_the_councils() {
    let other = NoteSigner::new(ORIGIN, signing_key("another council")).unwrap().verifier();
    let report = verify(Cursor::new(story::hall().bundle()), Some(&other), |_| {}).unwrap();
    assert!(codes(&report).contains(&(None, "other_key")));
    assert!(codes(&report).contains(&(None, "bad_checkpoint")));
    assert_eq!(report.checkpoints, 0);
}

#[test]
fn a_vote_nobody_signed() {
    let mut hall = voting();
    let vote = vote_of(hall.vote_statement("db3", "b1", &story::first_question(), "yes", 1));
    let first = hall.entries.len();
    hall.write(Actor::Person(person("db3")), None, None, cast(&vote));
    assert_caught(&hall, first, "statement_missing");
}

#[test]
fn a_vote_recorded_otherwise_than_signed() {
    let question = story::first_question();
    for change in ["answer", "turn", "person", "ballot"] {
        let mut hall = voting();
        let signed = vote_of(hall.vote_statement("db3", "b1", &question, "yes", 1));
        let mut recorded = signed.clone();
        match change {
            "answer" => recorded.choice = answer("no"),
            "turn" => recorded.turn = 2,
            "person" => recorded.person = person("chu-toa"),
            _ => recorded.ballot = ballot("b2"),
        }
        let first = forge_vote(&mut hall, "db3", "db3", &signed, &recorded);
        let found = codes(&check(&hall));
        assert!(found.contains(&(Some(first as u64), "disagrees")), "{change}: {found:?}");
    }
}

#[test]
fn a_vote_signed_by_somebody_else() {
    let mut hall = voting();
    let vote = vote_of(hall.vote_statement("db3", "b1", &story::first_question(), "yes", 1));
    let first = forge_vote(&mut hall, "db3", "db1", &vote, &vote);
    assert_caught(&hall, first, "bad_statement");

    let mut hall = voting();
    let vote = vote_of(hall.vote_statement("db1", "b1", &story::first_question(), "no", 2));
    let recorded = Vote { person: person("db3"), turn: 1, ..vote.clone() };
    let first = forge_vote(&mut hall, "db3", "db1", &vote, &recorded);
    assert_caught(&hall, first, "wrong_person");
}

#[test]
fn votes_that_cannot_count() {
    let question = story::first_question();
    for (who, choice, turn, why) in [
        ("db4", "yes", 1, "was not present"),
        ("thu-ky", "yes", 1, "is not a delegate"),
        ("db3", "maybe", 1, "the question has no such answer"),
        ("db1", "no", 1, "the vote's turn does not follow the one before"),
        ("db1", "no", 3, "the vote's turn does not follow the one before"),
    ] {
        let mut hall = voting();
        let vote = vote_of(hall.vote_statement(who, "b1", &question, choice, turn));
        let first = forge_vote(&mut hall, who, who, &vote, &vote);
        assert_caught(&hall, first, "vote_cannot_count");
        assert!(check(&hall).findings[0].problem.to_string().contains(why), "{why}");
    }

    let mut hall = voting();
    hall.order("chu-toa", Command::CloseBallot { ballot: ballot("b1") });
    let vote = vote_of(hall.vote_statement("db3", "b1", &question, "yes", 1));
    let first = forge_vote(&mut hall, "db3", "db3", &vote, &vote);
    assert_caught(&hall, first, "vote_cannot_count");

    let mut hall = voting();
    hall.order("chu-toa", Command::HoldBallot { ballot: ballot("b1"), reason: None });
    let vote = vote_of(hall.vote_statement("db3", "b1", &question, "yes", 1));
    let first = forge_vote(&mut hall, "db3", "db3", &vote, &vote);
    assert_caught(&hall, first, "vote_cannot_count");
}

#[test]
fn a_vote_after_its_time_does_not_count_though_the_ballot_is_not_closed_yet() {
    let mut hall = voting();
    hall.order("chu-toa", Command::VoidBallot { ballot: ballot("b1"), reason: "thử lại".into() });
    hall.order("chu-toa", Command::OpenBallot { question: question("q1"), seconds: Some(5) });
    hall.wait(5_000);
    let vote = vote_of(hall.vote_statement("db3", "b2", &story::first_question(), "yes", 1));
    let first = forge_vote(&mut hall, "db3", "db3", &vote, &vote);
    assert_caught(&hall, first, "vote_cannot_count");
}

#[test]
fn a_vote_on_another_wording() {
    let mut hall = voting();
    let vote = vote_of(hall.vote_statement("db3", "b1", &story::second_question(), "yes", 1));
    let first = forge_vote(&mut hall, "db3", "db3", &vote, &vote);
    assert_caught(&hall, first, "vote_document");
}

#[test]
fn a_statement_made_for_another_record() {
    let mut hall = voting();
    let mut vote = vote_of(hall.vote_statement("db3", "b1", &story::first_question(), "yes", 1));
    vote.log = "dienhong.example/khac".into();
    let first = forge_vote(&mut hall, "db3", "db3", &vote, &vote);
    assert_caught(&hall, first, "wrong_log");
}

#[test]
fn an_order_used_twice() {
    let mut hall = voting();
    let close = Command::CheckOut { person: person("db1"), reason: None };
    let (note, arguments) = hall.signed_order("db1", &close);
    let by = || Actor::Person(person("db1"));
    hall.act(by(), Some(note.clone()), Some(arguments.clone()), &close);
    hall.order("db1", Command::CheckIn { person: person("db1"), reason: None });
    let first = hall.entries.len();
    hall.act(by(), Some(note), Some(arguments), &close);
    assert_caught(&hall, first, "statement_repeated");
}

#[test]
fn a_tally_or_verdict_that_the_votes_do_not_give() {
    let close = Command::CloseBallot { ballot: ballot("b1") };
    for (change, code) in
        [("yes", "wrong_count"), ("present", "wrong_base"), ("seats", "wrong_base"), ("keys", "wrong_answers")]
    {
        let mut hall = voting();
        let mut counted = hall.chamber.tally(&ballot("b1")).unwrap();
        match change {
            "yes" => counted.answers[0].count += 1,
            "present" => counted.present -= 1,
            "seats" => counted.seats += 1,
            _ => counted.answers.swap(0, 1),
        }
        let (note, arguments) = hall.signed_order("chu-toa", &close);
        let event = Event::BallotClosed { ballot: ballot("b1"), closed_by: ClosedBy::Chair, counted };
        let first = hall.entries.len();
        hall.write(Actor::Person(person("chu-toa")), Some(note), Some(arguments), vec![event]);
        assert_caught(&hall, first, code);
    }

    let mut hall = voting();
    hall.order("chu-toa", close);
    let (note, arguments) =
        hall.signed_order("chu-toa", &Command::ConfirmBallot { ballot: ballot("b1"), casting: None });
    let verdict = dienhong::chamber::ballot::Verdict::Adopted;
    let event = Event::BallotConfirmed { ballot: ballot("b1"), verdict, casting: None, chosen: Vec::new() };
    let first = hall.entries.len();
    hall.write(Actor::Person(person("chu-toa")), Some(note), Some(arguments), vec![event]);
    assert_caught(&hall, first, "wrong_verdict");
}

#[test]
fn orders_by_those_who_may_not() {
    let mut hall = voting();
    let hold = Command::HoldBallot { ballot: ballot("b1"), reason: None };
    let event = || {
        vec![Event::BallotHeld {
            ballot: ballot("b1"),
            cause: dienhong::chamber::ballot::HoldCause::Chair,
            reason: None,
            remaining_ms: None,
        }]
    };
    let (note, arguments) = hall.signed_order("db1", &hold);
    let first = hall.entries.len();
    hall.write(Actor::Person(person("db1")), Some(note), Some(arguments), event());
    assert_caught(&hall, first, "not_allowed");

    for by in [Actor::Operator, Actor::System] {
        let mut hall = voting();
        let first = hall.entries.len();
        hall.write(by, None, None, event());
        assert_caught(&hall, first, "unsigned_act");
    }

    // A code given out by somebody who may not give any.
    let mut hall = voting();
    let key = signing_key("a third tablet");
    let event = Event::DeviceBound {
        person: person("quan-tri"),
        device: DeviceId::parse("d9").unwrap(),
        key: public_base64(&key),
        issued_by: Issuer::Person(person("db1")),
    };
    hall.order("quan-tri", Command::RevokeDevice { person: person("quan-tri"), reason: "đổi máy".into() });
    let enrol = Statement::Enrol(dienhong::ledger::statement::Enrol {
        log: ORIGIN.into(),
        person: person("quan-tri"),
        key: key.verifying_key().to_bytes(),
        nonce: hall.nonce(),
    });
    let first = hall.entries.len();
    hall.write(Actor::Person(person("quan-tri")), Some(enrol.sign(&key).unwrap()), None, vec![event]);
    assert_caught(&hall, first, "not_allowed");
}

#[test]
fn an_order_that_did_something_else() {
    let mut hall = voting();
    let (note, arguments) = hall.signed_order("thu-ky", &Command::show_on_wall(WallMode::Agenda));
    let first = hall.entries.len();
    let events = vec![Event::WallShown { mode: WallMode::Blank, wall: None, card: None }];
    hall.write(Actor::Person(person("thu-ky")), Some(note), Some(arguments), events);
    assert_caught(&hall, first, "disagrees");

    let mut hall = voting();
    let (note, _) = hall.signed_order("thu-ky", &Command::show_on_wall(WallMode::Agenda));
    let first = hall.entries.len();
    let events = vec![Event::WallShown { mode: WallMode::Agenda, wall: None, card: None }];
    hall.write(Actor::Person(person("thu-ky")), Some(note), Some("{}".into()), events);
    assert_caught(&hall, first, "bad_order");
}

#[test]
fn a_device_that_was_revoked() {
    let mut hall = voting();
    hall.order("quan-tri", Command::RevokeDevice { person: person("db3"), reason: "mất máy".into() });
    let vote = vote_of(hall.vote_statement("db3", "b1", &story::first_question(), "yes", 1));
    let first = forge_vote(&mut hall, "db3", "db3", &vote, &vote);
    assert_caught(&hall, first, "no_device");
}

#[test]
fn what_cannot_follow() {
    let mut hall = voting();
    let announce = Command::AnnounceBallot { ballot: ballot("b1") };
    let (note, arguments) = hall.signed_order("chu-toa", &announce);
    let first = hall.entries.len();
    let events = vec![Event::BallotAnnounced { ballot: ballot("b1") }];
    hall.write(Actor::Person(person("chu-toa")), Some(note), Some(arguments), events);
    assert_caught(&hall, first, "does_not_follow");
}

/// A bundle with other lines or checkpoints than the hall's.
fn bundle(lines: &[String], checkpoints: &[String]) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    let checkpoints = checkpoints.iter().map(|note| Ok((checkpoint_size(note), note.clone())));
    write_bundle(&mut out, &vkey(), lines.iter().cloned().map(Ok), checkpoints).unwrap();
    out.into_inner()
}

fn check_bytes(bytes: Vec<u8>) -> Report {
    verify(Cursor::new(bytes), Some(&vkey()), |_| {}).unwrap()
}

#[test]
fn an_entry_changed_after_it_was_signed_is_named_with_its_batch() {
    let hall = story::hall();
    let at = hall.lines.iter().position(|line| line.contains("\"vote_cast\"")).unwrap();
    let mut lines = hall.lines.clone();
    lines[at] = lines[at].replace("\"time\":1", "\"time\":2");
    let report = check_bytes(bundle(&lines, &hall.checkpoints));
    let size = at as u64 + 1;
    assert!(
        report.findings.iter().any(|finding| finding.problem == Problem::WrongRoot { from: at as u64, size }),
        "{:?}",
        report.findings
    );
}

#[test]
fn entries_cut_off_or_added_are_noticed() {
    let hall = voting();
    let cut = check_bytes(bundle(&hall.lines[..hall.lines.len() - 1], &hall.checkpoints));
    let size = hall.lines.len() as u64;
    let missing = Problem::EntriesMissing { size, entries: size - 1 };
    assert!(cut.findings.iter().any(|finding| finding.problem == missing), "{:?}", cut.findings);

    let uncovered = check_bytes(bundle(&hall.lines, &hall.checkpoints[..hall.checkpoints.len() - 1]));
    assert_eq!(codes(&uncovered), [(Some(size - 1), "not_covered")]);

    let none = check_bytes(bundle(&[], &[]));
    assert!(codes(&none).contains(&(None, "no_founding")), "{:?}", none.findings);

    let mut swapped = hall.lines.clone();
    swapped.swap(20, 21);
    let found = codes(&check_bytes(bundle(&swapped, &hall.checkpoints)));
    assert!(found.contains(&(Some(20), "wrong_seq")), "{found:?}");
}

#[test]
fn something_else_than_a_bundle_is_an_error_not_a_finding() {
    for bytes in [vec![], b"hello".to_vec(), vec![0; 4096], vec![b'x'; 4096]] {
        assert!(matches!(verify(Cursor::new(bytes), None, |_| {}), Err(BundleError::NotABundle)));
    }
}

/// The smallest record with every kind of statement but a vote.
fn small_bundle() -> Vec<u8> {
    let mut hall = Hall::new();
    let administrator = somebody(7, "quan-tri", None, &[Office::Administrator, Office::Secretary]);
    hall.operator(Command::FoundCouncil(Box::new(founding())));
    let sha256 = dienhong::ledger::merkle::Hash::of(b"csv").hex();
    hall.operator(Command::ImportRoster { sha256, people: vec![administrator] });
    hall.enrol("quan-tri", Issuer::Operator, &signing_key("quan-tri"));
    hall.order("quan-tri", Command::show_on_wall(WallMode::Blank));
    hall.bundle()
}

fn is_found(bytes: Vec<u8>, key: Option<&VerifierKey>) -> bool {
    verify(Cursor::new(bytes), key, |_| {}).map_or(true, |report| !report.is_whole())
}

#[test]
fn every_changed_byte_is_found() {
    let whole = small_bundle();
    assert!(!is_found(whole.clone(), Some(&vkey())));
    for at in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 1 << (at % 8);
        assert!(is_found(bytes, Some(&vkey())), "byte {at}: {:?}", whole[at] as char);
    }
}

#[test]
fn every_cut_is_found() {
    let whole = small_bundle();
    for length in (0..whole.len()).step_by(13).chain([whole.len() - 1]) {
        assert!(is_found(whole[..length].to_vec(), Some(&vkey())), "{length}");
    }
    let longer = [whole.as_slice(), &[0]].concat();
    assert!(is_found(longer, Some(&vkey())));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// Damage in several places neither passes nor stops the verifier.
    #[test]
    fn damage_is_found_without_a_panic(changes in prop::collection::vec((any::<prop::sample::Index>(), 1u8..), 1..6)) {
        let mut bytes = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/bundle.tar")).unwrap();
        let whole = bytes.clone();
        for (at, change) in &changes {
            let at = at.index(bytes.len());
            bytes[at] ^= change;
        }
        prop_assume!(bytes != whole);
        prop_assert!(is_found(bytes, Some(&vkey())));
    }
}
