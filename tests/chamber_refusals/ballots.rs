//! Cases of ballots and votes.

use super::Case;
use super::chamber_hall::*;
use dienhong::chamber::agenda::SuspensionCause;
use dienhong::chamber::ballot::{AnswerCount, BallotForm, QuestionForm, Verdict};
use dienhong::chamber::command::{CastVote, Command};
use dienhong::chamber::ids::{AnswerKey, Millis};
use dienhong::chamber::limits;
use dienhong::chamber::refusal::Refusal::*;
use dienhong::chamber::rules::AnswerMeaning;

pub fn ballot_cases() -> Vec<Case> {
    let at = || Hall::at_question(generic(9), 4, 4);
    let after = |acts: fn(&mut Hall)| {
        let mut hall = Hall::at_question(generic(9), 4, 4);
        acts(&mut hall);
        hall
    };
    let open = |question: &str| Command::OpenBallot { question: qid(question), seconds: None };
    let open_for = |seconds| Command::OpenBallot { question: qid("q1"), seconds: Some(seconds) };
    let b1 = || bid("b1");
    let hold = || Command::HoldBallot { ballot: b1(), reason: None };
    let extend = |seconds| Command::ExtendBallot { ballot: b1(), seconds };
    let confirm = |casting| Command::ConfirmBallot { ballot: b1(), casting };
    let void = |reason: &str| Command::VoidBallot { ballot: b1(), reason: reason.into() };
    let annul = || Command::AnnulBallot { ballot: b1(), reason: "khiếu nại".into() };
    let opened = || after(|hall| hall.open("q1"));
    let closed = || {
        after(|hall| {
            hall.open("q1");
            hall.close("b1");
        })
    };
    let tied = || {
        after(|hall| {
            hall.open("q1");
            hall.vote("b1", "p1", "yes");
            hall.vote("b1", "p2", "no");
            hall.close("b1");
        })
    };
    let announced = || after(|hall| hall.decide_question("q1", "b1", &[]));
    let voided = || {
        after(|hall| {
            hall.open("q1");
            hall.void("b1", "mất mạng");
        })
    };
    let late = || {
        after(|hall| {
            hall.open("q1");
            hall.wait(30);
        })
    };
    let adjourned = || {
        after(|hall| {
            hall.must(&by("clerk"), Command::CloseSitting {});
        })
    };
    let chair = || by("p1");
    let full = after(|hall| {
        for n in 1..=limits::ROUNDS {
            hall.open("q1");
            hall.void(&format!("b{n}"), "mất mạng");
        }
    });
    vec![
        (at(), chair(), open("q9"), UnknownQuestion),
        (adjourned(), chair(), open("q1"), NoSitting),
        (opened(), chair(), open("q1"), BallotRunning),
        (closed(), chair(), Command::StartItem { item: iid("i3") }, BallotRunning),
        (closed(), by("clerk"), Command::CloseSitting {}, BallotRunning),
        (announced(), chair(), open("q1"), QuestionDecided),
        (Hall::at_question(province(9), 8, 5), chair(), open("q1"), NotQuorate),
        (at(), chair(), open_for(4), BadDuration),
        (at(), chair(), open_for(3_601), BadDuration),
        (at(), chair(), hold(), UnknownBallot),
        (closed(), chair(), hold(), BallotNotOpen),
        (late(), chair(), hold(), BallotNotOpen),
        (late(), chair(), extend(30), BallotNotOpen),
        (opened(), chair(), extend(0), BadDuration),
        (opened(), chair(), Command::ResumeBallot { ballot: b1() }, BallotNotOnHold),
        (closed(), chair(), Command::CloseBallot { ballot: b1() }, BallotNotOpen),
        (closed(), SYSTEM, Command::HoldForStore { ballot: b1(), since: Millis(0) }, BallotNotOpen),
        (opened(), chair(), confirm(None), BallotNotClosed),
        (tied(), chair(), confirm(None), CastingVoteNeeded),
        (closed(), chair(), confirm(Some(Verdict::Adopted)), CastingVoteNotAllowed),
        (opened(), chair(), Command::AnnounceBallot { ballot: b1() }, BallotNotConfirmed),
        (tied(), chair(), Command::AnnounceBallot { ballot: b1() }, CastingVoteNeeded),
        (announced(), chair(), void("mất mạng"), BallotSealed),
        (voided(), chair(), void("mất mạng"), BallotVoided),
        (opened(), chair(), void(""), ReasonNeeded),
        (opened(), chair(), void(&"a".repeat(limits::ENDING_REASON_CHARS + 1)), BadText),
        (full, chair(), open("q1"), TooManyItems),
        (closed(), chair(), annul(), BallotNotAnnounced),
        (voided(), chair(), annul(), BallotVoided),
    ]
}

/// Questions of other forms, blocs, and counts by people.
pub fn form_cases() -> Vec<Case> {
    let at = || Hall::at_question(generic(9), 4, 4);
    let option = |n: u32| AnswerKey::parse(format!("a{n}")).expect("an id");
    let choice = |options: &[&str]| match prepare("i2", "Chọn phương án", "majority_of_all", None) {
        Command::PrepareQuestion { item, title, text, rule, seconds, show_split, replaces, change_allowed, .. } => {
            let answers =
                (1..).zip(options).map(|(n, meaning)| AnswerMeaning { key: option(n), meaning: (*meaning).into() });
            let (form, answers) = (Some(QuestionForm::Choice), Some(answers.collect()));
            Command::PrepareQuestion {
                item,
                title,
                text,
                rule,
                seconds,
                show_split,
                replaces,
                form,
                answers,
                change_allowed,
                groups: Vec::new(),
                min_choices: 0,
                live_names: false,
            }
        }
        other => other,
    };
    let bloc = |questions: &[&str]| Command::PrepareBloc {
        item: iid("i2"),
        title: "Gộp".into(),
        questions: questions.iter().map(|id| qid(id)).collect(),
        live_names: false,
    };
    let record = |question: &str, form, yes| Command::RecordCount {
        question: qid(question),
        form,
        counts: [("yes", yes), ("no", 0), ("abstain", 0)]
            .map(|(key, count)| AnswerCount { answer: AnswerKey::parse(key).expect("an id"), count })
            .to_vec(),
        papers: None,
    };
    let hands = |question, yes| record(question, BallotForm::ShowOfHands, yes);
    let mut choosing = at();
    choosing.must(&by("clerk"), choice(&["một", "hai"]));
    choosing.open("q3");
    let mut two = choosing.ballot_paper("b1", "p3", "a1");
    two.more = vec![option(2)];
    let mut of_two = at();
    regroup(&mut of_two, "p3", "Tổ 2");
    let for_group =
        |group: &str, least, live| limited(prepare("i2", "Ý kiến", "majority_of_all", None), &[group], least, live);
    let mut others = of_two.clone();
    others.must(&by("clerk"), for_group("Tổ 2", 0, false));
    let mut left = others.clone();
    others.open("q3");
    let foreign = Command::CastVote(others.ballot_paper("b1", "p1", "yes"));
    regroup(&mut left, "p3", "Tổ 1");
    let mut electing = at();
    let electing_two = |names: &[&str], places| match choice(names) {
        Command::PrepareQuestion { item, title, text, rule, answers, .. } => Command::PrepareQuestion {
            item,
            title,
            text,
            rule,
            seconds: None,
            show_split: None,
            replaces: None,
            form: Some(QuestionForm::Election { places }),
            answers: answers.map(|all| {
                let renamed = (1..)
                    .zip(all)
                    .map(|(n, a)| AnswerMeaning { key: AnswerKey::parse(format!("c{n}")).expect("an id"), ..a });
                renamed.collect()
            }),
            change_allowed: None,
            groups: Vec::new(),
            min_choices: 2,
            live_names: false,
        },
        other => other,
    };
    electing.must(&by("clerk"), electing_two(&["An", "Bình", "Châu"], 2));
    electing.open("q3");
    let too_few = Command::CastVote(electing.ballot_paper("b1", "p3", "c1"));
    let restricted = Hall::at_question(province(9), 6, 6);
    let mut suspended = at();
    let suspend = Command::SuspendSitting { cause: SuspensionCause::Recess, reason: None, until: None };
    suspended.must(&by("p1"), suspend);
    let mut secret = at();
    secret.must(&by("clerk"), prepare("i4", "Bầu bổ sung", "majority_of_all", None));
    let open_three = || Command::OpenBallot { question: qid("q3"), seconds: None };
    vec![
        (at(), by("clerk"), choice(&["một"]), BadAnswers),
        (at(), by("clerk"), prepare("i2", "Bãi nhiệm", "secret_ballot", None), FormNotSupported),
        (at(), by("clerk"), bloc(&["q1", "q2"]), BadBloc),
        (at(), by("clerk"), bloc(&["q1", "q9"]), UnknownQuestion),
        (at(), by("clerk"), hands("q1", 5), BadCount),
        (at(), by("clerk"), record("q1", BallotForm::Electronic, 4), BadCount),
        (at(), by("clerk"), hands("q9", 4), UnknownQuestion),
        (choosing.clone(), by("clerk"), hands("q1", 4), BallotRunning),
        (choosing, by("p3"), Command::CastVote(two), TooManyChoices),
        (of_two.clone(), by("clerk"), for_group("Tổ 3", 0, false), UnknownGroup),
        (of_two.clone(), by("clerk"), for_group(" ", 0, false), BadText),
        (left, by("p1"), open_three(), UnknownGroup),
        (others, by("p1"), foreign, NotEntitled),
        (of_two, by("clerk"), for_group("Tổ 2", 2, false), BadAnswers),
        (at(), by("clerk"), electing_two(&["An", "Bình", "Châu"], 1), BadAnswers),
        (electing, by("p3"), too_few, TooFewChoices),
        (restricted, by("clerk"), for_group("Tổ 1", 0, true), NamesRestricted),
        (at(), by("clerk"), limited(choice(&["một", "hai"]), &[], 0, true), FormNotSupported),
        (secret.clone(), by("p1"), open_three(), FormNotSupported),
        (secret, by("clerk"), hands("q3", 4), FormNotSupported),
        (suspended.clone(), by("p1"), Command::OpenBallot { question: qid("q1"), seconds: None }, SittingSuspended),
        (suspended, by("clerk"), hands("q1", 4), SittingSuspended),
        (at(), by("p1"), Command::FinishItem { item: iid("i3") }, ItemNotCurrent),
    ]
}

pub fn vote_cases() -> Vec<Case> {
    let mut rules = generic(9);
    rules.change_allowed = false;
    let mut final_votes = Hall::at_question(rules, 4, 3);
    final_votes.open("q1");
    final_votes.vote("b1", "p1", "yes");
    let change = Command::CastVote(final_votes.ballot_paper("b1", "p1", "no"));

    let mut hall = Hall::at_question(generic(9), 4, 3);
    hall.open("q1");
    hall.vote("b1", "p1", "yes");
    let paper = |person: &str, change: fn(&mut CastVote)| {
        let mut vote = hall.ballot_paper("b1", person, "no");
        change(&mut vote);
        Command::CastVote(vote)
    };
    let mut late = hall.clone();
    late.wait(30);
    let mut wavering = hall.clone();
    for turn in 1..limits::TURNS {
        wavering.vote("b1", "p1", if turn % 2 == 0 { "yes" } else { "no" });
    }
    let once_more = Command::CastVote(wavering.ballot_paper("b1", "p1", "no"));
    let cases = [
        ("p2", paper("p1", |_| {}), NotAllowed),
        ("p4", paper("p4", |_| {}), NotPresent),
        ("clerk", paper("clerk", |_| {}), NotADelegate),
        ("p1", paper("p1", |vote| vote.ballot = bid("b9")), UnknownBallot),
        ("p1", paper("p1", |vote| vote.document_sha256 = SHA256.into()), WrongDocument),
        ("p1", paper("p1", |vote| vote.answer = AnswerKey::parse("maybe").expect("an id")), UnknownAnswer),
        ("p1", paper("p1", |vote| vote.turn = 1), TurnUsed),
        ("p1", paper("p1", |vote| vote.turn = 0), TurnUsed),
        ("p1", paper("p1", |vote| vote.turn = 3), TurnSkipped),
        ("p1", paper("p1", |vote| vote.turn = u32::MAX), TurnSkipped),
    ];
    let late_vote = paper("p2", |_| {});
    let mut cases: Vec<Case> =
        cases.into_iter().map(|(who, vote, refusal)| (hall.clone(), by(who), vote, refusal)).collect();
    cases.push((final_votes, by("p1"), change, ChangeNotAllowed));
    cases.push((wavering, by("p1"), once_more, TooManyChanges));
    cases.push((late, by("p2"), late_vote, BallotNotOpen));
    cases
}
