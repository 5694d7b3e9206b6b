//! From node to node: a command goes to whoever leads its council, over TLS on which both ends prove that they have the same
//! instance secret, and its answer comes back.

mod door;
mod frames;
mod line;
mod said;
mod tls;

pub use door::{Door, Taker};
pub use line::Peers;
pub use tls::Identity;

use crate::sequencer::Answer;
use std::time::Duration;

/// Called once: with the answer, or with `None` by a node that does not lead the council.
pub type Relayed = Box<dyn FnOnce(Option<Answer>) + Send>;

/// Which protocol two nodes speak. A node of another version is refused, clearly and at once: while a new version is rolled out,
/// councils are led by nodes of either, and tablets reach those of the leader's version.
pub const VERSION: u32 = 1;

/// Commands of one line that wait for their answers: as many as a council's inbox takes. Beyond it: `busy`.
const OUTSTANDING: usize = super::INBOX;
/// For the TCP connection, the handshake and the first frames each: neighbours answer in a millisecond.
const GREETING_WITHIN: Duration = Duration::from_secs(1);
/// Longest wait for an answer. By then another node leads where the one that was asked has died; the same words find its receipt.
const ANSWER_WITHIN: Duration = Duration::from_secs(5);
/// A line that cannot be written to for so long is as good as cut.
const WRITE_WITHIN: Duration = Duration::from_secs(5);
/// A line without commands is let go; the next one opens another.
const IDLE: Duration = Duration::from_secs(60);
