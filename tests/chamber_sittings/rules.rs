use super::*;
use dienhong::chamber::event::Event;
use dienhong::chamber::refusal::Refusal;
use dienhong::chamber::rules::{NamesPolicy, RulesProfile};

fn set(change: impl FnOnce(&mut RulesProfile)) -> Command {
    let mut rules = generic(9);
    change(&mut rules);
    Command::SetRules { rules: Box::new(rules) }
}

#[test]
fn rules_change_for_what_comes_after() {
    let mut hall = Hall::at_question(generic(9), 4, 4);
    let before = hall.chamber.question(&qid("q1")).expect("prepared").clone();
    let events = hall.must(
        &by("admin"),
        set(|rules| {
            rules.seats = 12;
            rules.ballot_seconds = 60;
            rules.answers[0].meaning = " Đồng ý ".into();
            rules.speaking.speak = 180;
        }),
    );
    assert!(matches!(events.as_slice(), [Event::RulesSet { rules }] if rules.answers[0].meaning == "Đồng ý"));
    assert_eq!(hall.chamber.seats(), 12);
    assert_eq!(hall.chamber.question(&qid("q1")), Some(&before), "what is prepared stays as it was prepared");
    hall.must(&by("clerk"), prepare("i3", "Sửa đổi", "majority_of_all", None));
    assert_eq!(hall.chamber.question(&qid("q3")).map(|question| question.seconds), Some(60));
    hall.must(&by("p1"), floor("p3"));
    assert_eq!(hall.chamber.speech().map(|speech| speech.allotted_ms), Some(180_000));
    // A closing has the new figure of seats.
    hall.open("q1");
    hall.close("b1");
    assert_eq!(hall.chamber.tally(&bid("b1")).map(|counted| counted.seats), Some(12));
    assert_eq!(hall.replayed(), hall.chamber);
}

#[test]
fn rules_that_do_not_fit_are_refused() {
    let mut hall = Hall::at_question(generic(9), 4, 4);
    let bad: [fn(&mut RulesProfile); 11] = [
        |rules| rules.names = NamesPolicy::Restricted,
        |rules| rules.preset = "province".into(),
        |rules| rules.seats = 3,
        |rules| rules.seats = 0,
        |rules| rules.majorities.clear(),
        |rules| rules.quorum.denominator = 0,
        |rules| rules.ballot_seconds = 4,
        |rules| rules.speaking.speak = 9,
        |rules| rules.speaking.answer = 3_601,
        |rules| rules.speaking.askers_a_round = 0,
        |rules| rules.speaking.askers_a_round = 21,
    ];
    for change in bad {
        assert_eq!(hall.refused(&by("admin"), set(change)), Refusal::BadRule);
    }
    assert_eq!(hall.refused(&by("p1"), set(|_| {})), Refusal::NotAllowed);
    hall.must(&by("admin"), set(|rules| rules.speaking.speak = 0));
    hall.open("q1");
    assert_eq!(hall.refused(&by("admin"), set(|_| {})), Refusal::BallotRunning);
    hall.close("b1");
    assert_eq!(hall.refused(&by("admin"), set(|_| {})), Refusal::BallotRunning, "its verdict is still to come");
    hall.confirm("b1");
    hall.announce("b1");
    hall.must(&by("admin"), set(|_| {}));
}
