//! An agenda: columns `number`, `kind`, `title` and, where wanted, `minutes`, `rule`, `short_title`, `presenter`, `level` (0 stands
//! at the top, 1 under the last 0 before it) and `closed_doors` (`yes` or `no`: the public is not shown the item, nor what stands
//! under it; nothing says no); English or Vietnamese headers, kinds and answers.

use super::table::{self, Column, Problems, Row, Table};
use super::{ProblemCode, RowProblem, text};
use crate::chamber::agenda::ItemKind;
use crate::chamber::command::NewItem;
use crate::chamber::ids::is_valid_id;

/// Longest number as printed in the papers, in characters.
pub const MAX_NUMBER: usize = 20;
/// Longest title, in characters: a law's full name with what it amends.
pub const MAX_TITLE: usize = 500;
/// Longest short title, in characters (as `NewItem` says): one line of the wall.
pub const MAX_SHORT_TITLE: usize = 60;
/// Longest planned length: a day.
pub const MAX_MINUTES: u32 = 24 * 60;
/// Longest name of who presents, in characters: an office with its committee.
pub const MAX_PRESENTER: usize = 120;
/// Deepest level below the top.
pub const MAX_LEVEL: u32 = 3;

/// Reads an agenda file; all items in the file's order, or all that is wrong. Whether a rule exists is the chamber's to say.
pub fn read(bytes: &[u8]) -> Result<Vec<NewItem>, Vec<RowProblem>> {
    let mut problems = Problems::default();
    let Some(table) = table::read(bytes, COLUMNS, &mut problems) else {
        return problems.or(Vec::new());
    };
    let mut items = Vec::with_capacity(table.rows.len());
    // An item may stand under the one before it, never deeper.
    let mut deepest = 0;
    for row in &table.rows {
        let number = table.required(row, NUMBER, MAX_NUMBER, &mut problems);
        let kind = read_kind(&table, row, &mut problems);
        let title = table.required(row, TITLE, MAX_TITLE, &mut problems);
        let short_title = table.text(row, SHORT_TITLE, MAX_SHORT_TITLE, &mut problems);
        let minutes = read_minutes(&table, row, &mut problems);
        let rule = read_rule(&table, row, &mut problems);
        let presenter = table.text(row, PRESENTER, MAX_PRESENTER, &mut problems);
        let closed = read_closed_doors(&table, row, &mut problems);
        let level = read_level(&table, row, deepest, &mut problems);
        deepest = level.map_or(MAX_LEVEL, |level| level + 1);
        if let (Some(number), Some(kind), Some(title), Some(short_title), Some(minutes), Some(rule), Some(presenter)) =
            (number, kind, title, short_title, minutes, rule, presenter)
        {
            let short_title = Some(short_title).filter(|t| !t.is_empty());
            items.push(NewItem {
                number,
                kind,
                title,
                short_title,
                minutes,
                rule,
                level: level.unwrap_or_default(),
                planned_at: None,
                presenter: Some(presenter).filter(|t| !t.is_empty()),
                closed: closed.unwrap_or_default(),
            });
        }
    }
    problems.or(items)
}

const NUMBER: usize = 0;
const KIND: usize = 1;
const TITLE: usize = 2;
const MINUTES: usize = 3;
const RULE: usize = 4;
const SHORT_TITLE: usize = 5;
const PRESENTER: usize = 6;
const LEVEL: usize = 7;
const CLOSED_DOORS: usize = 8;

const COLUMNS: &[Column] = &[
    Column { names: &["number", "số", "stt"], required: true },
    Column { names: &["kind", "loại"], required: true },
    Column { names: &["title", "nội dung", "tiêu đề"], required: true },
    Column { names: &["minutes", "phút", "số phút"], required: false },
    Column { names: &["rule", "quy tắc"], required: false },
    Column { names: &["short_title", "tiêu đề ngắn"], required: false },
    Column { names: &["presenter", "người trình bày", "trình bày"], required: false },
    Column { names: &["level", "cấp"], required: false },
    Column { names: &["closed_doors", "closed", "kín", "họp kín"], required: false },
];

/// What an agenda may call a kind, in NFC and lower case. `questions` is what agendas published in English say for chất vấn.
const KIND_WORDS: &[(&str, ItemKind)] = &[
    ("ceremony", ItemKind::Ceremony),
    ("nghi thức", ItemKind::Ceremony),
    ("report", ItemKind::Report),
    ("báo cáo", ItemKind::Report),
    ("tờ trình", ItemKind::Report),
    ("discussion", ItemKind::Discussion),
    ("thảo luận", ItemKind::Discussion),
    ("interpellation", ItemKind::Interpellation),
    ("questions", ItemKind::Interpellation),
    ("chất vấn", ItemKind::Interpellation),
    ("vote", ItemKind::Vote),
    ("biểu quyết", ItemKind::Vote),
    ("election", ItemKind::Election),
    ("bầu", ItemKind::Election),
    ("bầu cử", ItemKind::Election),
];

fn read_kind(table: &Table, row: &Row, problems: &mut Problems) -> Option<ItemKind> {
    let word = text::folded(table.cell(row, KIND));
    let kind = KIND_WORDS.iter().find(|(known, _)| *known == word).map(|(_, kind)| *kind);
    if kind.is_none() {
        let code = if word.is_empty() { ProblemCode::Empty } else { ProblemCode::UnknownKind };
        problems.cell(table, row, KIND, code);
    }
    kind
}

/// The outer `None`: reported. The inner one: no length planned.
fn read_minutes(table: &Table, row: &Row, problems: &mut Problems) -> Option<Option<u32>> {
    let cell = table.cell(row, MINUTES);
    if cell.is_empty() {
        return Some(None);
    }
    // `parse` alone would take a sign.
    let digits = cell.bytes().all(|b| b.is_ascii_digit());
    match cell.parse::<u32>() {
        Ok(minutes) if digits && (1..=MAX_MINUTES).contains(&minutes) => Some(Some(minutes)),
        _ => {
            problems.cell(table, row, MINUTES, ProblemCode::BadMinutes);
            None
        }
    }
}

/// At most one deeper than the row before. `None`: reported.
fn read_level(table: &Table, row: &Row, deepest: u32, problems: &mut Problems) -> Option<u32> {
    let cell = table.cell(row, LEVEL);
    if cell.is_empty() {
        return Some(0);
    }
    match cell.parse::<u32>() {
        Ok(level) if cell.bytes().all(|b| b.is_ascii_digit()) && level <= deepest.min(MAX_LEVEL) => Some(level),
        _ => {
            problems.cell(table, row, LEVEL, ProblemCode::BadLevel);
            None
        }
    }
}

/// `None`: reported. Anything that is neither yes nor no is never taken for no: the public would be shown what was to be hidden.
fn read_closed_doors(table: &Table, row: &Row, problems: &mut Problems) -> Option<bool> {
    match text::folded(table.cell(row, CLOSED_DOORS)).as_str() {
        "yes" | "có" | "1" => Some(true),
        "no" | "không" | "0" | "" => Some(false),
        _ => {
            problems.cell(table, row, CLOSED_DOORS, ProblemCode::BadClosedDoors);
            None
        }
    }
}

/// The outer `None`: reported. The inner one: no rule named.
fn read_rule(table: &Table, row: &Row, problems: &mut Problems) -> Option<Option<String>> {
    let cell = table.cell(row, RULE);
    if cell.is_empty() {
        return Some(None);
    }
    if !is_valid_id(cell) {
        problems.cell(table, row, RULE, ProblemCode::BadRule);
        return None;
    }
    Some(Some(cell.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "number,kind,title,minutes,rule\n\
        1,ceremony,Chào cờ; khai mạc,10,\n\
        5,questions,Chất vấn và trả lời chất vấn,90,\n\
        6,vote,\"Nghị quyết quy định nội dung, hồ sơ\",3,majority_of_all\n";

    fn problems(file: &str) -> Vec<(u32, String, &'static str, String)> {
        let found = read(file.as_bytes()).expect_err("a bad file");
        found.into_iter().map(|p| (p.line, p.column.unwrap_or_default(), p.code.code(), p.value)).collect()
    }

    #[test]
    fn a_published_agenda_is_read_as_it_is() {
        let items = read(FILE.as_bytes()).expect("a good file");
        assert_eq!(items.len(), 3);
        let kinds: Vec<_> = items.iter().map(|i| i.kind).collect();
        assert_eq!(kinds, [ItemKind::Ceremony, ItemKind::Interpellation, ItemKind::Vote]);
        let last = items.last().expect("three items");
        assert_eq!(last.title, "Nghị quyết quy định nội dung, hồ sơ");
        assert_eq!((last.minutes, last.rule.as_deref()), (Some(3), Some("majority_of_all")));
        assert_eq!(last.short_title, None);
    }

    #[test]
    fn vietnamese_words_and_semicolons_are_read() {
        let file = "STT;Loại;Nội dung;Tiêu đề ngắn\n7;Biểu quyết;Luật Đất đai (sửa đổi);Luật Đất đai\n";
        let items = read(file.as_bytes()).expect("a good file");
        let item = items.first().expect("one item");
        assert_eq!((item.kind, item.short_title.as_deref()), (ItemKind::Vote, Some("Luật Đất đai")));
        assert_eq!((item.minutes, item.rule.as_deref()), (None, None));
    }

    #[test]
    fn levels_make_a_tree_and_nothing_hangs_in_the_air() {
        let file = "number,kind,title,level,presenter\nI,report,A,,UBND\n1,vote,B,1,\na,vote,C,2,\nII,report,D,0,\n";
        let items = read(file.as_bytes()).expect("a good file");
        assert_eq!(items.iter().map(|i| i.level).collect::<Vec<_>>(), [0, 1, 2, 0]);
        assert_eq!(items.first().and_then(|i| i.presenter.as_deref()), Some("UBND"));
        for (bad, line) in
            [("number,kind,title,level\n1,vote,A,1\n", 2), ("number,kind,title,level\n1,vote,A,0\n2,vote,B,2\n", 3)]
        {
            assert_eq!(
                problems(bad),
                [(line, "level".to_owned(), "bad_level", bad.chars().rev().nth(1).expect("a digit").to_string())]
            );
        }
    }

    #[test]
    fn an_item_is_closed_where_the_file_says_yes_and_open_only_where_it_says_no() {
        for (header, yes, no) in [("closed_doors", "Yes", "no"), ("Họp kín", "Có", "không"), ("kín", "1", "0")] {
            let file = format!("number,kind,title,{header}\n1,report,A,{yes}\n2,report,B,{no}\n3,report,C,\n");
            let items = read(file.as_bytes()).expect("a good file");
            assert_eq!(items.iter().map(|i| i.closed).collect::<Vec<_>>(), [true, false, false], "{header}");
        }
        assert!(read(FILE.as_bytes()).expect("a good file").iter().all(|i| !i.closed), "without the column");
        for bad in ["x", "true", "kín", "2", "yes no"] {
            let file = format!("number,kind,title,closed_doors\n1,report,A,{bad}\n");
            assert_eq!(problems(&file), [(2, "closed_doors".to_owned(), "bad_closed_doors", bad.to_owned())]);
        }
    }

    #[test]
    fn all_that_is_wrong_is_told() {
        let file = "number,kind,title,minutes,rule\n,speech,,0,\n2,vote,Ok,+5,Majority Of All\n";
        let expected = [
            (2, "number", "empty", ""),
            (2, "kind", "unknown_kind", "speech"),
            (2, "title", "empty", ""),
            (2, "minutes", "bad_minutes", "0"),
            (3, "minutes", "bad_minutes", "+5"),
            (3, "rule", "bad_rule", "Majority Of All"),
        ];
        let expected: Vec<_> =
            expected.iter().map(|(l, c, code, v)| (*l, (*c).to_owned(), *code, (*v).to_owned())).collect();
        assert_eq!(problems(file), expected);
    }
}
