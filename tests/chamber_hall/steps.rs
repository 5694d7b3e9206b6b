//! What people try in a hall, chosen at random but near to what a hall would do.

use crate::chamber_hall::*;
use dienhong::chamber::agenda::{ItemKind, SuspensionCause};
use dienhong::chamber::ballot::{BallotState, Verdict};
use dienhong::chamber::command::{Actor, Command, NewItem};
use dienhong::chamber::ids::{BallotId, ItemId, Millis, PersonId, QuestionId, SittingId, SpeechId, WallId};
use dienhong::chamber::roll::{Office, Person};
use dienhong::chamber::speaking::SpeechKind;
use dienhong::chamber::wall::{Card, WallMode};
use proptest::prelude::*;

/// One thing somebody tries. The small numbers choose among what is there, and a little beside it.
#[derive(Debug, Clone)]
pub struct Step {
    pub wait_ms: u64,
    pub who: u8,
    pub what: What,
    pub n: u8,
    pub m: u8,
}

#[derive(Debug, Clone, Copy)]
pub enum What {
    /// What a hall would do next.
    Next,
    Found,
    Import,
    SetPerson,
    EndMandate,
    Bind,
    Revoke,
    CreateSession,
    AddItems,
    Prepare,
    OpenSitting,
    CloseSitting,
    StartItem,
    CheckIn,
    CheckOut,
    Excuse,
    OpenBallot,
    Hold,
    HoldForStore,
    Resume,
    Extend,
    Close,
    Confirm,
    Announce,
    Void,
    Annul,
    Vote,
    TakeGavel,
    HandGavel,
    Show,
    SetRules,
    PrepareSitting,
    OpenPrepared,
    Suspend,
    ResumeSitting,
    AddBranch,
    ChangeItem,
    MoveItem,
    RemoveItem,
    FinishItem,
    GiveFloor,
    ResumeSpeech,
    OwnWall,
    AddWall,
    RemoveWall,
    FollowMain,
    Ticker,
}

pub fn steps() -> impl Strategy<Value = Step> {
    let wait = prop_oneof![20 => 0u64..1_000, 2 => 1_000u64..10_000, 1 => 0u64..100_000];
    (wait, 0u8..60, whats(), any::<u8>(), any::<u8>()).prop_map(|(wait_ms, who, what, n, m)| Step {
        wait_ms,
        who,
        what,
        n,
        m,
    })
}

/// Votes and the course of ballots most often; what would empty the hall, seldom.
fn whats() -> impl Strategy<Value = What> {
    use What::*;
    prop_oneof![
        20 => Just(Next),
        20 => Just(Vote),
        8 => prop::sample::select(vec![OpenBallot, Close, Confirm, Announce]),
        8 => prop::sample::select(vec![CheckIn, CheckIn, CheckOut, Excuse]),
        6 => prop::sample::select(vec![Hold, HoldForStore, Resume, Resume, Extend, Void, Annul]),
        4 => prop::sample::select(vec![StartItem, StartItem, TakeGavel, HandGavel, Show]),
        2 => prop::sample::select(vec![AddItems, Prepare, Bind, Revoke, Import, SetPerson]),
        1 => prop::sample::select(vec![Found, EndMandate, CreateSession, OpenSitting, CloseSitting]),
        6 => prop::sample::select(vec![AddBranch, AddBranch, ChangeItem, MoveItem, MoveItem, RemoveItem, FinishItem]),
        4 => prop::sample::select(vec![Suspend, ResumeSitting, PrepareSitting, OpenPrepared, GiveFloor, ResumeSpeech]),
        2 => prop::sample::select(vec![SetRules, OwnWall, AddWall, AddWall, RemoveWall, FollowMain, Ticker]),
    ]
}

/// Who tries what.
pub fn resolve(hall: &Hall, step: &Step) -> (Actor, Command) {
    let Step { n, m, .. } = *step;
    let person = || pid(&format!("p{}", n % 8 + 1));
    let ballot = || nth_ballot(hall, m);
    let reason = || {
        if m.is_multiple_of(5) { String::new() } else { "lý do".to_owned() }
    };
    let maybe_reason = || (!m.is_multiple_of(3)).then(reason);
    let command = match step.what {
        What::Next => return next(hall, step),
        What::Found => found(generic(9)),
        What::Import => import(vec![row(n, m), row(m, n)]),
        What::SetPerson => Command::SetPerson { person: row(n, m) },
        What::EndMandate => Command::EndMandate { person: person(), reason: reason() },
        What::Bind => bind(person().as_str(), &key(u32::from(m))),
        What::Revoke => Command::RevokeDevice { person: person(), reason: reason() },
        What::CreateSession => Command::create_session("Kỳ họp", String::new()),
        What::AddItems => {
            let rule = [None, Some("majority_of_all"), Some("secret_ballot"), Some("unknown")][usize::from(m % 4)];
            let kind = [ItemKind::Vote, ItemKind::Report, ItemKind::Election][usize::from(n % 3)];
            Command::add_items(vec![new_item("9", kind, "Nghị quyết", rule)])
        }
        What::Prepare => {
            let replaced = format!("q{}", m % 4 + 1);
            prepare(&item(n), "Câu hỏi", "two_thirds_of_all", m.is_multiple_of(2).then_some(replaced.as_str()))
        }
        What::OpenSitting => Command::open_sitting("Phiên họp"),
        What::CloseSitting => Command::CloseSitting {},
        What::StartItem => Command::StartItem { item: iid(&item(n)) },
        What::CheckIn => Command::CheckIn { person: person(), reason: maybe_reason() },
        What::CheckOut => Command::CheckOut { person: person(), reason: maybe_reason() },
        What::Excuse => Command::Excuse { person: person(), reason: reason() },
        What::OpenBallot => {
            let seconds = [None, None, Some(0), Some(5), Some(60), Some(4)][usize::from(m % 6)];
            Command::OpenBallot { question: question(hall, n), seconds }
        }
        What::Hold => Command::HoldBallot { ballot: ballot(), reason: maybe_reason() },
        What::HoldForStore => Command::HoldForStore {
            ballot: ballot(),
            // Mostly a little ago, now and then after now, never before the newest entry: then the record could still be written.
            since: Millis(hall.now.0 + 1_000 - u64::from(n) * 50)
                .max(hall.record.last().map_or(Millis(0), |(at, _)| *at)),
        },
        What::Resume => Command::ResumeBallot { ballot: ballot() },
        What::Extend => Command::ExtendBallot { ballot: ballot(), seconds: u32::from(m) },
        What::Close => Command::CloseBallot { ballot: ballot() },
        What::Confirm => {
            let tie = hall.chamber.judgement(&ballot()).is_some_and(|judgement| judgement.tie);
            let casting = [Verdict::Adopted, Verdict::Rejected][usize::from(n % 2)];
            Command::ConfirmBallot { ballot: ballot(), casting: (tie != n.is_multiple_of(7)).then_some(casting) }
        }
        What::Announce => Command::AnnounceBallot { ballot: ballot() },
        What::Void => Command::VoidBallot { ballot: ballot(), reason: reason() },
        What::Annul => Command::AnnulBallot { ballot: ballot(), reason: reason() },
        What::Vote => return vote(hall, step, &ballot()),
        What::TakeGavel => Command::TakeGavel { reason: maybe_reason() },
        What::HandGavel => Command::HandGavel { to: person() },
        What::Show => {
            use WallMode::*;
            Command::show_on_wall([Welcome, RollCall, Agenda, Item, Voting, Result, Blank][usize::from(m % 7)])
        }
        _ => the_day(hall, step),
    };
    (actor(hall, step, &person()), command)
}

/// Sittings, the agenda's tree, rules and walls.
fn the_day(hall: &Hall, step: &Step) -> Command {
    let Step { n, m, .. } = *step;
    let wall = WallId::parse(format!("w{}", m % 6 + 1)).expect("an id");
    let parent = (!n.is_multiple_of(3)).then(|| some_item(hall, n));
    let before = m.is_multiple_of(2).then(|| sibling(hall, parent.as_ref(), m));
    match step.what {
        What::SetRules => {
            let mut rules = hall.chamber.council().expect("founded").rules.clone();
            rules.seats = 5 + u32::from(n % 6);
            rules.speaking.speak = u32::from(m);
            Command::SetRules { rules: Box::new(rules) }
        }
        What::PrepareSitting => Command::PrepareSitting {
            title: "Phiên họp".into(),
            planned_at: Some(Millis(hall.now.0)),
            closed_doors: n.is_multiple_of(4),
        },
        What::OpenPrepared => Command::OpenSitting {
            sitting: SittingId::parse(format!("t{}", n % 8 + 1)).ok(),
            title: None,
            closed_doors: false,
        },
        What::Suspend => Command::SuspendSitting {
            cause: if n.is_multiple_of(2) { SuspensionCause::Recess } else { SuspensionCause::Failure },
            reason: (!m.is_multiple_of(3)).then(|| "giải lao".to_owned()),
            until: n.is_multiple_of(3).then(|| hall.now.plus(u64::from(m) * 1_000)),
        },
        What::ResumeSitting => Command::ResumeSitting {},
        What::AddBranch => {
            let levels = [0, u32::from(n % 3), u32::from(m % 3)];
            let kinds = [ItemKind::Report, ItemKind::Vote, ItemKind::Discussion];
            let items = levels.into_iter().zip(kinds).map(|(level, kind)| NewItem {
                level,
                closed: m.is_multiple_of(9),
                ..new_item("9", kind, "Nội dung", None)
            });
            Command::AddItems { items: items.collect(), parent, before, start: n.is_multiple_of(5) }
        }
        What::ChangeItem => {
            let kind = [ItemKind::Vote, ItemKind::Vote, ItemKind::Report][usize::from(m % 3)];
            let rule = [None, Some("two_thirds_of_all"), Some("secret_ballot")][usize::from(m / 3 % 3)];
            let to = NewItem { closed: n.is_multiple_of(9), ..new_item("9", kind, "Nội dung đã sửa", rule) };
            Command::ChangeItem { item: some_item(hall, n), to }
        }
        What::MoveItem => Command::MoveItem { item: some_item(hall, m), parent, before },
        What::RemoveItem => Command::RemoveItem { item: some_item(hall, n) },
        What::FinishItem => {
            let current = hall.chamber.current_item().map(|item| item.item.id.clone());
            Command::FinishItem { item: current.unwrap_or_else(|| some_item(hall, n)) }
        }
        What::GiveFloor => {
            let person = pid(&format!("p{}", n % 8 + 1));
            Command::GiveFloor { person, kind: SpeechKind::Speak, seconds: None }
        }
        What::ResumeSpeech => {
            let speech = hall.chamber.speech().map(|speech| speech.id.clone());
            Command::ResumeSpeech { speech: speech.unwrap_or_else(|| SpeechId::parse("f1").expect("an id")) }
        }
        What::OwnWall => {
            let card = Card { title: "Chào cờ".into(), text: None, until: None };
            Command::ShowOnWall { wall: Some(wall), mode: WallMode::Title, card: Some(card) }
        }
        What::AddWall => Command::AddWall { name: format!("Màn {}", n % 6) },
        What::RemoveWall => Command::RemoveWall { wall },
        What::FollowMain => Command::FollowMain { wall },
        _ => Command::SetTicker { text: (!n.is_multiple_of(3)).then(|| "14 giờ họp tiếp".to_owned()) },
    }
}

/// One of the agenda's items, now and then one that is not there.
fn some_item(hall: &Hall, n: u8) -> ItemId {
    let items: Vec<&ItemId> = hall.chamber.items().map(|item| &item.item.id).collect();
    match items.get(usize::from(n) % items.len().max(1)) {
        Some(item) if !n.is_multiple_of(13) => (*item).clone(),
        _ => iid("i99"),
    }
}

/// Mostly one that stands under the same parent.
fn sibling(hall: &Hall, parent: Option<&ItemId>, m: u8) -> ItemId {
    let items = hall.chamber.items().filter(|item| item.item.parent.as_ref() == parent);
    let siblings: Vec<&ItemId> = items.map(|item| &item.item.id).collect();
    match siblings.get(usize::from(m) % siblings.len().max(1)) {
        Some(sibling) if !m.is_multiple_of(11) => (*sibling).clone(),
        _ => some_item(hall, m),
    }
}

/// The natural next act, by whoever presides: bring on a vote, let people vote, close, confirm, announce.
fn next(hall: &Hall, step: &Step) -> (Actor, Command) {
    let what = match hall.chamber.running_ballot().map(|ballot| ballot.state) {
        _ if hall.chamber.sitting().is_none() && step.n.is_multiple_of(3) => What::CreateSession,
        _ if hall.chamber.sitting().is_none() => What::OpenSitting,
        _ if hall.chamber.items().next().is_none() => What::AddBranch,
        _ if hall.chamber.is_suspended() && !step.n.is_multiple_of(4) => What::ResumeSitting,
        _ if hall.chamber.gavel().is_none() => What::TakeGavel,
        Some(BallotState::Open) if step.n.is_multiple_of(12) => What::Close,
        Some(BallotState::Open) => What::Vote,
        Some(BallotState::OnHold) => What::Resume,
        Some(BallotState::Closed) => What::Confirm,
        Some(BallotState::Confirmed) => What::Announce,
        _ if question_to_open(hall).is_none() && !step.n.is_multiple_of(3) => {
            return another_question(hall, step);
        }
        _ if question_to_open(hall).is_none() => What::StartItem,
        _ if !hall.chamber.is_quorate() && absent(hall).is_some() => What::CheckIn,
        _ => What::OpenBallot,
    };
    if let (What::CheckIn, Some(person)) = (what, absent(hall)) {
        let check_in = Command::CheckIn { person: person.clone(), reason: None };
        return (Actor::Person(person), check_in);
    }
    resolve(hall, &Step { what, who: step.who.max(6), ..step.clone() })
}

fn absent(hall: &Hall) -> Option<PersonId> {
    let people = hall.chamber.people();
    let mut delegates = people.into_iter().filter(|person| person.is_delegate());
    delegates.find(|person| !hall.chamber.is_present(&person.id)).map(|person| person.id.clone())
}

/// On the current item, where it is one that is voted openly; else the hall goes on to one that is.
fn another_question(hall: &Hall, step: &Step) -> (Actor, Command) {
    match hall.chamber.current_item().map(|item| &item.item) {
        Some(item) if !item.needs_secret_ballot() => {
            let rules = &hall.chamber.council().expect("founded").rules.majorities;
            let rule = &rules[usize::from(step.m) % rules.len()].name;
            (by("clerk"), prepare(item.id.as_str(), "Sửa đổi", rule, None))
        }
        _ => {
            let votes = hall.chamber.items().filter(|item| item.item.kind == ItemKind::Vote);
            let votes: Vec<&ItemId> = votes.map(|item| &item.item.id).collect();
            let item = votes.get(usize::from(step.m) % votes.len().max(1)).map(|item| (*item).clone());
            let start = Command::StartItem { item: item.unwrap_or_else(|| some_item(hall, step.m)) };
            (actor(hall, &Step { what: What::StartItem, who: step.who.max(6), ..step.clone() }, &pid("p1")), start)
        }
    }
}

/// A question of the current item that can still be put to the vote.
fn question_to_open(hall: &Hall) -> Option<QuestionId> {
    let item = &hall.chamber.current_item()?.item.id;
    let is_free = |question: &QuestionId| {
        let mut rounds = hall.chamber.ballots_on(question);
        rounds.all(|ballot| matches!(ballot.state, BallotState::Voided | BallotState::Annulled))
    };
    hall.chamber.questions_of(item).map(|question| question.id.clone()).find(is_free)
}

fn question(hall: &Hall, n: u8) -> QuestionId {
    let any = || qid(&format!("q{}", n % 4 + 1));
    if n.is_multiple_of(5) { any() } else { question_to_open(hall).unwrap_or_else(any) }
}

/// Mostly by the person themself with the right turn; now and then wrong in one respect.
fn vote(hall: &Hall, step: &Step, ballot: &BallotId) -> (Actor, Command) {
    let present: Vec<&PersonId> =
        hall.chamber.people().iter().map(|p| &p.id).filter(|id| hall.chamber.is_present(id)).collect();
    let person = match present.get(usize::from(step.n) % present.len().max(1)) {
        Some(person) if !step.n.is_multiple_of(6) => person.to_string(),
        _ => format!("p{}", step.n % 8 + 1),
    };
    let answer = ["yes", "no", "abstain", "yes", "no", "maybe"][usize::from(step.m / 7 % 6)];
    let mut vote = hall.ballot_paper(ballot.as_str(), &person, answer);
    match step.who {
        0 => vote.turn += 1,
        1 => vote.turn -= 1,
        2 => vote.document_sha256 = SHA256.to_owned(),
        3 => return (by("p1"), Command::CastVote(vote)),
        _ => {}
    }
    (by(&person), Command::CastVote(vote))
}

/// Whoever may, most of the time.
fn actor(hall: &Hall, step: &Step, person: &PersonId) -> Actor {
    let presiding = hall.chamber.gavel().map_or(by("p2"), |holder| Actor::Person(holder.id.clone()));
    match (step.what, step.who) {
        (_, 0) => by("stranger"),
        (_, 1) => by("p2"),
        (_, 2) => by("p5"),
        (_, 3) => Actor::Operator,
        (_, 4) => Actor::System,
        (What::HoldForStore, _) => Actor::System,
        (What::SetPerson, _) => Actor::Operator,
        (What::CheckIn | What::CheckOut | What::Bind, _) => Actor::Person(person.clone()),
        (What::Import | What::EndMandate, _) => by("admin"),
        (What::Excuse | What::Revoke | What::AddItems | What::Prepare, _) => by("clerk"),
        (What::OpenSitting | What::CloseSitting | What::CreateSession, _) => by("clerk"),
        (What::PrepareSitting | What::OpenPrepared, _) => by("clerk"),
        (What::ChangeItem | What::MoveItem | What::RemoveItem, _) => by("clerk"),
        (What::SetRules, _) => by("admin"),
        (What::TakeGavel, who) => by(if who % 2 == 0 { "p1" } else { "p2" }),
        _ => presiding,
    }
}

/// The newest ballot, or another.
fn nth_ballot(hall: &Hall, m: u8) -> BallotId {
    let count = hall.chamber.ballots().len();
    let n = if m.is_multiple_of(6) { usize::from(m) % 4 + 1 } else { count.max(1) };
    bid(&format!("b{n}"))
}

fn item(n: u8) -> String {
    format!("i{}", n % 6 + 1)
}

fn row(n: u8, m: u8) -> Person {
    let seat = (!m.is_multiple_of(4)).then(|| (m % 10 + 1).to_string());
    let offices = if n % 8 < 2 || n.is_multiple_of(5) { vec![Office::Chair] } else { Vec::new() };
    somebody(&format!("p{}", n % 8 + 1), seat.as_deref(), offices)
}
