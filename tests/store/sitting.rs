//! A sitting to project.

use crate::support::sample::{council, person};
use dienhong::chamber::agenda::{Item, ItemKind, SessionKind, SuspensionCause};
use dienhong::chamber::ballot::{
    AnswerCount, BallotForm, BlocPart, ClosedBy, Counted, HoldCause, Papers, Question, QuestionForm, Verdict,
};
use dienhong::chamber::command::Issuer;
use dienhong::chamber::event::Event;
use dienhong::chamber::ids::{
    AnswerKey, BallotId, DeviceId, ItemId, Millis, PersonId, PromiseId, QuestionId, RequestId, SeatId, SessionId,
    SittingId, SpeechId, WallId,
};
use dienhong::chamber::roll::{Office, Person};
use dienhong::chamber::rules::{
    AnswerMeaning, Base, MajorityRule, NamedRule, NamesPolicy, RulesProfile, SpeakingRules, TieRule,
};
use dienhong::chamber::speaking::SpeechKind;
use dienhong::chamber::wall::{Card, WallMode};

/// A small sitting with every kind of event there was in the beginning.
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
        more: vec![],
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
            session: session.clone(),
            title: "Kỳ họp thứ nhất".into(),
            term: "2026–2031".into(),
            session_kind: SessionKind::Regular,
        },
        Event::ItemAdded { item: agenda_item(&item), before: None },
        Event::QuestionPrepared { question: a_question(&question, &item) },
        Event::SittingOpened { sitting: sitting.clone(), session, title: "Phiên sáng".into(), closed_doors: false },
        Event::CheckedIn { person: an.clone(), reason: None },
        Event::Excused { person: binh.clone(), reason: "ốm".into() },
        Event::CheckedIn { person: binh.clone(), reason: Some("đến muộn".into()) },
        Event::GavelTaken { person: an.clone(), from: None, reason: None },
        Event::GavelHanded { from: an.clone(), to: binh.clone() },
        Event::GavelTaken { person: an.clone(), from: Some(binh.clone()), reason: Some("đổi ca".into()) },
        Event::ItemStarted { item: item.clone() },
        Event::WallShown { mode: WallMode::Voting, wall: None, card: None },
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
                took_part: None,
            },
        },
        Event::BallotConfirmed {
            ballot: b2.clone(),
            verdict: Verdict::Adopted,
            casting: Some(Verdict::Adopted),
            chosen: vec![],
        },
        Event::BallotAnnounced { ballot: b2.clone() },
        Event::BallotAnnulled { ballot: b2, reason: "nhầm dự thảo".into() },
        Event::CheckedOut { person: an, reason: None },
        Event::PersonLeft { person: binh, reason: "chuyển công tác".into() },
        Event::ItemFinished { item },
        Event::SittingClosed { sitting },
    ]
}

/// A day with every kind of event that came later. Follows [`sitting`].
pub fn whole_day() -> Vec<Event> {
    let (an, official) = (person("an"), person("giam-doc"));
    let (first, second) = (ItemId::parse("i2").unwrap(), ItemId::parse("i3").unwrap());
    let (election, bloc) = (QuestionId::parse("q2").unwrap(), QuestionId::parse("q3").unwrap());
    let (sitting, session) = (SittingId::parse("t2").unwrap(), SessionId::parse("s2").unwrap());
    let [r1, r2] = ["r1", "r2"].map(|id| RequestId::parse(id).unwrap());
    let f1 = SpeechId::parse("f1").unwrap();
    let (b3, b4) = (BallotId::parse("b3").unwrap(), BallotId::parse("b4").unwrap());
    let [w2, w3] = ["w2", "w3"].map(|id| WallId::parse(id).unwrap());
    let [m1, m2] = ["m1", "m2"].map(|id| PromiseId::parse(id).unwrap());
    let answer = |key: &str| AnswerKey::parse(key).unwrap();
    let counts = |counts: &[(&str, u32)]| {
        counts.iter().map(|(key, count)| AnswerCount { answer: answer(key), count: *count }).collect::<Vec<_>>()
    };
    let card = Card { title: "Giải lao".into(), text: None, until: Some(Millis(90_000)) };
    let request = |request: &RequestId, kind, to| Event::SpeechRequested {
        request: request.clone(),
        person: an.clone(),
        speech_kind: kind,
        topic: Some("Thoát nước".into()),
        to,
    };
    let promise = |promise: &PromiseId, text: &str| Event::PromiseLogged {
        promise: promise.clone(),
        official: official.clone(),
        text: text.into(),
        until: Some("2027-03-31".into()),
        to: Some(an.clone()),
    };
    vec![
        Event::RulesSet { rules: Box::new(profile(27)) },
        Event::SessionCreated {
            session: session.clone(),
            title: "Kỳ họp chuyên đề".into(),
            term: "2026–2031".into(),
            session_kind: SessionKind::Thematic,
        },
        Event::SittingPrepared {
            sitting: sitting.clone(),
            session: session.clone(),
            title: "Phiên kín".into(),
            planned_at: Some(Millis(70_000)),
            closed_doors: true,
        },
        Event::ItemAdded { item: agenda_item(&first), before: None },
        Event::ItemAdded {
            item: Item { parent: Some(first.clone()), ..agenda_item(&second) },
            before: Some(first.clone()),
        },
        Event::ItemChanged {
            item: Item {
                title: "Bầu ủy viên".into(),
                kind: ItemKind::Election,
                planned_at: Some(Millis(71_000)),
                presenter: Some("Ban Pháp chế".into()),
                closed: true,
                ..agenda_item(&first)
            },
        },
        Event::ItemMoved { item: second.clone(), parent: None, before: None },
        Event::ItemRemoved { item: second.clone() },
        Event::QuestionPrepared {
            question: Question {
                form: QuestionForm::Election { places: 2 },
                groups: vec!["Tổ 1".into()],
                min_choices: 2,
                ..a_question(&election, &first)
            },
        },
        Event::QuestionPrepared {
            question: Question {
                bloc: vec![BlocPart {
                    question: election.clone(),
                    title: "Bầu ủy viên".into(),
                    document_sha256: "00".repeat(32),
                }],
                live_names: true,
                ..a_question(&bloc, &first)
            },
        },
        Event::BudgetSet { item: first.clone(), group: "Tổ 1".into(), seconds: 600 },
        Event::BudgetSet { item: first.clone(), group: "Tổ 1".into(), seconds: 900 },
        Event::SittingOpened { sitting: sitting.clone(), session, title: "Phiên kín".into(), closed_doors: true },
        Event::SittingSuspended {
            sitting: sitting.clone(),
            cause: SuspensionCause::Recess,
            reason: Some("nghỉ trưa".into()),
            until: Some(Millis(90_000)),
        },
        Event::WallShown { mode: WallMode::Countdown, wall: None, card: Some(card) },
        Event::SittingResumed { sitting },
        Event::ListOpened {},
        request(&r1, SpeechKind::Interpellate, Some(official.clone())),
        request(&r2, SpeechKind::PointOfOrder, None),
        Event::RequestMoved { request: r2.clone(), before: Some(r1.clone()), reason: "theo đề nghị".into() },
        Event::RequestWithdrawn { request: r2, reason: None },
        Event::ListClosed {},
        Event::RoundStarted { item: first, round: 1, official: official.clone() },
        Event::SpeechStarted {
            speech: f1.clone(),
            request: Some(r1),
            person: an.clone(),
            speech_kind: SpeechKind::Interpellate,
            seconds: 60,
        },
        Event::SpeechPaused { speech: f1.clone(), spent_ms: None },
        Event::SpeechResumed { speech: f1.clone() },
        Event::SpeechExtended { speech: f1.clone(), seconds: 30 },
        Event::SpeechEnded { speech: f1, spent_ms: 75_000 },
        promise(&m1, "Hoàn thành tuyến cống số 4"),
        promise(&m2, "Ghi nhầm"),
        Event::PromiseKept { promise: m1, note: Some("thông tuyến".into()) },
        Event::PromiseStruck { promise: m2, reason: "ghi nhầm".into() },
        Event::CountRecorded {
            ballot: b3,
            question: bloc,
            round: 1,
            previous: None,
            document_sha256: "00".repeat(32),
            form: BallotForm::Paper,
            recorded_by: an.clone(),
            counted: Counted {
                answers: counts(&[("yes", 18), ("no", 2)]),
                present: 22,
                in_office: 24,
                seats: 27,
                took_part: Some(21),
            },
            papers: Some(Papers { issued: 22, returned: 21, valid: 20, invalid: 1 }),
        },
        Event::BallotOpened {
            ballot: b4.clone(),
            question: election,
            round: 1,
            previous: None,
            document_sha256: "00".repeat(32),
            closes_at: None,
        },
        Event::VoteCast {
            ballot: b4.clone(),
            person: an.clone(),
            answer: answer("c1"),
            more: vec![answer("c3")],
            turn: 1,
        },
        Event::BallotClosed {
            ballot: b4.clone(),
            closed_by: ClosedBy::Chair,
            counted: Counted {
                answers: counts(&[("c1", 1), ("c2", 0), ("c3", 1)]),
                present: 1,
                in_office: 24,
                seats: 27,
                took_part: Some(1),
            },
        },
        Event::BallotConfirmed {
            ballot: b4,
            verdict: Verdict::Adopted,
            casting: None,
            chosen: vec![answer("c3"), answer("c1")],
        },
        Event::WallAdded { wall: w2.clone(), name: "Hành lang".into() },
        Event::WallShown { mode: WallMode::Agenda, wall: Some(w2.clone()), card: None },
        Event::WallAdded { wall: w3.clone(), name: "Phòng báo chí".into() },
        Event::WallShown { mode: WallMode::Blank, wall: Some(w3.clone()), card: None },
        Event::WallFollows { wall: w3 },
        Event::WallRemoved { wall: w2 },
        Event::TickerSet { text: Some("Phiên chiều bắt đầu lúc 14 giờ".into()) },
    ]
}

fn founded() -> Event {
    Event::CouncilFounded {
        council: council("hall"),
        origin: "hall.example".into(),
        name: "Hội đồng nhân dân xã Diên Hồng".into(),
        short_name: "HĐND".into(),
        rules: Box::new(profile(25)),
        checkpoint_key: "key".into(),
    }
}

fn profile(seats: u32) -> RulesProfile {
    RulesProfile {
        preset: "commune".into(),
        seats,
        quorum: majority(),
        quorum_enforced: true,
        majorities: vec![NamedRule { name: "majority".into(), rule: majority() }],
        answers: vec![],
        ballot_seconds: 30,
        change_allowed: true,
        show_split: false,
        names: NamesPolicy::Restricted,
        speaking: SpeakingRules::default(),
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
        parent: None,
        planned_at: None,
        presenter: None,
        closed: false,
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
        form: QuestionForm::Motion,
        bloc: vec![],
        seconds: 30,
        change_allowed: true,
        show_split: false,
        document_sha256: "00".repeat(32),
        groups: Vec::new(),
        min_choices: 0,
        live_names: false,
    }
}
