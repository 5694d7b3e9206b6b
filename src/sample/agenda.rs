//! The sample session's agenda: a real one, read from the data that came with it.

use crate::chamber::command::NewItem;
use crate::import;

/// The items in the order of the papers.
///
/// # Errors
/// Says which line cannot be read. Cannot happen with the file built in (tested), but nothing here panics.
pub fn agenda() -> Result<Vec<NewItem>, BadAgenda> {
    import::agenda::read(AGENDA.as_bytes()).map_err(|problems| {
        let told: Vec<_> = problems.iter().map(|p| format!("line {}: {}", p.line, p.code.code())).collect();
        BadAgenda(told.join(", "))
    })
}

/// The built-in agenda cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("the sample agenda: {0}")]
pub struct BadAgenda(String);

const AGENDA: &str = include_str!("../../data/hanoi-session-29/agenda.csv");

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chamber::agenda::ItemKind;

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
