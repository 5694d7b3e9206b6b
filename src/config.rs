//! Floor 6. Gathers what each part asks to be told. Every setting is a flag and an environment variable.

use crate::node::Folders;
use clap::Args;
use std::net::SocketAddr;
use std::path::PathBuf;

/// Where the instance keeps its files and its record.
#[derive(Debug, Clone, Args)]
pub struct Place {
    /// Folder for the instance secret, the embedded store and the control socket.
    #[arg(long, value_name = "DIR", env = "DIENHONG_DATA", default_value = "dienhong-data")]
    pub data: PathBuf,
    /// Store of the record: sqlite:PATH or postgres://USER@HOST/DATABASE. Default: sqlite in the data folder.
    #[arg(long, value_name = "URL", env = "DIENHONG_STORE", hide_env_values = true)]
    pub store: Option<String>,
}

impl Place {
    pub fn store_url(&self) -> String {
        self.store.clone().unwrap_or_else(|| format!("sqlite:{}", self.data.join("record.sqlite").display()))
    }

    pub fn secret_file(&self) -> PathBuf {
        self.data.join("instance.key")
    }

    /// What each council's record came to, so that a start need not read it: a cache that may be deleted.
    pub fn snapshots(&self) -> PathBuf {
        self.data.join("snapshots")
    }

    /// Which state of each council this node has seen last. Not to be deleted: without it a store that comes back older is not
    /// noticed here.
    pub fn heads(&self) -> PathBuf {
        self.data.join("heads")
    }

    pub fn folders(&self) -> Folders {
        Folders { snapshots: self.snapshots(), heads: self.heads() }
    }

    /// Held by the one process at work on the folder.
    pub fn lock_file(&self) -> PathBuf {
        self.data.join("lock")
    }

    /// Where the other commands reach a running server.
    pub fn control_socket(&self) -> PathBuf {
        self.data.join("control.sock")
    }
}

/// How the server is reached.
#[derive(Debug, Clone, Args)]
pub struct Serving {
    /// Address and port to listen on.
    #[arg(long, value_name = "ADDRESS", env = "DIENHONG_LISTEN", default_value = "127.0.0.1:8420")]
    pub listen: SocketAddr,
    /// Certificate chain (PEM). Tablets on a hall's network need https: browsers sign only in a secure context.
    #[arg(long, value_name = "FILE", env = "DIENHONG_TLS_CERT", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,
    /// The certificate's private key (PEM).
    #[arg(long, value_name = "FILE", env = "DIENHONG_TLS_KEY", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,
    /// Further origins whose pages may connect, such as https://hoidong.example; the server's own always may.
    #[arg(long = "allow-origin", value_name = "ORIGIN", env = "DIENHONG_ALLOW_ORIGIN", value_delimiter = ',')]
    pub allow_origin: Vec<String>,
    /// Names under which browsers reach the server, such as hoidong.example. Its IP addresses, localhost, the names in its
    /// certificate and the hosts of --allow-origin need not be listed; requests for any other name are refused.
    #[arg(long = "host", value_name = "NAME", env = "DIENHONG_HOST", value_delimiter = ',')]
    pub host: Vec<String>,
    /// Let every address read /metrics, not only this machine.
    #[arg(long, env = "DIENHONG_METRICS_FOR_ALL")]
    pub metrics_for_all: bool,
    #[command(flatten)]
    pub installing: Installing,
}

/// How tablets take on the hall's own authority (docs/tls.md).
#[derive(Debug, Clone, Default, Args)]
pub struct Installing {
    /// Folder with the certificate of the hall's own authority, as `dienhong ca new` makes it; its key need not be there. The page
    /// /install then shows tablets how to take it on.
    #[arg(long, value_name = "DIR", env = "DIENHONG_AUTHORITY")]
    pub authority: Option<PathBuf>,
    /// Address and port where that page, and nothing else, is served over plain http for tablets that do not trust the
    /// authority yet, such as 0.0.0.0:80. Default: not at all.
    #[arg(long, value_name = "ADDRESS", env = "DIENHONG_INSTALL_LISTEN", requires = "authority")]
    pub install_listen: Option<SocketAddr>,
}

/// Several nodes that serve together.
#[derive(Debug, Clone, Default, Args)]
pub struct Nodes {
    /// Redis, through which the nodes of one platform tell each other what is new: redis://HOST:PORT. All of them have the same
    /// Postgres and the same instance.key. Without it this node serves alone.
    #[arg(long, value_name = "URL", env = "DIENHONG_REDIS", hide_env_values = true)]
    pub redis: Option<String>,
    /// Address and port where other nodes reach this one. Default: a free port of this machine, for nodes on the same machine.
    #[arg(long, value_name = "ADDRESS", env = "DIENHONG_NODE_LISTEN", requires = "redis")]
    pub node_listen: Option<SocketAddr>,
    /// Host and port under which they reach it. Default: the address it listens on.
    #[arg(long, value_name = "HOST:PORT", env = "DIENHONG_NODE_ADDRESS", requires = "redis")]
    pub node_address: Option<String>,
}
