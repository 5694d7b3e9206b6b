//! How a world begins: its record is there, its nodes start, its people connect, and what will befall it is planned.

use super::super::client::{Client, Scene};
use super::super::disk::Disk;
use super::super::founding;
use super::super::node::Grounds;
use super::super::oracle::Oracle;
use super::super::plan::{HEALING_MS, Plan};
use super::super::planted::Planted;
use super::super::queue::Queue;
use super::super::trace::Trace;
use super::{Event, Place, World};
use crate::chamber::ids::CouncilId;
use crate::ledger::note::KeyError;
use crate::node::secret::InstanceSecret;
use crate::ports::Append;
use crate::sample::Rng;
use std::sync::Arc;

impl World {
    pub fn new(seed: u64, planted: Option<Planted>, trace: Trace) -> Result<Self, KeyError> {
        let plan = Plan::of(seed);
        let rng = Rng::new(seed);
        let secret = InstanceSecret::made_up(secret_of(&mut rng.fork(1)));
        let (mut people_rng, client_rng) = (rng.fork(2), rng.fork(3));
        let council = CouncilId::numbered('c', 1);
        let people = founding::people(&plan, &mut people_rng);
        let mut clients: Vec<Client> = people
            .iter()
            .zip(0..)
            .map(|((person, part), n)| {
                let node = people_rng.below(plan.nodes as u32) as usize;
                Client::new(person.id.clone(), *part, node, client_rng.fork(n + 1))
            })
            .collect();
        let roll = people.into_iter().map(|(person, _)| person).collect();
        let signer = secret.checkpoint_signer(super::super::ORIGIN)?;
        let key = signer.verifier();
        let batches = founding::batches(council.clone(), &plan, signer, roll, &mut clients);
        let (oracle, scene) = (Oracle::new(key.clone()), Scene::new(key, plan.ballot_seconds));
        let mut world = Self {
            seed,
            now: 0,
            steps: 0,
            planted,
            trace,
            queue: Queue::new(),
            grounds: Arc::new(Grounds { council: council.clone(), secret, planted, alone: plan.nodes == 1 }),
            disk: Disk::new(council, planted),
            away_until: 0,
            full_until: 0,
            places: Vec::new(),
            thinks_at: vec![0; clients.len()],
            clients,
            scene,
            oracle,
            store_rng: rng.fork(4),
            bus_rng: rng.fork(5),
            net_rng: rng.fork(6),
            node_rng: rng.fork(7),
            healed: false,
            grown: Vec::new(),
            ended: false,
            broken: None,
            plan,
        };
        world.begin(&batches);
        Ok(world)
    }

    fn begin(&mut self, batches: &[Append]) {
        let lease = self.disk.acquire(0, "founding");
        let mut held = self.oracle.granted(lease.epoch);
        for batch in batches {
            if self.disk.append(0, lease.epoch, batch).is_ok() && held.is_ok() {
                held = self.oracle.committed(lease.epoch, batch.first_seq, &batch.lines, Some(&batch.checkpoint.note));
            }
        }
        self.check(held);
        self.disk.release();
        for index in 0..self.plan.nodes {
            self.places.push(Place::empty());
            self.start(index, 0);
        }
        for client in 0..self.clients.len() {
            self.thinks_at[client] = u64::MAX;
            self.connect(client, self.clients[client].node);
        }
        for (at, fault) in self.plan.faults.clone() {
            self.queue.put(at, Event::Fault(fault));
        }
        let (clients, seats, nodes, heals_at) =
            (self.clients.len(), self.plan.seats, self.plan.nodes, self.plan.heals_at);
        self.queue.put(heals_at, Event::Heal);
        self.queue.put(heals_at + HEALING_MS, Event::End);
        self.trace.line(0, 0, format_args!("{nodes} nodes, {clients} people, {seats} seats, heals at {heals_at}"));
    }
}

impl Place {
    fn empty() -> Self {
        Self {
            node: None,
            life: 0,
            frozen_until: 0,
            no_store_until: 0,
            no_bus_until: 0,
            wakes_at: u64::MAX,
            shows: false,
        }
    }
}

fn secret_of(rng: &mut Rng) -> [u8; 32] {
    std::array::from_fn(|_| rng.next_u64() as u8)
}
