//! Floor 3. The authority of a hall without internet: a root certificate that tablets take on once, limited to the names of the
//! hall's server, and the server's certificates under it (docs/tls.md). It knows no clock: the time is given to it.

mod error;
mod files;
mod made;
mod moment;
mod names;
mod root;
mod server;

pub use error::{AuthorityError, NameFault};
pub use made::{Authority, MOST_YEARS};
pub use moment::{Life, Moment};
pub use names::{Host, Names};
pub use root::Root;
pub use server::{MOST_DAYS, Renewal, ServerCertificate};
