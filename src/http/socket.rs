//! The door to the hub: the handshake, then the connection is the hub's, as bare as it can be had.

use super::councils::Councils;
use super::guarded::Guarded;
use super::problem::ApiError;
use crate::hub::line::{Line, Plain};
use crate::hub::socket::{Visit, run};
use axum::body::Body;
use axum::extract::{FromRequestParts, Path, State, WebSocketUpgrade};
use axum::http::header::{CONNECTION, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, UPGRADE};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use std::future::Future;
use std::sync::Arc;
use tokio_rustls::server::TlsStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

/// The origin was checked by the shell before this is reached.
pub async fn upgrade(
    State(councils): State<Councils>,
    Path(council): Path<String>,
    handshake: Handshake,
) -> Result<Response, ApiError> {
    let council = councils.find(&council)?;
    let mut challenge = [0; 32];
    getrandom::fill(&mut challenge).map_err(ApiError::internal)?;
    let (room, leave, fan) = (Arc::clone(&council.room), council.leaving(), councils.fan);
    Ok(handshake.lead_to(Visit { room, inbox: council, challenge, leave, fan }))
}

/// A request that asks for a WebSocket and may have one.
pub struct Handshake {
    accept: String,
    upgrading: OnUpgrade,
}

impl<S: Send + Sync> FromRequestParts<S> for Handshake {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let upgrading = parts.extensions.get::<OnUpgrade>().cloned();
        let accept = parts.headers.get(SEC_WEBSOCKET_KEY).map(|key| derive_accept_key(key.as_bytes()));
        // axum looks at the headers; its own socket would keep the connection wrapped up.
        if let Err(refused) = WebSocketUpgrade::from_request_parts(parts, state).await {
            return Err(refused.into_response());
        }
        match (accept, upgrading) {
            (Some(accept), Some(upgrading)) => Ok(Self { accept, upgrading }),
            _ => Err(ApiError::internal("a handshake that was checked lacks its key").into_response()),
        }
    }
}

/// What is spoken over a connection once it is accepted. `read` came together with the request.
pub trait Conversation: Send + 'static {
    fn hold(self, line: impl Line, read: Vec<u8>) -> impl Future<Output = ()> + Send;
}

impl Conversation for Visit {
    fn hold(self, line: impl Line, read: Vec<u8>) -> impl Future<Output = ()> + Send {
        run(line, read, self)
    }
}

impl Handshake {
    /// Accepts, and leaves what follows to the conversation: the hub's.
    pub fn lead_to(self, conversation: impl Conversation) -> Response {
        let Self { accept, upgrading } = self;
        tokio::spawn(async move {
            // The peer hung up before it had its answer.
            let Ok(upgraded) = upgrading.await else { return };
            let upgraded = match upgraded.downcast::<TokioIo<Guarded>>() {
                Ok(parts) => return conversation.hold(parts.io.into_inner(), parts.read_buf.into()).await,
                Err(upgraded) => upgraded,
            };
            match upgraded.downcast::<TokioIo<TlsStream<Guarded>>>() {
                Ok(parts) => conversation.hold(parts.io.into_inner(), parts.read_buf.into()).await,
                Err(upgraded) => conversation.hold(TokioIo::new(upgraded), Vec::new()).await,
            }
        });
        let switching = Response::builder()
            .status(StatusCode::SWITCHING_PROTOCOLS)
            .header(CONNECTION, HeaderValue::from_static("upgrade"))
            .header(UPGRADE, HeaderValue::from_static("websocket"))
            .header(SEC_WEBSOCKET_ACCEPT, accept)
            .body(Body::empty());
        switching.unwrap_or_else(|error| ApiError::internal(error).into_response())
    }
}

impl Line for Guarded {
    fn into_plain(self) -> Result<Plain, Self> {
        let (stream, slot) = self.into_parts();
        Ok(Plain { stream, slot: Box::new(slot) })
    }
}

impl Line for TlsStream<Guarded> {}

impl Line for TokioIo<Upgraded> {}
