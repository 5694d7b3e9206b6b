//! A roster: columns `id`, `name`, `seat`, `group`, `offices`, in any order, `,` or `;` between them, English or Vietnamese
//! headers. `name` is needed, and `id` or `seat`; where the whole column `id` is missing, ids are made of the seats.

use super::table::{self, Column, Problems, Row, Table};
use super::{ProblemCode, RowProblem, text};
use crate::chamber::ids::{PersonId, SeatId};
use crate::chamber::roll::{Office, Person};
use crate::chamber::texts::is_name;
use std::collections::BTreeSet;

/// Longest name and longest group, in characters: two lines on the wall.
pub const MAX_NAME: usize = 100;

/// Reads a roster file; all people, or all that is wrong.
pub fn read(bytes: &[u8]) -> Result<Vec<Person>, Vec<RowProblem>> {
    let mut problems = Problems::default();
    let Some(table) = table::read(bytes, COLUMNS, &mut problems) else {
        return problems.or(Vec::new());
    };
    if !table.has(ID) && !table.has(SEAT) {
        problems.add(1, Some(table.name(ID)), ProblemCode::MissingColumn, "");
        return problems.or(Vec::new());
    }
    let mut ids = BTreeSet::new();
    let mut seats = BTreeSet::new();
    let mut people = Vec::with_capacity(table.rows.len());
    for row in &table.rows {
        // Every cell is judged before any is given up, so that all of a row's problems are told.
        let seat = read_seat(&table, row, &mut seats, &mut problems);
        let id = read_id(&table, row, &mut ids, &mut problems);
        let name = read_name(&table, row, &mut problems);
        let group = table.text(row, GROUP, MAX_NAME, &mut problems);
        let offices = read_offices(&table, row, &mut problems);
        if let (Some(id), Some(name), Some(seat), Some(group), Some(offices)) = (id, name, seat, group, offices) {
            people.push(Person { id, name, seat, group, offices });
        }
    }
    problems.or(people)
}

const ID: usize = 0;
const NAME: usize = 1;
const SEAT: usize = 2;
const GROUP: usize = 3;
const OFFICES: usize = 4;

const COLUMNS: &[Column] = &[
    Column { names: &["id", "mã"], required: false },
    Column { names: &["name", "họ tên", "họ và tên"], required: true },
    Column { names: &["seat", "ghế"], required: false },
    Column { names: &["group", "tổ"], required: false },
    Column { names: &["offices", "chức vụ"], required: false },
];

/// What a roster may call an office, in NFC and lower case. Both spellings of the tone mark in `tọa` are in use.
const OFFICE_WORDS: &[(&str, Office)] = &[
    ("chair", Office::Chair),
    ("chủ tọa", Office::Chair),
    ("chủ toạ", Office::Chair),
    ("secretary", Office::Secretary),
    ("thư ký", Office::Secretary),
    ("thư kí", Office::Secretary),
    ("scrutineer", Office::Scrutineer),
    ("ban kiểm phiếu", Office::Scrutineer),
    ("administrator", Office::Administrator),
    ("quản trị", Office::Administrator),
    ("auditor", Office::Auditor),
    ("kiểm tra", Office::Auditor),
    ("deputy", Office::Deputy),
    ("phó chủ tọa", Office::Deputy),
    ("phó chủ toạ", Office::Deputy),
    ("official", Office::Official),
    ("người bị chất vấn", Office::Official),
    ("guest", Office::Guest),
    ("khách mời", Office::Guest),
    ("press", Office::Press),
    ("báo chí", Office::Press),
    ("screen", Office::Screen),
    ("màn hình", Office::Screen),
];

fn read_name(table: &Table, row: &Row, problems: &mut Problems) -> Option<String> {
    let name = table.required(row, NAME, MAX_NAME, problems)?;
    if !is_name(&name) {
        problems.cell(table, row, NAME, ProblemCode::BadCharacter);
        return None;
    }
    Some(name)
}

/// The outer `None`: reported. The inner one: no seat.
fn read_seat(table: &Table, row: &Row, seen: &mut BTreeSet<SeatId>, problems: &mut Problems) -> Option<Option<SeatId>> {
    let cell = table.cell(row, SEAT);
    if cell.is_empty() {
        return Some(None);
    }
    match SeatId::parse(cell) {
        Err(_) => problems.cell(table, row, SEAT, ProblemCode::BadSeat),
        Ok(seat) if !seen.insert(seat.clone()) => problems.cell(table, row, SEAT, ProblemCode::DuplicateSeat),
        Ok(seat) => return Some(Some(seat)),
    }
    None
}

fn read_id(table: &Table, row: &Row, seen: &mut BTreeSet<PersonId>, problems: &mut Problems) -> Option<PersonId> {
    let made = !table.has(ID);
    // Without the column, somebody without a seat has nothing to be known by; the seat is what the file must then give.
    let column = if made { SEAT } else { ID };
    let cell = table.cell(row, column);
    if cell.is_empty() {
        problems.cell(table, row, column, ProblemCode::Empty);
        return None;
    }
    let id = PersonId::parse(if made { format!("p{cell}") } else { cell.to_owned() });
    match id {
        // A bad or doubled seat was reported as such already.
        Err(_) if made && SeatId::parse(cell).is_err() => {}
        Err(_) => problems.cell(table, row, column, ProblemCode::BadId),
        Ok(id) if seen.insert(id.clone()) => return Some(id),
        Ok(_) if made => {}
        Ok(_) => problems.cell(table, row, column, ProblemCode::DuplicateId),
    }
    None
}

/// Offices stand between `|`; English ones, being single words, also between spaces. In the order of the glossary, once each.
fn read_offices(table: &Table, row: &Row, problems: &mut Problems) -> Option<Vec<Office>> {
    let mut offices = BTreeSet::new();
    let mut sound = true;
    for part in table.cell(row, OFFICES).split('|') {
        let words = text::folded(part);
        if let Some(office) = office(&words) {
            offices.insert(office);
            continue;
        }
        let each: Option<Vec<_>> = words.split(' ').filter(|w| !w.is_empty()).map(office).collect();
        match each {
            Some(each) => offices.extend(each),
            None => {
                sound = false;
                problems.add(row.line, Some(table.name(OFFICES)), ProblemCode::UnknownOffice, part);
            }
        }
    }
    sound.then(|| offices.into_iter().collect())
}

fn office(word: &str) -> Option<Office> {
    OFFICE_WORDS.iter().find(|(known, _)| *known == word).map(|(_, office)| *office)
}

#[cfg(test)]
#[path = "roster_tests.rs"]
mod tests;
