//! The server's door and shell, over real sockets.

mod councils;
mod door;
mod shell;
mod support;
mod tls;
mod watching;
