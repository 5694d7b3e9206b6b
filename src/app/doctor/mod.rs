//! Looks over an instance before it is needed: what is well, what will become trouble, what is trouble already, and what to do.

mod machine;
mod record;

use super::control::{self, Request};
use crate::config::Place;
use serde::Serialize;

/// Worst last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Grade {
    Ok,
    /// It will become trouble.
    Warn,
    /// It is trouble, or nobody could look.
    Bad,
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What was looked at: a stable name for scripts.
    pub check: &'static str,
    pub grade: Grade,
    pub said: String,
    /// What to do; empty where nothing is.
    pub todo: String,
}

impl Finding {
    fn ok(check: &'static str, said: impl Into<String>) -> Self {
        Self { check, grade: Grade::Ok, said: said.into(), todo: String::new() }
    }

    fn warn(check: &'static str, said: impl Into<String>, todo: impl Into<String>) -> Self {
        Self { check, grade: Grade::Warn, said: said.into(), todo: todo.into() }
    }

    fn bad(check: &'static str, said: impl Into<String>, todo: impl Into<String>) -> Self {
        Self { check, grade: Grade::Bad, said: said.into(), todo: todo.into() }
    }
}

/// Looks at everything. `deep` reads and verifies every record, which takes a minute or so for a million entries.
pub async fn examine(place: &Place, deep: bool) -> Vec<Finding> {
    let mut findings = vec![server(place).await];
    findings.extend(machine::look(place));
    findings.extend(record::look(place, deep).await);
    findings
}

/// Whether a server runs on the folder, and answers.
async fn server(place: &Place) -> Finding {
    // It has no council of that name; that it says so is what is asked.
    let asked = control::call(&place.control_socket(), &Request::People { council: String::new() }).await;
    match asked {
        Ok(Some(_)) => Finding::ok("server", "a server runs on this folder and answers"),
        Ok(None) => Finding::ok("server", "no server runs on this folder"),
        Err(error) => Finding::bad(
            "server",
            format!("a server runs on this folder but does not answer: {error}"),
            "look into its log; run this as the user it runs as",
        ),
    }
}
