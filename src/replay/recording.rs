//! A recorded sitting as files: who the members are, how each voted in each roll call, and what the tallies must be.

use crate::chamber::ids::PersonId;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// What a directory with `members.csv`, `votes.csv` and `expected.csv` holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recording {
    pub members: Vec<Member>,
    /// In the order of `expected.csv`.
    pub roll_calls: Vec<RollCall>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    pub id: PersonId,
    pub name: String,
    pub group: String,
    /// Whom the member represents; may be empty.
    pub constituency: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RollCall {
    pub number: String,
    /// Those who take part. A member marked absent, or without a row, is not here.
    pub votes: BTreeMap<PersonId, Choice>,
    pub expected: Tally,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    Yes,
    No,
    Abstain,
}

impl Choice {
    /// The answer's key on a ballot.
    pub fn key(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::Abstain => "abstain",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    pub yes: u32,
    pub no: u32,
    pub abstain: u32,
    /// In office but not taking part.
    pub absent: u32,
}

/// Why a directory is no recorded sitting. Lines count from 1, the header's.
#[derive(Debug, thiserror::Error)]
pub enum BadRecording {
    #[error("{file}: {error}")]
    Unreadable { file: String, error: std::io::Error },
    #[error("{file}: line {line}: {problem}")]
    Line { file: &'static str, line: u64, problem: String },
    #[error("{file}: the columns must be {wanted}")]
    Columns { file: &'static str, wanted: String },
    #[error("{file}: holds nothing")]
    Empty { file: &'static str },
}

impl Recording {
    /// Reads the three files of a directory.
    ///
    /// # Errors
    /// Names the file and the line of the first thing that is wrong.
    pub fn read(directory: &Path) -> Result<Self, BadRecording> {
        let read = |file: &str| {
            let path = directory.join(file);
            fs::read_to_string(&path)
                .map_err(|error| BadRecording::Unreadable { file: path.display().to_string(), error })
        };
        Self::parse(&read(MEMBERS)?, &read(VOTES)?, &read(EXPECTED)?)
    }

    /// The same from the files' texts.
    ///
    /// # Errors
    /// As [`Recording::read`].
    pub fn parse(members: &str, votes: &str, expected: &str) -> Result<Self, BadRecording> {
        let members = parse_members(members)?;
        let mut roll_calls = parse_expected(expected)?;
        add_votes(votes, &members, &mut roll_calls)?;
        Ok(Self { members, roll_calls })
    }
}

const MEMBERS: &str = "members.csv";
const VOTES: &str = "votes.csv";
const EXPECTED: &str = "expected.csv";

fn parse_members(text: &str) -> Result<Vec<Member>, BadRecording> {
    let mut seen = BTreeSet::new();
    let members: Vec<Member> = rows(MEMBERS, text, ["id", "name", "group", "constituency"])?
        .into_iter()
        .map(|Row { line, fields: [id, name, group, constituency] }| {
            let problem = |problem: String| BadRecording::Line { file: MEMBERS, line, problem };
            let id = PersonId::parse(id.as_str()).map_err(|error| problem(format!("{id:?}: {error}")))?;
            if name.is_empty() {
                return Err(problem("the name is empty".to_owned()));
            }
            if !seen.insert(id.clone()) {
                return Err(problem(format!("the member {id} is there already")));
            }
            Ok(Member { id, name, group, constituency })
        })
        .collect::<Result<_, _>>()?;
    if members.is_empty() { Err(BadRecording::Empty { file: MEMBERS }) } else { Ok(members) }
}

fn parse_expected(text: &str) -> Result<Vec<RollCall>, BadRecording> {
    let mut seen = BTreeSet::new();
    let roll_calls: Vec<RollCall> = rows(EXPECTED, text, ["rollcall", "yes", "no", "abstain", "absent"])?
        .into_iter()
        .map(|Row { line, fields: [number, yes, no, abstain, absent] }| {
            let problem = |problem: String| BadRecording::Line { file: EXPECTED, line, problem };
            let count = |text: &str| text.parse::<u32>().map_err(|_| problem(format!("{text:?} is not a count")));
            if number.is_empty() || !seen.insert(number.clone()) {
                return Err(problem(format!("the roll call {number:?} is empty or there already")));
            }
            let expected =
                Tally { yes: count(&yes)?, no: count(&no)?, abstain: count(&abstain)?, absent: count(&absent)? };
            Ok(RollCall { number, votes: BTreeMap::new(), expected })
        })
        .collect::<Result<_, _>>()?;
    if roll_calls.is_empty() { Err(BadRecording::Empty { file: EXPECTED }) } else { Ok(roll_calls) }
}

fn add_votes(text: &str, members: &[Member], roll_calls: &mut [RollCall]) -> Result<(), BadRecording> {
    let by_number: BTreeMap<String, usize> =
        roll_calls.iter().enumerate().map(|(at, call)| (call.number.clone(), at)).collect();
    let by_id: BTreeMap<&str, &PersonId> = members.iter().map(|member| (member.id.as_str(), &member.id)).collect();
    let mut seen = BTreeSet::new();
    for Row { line, fields: [number, member, choice] } in rows(VOTES, text, ["rollcall", "member", "choice"])? {
        let problem = |problem: String| BadRecording::Line { file: VOTES, line, problem };
        let call = by_number
            .get(&number)
            .and_then(|at| roll_calls.get_mut(*at))
            .ok_or_else(|| problem(format!("the roll call {number:?} is not in {EXPECTED}")))?;
        let member =
            *by_id.get(member.as_str()).ok_or_else(|| problem(format!("the member {member:?} is not in {MEMBERS}")))?;
        let choice = match choice.as_str() {
            "yes" => Some(Choice::Yes),
            "no" => Some(Choice::No),
            "abstain" => Some(Choice::Abstain),
            "absent" => None,
            other => {
                return Err(problem(format!("the choice {other:?} is none of yes, no, abstain, absent")));
            }
        };
        if !seen.insert((number, member)) {
            return Err(problem(format!("the member {member} has a row for this roll call already")));
        }
        call.votes.extend(choice.map(|choice| (member.clone(), choice)));
    }
    Ok(())
}

struct Row<const N: usize> {
    line: u64,
    fields: [String; N],
}

/// Every row, its fields trimmed; the header must name exactly these columns.
fn rows<const N: usize>(file: &'static str, text: &str, columns: [&str; N]) -> Result<Vec<Row<N>>, BadRecording> {
    // Spreadsheets put a byte order mark before the first column's name.
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let line_of = |error: &csv::Error| error.position().map_or(1, csv::Position::line);
    let bad = |error: csv::Error| {
        let problem = match error.kind() {
            csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
                format!("{len} fields instead of {expected_len}")
            }
            _ => error.to_string(),
        };
        BadRecording::Line { file, line: line_of(&error), problem }
    };
    if reader.headers().map_err(bad)?.iter().ne(columns) {
        return Err(BadRecording::Columns { file, wanted: columns.join(", ") });
    }
    reader
        .into_records()
        .map(|record| {
            let record = record.map_err(bad)?;
            let line = record.position().map_or(0, csv::Position::line);
            let mut fields = record.iter().map(str::to_owned);
            Ok(Row { line, fields: std::array::from_fn(|_| fields.next().unwrap_or_default()) })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOME_MEMBERS: &str = "id,name,group,constituency\n1,\"BÙI, An\",A,\n2,CHU Bình,B,X\n3,ĐỖ Chi,B,Y\n";
    const SOME_EXPECTED: &str = "rollcall,yes,no,abstain,absent\n7,1,1,0,1\n8,0,0,1,2\n";

    #[test]
    fn the_recorded_senate_reads_and_adds_up() {
        let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/senate-114");
        let recording = Recording::read(&directory).unwrap();
        assert_eq!((recording.members.len(), recording.roll_calls.len()), (100, 50));
        for call in &recording.roll_calls {
            let count = |choice| call.votes.values().filter(|c| **c == choice).count() as u32;
            let counted = Tally {
                yes: count(Choice::Yes),
                no: count(Choice::No),
                abstain: count(Choice::Abstain),
                absent: 100 - call.votes.len() as u32,
            };
            assert_eq!(counted, call.expected, "roll call {}", call.number);
        }
    }

    #[test]
    fn absent_members_and_those_without_a_row_take_no_part() {
        let votes = "rollcall,member,choice\n7,1,yes\n7,2,no\n8,1,absent\n8,3, abstain \n";
        let recording = Recording::parse(SOME_MEMBERS, votes, &format!("\u{feff}{SOME_EXPECTED}")).unwrap();
        assert_eq!(recording.members[0].name, "BÙI, An");
        let voters: Vec<_> =
            recording.roll_calls.iter().map(|c| c.votes.keys().map(|id| id.as_str()).collect::<Vec<_>>()).collect();
        assert_eq!(voters, [vec!["1", "2"], vec!["3"]]);
    }

    #[track_caller]
    fn check(members: &str, votes: &str, expected: &str, message: &str) {
        assert_eq!(Recording::parse(members, votes, expected).unwrap_err().to_string(), message);
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        let votes = |row: &str| format!("rollcall,member,choice\n7,1,yes\n{row}\n");
        let good = votes("7,2,no");
        check(
            SOME_MEMBERS,
            &votes("9,1,yes"),
            SOME_EXPECTED,
            "votes.csv: line 3: the roll call \"9\" is not in expected.csv",
        );
        check(
            SOME_MEMBERS,
            &votes("7,4,yes"),
            SOME_EXPECTED,
            "votes.csv: line 3: the member \"4\" is not in members.csv",
        );
        check(
            SOME_MEMBERS,
            &votes("7,2,maybe"),
            SOME_EXPECTED,
            "votes.csv: line 3: the choice \"maybe\" is none of yes, no, abstain, absent",
        );
        check(
            SOME_MEMBERS,
            &votes("7,1,no"),
            SOME_EXPECTED,
            "votes.csv: line 3: the member 1 has a row for this roll call already",
        );
        check(SOME_MEMBERS, &votes("7,1"), SOME_EXPECTED, "votes.csv: line 3: 2 fields instead of 3");
        check(
            SOME_MEMBERS,
            "rollcall,choice\n",
            SOME_EXPECTED,
            "votes.csv: the columns must be rollcall, member, choice",
        );
        check("id,name,group,constituency\n", &good, SOME_EXPECTED, "members.csv: holds nothing");
        check(
            &SOME_MEMBERS.replace("\n3,", "\n2,"),
            &good,
            SOME_EXPECTED,
            "members.csv: line 4: the member 2 is there already",
        );
        check(
            SOME_MEMBERS,
            &good,
            "rollcall,yes,no,abstain,absent\n7,1,-1,0,1\n",
            "expected.csv: line 2: \"-1\" is not a count",
        );
        let missing = Recording::read(Path::new("/nonexistent")).unwrap_err().to_string();
        assert!(missing.starts_with("/nonexistent/members.csv: "), "{missing}");
    }
}
