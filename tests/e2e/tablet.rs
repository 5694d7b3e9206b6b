//! A page's socket by hand: says exactly what a test wants said, hears everything, forgives nothing.

use crate::hall::LIMIT;
use dienhong::chamber::command::Command;
use dienhong::client::{Endpoint, Identity};
use dienhong::wire::frames::{ClientFrame, PROTOCOL, Page, Receipt, ServerFrame};
use dienhong::wire::views::{Found, Query};
use futures_util::{SinkExt, StreamExt};
use std::net::SocketAddr;
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::{HeaderValue, Request};
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

pub struct Tablet {
    socket: WebSocketStream<TcpStream>,
    challenge: String,
    next: u32,
}

#[derive(Debug)]
pub enum Heard {
    Frame(Box<ServerFrame>),
    /// By a close frame with this code.
    Closed(u16),
    /// Without a word.
    Lost,
}

impl Tablet {
    /// Opens a socket and hears its challenge.
    pub async fn open(endpoint: &Endpoint) -> Self {
        Self::over(TcpSocket::new_v4().expect("a socket"), endpoint).await
    }

    pub async fn over(socket: TcpSocket, endpoint: &Endpoint) -> Self {
        let address = address(endpoint);
        let stream = socket.connect(address).await.expect("the server listens");
        let request = upgrade(endpoint, &endpoint.origin());
        let (socket, _) = client_async(request, stream).await.expect("the server takes sockets");
        let mut tablet = Self { socket, challenge: String::new(), next: 0 };
        match tablet.frame().await {
            ServerFrame::Challenge { challenge, .. } => tablet.challenge = challenge,
            other => panic!("the first frame was {other:?}"),
        }
        tablet
    }

    /// Joined as that person.
    pub async fn join(endpoint: &Endpoint, page: Page, identity: &Identity) -> Self {
        let mut tablet = Self::open(endpoint).await;
        tablet.ask_in(page, Some(identity)).await;
        match tablet.frame().await {
            ServerFrame::Joined { person, .. } => assert_eq!(person.as_deref(), Some(identity.person().as_str())),
            other => panic!("the join was answered with {other:?}"),
        }
        tablet
    }

    /// Sends the join and does not wait.
    pub async fn ask_in(&mut self, page: Page, identity: Option<&Identity>) {
        let join = self.join_frame(page, identity);
        self.say(&join).await;
    }

    /// The join that answers this socket's challenge.
    pub fn join_frame(&self, page: Page, identity: Option<&Identity>) -> ClientFrame {
        let statement = identity.map(|identity| identity.login(&self.challenge).expect("a challenge"));
        ClientFrame::Join { protocol: PROTOCOL, page, statement }
    }

    pub async fn say(&mut self, frame: &ClientFrame) {
        self.say_text(serde_json::to_string(frame).expect("a frame")).await;
    }

    pub async fn say_text(&mut self, text: impl Into<String>) {
        self.say_message(Message::text(text.into())).await;
    }

    /// The server may have closed already: what follows is heard, not assumed.
    pub async fn say_message(&mut self, message: Message) {
        let _ = timeout(LIMIT, self.socket.send(message)).await.expect("the server reads");
    }

    pub async fn hear(&mut self) -> Heard {
        loop {
            match timeout(LIMIT, self.socket.next()).await.expect("the server says something") {
                Some(Ok(Message::Text(text))) => {
                    let frame = serde_json::from_str(&text).expect("a frame of the protocol");
                    return Heard::Frame(Box::new(frame));
                }
                Some(Ok(Message::Close(close))) => {
                    return Heard::Closed(close.map_or(1005, |close| close.code.into()));
                }
                Some(Ok(_)) => {}
                Some(Err(Error::ConnectionClosed | Error::AlreadyClosed | Error::Io(_) | Error::Protocol(_)))
                | None => {
                    return Heard::Lost;
                }
                Some(Err(error)) => panic!("the socket broke: {error}"),
            }
        }
    }

    /// The next frame, which must come.
    pub async fn frame(&mut self) -> ServerFrame {
        match self.hear().await {
            Heard::Frame(frame) => *frame,
            other => panic!("instead of a frame: {other:?}"),
        }
    }

    /// The first frame that `wanted` makes something of; those before are passed over.
    pub async fn until<T>(&mut self, mut wanted: impl FnMut(ServerFrame) -> Option<T>) -> T {
        loop {
            let frame = self.frame().await;
            if let Some(found) = wanted(frame) {
                return found;
            }
        }
    }

    /// How the server closes, and the code of the last `error` frame before it.
    pub async fn closing(&mut self) -> (u16, Option<String>) {
        let mut complaint = None;
        loop {
            match self.hear().await {
                Heard::Closed(code) => return (code, complaint),
                Heard::Lost => return (0, complaint),
                Heard::Frame(frame) => {
                    if let ServerFrame::Error { code, .. } = *frame {
                        complaint = Some(code);
                    }
                }
            }
        }
    }

    /// Sends a vote's statement and hears what became of it.
    pub async fn cast(&mut self, statement: &str) -> Result<Receipt, (String, bool)> {
        let id = self.id();
        self.say(&ClientFrame::CastVote { id: id.clone(), statement: statement.to_owned() }).await;
        self.answer(&id).await
    }

    pub async fn order(&mut self, identity: &Identity, command: &Command) -> Result<Receipt, (String, bool)> {
        let (statement, arguments) = identity.order(command).expect("an order");
        self.give(&statement, &arguments).await
    }

    pub async fn give(&mut self, statement: &str, arguments: &str) -> Result<Receipt, (String, bool)> {
        let id = self.id();
        let (statement, arguments) = (statement.to_owned(), arguments.to_owned());
        self.say(&ClientFrame::Order { id: id.clone(), statement, arguments }).await;
        self.answer(&id).await
    }

    pub fn id(&mut self) -> String {
        self.next += 1;
        format!("t{}", self.next)
    }

    /// Looks something up.
    pub async fn look_up(&mut self, query: Query) -> Result<Found, (String, bool)> {
        let asked = self.id();
        self.say(&ClientFrame::Query { id: asked.clone(), query }).await;
        self.until(|frame| match frame {
            ServerFrame::Found { id, found } if id == asked => Some(Ok(found)),
            ServerFrame::Refused { id, code, retry } if id == asked => Some(Err((code, retry))),
            ServerFrame::Error { code, .. } => panic!("the frame was not understood: {code}"),
            _ => None,
        })
        .await
    }

    async fn answer(&mut self, to: &str) -> Result<Receipt, (String, bool)> {
        self.until(|frame| match frame {
            ServerFrame::Receipt { id, receipt } if id == to => Some(Ok(receipt)),
            ServerFrame::Refused { id, code, retry } if id == to => Some(Err((code, retry))),
            ServerFrame::Error { code, .. } => panic!("the frame was not understood: {code}"),
            _ => None,
        })
        .await
    }
}

/// The status and the kind of the answer to a handshake that must not succeed.
pub async fn turned_away(endpoint: &Endpoint, origin: &str) -> (u16, String) {
    let stream = TcpStream::connect(address(endpoint)).await.expect("the server listens");
    match client_async(upgrade(endpoint, origin), stream).await {
        Err(Error::Http(response)) => {
            let kind = response.headers().get("content-type").and_then(|kind| kind.to_str().ok());
            (response.status().as_u16(), kind.unwrap_or_default().to_owned())
        }
        Err(error) => panic!("the handshake broke: {error}"),
        Ok(_) => panic!("a socket was opened"),
    }
}

/// The code of a refusal that is for good.
pub fn refused(answer: Result<Receipt, (String, bool)>) -> String {
    match answer {
        Err((code, false)) => code,
        other => panic!("not refused for good: {other:?}"),
    }
}

pub fn upgrade(endpoint: &Endpoint, origin: &str) -> Request<()> {
    let url = endpoint.page("ws").replacen("http", "ws", 1);
    let mut request = url.into_client_request().expect("an address");
    request.headers_mut().insert("Origin", HeaderValue::from_str(origin).expect("a header"));
    request
}

pub fn address(endpoint: &Endpoint) -> SocketAddr {
    endpoint.origin().trim_start_matches("http://").parse().expect("an address and a port")
}
