//! What screens see. Made from the durable fold only, one value per audience; separate from the record's events so that
//! pages may change without touching the record.

mod council;
mod live;
mod reports;
mod roll;
mod speaking;

pub use council::*;
pub use live::*;
pub use reports::*;
pub use roll::*;
pub use speaking::*;

/// For fields that are left out where they say nothing.
fn is_false(flag: &bool) -> bool {
    !*flag
}

fn is_zero(number: &u32) -> bool {
    *number == 0
}
