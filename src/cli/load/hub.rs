//! `dienhong load hub-server`: one room behind the server's own listener, and nobody who acts in it. It shows what its input
//! asks for, so that the fan-out alone can be measured beside the floor (load::beside).

use crate::chamber::ids::PersonId;
use crate::http::listener::{Bound, ListenerConfig};
use crate::http::socket::Handshake;
use crate::hub::admission::Denial;
use crate::hub::fan::Fan;
use crate::hub::room::{Audience, Frame, Room, Topic};
use crate::hub::socket::Visit;
use crate::hub::{Answered, Errand, Inbox};
use crate::load::beside::changes;
use crate::sequencer::{Answer, Submission};
use crate::wire::frames::{Page, Reply};
use crate::wire::views::{Found, Query};
use async_trait::async_trait;
use axum::Router;
use axum::routing::get;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::sync::watch;

/// Tells its port with `announce` and shows what it is told until its input ends.
pub async fn run(announce: impl FnOnce(u16)) -> io::Result<()> {
    let room = Arc::new(Room::new());
    announce(serve(room.clone()).await?.port());
    // Its input is read on a thread of its own: a read cannot be waited for without one.
    let showing = move || {
        for change in changes(io::stdin().lock()) {
            let frame = Frame { stamp: change.number, text: change.text().into() };
            room.show(Audience::Onlookers, Topic::Live, frame);
        }
    };
    tokio::task::spawn_blocking(showing).await.map_err(io::Error::other)
}

/// Serves the room's socket at `/ws` until the runtime ends.
pub async fn serve(room: Arc<Room>) -> io::Result<SocketAddr> {
    let any_port = SocketAddr::from(([127, 0, 0, 1], 0));
    let bound = Bound::bind(any_port, ListenerConfig::default(), None).await.map_err(io::Error::other)?;
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
    Ok(address)
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
