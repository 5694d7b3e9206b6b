//! Several nodes: leaders killed and frozen, lines cut between them, to Postgres and to Redis.

use crate::checker::ended;
use crate::floor::Floor;
use crate::hall::{COUNCIL, own_address};
use crate::node::{Grounds, Node, SEATS, Ways};
use crate::proxy::{Line, Proxy};
use crate::report::{Figure, Outcome, Size, Times};
use crate::tablet::address;
use crate::world::Voting;
use dienhong::client::Endpoint;
use dienhong::config;
use dienhong::sample;
use std::net::{SocketAddr, TcpListener};
use std::time::{Duration, Instant};

const LEFT_OUT: Outcome = Outcome::NotRun("Postgres is left out");
/// From a leader's end to the next one's lease (docs/faults.md).
const TAKEOVER_MS: f64 = 5_000.0;

/// Nodes with all their lines through relays, and a hall whose pages are spread over them.
struct Company {
    grounds: Grounds,
    nodes: Vec<Node>,
    ways: Vec<Ways>,
    /// From each node to Postgres.
    to_store: Vec<Proxy>,
    /// From the other nodes to each.
    between: Vec<Proxy>,
    /// From the pages to any node that takes them.
    way: Proxy,
    floor: Floor,
}

impl Company {
    async fn of(count: usize) -> Option<Self> {
        let grounds = Grounds::new().await?;
        let (mut nodes, mut ways, mut to_store, mut between) = (vec![], vec![], vec![], vec![]);
        for n in 0..count {
            let listen = free_address();
            let (proxy, store) = Proxy::before(&grounds.store.url()).await;
            let others = Proxy::to(vec![listen]).await;
            ways.push(Ways { store, redis: grounds.redis.url(), listen, reached_at: others.address() });
            nodes.push(grounds.node_between(&format!("n{n}"), &ways[n]).await);
            to_store.push(proxy);
            between.push(others);
            if n == 0 {
                nodes[0].found().await;
            }
        }
        let way = Proxy::to(nodes.iter().map(|node| address(&node.endpoint())).collect()).await;
        let people = sample::council(29, SEATS);
        let secretary = nodes[0].enrol(people[SEATS as usize].id.as_str()).await;
        let mut delegates = Vec::new();
        for person in &people[..SEATS as usize] {
            delegates.push(nodes[0].enrol(person.id.as_str()).await);
        }
        let floor = Floor::begin(endpoint(&way), &secretary, delegates, 1).await;
        Some(Self { grounds, nodes, ways, to_store, between, way, floor })
    }

    async fn voting(&self) -> Voting {
        Voting::begin(&self.floor, &[endpoint(&self.way)]).await
    }

    async fn leader(&self) -> usize {
        self.grounds.leader(&self.nodes.iter().collect::<Vec<_>>()).await
    }

    /// Waits until another node than that leads.
    async fn successor(&self, before: usize) {
        let others: Vec<&Node> = self.nodes.iter().enumerate().filter(|(n, _)| *n != before).map(|(_, n)| n).collect();
        self.grounds.leader(&others).await;
    }

    /// Starts a node that was killed; its pages have a new port.
    async fn start(&mut self, at: usize) {
        self.nodes[at] = self.grounds.node_between(&format!("n{at}"), &self.ways[at]).await;
        self.way.lead_to(self.nodes.iter().map(|node| address(&node.endpoint())).collect());
    }

    async fn ended(self, voting: Voting, times: u32) -> Vec<Figure> {
        let data = tempfile::tempdir().expect("a temporary directory");
        let place = config::Place { data: data.path().join("export"), store: Some(self.grounds.store.url()) };
        ended(&place, &self.floor, voting, times).await
    }
}

/// The leader is killed; another takes over, and the one that was killed comes back.
pub async fn killed(size: Size) -> Outcome {
    let times = size.of(30, 1);
    let Some(mut company) = Company::of(3).await else { return LEFT_OUT };
    let mut voting = company.voting().await;
    let (mut takeover, mut votes) = (Times::default(), Times::default());
    for _ in 0..times {
        voting.more(5).await;
        let at = company.leader().await;
        let epoch = company.grounds.epoch().await;
        company.nodes[at].kill().await;
        let killed = Instant::now();
        company.successor(at).await;
        takeover.add(killed.elapsed());
        voting.resume().await;
        voting.more(1).await;
        votes.add(killed.elapsed());
        assert_eq!(company.grounds.epoch().await, epoch + 1, "one successor");
        company.start(at).await;
    }
    let mut figures = company.ended(voting, times).await;
    figures.extend(takeover.figures("another leads", TAKEOVER_MS));
    figures.push(Figure::new("votes again once resumed: max", votes.max(), "ms"));
    Outcome::Held(figures)
}

/// The leader stands still for longer than its lease, and wakes with votes before it.
pub async fn frozen(size: Size) -> Outcome {
    let times = size.of(5, 1);
    // A client gives a silent server up after 25 s: in the long form most have gone elsewhere by then.
    let asleep = if size.is_judged() { Duration::from_secs(30) } else { Duration::from_secs(1) };
    let Some(company) = Company::of(2).await else { return LEFT_OUT };
    let mut voting = company.voting().await;
    let mut takeover = Times::default();
    for _ in 0..times {
        voting.more(5).await;
        let at = company.leader().await;
        let epoch = company.grounds.epoch().await;
        company.nodes[at].freeze().await;
        let frozen = Instant::now();
        company.successor(at).await;
        takeover.add(frozen.elapsed());
        tokio::time::sleep(asleep.saturating_sub(frozen.elapsed())).await;
        company.nodes[at].signal("CONT").await;
        voting.resume().await;
        voting.more(5).await;
        assert_eq!(company.grounds.epoch().await, epoch + 1, "the one that woke took nothing back");
    }
    let mut figures = company.ended(voting, times).await;
    figures.extend(takeover.figures("another leads", TAKEOVER_MS));
    Outcome::Held(figures)
}

/// The nodes are cut from each other, then the leader from Postgres.
pub async fn cut(size: Size) -> Outcome {
    let times = size.of(20, 1);
    let Some(company) = Company::of(2).await else { return LEFT_OUT };
    let mut voting = company.voting().await;
    let mut takeover = Times::default();
    for n in 0..times {
        let how = if n % 2 == 0 { Line::Silent } else { Line::Cut };
        let epoch = company.grounds.epoch().await;
        company.between.iter().for_each(|line| line.set(how));
        // Whoever sits on the leader's own node votes on.
        voting.more(5).await;
        company.between.iter().for_each(|line| line.set(Line::Through));
        assert_eq!(company.grounds.epoch().await, epoch, "no reason to take over");

        let at = company.leader().await;
        company.to_store[at].set(how);
        let cut = Instant::now();
        company.successor(at).await;
        takeover.add(cut.elapsed());
        // A node that led and cannot read takes nothing from its own pages; the chair's may be one of them.
        company.to_store[at].set(Line::Through);
        voting.resume().await;
        voting.more(5).await;
        assert_eq!(company.grounds.epoch().await, epoch + 1, "the one that was cut took nothing back");
    }
    let mut figures = company.ended(voting, times).await;
    figures.extend(takeover.figures("another leads", TAKEOVER_MS));
    Outcome::Held(figures)
}

/// Redis is killed or stands still: votes go on.
pub async fn redis(size: Size) -> Outcome {
    let times = size.of(20, 2);
    let Some(mut company) = Company::of(2).await else { return LEFT_OUT };
    let mut voting = company.voting().await;
    let mut without = Times::default();
    let epoch = company.grounds.epoch().await;
    for n in 0..times {
        let dies = n % 2 == 0;
        if dies {
            company.grounds.redis.kill();
        } else {
            company.grounds.redis.freeze();
        }
        let gone = Instant::now();
        // Each delegate about twice, on either node.
        voting.more(2 * SEATS as usize).await;
        without.add(gone.elapsed());
        if dies {
            company.grounds.redis.restart().await;
        } else {
            company.grounds.redis.thaw();
        }
        voting.more(5).await;
    }
    assert_eq!(company.grounds.epoch().await, epoch, "nobody took anything over");
    let mut figures = company.ended(voting, times).await;
    figures.push(Figure::new("12 votes without it: max", without.max(), "ms"));
    Outcome::Held(figures)
}

fn endpoint(way: &Proxy) -> Endpoint {
    Endpoint::new(&way.url(), COUNCIL).expect("an address")
}

fn free_address() -> SocketAddr {
    let listener = TcpListener::bind((own_address(), 0)).expect("a free port");
    listener.local_addr().expect("its address")
}
