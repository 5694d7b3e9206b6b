//! Floor 1. Rosters and agendas as people keep them: CSV files out of a spreadsheet, read into the chamber's types. Pure;
//! nothing is imported while anything is wrong, and everything wrong is told at once, so that a file is mended in one go.

pub mod agenda;
pub mod roster;
mod table;
mod text;

/// Data rows a file may hold. A province's council has at most 125 seats and 1,000 leaves room for any assembly with its
/// officers and staff.
pub const MAX_ROWS: usize = 1_000;
/// Bytes a file may hold: the limit of a request's body, so what the page accepts the server accepts.
pub const MAX_BYTES: usize = 1024 * 1024;

/// One thing wrong in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowProblem {
    /// Line in the file, from 1 (the header). A cell may span lines; this is where its row begins.
    pub line: u32,
    /// The column as the file's header writes it; its English name where the header lacks it; `None` for the whole row.
    pub column: Option<String>,
    pub code: ProblemCode,
    /// What stood there: at most 60 characters, invisible characters written out as `\u{…}`.
    pub value: String,
}

/// What may be wrong in a file. Closed, with stable codes: pages carry one text per code and language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ProblemCode {
    // the file
    TooLarge,
    NotUtf8,
    TooManyRows,
    // the header
    MissingColumn,
    UnknownColumn,
    DuplicateColumn,
    // a row
    WrongLength,
    Empty,
    TooLong,
    BadCharacter,
    // a roster
    BadId,
    DuplicateId,
    BadSeat,
    DuplicateSeat,
    UnknownOffice,
    // an agenda
    UnknownKind,
    BadMinutes,
    BadRule,
    BadLevel,
    BadClosedDoors,
}

impl ProblemCode {
    /// Every code, for the tests that hold the pages' catalogues complete.
    pub const ALL: &'static [ProblemCode] = &[
        Self::TooLarge,
        Self::NotUtf8,
        Self::TooManyRows,
        Self::MissingColumn,
        Self::UnknownColumn,
        Self::DuplicateColumn,
        Self::WrongLength,
        Self::Empty,
        Self::TooLong,
        Self::BadCharacter,
        Self::BadId,
        Self::DuplicateId,
        Self::BadSeat,
        Self::DuplicateSeat,
        Self::UnknownOffice,
        Self::UnknownKind,
        Self::BadMinutes,
        Self::BadRule,
        Self::BadLevel,
        Self::BadClosedDoors,
    ];

    /// The stable code that goes over the wire. Never renamed, never reused.
    pub fn code(self) -> &'static str {
        match self {
            Self::TooLarge => "too_large",
            Self::NotUtf8 => "not_utf8",
            Self::TooManyRows => "too_many_rows",
            Self::MissingColumn => "missing_column",
            Self::UnknownColumn => "unknown_column",
            Self::DuplicateColumn => "duplicate_column",
            Self::WrongLength => "wrong_length",
            Self::Empty => "empty",
            Self::TooLong => "too_long",
            Self::BadCharacter => "bad_character",
            Self::BadId => "bad_id",
            Self::DuplicateId => "duplicate_id",
            Self::BadSeat => "bad_seat",
            Self::DuplicateSeat => "duplicate_seat",
            Self::UnknownOffice => "unknown_office",
            Self::UnknownKind => "unknown_kind",
            Self::BadMinutes => "bad_minutes",
            Self::BadRule => "bad_rule",
            Self::BadLevel => "bad_level",
            Self::BadClosedDoors => "bad_closed_doors",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ProblemCode;
    use std::collections::BTreeSet;

    #[test]
    fn codes_are_distinct() {
        let codes: BTreeSet<_> = ProblemCode::ALL.iter().map(|c| c.code()).collect();
        assert_eq!(codes.len(), ProblemCode::ALL.len());
    }
}
