//! What can go wrong for a client. Closed, with stable codes like the server's own.

/// Why the client could not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ClientError {
    #[error("{0:?} is not the address of a server (http://… or https://…)")]
    BadAddress(String),
    #[error("{0:?} cannot be the id of a council")]
    BadCouncil(String),
    #[error("the operating system gives no random bytes")]
    NoRandomness,
    #[error("the server cannot be reached: {0}")]
    Unreachable(String),
    #[error("no answer in time")]
    TimedOut,
    /// The server's or the chamber's own code (docs/protocol.md).
    #[error("refused: {code}")]
    Refused { code: String, retry: bool },
    /// The server closed the socket for good; `why` is the code of the `error` frame before it, where there was one.
    #[error("the server closed the connection: {code} {why}")]
    Closed { code: u16, why: String },
    #[error("the server broke the protocol: {0}")]
    Protocol(String),
    /// The receipt does not prove what was sent: the act must be taken for not recorded.
    #[error("the receipt does not hold: {0}")]
    BadReceipt(String),
    /// The council's checkpoint key or origin is not the one this device was enrolled with.
    #[error("the council shows another key than at the enrolment")]
    WrongCouncil,
    #[error("the question shown is not the one the ballot names")]
    WrongDocument,
    #[error("the question has no answer {0:?}")]
    UnknownAnswer(String),
    /// A page that only watches was asked to act.
    #[error("this client acts for nobody")]
    NoIdentity,
    /// A value given cannot stand in a statement.
    #[error("cannot be signed: {0}")]
    Unsignable(String),
    #[error("the client was closed")]
    Gone,
}

impl ClientError {
    /// Stable, for counting and for reports.
    pub fn code(&self) -> &str {
        match self {
            Self::BadAddress(_) => "bad_address",
            Self::BadCouncil(_) => "bad_council",
            Self::NoRandomness => "no_randomness",
            Self::Unreachable(_) => "unreachable",
            Self::TimedOut => "timed_out",
            Self::Refused { code, .. } => code,
            Self::Closed { .. } => "closed",
            Self::Protocol(_) => "protocol",
            Self::BadReceipt(_) => "bad_receipt",
            Self::WrongCouncil => "wrong_council",
            Self::WrongDocument => "document_differs",
            Self::UnknownAnswer(_) => "answer_unknown",
            Self::NoIdentity => "no_identity",
            Self::Unsignable(_) => "unsignable",
            Self::Gone => "gone",
        }
    }

    /// True when the server said no with exactly this code.
    pub fn is_refusal(&self, wanted: &str) -> bool {
        matches!(self, Self::Refused { code, .. } if code == wanted)
    }
}
