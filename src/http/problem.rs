//! Every error of the HTTP interface: one closed list, answered as RFC 9457 `application/problem+json`.

use crate::chamber::refusal::Refusal;
use crate::import;
use crate::wire::http::{Problem, RowProblem};
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::fmt::Display;
use std::time::Duration;

/// Why a request was not done. Codes are listed in docs/protocol.md and never change.
#[derive(Debug, Clone, PartialEq)]
pub enum ApiError {
    // the request itself
    /// What is wrong with it, in English, for whoever writes a client.
    BadRequest(String),
    /// The framework could not read it, and answered with this status.
    Unreadable(StatusCode),
    WrongMethod,
    NotJson,
    BodyTooSlow,
    TooLarge,
    BadOriginHeader,
    /// Asked for under a name that is not this server's.
    WrongHost,
    // one-time codes
    BadCode,
    TooManyTries {
        retry_after: Duration,
    },
    WeakKey,
    // statements and what they ask
    /// Which rule of the format it breaks.
    BadStatement(String),
    BadSignature,
    WrongLog,
    WrongPerson,
    UnknownDevice,
    UnknownOrder,
    BadCsv(Vec<import::RowProblem>),
    /// The chamber's own no.
    Refused(Refusal),
    // what is there
    NotFound,
    UnknownCouncil,
    CouncilExists,
    Withheld,
    // the server's state; the same request may succeed later
    Busy,
    StoreUnavailable,
    /// Made by [`ApiError::internal`], which logs the cause under this id. The cause is never sent.
    Internal {
        id: String,
    },
}

impl ApiError {
    /// For what should not happen: logs the cause with a fresh id and answers only with the id.
    pub fn internal(cause: impl Display) -> Self {
        let mut bytes = [0u8; 6];
        // Without randomness the id is zeros; the log line still stands.
        let _ = getrandom::fill(&mut bytes);
        let id: String = bytes.iter().map(|b| format!("{b:02x}")).collect();
        tracing::error!(error_id = %id, %cause, "internal error");
        Self::Internal { id }
    }

    /// The stable code.
    pub fn code(&self) -> &'static str {
        self.row().1
    }

    pub fn status(&self) -> StatusCode {
        self.row().0
    }

    /// The body that is sent.
    pub fn problem(&self) -> Problem {
        let (status, code, title) = self.row();
        let problems = match self {
            Self::BadCsv(rows) => rows.iter().map(row_problem).collect(),
            _ => Vec::new(),
        };
        Problem {
            kind: format!("about:blank#{code}"),
            title: title.to_owned(),
            status: status.as_u16(),
            code: code.to_owned(),
            detail: self.detail(),
            problems,
        }
    }

    fn row(&self) -> (StatusCode, &'static str, &'static str) {
        use StatusCode as S;
        match self {
            Self::BadRequest(_) => (S::BAD_REQUEST, "bad_request", "The request cannot be read"),
            Self::Unreadable(status) => (*status, "bad_request", "The request cannot be read"),
            Self::WrongMethod => (S::METHOD_NOT_ALLOWED, "bad_request", "This path does not take this method"),
            Self::NotJson => (S::UNSUPPORTED_MEDIA_TYPE, "bad_request", "The body must be application/json"),
            Self::BodyTooSlow => (S::REQUEST_TIMEOUT, "bad_request", "The body came too slowly"),
            Self::TooLarge => (S::PAYLOAD_TOO_LARGE, "too_large", "The body is too large"),
            Self::BadOriginHeader => (S::FORBIDDEN, "bad_origin_header", "Not allowed from another site's page"),
            Self::WrongHost => (S::MISDIRECTED_REQUEST, "bad_origin_header", "This server does not go by this name"),
            Self::BadCode => (S::FORBIDDEN, "bad_code", "The one-time code is not valid"),
            Self::TooManyTries { .. } => (S::TOO_MANY_REQUESTS, "too_many_tries", "Too many wrong codes"),
            Self::WeakKey => (S::BAD_REQUEST, "weak_key", "The device's key is not safe to use"),
            Self::BadStatement(_) => (S::BAD_REQUEST, "bad_statement", "The statement cannot be read"),
            Self::BadSignature => (S::FORBIDDEN, "bad_signature", "The signature does not fit the statement"),
            Self::WrongLog => (S::BAD_REQUEST, "wrong_log", "The statement is for another council's record"),
            Self::WrongPerson => (S::FORBIDDEN, "wrong_person", "The statement is another person's"),
            Self::UnknownDevice => (S::FORBIDDEN, "unknown_device", "The device is not enrolled, or no longer"),
            Self::UnknownOrder => (S::BAD_REQUEST, "unknown_order", "There is no such order"),
            Self::BadCsv(_) => (S::UNPROCESSABLE_ENTITY, "bad_csv", "The file has problems; nothing was imported"),
            Self::Refused(refusal) => (S::CONFLICT, refusal.code(), "The chamber refused"),
            Self::NotFound => (S::NOT_FOUND, "not_found", "There is nothing here"),
            Self::UnknownCouncil => (S::NOT_FOUND, "unknown_council", "There is no such council here"),
            Self::CouncilExists => (S::CONFLICT, "council_exists", "A council of this name exists"),
            Self::Withheld => (S::NOT_FOUND, "withheld", "This council does not publish names"),
            Self::Busy => (S::SERVICE_UNAVAILABLE, "busy", "Too much at once; try again"),
            Self::StoreUnavailable => {
                (S::SERVICE_UNAVAILABLE, "store_unavailable", "The record cannot be reached; try again")
            }
            Self::Internal { .. } => (S::INTERNAL_SERVER_ERROR, "internal", "The server failed"),
        }
    }

    fn detail(&self) -> String {
        // Details may quote the request: bounded, so that an answer never grows with what was sent.
        const LONGEST: usize = 300;
        match self {
            Self::BadRequest(what) | Self::BadStatement(what) => what.chars().take(LONGEST).collect(),
            Self::TooManyTries { retry_after } => format!("Try again in {} s.", whole_seconds(*retry_after)),
            Self::BadCsv(rows) => format!("{} problems.", rows.len()),
            Self::Refused(refusal) => format!("Refused with {}; nothing changed.", refusal.code()),
            Self::WrongHost => "If it should, start it with `--host NAME`.".to_owned(),
            Self::Internal { id } => format!("The server's log tells more under the id {id}."),
            _ => String::new(),
        }
    }

    /// How long a client should wait before the same request, where waiting helps.
    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::TooManyTries { retry_after } => Some(*retry_after),
            // A full inbox empties with the next batch.
            Self::Busy => Some(Duration::from_secs(1)),
            // A store comes back by a restart or a takeover, both of a few seconds.
            Self::StoreUnavailable => Some(Duration::from_secs(3)),
            _ => None,
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        // A Problem is strings and numbers: writing it as JSON cannot fail.
        let body = serde_json::to_vec(&self.problem()).unwrap_or_default();
        let mut response = (self.status(), body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(wait) = self.retry_after() {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(whole_seconds(wait)));
        }
        response.extensions_mut().insert(AnsweredWith(self.code()));
        response
    }
}

/// Middleware: the framework's own refusals (a path or a handshake it could not read) become problems too. The status stays.
pub async fn complete(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let status = response.status();
    let html = response.headers().get(header::CONTENT_TYPE).is_some_and(|t| t.as_bytes().starts_with(b"text/html"));
    let failed = status.is_client_error() || status.is_server_error();
    if !failed || html || response.extensions().get::<AnsweredWith>().is_some() {
        return response;
    }
    let problem = match status {
        StatusCode::NOT_FOUND => ApiError::NotFound,
        StatusCode::METHOD_NOT_ALLOWED => ApiError::WrongMethod,
        StatusCode::PAYLOAD_TOO_LARGE => ApiError::TooLarge,
        status if status.is_server_error() => ApiError::internal(format_args!("answered with a bare {status}")),
        status => ApiError::Unreadable(status),
    };
    problem.into_response()
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// Left on a response, so that the log and the counters name the code without reading the body.
#[derive(Debug, Clone, Copy)]
pub struct AnsweredWith(pub &'static str);

fn row_problem(row: &import::RowProblem) -> RowProblem {
    RowProblem {
        line: row.line,
        column: row.column.clone(),
        code: row.code.code().to_owned(),
        value: row.value.clone(),
    }
}

fn whole_seconds(wait: Duration) -> u64 {
    wait.as_secs() + u64::from(wait.subsec_nanos() > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one_of_each() -> Vec<ApiError> {
        vec![
            ApiError::BadRequest("x".repeat(5_000)),
            ApiError::Unreadable(StatusCode::UPGRADE_REQUIRED),
            ApiError::WrongMethod,
            ApiError::NotJson,
            ApiError::BodyTooSlow,
            ApiError::TooLarge,
            ApiError::BadOriginHeader,
            ApiError::WrongHost,
            ApiError::BadCode,
            ApiError::TooManyTries { retry_after: Duration::from_millis(1_001) },
            ApiError::WeakKey,
            ApiError::BadStatement(String::new()),
            ApiError::BadSignature,
            ApiError::WrongLog,
            ApiError::WrongPerson,
            ApiError::UnknownDevice,
            ApiError::UnknownOrder,
            ApiError::BadCsv(Vec::new()),
            ApiError::NotFound,
            ApiError::UnknownCouncil,
            ApiError::CouncilExists,
            ApiError::Withheld,
            ApiError::Busy,
            ApiError::StoreUnavailable,
            ApiError::internal("the secret cause"),
        ]
    }

    #[test]
    fn every_code_is_in_the_protocol() {
        let protocol = include_str!("../../docs/protocol.md");
        for error in one_of_each() {
            assert!(protocol.contains(&format!("`{}`", error.code())), "{}", error.code());
        }
    }

    #[test]
    fn bodies_are_small_and_leak_nothing() {
        for error in one_of_each() {
            let body = serde_json::to_string(&error.problem()).expect("a problem is JSON");
            assert!(body.len() < 1_000, "{body}");
            assert!(!body.contains("secret"), "{body}");
        }
    }

    #[test]
    fn waiting_is_told_in_whole_seconds() {
        let response = ApiError::TooManyTries { retry_after: Duration::from_millis(1_001) }.into_response();
        assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(response.headers().get(header::RETRY_AFTER), Some(&HeaderValue::from_static("2")));
        let response = ApiError::StoreUnavailable.into_response();
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert!(response.headers().contains_key(header::RETRY_AFTER));
    }

    #[test]
    fn refusals_keep_their_code() {
        for refusal in Refusal::ALL {
            let error = ApiError::from(*refusal);
            assert_eq!((error.status(), error.code()), (StatusCode::CONFLICT, refusal.code()));
        }
    }

    #[test]
    fn rows_of_a_bad_file_are_listed() {
        let row = import::RowProblem {
            line: 7,
            column: Some("Ghế".into()),
            code: import::ProblemCode::DuplicateSeat,
            value: "12".into(),
        };
        let problem = ApiError::BadCsv(vec![row]).problem();
        assert_eq!(problem.status, 422);
        let row = problem.problems.first().expect("one row");
        assert_eq!((row.line, row.column.as_deref(), row.code.as_str()), (7, Some("Ghế"), "duplicate_seat"));
    }
}
