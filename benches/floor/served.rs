//! One room behind the server's own listener, and nobody who acts in it.

use async_trait::async_trait;
use axum::Router;
use axum::routing::get;
use dienhong::chamber::ids::PersonId;
use dienhong::http::listener::{Bound, ListenerConfig};
use dienhong::http::socket::Handshake;
use dienhong::hub::admission::Denial;
use dienhong::hub::fan::Fan;
use dienhong::hub::room::Room;
use dienhong::hub::socket::Visit;
use dienhong::hub::{Answered, Errand, Inbox};
use dienhong::sequencer::{Answer, Submission};
use dienhong::wire::frames::{Page, Reply};
use dienhong::wire::views::{Found, Query};
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::sync::watch;

/// Serves the room's socket at `/ws` until the runtime ends.
pub async fn serve(room: Arc<Room>) -> SocketAddr {
    let any_port = SocketAddr::from(([127, 0, 0, 1], 0));
    let bound = Bound::bind(any_port, ListenerConfig::default(), None).await.expect("a free port");
    let address = bound.address();
    let (leave, leaving) = watch::channel(None);
    let (stop, stopping) = watch::channel(false);
    let fan = Arc::new(Fan::default());
    let upgrade = async move |handshake: Handshake| {
        let (room, leave, fan) = (room, leaving, fan);
        handshake.lead_to(Visit { room, inbox: Arc::new(Nobody), challenge: [0; 32], leave, fan })
    };
    tokio::spawn(async move {
        bound.serve(Router::new().route("/ws", get(upgrade)), stopping).await;
        drop((leave, stop));
    });
    address
}

/// Nobody here acts.
struct Nobody;

#[async_trait]
impl Inbox for Nobody {
    fn submit(&self, _: Submission, answered: Answered) {
        answered(Answer::Busy);
    }

    async fn serve(&self, _: PersonId, _: Errand) -> Result<Reply, Denial> {
        Err(Denial::Busy)
    }

    async fn look_up(&self, _: PersonId, _: Query) -> Result<Found, Denial> {
        Err(Denial::Busy)
    }

    fn joined(&self, _: &PersonId, _: Page) {}

    async fn renew(&self) {}

    fn now(&self) -> u64 {
        0
    }
}
