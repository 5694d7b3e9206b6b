//! Orders: between what an officer signed (name, target, arguments) and what the chamber understands.

use super::json::strict_object;
use super::merkle::Hash;
use super::statement::Order;
use crate::chamber::command::Command;
use serde_json::Value;

/// Longest arguments text, in bytes. As large as the largest frame; what does not fit in an entry enters by its hash.
pub const MAX_ARGUMENTS_LEN: usize = 64 * 1024;

/// Deepest nesting of arguments; the deepest order, an agenda, needs 3.
pub const MAX_ARGUMENTS_DEPTH: usize = 8;

/// Every order that a statement may name.
pub const ORDERS: &[&str] = &[
    "import_roster",
    "end_mandate",
    "revoke_device",
    "set_rules",
    "create_session",
    "prepare_sitting",
    "open_sitting",
    "suspend_sitting",
    "resume_sitting",
    "close_sitting",
    "add_items",
    "change_item",
    "move_item",
    "remove_item",
    "prepare_question",
    "prepare_bloc",
    "start_item",
    "finish_item",
    "check_in",
    "check_out",
    "excuse",
    "open_list",
    "close_list",
    "ask_to_speak",
    "withdraw_request",
    "move_request",
    "call_speaker",
    "give_floor",
    "pause_speech",
    "resume_speech",
    "extend_speech",
    "end_speech",
    "start_round",
    "set_budget",
    "log_promise",
    "strike_promise",
    "keep_promise",
    "open_ballot",
    "hold_ballot",
    "resume_ballot",
    "extend_ballot",
    "close_ballot",
    "confirm_ballot",
    "announce_ballot",
    "record_count",
    "void_ballot",
    "annul_ballot",
    "take_gavel",
    "hand_gavel",
    "show_on_wall",
    "add_wall",
    "remove_wall",
    "follow_main",
    "set_ticker",
];

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OrderError {
    #[error("no order has this name")]
    UnknownOrder,
    #[error("the arguments have more than {MAX_ARGUMENTS_LEN} bytes")]
    TooLarge,
    #[error("the arguments are not those that were signed")]
    WrongHash,
    #[error("the arguments do not fit the order: {0}")]
    Arguments(String),
    #[error("votes, enrolments and the chamber's own acts are not orders")]
    NotAnOrder,
}

impl OrderError {
    /// Stable code for the wire (docs/protocol.md).
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownOrder => "unknown_order",
            Self::TooLarge => "too_large",
            Self::WrongHash | Self::Arguments(_) | Self::NotAnOrder => "bad_statement",
        }
    }
}

/// The command a signed order stands for; `arguments` must be the text whose hash it names.
pub fn command_of(order: &Order, arguments: &str) -> Result<Command, OrderError> {
    if arguments.len() > MAX_ARGUMENTS_LEN {
        return Err(OrderError::TooLarge);
    }
    if Hash::of(arguments.as_bytes()) != order.arguments {
        return Err(OrderError::WrongHash);
    }
    command(&order.order, order.target.as_deref(), arguments)
}

/// The command with this name, target and arguments text. Refuses arguments the order does not know, keys that stand twice,
/// and a target or name among the arguments.
pub fn command(name: &str, target: Option<&str>, arguments: &str) -> Result<Command, OrderError> {
    if !ORDERS.contains(&name) {
        return Err(OrderError::UnknownOrder);
    }
    if arguments.len() > MAX_ARGUMENTS_LEN {
        return Err(OrderError::TooLarge);
    }
    let unfit = |error: serde_json::Error| OrderError::Arguments(error.to_string());
    let mut object = strict_object(arguments, MAX_ARGUMENTS_DEPTH).map_err(unfit)?;
    if object.contains_key("order") || object.contains_key("target") {
        return Err(OrderError::Arguments("`order` and `target` stand in the statement".into()));
    }
    object.insert("order".into(), name.into());
    if let Some(target) = target {
        object.insert("target".into(), target.into());
    }
    serde_json::from_value(Value::Object(object)).map_err(unfit)
}

/// What a client signs for this command: the order's name, its target and its arguments text. Options that are not set are
/// left out.
pub fn parts(command: &Command) -> Result<(String, Option<String>, String), OrderError> {
    let Ok(Value::Object(mut object)) = serde_json::to_value(command) else {
        return Err(OrderError::NotAnOrder);
    };
    let mut take = |key| match object.remove(key) {
        Some(Value::String(text)) => Some(text),
        _ => None,
    };
    let (name, target) = (take("order").ok_or(OrderError::NotAnOrder)?, take("target"));
    let mut arguments = Value::Object(object);
    drop_nulls(&mut arguments);
    Ok((name, target, arguments.to_string()))
}

fn drop_nulls(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.retain(|_, inner| !inner.is_null());
            map.values_mut().for_each(drop_nulls);
        }
        Value::Array(values) => values.iter_mut().for_each(drop_nulls),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chamber::agenda::{ItemKind, SuspensionCause};
    use crate::chamber::ballot::{AnswerCount, BallotForm, Papers, Verdict};
    use crate::chamber::command::NewItem;
    use crate::chamber::ids::{
        AnswerKey, BallotId, ItemId, Millis, PersonId, PromiseId, QuestionId, RequestId, SittingId, SpeechId, WallId,
    };
    use crate::chamber::presets;
    use crate::chamber::speaking::SpeechKind;
    use crate::chamber::wall::{Card, WallMode};

    /// One command of every kind that may be ordered, with its options set.
    fn every_order() -> Vec<Command> {
        let person = || PersonId::parse("p1").unwrap();
        let ballot = || BallotId::parse("b1").unwrap();
        let request = || RequestId::parse("r1").unwrap();
        let speech = || SpeechId::parse("f1").unwrap();
        let reason = || "vì “lý do”".to_owned();
        let item = NewItem {
            number: "1".into(),
            kind: ItemKind::Vote,
            title: "Tờ trình".into(),
            short_title: None,
            minutes: Some(15),
            rule: Some("majority".into()),
            level: 0,
            planned_at: Some(Millis(1_765_000_000_000)),
            presenter: Some("Ủy ban nhân dân".into()),
            closed: true,
        };
        let place = || ItemId::parse("i1").unwrap();
        let wall = || WallId::parse("w2").unwrap();
        vec![
            Command::ImportRoster { sha256: Hash::of(b"csv").hex(), people: vec![] },
            Command::EndMandate { person: person(), reason: reason() },
            Command::RevokeDevice { person: person(), reason: reason() },
            Command::SetRules { rules: Box::new(presets::province(50)) },
            Command::create_session("Kỳ họp", "2026–2031"),
            Command::PrepareSitting { title: "Sáng".into(), planned_at: None, closed_doors: true },
            Command::OpenSitting { sitting: SittingId::parse("t2").ok(), title: None, closed_doors: false },
            Command::SuspendSitting {
                cause: SuspensionCause::Recess,
                reason: Some(reason()),
                until: Some(Millis(1_765_000_000_000)),
            },
            Command::ResumeSitting {},
            Command::CloseSitting {},
            Command::AddItems { items: vec![item.clone()], parent: Some(place()), before: None, start: true },
            Command::ChangeItem { item: place(), to: item },
            Command::MoveItem { item: place(), parent: None, before: Some(place()) },
            Command::RemoveItem { item: place() },
            Command::PrepareQuestion {
                item: ItemId::parse("i1").unwrap(),
                title: "Thông qua?".into(),
                text: String::new(),
                rule: "majority".into(),
                seconds: Some(30),
                show_split: None,
                replaces: None,
                form: None,
                answers: None,
                change_allowed: None,
                groups: vec!["Tổ 1".into()],
                min_choices: 0,
                live_names: false,
            },
            Command::PrepareBloc {
                item: place(),
                title: "Các nghị quyết".into(),
                questions: vec![QuestionId::parse("q1").unwrap()],
                live_names: true,
            },
            Command::StartItem { item: place() },
            Command::FinishItem { item: place() },
            Command::CheckIn { person: person(), reason: None },
            Command::CheckOut { person: person(), reason: Some(reason()) },
            Command::Excuse { person: person(), reason: reason() },
            Command::OpenList {},
            Command::CloseList {},
            Command::AskToSpeak {
                person: person(),
                kind: SpeechKind::Interpellate,
                topic: Some("Học phí".into()),
                to: Some(person()),
            },
            Command::WithdrawRequest { request: request(), reason: Some(reason()) },
            Command::MoveRequest { request: request(), before: Some(request()), reason: reason() },
            Command::CallSpeaker { request: request(), seconds: Some(60) },
            Command::GiveFloor { person: person(), kind: SpeechKind::PointOfOrder, seconds: None },
            Command::PauseSpeech { speech: speech() },
            Command::ResumeSpeech { speech: speech() },
            Command::ExtendSpeech { speech: speech(), seconds: 30 },
            Command::EndSpeech { speech: speech() },
            Command::StartRound { official: person() },
            Command::SetBudget { item: place(), group: "Tổ 1".into(), seconds: 600 },
            Command::LogPromise {
                official: person(),
                text: "Trả lời bằng văn bản".into(),
                until: Some("2026-06-30".into()),
                to: None,
            },
            Command::StrikePromise { promise: PromiseId::parse("m1").unwrap(), reason: reason() },
            Command::KeepPromise { promise: PromiseId::parse("m1").unwrap(), note: None },
            Command::OpenBallot { question: QuestionId::parse("q1").unwrap(), seconds: None },
            Command::HoldBallot { ballot: ballot(), reason: None },
            Command::ResumeBallot { ballot: ballot() },
            Command::ExtendBallot { ballot: ballot(), seconds: 30 },
            Command::CloseBallot { ballot: ballot() },
            Command::ConfirmBallot { ballot: ballot(), casting: Some(Verdict::Adopted) },
            Command::AnnounceBallot { ballot: ballot() },
            Command::RecordCount {
                question: QuestionId::parse("q1").unwrap(),
                form: BallotForm::Paper,
                counts: vec![AnswerCount { answer: AnswerKey::parse("yes").unwrap(), count: 30 }],
                papers: Some(Papers { issued: 31, returned: 31, valid: 30, invalid: 1 }),
            },
            Command::VoidBallot { ballot: ballot(), reason: reason() },
            Command::AnnulBallot { ballot: ballot(), reason: reason() },
            Command::TakeGavel { reason: None },
            Command::HandGavel { to: person() },
            Command::ShowOnWall {
                wall: Some(wall()),
                mode: WallMode::Title,
                card: Some(Card { title: "Chào cờ".into(), text: None, until: None }),
            },
            Command::AddWall { name: "Sảnh".into() },
            Command::RemoveWall { wall: wall() },
            Command::FollowMain { wall: wall() },
            Command::SetTicker { text: Some("14 giờ họp tiếp".into()) },
        ]
    }

    #[test]
    fn every_order_is_read_back_from_its_parts() {
        let mut names = Vec::new();
        for order in every_order() {
            let (name, target, arguments) = parts(&order).unwrap();
            assert!(!arguments.contains("null"), "{arguments}");
            assert_eq!(command(&name, target.as_deref(), &arguments).as_ref(), Ok(&order));
            names.push(name);
        }
        assert_eq!(names, ORDERS);
    }

    #[test]
    fn what_is_not_an_order_has_no_parts_and_no_name() {
        let hold = Command::HoldForStore { ballot: BallotId::parse("b1").unwrap(), since: Millis(0) };
        assert_eq!(parts(&hold), Err(OrderError::NotAnOrder));
        for name in ["hold_for_store", "cast_vote", "found_council", "bind_device", "", "CloseSitting"] {
            assert_eq!(command(name, None, "{}"), Err(OrderError::UnknownOrder), "{name}");
        }
    }

    #[test]
    fn arguments_that_do_not_fit_are_refused() {
        let deep = format!("{{\"items\":{}1{}}}", "[".repeat(8), "]".repeat(8));
        for (name, target, arguments) in [
            ("extend_ballot", Some("b1"), r#"{}"#),
            ("extend_ballot", Some("b1"), r#"{"seconds":30,"more":1}"#),
            ("extend_ballot", Some("b1"), r#"{"seconds":30,"seconds":60}"#),
            ("extend_ballot", Some("b1"), r#"{"seconds":30.0}"#),
            ("extend_ballot", Some("b1"), r#"{"seconds":-1}"#),
            ("extend_ballot", Some("b1"), r#"{"seconds":30,"target":"b1"}"#),
            ("extend_ballot", None, r#"{"seconds":30,"target":"b1"}"#),
            ("extend_ballot", None, r#"{"seconds":30}"#),
            ("extend_ballot", Some("B 1"), r#"{"seconds":30}"#),
            ("close_sitting", Some("t1"), "{}"),
            ("close_sitting", None, r#"{"order":"close_sitting"}"#),
            ("close_sitting", None, "[]"),
            ("close_sitting", None, ""),
            ("import_roster", None, r#"{"sha256":"00","people":[]}"#),
            ("add_items", None, deep.as_str()),
        ] {
            let answer = command(name, target, arguments);
            assert!(matches!(answer, Err(OrderError::Arguments(_))), "{name} {target:?} {arguments}: {answer:?}");
        }
        let long = format!("{{}}{}", " ".repeat(MAX_ARGUMENTS_LEN));
        assert_eq!(command("close_sitting", None, &long), Err(OrderError::TooLarge));
    }
}
