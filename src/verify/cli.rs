//! The command line of `dienhong-verify`, and of `dienhong verify`.
// This is a command's own voice.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use super::{BallotResult, Finding, Report, verify};
use crate::chamber::ballot::{BallotForm, Verdict};
use crate::ledger::note::VerifierKey;
use serde_json::{Value, json};
use std::fs::File;
use std::io::{self, BufReader, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

const EXAMPLE: &str = "Example:
  dienhong-verify record.tar --key 'example.org/hall+1a2b3c4d+AbCd…'

Take the key from somewhere else than the file: the council's own page, or an old receipt. \
A record that was made up from beginning to end agrees with itself.";

/// Checks an exported record: every signature, the chain of entries, who was allowed what, and every count again.
///
/// Exits 0 when the record is whole, 1 when something in it is wrong, 2 when it cannot be read.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLE)]
pub struct VerifyArgs {
    /// The exported record (a .tar file), or - to read it from standard input
    pub bundle: PathBuf,
    /// The record's checkpoint key, as the council publishes it: <origin>+<id>+<base64>
    #[arg(long, value_name = "VKEY", value_parser = parse_key)]
    pub key: Option<VerifierKey>,
    /// Print the report as JSON
    #[arg(long)]
    pub json: bool,
}

/// Checks and prints.
pub fn run(args: &VerifyArgs) -> ExitCode {
    let report = open(&args.bundle).and_then(|bundle| {
        let mut progress = Progress { shown: false, on: io::stderr().is_terminal() };
        let report = verify(bundle, args.key.as_ref(), |entries| progress.show(entries));
        progress.clear();
        report.map_err(|error| error.to_string())
    });
    let report = match report {
        Ok(report) => report,
        Err(error) => {
            eprintln!("{}: {error}", args.bundle.display());
            return ExitCode::from(2);
        }
    };
    let text = if args.json { format!("{:#}\n", to_json(&report)) } else { to_text(&report) };
    // A reader that closed the pipe has seen enough; the exit code still tells.
    let _ = io::stdout().write_all(text.as_bytes());
    if report.is_whole() { ExitCode::SUCCESS } else { ExitCode::from(1) }
}

/// The report as people read it.
pub fn to_text(report: &Report) -> String {
    let mut lines = Vec::new();
    if let Some(key) = &report.key {
        lines.push(format!("record       {}", key.name()));
        lines.push(format!("key          {key}"));
    }
    let checked = &report.checked;
    let signed = checked.orders + checked.votes + checked.enrolments;
    lines.push(format!("entries      {}, root {}", report.entries, report.root.base64()));
    lines.push(format!("checkpoints  {} signed and fitting", report.checkpoints));
    lines.push(format!(
        "statements   {signed} checked: {} votes, {} orders, {} enrolments",
        checked.votes, checked.orders, checked.enrolments
    ));
    let by_people = report.results.iter().filter(|result| result.recorded_by.is_some()).count();
    let again = report.results.len() - by_people;
    let by_people = if by_people == 0 { String::new() } else { format!(", {by_people} counted by people") };
    lines.push(format!("ballots      {again} counted again{by_people}"));
    lines.extend(report.results.iter().map(ballot_line));
    if !report.pinned {
        lines.push(
            "unpinned: no --key was given, so this only shows that the record agrees with itself and with the key it names."
                .into(),
        );
    }
    lines.extend(report.findings.iter().map(finding_line));
    if report.unlisted > 0 {
        lines.push(format!("… and {} more", report.unlisted));
    }
    lines.push(match report.findings.len() as u64 + report.unlisted {
        0 => "The record is whole.".into(),
        1 => "NOT WHOLE: 1 finding.".into(),
        count => format!("NOT WHOLE: {count} findings."),
    });
    lines.join("\n") + "\n"
}

/// The report for programs.
pub fn to_json(report: &Report) -> Value {
    json!({
        "whole": report.is_whole(),
        "pinned": report.pinned,
        "origin": report.key.as_ref().map(VerifierKey::name),
        "key": report.key.as_ref().map(VerifierKey::to_string),
        "entries": report.entries,
        "root": report.root.base64(),
        "checkpoints": report.checkpoints,
        "votes": report.checked.votes,
        "orders": report.checked.orders,
        "enrolments": report.checked.enrolments,
        "ballots": report.results.iter().map(ballot_json).collect::<Vec<_>>(),
        "findings": report.findings.iter().map(finding_json).collect::<Vec<_>>(),
        "unlisted": report.unlisted,
    })
}

fn ballot_line(result: &BallotResult) -> String {
    let answers: Vec<String> = result.answers.iter().map(|(key, count)| format!("{key} {count}")).collect();
    let verdict = result.verdict.map_or_else(String::new, |verdict| format!(", {}", verdict_word(verdict)));
    let chosen: String = result.chosen.iter().map(|key| format!(" {key}")).collect();
    let chosen = if chosen.is_empty() { chosen } else { format!(" · chosen{chosen}") };
    let by_people = result.recorded_by.as_ref().map_or_else(String::new, |recorded_by| {
        format!(" · counted by people ({}), recorded by {recorded_by}", form_word(result.form))
    });
    format!(
        "  {} round {} ({}{verdict}): {}{chosen}{by_people} · present {} · in office {} · seats {} · {}",
        result.ballot,
        result.round,
        result.status.code(),
        answers.join(", "),
        result.present,
        result.in_office,
        result.seats,
        result.title,
    )
}

fn ballot_json(result: &BallotResult) -> Value {
    let answers: Vec<Value> =
        result.answers.iter().map(|(answer, count)| json!({ "answer": answer, "count": count })).collect();
    json!({
        "ballot": result.ballot,
        "question": result.question,
        "title": result.title,
        "round": result.round,
        "status": result.status.code(),
        "form": form_word(result.form),
        "recorded_by": result.recorded_by,
        "answers": answers,
        "chosen": result.chosen,
        "took_part": result.took_part,
        "present": result.present,
        "in_office": result.in_office,
        "seats": result.seats,
        "verdict": result.verdict.map(verdict_word),
    })
}

fn verdict_word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Adopted => "adopted",
        Verdict::Rejected => "rejected",
    }
}

fn form_word(form: BallotForm) -> &'static str {
    match form {
        BallotForm::Electronic => "electronic",
        BallotForm::ShowOfHands => "show_of_hands",
        BallotForm::Paper => "paper",
    }
}

fn finding_line(finding: &Finding) -> String {
    let place = finding.seq.map_or_else(|| "record".into(), |seq| format!("entry {seq}"));
    format!("{place}: {} [{}]", finding.problem, finding.problem.code())
}

fn finding_json(finding: &Finding) -> Value {
    json!({ "seq": finding.seq, "code": finding.problem.code(), "message": finding.problem.to_string() })
}

fn parse_key(text: &str) -> Result<VerifierKey, String> {
    VerifierKey::parse(text.trim()).map_err(|error| error.to_string())
}

fn open(path: &Path) -> Result<Box<dyn Read>, String> {
    if path.as_os_str() == "-" {
        return Ok(Box::new(BufReader::new(io::stdin())));
    }
    let file = File::open(path).map_err(|error| error.to_string())?;
    Ok(Box::new(BufReader::new(file)))
}

/// One line on a terminal that is written over and at last taken away.
struct Progress {
    shown: bool,
    on: bool,
}

impl Progress {
    fn show(&mut self, entries: u64) {
        if self.on {
            eprint!("\r{entries} entries checked");
            self.shown = true;
        }
    }

    fn clear(&mut self) {
        if self.shown {
            eprint!("\r\u{1b}[K");
        }
    }
}
