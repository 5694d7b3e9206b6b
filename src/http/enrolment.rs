//! One-time codes over HTTP: whose is it, and spend it. Both count as tries.

use super::councils::Councils;
use super::json::JsonBody;
use super::limits::Try;
use super::listener::Peer;
use super::problem::ApiError;
use crate::hub::frames::to_wire;
use crate::node::EnrolError;
use crate::wire::from_chamber as from;
use crate::wire::http::{EnrolRequest, EnrolResponse, LookRequest, LookResponse};
use axum::Json;
use axum::extract::{Extension, Path, State};
use std::time::Instant;

pub async fn look(
    State(councils): State<Councils>,
    Path(council): Path<String>,
    Extension(peer): Extension<Peer>,
    JsonBody(request): JsonBody<LookRequest>,
) -> Result<Json<LookResponse>, ApiError> {
    let council = councils.find(&council)?;
    let a_try = councils
        .tries
        .begin(council.id.as_str(), peer.address.ip(), Instant::now())
        .map_err(|retry_after| ApiError::TooManyTries { retry_after })?;
    let invitation = charged(a_try, councils.platform.look(&council, &request.code).await)?;
    Ok(Json(LookResponse {
        origin: invitation.origin,
        council_name: invitation.council_name,
        vkey: invitation.vkey,
        person: from::person(&invitation.person),
        replaces_device: invitation.replaces_device,
    }))
}

pub async fn enrol(
    State(councils): State<Councils>,
    Path(council): Path<String>,
    Extension(peer): Extension<Peer>,
    JsonBody(request): JsonBody<EnrolRequest>,
) -> Result<Json<EnrolResponse>, ApiError> {
    let council = councils.find(&council)?;
    let a_try = councils
        .tries
        .begin(council.id.as_str(), peer.address.ip(), Instant::now())
        .map_err(|retry_after| ApiError::TooManyTries { retry_after })?;
    let enrolled = charged(a_try, councils.platform.enrol(&council, &request.code, &request.statement).await)?;
    Ok(Json(EnrolResponse {
        person: from::person(&enrolled.person),
        device: enrolled.device,
        receipt: to_wire(enrolled.receipt),
    }))
}

/// Only a wrong code costs a try: a store that is away must not use up the hall's tries.
fn charged<T>(a_try: Try<'_>, outcome: Result<T, EnrolError>) -> Result<T, ApiError> {
    match &outcome {
        Err(EnrolError::BadCode) => a_try.was_wrong(),
        _ => a_try.was_right(Instant::now()),
    }
    outcome.map_err(ApiError::from)
}

impl From<EnrolError> for ApiError {
    fn from(error: EnrolError) -> Self {
        match error {
            EnrolError::BadCode => Self::BadCode,
            EnrolError::Denied(denial) => denial.into(),
            EnrolError::Refused(refusal) => Self::Refused(refusal),
            EnrolError::Busy => Self::Busy,
            EnrolError::Store => Self::StoreUnavailable,
        }
    }
}
