//! The agenda and what is put to the vote.

use super::row::{change, flag, int, json, maybe_int, maybe_text, maybe_time, put, text, time, word};
use super::{Cell, Row, Table};
use crate::chamber::agenda::Item;
use crate::chamber::ballot::QuestionForm;
use crate::chamber::event::Event;
use crate::chamber::ids::{ItemId, Millis};

pub(super) fn rows(at: Millis, seq: u64, event: &Event) -> Vec<Row> {
    match event {
        Event::ItemAdded { item, .. } => {
            let added = std::iter::once(int("added_seq", seq));
            vec![put(Table::AgendaItem, vec![text("item", &item.id)], added.chain(wording(item)).collect())]
        }
        Event::ItemChanged { item } => vec![change_item(&item.id, wording(item))],
        Event::ItemMoved { item, parent, .. } => {
            vec![change_item(item, vec![maybe_text("parent", parent.as_ref())])]
        }
        Event::ItemRemoved { item } => vec![change_item(item, vec![time("removed_at", at)])],
        Event::ItemStarted { item } => vec![change_item(item, vec![time("started_at", at)])],
        Event::ItemFinished { item } => vec![change_item(item, vec![time("finished_at", at)])],
        Event::QuestionPrepared { question } => vec![put(
            Table::Question,
            vec![text("question", &question.id)],
            vec![
                text("item", &question.item),
                text("title", &question.title),
                text("text", &question.text),
                json("answers", &question.answers),
                json("rule", &question.rule),
                text("form", form(question.form)),
                int("choices", question.form.choices()),
                json("bloc", &question.bloc),
                json("delegate_groups", &question.groups),
                int("min_choices", question.min_choices),
                flag("live_names", question.live_names),
                int("seconds", question.seconds),
                flag("change_allowed", question.change_allowed),
                flag("show_split", question.show_split),
                text("document_sha256", &question.document_sha256),
                time("prepared_at", at),
            ],
        )],
        _ => vec![],
    }
}

fn wording(item: &Item) -> Vec<Cell> {
    vec![
        text("number", &item.number),
        word("kind", &item.kind),
        text("title", &item.title),
        text("short_title", &item.short_title),
        maybe_int("minutes", item.minutes.map(u64::from)),
        maybe_text("rule", item.rule.as_ref()),
        maybe_text("parent", item.parent.as_ref()),
        maybe_time("planned_at", item.planned_at),
        maybe_text("presenter", item.presenter.as_ref()),
        flag("closed", item.closed),
    ]
}

fn change_item(item: &ItemId, set: Vec<Cell>) -> Row {
    change(Table::AgendaItem, vec![text("item", item)], set)
}

fn form(form: QuestionForm) -> &'static str {
    match form {
        QuestionForm::Motion => "motion",
        QuestionForm::Choice => "choice",
        QuestionForm::Election { .. } => "election",
    }
}
