//! Where other nodes come in with commands for the councils this one leads.

use super::said::{Hello, Request, Response, Said};
use super::{GREETING_WITHIN, IDLE, Identity, OUTSTANDING, Relayed, VERSION, WRITE_WITHIN, frames};
use crate::chamber::ids::CouncilId;
use crate::sequencer::{Answer, Submission};
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncWrite, AsyncWriteExt, BufReader, BufWriter};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio::task::JoinSet;
use tokio::time;
use tokio_rustls::TlsAcceptor;

/// Lines at once: more than a platform has nodes, each with an old and a new one. Beyond it a caller is cut off at once, so that
/// strangers cost little.
const LINES: usize = 128;
/// A line without commands for so long was forgotten by its other end, which lets go of it sooner.
const FORGOTTEN: Duration = Duration::from_secs(IDLE.as_secs() * 2);

/// Takes a command for a council; [`Relayed`] is called with its answer.
pub type Taker = Arc<dyn Fn(&CouncilId, Submission, Relayed) + Send + Sync>;

pub struct Door {
    pub listener: TcpListener,
    pub identity: Identity,
    /// This node as it names itself.
    pub node: String,
    pub taker: Taker,
}

impl Door {
    /// For ever; all its lines end with it.
    pub async fn serve(self) {
        let acceptor = TlsAcceptor::from(self.identity.server.clone());
        let mut lines = JoinSet::new();
        loop {
            let stream = match self.listener.accept().await {
                Ok((stream, _)) => stream,
                Err(error) => {
                    tracing::warn!(%error, "no line from another node can be accepted");
                    // Out of file descriptors, most likely: wait for some to be freed instead of spinning.
                    time::sleep(Duration::from_millis(200)).await;
                    continue;
                }
            };
            while lines.try_join_next().is_some() {}
            if lines.len() >= LINES {
                continue;
            }
            let (acceptor, node, taker) = (acceptor.clone(), self.node.clone(), self.taker.clone());
            lines.spawn(async move {
                if let Err(error) = line(stream, acceptor, node, taker).await {
                    tracing::info!(%error, "a line from another node has ended");
                }
            });
        }
    }
}

async fn line(tcp: TcpStream, acceptor: TlsAcceptor, node: String, taker: Taker) -> io::Result<()> {
    let late = |_| io::Error::from(io::ErrorKind::TimedOut);
    tcp.set_nodelay(true)?;
    let tls = time::timeout(GREETING_WITHIN, acceptor.accept(tcp)).await.map_err(late)?;
    let tls = tls.inspect_err(|_| metrics::counter!("dienhong_peers_refused_total", "cause" => "key").increment(1))?;
    let (reader, writer) = tokio::io::split(tls);
    let (mut reader, mut writer) = (BufReader::new(reader), BufWriter::new(writer));
    let hello: Hello = time::timeout(GREETING_WITHIN, frames::read(&mut reader)).await.map_err(late)??;
    let own = Hello { version: VERSION, node };
    time::timeout(GREETING_WITHIN, frames::write(&mut writer, &own)).await.map_err(late)??;
    if hello.version != VERSION {
        metrics::counter!("dienhong_peers_refused_total", "cause" => "version").increment(1);
        let told = format!("node {} speaks version {} of the protocol, this one {VERSION}", hello.node, hello.version);
        return Err(io::Error::new(io::ErrorKind::Unsupported, told));
    }
    // Twice, so that whoever is told `busy` never takes an answer's place.
    let (answers, answered) = mpsc::channel(2 * OUTSTANDING);
    let writing = tokio::spawn(write(writer, answered));
    let room = Arc::new(Semaphore::new(OUTSTANDING));
    let outcome = loop {
        let request: Request = match time::timeout(FORGOTTEN, frames::read(&mut reader)).await {
            Ok(Ok(request)) => request,
            Ok(Err(error)) if error.kind() == io::ErrorKind::UnexpectedEof => break Ok(()),
            Ok(Err(error)) => break Err(error),
            Err(_) => break Ok(()),
        };
        let id = request.id;
        let Ok(place) = room.clone().try_acquire_owned() else {
            let busy = Response { id, answer: Said::of(Some(Answer::Busy)) };
            if answers.send(busy).await.is_err() {
                break Ok(());
            }
            continue;
        };
        let owed = Owed { id, answers: answers.clone(), _place: place, is_paid: false };
        let relayed: Relayed = Box::new(move |answer| owed.pay(answer));
        taker(&request.council, request.act.into_submission(), relayed);
    };
    drop(answers);
    writing.abort();
    outcome
}

/// An answer that is owed. Dropped without one, by a council's task that has ended, it says that this node does not lead.
struct Owed {
    id: u64,
    answers: mpsc::Sender<Response>,
    _place: OwnedSemaphorePermit,
    is_paid: bool,
}

impl Owed {
    fn pay(mut self, answer: Option<Answer>) {
        self.send(answer);
    }

    fn send(&mut self, answer: Option<Answer>) {
        if !std::mem::replace(&mut self.is_paid, true) {
            // Where the line is gone, so is whoever asked.
            let _ = self.answers.try_send(Response { id: self.id, answer: Said::of(answer) });
        }
    }
}

impl Drop for Owed {
    fn drop(&mut self) {
        self.send(None);
    }
}

async fn write(mut writer: impl AsyncWrite + Unpin, mut answers: mpsc::Receiver<Response>) -> io::Result<()> {
    while let Some(first) = answers.recv().await {
        let writing = async {
            let mut next = Some(first);
            // What else is there already goes with the same flush.
            while let Some(response) = next {
                if let Some(frame) = frames::encode(&response) {
                    writer.write_all(&frame).await?;
                }
                next = answers.try_recv().ok();
            }
            writer.flush().await
        };
        time::timeout(WRITE_WITHIN, writing).await.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))??;
    }
    Ok(())
}
