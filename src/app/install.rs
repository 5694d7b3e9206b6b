//! The port where tablets take on the hall's authority before they trust it.

use super::AppError;
use crate::authority::Root;
use crate::config::Installing;
use crate::http::install;
use crate::http::listener::Bound;
use axum::Router;
use std::net::SocketAddr;
use tokio::sync::watch;

/// What there is to take on, and where.
pub struct Install {
    root: Root,
    site: String,
    in_the_clear: Option<Bound>,
}

impl Install {
    /// `server`: where the server itself listens. `None` when there is no authority.
    pub async fn open(settings: &Installing, server: SocketAddr) -> Result<Option<Self>, AppError> {
        let Some(folder) = &settings.authority else {
            return Ok(None);
        };
        let root = Root::read(folder)?;
        let in_the_clear = match settings.install_listen {
            Some(address) => Some(Bound::bind(address, install::listener_config(), None).await?),
            None => None,
        };
        let site = install::site(&root, server.port());
        Ok(Some(Self { root, site, in_the_clear }))
    }

    pub fn root(&self) -> &Root {
        &self.root
    }

    /// Address of the page in the clear, where there is one.
    pub fn page(&self) -> Option<String> {
        let bound = self.in_the_clear.as_ref()?.address();
        let host = if bound.ip().is_unspecified() {
            self.root.names().for_plain_http()
        } else {
            bound.to_string().strip_suffix(&format!(":{}", bound.port()))?.to_owned()
        };
        Some(install::page_address(&host, bound.port()))
    }

    /// For the server's own port.
    pub fn routes(&self) -> Router {
        install::routes(&self.root, &self.site)
    }

    /// Serves the port in the clear until `stop` turns true.
    pub async fn serve(self, stop: watch::Receiver<bool>) {
        if let Some(bound) = self.in_the_clear {
            bound.serve(install::in_the_clear(&self.root, &self.site), stop).await;
        }
    }
}
