//! What a socket's bytes travel over.

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;

/// A connection after its upgrade.
pub trait Line: AsyncRead + AsyncWrite + Unpin + Send + 'static {
    /// Taken apart, where nothing stands between it and TCP.
    fn into_plain(self) -> Result<Plain, Self>
    where
        Self: Sized,
    {
        Err(self)
    }
}

/// A bare TCP connection.
pub struct Plain {
    pub stream: TcpStream,
    /// Keeps it counted among the open ones until it is dropped.
    pub slot: Slot,
}

pub type Slot = Box<dyn Send>;
