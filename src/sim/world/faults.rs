//! What befalls the world, at its time.

use super::super::node::Node;
use super::super::plan::{Fault, Whom};
use super::{Event, World};

impl World {
    pub(super) fn fails(&mut self, fault: Fault) {
        self.trace.line(self.steps, self.now, format_args!("{fault:?}"));
        let now = self.now;
        let ends = |for_ms: u64| now + for_ms;
        match fault {
            Fault::StoreAway { for_ms } => self.away_until = self.away_until.max(ends(for_ms)),
            Fault::StoreFull { for_ms } => self.full_until = self.full_until.max(ends(for_ms)),
            Fault::Kill { node, for_ms, clock_off_ms } => {
                let (at, node) = (ends(for_ms), self.whom(node));
                let place = &mut self.places[node];
                if place.node.take().is_some() {
                    let life = place.life;
                    self.cut_clients(node);
                    self.queue.put(at, Event::Restart { node, life, clock_off_ms });
                }
            }
            Fault::Freeze { node, for_ms } => {
                let (until, node) = (ends(for_ms), self.whom(node));
                self.places[node].frozen_until = self.places[node].frozen_until.max(until);
            }
            Fault::CutFromStore { node, for_ms } => {
                let (until, node) = (ends(for_ms), self.whom(node));
                self.places[node].no_store_until = until;
            }
            Fault::CutFromBus { node, for_ms } => {
                let (until, node) = (ends(for_ms), self.whom(node));
                self.places[node].no_bus_until = until;
            }
            Fault::CutClients { node } => {
                let node = self.whom(node);
                self.cut_clients(node);
            }
        }
    }

    fn whom(&self, whom: Whom) -> usize {
        let leads = |node: &Node| node.leads_under().is_some();
        match whom {
            Whom::Node(node) => node,
            Whom::Leader => {
                self.places.iter().position(|place| place.node.as_ref().is_some_and(leads)).unwrap_or_default()
            }
        }
    }

    fn cut_clients(&mut self, node: usize) {
        for client in 0..self.clients.len() {
            if self.clients[client].node == node {
                self.clients[client].cut();
                self.thinks_again(client);
            }
        }
    }
}
