//! Nchan, the publish and subscribe module of nginx: spectators over its WebSocket, the publisher by POST.

use crate::load::LoadError;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::net::tcp::OwnedWriteHalf;

/// Where Debian keeps it (libnginx-mod-nchan).
const MODULE: &str = "/usr/lib/nginx/modules/ngx_nchan_module.so";
pub const SOCKET: &str = "/ws";

/// Why it cannot be measured here, where it cannot.
pub fn missing() -> Option<&'static str> {
    (!Path::new(MODULE).exists()).then_some("Nchan is missing (Debian: libnginx-mod-nchan)")
}

/// One worker, no log, nothing kept beyond the newest message. Every file in the folder.
pub fn settings(port: u16, folder: &Path) -> String {
    let folder = folder.display();
    let kept: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .iter()
        .map(|kind| format!("  {kind}_temp_path {folder}/{kind};\n"))
        .collect();
    format!(
        "load_module {MODULE};\ndaemon off;\nmaster_process off;\npid {folder}/pid;\nerror_log {folder}/log crit;\n\
         worker_rlimit_nofile 65536;\nevents {{ worker_connections 32768; }}\nhttp {{\n  access_log off;\n{kept}  \
         server {{\n    listen 127.0.0.1:{port} backlog=4096;\n    \
         location = {SOCKET} {{ nchan_subscriber websocket; nchan_channel_id live; nchan_subscriber_first_message newest; }}\n    \
         location = /show {{ nchan_publisher; nchan_channel_id live; nchan_message_buffer_length 1; nchan_message_timeout 1m; }}\n  \
         }}\n}}\n"
    )
}

#[derive(Debug)]
pub struct Publisher(OwnedWriteHalf);

impl Publisher {
    pub async fn connect(port: u16) -> Result<Self, LoadError> {
        let stream = TcpStream::connect(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await?;
        stream.set_nodelay(true)?;
        let (mut read, write) = stream.into_split();
        // Its answers say how many are subscribed; nobody needs that.
        tokio::spawn(async move {
            let mut scratch = [0; 4096];
            while read.read(&mut scratch).await.is_ok_and(|read| read > 0) {}
        });
        Ok(Self(write))
    }

    pub async fn show(&mut self, text: &str) -> Result<(), LoadError> {
        let post = format!(
            "POST /show HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{text}",
            text.len()
        );
        Ok(self.0.write_all(post.as_bytes()).await?)
    }
}
