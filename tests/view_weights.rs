//! Views are sent whole, in one frame of at most 1 MiB: also when everything in them is as long and as much as it can be.

mod chamber_hall;

use chamber_hall::*;
use dienhong::chamber::agenda::ItemKind;
use dienhong::chamber::command::Command;
use dienhong::chamber::event::Event;
use dienhong::chamber::ids::{PersonId, PromiseId, RequestId, SeatId, SpeechId};
use dienhong::chamber::limits;
use dienhong::chamber::roll::Person;
use dienhong::chamber::speaking::SpeechKind;
use dienhong::wire::from_chamber::{self as from, Eyes, Rehearsal, Store};
use dienhong::wire::views::*;
use serde::Serialize;

const MIB: usize = 1024 * 1024;

#[test]
fn the_debate_at_its_longest_fits_one_frame() {
    let mut rules = generic(1_000);
    rules.speaking.askers_a_round = limits::ASKERS;
    let mut hall = Hall::sitting(rules, 4, 4);
    hall.must(&by("clerk"), Command::add_items(vec![new_item("5", ItemKind::Interpellation, "Chất vấn", None)]));
    for n in 0..250 {
        let person = Person {
            id: somebody_long(n),
            name: long(limits::NAME_CHARS),
            seat: Some(SeatId::parse(format!("{n:s>40}")).expect("an id")),
            group: group(n),
            offices: vec![dienhong::chamber::roll::Office::Official],
        };
        bring(&mut hall, Event::PersonSet { person });
        bring(&mut hall, Event::CheckedIn { person: somebody_long(n), reason: None });
    }
    hall.start("i5");
    // More speakers and groups than are told.
    for n in 0..250 {
        speak(&mut hall, n, SpeechKind::Speak, None);
        let speech = hall.chamber.speech().expect("somebody speaks").id.clone();
        bring(&mut hall, Event::SpeechEnded { speech, spent_ms: 0 });
    }
    bring(&mut hall, Event::RoundStarted { item: iid("i5"), round: 1, official: somebody_long(0) });
    for n in 0..limits::ASKERS {
        let request = ask(&mut hall, n);
        speak(&mut hall, n, SpeechKind::Interpellate, Some(request));
        if n + 1 < limits::ASKERS {
            let speech = hall.chamber.speech().expect("somebody speaks").id.clone();
            bring(&mut hall, Event::SpeechEnded { speech, spent_ms: 0 });
        }
    }
    for n in 0..limits::REQUESTS as u32 {
        ask(&mut hall, n);
    }
    for n in 0..limits::BUDGETS_PER_ITEM as u32 {
        bring(&mut hall, Event::BudgetSet { item: iid("i5"), group: group(n), seconds: limits::BUDGET_SECONDS });
    }
    for n in 1..=limits::PROMISES as u32 {
        let promise = PromiseId::parse(format!("m{n}")).expect("an id");
        log(&mut hall, n, &long(limits::PROMISE_CHARS));
        bring(&mut hall, Event::PromiseStruck { promise, reason: long(limits::REASON_CHARS) });
    }
    let view = from::speaking(&hall.chamber, Store::Writable, Eyes::Hall);
    assert_eq!((view.queue.len(), view.budgets.len()), (limits::REQUESTS, limits::BUDGETS_PER_ITEM));
    assert_eq!((view.people.len(), view.groups.len()), (200, 100));
    assert_eq!(view.round.as_ref().map(|round| round.asked.len()), Some(limits::ASKERS as usize));
    let last = view.promises.last().expect("a promise");
    assert_eq!(last.id, format!("m{}", limits::PROMISES));
    assert!((30..100).contains(&view.promises.len()), "{}", view.promises.len());
    let size = size(&view);
    assert!((MIB / 2..MIB).contains(&size), "{size}");
}

#[test]
fn an_ordinary_debate_is_told_in_little() {
    let mut hall = Hall::sitting(generic(9), 6, 6);
    hall.must(&by("clerk"), Command::add_items(vec![new_item("5", ItemKind::Interpellation, "Chất vấn", None)]));
    hall.start("i5");
    for n in 1..=120 {
        let promise = PromiseId::parse(format!("m{n}")).expect("an id");
        let text = "Báo cáo Hội đồng nhân dân kết quả trước kỳ họp sau".to_owned();
        bring(&mut hall, Event::PromiseLogged { promise, official: pid("p2"), text, until: None, to: Some(pid("p3")) });
    }
    let view = from::speaking(&hall.chamber, Store::Writable, Eyes::Hall);
    let told: Vec<&str> = view.promises.iter().map(|promise| promise.id.as_str()).collect();
    assert_eq!((told.len(), told[0], told[99]), (100, "m21", "m120"));
    assert!(size(&view) < 32 * 1024, "{}", size(&view));
}

#[test]
fn the_agenda_at_its_longest_fits_one_frame_with_all_its_rounds_and_sittings() {
    let hall = Hall::sitting(generic(9), 4, 4);
    let council = from::council(&hall.chamber, "hdnd.example/hanoi+00000000+AAAA", Eyes::Hall, &Rehearsal::default());
    let council = council.expect("founded");
    let sitting = SittingBrief {
        id: "t4294967295".to_owned(),
        title: long(limits::HEADING_CHARS),
        closed_doors: false,
        planned_at: Some(limits::LATEST_MS),
        opened_at: Some(limits::LATEST_MS),
        closed_at: Some(limits::LATEST_MS),
    };
    let whole = size(&council)
        + limits::AGENDA_BYTES
        + limits::SITTINGS * (size(&sitting) + 1)
        + limits::ROUNDS * (size(&heaviest_round(&council)) + 1);
    assert!(whole < MIB, "{whole}");
}

/// An election on paper with everybody elected, annulled.
fn heaviest_round(council: &CouncilView) -> BallotBrief {
    let rule = council.agenda.iter().flat_map(|item| &item.questions).map(|asked| asked.rule.clone()).next();
    let counts: Vec<AnswerCount> =
        (0..=limits::CANDIDATES).map(|n| AnswerCount { answer: format!("c{}", 20 + n), count: 1_000 }).collect();
    let many = 1_000;
    BallotBrief {
        id: "b4294967295".to_owned(),
        round: u32::MAX,
        form: BallotForm::ShowOfHands,
        state: BallotState::Announced,
        result: Some(ResultView {
            chosen: counts.iter().map(|count| count.answer.clone()).collect(),
            counts,
            took_part: many,
            present: many,
            not_voted: many,
            absent: many,
            in_office: many,
            seats: many,
            threshold: ThresholdView {
                rule: RuleView {
                    numerator: limits::RULE_NUMBER,
                    denominator: limits::RULE_NUMBER,
                    ..rule.expect("a rule")
                },
                base_count: many,
                needed: many,
                count: many,
            },
            verdict: Some(Verdict::Rejected),
            casting: Some(Verdict::Rejected),
            recorded_by: Some(PersonRef { id: somebody_long(1).to_string(), name: long(limits::NAME_CHARS) }),
            papers: Some(PapersView { issued: many, returned: many, valid: many, invalid: many }),
            closed_at: limits::LATEST_MS,
            closed_by: ClosedBy::Chair,
            confirmed_at: Some(limits::LATEST_MS),
            announced_at: Some(limits::LATEST_MS),
        }),
        reason: Some(long(limits::ENDING_REASON_CHARS)),
    }
}

/// Without the hall's own checks after every act, which take long on so many.
fn bring(hall: &mut Hall, event: Event) {
    assert_eq!(hall.chamber.fits(hall.now, &event), Ok(()), "{event:?}");
    hall.chamber.apply(hall.now, 0, &event);
}

fn ask(hall: &mut Hall, n: u32) -> RequestId {
    let next = hall.chamber.spoken().len().saturating_sub(250) + hall.chamber.queue().len() + 1;
    let next = next + usize::from(hall.chamber.speech().is_some());
    let request = RequestId::parse(format!("r{next}")).expect("an id");
    bring(
        hall,
        Event::SpeechRequested {
            request: request.clone(),
            person: somebody_long(n),
            speech_kind: SpeechKind::Interpellate,
            topic: Some(long(limits::TOPIC_CHARS)),
            to: Some(somebody_long(0)),
        },
    );
    request
}

fn speak(hall: &mut Hall, n: u32, speech_kind: SpeechKind, request: Option<RequestId>) {
    let speech = SpeechId::parse(format!("f{}", hall.chamber.spoken().len() + 1)).expect("an id");
    bring(hall, Event::SpeechStarted { speech, request, person: somebody_long(n), speech_kind, seconds: 3_600 });
}

fn log(hall: &mut Hall, n: u32, text: &str) {
    let promise = PromiseId::parse(format!("m{n}")).expect("an id");
    let (official, to) = (somebody_long(0), Some(somebody_long(1)));
    let until = Some("2199-12-31".to_owned());
    bring(hall, Event::PromiseLogged { promise, official, text: text.to_owned(), until, to });
}

fn somebody_long(n: u32) -> PersonId {
    PersonId::parse(format!("{n:p>40}")).expect("an id")
}

fn group(n: u32) -> String {
    format!("{n:0>4}{}", long(limits::NAME_CHARS - 4))
}

/// Letters of four bytes: no text weighs more.
fn long(chars: usize) -> String {
    "𠀀".repeat(chars)
}

fn size(view: &impl Serialize) -> usize {
    serde_json::to_string(view).expect("a view").len()
}
