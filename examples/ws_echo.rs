//! What a client says comes back: the server's own listener, shell, handshake and frame codec without a hall behind them, for
//! testers of the WebSocket protocol (scripts/autobahn). Prints its address; ends with its standard input.

use axum::Router;
use axum::routing::get;
use dienhong::http::json::BodyTime;
use dienhong::http::listener::{Bound, ListenerConfig};
use dienhong::http::metrics::{Metrics, ProcessRoutes};
use dienhong::http::origin::OriginPolicy;
use dienhong::http::pages::Pages;
use dienhong::http::socket::{Conversation, Handshake};
use dienhong::http::{Shell, shell};
use dienhong::hub::codec::{self, Heard, Input};
use dienhong::hub::line::Line;
use dienhong::hub::reader::LARGE_FRAME;
use std::error::Error;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::watch;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let config = Shell {
        origins: OriginPolicy::default(),
        pages: Pages::embedded(),
        process: ProcessRoutes {
            metrics: Metrics::install()?,
            metrics_for_all: false,
            ready: Arc::new(|| Box::pin(async { Ok(()) })),
        },
        body_time: BodyTime::default(),
    };
    let echo = get(async |handshake: Handshake| handshake.lead_to(Echo));
    let router = shell(config, Router::new().route("/echo", echo));
    let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let bound = Bound::bind(any, ListenerConfig::default(), None).await?;
    println!("{}", bound.address());
    let (stop, stopping) = watch::channel(false);
    tokio::spawn(async move {
        let _ = tokio::io::stdin().read_to_end(&mut Vec::new()).await;
        stop.send_replace(true);
    });
    bound.serve(router, stopping).await;
    Ok(())
}

struct Echo;

impl Conversation for Echo {
    async fn hold(self, mut line: impl Line, read: Vec<u8>) {
        let mut input = Input::new(LARGE_FRAME, read);
        let mut scratch = vec![0; 8 * 1024];
        loop {
            let answer = match input.take() {
                Ok(Some(Heard::Text(text))) => codec::text(&text),
                Ok(Some(Heard::Ping(data))) => codec::pong(&data),
                Ok(Some(Heard::Pong(_) | Heard::Piece)) => continue,
                Ok(Some(Heard::Close)) => break drop(say(&mut line, codec::close_back()).await),
                Err(wrong) => break drop(say(&mut line, codec::close(wrong.into())).await),
                Ok(None) => match line.read(&mut scratch).await {
                    Ok(read @ 1..) => {
                        input.add(&scratch[..read]);
                        continue;
                    }
                    _ => return,
                },
            };
            if say(&mut line, answer).await.is_err() {
                return;
            }
        }
        // What is still on its way is taken, so that the goodbye is not thrown away.
        let _ = line.shutdown().await;
        while line.read(&mut scratch).await.is_ok_and(|read| read > 0) {}
    }
}

async fn say(line: &mut impl Line, frame: bytes::Bytes) -> std::io::Result<()> {
    line.write_all(&frame).await?;
    line.flush().await
}
