//! Who asked to speak, who spoke, for how long, and what was promised.

use super::row::{change, int, maybe_int, maybe_text, put, text, time, word};
use super::{Cell, Row, Table};
use crate::chamber::event::Event;
use crate::chamber::ids::{Millis, RequestId, SpeechId};

pub(super) fn rows(at: Millis, seq: u64, event: &Event) -> Vec<Row> {
    match event {
        Event::ListOpened {} => vec![list(at, seq, "opened")],
        Event::ListClosed {} => vec![list(at, seq, "closed")],
        Event::SpeechRequested { request, person, speech_kind, topic, to } => vec![put(
            Table::SpeechRequest,
            vec![text("request", request)],
            vec![
                text("person", person),
                word("kind", speech_kind),
                maybe_text("topic", topic.as_ref()),
                maybe_text("asks", to.as_ref()),
                int("requested_seq", seq),
                time("requested_at", at),
            ],
        )],
        Event::RequestWithdrawn { request, reason } => vec![change_request(
            request,
            vec![time("withdrawn_at", at), maybe_text("withdrawn_reason", reason.as_ref())],
        )],
        Event::RequestMoved { request, reason, .. } => {
            vec![change_request(request, vec![time("moved_at", at), text("moved_reason", reason)])]
        }
        Event::SpeechStarted { speech, request, person, speech_kind, seconds } => {
            let called = request.as_ref().map(|request| change_request(request, vec![time("called_at", at)]));
            let started = put(
                Table::Speech,
                vec![text("speech", speech)],
                vec![
                    maybe_text("request", request.as_ref()),
                    text("person", person),
                    word("kind", speech_kind),
                    int("seconds", *seconds),
                    int("started_seq", seq),
                    time("started_at", at),
                ],
            );
            std::iter::once(started).chain(called).collect()
        }
        Event::SpeechPaused { speech, .. } => vec![act(at, seq, speech, "paused", None)],
        Event::SpeechResumed { speech } => vec![act(at, seq, speech, "resumed", None)],
        Event::SpeechExtended { speech, seconds } => vec![act(at, seq, speech, "extended", Some(*seconds))],
        Event::SpeechEnded { speech, spent_ms } => vec![change(
            Table::Speech,
            vec![text("speech", speech)],
            vec![time("ended_at", at), int("spent_ms", *spent_ms)],
        )],
        Event::RoundStarted { item, round, official } => vec![put(
            Table::InterpellationRound,
            vec![text("item", item), int("round", *round)],
            vec![text("official", official), int("started_seq", seq), time("started_at", at)],
        )],
        Event::BudgetSet { item, group, seconds } => vec![put(
            Table::SpeakingBudget,
            vec![text("item", item), text("delegate_group", group)],
            vec![int("seconds", *seconds), time("set_at", at)],
        )],
        Event::PromiseLogged { promise, official, text: promised, until, to } => vec![put(
            Table::Promise,
            vec![text("promise", promise)],
            vec![
                text("official", official),
                text("text", promised),
                maybe_text("until_day", until.as_ref()),
                maybe_text("asked_by", to.as_ref()),
                int("logged_seq", seq),
                time("logged_at", at),
            ],
        )],
        Event::PromiseStruck { promise, reason } => vec![change(
            Table::Promise,
            vec![text("promise", promise)],
            vec![time("struck_at", at), text("struck_reason", reason)],
        )],
        Event::PromiseKept { promise, note } => vec![change(
            Table::Promise,
            vec![text("promise", promise)],
            vec![time("kept_at", at), maybe_text("kept_note", note.as_ref())],
        )],
        _ => vec![],
    }
}

fn list(at: Millis, seq: u64, act: &str) -> Row {
    put(Table::SpeakingList, vec![int("seq", seq)], vec![text("act", act), time("noted_at", at)])
}

fn change_request(request: &RequestId, set: Vec<Cell>) -> Row {
    change(Table::SpeechRequest, vec![text("request", request)], set)
}

fn act(at: Millis, seq: u64, speech: &SpeechId, act: &str, seconds: Option<u32>) -> Row {
    put(
        Table::SpeechAct,
        vec![int("seq", seq)],
        vec![
            text("speech", speech),
            text("act", act),
            maybe_int("seconds", seconds.map(u64::from)),
            time("noted_at", at),
        ],
    )
}
