//! Floor 3. A client that signs: what a tablet does, without the screen. The demonstration, the replay of a recorded sitting,
//! the load generator and the tests all speak through it, so they meet the server exactly as a page would.
//!
//! [`Endpoint`] is where a council is reached; [`Endpoint::enrol`] turns a one-time code into an [`Identity`]; [`Client`] is one
//! page's socket: it joins, keeps the newest view of each topic, reconnects, and sends a statement again until it has
//! its receipt, which it checks.

mod clock;
mod connection;
mod document;
mod endpoint;
mod error;
mod handle;
mod host;
mod identity;
mod latest;
mod pending;
mod receipt;

pub use endpoint::Endpoint;
pub use error::ClientError;
pub use handle::{Client, Options, Outcome};
pub use host::{Administrator, Host, roster_csv};
pub use identity::{DeviceKey, Identity};
pub use latest::{Latest, Topics, Views, when};
pub use receipt::CheckedReceipt;
