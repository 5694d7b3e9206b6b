//! What Postgres's errors mean for the record.

use crate::ports::StoreError;
use crate::store::open::OpenError;
use sqlx::postgres::PgConnectOptions;

/// Why a statement did not do what it was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Failure {
    /// Not reached, stopping, overloaded, or it took too long: later it may go.
    Unavailable,
    Full,
    /// The server found damage, or rows contradict the schema or each other.
    Corrupt,
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        tracing::warn!(store = "postgres", %error, "a statement failed");
        match error {
            sqlx::Error::Database(error) => error.code().map_or(Self::Unavailable, |code| Self::of_state(&code)),
            sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) | sqlx::Error::RowNotFound => Self::Corrupt,
            _ => Self::Unavailable,
        }
    }
}

impl Failure {
    /// By SQLSTATE, whose first two characters are its class (Postgres manual, appendix A).
    fn of_state(state: &str) -> Self {
        match (state, state.get(..2)) {
            // disk_full
            ("53100", _) => Self::Full,
            // data_corrupted, index_corrupted
            ("XX001" | "XX002", _) => Self::Corrupt,
            // Bad data, broken constraint, no such table or no right to it, refused by a trigger.
            (_, Some("22" | "23" | "42" | "P0")) => Self::Corrupt,
            _ => Self::Unavailable,
        }
    }
}

impl From<Failure> for StoreError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Unavailable => Self::Unavailable,
            Failure::Full => Self::Full,
            Failure::Corrupt => Self::Corrupt,
        }
    }
}

pub(super) fn report(failure: Failure, doing: &'static str) -> Failure {
    tracing::warn!(store = "postgres", doing, failure = ?failure, "the store failed");
    failure
}

/// Why the database could not be opened, for the console: with the host, never with the password.
pub(super) fn opening(options: &PgConnectOptions, error: sqlx::Error) -> OpenError {
    let host = host(options);
    let sqlx::Error::Database(database) = &error else {
        return OpenError::Unreachable { host, reason: error.to_string() };
    };
    let reason = database.message().to_owned();
    match database.code().as_deref() {
        // invalid_authorization_specification, invalid_password
        Some("28000" | "28P01") => {
            OpenError::AuthenticationFailed { host, user: options.get_username().to_owned(), reason }
        }
        // invalid_catalog_name
        Some("3D000") => OpenError::NoSuchDatabase {
            host,
            // Postgres takes the user's name where none is given.
            name: options.get_database().unwrap_or(options.get_username()).to_owned(),
        },
        _ => OpenError::Unreachable { host, reason },
    }
}

/// Where the server listens: a socket's directory, or host and port.
pub(super) fn host(options: &PgConnectOptions) -> String {
    match options.get_socket() {
        Some(socket) => socket.display().to_string(),
        None => format!("{}:{}", options.get_host(), options.get_port()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_full_disk_is_full() {
        assert_eq!(Failure::of_state("53100"), Failure::Full);
        assert_eq!(Failure::of_state("53200"), Failure::Unavailable, "out of memory");
        assert_eq!(Failure::of_state("53300"), Failure::Unavailable, "too many connections");
    }

    #[test]
    fn a_server_that_stops_or_follows_is_away() {
        for state in ["57P01", "57P02", "57P03", "08006", "25006", "25P03", "40001", "40P01", "55P03", "57014", "58030"]
        {
            assert_eq!(Failure::of_state(state), Failure::Unavailable, "{state}");
        }
    }

    #[test]
    fn damage_is_for_a_human() {
        for state in ["XX001", "XX002", "23505", "23514", "42P01", "42501", "22021", "P0001"] {
            assert_eq!(Failure::of_state(state), Failure::Corrupt, "{state}");
        }
    }
}
