//! What a server needs to be one of several nodes.

use crate::bus::redis::{BadAddress, RedisBus};
use crate::config::{Nodes, Place};
use crate::node::cluster::Joining;
use crate::node::secret::InstanceSecret;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use tokio::net::TcpListener;

/// Any free port of this machine.
const HERE: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

#[derive(Debug, thiserror::Error)]
pub enum NodesError {
    #[error("several nodes need one Postgres: --redis goes with --store postgres://…")]
    NeedsPostgres,
    #[error("--redis: {0}")]
    Redis(#[from] BadAddress),
    #[error("cannot listen for other nodes on {address}: {source}")]
    Listen { address: SocketAddr, source: io::Error },
    #[error("--node-address must be HOST:PORT, without spaces and `#`, at most 200 characters")]
    BadAddress,
    #[error("--node-listen {0} says not where other nodes find this one: name it with --node-address HOST:PORT")]
    Nowhere(SocketAddr),
}

/// What can be told before anything is opened.
pub fn check(place: &Place, nodes: &Nodes) -> Result<(), NodesError> {
    let Some(_) = &nodes.redis else { return Ok(()) };
    let url = place.store_url();
    if !(url.starts_with("postgres://") || url.starts_with("postgresql://")) {
        return Err(NodesError::NeedsPostgres);
    }
    match (&nodes.node_address, nodes.node_listen) {
        (Some(address), _) => {
            let port = address.rsplit_once(':').and_then(|(host, port)| Some((host, port.parse::<u16>().ok()?)));
            let is_sound = port.is_some_and(|(host, port)| !host.is_empty() && port > 0)
                && address.len() <= 200
                && !address.contains(|c: char| c == '#' || c.is_whitespace() || c.is_control());
            if is_sound { Ok(()) } else { Err(NodesError::BadAddress) }
        }
        (None, Some(listen)) if listen.ip().is_unspecified() => Err(NodesError::Nowhere(listen)),
        (None, _) => Ok(()),
    }
}

/// `None`: this node serves alone.
pub async fn join(secret: &InstanceSecret, nodes: &Nodes) -> Result<Option<Joining>, NodesError> {
    let Some(redis) = &nodes.redis else { return Ok(None) };
    let listen = nodes.node_listen.unwrap_or(HERE);
    let failed = |source| NodesError::Listen { address: listen, source };
    let listener = TcpListener::bind(listen).await.map_err(failed)?;
    let bound = listener.local_addr().map_err(failed)?;
    let bus = Arc::new(RedisBus::open(redis, secret.bus_channel())?);
    let address = nodes.node_address.clone().unwrap_or_else(|| bound.to_string());
    Ok(Some(Joining { bus, listener, address }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(store: Option<&str>, listen: Option<&str>, address: Option<&str>) -> Result<(), String> {
        let place = Place { data: "data".into(), store: store.map(str::to_owned) };
        let nodes = Nodes {
            redis: Some("redis://127.0.0.1".into()),
            node_listen: listen.map(|listen| listen.parse().expect("an address")),
            node_address: address.map(str::to_owned),
        };
        check(&place, &nodes).map_err(|error| error.to_string())
    }

    #[test]
    fn what_cannot_work_is_told_before_anything_is_opened() {
        let postgres = Some("postgres://db/dienhong");
        assert!(told(None, None, None).unwrap_err().contains("--store postgres://"));
        assert!(told(Some("sqlite:hall.db"), None, None).unwrap_err().contains("--store postgres://"));
        assert!(told(postgres, Some("0.0.0.0:7421"), None).unwrap_err().contains("--node-address"));
        for wrong in ["hall", "hall:", ":1", "hall:0", "hall:port", "a#b:1", "a b:1"] {
            assert!(told(postgres, None, Some(wrong)).is_err(), "{wrong}");
        }
        assert_eq!(told(postgres, None, None), Ok(()));
        assert_eq!(told(postgres, Some("10.0.0.2:7421"), None), Ok(()));
        assert_eq!(told(postgres, Some("0.0.0.0:7421"), Some("node-2.internal:7421")), Ok(()));
    }
}
