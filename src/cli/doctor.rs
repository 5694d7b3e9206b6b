use crate::app::doctor::{Finding, Grade, examine};
use crate::config::Place;
use clap::Args;
use std::process::ExitCode;

/// Look over the store, its records and this machine: one line each, and what to do.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  dienhong doctor --deep

Exits 0 where all is well, 1 where something will become trouble, 2 where it is trouble. Runs beside a serving server. As every
command that opens the store it brings the schema up to this program's: run the program that serves.")]
pub struct Doctor {
    #[command(flatten)]
    place: Place,
    /// Verify every record whole, not only its end.
    #[arg(long)]
    deep: bool,
    /// One JSON array instead of lines.
    #[arg(long)]
    json: bool,
}

impl Doctor {
    pub async fn run(self) -> ExitCode {
        let findings = examine(&self.place, self.deep).await;
        if self.json {
            match serde_json::to_string_pretty(&findings) {
                Ok(text) => println!("{text}"),
                Err(error) => return super::failed(error),
            }
        } else {
            findings.iter().for_each(tell);
        }
        let worst = findings.iter().map(|finding| finding.grade).max();
        ExitCode::from(match worst {
            None | Some(Grade::Ok) => 0,
            Some(Grade::Warn) => 1,
            Some(Grade::Bad) => 2,
        })
    }
}

fn tell(Finding { check, grade, said, todo }: &Finding) {
    let grade = match grade {
        Grade::Ok => "ok",
        Grade::Warn => "warn",
        Grade::Bad => "bad",
    };
    let todo = if todo.is_empty() { String::new() } else { format!(" → {todo}") };
    println!("{grade:<5} {check:<13} {said}{todo}");
}
