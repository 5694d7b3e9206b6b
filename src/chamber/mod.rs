//! Floor 0. The rules of the hall. Knows no clock, network, store or randomness; the same commands at the same times give
//! the same events, and the same events give the same [`Chamber`].

// The words: what can be asked, what can happen, why not, and what there is.
pub mod agenda;
pub mod attendance;
pub mod ballot;
pub mod command;
pub mod event;
pub mod ids;
pub mod refusal;
pub mod roll;
pub mod rules;
pub mod speaking;
pub mod wall;

// The rules of counting, and what a vote's hash names.
mod bloc;
mod count;
mod entitled;
pub mod limits;
pub mod majority;
pub mod presets;
pub mod question;

// The fold.
mod apply;
mod decide;
mod fits;
pub mod invariants;
mod kept;
mod outline;
mod permission;
mod queries;
mod seat_order;
mod state;
pub mod texts;

pub use fits::Misfit;
pub use state::{Chamber, Council};
