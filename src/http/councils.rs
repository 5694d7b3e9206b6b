//! The routes of the councils: socket, JSON, record. Put into the shell by [`router`].

use super::json::BodyTime;
use super::limits::TryLimiter;
use super::metrics::{Metrics, ProcessRoutes};
use super::origin::OriginPolicy;
use super::pages::Pages;
use super::problem::ApiError;
use super::{Shell, api, enrolment, events, record, results, shell, socket};
use crate::chamber::ids::CouncilId;
use crate::hub::fan::Fan;
use crate::node::{Council, Platform};
use axum::Router;
use axum::routing::{get, post};
use futures_util::future::BoxFuture;
use std::sync::Arc;

/// What handlers work with.
#[derive(Clone)]
pub struct Councils {
    pub platform: Arc<Platform>,
    pub tries: Arc<TryLimiter>,
    pub fan: Arc<Fan>,
}

impl Councils {
    /// The council of a path.
    pub fn find(&self, id: &str) -> Result<Arc<Council>, ApiError> {
        let id = CouncilId::parse(id).map_err(|_| ApiError::UnknownCouncil)?;
        self.platform.council(&id).ok_or(ApiError::UnknownCouncil)
    }
}

/// Everything the server answers.
pub fn router(platform: Arc<Platform>, origins: OriginPolicy, metrics: Metrics, metrics_for_all: bool) -> Router {
    let asked = platform.clone();
    let ready = Arc::new(move || -> BoxFuture<'static, Result<(), String>> {
        let platform = asked.clone();
        Box::pin(async move { platform.ready().await.map_err(|error| error.to_string()) })
    });
    let config = Shell {
        origins,
        pages: Pages::embedded(),
        process: ProcessRoutes { metrics, metrics_for_all, ready },
        body_time: BodyTime::default(),
    };
    shell(config, routes(Councils { platform, tries: Arc::default(), fan: Arc::default() }))
}

fn routes(councils: Councils) -> Router {
    Router::new()
        .route("/api/councils", get(api::councils))
        .route("/c/{council}/ws", get(socket::upgrade))
        .route("/c/{council}/api/enrol/look", post(enrolment::look))
        .route("/c/{council}/api/enrol", post(enrolment::enrol))
        .route("/c/{council}/api/roster/check", post(api::check_roster))
        .route("/c/{council}/api/roster", post(api::import_roster))
        .route("/c/{council}/api/councils", post(api::found))
        .route("/c/{council}/api/results", get(results::list))
        .route("/c/{council}/api/results.csv", get(results::table))
        .route("/c/{council}/api/view/{topic}", get(api::view))
        .route("/c/{council}/api/events", get(events::events))
        .route("/c/{council}/record/checkpoint", get(record::checkpoint))
        .route("/c/{council}/record/inclusion", get(record::inclusion))
        .route("/c/{council}/record/consistency", get(record::consistency))
        .route("/c/{council}/record/tile/{*path}", get(record::tile))
        .with_state(councils)
}
