use super::{ca, failed};
use crate::app::Server;
use crate::config::{Nodes, Place, Serving};
use clap::Args;
use std::process::ExitCode;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

/// Run the server.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  dienhong serve
  dienhong serve --listen 0.0.0.0:443 --host hoidong.example --tls-cert hall.pem --tls-key hall.key
  dienhong serve --listen 0.0.0.0:443 --tls-cert tls/server.pem --tls-key tls/server.key \\
      --authority ca --install-listen 0.0.0.0:80
  dienhong serve --store postgres://dienhong@db.internal/dienhong
  dienhong serve --store postgres://dienhong@db.internal/dienhong --redis redis://redis.internal --node-listen 10.0.0.2:7421")]
pub struct Serve {
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    serving: Serving,
    #[command(flatten)]
    nodes: Nodes,
}

impl Serve {
    pub async fn run(self) -> ExitCode {
        let server = match Server::bind_among(&self.place, &self.serving, &self.nodes).await {
            Ok(server) => server,
            Err(error) => return failed(error),
        };
        // Whoever reads the address may stop the server at once.
        let signalled = signalled();
        let scheme = if self.serving.tls_cert.is_some() { "https" } else { "http" };
        println!("Diên Hồng · {scheme}://{}", server.address());
        if let Some(install) = server.install()
            && let Some(page) = install.page()
        {
            println!("{}", ca::invitation(install.root(), &page));
        }
        if server.platform().councils().is_empty() {
            println!("There is no council yet: `dienhong init --help` says how to found one.");
        }
        raise_open_files();
        let (stop, stopping) = watch::channel(false);
        tokio::spawn(async move {
            signalled.await;
            stop.send_replace(true);
        });
        server.run(stopping).await;
        ExitCode::SUCCESS
    }
}

/// Every screen is an open file; the usual soft limit of 1,024 would end at a crowd the hard limit allows.
pub fn raise_open_files() {
    if let Err(error) = rlimit::increase_nofile_limit(rlimit::INFINITY) {
        tracing::warn!(%error, "the limit of open files stays as it is");
    }
}

/// TERM from whoever runs the service, or Ctrl-C; heard from the call on, not only once it is waited for.
pub fn signalled() -> impl Future<Output = ()> + Send {
    let heard = [SignalKind::terminate(), SignalKind::interrupt()].map(signal);
    async move {
        match heard {
            [Ok(mut terminate), Ok(mut interrupt)] => {
                tokio::select! {
                    _ = terminate.recv() => {}
                    _ = interrupt.recv() => {}
                }
            }
            // Without signals the process can still be killed; what it has acknowledged is durable.
            _ => std::future::pending().await,
        }
    }
}
