//! JSON for the pages: councils, rosters, founding, the public views.

use super::councils::Councils;
use super::json::JsonBody;
use super::problem::ApiError;
use crate::chamber::Chamber;
use crate::chamber::command::{Command, Issuer};
use crate::chamber::ids::{CouncilId, PersonId};
use crate::chamber::refusal::Refusal;
use crate::chamber::roll::{Office, Person};
use crate::hub::admission::{self, Denial, RawOrder};
use crate::hub::room::Topic;
use crate::import;
use crate::ledger::{order, text};
use crate::node::roster::{Authority, RosterPlan};
use crate::node::{Council, FoundError, NewCouncil, codes};
use crate::sequencer::Answer;
use crate::wire::from_chamber as from;
use crate::wire::http::{CouncilBrief, FoundArguments, FoundRequest, FoundResponse, RosterRequest, RosterResponse};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

/// Characters of a view's tag: 96 bits tell any two of its states apart.
const TAG: usize = 16;

pub async fn councils(State(councils): State<Councils>) -> Json<Vec<CouncilBrief>> {
    let mut briefs = Vec::new();
    for council in councils.platform.councils() {
        // A council whose record cannot be read now is left out rather than shown with made-up words.
        briefs.extend(brief_of(&council).await);
    }
    Json(briefs)
}

async fn brief_of(council: &Council) -> Option<CouncilBrief> {
    let id = council.id.to_string();
    council.ask(move |sequencer| brief(id, sequencer.durable())).await.flatten()
}

fn brief(id: String, chamber: &Chamber) -> Option<CouncilBrief> {
    let info = chamber.council()?;
    Some(CouncilBrief {
        id,
        name: info.name.clone(),
        short_name: info.short_name.clone(),
        origin: info.origin.clone(),
        sitting: chamber.sitting().is_some(),
    })
}

pub async fn check_roster(
    State(councils): State<Councils>,
    Path(council): Path<String>,
    JsonBody(request): JsonBody<RosterRequest>,
) -> Result<Json<RosterResponse>, ApiError> {
    let council = councils.find(&council)?;
    let roster = signed_roster(&council, "check_roster", &request)?;
    require_administrator(&council, &roster.by).await?;
    let plan = council.plan_roster(roster.people).await.ok_or(ApiError::StoreUnavailable)?;
    Ok(Json(roster_response(plan, false)))
}

pub async fn import_roster(
    State(councils): State<Councils>,
    Path(council): Path<String>,
    JsonBody(request): JsonBody<RosterRequest>,
) -> Result<Json<RosterResponse>, ApiError> {
    let council = councils.find(&council)?;
    let roster = signed_roster(&council, "import_roster", &request)?;
    let plan = council.plan_roster(roster.people).await.ok_or(ApiError::StoreUnavailable)?;
    let authority = Authority::Order { by: roster.by, signed: roster.raw.signed, arguments: request.arguments };
    match council.import_roster(roster.sha256, plan.people.clone(), authority).await {
        Answer::Receipt(_) => Ok(Json(roster_response(plan, true))),
        Answer::Refused(refusal) => Err(ApiError::Refused(refusal)),
        Answer::UnknownDevice => Err(ApiError::UnknownDevice),
        Answer::TooLarge => Err(ApiError::TooLarge),
        Answer::Busy => Err(ApiError::Busy),
        Answer::Internal => Err(ApiError::internal("a roster does not fit the fold")),
        Answer::StoreUnavailable => Err(ApiError::StoreUnavailable),
    }
}

struct SignedRoster {
    by: PersonId,
    raw: RawOrder,
    sha256: String,
    people: Vec<Person>,
}

/// The order must have this name, be signed by a bound device, and name exactly the file that came with it. Looking has a name of
/// its own, so that what was signed to look cannot be used to import. The arguments are the same.
fn signed_roster(council: &Council, name: &str, request: &RosterRequest) -> Result<SignedRoster, ApiError> {
    let directory = council.room.directory();
    let (by, raw) = admission::order_by_anyone(&directory, &request.statement, &request.arguments)?;
    if raw.order.order != name {
        return Err(ApiError::UnknownOrder);
    }
    let target = raw.order.target.as_deref();
    let command = order::command("import_roster", target, &request.arguments).map_err(Denial::from)?;
    let Command::ImportRoster { sha256, .. } = command else { return Err(ApiError::UnknownOrder) };
    if sha256 != text::hex(&Sha256::digest(request.csv.as_bytes())) {
        return Err(ApiError::BadStatement("the order names another file than the one sent".to_string()));
    }
    let people = import::roster::read(request.csv.as_bytes()).map_err(ApiError::BadCsv)?;
    Ok(SignedRoster { by, raw, sha256, people })
}

fn roster_response(plan: RosterPlan, imported: bool) -> RosterResponse {
    RosterResponse {
        added: plan.added,
        changed: plan.changed,
        unchanged: plan.unchanged,
        people: plan.people.iter().map(from::person).collect(),
        imported,
    }
}

async fn require_administrator(council: &Council, person: &PersonId) -> Result<(), ApiError> {
    let person = person.clone();
    let is = council.ask(move |sequencer| sequencer.durable().holds_office(&person, Office::Administrator)).await;
    match is {
        Some(true) => Ok(()),
        Some(false) => Err(ApiError::Refused(Refusal::NotAllowed)),
        None => Err(ApiError::StoreUnavailable),
    }
}

/// An administrator of the platform's first council founds another. The new record names the operator as its founder, so who
/// ordered it stands in the log.
pub async fn found(
    State(councils): State<Councils>,
    Path(council): Path<String>,
    JsonBody(request): JsonBody<FoundRequest>,
) -> Result<Json<FoundResponse>, ApiError> {
    let host = councils.find(&council)?;
    let directory = host.room.directory();
    let (by, raw) = admission::order_by_anyone(&directory, &request.statement, &request.arguments)?;
    if raw.order.order != "host_council" {
        return Err(ApiError::UnknownOrder);
    }
    if !councils.platform.is_host(&host).await {
        return Err(ApiError::Refused(Refusal::NotAllowed));
    }
    require_administrator(&host, &by).await?;
    let target = raw.order.target.as_deref().unwrap_or_default();
    let id = CouncilId::parse(target).map_err(|error| ApiError::BadStatement(format!("target: {error}")))?;
    let arguments: FoundArguments =
        serde_json::from_str(&request.arguments).map_err(|error| ApiError::BadStatement(error.to_string()))?;
    let admin = NewCouncil::first_administrator(&arguments.administrator)?;
    let person = admin.id.clone();
    let new = NewCouncil {
        id,
        origin: arguments.origin,
        name: arguments.name,
        short_name: arguments.short_name,
        preset: arguments.preset,
        seats: arguments.seats,
        people: vec![admin],
    };
    let council = councils.platform.found(new).await?;
    tracing::info!(host = %host.id, person = %by, council = %council.id, "a council was founded by order");
    let code = councils.platform.issue_code(&council, &person, Issuer::Operator, codes::CODE_LIFE_MS).await?;
    let brief = brief_of(&council).await.ok_or(ApiError::StoreUnavailable)?;
    Ok(Json(FoundResponse { council: brief, code: code.to_wire(&council.id) }))
}

/// The public view of a topic, as on the socket. A proxy may answer with it for a second: a crowd then costs one request, and
/// what goes behind closed doors is gone within a second as well.
pub async fn view(
    State(councils): State<Councils>,
    Path((council, topic)): Path<(String, String)>,
    asked: HeaderMap,
) -> Result<Response, ApiError> {
    let council = councils.find(&council)?;
    let topic = match topic.as_str() {
        "council" => Topic::Council,
        "roll" => Topic::Roll,
        "live" => Topic::Live,
        "seats" => Topic::Seats,
        "speaking" => Topic::Speaking,
        _ => return Err(ApiError::NotFound),
    };
    let frame = council.room.public_frame(topic).ok_or(ApiError::StoreUnavailable)?;
    let tag = format!("\"{}\"", &text::base64(&Sha256::digest(frame.as_bytes()))[..TAG]);
    let headers = [(header::CACHE_CONTROL, "public, max-age=1".to_string()), (header::ETAG, tag.clone())];
    if asked.get_all(header::IF_NONE_MATCH).iter().any(|known| known.as_bytes() == tag.as_bytes()) {
        return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    let kind = [(header::CONTENT_TYPE, "application/json")];
    Ok((headers, kind, Bytes::from(frame)).into_response())
}

impl From<Denial> for ApiError {
    fn from(denial: Denial) -> Self {
        match denial {
            Denial::BadStatement | Denial::BadLogin => Self::BadStatement("it does not follow the format".to_string()),
            Denial::BadSignature => Self::BadSignature,
            Denial::WeakKey => Self::WeakKey,
            Denial::WrongLog => Self::WrongLog,
            Denial::WrongPerson => Self::WrongPerson,
            Denial::UnknownDevice => Self::UnknownDevice,
            Denial::UnknownOrder => Self::UnknownOrder,
            Denial::TooLarge => Self::TooLarge,
            Denial::NotAllowed => Self::Refused(Refusal::NotAllowed),
            Denial::UnknownPerson => Self::Refused(Refusal::UnknownPerson),
            Denial::Refused(refusal) => Self::Refused(refusal),
            // Errands have no place over HTTP, and these two are of errands alone.
            Denial::TooFast | Denial::SeveralNodes => Self::Busy,
            Denial::Busy => Self::Busy,
            Denial::StoreUnavailable => Self::StoreUnavailable,
        }
    }
}

impl From<FoundError> for ApiError {
    fn from(error: FoundError) -> Self {
        match error {
            FoundError::Exists => Self::CouncilExists,
            FoundError::UnknownPreset | FoundError::NoRoomForRehearsal => Self::BadStatement(error.to_string()),
            FoundError::Refused(refusal) => Self::Refused(refusal),
            FoundError::Origin | FoundError::OriginTaken => Self::Refused(Refusal::BadOrigin),
            FoundError::TooLarge => Self::TooLarge,
            FoundError::Store(_) | FoundError::Append(_) => Self::StoreUnavailable,
            FoundError::Load(failure) => Self::internal(failure),
        }
    }
}
