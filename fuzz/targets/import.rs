//! Files people upload.

use dienhong::client::roster_csv;
use dienhong::import;

/// A roster that was understood, written down by the program itself, is understood the same.
pub fn roster(data: &[u8]) {
    let Ok(people) = import::roster::read(data) else { return };
    let again = import::roster::read(roster_csv(&people).as_bytes());
    assert_eq!(again.as_ref().map_err(|problems| problems.len()), Ok(&people), "{}", roster_csv(&people));
}

pub fn agenda(data: &[u8]) {
    // Nothing writes agendas as CSV: it must only be told right from wrong without harm.
    if let Err(problems) = import::agenda::read(data) {
        assert!(!problems.is_empty());
    }
}
