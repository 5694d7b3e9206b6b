//! The floor: takes its sockets, then for every change one `write` of the ready frame to each.

use crate::measure::{announce, changes, frame_text, sockets_asked};
use std::io::{ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};

const SWITCHING: &[u8] = b"HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n";

pub fn run() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    announce(listener.local_addr().expect("its address").port());
    let mut sockets: Vec<TcpStream> = (0..sockets_asked()).map(|_| accept(&listener)).collect();
    for (number, bytes) in changes() {
        let text = frame_text(number, bytes);
        let mut ready = vec![0x81, 126];
        ready.extend((text.len() as u16).to_be_bytes());
        ready.extend(text.as_bytes());
        for socket in &mut sockets {
            match socket.write(&ready) {
                Ok(all) => assert_eq!(all, ready.len(), "the readers keep up"),
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                // The readers have gone, and with them the reason to be here.
                Err(_) => return,
            }
        }
    }
}

fn accept(listener: &TcpListener) -> TcpStream {
    let (mut socket, _) = listener.accept().expect("a connection");
    let (mut head, mut read) = (Vec::new(), [0; 1024]);
    while !head.ends_with(b"\r\n\r\n") {
        let bytes = socket.read(&mut read).expect("a request");
        head.extend_from_slice(&read[..bytes]);
    }
    socket.write_all(SWITCHING).expect("an answer");
    socket.set_nodelay(true).expect("set");
    socket.set_nonblocking(true).expect("set");
    socket
}
