//! Which entries say that something is behind closed doors.

/// Marks of a closed sitting and of a closed item in an entry's line. A text that holds the same letters has its quotes escaped,
/// so it is never taken for a mark.
const MARKS: [&str; 2] = [r#""closed_doors":true"#, r#""closed":true"#];

/// The entry makes a sitting or an item one behind closed doors. Looked for in the line itself, so that it holds for what was taken
/// off the agenda again, too.
pub fn speaks_of_them(line: &str) -> bool {
    MARKS.iter().any(|mark| line.contains(mark))
}

#[cfg(test)]
mod tests {
    use super::speaks_of_them;
    use crate::chamber::agenda::{Item, ItemKind};
    use crate::chamber::command::Actor;
    use crate::chamber::event::Event;
    use crate::chamber::ids::{ItemId, Millis, SessionId, SittingId};
    use crate::ledger::entry::Entry;

    fn line(event: Event, arguments: Option<&str>) -> String {
        let arguments = arguments.map(str::to_string);
        let statement = arguments.is_some().then(|| "a note".to_string());
        let by = Actor::Operator;
        Entry { seq: 1, time: Millis(1), salt: [0; 16], by, event, statement, arguments, cause: None }.encode().unwrap()
    }

    fn item(title: &str, closed: bool) -> Event {
        Event::ItemAdded {
            item: Item {
                id: ItemId::parse("i1").unwrap(),
                number: "1".into(),
                kind: ItemKind::Report,
                title: title.into(),
                short_title: title.into(),
                minutes: None,
                rule: None,
                parent: None,
                planned_at: None,
                presenter: None,
                closed,
            },
            before: None,
        }
    }

    #[test]
    fn a_mark_is_seen_and_a_text_is_not_taken_for_one() {
        assert!(speaks_of_them(&line(item("Nhân sự", true), None)));
        assert!(!speaks_of_them(&line(item("\"closed\":true", false), None)));
        assert!(!speaks_of_them(&line(item("Báo cáo", false), Some(r#"{"items":[{"closed":true}]}"#))));
        let opened = |closed_doors| Event::SittingOpened {
            sitting: SittingId::parse("t1").unwrap(),
            session: SessionId::parse("s1").unwrap(),
            title: "Phiên".into(),
            closed_doors,
        };
        assert!(speaks_of_them(&line(opened(true), None)));
        assert!(!speaks_of_them(&line(opened(false), None)));
    }
}
