//! The door to the hub: limits set before the first byte, then the connection is the hub's.

use super::councils::Councils;
use super::problem::ApiError;
use crate::hub::reader::LARGE_FRAME;
use crate::hub::socket::run;
use axum::extract::{Path, State, WebSocketUpgrade};
use axum::response::Response;
use std::sync::Arc;

/// tungstenite zero-fills its whole read buffer at every read; its default of 128 KiB a socket would cost ten times the memory
/// and half the speed. Votes and pings are far smaller than this.
const READ_BUFFER: usize = 2 * 1024;
/// Written out at once: frames are encoded and shared, so nothing is gained by holding them.
const WRITE_BUFFER: usize = 0;
/// The council's view with an agenda of 500 long titles stays below this; a peer that leaves more unread is cut.
const MAX_WRITE_BUFFER: usize = 2 * 1024 * 1024;

/// The origin was checked by the shell before this is reached.
pub async fn upgrade(
    State(councils): State<Councils>,
    Path(council): Path<String>,
    upgrade: WebSocketUpgrade,
) -> Result<Response, ApiError> {
    let council = councils.find(&council)?;
    let mut challenge = [0; 32];
    getrandom::fill(&mut challenge).map_err(ApiError::internal)?;
    let leave = council.leaving();
    let upgrade = upgrade
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(WRITE_BUFFER)
        .max_write_buffer_size(MAX_WRITE_BUFFER)
        .max_message_size(LARGE_FRAME)
        .max_frame_size(LARGE_FRAME);
    Ok(upgrade.on_upgrade(move |socket| {
        let room = Arc::clone(&council.room);
        run(socket, room, council, challenge, leave)
    }))
}
