//! The table a replay prints: each tally beside the one that was recorded.

use super::recording::Tally;
use std::fmt::Write as _;

/// How one roll call came out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub roll_call: String,
    pub counted: Tally,
    pub expected: Tally,
}

impl Row {
    pub fn equal(&self) -> bool {
        self.counted == self.expected
    }
}

pub const HEADING: &str = "                        counted                    expected\n\
                           \x20roll call     yes    no abstain absent     yes    no abstain absent\n";

/// One line, with its line feed.
pub fn line(row: &Row) -> String {
    let mut text = format!("{:>10}  ", row.roll_call);
    for Tally { yes, no, abstain, absent } in [row.counted, row.expected] {
        // Writing to a String cannot fail.
        let _ = write!(text, "{yes:>6}{no:>6}{abstain:>8}{absent:>7} ");
    }
    text.push_str(if row.equal() { "  ✓\n" } else { "  ✕\n" });
    text
}

/// The last line, without a line feed: `50 roll calls, 50 equal, 0 different`.
pub fn counts(rows: &[Row]) -> String {
    let equal = rows.iter().filter(|row| row.equal()).count();
    format!("{} roll calls, {equal} equal, {} different", rows.len(), rows.len() - equal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_under_their_names_and_differences_are_marked() {
        let counted = Tally { yes: 31, no: 66, abstain: 0, absent: 3 };
        let rows = [
            Row { roll_call: "1".into(), counted, expected: counted },
            Row { roll_call: "2".into(), counted, expected: Tally { no: 65, absent: 4, ..counted } },
        ];
        let table = format!("{HEADING}{}{}", line(&rows[0]), line(&rows[1]));
        assert_eq!(
            table,
            "                        counted                    expected\n \
              roll call     yes    no abstain absent     yes    no abstain absent\n         \
              1      31    66       0      3     31    66       0      3   ✓\n         \
              2      31    66       0      3     31    65       0      4   ✕\n"
        );
        assert_eq!(counts(&rows), "2 roll calls, 1 equal, 1 different");
    }
}
