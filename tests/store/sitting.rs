//! A sitting to project.

use crate::support::sample::{council, person};
use dienhong::chamber::agenda::{Item, ItemKind};
use dienhong::chamber::ballot::{AnswerCount, ClosedBy, Counted, HoldCause, Question, Verdict};
use dienhong::chamber::command::{Issuer, NamedRule};
use dienhong::chamber::event::Event;
use dienhong::chamber::ids::{
    AnswerKey, BallotId, DeviceId, ItemId, Millis, PersonId, QuestionId, SeatId, SessionId, SittingId,
};
use dienhong::chamber::roll::{Office, Person};
use dienhong::chamber::rules::{AnswerMeaning, Base, MajorityRule, NamesPolicy, RulesProfile, TieRule};
use dienhong::chamber::wall::WallMode;

/// A small sitting with every kind of event.
pub fn sitting() -> Vec<Event> {
    let (an, binh) = (person("an"), person("binh"));
    let (b1, b2) = (BallotId::parse("b1").unwrap(), BallotId::parse("b2").unwrap());
    let (item, question) = (ItemId::parse("i1").unwrap(), QuestionId::parse("q1").unwrap());
    let (session, sitting) = (SessionId::parse("s1").unwrap(), SittingId::parse("t1").unwrap());
    let (d1, d2) = (DeviceId::parse("d1").unwrap(), DeviceId::parse("d2").unwrap());
    let answer = |key: &str| AnswerKey::parse(key).unwrap();
    let vote = |person: &PersonId, key: &str, turn| Event::VoteCast {
        ballot: b2.clone(),
        person: person.clone(),
        answer: answer(key),
        turn,
    };
    let opened = |ballot: &BallotId, round, previous| Event::BallotOpened {
        ballot: ballot.clone(),
        question: question.clone(),
        round,
        previous,
        document_sha256: "00".repeat(32),
        closes_at: Some(Millis(30_000)),
    };
    vec![
        founded(),
        Event::RosterImported { sha256: "00".repeat(32), people: 2 },
        Event::PersonSet { person: Person { offices: vec![Office::Chair], ..somebody("an", "s1") } },
        Event::PersonSet { person: Person { group: "Tổ 2".into(), ..somebody("binh", "s2") } },
        Event::DeviceBound { person: an.clone(), device: d1.clone(), key: "k1".into(), issued_by: Issuer::Operator },
        Event::DeviceRevoked { person: an.clone(), device: d1, reason: "replaced".into() },
        Event::DeviceBound {
            person: an.clone(),
            device: d2,
            key: "k2".into(),
            issued_by: Issuer::Person(binh.clone()),
        },
        Event::SessionCreated {
            session: session.clone(), title: "Kỳ họp thứ nhất".into(), term: "2026–2031".into()
        },
        Event::ItemAdded { item: agenda_item(&item) },
        Event::QuestionPrepared { question: a_question(&question, &item) },
        Event::SittingOpened { sitting: sitting.clone(), session, title: "Phiên sáng".into() },
        Event::CheckedIn { person: an.clone(), reason: None },
        Event::Excused { person: binh.clone(), reason: "ốm".into() },
        Event::CheckedIn { person: binh.clone(), reason: Some("đến muộn".into()) },
        Event::GavelTaken { person: an.clone(), from: None, reason: None },
        Event::GavelHanded { from: an.clone(), to: binh.clone() },
        Event::GavelTaken { person: an.clone(), from: Some(binh.clone()), reason: Some("đổi ca".into()) },
        Event::ItemStarted { item: item.clone() },
        Event::WallShown { mode: WallMode::Voting },
        opened(&b1, 1, None),
        Event::BallotHeld {
            ballot: b1.clone(),
            cause: HoldCause::Chair,
            reason: Some("nghỉ".into()),
            remaining_ms: Some(9_000),
        },
        Event::BallotExtended { ballot: b1.clone(), seconds: 5, closes_at: None, remaining_ms: Some(14_000) },
        Event::BallotVoided { ballot: b1.clone(), reason: "mất điện".into() },
        opened(&b2, 2, Some(b1)),
        Event::BallotHeld {
            ballot: b2.clone(),
            cause: HoldCause::StoreUnavailable,
            reason: None,
            remaining_ms: Some(9_000),
        },
        Event::BallotResumed { ballot: b2.clone(), closes_at: Some(Millis(99_000)) },
        vote(&an, "yes", 1),
        vote(&binh, "yes", 1),
        vote(&binh, "no", 2),
        Event::BallotClosed {
            ballot: b2.clone(),
            closed_by: ClosedBy::Chair,
            counted: Counted {
                answers: [("yes", 1), ("no", 1), ("abstain", 0)]
                    .map(|(key, count)| AnswerCount { answer: answer(key), count })
                    .to_vec(),
                present: 2,
                in_office: 24,
                seats: 25,
            },
        },
        Event::BallotConfirmed { ballot: b2.clone(), verdict: Verdict::Adopted, casting: Some(Verdict::Adopted) },
        Event::BallotAnnounced { ballot: b2.clone() },
        Event::BallotAnnulled { ballot: b2, reason: "nhầm dự thảo".into() },
        Event::CheckedOut { person: an, reason: None },
        Event::PersonLeft { person: binh, reason: "chuyển công tác".into() },
        Event::ItemFinished { item },
        Event::SittingClosed { sitting },
    ]
}

fn founded() -> Event {
    Event::CouncilFounded {
        council: council("hall"),
        origin: "hall.example".into(),
        name: "Hội đồng nhân dân xã Diên Hồng".into(),
        short_name: "HĐND".into(),
        rules: Box::new(RulesProfile {
            preset: "commune".into(),
            seats: 25,
            quorum: majority(),
            quorum_enforced: true,
            majorities: vec![NamedRule { name: "majority".into(), rule: majority() }],
            answers: vec![],
            ballot_seconds: 30,
            change_allowed: true,
            show_split: false,
            names: NamesPolicy::Restricted,
        }),
        checkpoint_key: "key".into(),
    }
}

fn majority() -> MajorityRule {
    MajorityRule { numerator: 1, denominator: 2, base: Base::InOffice, constant: 0, strict: true, tie: TieRule::Fails }
}

pub fn somebody(id: &str, seat: &str) -> Person {
    Person {
        id: person(id),
        name: format!("Đại biểu {id}"),
        seat: Some(SeatId::parse(seat).unwrap()),
        group: "Tổ 1".into(),
        offices: vec![],
    }
}

fn agenda_item(id: &ItemId) -> Item {
    Item {
        id: id.clone(),
        number: "I.1".into(),
        kind: ItemKind::Vote,
        title: "Nghị quyết về ngân sách".into(),
        short_title: "Ngân sách".into(),
        minutes: None,
        rule: Some("majority".into()),
    }
}

fn a_question(id: &QuestionId, item: &ItemId) -> Question {
    Question {
        id: id.clone(),
        item: item.clone(),
        title: "Thông qua ngân sách".into(),
        text: "Dòng một\nDòng hai".into(),
        answers: vec![AnswerMeaning { key: AnswerKey::parse("yes").unwrap(), meaning: "Tán thành".into() }],
        rule: majority(),
        seconds: 30,
        change_allowed: true,
        show_split: false,
        document_sha256: "00".repeat(32),
    }
}
