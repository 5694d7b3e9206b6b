//! Floor 2. What a hall needs to be tried out: made-up people, and a real session's agenda. Deterministic: knows no clock and
//! no randomness but its seed.

mod agenda;
mod council;
mod names;
mod rng;

pub use agenda::{BadAgenda, agenda};
pub use council::{WITHOUT_SEAT, council};
pub use rng::Rng;

/// What the sample council and its session are called.
pub mod words {
    pub const COUNCIL: &str = "mau";
    pub const NAME: &str = "Hội đồng nhân dân thành phố (mẫu)";
    pub const SHORT_NAME: &str = "HĐND thành phố (mẫu)";
    pub const SESSION: &str = "Kỳ họp thứ 29";
    pub const TERM: &str = "Khóa XVI, nhiệm kỳ 2021–2026";
    pub const SITTING: &str = "Phiên họp toàn thể";
}
