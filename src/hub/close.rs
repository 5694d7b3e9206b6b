//! Close codes of the socket (docs/protocol.md). Each says by its number whether a page should come back.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Close {
    /// The server is stopping; come back.
    Stopping,
    /// Not WebSocket (RFC 6455): no browser does that.
    NoFrame,
    /// A text that is no UTF-8: no browser does that either.
    NoUtf8,
    /// A frame broke the pages' own protocol; do not come back.
    Protocol,
    /// The same device joined again on the same kind of page; do not come back.
    Replaced,
    /// The device was revoked or its login not accepted; enrol again.
    Revoked,
    /// Too many frames; come back later.
    TooFast,
    /// Did not read for too long; come back.
    Slow,
    /// No join in time; come back.
    NoJoin,
    /// Nothing was heard for too long; come back.
    Silent,
    /// The person's offices changed, and with them what may be seen; come back.
    Reseated,
    /// The council is no more: its rehearsal has ended; do not come back.
    Ended,
}

impl Close {
    pub fn code(self) -> u16 {
        match self {
            Self::Stopping => 1001,
            Self::NoFrame => 1002,
            Self::NoUtf8 => 1007,
            Self::Protocol => 4000,
            Self::Replaced => 4001,
            Self::Revoked => 4002,
            Self::TooFast => 4003,
            Self::Slow => 4004,
            Self::NoJoin => 4005,
            Self::Silent => 4006,
            Self::Reseated => 4007,
            Self::Ended => 4008,
        }
    }

    /// The label in metrics and the reason in the close frame.
    pub fn reason(self) -> &'static str {
        match self {
            Self::Stopping => "stopping",
            Self::NoFrame => "no_frame",
            Self::NoUtf8 => "no_utf8",
            Self::Protocol => "protocol",
            Self::Replaced => "replaced",
            Self::Revoked => "revoked",
            Self::TooFast => "too_fast",
            Self::Slow => "slow",
            Self::NoJoin => "no_join",
            Self::Silent => "silent",
            Self::Reseated => "reseated",
            Self::Ended => "ended",
        }
    }
}
