//! Bodies of the HTTP interface (docs/protocol.md). Every POST that changes something carries a signed statement; there are
//! no cookies and no bearer tokens.

use super::views::{BallotBrief, ItemView, PersonView};
use serde::{Deserialize, Serialize};
use std::fmt;

/// `POST /c/<council>/api/enrol/look`: whose code is this? Spends nothing, counts as a try.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct LookRequest {
    pub code: String,
}

impl fmt::Debug for LookRequest {
    /// Without the code, so that it cannot slip into a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LookRequest").finish_non_exhaustive()
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct LookResponse {
    pub origin: String,
    pub council_name: String,
    pub vkey: String,
    pub person: PersonView,
    /// The person has a device already; enrolling this one revokes it.
    pub replaces_device: bool,
}

/// `POST /c/<council>/api/enrol`: spends the code. `statement` is the `chamber-enrol/v1` note signed by the new key.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct EnrolRequest {
    pub code: String,
    pub statement: String,
}

impl fmt::Debug for EnrolRequest {
    /// Without the code.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EnrolRequest").field("statement", &self.statement).finish_non_exhaustive()
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct EnrolResponse {
    pub person: PersonView,
    pub device: String,
    pub receipt: super::frames::Receipt,
}

/// `POST /c/<council>/api/roster` and `/api/roster/check`: a signed order `import_roster` (its argument `sha256` is of `csv`'s
/// UTF-8 bytes) and the file's text. `check` reads and judges without importing; its order is `check_roster`, else the same.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct RosterRequest {
    pub statement: String,
    pub arguments: String,
    pub csv: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct RosterResponse {
    /// Rows that are new on the roll.
    pub added: u32,
    /// Rows that change somebody.
    pub changed: u32,
    pub unchanged: u32,
    pub people: Vec<PersonView>,
    /// `false` for a check.
    pub imported: bool,
}

/// One thing wrong in a CSV file. Nothing is imported while there is any.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct RowProblem {
    /// Line in the file, from 1 (the header).
    pub line: u32,
    pub column: Option<String>,
    /// `missing_column`, `empty`, `bad_id`, `duplicate_id`, `duplicate_seat`, `unknown_office`, `too_long`, `not_utf8`, `wrong_length`, …
    pub code: String,
    pub value: String,
}

/// `GET /api/councils`: the councils on this platform.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct CouncilBrief {
    pub id: String,
    pub name: String,
    pub short_name: String,
    pub origin: String,
    /// A sitting is open.
    pub sitting: bool,
}

/// `POST /c/<council>/api/councils`: an administrator of the platform's first council founds another. Signed order
/// `host_council` whose arguments are this body's other fields.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct FoundRequest {
    pub statement: String,
    /// JSON text of [`FoundArguments`].
    pub arguments: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct FoundArguments {
    pub origin: String,
    pub name: String,
    pub short_name: String,
    /// `province`, `commune`, `generic`.
    pub preset: String,
    pub seats: u32,
    /// Name of its first administrator.
    pub administrator: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct FoundResponse {
    pub council: CouncilBrief,
    /// For its first administrator.
    pub code: super::frames::IssuedCode,
}

/// `GET /c/<council>/api/results`: every announced (or annulled) ballot of the session, newest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ResultsResponse {
    pub results: Vec<PublishedResult>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct PublishedResult {
    pub item: ItemView,
    pub question: String,
    pub ballot: BallotBrief,
    /// One per seat, as in `SeatsView`; sorted by answer where names are restricted.
    pub seats: super::views::SeatsView,
    /// Named votes of those entitled, only where the council publishes names.
    pub names: Option<Vec<NamedVote>>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct NamedVote {
    pub person: String,
    pub name: String,
    pub group: String,
    /// `yes`, `no`, `abstain`; `null`: present without voting, or absent.
    pub answer: Option<String>,
    /// Further candidates, in an election.
    pub more: Vec<String>,
    pub present: bool,
}

/// `GET /c/<council>/record/consistency?from=&to=` and `/record/inclusion?index=&size=`: RFC 6962 proof, base64 hashes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ProofResponse {
    pub proof: Vec<String>,
}

/// Every error of the HTTP interface (RFC 9457, `application/problem+json`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Problem {
    /// `about:blank#<code>`.
    #[serde(rename = "type")]
    pub kind: String,
    pub title: String,
    pub status: u16,
    /// Stable; the same catalogue as refusals.
    pub code: String,
    pub detail: String,
    /// For bad CSV.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<RowProblem>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_not_in_what_debug_shows() {
        let code = "ABCD-EFGH".to_owned();
        let look = LookRequest { code: code.clone() };
        let enrol = EnrolRequest { code, statement: "note".to_owned() };
        assert_eq!(format!("{look:?} {enrol:?}"), "LookRequest { .. } EnrolRequest { statement: \"note\", .. }");
    }
}
