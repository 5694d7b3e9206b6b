//! Lines to the nodes that lead: one to each, opened with the first command and let go when it has been idle.

use super::frames;
use super::said::{Act, Hello, Request, Response};
use super::{ANSWER_WITHIN, GREETING_WITHIN, IDLE, Identity, OUTSTANDING, VERSION, WRITE_WITHIN};
use crate::chamber::ids::CouncilId;
use crate::hub::Answered;
use crate::sequencer::{Answer, Submission};
use rustls::pki_types::ServerName;
use std::collections::HashMap;
use std::io;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::io::{AsyncWriteExt, BufReader, BufWriter, ReadHalf, WriteHalf};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TrySendError;
use tokio::time;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// Between looks for answers that take too long.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// After a line was cut, before another is tried: a hall that votes at a dead node must not knock hundreds of times a second.
const REST: Duration = Duration::from_millis(200);
/// Lines at once: more than a platform has nodes. With one more those that have ended are swept away.
const LINES: usize = 64;

/// The lines of this node.
pub struct Peers {
    identity: Identity,
    /// This node as it names itself.
    node: String,
    lines: Mutex<HashMap<String, mpsc::Sender<Forward>>>,
}

struct Forward {
    council: CouncilId,
    act: Act,
    answered: Answered,
}

impl Peers {
    pub fn new(identity: Identity, node: String) -> Self {
        Self { identity, node, lines: Mutex::default() }
    }

    /// Sends a command to the node that leads its council. What does not come back in time is answered with
    /// [`Answer::StoreUnavailable`]: the same words find their receipt later.
    pub fn send(&self, holder: &str, council: CouncilId, submission: Submission, answered: Answered) {
        let Some(act) = Act::of(submission) else { return answered(Answer::Internal) };
        metrics::counter!("dienhong_forwarded_total").increment(1);
        let forward = Forward { council, act, answered };
        let Err(back) = self.line(holder, false).try_send(forward) else { return };
        match back {
            TrySendError::Full(forward) => (forward.answered)(Answer::Busy),
            // It has just been let go.
            TrySendError::Closed(forward) => {
                if let Err(back) = self.line(holder, true).try_send(forward) {
                    (back.into_inner().answered)(Answer::Busy);
                }
            }
        }
    }

    fn line(&self, holder: &str, anew: bool) -> mpsc::Sender<Forward> {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(line) = lines.get(holder).filter(|line| !anew && !line.is_closed()) {
            return line.clone();
        }
        if lines.len() >= LINES {
            lines.retain(|_, line| !line.is_closed());
        }
        let (sender, commands) = mpsc::channel(OUTSTANDING);
        let (identity, node, to) = (self.identity.clone(), self.node.clone(), holder.to_owned());
        tokio::spawn(async move {
            let mut commands = commands;
            if let Err(error) = run(&identity, &node, &to, &mut commands).await {
                tracing::warn!(node = %to, %error, "the line to another node is cut");
                metrics::counter!("dienhong_lines_cut_total").increment(1);
                let rest = async {
                    while let Some(forward) = commands.recv().await {
                        (forward.answered)(Answer::StoreUnavailable);
                    }
                };
                // Over when the rest is; there are always more commands.
                let _ = time::timeout(REST, rest).await;
            }
            commands.close();
            while let Some(forward) = commands.recv().await {
                (forward.answered)(Answer::StoreUnavailable);
            }
        });
        lines.insert(holder.to_owned(), sender.clone());
        sender
    }
}

/// Commands that were sent, and since when.
#[derive(Clone, Default)]
struct Pending(Arc<Mutex<HashMap<u64, (Answered, Instant)>>>);

impl Pending {
    fn lock(&self) -> MutexGuard<'_, HashMap<u64, (Answered, Instant)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self, id: u64) -> Option<Answered> {
        self.lock().remove(&id).map(|(answered, _)| answered)
    }

    fn give_up(&self, is_over: impl Fn(Instant) -> bool) {
        let over: Vec<Answered> = {
            let mut pending = self.lock();
            let ids: Vec<u64> = pending.iter().filter(|(_, (_, at))| is_over(*at)).map(|(id, _)| *id).collect();
            ids.iter().filter_map(|id| pending.remove(id)).map(|(answered, _)| answered).collect()
        };
        for answered in over {
            answered(Answer::StoreUnavailable);
        }
    }
}

/// Until it is idle or cut. Whoever still waits then is told.
async fn run(identity: &Identity, node: &str, to: &str, commands: &mut mpsc::Receiver<Forward>) -> io::Result<()> {
    let (mut reader, mut writer) = open(identity, node, to).await?;
    let pending = Pending::default();
    let waiting = pending.clone();
    let reading = tokio::spawn(async move {
        loop {
            let response: Response = frames::read(&mut reader).await?;
            if let Some(answered) = waiting.take(response.id) {
                // A node that does not lead any more: another does, or will.
                answered(response.answer.into_answer().unwrap_or(Answer::StoreUnavailable));
            }
        }
    });
    let outcome = write(&mut writer, commands, &pending, reading).await;
    pending.give_up(|_| true);
    outcome
}

async fn write(
    writer: &mut BufWriter<WriteHalf<TlsStream<TcpStream>>>,
    commands: &mut mpsc::Receiver<Forward>,
    pending: &Pending,
    mut reading: tokio::task::JoinHandle<io::Result<()>>,
) -> io::Result<()> {
    let mut next = 0;
    let mut look = time::interval(LOOK_EVERY);
    let mut used = Instant::now();
    loop {
        tokio::select! {
            forward = commands.recv() => {
                let Some(forward) = forward else {
                    reading.abort();
                    return Ok(());
                };
                let sending = async {
                    send(writer, forward, pending, &mut next).await?;
                    // What else is there already goes with the same flush.
                    while let Ok(forward) = commands.try_recv() {
                        send(writer, forward, pending, &mut next).await?;
                    }
                    writer.flush().await
                };
                let sent = time::timeout(WRITE_WITHIN, sending).await.unwrap_or(Err(io::ErrorKind::TimedOut.into()));
                if sent.is_err() {
                    reading.abort();
                    return sent;
                }
                used = Instant::now();
            }
            ended = &mut reading => return ended.unwrap_or(Err(io::ErrorKind::BrokenPipe.into())),
            _ = look.tick() => {
                pending.give_up(|at| at.elapsed() > ANSWER_WITHIN);
                if used.elapsed() > IDLE && pending.lock().is_empty() {
                    reading.abort();
                    return Ok(());
                }
            }
        }
    }
}

async fn send(
    writer: &mut BufWriter<WriteHalf<TlsStream<TcpStream>>>,
    forward: Forward,
    pending: &Pending,
    next: &mut u64,
) -> io::Result<()> {
    *next += 1;
    let Some(frame) = frames::encode(&Request { id: *next, council: forward.council, act: forward.act }) else {
        (forward.answered)(Answer::TooLarge);
        return Ok(());
    };
    let full = {
        let mut pending = pending.lock();
        if pending.len() < OUTSTANDING {
            pending.insert(*next, (forward.answered, Instant::now()));
            None
        } else {
            Some(forward.answered)
        }
    };
    match full {
        Some(answered) => answered(Answer::Busy),
        None => writer.write_all(&frame).await?,
    }
    Ok(())
}

type Ends = (BufReader<ReadHalf<TlsStream<TcpStream>>>, BufWriter<WriteHalf<TlsStream<TcpStream>>>);

async fn open(identity: &Identity, node: &str, to: &str) -> io::Result<Ends> {
    let address = to.split_once('#').map_or(to, |(address, _)| address);
    let limited = |what| time::timeout(GREETING_WITHIN, what);
    let late = || io::Error::from(io::ErrorKind::TimedOut);
    let tcp = limited(TcpStream::connect(address)).await.map_err(|_| late())??;
    tcp.set_nodelay(true)?;
    // Nobody looks at the name: the key is what counts.
    let name = ServerName::from(std::net::IpAddr::from(Ipv4Addr::LOCALHOST));
    let connector = TlsConnector::from(identity.client.clone());
    let tls = time::timeout(GREETING_WITHIN, connector.connect(name, tcp)).await.map_err(|_| late())??;
    let (reader, writer) = tokio::io::split(tls);
    let (mut reader, mut writer) = (BufReader::new(reader), BufWriter::new(writer));
    let greeting = async {
        frames::write(&mut writer, &Hello { version: VERSION, node: node.to_owned() }).await?;
        frames::read::<Hello>(&mut reader).await
    };
    let hello = time::timeout(GREETING_WITHIN, greeting).await.map_err(|_| late())??;
    if hello.version != VERSION {
        let told = format!("node {} speaks version {} of the protocol, this one {VERSION}", hello.node, hello.version);
        return Err(io::Error::new(io::ErrorKind::Unsupported, told));
    }
    Ok((reader, writer))
}
