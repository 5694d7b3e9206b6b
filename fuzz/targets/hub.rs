//! The socket: bytes, and the frames in them.

use super::text;
use dienhong::hub::codec::{Heard, Input, Wrong};
use dienhong::hub::frames::understand;
use dienhong::wire::frames::ClientFrame;

/// Of a tablet's frames.
const LIMIT: usize = 16 * 1024;

/// However a stream is cut into reads, it says the same. The first byte says how long a read is.
pub fn socket(data: &[u8]) {
    let Some((first, stream)) = data.split_first() else { return };
    assert_eq!(heard(stream, stream.len()), heard(stream, usize::from(*first)));
}

fn heard(stream: &[u8], read: usize) -> (Vec<Heard>, Option<Wrong>) {
    let mut input = Input::new(LIMIT, Vec::new());
    let mut all = Vec::new();
    for piece in stream.chunks(read.max(1)) {
        input.add(piece);
        loop {
            match input.take() {
                Ok(Some(heard)) => all.push(heard),
                Ok(None) => break,
                Err(wrong) => return (all, Some(wrong)),
            }
        }
    }
    (all, None)
}

pub fn frame(data: &[u8]) {
    let Some(frame) = text(data).and_then(|text| understand(text, LIMIT).ok()) else { return };
    let written = serde_json::to_string(&frame).expect("a frame can be written");
    let again: ClientFrame = serde_json::from_str(&written).expect("and read again");
    assert_eq!(again, frame);
}
