//! Cases around the ballots: founding, roll, agenda, attendance, gavel.

use super::Case;
use super::chamber_hall::*;
use dienhong::chamber::agenda::ItemKind;
use dienhong::chamber::command::{Command, Founding};
use dienhong::chamber::limits;
use dienhong::chamber::refusal::Refusal::*;
use dienhong::chamber::rules::{Base, RulesProfile};
use dienhong::chamber::wall::WallMode;

pub fn council_cases() -> Vec<Case> {
    let with_origin = |origin: &str| founding(|founding| founding.origin = origin.to_owned());
    let with_rules = |change: fn(&mut RulesProfile)| founding(|founding| change(&mut founding.rules));
    let mut cases: Vec<Case> = vec![
        (Hall::unfounded(), by("p1"), Command::CloseSitting {}, NotFounded),
        (Hall::founded(generic(9), 3), OPERATOR, found(generic(9)), AlreadyFounded),
        (Hall::unfounded(), OPERATOR, founding(|f| f.name = " ".into()), BadText),
        (Hall::unfounded(), OPERATOR, founding(|f| f.checkpoint_key = "key".into()), BadText),
    ];
    for origin in ["", "a b", "a+b", "hội-đồng", "a\u{7f}", "council/p/1", &"a".repeat(121)] {
        cases.push((Hall::unfounded(), OPERATOR, with_origin(origin), BadOrigin));
    }
    let bad_rules: [fn(&mut RulesProfile); 11] = [
        |rules| rules.majorities.clear(),
        |rules| rules.majorities[0].rule.denominator = 0,
        |rules| rules.majorities[0].rule.numerator = 3,
        |rules| rules.majorities[0].rule.constant = i32::MIN,
        |rules| rules.majorities[0].name = "Đa số".into(),
        |rules| rules.majorities[0] = rules.majorities[1].clone(),
        |rules| rules.quorum.base = Base::Present,
        |rules| rules.seats = 0,
        |rules| rules.ballot_seconds = 4,
        |rules| rules.answers.truncate(2),
        |rules| rules.answers.push(rules.answers[0].clone()),
    ];
    cases.extend(bad_rules.map(|change| (Hall::unfounded(), OPERATOR, with_rules(change), BadRule)));
    cases
}

pub fn roll_cases() -> Vec<Case> {
    let hall = || Hall::founded(generic(4), 3);
    let named = |name: &str| {
        let mut person = somebody("p9", None, vec![]);
        person.name = name.to_owned();
        import(vec![person])
    };
    let seated = |id: &str, seat: &str| somebody(id, Some(seat), vec![]);
    let crowd = (0..limits::PEOPLE).map(|n| somebody(&format!("guest{n}"), None, vec![])).collect();
    let mut with_device = hall();
    with_device.must(&by("p1"), bind("p1", &key(1)));
    let mut voting = Hall::at_question(generic(9), 4, 4);
    voting.open("q1");
    vec![
        (hall(), by("admin"), import(vec![]), BadText),
        (hall(), by("admin"), Command::ImportRoster { sha256: "SHA".into(), people: vec![seated("p9", "9")] }, BadText),
        (hall(), by("admin"), named(""), BadText),
        (hall(), by("admin"), named("A\u{202e}B"), BadText),
        (hall(), by("admin"), named("12 – 7"), BadText),
        (hall(), by("admin"), named(&"a".repeat(limits::NAME_CHARS + 1)), BadText),
        (hall(), by("admin"), import(vec![seated("p9", "9"), seated("p9", "8")]), BadText),
        (hall(), by("admin"), import(vec![seated("p9", "1")]), DuplicateSeat),
        (hall(), by("admin"), import(vec![seated("p8", "8"), seated("p9", "8")]), DuplicateSeat),
        (hall(), by("admin"), import(vec![seated("p8", "8"), seated("p9", "9")]), TooManyPeople),
        (hall(), by("admin"), import(crowd), TooManyPeople),
        (voting, by("admin"), import(vec![seated("p9", "9")]), BallotRunning),
        (hall(), by("admin"), Command::EndMandate { person: pid("p9"), reason: "x".into() }, UnknownPerson),
        (hall(), by("admin"), Command::EndMandate { person: pid("p1"), reason: " ".into() }, ReasonNeeded),
        (with_device.clone(), by("p2"), bind("p2", &key(1)), KeyInUse),
        (with_device, by("p2"), bind("p2", "AAAA"), BadText),
        (hall(), by("clerk"), Command::RevokeDevice { person: pid("p1"), reason: "mất".into() }, NoDevice),
    ]
}

pub fn agenda_cases() -> Vec<Case> {
    let empty = || Hall::founded(generic(9), 4);
    let sitting = || Hall::sitting(generic(9), 4, 4);
    let item = |title: &str, rule: Option<&str>| new_item("9", ItemKind::Vote, title, rule);
    let add = |items| Command::add_items(items);
    let minutes = |minutes| {
        let mut item = item("Nghị quyết", None);
        item.minutes = Some(minutes);
        Command::add_items(vec![item])
    };
    let session = || Command::create_session("Kỳ họp", String::new());
    let long_text = Command::PrepareQuestion {
        item: iid("i2"),
        title: "Nghị quyết".into(),
        text: "a".repeat(limits::TEXT_CHARS + 1),
        rule: "majority_of_all".into(),
        seconds: None,
        show_split: None,
        replaces: None,
        form: None,
        answers: None,
        change_allowed: None,
        groups: Vec::new(),
        min_choices: 0,
        live_names: false,
    };
    let mut amended = sitting();
    for _ in 1..limits::QUESTIONS_PER_ITEM {
        amended.must(&by("clerk"), prepare("i2", "Sửa đổi", "majority_of_all", None));
    }
    let mut planned = empty();
    planned.must(&by("clerk"), session());
    let mut decided = Hall::at_question(generic(9), 4, 4);
    decided.decide_question("q1", "b1", &[]);
    vec![
        (planned, by("clerk"), session(), SessionExists),
        (sitting(), by("clerk"), session(), SittingOpen),
        (empty(), by("clerk"), add(vec![item("Nghị quyết", None)]), NoSession),
        (sitting(), by("clerk"), add(vec![]), BadText),
        (sitting(), by("clerk"), add(vec![item(" ", None)]), BadText),
        (sitting(), by("clerk"), add(vec![item("Nghị quyết", Some("by_acclamation"))]), BadRule),
        (sitting(), by("clerk"), add(vec![item("Nghị quyết", None); limits::ITEMS]), TooManyItems),
        (sitting(), by("clerk"), add(vec![item(&"ệ".repeat(1_000), None); 20]), TooManyItems),
        (sitting(), by("clerk"), minutes(limits::ITEM_MINUTES + 1), BadDuration),
        (sitting(), by("clerk"), prepare("i99", "Nghị quyết", "majority_of_all", None), UnknownItem),
        (sitting(), by("clerk"), prepare("i2", "Nghị quyết", "by_acclamation", None), BadRule),
        (sitting(), by("clerk"), prepare("i2", "Khác", "majority_of_all", Some("q2")), UnknownQuestion),
        (decided, by("clerk"), prepare("i2", "Khác", "majority_of_all", Some("q1")), QuestionDecided),
        (sitting(), by("clerk"), long_text, BadText),
        (amended, by("clerk"), prepare("i2", "Sửa đổi", "majority_of_all", None), TooManyItems),
        (empty(), by("clerk"), Command::open_sitting("Sáng"), NoSession),
        (sitting(), by("clerk"), Command::open_sitting("Sáng"), SittingOpen),
        (empty(), by("clerk"), Command::CloseSitting {}, NoSitting),
        (sitting(), by("p1"), Command::StartItem { item: iid("i9") }, UnknownItem),
        (Hall::at_question(generic(9), 4, 4), by("p1"), Command::StartItem { item: iid("i2") }, ItemCurrent),
    ]
}

pub fn attendance_cases() -> Vec<Case> {
    let sitting = || Hall::sitting(generic(9), 4, 2);
    let check_in = |person: &str| Command::CheckIn { person: pid(person), reason: None };
    let check_out = |person: &str| Command::CheckOut { person: pid(person), reason: None };
    let excuse = |person: &str| Command::Excuse { person: pid(person), reason: "ốm".into() };
    let mut restless = sitting();
    for _ in 0..limits::ATTENDANCE_CHANGES / 2 {
        restless.check_out("p1");
        restless.check_in("p1");
    }
    let mut often_excused = sitting();
    for _ in 0..limits::ATTENDANCE_CHANGES {
        often_excused.must(&by("clerk"), excuse("p3"));
    }
    vec![
        (restless, by("p1"), check_out("p1"), TooManyChanges),
        (often_excused, by("clerk"), excuse("p3"), TooManyChanges),
        (Hall::founded(generic(9), 4), by("p1"), check_in("p1"), NoSitting),
        (sitting(), by("p1"), check_in("p1"), AlreadyPresent),
        (sitting(), by("p3"), check_out("p3"), NotPresent),
        (sitting(), by("clerk"), check_in("clerk"), NotADelegate),
        (sitting(), by("clerk"), check_in("p3"), ReasonNeeded),
        (sitting(), by("clerk"), excuse("p1"), AlreadyPresent),
        (sitting(), by("clerk"), excuse("stranger"), UnknownPerson),
    ]
}

pub fn gavel_cases() -> Vec<Case> {
    let sitting = || Hall::sitting(generic(9), 4, 4);
    let hand = |to: &str| Command::HandGavel { to: pid(to) };
    vec![
        (sitting(), by("p1"), Command::TakeGavel { reason: None }, GavelHeld),
        (sitting(), by("p2"), Command::TakeGavel { reason: None }, ReasonNeeded),
        (sitting(), by("p3"), Command::TakeGavel { reason: None }, NotAllowed),
        (sitting(), by("p1"), hand("p3"), NotAllowed),
        (sitting(), by("p1"), hand("p1"), GavelHeld),
        (sitting(), by("p1"), hand("stranger"), UnknownPerson),
        (sitting(), by("p2"), hand("p1"), GavelNeeded),
        (sitting(), OPERATOR, hand("p2"), NotAllowed),
        (sitting(), by("p1"), Command::show_on_wall(WallMode::Item), UnknownItem),
    ]
}

fn founding(change: impl FnOnce(&mut Founding)) -> Command {
    match found(generic(9)) {
        Command::FoundCouncil(mut founding) => {
            change(&mut founding);
            Command::FoundCouncil(founding)
        }
        other => other,
    }
}
