//! Choices and elections, from the question to who is elected.

use super::*;
use dienhong::chamber::ballot::Verdict;
use dienhong::chamber::limits;
use dienhong::chamber::refusal::Refusal;

#[test]
fn an_item_of_kind_election_gets_its_question_from_the_secretary() {
    let mut hall = electing();
    assert_eq!(hall.chamber.questions_of(&iid("i5")).count(), 0);
    hall.must(&by("clerk"), election(2, &["Nguyễn Mẫu An", "Trần Mẫu Bình", " Lê  Mẫu Châu "]));
    let question = hall.chamber.question(&qid("q3")).expect("prepared");
    let answers: Vec<_> = question.answers.iter().map(|a| (a.key.as_str(), a.meaning.as_str())).collect();
    let abstain = "Take part without choosing for or against";
    let expected = [("c1", "Nguyễn Mẫu An"), ("c2", "Trần Mẫu Bình"), ("c3", "Lê  Mẫu Châu"), ("abstain", abstain)];
    assert_eq!(answers, expected);
    assert!(dienhong::chamber::question::document(question).contains("\nform election 2\n"));
}

#[test]
fn several_candidates_are_elected_by_those_who_voted_for_them() {
    let mut hall = electing();
    hall.must(&by("clerk"), election(2, &["Nguyễn Mẫu An", "Trần Mẫu Bình", "Lê Mẫu Châu"]));
    hall.open("q3");
    // In office 8, so 5 votes elect.
    for (person, keys) in [
        ("p1", &["c1", "c3"][..]),
        ("p2", &["c1", "c3"]),
        ("p3", &["c1", "c3"]),
        ("p4", &["c1", "c2"]),
        ("p5", &["c3"]),
        ("p6", &["abstain"]),
    ] {
        let vote = vote_for(&hall, "b1", person, keys);
        hall.must(&by(person), vote);
    }
    // Changed as a whole.
    let vote = vote_for(&hall, "b1", "p5", &["c1", "c3"]);
    hall.must(&by("p5"), vote);
    hall.close("b1");
    let counted = hall.chamber.tally(&bid("b1")).expect("closed");
    let counts: Vec<u32> = counted.answers.iter().map(|part| part.count).collect();
    assert_eq!((counts, counted.took_part()), (vec![5, 1, 4, 1], 6));
    hall.confirm("b1");
    assert_eq!((chosen(&hall, "b1"), hall.verdict("b1")), (vec!["c1".to_owned()], Some(Verdict::Adopted)));
    hall.announce("b1");
    assert_eq!(hall.replayed(), hall.chamber);
}

#[test]
fn a_vote_names_no_more_than_there_are_places_in_the_order_shown() {
    let mut hall = electing();
    hall.must(&by("clerk"), election(2, &["A", "B", "C"]));
    hall.open("q3");
    for keys in [&["c1", "c2", "c3"][..], &["c1", "c1"], &["c2", "c1"], &["c1", "abstain"], &["abstain", "abstain"]] {
        let vote = vote_for(&hall, "b1", "p3", keys);
        assert_eq!(hall.refused(&by("p3"), vote), Refusal::TooManyChoices, "{keys:?}");
    }
    for keys in [&["c4"][..], &["c1", "c4"], &["yes"]] {
        let vote = vote_for(&hall, "b1", "p3", keys);
        assert_eq!(hall.refused(&by("p3"), vote), Refusal::UnknownAnswer, "{keys:?}");
    }
    let vote = vote_for(&hall, "b1", "p3", &["c2", "c3"]);
    hall.must(&by("p3"), vote);
    // One answer and no more on everything else.
    hall.void("b1", "thử");
    hall.must(&by("p1"), Command::OpenBallot { question: qid("q1"), seconds: None });
    let vote = vote_for(&hall, "b2", "p3", &["yes", "no"]);
    assert_eq!(hall.refused(&by("p3"), vote), Refusal::TooManyChoices);
}

#[test]
fn an_option_prevails_or_the_choice_fails_without_a_casting_vote() {
    let mut hall = electing();
    hall.must(&by("clerk"), choice(&["Phương án 1", "Phương án 2"]));
    hall.open("q3");
    for (person, answer) in [("p1", "a1"), ("p2", "a2")] {
        hall.vote("b1", person, answer);
    }
    hall.close("b1");
    let casting = Command::ConfirmBallot { ballot: bid("b1"), casting: Some(Verdict::Adopted) };
    assert_eq!(hall.refused(&by("p1"), casting), Refusal::CastingVoteNotAllowed);
    hall.announce("b1");
    assert_eq!((chosen(&hall, "b1"), hall.verdict("b1")), (vec![], Some(Verdict::Rejected)));

    hall.must(&by("p1"), Command::AnnulBallot { ballot: bid("b1"), reason: "biểu quyết lại".into() });
    hall.decide_question("q3", "b2", &[("p1", "a2"), ("p2", "a2"), ("p3", "a1"), ("p4", "abstain")]);
    assert_eq!((chosen(&hall, "b2"), hall.verdict("b2")), (vec!["a2".to_owned()], Some(Verdict::Adopted)));
}

#[test]
fn answers_must_fit_the_form() {
    let mut hall = electing();
    let long = "x".repeat(limits::CANDIDATE_CHARS + 1);
    let many: Vec<String> = (0..=limits::CANDIDATES).map(|n| format!("Ứng cử viên {n}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let with_keys = |keys: [&str; 2]| {
        let answers = keys.map(|k| AnswerMeaning { key: key(k), meaning: format!("Phương án {k}") }).to_vec();
        asking("i5", "majority_of_all", QuestionForm::Choice, answers)
    };
    let motion = |answers| asking("i5", "majority_of_all", QuestionForm::Motion, answers);
    for bad in [
        choice(&[]),
        choice(&["một"]),
        choice(&many[..limits::ANSWERS]),
        choice(&["một", "một"]),
        choice(&["một", " "]),
        choice(&["một", "h\u{200B}ai"]),
        election(1, &[]),
        election(0, &["A"]),
        election(2, &["A"]),
        election(u32::MAX, &["A"]),
        election(1, &many),
        election(1, &[&long]),
        with_keys(["a2", "a1"]),
        with_keys(["a1", "a3"]),
        with_keys(["c1", "c2"]),
        with_keys(["a1", "abstain"]),
        motion(answers('a', &["một"])),
        motion(vec![AnswerMeaning { key: key("yes"), meaning: String::new() }]),
        motion(vec![AnswerMeaning { key: key("yes"), meaning: "Giữ".into() }; 2]),
    ] {
        assert_eq!(hall.refused(&by("clerk"), bad.clone()), Refusal::BadAnswers, "{bad:?}");
    }
    hall.must(&by("clerk"), election(20, &many[..limits::CANDIDATES]));
    hall.must(&by("clerk"), choice(&many[..limits::ANSWERS - 1]));

    // A motion's answers may mean something else; they stay the same three.
    hall.must(&by("clerk"), motion(vec![AnswerMeaning { key: key("no"), meaning: "Giữ nguyên".into() }]));
    let question = hall.chamber.question(&qid("q5")).expect("prepared");
    let meanings: Vec<&str> = question.answers.iter().map(|answer| answer.meaning.as_str()).collect();
    assert_eq!((meanings[0], meanings[1], meanings.len()), ("Adopt what is put to the vote", "Giữ nguyên", 3));
}

/// The heaviest question that can be asked still makes an entry that the record takes.
#[test]
fn the_longest_question_fits_an_entry() {
    use dienhong::ledger::{entry::Entry, order::parts};
    let mut hall = electing();
    let wide = |n: usize, chars: usize| format!("{n:02}{}", "\u{1D54F}".repeat(chars - 2));
    let election = (1..=limits::CANDIDATES).map(|n| wide(n, limits::CANDIDATE_CHARS)).collect::<Vec<_>>();
    let options = (1..limits::ANSWERS).map(|n| wide(n, limits::MEANING_CHARS)).collect::<Vec<_>>();
    fn texts(all: &[String]) -> Vec<&str> {
        all.iter().map(String::as_str).collect()
    }
    let forms = [
        (QuestionForm::Election { places: 20 }, answers('c', &texts(&election))),
        (QuestionForm::Choice, answers('a', &texts(&options))),
    ];
    for (form, answers) in forms {
        let order = match asking("i5", "majority_of_all", form, answers) {
            Command::PrepareQuestion { item, rule, form, answers, .. } => Command::PrepareQuestion {
                item,
                title: "\u{1D54F}".repeat(limits::TITLE_CHARS),
                text: "\u{1D54F}".repeat(limits::TEXT_CHARS),
                rule,
                seconds: Some(3_600),
                show_split: Some(false),
                replaces: None,
                form,
                answers,
                change_allowed: Some(false),
                groups: Vec::new(),
                min_choices: 0,
                live_names: false,
            },
            other => other,
        };
        let events = hall.must(&by("clerk"), order.clone());
        let entry = Entry {
            seq: u64::from(u32::MAX),
            time: hall.now,
            salt: [255; 16],
            by: by("clerk"),
            event: events[0].clone(),
            statement: Some("x".repeat(1_600)),
            arguments: Some(parts(&order).expect("an order").2),
            cause: None,
        };
        assert!(entry.encode().is_ok(), "{form:?}");
    }
}
