//! What came last: questions put to some groups, a least number of names, answers shown live, and a promise that was kept.

use super::later::{confirm, counts, did};
use super::*;
use dienhong::chamber::ballot::{ClosedBy, Counted, QuestionForm};
use dienhong::chamber::ids::PromiseId;

/// The order for a question on `on`.
pub fn prepare(on: &str, title: &str, to: &[&str], candidates: &[&str], least: u32) -> Command {
    let named = |(n, name): (u32, &&str)| AnswerMeaning { key: answer(&format!("c{n}")), meaning: (*name).into() };
    let is_election = !candidates.is_empty();
    let places = u32::try_from(candidates.len()).unwrap_or(u32::MAX);
    Command::PrepareQuestion {
        item: item(on),
        title: title.into(),
        text: String::new(),
        rule: "over_half".into(),
        seconds: Some(0),
        show_split: None,
        replaces: None,
        form: is_election.then_some(QuestionForm::Election { places }),
        answers: is_election.then(|| (1..).zip(candidates).map(named).collect()),
        change_allowed: None,
        groups: to.iter().map(|group| (*group).to_owned()).collect(),
        min_choices: least,
        live_names: !is_election,
    }
}

/// After all that [`later`] tells. Ballots are written down as they stand in the record, as there.
pub fn end(hall: &mut Hall) {
    let promise = PromiseId::parse("m1").expect("an id");
    hall.order("thu-ky", Command::KeepPromise { promise, note: Some("Thông tuyến ngày 20/3".into()) });
    for id in ["b4", "b5"] {
        let announced = vec![Event::BallotAnnounced { ballot: ballot(id) }];
        did(hall, "chu-toa", Command::AnnounceBallot { ballot: ballot(id) }, announced);
    }
    hall.order("thu-ky", prepare("i5", "Đề nghị của Tổ 1", &["Tổ 1"], &[], 0));
    // Of the group one is there; of its two seats both are filled.
    let counted = |took_part, answers, [present, in_office, seats]: [u32; 3]| Counted {
        answers: counts(answers),
        present,
        in_office,
        seats,
        took_part,
    };
    let answers = [("yes", 1), ("no", 0), ("abstain", 0)];
    decide(hall, "q7", "b6", &["yes"], counted(None, &answers, [1, 2, 2]));
    let back = vec![Event::ItemFinished { item: item("i5") }, Event::ItemStarted { item: item("i3") }];
    did(hall, "chu-toa", Command::StartItem { item: item("i3") }, back);
    hall.order("thu-ky", prepare("i3", "Bầu Ban Kiểm phiếu", &[], &["Trần Mẫu Một", "Lê Mẫu Hai", "Phạm Mẫu Ba"], 2));
    let answers = [("c1", 1), ("c2", 0), ("c3", 1), ("abstain", 0)];
    decide(hall, "q8", "b7", &["c1", "c3"], counted(Some(1), &answers, [2, 4, 6]));
}

/// The chair alone votes, which adopts nothing.
fn decide(hall: &mut Hall, asked: &str, round: &str, choices: &[&str], counted: Counted) {
    let put = hall.chamber.question(&question(asked)).expect("prepared").clone();
    let opened = Event::BallotOpened {
        ballot: ballot(round),
        question: question(asked),
        round: 1,
        previous: None,
        document_sha256: put.document_sha256.clone(),
        closes_at: None,
    };
    did(hall, "chu-toa", Command::OpenBallot { question: question(asked), seconds: None }, vec![opened]);
    hall.wait(1_500);
    let more: Vec<AnswerKey> = choices[1..].iter().map(|key| answer(key)).collect();
    let statement = match hall.vote_statement("chu-toa", round, &put, choices[0], 1) {
        Statement::Vote(vote) => Statement::Vote(Vote { more: more.clone(), ..vote }),
        other => other,
    };
    let note = statement.sign(&signing_key("chu-toa")).unwrap();
    let cast =
        Event::VoteCast { ballot: ballot(round), person: person("chu-toa"), answer: answer(choices[0]), more, turn: 1 };
    hall.write(Actor::Person(person("chu-toa")), Some(note), None, vec![cast]);
    let closed = Event::BallotClosed { ballot: ballot(round), closed_by: ClosedBy::Chair, counted };
    did(hall, "chu-toa", Command::CloseBallot { ballot: ballot(round) }, vec![closed]);
    confirm(hall, round, Verdict::Rejected, Vec::new());
}
