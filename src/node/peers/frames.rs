//! Frames on a line between nodes: four bytes of length, then so many bytes of JSON.

use serde::Serialize;
use serde::de::DeserializeOwned;
use std::io;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// A roster of 1 MiB as people, the largest command there is, with room for the names of its fields.
pub const LONGEST: usize = 4 * 1024 * 1024;

/// `None`: it is too long to be sent, or cannot be written down at all.
pub fn encode(frame: &impl Serialize) -> Option<Vec<u8>> {
    let mut bytes = vec![0; 4];
    serde_json::to_writer(&mut bytes, frame).ok()?;
    let length = bytes.len() - 4;
    if length > LONGEST {
        return None;
    }
    bytes[..4].copy_from_slice(&u32::try_from(length).ok()?.to_be_bytes());
    Some(bytes)
}

pub async fn write(writer: &mut (impl AsyncWrite + Unpin), frame: &impl Serialize) -> io::Result<()> {
    let bytes = encode(frame).ok_or_else(|| io::Error::other("a frame that cannot be sent"))?;
    writer.write_all(&bytes).await?;
    writer.flush().await
}

pub async fn read<T: DeserializeOwned>(reader: &mut (impl AsyncRead + Unpin)) -> io::Result<T> {
    let length = reader.read_u32().await? as usize;
    if length > LONGEST {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "a frame is too long"));
    }
    // Grows with what really comes: a length alone reserves nothing.
    let mut bytes = Vec::new();
    reader.take(length as u64).read_to_end(&mut bytes).await?;
    if bytes.len() != length {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    serde_json::from_slice(&bytes).map_err(io::Error::from)
}
