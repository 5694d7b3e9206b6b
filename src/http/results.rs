//! Published results: every announced ballot, as JSON and as a table. Made when something is announced and kept in the
//! council's room, so that a crowd reading them costs the council's own task nothing.

use super::councils::Councils;
use super::problem::ApiError;
use crate::wire::http::ResultsResponse;
use crate::wire::views::{AnswerCount, AnswerView, BallotForm, BallotState, BaseView, RuleView, Verdict};
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};

pub async fn list(State(councils): State<Councils>, Path(council): Path<String>) -> Result<Response, ApiError> {
    let published = councils.find(&council)?.room.published().ok_or(ApiError::StoreUnavailable)?;
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-cache")];
    Ok((headers, published.json.clone()).into_response())
}

/// The same as a table: what a journalist opens in a spreadsheet.
pub async fn table(State(councils): State<Councils>, Path(council): Path<String>) -> Result<Response, ApiError> {
    let council = councils.find(&council)?;
    let published = council.room.published().ok_or(ApiError::StoreUnavailable)?;
    let csv = csv_of(&published.results).map_err(ApiError::internal)?;
    let name = format!("attachment; filename=\"{}-results.csv\"", council.id);
    let headers = [(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_string()), (header::CONTENT_DISPOSITION, name)];
    Ok((headers, csv).into_response())
}

/// New columns come last, so that what reads the old ones goes on reading them.
const COLUMNS: [&str; 29] = [
    "item",
    "title",
    "ballot",
    "round",
    "state",
    "verdict",
    "yes",
    "no",
    "abstain",
    "took_part",
    "not_voted",
    "absent",
    "present",
    "in_office",
    "seats",
    "rule",
    "base_name",
    "base_count",
    "needed",
    "closed_at",
    "announced_at",
    "form",
    "answers",
    "chosen",
    "papers_issued",
    "papers_returned",
    "papers_valid",
    "papers_invalid",
    "recorded_by",
];

fn csv_of(published: &ResultsResponse) -> Result<Vec<u8>, csv::Error> {
    // The mark lets spreadsheets read the Vietnamese letters as UTF-8.
    let mut table = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    table.write_record(COLUMNS)?;
    for result in &published.results {
        let Some(figures) = &result.ballot.result else { continue };
        let count = |key: &str| figures.counts.iter().find(|c| c.answer == key).map_or(0, |c| c.count);
        let figures_in_order = [
            count("yes"),
            count("no"),
            count("abstain"),
            figures.took_part,
            figures.not_voted,
            figures.absent,
            figures.present,
            figures.in_office,
            figures.seats,
        ];
        let threshold = &figures.threshold;
        let mut row = vec![
            harmless(&result.item.number),
            harmless(&result.item.title),
            result.ballot.id.clone(),
            result.ballot.round.to_string(),
            if result.ballot.state == BallotState::Annulled { "annulled" } else { "announced" }.to_string(),
            figures.verdict.map(verdict).unwrap_or_default().to_string(),
        ];
        row.extend(figures_in_order.map(|figure| figure.to_string()));
        row.extend([rule(&threshold.rule), base_name(threshold.rule.base).to_string()]);
        row.extend([threshold.base_count, threshold.needed].map(|figure| figure.to_string()));
        row.push(figures.closed_at.to_string());
        row.push(figures.announced_at.map(|at| at.to_string()).unwrap_or_default());
        let question = result.item.questions.iter().find(|question| question.id == result.question);
        let offered = question.map(|question| question.answers.as_slice()).unwrap_or_default();
        row.push(form(result.ballot.form).to_string());
        row.push(harmless(&every_answer(offered, &figures.counts)));
        row.push(harmless(&in_words(offered, &figures.chosen)));
        let papers = figures.papers.map(|papers| [papers.issued, papers.returned, papers.valid, papers.invalid]);
        row.extend(papers.map_or_else(Default::default, |papers| papers.map(|figure| figure.to_string())));
        row.push(figures.recorded_by.as_ref().map(|person| harmless(&person.name)).unwrap_or_default());
        table.write_record(row)?;
    }
    table.into_inner().map_err(|error| error.into_error().into())
}

/// `c1 Nguyễn Mẫu An: 30; c2 Trần Mẫu Bình: 28; abstain …: 2`: each answer as it was shown, with its votes.
fn every_answer(offered: &[AnswerView], counts: &[AnswerCount]) -> String {
    let one =
        |count: &AnswerCount| format!("{}: {}", in_words(offered, std::slice::from_ref(&count.answer)), count.count);
    counts.iter().map(one).collect::<Vec<_>>().join("; ")
}

/// Answers by their keys and what they mean.
fn in_words(offered: &[AnswerView], keys: &[String]) -> String {
    let one = |key: &String| match offered.iter().find(|answer| answer.key == *key) {
        Some(answer) => format!("{key} {}", answer.meaning),
        None => key.clone(),
    };
    keys.iter().map(one).collect::<Vec<_>>().join("; ")
}

/// As in the JSON.
fn form(form: BallotForm) -> &'static str {
    match form {
        BallotForm::Electronic => "electronic",
        BallotForm::ShowOfHands => "show_of_hands",
        BallotForm::Paper => "paper",
    }
}

fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Adopted => "adopted",
        Verdict::Rejected => "rejected",
    }
}

/// `over 1/2 of in_office`, `at least 2/3 of present + 1`. Words, so that no spreadsheet makes a date of 1/2.
fn rule(rule: &RuleView) -> String {
    let RuleView { numerator, denominator, base, constant, strict, .. } = rule;
    let limit = if *strict { "over" } else { "at least" };
    let constant = match constant {
        0 => String::new(),
        1.. => format!(" + {constant}"),
        _ => format!(" - {}", constant.unsigned_abs()),
    };
    format!("{limit} {numerator}/{denominator} of {}{constant}", base_name(*base))
}

/// As in the JSON.
fn base_name(base: BaseView) -> &'static str {
    match base {
        BaseView::AllSeats => "all_seats",
        BaseView::InOffice => "in_office",
        BaseView::Present => "present",
        BaseView::TookPart => "took_part",
        BaseView::YesAndNo => "yes_and_no",
    }
}

/// A spreadsheet runs a cell that starts like a formula; with an apostrophe before it, it is only text.
fn harmless(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::views::TieView;

    #[test]
    fn every_answer_is_told_with_its_meaning() {
        let answer = |key: &str, meaning: &str| AnswerView { key: key.into(), meaning: meaning.into() };
        let offered = [answer("c1", "Nguyễn Mẫu An (1980)"), answer("c2", "Trần Mẫu Bình")];
        let counts = [("c1", 12), ("c2", 7)].map(|(answer, count)| AnswerCount { answer: answer.into(), count });
        assert_eq!(every_answer(&offered, &counts), "c1 Nguyễn Mẫu An (1980): 12; c2 Trần Mẫu Bình: 7");
        assert_eq!(in_words(&offered, &["c2".into(), "c1".into()]), "c2 Trần Mẫu Bình; c1 Nguyễn Mẫu An (1980)");
    }

    #[test]
    fn what_a_spreadsheet_would_run_is_text() {
        for cell in ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"] {
            assert_eq!(harmless(cell), format!("'{cell}"));
        }
        assert_eq!(harmless("Nghị quyết = 1"), "Nghị quyết = 1");
    }

    #[test]
    fn rules_are_told_in_words() {
        let half = RuleView {
            numerator: 1,
            denominator: 2,
            base: BaseView::InOffice,
            constant: 0,
            strict: true,
            tie: TieView::Fails,
        };
        assert_eq!(rule(&half), "over 1/2 of in_office");
        let plus =
            RuleView { numerator: 2, denominator: 3, base: BaseView::Present, constant: 1, strict: false, ..half };
        assert_eq!(rule(&plus), "at least 2/3 of present + 1");
        assert_eq!(rule(&RuleView { constant: -2, ..plus }), "at least 2/3 of present - 2");
    }
}
