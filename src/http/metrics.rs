//! Counters for Prometheus, and whether the process is fit to serve. Names: docs/metrics.md.

use super::listener::Peer;
use super::problem::{AnsweredWith, ApiError};
use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use futures_util::future::BoxFuture;
use metrics::{counter, histogram};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::time::{MissedTickBehavior, interval, timeout};

/// The process's metrics.
#[derive(Debug, Clone)]
pub struct Metrics {
    handle: PrometheusHandle,
}

/// Asks whether requests can be served: `Ok`, or why not (for the log). Called for `/readyz`, once at a time.
pub type Readiness = Arc<dyn Fn() -> BoxFuture<'static, Result<(), String>> + Send + Sync>;

/// `/healthz`, `/readyz` and `/metrics`.
#[derive(Clone)]
pub struct ProcessRoutes {
    pub metrics: Metrics,
    /// Let every address read `/metrics`; otherwise only this machine may. Counters hold no votes, but they tell when a hall is
    /// busy. A proxy on this machine must not pass the path on.
    pub metrics_for_all: bool,
    pub ready: Readiness,
}

impl Metrics {
    /// Installs the recorder on the first call in a process; later ones get the same. [`Metrics::upkeep`] must run beside.
    pub fn install() -> Result<Self, BuildError> {
        static INSTALLED: Mutex<Option<PrometheusHandle>> = Mutex::new(None);
        let mut installed = INSTALLED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(handle) = &*installed {
            return Ok(Self { handle: handle.clone() });
        }
        let handle = PrometheusBuilder::new()
            .set_buckets_for_metric(Matcher::Suffix("_seconds".into()), SECONDS)?
            .install_recorder()?;
        *installed = Some(handle.clone());
        Ok(Self { handle })
    }

    /// The text Prometheus reads.
    pub fn render(&self) -> String {
        self.handle.render()
    }

    /// Folds samples into their histograms, for ever. Without it they would pile up while nobody reads `/metrics`.
    pub async fn upkeep(self) {
        // At some 10,000 samples a second this keeps the pile below a megabyte.
        const EVERY: Duration = Duration::from_secs(5);
        let mut tick = interval(EVERY);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tick.tick().await;
            self.handle.run_upkeep();
        }
    }
}

impl ProcessRoutes {
    pub fn routes(self) -> Router {
        let ready = Arc::new(Ready { ask: self.ready.clone(), last: tokio::sync::Mutex::default() });
        Router::new()
            .route("/healthz", get(async || "ok\n"))
            .route("/metrics", get(scrape))
            .with_state(self)
            .route("/readyz", get(readyz).with_state(ready))
    }
}

/// Middleware: counts and times every request and logs it by method, route and path. Never a query or a body: fragments with
/// one-time codes do not reach a server, and nothing else secret is in a path.
pub async fn observe(request: Request, next: Next) -> Response {
    let start = Instant::now();
    let method = method_label(request.method());
    let route = request.extensions().get::<MatchedPath>().cloned();
    let route = route.as_ref().map_or("none", MatchedPath::as_str).to_owned();
    let path = loggable(request.uri().path());
    let peer = request.extensions().get::<Peer>().map(|peer| peer.address.ip());
    let response = next.run(request).await;

    let took = start.elapsed();
    let status = response.status().as_u16();
    let code = response.extensions().get::<AnsweredWith>().map_or("", |answered| answered.0);
    let labels = [("route", route.clone()), ("method", method.to_owned()), ("status", status.to_string())];
    counter!("dienhong_http_requests_total", &labels).increment(1);
    histogram!("dienhong_http_request_seconds", "route" => route).record(took);
    if !code.is_empty() {
        counter!("dienhong_http_problems_total", "code" => code).increment(1);
    }
    let millis = took.as_millis();
    let peer = peer.map(tracing::field::display);
    match status {
        500.. => tracing::warn!(method, path, status, code, millis, peer, "request failed"),
        400.. => tracing::info!(method, path, status, code, millis, peer, "request refused"),
        _ => tracing::debug!(method, path, status, millis, peer, "request"),
    }
    response
}

/// Upper bounds of the buckets of every `…_seconds` histogram: from a view served from memory to the longest time limit.
const SECONDS: &[f64] = &[0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// Asks at most one at a time, and not again soon after a yes: any address may ask, and the store should not feel it. A no is
/// not kept, so that a recovery shows at once.
struct Ready {
    ask: Readiness,
    last: tokio::sync::Mutex<Option<Instant>>,
}

impl Ready {
    async fn get(&self) -> Result<(), String> {
        const FRESH: Duration = Duration::from_secs(1);
        let mut last = self.last.lock().await;
        if last.is_some_and(|at| at.elapsed() < FRESH) {
            return Ok(());
        }
        *last = None;
        (self.ask)().await?;
        *last = Some(Instant::now());
        Ok(())
    }
}

async fn readyz(State(ready): State<Arc<Ready>>) -> Response {
    // Probes ask every few seconds and count a slow answer as none.
    const LONGEST: Duration = Duration::from_secs(2);
    let answer = timeout(LONGEST, ready.get()).await;
    let cause = match answer {
        Ok(Ok(())) => return "ready\n".into_response(),
        Ok(Err(cause)) => cause,
        Err(_) => "no answer in time".to_owned(),
    };
    tracing::warn!(%cause, "not ready");
    ApiError::StoreUnavailable.into_response()
}

async fn scrape(State(process): State<ProcessRoutes>, request: Request) -> Response {
    let peer = request.extensions().get::<Peer>();
    let here = peer.is_some_and(|peer| peer.address.ip().to_canonical().is_loopback());
    if !here && !process.metrics_for_all {
        return ApiError::NotFound.into_response();
    }
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], process.metrics.render()).into_response()
}

/// A path may be as long as a header and hold any character beyond ASCII: cut, and percent-encoded as it should have been. A
/// control or a character that turns the line around would speak to the terminal of whoever reads the log.
fn loggable(path: &str) -> String {
    const LONGEST: usize = 200;
    let mut text = String::new();
    for c in path.chars().take(LONGEST) {
        if c.is_ascii_graphic() {
            text.push(c);
        } else {
            text.extend(c.encode_utf8(&mut [0; 4]).bytes().map(|byte| format!("%{byte:02x}")));
        }
    }
    text
}

/// Bounded: a client may make up methods.
fn method_label(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_in_the_log_is_short_and_plain() {
        assert_eq!(loggable("/c/mau/%1b[31m"), "/c/mau/%1b[31m");
        assert_eq!(loggable("/\u{9b}31m\u{202e}ă"), "/%c2%9b31m%e2%80%ae%c4%83");
        assert_eq!(loggable(&"/".repeat(5_000)).len(), 200);
    }
}
