//! Two that want the same at the same moment: votes and the closing, two consoles, two gavels.

use crate::checker::Record;
use crate::floor::{ballot, ballot_id};
use crate::report::{Figure, Outcome, Size};
use crate::support::place::Place;
use crate::tablet::Tablet;
use crate::world::{Kept, World, a_moment};
use dienhong::chamber::command::Command;
use dienhong::chamber::ids::QuestionId;
use dienhong::client::Identity;
use dienhong::wire::frames::{Page, Receipt};
use dienhong::wire::views::BallotState;
use futures_util::future::join_all;
use std::time::Duration;
use tokio::time::MissedTickBehavior;

/// A session has room for 240 rounds (chamber/limits); then another hall.
const ROUNDS: u32 = 200;
const VOTERS: usize = 8;
/// Votes are sent so long before the chair's order to close and so long after it.
const AROUND: Duration = Duration::from_millis(50);

/// Three frames a round from each page, of which a socket may send 20 a second (hub/reader).
const PACE: Duration = Duration::from_millis(160);

type Answer = Result<Receipt, (String, bool)>;

/// Decided by order: a vote is in the record before the closing and counted, or refused.
pub async fn closing(size: Size) -> Outcome {
    let times = size.of(1_000, 20);
    let (mut counted, mut refused) = (0, 0);
    for rounds in halls(times) {
        let world = World::open(Place::sqlite()).await;
        let endpoint = world.process.endpoint();
        let delegates = &world.floor.delegates[1..=VOTERS];
        let mut tablets = join_all(delegates.iter().map(|who| Tablet::join(&endpoint, Page::Delegate, who))).await;
        let mut ballots = Vec::new();
        for _ in 0..rounds {
            let opened = world.floor.open(Some(0)).await;
            let on = ballot_id(&opened.id);
            let casting = tablets.iter_mut().zip(delegates).enumerate().map(async |(n, (tablet, delegate))| {
                let answer = ["yes", "no", "abstain"][n % 3];
                let statement = delegate.vote(&opened.id, &opened.document_sha256, answer, 1).expect("a vote");
                a_moment(2 * AROUND.as_millis() as u64).await;
                (delegate, answer, tablet.cast(&statement).await)
            });
            let close = async {
                tokio::time::sleep(AROUND).await;
                world.floor.chairs(Command::CloseBallot { ballot: on.clone() }, BallotState::Closed).await
            };
            let (cast, closed) = tokio::join!(join_all(casting), close);
            let mut held = Vec::new();
            for (delegate, answer, outcome) in cast {
                match outcome {
                    Ok(receipt) => {
                        let person = delegate.person().clone();
                        held.push(Kept { person, ballot: on.clone(), answer, receipt, noted: 0 });
                    }
                    Err((code, false)) if code == "ballot_not_open" => refused += 1,
                    Err(other) => panic!("neither taken nor too late: {other:?}"),
                }
            }
            counted += held.len();
            ballots.push((on.clone(), held, closed.result.expect("a result")));
            world.floor.chairs(void(&opened.id), BallotState::Voided).await;
        }
        let record = Record::read(&world.place, &world.key()).await;
        for (on, held, result) in &ballots {
            record.keeps(held);
            record.counts(held, on, result);
        }
    }
    Outcome::Held(vec![
        Figure::count("ballots", times as usize),
        Figure::count("votes in time, receipted and counted", counted),
        Figure::count("too late, refused", refused),
    ])
}

/// Two who may preside take the gavel and open the same ballot, at once.
pub async fn gavels(size: Size) -> Outcome {
    let times = size.of(1_000, 20);
    let mut gavels = 0;
    for rounds in halls(times) {
        let world = World::open(Place::sqlite()).await;
        let endpoint = world.process.endpoint();
        let question = QuestionId::parse(world.floor.question().await.id).expect("an id");
        let [one, other] = [&world.floor.delegates[0], &world.floor.delegates[1]];
        // The first's console stays open: it watches.
        let mut here = Tablet::join(&endpoint, Page::Delegate, one).await;
        let mut there = Tablet::join(&endpoint, Page::Chair, other).await;
        let take = Command::TakeGavel { reason: Some("thay chủ tọa".to_owned()) };
        let open = Command::OpenBallot { question, seconds: Some(0) };
        let mut pace = tokio::time::interval(PACE);
        pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
        for round in 0..rounds {
            pace.tick().await;
            let ((took, opened), (took_too, opened_too)) =
                tokio::join!(both(&mut here, one, &take, &open), both(&mut there, other, &take, &open));
            gavels += usize::from(took.is_ok()) + usize::from(took_too.is_ok());
            let ballots = [&opened, &opened_too].iter().filter(|answer| answer.is_ok()).count();
            assert_eq!(ballots, 1, "round {round}: {opened:?} {opened_too:?}");
            let shown = ballot(&world.floor.chair, |ballot| ballot.state == BallotState::Open).await;
            let void = void(&shown.id);
            let (here, there) = (here.order(one, &void).await, there.order(other, &void).await);
            assert!(here.is_ok() != there.is_ok(), "one of them presides: {here:?} {there:?}");
            ballot(&world.floor.chair, |ballot| ballot.state == BallotState::Voided).await;
        }
        Record::read(&world.place, &world.key()).await.keeps(&[]);
    }
    Outcome::Held(vec![Figure::count("races", times as usize), Figure::count("gavels taken", gavels)])
}

async fn both(tablet: &mut Tablet, who: &Identity, first: &Command, second: &Command) -> (Answer, Answer) {
    (tablet.order(who, first).await, tablet.order(who, second).await)
}

fn void(ballot: &str) -> Command {
    Command::VoidBallot { ballot: ballot_id(ballot), reason: "vòng thử".to_owned() }
}

fn halls(times: u32) -> impl Iterator<Item = u32> {
    (0..times).step_by(ROUNDS as usize).map(move |begun| ROUNDS.min(times - begun))
}
