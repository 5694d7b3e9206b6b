//! Frames on their way out, as shared pieces that leave in one call to the system: what was encoded once for many is never copied
//! for one.

use super::codec;
use axum::extract::ws::Utf8Bytes;
use bytes::{Buf, Bytes};
use std::collections::VecDeque;
use std::io::IoSlice;

#[derive(Debug, Default)]
pub struct Outgoing {
    /// None of them empty.
    pieces: VecDeque<Bytes>,
    /// How many were put in.
    frames: u32,
}

impl Outgoing {
    /// A whole frame.
    pub fn push(&mut self, frame: Bytes) {
        self.frames = self.frames.saturating_add(1);
        self.piece(frame);
    }

    /// A text that others are sent too.
    pub fn push_text(&mut self, text: &Utf8Bytes) {
        self.push(codec::text_header(text.len()));
        self.piece(Bytes::from(text.clone()));
    }

    /// How many frames were put in, also those that have left.
    pub fn frames(&self) -> u32 {
        self.frames
    }

    fn piece(&mut self, piece: Bytes) {
        if !piece.is_empty() {
            self.pieces.push_back(piece);
        }
    }
}

impl Buf for Outgoing {
    fn remaining(&self) -> usize {
        self.pieces.iter().map(Bytes::len).sum()
    }

    fn chunk(&self) -> &[u8] {
        self.pieces.front().map_or(&[], |piece| piece)
    }

    fn chunks_vectored<'a>(&'a self, into: &mut [IoSlice<'a>]) -> usize {
        let filled = into.iter_mut().zip(&self.pieces);
        filled.map(|(slice, piece)| *slice = IoSlice::new(piece)).count()
    }

    fn advance(&mut self, mut count: usize) {
        while let Some(first) = self.pieces.front_mut() {
            if count < first.len() {
                first.advance(count);
                return;
            }
            count -= first.len();
            self.pieces.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_leave_in_order_however_much_is_taken_at_once() {
        for step in 1..12 {
            let mut outgoing = Outgoing::default();
            outgoing.push(Bytes::from_static(b"one"));
            outgoing.push(Bytes::new());
            outgoing.push_text(&"three".into());
            let mut slices = [IoSlice::new(&[]); 8];
            assert_eq!((outgoing.chunks_vectored(&mut slices), outgoing.frames()), (3, 3));
            let mut all = Vec::new();
            while outgoing.has_remaining() {
                let part = outgoing.chunk().len().min(step);
                all.extend_from_slice(&outgoing.chunk()[..part]);
                outgoing.advance(part);
            }
            assert_eq!(all, b"one\x81\x05three");
        }
        let mut outgoing = Outgoing::default();
        outgoing.push(Bytes::from_static(b"ab"));
        outgoing.push(Bytes::from_static(b"cd"));
        outgoing.advance(3);
        assert_eq!((outgoing.chunk(), outgoing.remaining()), (&b"d"[..], 1));
    }
}
