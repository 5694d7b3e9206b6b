//! The shape both kinds of file share: a header that names the columns in any order, then rows of the same length.

use super::{MAX_BYTES, MAX_ROWS, ProblemCode, RowProblem, text};

/// A column a file may have.
pub(super) struct Column {
    /// The English name, first, and what else a header may call it; all in NFC and lower case.
    pub names: &'static [&'static str],
    pub required: bool,
}

/// A file's rows, without the empty ones.
pub(super) struct Table {
    /// For each column asked for: the header's own word and the place in a row, where the file has it.
    columns: Vec<Option<(String, usize)>>,
    english: Vec<&'static str>,
    pub rows: Vec<Row>,
}

pub(super) struct Row {
    pub line: u32,
    cells: Vec<String>,
}

/// Reads the file's shape. `None` where nothing in it can be judged; rows of a wrong length are reported and left out.
pub(super) fn read(bytes: &[u8], columns: &[Column], problems: &mut Problems) -> Option<Table> {
    if bytes.len() > MAX_BYTES {
        problems.add(1, None, ProblemCode::TooLarge, &bytes.len().to_string());
        return None;
    }
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.strip_prefix('\u{feff}').unwrap_or(text),
        Err(error) => {
            let good = bytes.get(..error.valid_up_to()).unwrap_or_default();
            let line = 1 + good.iter().filter(|b| **b == b'\n').count();
            problems.add(u32::try_from(line).unwrap_or(u32::MAX), None, ProblemCode::NotUtf8, "");
            return None;
        }
    };
    let mut lines = Lines::new(text);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator(text))
        .from_reader(text.as_bytes());
    // Errors cannot happen any more: the text is UTF-8, in memory, and rows may have any length.
    let mut records = reader.records().map_while(Result::ok);

    let header = records.next().unwrap_or_default();
    let mut table = read_header(&header, lines.of(&header), columns, problems)?;
    for record in records {
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        let line = lines.of(&record);
        if table.rows.len() == MAX_ROWS {
            problems.add(line, None, ProblemCode::TooManyRows, "");
            break;
        }
        // A row of a wrong length still counts, or a file of only such rows would escape the limit.
        let fits = record.len() == header.len();
        if !fits {
            problems.add(line, None, ProblemCode::WrongLength, &record.len().to_string());
        }
        let cells = if fits { record.iter().map(str::to_owned).collect() } else { Vec::new() };
        table.rows.push(Row { line, cells });
    }
    if table.rows.is_empty() {
        problems.add(1, None, ProblemCode::Empty, "");
    }
    table.rows.retain(|row| !row.cells.is_empty());
    Some(table)
}

impl Table {
    pub fn has(&self, column: usize) -> bool {
        matches!(self.columns.get(column), Some(Some(_)))
    }

    /// The column as the file's header writes it, else in English.
    pub fn name(&self, column: usize) -> &str {
        match self.columns.get(column) {
            Some(Some((name, _))) => name,
            _ => self.english.get(column).copied().unwrap_or_default(),
        }
    }

    /// The cell, trimmed; empty where the file lacks the column.
    pub fn cell<'a>(&self, row: &'a Row, column: usize) -> &'a str {
        match self.columns.get(column) {
            Some(Some((_, place))) => row.cells.get(*place).map_or("", |cell| cell.trim()),
            _ => "",
        }
    }

    /// The cell as a text that may be shown, of at most `longest` characters; `None` where it was reported.
    pub fn text(&self, row: &Row, column: usize, longest: usize, problems: &mut Problems) -> Option<String> {
        let raw = self.cell(row, column);
        match text::tidy(raw) {
            Err(()) => problems.cell(self, row, column, ProblemCode::BadCharacter),
            Ok(text) if text.chars().count() > longest => problems.cell(self, row, column, ProblemCode::TooLong),
            Ok(text) => return Some(text),
        }
        None
    }

    /// The same for a cell that must not be empty.
    pub fn required(&self, row: &Row, column: usize, longest: usize, problems: &mut Problems) -> Option<String> {
        let text = self.text(row, column, longest, problems)?;
        if text.is_empty() {
            problems.cell(self, row, column, ProblemCode::Empty);
            return None;
        }
        Some(text)
    }
}

/// Everything found so far, in the order of the file. Bounded by the limits on rows and header columns.
#[derive(Default)]
pub(super) struct Problems(Vec<RowProblem>);

impl Problems {
    pub fn add(&mut self, line: u32, column: Option<&str>, code: ProblemCode, value: &str) {
        self.0.push(RowProblem { line, column: column.map(text::quoted), code, value: text::quoted(value) });
    }

    /// About one cell, quoting what stands in it.
    pub fn cell(&mut self, table: &Table, row: &Row, column: usize, code: ProblemCode) {
        self.add(row.line, Some(table.name(column)), code, table.cell(row, column));
    }

    /// `value` where nothing is wrong.
    pub fn or<T>(self, value: T) -> Result<T, Vec<RowProblem>> {
        if self.0.is_empty() { Ok(value) } else { Err(self.0) }
    }
}

fn read_header(header: &csv::StringRecord, line: u32, wanted: &[Column], problems: &mut Problems) -> Option<Table> {
    // Far more columns than any file has: not a table of ours, and not worth a problem for each.
    const MOST_COLUMNS: usize = 32;
    if header.len() > MOST_COLUMNS {
        problems.add(line, None, ProblemCode::WrongLength, &header.len().to_string());
        return None;
    }
    let mut columns: Vec<Option<(String, usize)>> = wanted.iter().map(|_| None).collect();
    let mut sound = true;
    for (place, cell) in header.iter().enumerate() {
        let known = wanted.iter().position(|column| column.names.contains(&text::folded(cell).as_str()));
        match known.and_then(|i| columns.get_mut(i)) {
            None => {
                sound = false;
                problems.add(line, Some(cell), ProblemCode::UnknownColumn, cell);
            }
            Some(Some(_)) => {
                sound = false;
                problems.add(line, Some(cell), ProblemCode::DuplicateColumn, cell);
            }
            Some(slot) => *slot = Some((text::quoted(cell), place)),
        }
    }
    let english: Vec<_> = wanted.iter().map(|c| c.names.first().copied().unwrap_or_default()).collect();
    for ((column, slot), name) in wanted.iter().zip(&columns).zip(&english) {
        if column.required && slot.is_none() {
            sound = false;
            problems.add(line, Some(name), ProblemCode::MissingColumn, "");
        }
    }
    // With a wrong header every row would be wrong too: say the one thing that matters.
    sound.then_some(Table { columns, english, rows: Vec::new() })
}

/// Spreadsheets where the comma is the decimal sign (as in Việt Nam) write `;`. No column's name holds either.
fn separator(text: &str) -> u8 {
    match text.lines().find(|line| !line.trim().is_empty()) {
        Some(header) if header.contains(';') => b';',
        _ => b',',
    }
}

/// Line numbers as an editor shows them. The CSV reader's own count stands before any empty lines it skips.
struct Lines<'a> {
    text: &'a [u8],
    byte: usize,
    line: u32,
}

impl<'a> Lines<'a> {
    fn new(text: &'a str) -> Self {
        Self { text: text.as_bytes(), byte: 0, line: 1 }
    }

    /// Records must be asked for in the order of the file.
    fn of(&mut self, record: &csv::StringRecord) -> u32 {
        let start = record.position().map_or(0, |p| usize::try_from(p.byte()).unwrap_or(usize::MAX));
        while let Some(&byte) = self.text.get(self.byte) {
            let breaks = matches!(byte, b'\n' | b'\r');
            if self.byte >= start && !breaks {
                break;
            }
            let half_of_crlf = byte == b'\r' && self.text.get(self.byte + 1) == Some(&b'\n');
            if breaks && !half_of_crlf {
                self.line = self.line.saturating_add(1);
            }
            self.byte += 1;
        }
        self.line
    }
}
