//! The sample session's agenda: a real one, read from the data that came with it.

use crate::chamber::agenda::ItemKind;
use crate::chamber::command::NewItem;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The items in the order of the papers.
///
/// # Errors
/// Says which line cannot be read. Cannot happen with the files built in (tested), but nothing here panics.
pub fn agenda() -> Result<Vec<NewItem>, BadAgenda> {
    let short: BTreeMap<String, String> =
        rows::<ShortTitle>(SHORT_TITLES)?.into_iter().map(|row| (row.number, row.short_title)).collect();
    rows::<Row>(AGENDA)?
        .into_iter()
        .map(|row| {
            Ok(NewItem {
                kind: kind(&row.kind).ok_or_else(|| BadAgenda(format!("unknown kind {:?}", row.kind)))?,
                short_title: short.get(&row.number).cloned(),
                number: row.number,
                title: row.title,
                minutes: row.minutes,
                rule: row.rule,
            })
        })
        .collect()
}

/// The built-in agenda cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("the sample agenda: {0}")]
pub struct BadAgenda(String);

const AGENDA: &str = include_str!("../../data/hanoi-session-29/agenda.csv");
const SHORT_TITLES: &str = include_str!("../../data/hanoi-session-29/short-titles.csv");

#[derive(Deserialize)]
struct Row {
    number: String,
    kind: String,
    title: String,
    minutes: Option<u32>,
    rule: Option<String>,
}

#[derive(Deserialize)]
struct ShortTitle {
    number: String,
    short_title: String,
}

fn rows<T: for<'a> Deserialize<'a>>(text: &str) -> Result<Vec<T>, BadAgenda> {
    csv::Reader::from_reader(text.as_bytes())
        .deserialize()
        .collect::<Result<_, _>>()
        .map_err(|e| BadAgenda(e.to_string()))
}

/// The file says `questions` where a session's programme has its interpellations.
fn kind(text: &str) -> Option<ItemKind> {
    Some(match text {
        "ceremony" => ItemKind::Ceremony,
        "report" => ItemKind::Report,
        "discussion" => ItemKind::Discussion,
        "questions" | "interpellation" => ItemKind::Interpellation,
        "vote" => ItemKind::Vote,
        "election" => ItemKind::Election,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_item_reads_and_has_a_short_title() {
        let items = agenda().unwrap();
        assert_eq!(items.len(), 13);
        assert_eq!(items.iter().filter(|i| i.kind == ItemKind::Vote).count(), 7);
        for item in &items {
            let short = item.short_title.as_ref().unwrap_or_else(|| panic!("item {} has no short title", item.number));
            assert!(short.chars().count() <= 60, "{short}");
            assert_eq!(
                item.rule.is_some(),
                matches!(item.kind, ItemKind::Vote | ItemKind::Election),
                "{}",
                item.number
            );
        }
    }
}
