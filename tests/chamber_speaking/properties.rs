//! Whatever is asked, called, moved and stopped, at whatever time: the queue is in order and the clocks are right.

use super::chamber_hall::*;
use super::debate::*;
use dienhong::chamber::command::{Actor, Command};
use dienhong::chamber::event::Event;
use dienhong::chamber::ids::{Millis, PersonId, RequestId};
use dienhong::chamber::speaking::SpeechKind;
use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Clone)]
struct Step {
    wait_ms: u64,
    what: What,
    n: usize,
    m: usize,
}

#[derive(Debug, Clone, Copy)]
enum What {
    Ask,
    Withdraw,
    Move,
    Call,
    Give,
    Pause,
    PauseForStore,
    Resume,
    Extend,
    End,
    Round,
    OpenList,
    CloseList,
    CheckOut,
    CheckIn,
    NextItem,
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn the_queue_is_in_order_and_the_clocks_are_right(steps in prop::collection::vec(steps(), 120)) {
        let mut hall = interpellation();
        let began = hall.now;
        let mut told = Told::default();
        for step in &steps {
            hall.now = hall.now.plus(step.wait_ms);
            let before: Vec<RequestId> = hall.chamber.queue().iter().map(|request| request.id.clone()).collect();
            let from = hall.record.len();
            for (who, command) in resolve(&hall, step) {
                // A refusal changes nothing, and an accepted act is checked by the hall itself.
                let _ = hall.act(&who, command);
            }
            for (at, event) in &hall.record[from..] {
                told.hear(*at, event);
            }
            check_queue(&hall, &told)?;
            if let [(_, Event::SpeechRequested { request, .. })] = &hall.record[from..] {
                let others: Vec<_> = hall.chamber.queue().iter().map(|other| other.id.clone()).collect();
                prop_assert_eq!(others.into_iter().filter(|id| id != request).collect::<Vec<_>>(), before);
            }
            check_clocks(&hall, &told, began)?;
        }
        prop_assert_eq!(&hall.replayed(), &hall.chamber);
    }
}

/// The record as somebody hears it who does not know the chamber.
#[derive(Default)]
struct Told {
    /// Who waits: the number of the request, who, for what.
    waiting: BTreeMap<u32, (PersonId, SpeechKind)>,
    moved: BTreeSet<u32>,
    asked: BTreeSet<PersonId>,
    in_round: bool,
    /// Milliseconds of each speech, those that are over first.
    spent: Vec<u64>,
    recorded: Vec<u64>,
    running_since: Option<Millis>,
}

impl Told {
    fn hear(&mut self, at: Millis, event: &Event) {
        match event {
            Event::SpeechRequested { request, person, speech_kind, .. } => {
                self.waiting.insert(number(request), (person.clone(), *speech_kind));
            }
            Event::RequestWithdrawn { request, .. } => {
                self.waiting.remove(&number(request));
            }
            Event::RequestMoved { request, .. } => {
                self.moved.insert(number(request));
            }
            Event::CheckedOut { person, .. } => self.waiting.retain(|_, (waits, _)| waits != person),
            Event::ItemFinished { .. } => {
                self.waiting.clear();
                self.asked.clear();
                self.in_round = false;
            }
            Event::RoundStarted { .. } => {
                self.asked.clear();
                self.in_round = true;
            }
            Event::SpeechStarted { request, person, speech_kind, .. } => {
                self.waiting.retain(|waits, _| request.as_ref().is_none_or(|request| *waits != number(request)));
                if self.in_round && *speech_kind == SpeechKind::Interpellate {
                    self.asked.insert(person.clone());
                }
                self.spent.push(0);
                self.running_since = Some(at);
            }
            Event::SpeechPaused { spent_ms, .. } => {
                self.stop(at);
                if let (Some(told), Some(spent)) = (spent_ms, self.spent.last_mut()) {
                    *spent = *told;
                }
            }
            Event::SpeechResumed { .. } => self.running_since = Some(at),
            Event::SpeechEnded { spent_ms, .. } => {
                self.stop(at);
                self.recorded.push(*spent_ms);
            }
            _ => {}
        }
    }

    fn stop(&mut self, at: Millis) {
        if let (Some(since), Some(spent)) = (self.running_since.take(), self.spent.last_mut()) {
            *spent += at.0 - since.0;
        }
    }

    /// Where somebody whom the chair did not move stands among the others of whom that is true.
    fn turn(&self, request: u32) -> (u8, bool, u32) {
        let (person, kind) = &self.waiting[&request];
        let rank = match kind {
            SpeechKind::PointOfOrder => 0,
            SpeechKind::Rebut => 1,
            _ => 2,
        };
        (rank, rank == 1 && !self.asked.contains(person), request)
    }
}

/// Exactly those wait who asked and were not called, withdrawn or gone; and but for those who were moved, in order.
fn check_queue(hall: &Hall, told: &Told) -> Result<(), TestCaseError> {
    let queue: Vec<u32> = hall.chamber.queue().iter().map(|request| number(&request.id)).collect();
    let mut sorted = queue.clone();
    sorted.sort_unstable();
    prop_assert_eq!(sorted, told.waiting.keys().copied().collect::<Vec<_>>());
    let turns: Vec<_> = queue.iter().filter(|n| !told.moved.contains(n)).map(|n| told.turn(*n)).collect();
    prop_assert!(turns.is_sorted(), "{:?}", turns);
    Ok(())
}

/// Every speech took what passed while it ran, and all of them together no more than passed.
fn check_clocks(hall: &Hall, told: &Told, began: Millis) -> Result<(), TestCaseError> {
    prop_assert_eq!(&told.recorded[..], &told.spent[..told.recorded.len()]);
    let running = hall.chamber.speech().map_or(0, |speech| speech.spent_at(hall.now));
    let over: u64 = hall.chamber.spoken().iter().map(|spoken| spoken.spent_ms).sum();
    prop_assert!(over + running <= hall.now.0 - began.0);
    Ok(())
}

fn resolve(hall: &Hall, step: &Step) -> Vec<(Actor, Command)> {
    let Step { n, m, .. } = *step;
    let queue = hall.chamber.queue();
    let waiting = |n: usize| match queue.get(n % (queue.len() + 1)) {
        Some(request) => request.id.clone(),
        None => rid("r9999"),
    };
    let speech = hall.chamber.speech().map_or(fid("f9999"), |speech| speech.id.clone());
    let kinds = [
        SpeechKind::Speak,
        SpeechKind::Interpellate,
        SpeechKind::Rebut,
        SpeechKind::Rebut,
        SpeechKind::PointOfOrder,
        SpeechKind::Answer,
        SpeechKind::Explain,
    ];
    let kind = kinds[m % kinds.len()];
    let who = ["p1", "p2", "p3", "p4", "p5", "p6", "gd1"][n % 7];
    let seconds = [None, Some(0), Some(10), Some(3_600), Some(3)][m % 5];
    let gavel = by("p1");
    let command = match step.what {
        What::Ask => return vec![(by(who), asks(who, kind))],
        What::CheckOut => return vec![(by(who), Command::CheckOut { person: pid(who), reason: None })],
        What::CheckIn => return vec![(by(who), Command::CheckIn { person: pid(who), reason: None })],
        What::NextItem => {
            let item =
                if hall.chamber.current_item().is_some_and(|item| item.item.id == iid("i6")) { "i5" } else { "i6" };
            let end = hall.chamber.speech().map(|_| (gavel.clone(), Command::EndSpeech { speech }));
            let next = [(gavel.clone(), Command::StartItem { item: iid(item) }), (gavel, Command::OpenList {})];
            return end.into_iter().chain(next).collect();
        }
        What::Withdraw => {
            let request = waiting(n);
            let own = hall.chamber.speech_request(&request).map(|waiting| waiting.person.clone());
            let who = own.filter(|_| m % 2 == 0).map_or(gavel, Actor::Person);
            return vec![(who, Command::WithdrawRequest { request, reason: (m % 3 > 0).then(|| "lý do".into()) })];
        }
        What::Move => Command::MoveRequest {
            request: waiting(n),
            before: (m % 4 > 0).then(|| waiting(m)),
            reason: "lý do".into(),
        },
        What::Call => Command::CallSpeaker { request: waiting(n), seconds },
        What::Give => Command::GiveFloor { person: pid(who), kind, seconds },
        What::Pause => Command::PauseSpeech { speech },
        What::PauseForStore => {
            // Mostly a little ago, now and then before it began to run or after now.
            let since = Millis((hall.now.0 + 1_000).saturating_sub(n as u64 * 50));
            return vec![(SYSTEM, Command::PauseForStore { speech, since })];
        }
        What::Resume => Command::ResumeSpeech { speech },
        What::Extend => Command::ExtendSpeech { speech, seconds: 10 + n as u32 },
        What::End => Command::EndSpeech { speech },
        What::Round => Command::StartRound { official: pid(if n % 2 == 0 { "gd1" } else { "gd2" }) },
        What::OpenList => Command::OpenList {},
        What::CloseList => Command::CloseList {},
    };
    vec![(gavel, command)]
}

fn steps() -> impl Strategy<Value = Step> {
    use What::*;
    let what = prop_oneof![
        24 => Just(Ask),
        8 => prop::sample::select(vec![Move, Move, Withdraw]),
        10 => prop::sample::select(vec![Call, Call, Give, End]),
        6 => prop::sample::select(vec![Pause, PauseForStore, Resume, Resume, Extend]),
        3 => prop::sample::select(vec![CheckOut, CheckIn, CheckIn]),
        2 => prop::sample::select(vec![Round, OpenList, OpenList, CloseList]),
        1 => Just(NextItem),
    ];
    (0u64..20_000, what, 0usize..1_000, 0usize..1_000).prop_map(|(wait_ms, what, n, m)| Step { wait_ms, what, n, m })
}

fn number(request: &RequestId) -> u32 {
    request.as_str().trim_start_matches('r').parse().expect("a number")
}

fn config() -> ProptestConfig {
    let beside_this_file = FileFailurePersistence::WithSource("regressions");
    ProptestConfig { cases: 128, failure_persistence: Some(Box::new(beside_this_file)), ..ProptestConfig::default() }
}
