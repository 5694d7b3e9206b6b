//! Floor 5. The HTTP server: what every request passes, whatever it asks for. Routes of the councils are put in by [`shell`]'s
//! caller.

pub mod api;
pub mod councils;
pub mod enrolment;
pub mod events;
mod guarded;
pub mod install;
pub mod json;
pub mod limits;
pub mod listener;
pub mod metrics;
pub mod origin;
pub mod pages;
pub mod problem;
pub mod record;
pub mod results;
pub mod security;
pub mod socket;
pub mod tls;

use axum::Router;
use axum::body::HttpBody;
use axum::extract::{DefaultBodyLimit, Request};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use json::BodyTime;
use metrics::ProcessRoutes;
use origin::OriginPolicy;
use pages::Pages;
use problem::ApiError;
use std::any::Any;
use tower_http::catch_panic::CatchPanicLayer;

/// Bytes a request's body may have: the largest is a roster of 1,000 people.
pub const MAX_BODY: usize = 1024 * 1024;

/// What the shell is made of.
#[derive(Clone)]
pub struct Shell {
    pub origins: OriginPolicy,
    pub pages: Pages,
    pub process: ProcessRoutes,
    pub body_time: BodyTime,
}

/// The whole router: `councils` (paths under `/c/{council}/` and `/api/`, without a fallback of their own) with the pages and
/// the process's routes beside it. Every answer, also to what no route knows and after a panic, has the security headers and is
/// counted; every request that may change something or upgrades is checked for its origin.
pub fn shell(config: Shell, councils: Router) -> Router {
    let Shell { origins, pages, process, body_time } = config;
    let limit_body = move |mut request: Request, next: Next| async move {
        if announces_too_much(&request) {
            return ApiError::TooLarge.into_response();
        }
        request.extensions_mut().insert(body_time);
        next.run(request).await
    };
    Router::new()
        .merge(councils)
        .merge(pages::routes(pages))
        .merge(process.routes())
        .fallback(async || ApiError::NotFound)
        .method_not_allowed_fallback(async || ApiError::WrongMethod)
        // From the inside out.
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(middleware::from_fn(limit_body))
        .layer(middleware::from_fn_with_state(origins, origin::guard))
        .layer(middleware::from_fn(problem::complete))
        .layer(CatchPanicLayer::custom(after_panic))
        .layer(middleware::from_fn(security::headers))
        .layer(middleware::from_fn(metrics::observe))
}

/// Refused before anything of it is read. A body that announces no length is cut when it has grown too large.
fn announces_too_much(request: &Request) -> bool {
    request.body().size_hint().lower() > MAX_BODY as u64
}

fn after_panic(panic: Box<dyn Any + Send + 'static>) -> Response {
    let what = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    ApiError::internal(format_args!("a handler panicked: {}", what.unwrap_or("?"))).into_response()
}
