//! Several questions decided by one vote.

use super::*;
use dienhong::chamber::ballot::BallotState;
use dienhong::chamber::limits;
use dienhong::chamber::refusal::Refusal;

/// Items `i5` …, each with a question `q3` …, all by one rule; at `i2`.
fn with_questions(count: u32) -> Hall {
    let mut hall = Hall::at_question(generic(9), 4, 4);
    let items = (0..count).map(|n| new_item(&format!("{}", n + 5), ItemKind::Vote, &format!("Nghị quyết {n}"), None));
    hall.must(&by("clerk"), Command::add_items(items.collect()));
    hall
}

fn bloc(questions: &[&str]) -> Command {
    Command::PrepareBloc {
        item: iid("i2"),
        title: "Thông qua các nghị quyết".into(),
        questions: questions.iter().map(|id| qid(id)).collect(),
        live_names: false,
    }
}

#[test]
fn one_vote_decides_them_all() {
    let mut hall = with_questions(3);
    hall.must(&by("clerk"), bloc(&["q3", "q4", "q5"]));
    let question = hall.chamber.question(&qid("q6")).expect("prepared").clone();
    assert_eq!(question.bloc.len(), 3);
    assert_eq!(question.bloc[1].document_sha256, hall.chamber.question(&qid("q4")).expect("known").document_sha256);

    hall.open("q6");
    for open in ["q3", "q5"] {
        let opened = hall.refused(&by("p1"), Command::OpenBallot { question: qid(open), seconds: None });
        assert_eq!(opened, Refusal::BallotRunning);
    }
    hall.vote("b1", "p2", "yes");
    hall.close("b1");
    assert!(!hall.chamber.is_decided_en_bloc(&iid("i6")));
    hall.announce("b1");
    let over: Vec<bool> = ["i2", "i5", "i6", "i7"].map(|item| hall.chamber.is_decided_en_bloc(&iid(item))).into();
    assert_eq!(over, [false, true, true, true], "nothing is left to take those up for");
    assert_eq!(hall.chamber.bloc_of(&qid("q4")).map(|bloc| bloc.id.as_str()), Some("q6"));
    let opened = hall.refused(&by("p1"), Command::OpenBallot { question: qid("q4"), seconds: None });
    assert_eq!(opened, Refusal::QuestionDecided);
    let reworded = prepare("i6", "Khác", "majority_of_votes", Some("q4"));
    assert_eq!(hall.refused(&by("clerk"), reworded), Refusal::QuestionDecided);
    assert_eq!(hall.refused(&by("clerk"), bloc(&["q4", "q5"])), Refusal::BadBloc);

    // Annulled, the questions are open again, one by one or together.
    hall.must(&by("p1"), Command::AnnulBallot { ballot: bid("b1"), reason: "tách riêng một nội dung".into() });
    assert!(!hall.chamber.is_decided_en_bloc(&iid("i6")));
    hall.decide_question("q4", "b2", &[("p1", "no")]);
    hall.must(&by("clerk"), bloc(&["q3", "q5"]));
    hall.decide_question("q7", "b3", &[("p1", "yes")]);
    assert_eq!(hall.chamber.ballot(&bid("b1")).map(|ballot| ballot.state), Some(BallotState::Annulled));
    assert_eq!(hall.replayed(), hall.chamber);
}

#[test]
fn a_bloc_is_of_open_motions_by_one_rule() {
    let mut hall = with_questions(4);
    let options = answers('a', &["một", "hai"]);
    hall.must(&by("clerk"), asking("i5", "majority_of_votes", QuestionForm::Choice, options));
    hall.must(&by("clerk"), bloc(&["q3", "q4"]));
    let decided = Command::OpenBallot { question: qid("q6"), seconds: None };
    hall.must(&by("p1"), decided);
    hall.close("b1");
    hall.announce("b1");
    for (questions, why) in [
        (&[][..], Refusal::BadBloc),
        (&["q3"], Refusal::BadBloc),
        (&["q3", "q3"], Refusal::BadBloc),
        (&["q3", "q2"], Refusal::BadBloc), // another rule
        (&["q3", "q7"], Refusal::BadBloc), // a choice
        (&["q3", "q8"], Refusal::BadBloc), // a bloc
        (&["q3", "q6"], Refusal::BadBloc), // decided
        (&["q3", "q99"], Refusal::UnknownQuestion),
    ] {
        assert_eq!(hall.refused(&by("clerk"), bloc(questions)), why, "{questions:?}");
    }
    assert_eq!(hall.refused(&by("clerk"), bloc(&["q3"; limits::BLOC_PARTS + 1])), Refusal::BadBloc);
    let secret = Command::PrepareBloc {
        item: iid("i4"),
        title: "Bầu".into(),
        questions: vec![qid("q3"), qid("q4")],
        live_names: false,
    };
    assert_eq!(hall.refused(&by("clerk"), secret), Refusal::FormNotSupported);
    // What is left of an earlier session is not put to the vote any more.
    hall.must(&by("clerk"), Command::CloseSitting {});
    hall.must(&by("clerk"), Command::create_session("Kỳ họp sau", ""));
    hall.must(&by("clerk"), Command::add_items(vec![new_item("1", ItemKind::Vote, "Mới", None)]));
    let later = Command::PrepareBloc {
        item: iid("i9"),
        title: "Cũ".into(),
        questions: vec![qid("q3"), qid("q4")],
        live_names: false,
    };
    assert_eq!(hall.refused(&by("clerk"), later), Refusal::BadBloc);
}

#[test]
fn a_bloc_whose_parts_moved_on_is_not_opened() {
    let mut hall = with_questions(3);
    hall.must(&by("clerk"), bloc(&["q3", "q4"]));
    hall.must(&by("clerk"), bloc(&["q4", "q5"]));
    hall.must(&by("clerk"), prepare("i5", "Nghị quyết (sửa)", "majority_of_votes", Some("q3")));
    let open = |question| Command::OpenBallot { question: qid(question), seconds: None };
    assert_eq!(hall.refused(&by("p1"), open("q6")), Refusal::BadBloc, "reworded");
    hall.decide_question("q5", "b1", &[("p1", "yes")]);
    assert_eq!(hall.refused(&by("p1"), open("q7")), Refusal::BadBloc, "decided");
    // A voided round leaves it open.
    hall.must(&by("clerk"), bloc(&["q3", "q4"]));
    hall.open("q8");
    hall.void("b2", "mất mạng");
    hall.decide_question("q8", "b3", &[("p1", "yes")]);
}

#[test]
fn the_largest_bloc_fits_an_entry_and_longer_titles_do_not() {
    use dienhong::ledger::{entry::Entry, order::parts};
    let titled = |chars: usize| {
        let mut hall = Hall::at_question(generic(9), 4, 4);
        for n in 0..limits::BLOC_PARTS {
            let title = format!("{n:02}{}", "ệ".repeat(chars));
            hall.must(&by("clerk"), Command::add_items(vec![new_item("9", ItemKind::Vote, &title, None)]));
        }
        let ids: Vec<String> = (0..limits::BLOC_PARTS).map(|n| format!("q{}", n + 3)).collect();
        let order = bloc(&ids.iter().map(String::as_str).collect::<Vec<_>>());
        (hall, order)
    };
    let (mut hall, order) = titled(230);
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
    assert!(entry.encode().is_ok());
    let (mut hall, order) = titled(300);
    assert_eq!(hall.refused(&by("clerk"), order), Refusal::TooManyItems);
}
