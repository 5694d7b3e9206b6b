//! Frames as they leave: answers put into the wire's words.

use super::Answered;
use super::codec;
use super::mailbox::Mailbox;
use crate::sequencer::Answer;
use crate::wire::frames::{ClientFrame, Receipt, ServerFrame};
use axum::extract::ws::Utf8Bytes;
use serde::Serialize;
use std::sync::Arc;
use std::time::Instant;

/// A page's own number for a frame, echoed in its answer: a UUID with room to spare.
const MAX_FRAME_ID: usize = 64;

/// What a page says; or the complaint, after which it is shown the door.
pub fn understand(text: &str, limit: usize) -> Result<ClientFrame, Utf8Bytes> {
    if text.len() > limit {
        return Err(too_large());
    }
    let frame: ClientFrame =
        serde_json::from_str(text).map_err(|_| error(None, "bad_frame", "the frame is not one of the protocol's"))?;
    match &frame {
        ClientFrame::CastVote { id, .. } | ClientFrame::Order { id, .. } | ClientFrame::Query { id, .. }
            if id.len() > MAX_FRAME_ID =>
        {
            Err(error(None, "bad_frame", "the frame's id is too long"))
        }
        _ => Ok(frame),
    }
}

pub fn too_large() -> Utf8Bytes {
    error(None, "too_large", "the frame is longer than this page may send")
}

pub fn joined_already() -> Utf8Bytes {
    error(None, "bad_frame", "this connection has joined already")
}

/// Sends the answer into the socket it came from. A socket that is gone or stuck loses only the message: the page sends the
/// same statement again and gets the same receipt.
pub fn answer_to(mailbox: Arc<Mailbox>, id: String) -> Answered {
    let started = Instant::now();
    Box::new(move |answer| {
        metrics::histogram!("dienhong_answer_seconds").record(started.elapsed().as_secs_f64());
        let frame = match answer {
            Answer::Receipt(receipt) => ServerFrame::Receipt { id, receipt: to_wire(receipt) },
            Answer::Refused(refusal) => {
                metrics::counter!("dienhong_refusals_total", "code" => refusal.code()).increment(1);
                refused(id, refusal.code(), false)
            }
            Answer::UnknownDevice => refused(id, "unknown_device", false),
            Answer::TooLarge => refused(id, "too_large", false),
            Answer::Internal => {
                tracing::error!("a decision does not fit the fold; nothing was written");
                refused(id, "internal", false)
            }
            Answer::Busy => refused(id, "busy", true),
            Answer::StoreUnavailable => refused(id, "store_unavailable", true),
        };
        if mailbox.answer(codec::text(&encode(&frame))).is_err() {
            metrics::counter!("dienhong_answers_undelivered_total").increment(1);
        }
    })
}

/// The node has put the entry's line in before it answers.
pub fn to_wire(receipt: crate::sequencer::Receipt) -> Receipt {
    Receipt {
        seq: receipt.seq,
        entry: receipt.line.as_deref().unwrap_or_default().to_string(),
        proof: receipt.proof.iter().map(|hash| hash.base64()).collect(),
        checkpoint: receipt.checkpoint,
    }
}

pub fn refused(id: String, code: &str, retry: bool) -> ServerFrame {
    ServerFrame::Refused { id, code: code.to_string(), retry }
}

pub fn error(id: Option<String>, code: &str, message: &str) -> Utf8Bytes {
    encode(&ServerFrame::Error { id, code: code.to_string(), message: message.to_string() })
}

/// Wire types have string keys only, so encoding cannot fail; an empty object would be seen in tests at once.
pub fn encode(frame: &impl Serialize) -> Utf8Bytes {
    serde_json::to_string(frame).unwrap_or_else(|_| "{}".to_string()).into()
}
