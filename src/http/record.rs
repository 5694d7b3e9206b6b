//! The public part of the record: heads, proofs and tiles are public at once, entries where the council publishes names.

use super::councils::Councils;
use super::problem::ApiError;
use crate::chamber::rules::NamesPolicy;
use crate::ledger::merkle::Hash;
use crate::ledger::tiles::{TileKind, TilePath, bundle_bytes, tile_bytes};
use crate::node::Council;
use crate::wire::http::ProofResponse;
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

pub async fn checkpoint(State(councils): State<Councils>, Path(council): Path<String>) -> Result<Response, ApiError> {
    let council = councils.find(&council)?;
    let note = council.ask(|sequencer| sequencer.checkpoint().map(str::to_string)).await;
    let note = note.ok_or(ApiError::StoreUnavailable)?.ok_or(ApiError::NotFound)?;
    let headers = [(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")];
    Ok((headers, note).into_response())
}

#[derive(Debug, Deserialize)]
pub struct InclusionQuery {
    index: u64,
    size: u64,
}

pub async fn inclusion(
    State(councils): State<Councils>,
    Path(council): Path<String>,
    query: Result<Query<InclusionQuery>, QueryRejection>,
) -> Result<Json<ProofResponse>, ApiError> {
    let Query(InclusionQuery { index, size }) = query?;
    let council = councils.find(&council)?;
    // What is not durable yet does not exist for anybody outside.
    let proof = council
        .ask(move |sequencer| (size <= sequencer.size()).then(|| sequencer.tree().inclusion(index, size)).flatten())
        .await;
    proof_response(proof)
}

#[derive(Debug, Deserialize)]
pub struct ConsistencyQuery {
    from: u64,
    to: u64,
}

pub async fn consistency(
    State(councils): State<Councils>,
    Path(council): Path<String>,
    query: Result<Query<ConsistencyQuery>, QueryRejection>,
) -> Result<Json<ProofResponse>, ApiError> {
    let Query(ConsistencyQuery { from, to }) = query?;
    let council = councils.find(&council)?;
    let proof = council
        .ask(move |sequencer| (to <= sequencer.size()).then(|| sequencer.tree().consistency(from, to)).flatten())
        .await;
    proof_response(proof)
}

fn proof_response(proof: Option<Option<Vec<Hash>>>) -> Result<Json<ProofResponse>, ApiError> {
    let proof = proof.ok_or(ApiError::StoreUnavailable)?.ok_or(ApiError::NotFound)?;
    Ok(Json(ProofResponse { proof: proof.iter().map(Hash::base64).collect() }))
}

/// C2SP tiles. Full tiles never change; partial ones are named by their width, so they do not change either.
pub async fn tile(
    State(councils): State<Councils>,
    Path((council, path)): Path<(String, String)>,
) -> Result<Response, ApiError> {
    let council = councils.find(&council)?;
    let path = TilePath::parse(&format!("tile/{path}")).ok_or(ApiError::NotFound)?;
    let bytes = match path.kind {
        TileKind::Hashes { .. } => council
            .ask(move |sequencer| tile_bytes(sequencer.tree(), sequencer.size(), &path))
            .await
            .ok_or(ApiError::StoreUnavailable)?
            .ok_or(ApiError::NotFound)?,
        TileKind::Entries => entries(&council, path).await?,
    };
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream"),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    Ok((headers, bytes).into_response())
}

async fn entries(council: &Council, path: TilePath) -> Result<Vec<u8>, ApiError> {
    let (public, size) = council
        .ask(|sequencer| {
            let names = sequencer.durable().council().map(|info| info.rules.names);
            (names == Some(NamesPolicy::Public), sequencer.size())
        })
        .await
        .ok_or(ApiError::StoreUnavailable)?;
    // Of a record that has anything behind closed doors no entry is given out: any of them may speak of it.
    if !public || council.room.had_closed_doors() {
        return Err(ApiError::Withheld);
    }
    let (from, to) = path.range().filter(|(_, to)| *to <= size).ok_or(ApiError::NotFound)?;
    let lines = council.lines(from, to - from).await;
    let lines = lines.map_err(|_| ApiError::StoreUnavailable)?;
    bundle_bytes(lines.iter().map(String::as_bytes))
        .ok_or_else(|| ApiError::internal("an entry is too long for its tile"))
}
