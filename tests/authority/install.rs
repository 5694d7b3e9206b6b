//! The page where a tablet takes the authority on, from a server as it runs.

use crate::hall::{COUNCIL, LIMIT, own_address, serving};
use crate::plain_http::{Answer, get_at};
use crate::{Made, NAME, NOW, ca};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use dienhong::app::{AppError, Server};
use dienhong::client::Endpoint;
use dienhong::config::{Installing, Place, Serving};
use sha2::{Digest, Sha256};
use std::fs;
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// A server with an authority: its own port, and the one where tablets take the authority on.
struct Running {
    made: Made,
    server: Endpoint,
    install: Endpoint,
    stop: watch::Sender<bool>,
    serving: JoinHandle<()>,
}

impl Running {
    async fn start() -> Self {
        let made = Made::for_the_hall();
        let place = Place { data: made.path("data"), store: None };
        let server = Server::bind(&place, &settings(&made)).await.expect("it starts");
        let page = server.install().expect("an authority").page().expect("a page");
        let install = page.strip_suffix("/install").unwrap_or_else(|| panic!("{page}"));
        let at = |url: &str| Endpoint::new(url, COUNCIL).expect("an address");
        let (own, install) = (at(&format!("http://{}", server.address())), at(install));
        let (stop, stopping) = watch::channel(false);
        Self { made, server: own, install, stop, serving: tokio::spawn(server.run(stopping)) }
    }

    async fn get(&self, path: &str) -> Answer {
        get_at(&self.install, path, "").await
    }

    async fn stop(self) {
        self.stop.send_replace(true);
        timeout(LIMIT, self.serving).await.expect("it stops").expect("nothing broke down");
        let port = crate::tablet::address(&self.install);
        assert!(TcpStream::connect(port).await.is_err(), "the port is closed");
    }
}

fn settings(made: &Made) -> Serving {
    let any_port = || SocketAddr::new(own_address(), 0);
    let installing = Installing { authority: Some(made.ca()), install_listen: Some(any_port()) };
    Serving { installing, ..serving(any_port()) }
}

#[tokio::test]
async fn it_offers_the_authority_and_nothing_else() {
    let running = Running::start().await;
    let root = running.made.authority.root();
    let certificate = running.get("/install/authority.crt").await;
    assert_eq!((certificate.status, certificate.body.as_slice()), (200, root.der()));
    let head = certificate.head.to_ascii_lowercase();
    assert!(head.contains("content-type: application/x-x509-ca-cert"), "{head}");
    assert!(head.contains("content-disposition: attachment; filename=\"hoidong.test.crt\""), "{head}");
    // Whoever hashes the file gets what stands on the wall.
    let hash: Vec<_> =
        Sha256::digest(&certificate.body).chunks(2).map(|two| format!("{:02X}{:02X}", two[0], two[1])).collect();
    assert_eq!(hash.join(" "), root.fingerprint());

    let profile = running.get("/install/authority.mobileconfig").await;
    assert!(profile.head.to_ascii_lowercase().contains("content-type: application/x-apple-aspen-config"));
    assert!(profile.text().contains(&format!("<data>{}</data>", STANDARD.encode(root.der()))));
    assert!(profile.text().contains("<string>com.apple.security.root</string>"));
    assert!(!profile.text().contains("{{"));
    assert_eq!(profile.text(), running.get("/install/authority.mobileconfig").await.text(), "always the same");

    for other in [
        "/",
        "/install/",
        "/install/x",
        "/install/../",
        "/healthz",
        "/metrics",
        "/api/councils",
        "/c/mau/",
        "/c/mau/ws",
    ] {
        let answer = running.get(other).await;
        assert_eq!((answer.status, answer.problem().as_str()), (404, "not_found"), "{other}");
    }
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"] {
        assert_eq!(status_of(&running.install, method).await, 405, "{method}");
    }
    running.stop().await;
}

#[tokio::test]
async fn the_page_needs_nothing_else_and_says_it_twice() {
    let running = Running::start().await;
    let page = running.get("/install").await;
    let head = page.head.to_ascii_lowercase();
    assert!(page.status == 200 && head.contains("content-type: text/html; charset=utf-8"), "{head}");
    assert!(head.contains("content-security-policy: default-src 'none'; style-src 'self'; base-uri 'none'"), "{head}");
    let text = page.text();
    for missing in ["{{", "<script", "style=", "src=", "onclick"] {
        assert!(!text.contains(missing), "{missing}");
    }
    for linked in text.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        if linked.starts_with('/') {
            assert_eq!(running.get(linked).await.status, 200, "{linked}");
        } else {
            assert!(linked == "#english" || linked.starts_with("https://hoidong.test:"), "{linked}");
        }
    }
    for line in running.made.authority.root().fingerprint().split(' ').collect::<Vec<_>>().chunks(4) {
        assert_eq!(text.matches(&line.join(" ")).count(), 2, "in both languages");
    }
    for words in [
        "So vân tay với tờ giấy",
        "Compare the fingerprint with the paper",
        "Gỡ khi hết nhiệm kỳ",
        "Remove it after the term",
    ] {
        assert!(text.contains(words), "{words}");
    }

    // The same on the server's own port, beside everything else.
    let there = get_at(&running.server, "/install", "").await;
    assert_eq!((there.status, there.text()), (200, text));
    assert_eq!(get_at(&running.server, "/healthz", "").await.status, 200);
    running.stop().await;
}

#[tokio::test]
async fn without_an_authority_there_is_no_page() {
    let folder = tempfile::tempdir().unwrap();
    let place = Place { data: folder.path().join("data"), store: None };
    let server = Server::bind(&place, &serving(SocketAddr::new(own_address(), 0))).await.expect("it starts");
    assert!(server.install().is_none());
    let endpoint = Endpoint::new(&format!("http://{}", server.address()), COUNCIL).unwrap();
    let (stop, stopping) = watch::channel(false);
    let running = tokio::spawn(server.run(stopping));
    assert_eq!(get_at(&endpoint, "/install", "").await.problem(), "not_found");
    stop.send_replace(true);
    timeout(LIMIT, running).await.expect("it stops").expect("nothing broke down");
}

#[tokio::test]
async fn a_server_whose_authority_cannot_be_read_does_not_start() {
    let made = Made::for_the_hall();
    fs::remove_file(made.ca().join("authority.pem")).unwrap();
    let place = Place { data: made.path("data"), store: None };
    let error = Server::bind(&place, &settings(&made)).await.err().expect("no start");
    assert!(matches!(&error, AppError::Authority(error) if error.code() == "unreadable"), "{error}");
    // Its key is not asked for: it may lie in a safe.
    let made = Made::for_the_hall();
    fs::remove_file(made.ca().join("authority.key")).unwrap();
    let place = Place { data: made.path("data"), store: None };
    Server::bind(&place, &settings(&made)).await.expect("it starts");
}

#[tokio::test]
async fn the_sheet_for_the_wall_is_one_file() {
    let made = Made::for_the_hall();
    let (authority, sheet) = (made.ca(), made.path("sheet.html"));
    let (authority, out) = (authority.to_str().unwrap(), sheet.to_str().unwrap());
    let arguments =
        ["poster", "--authority", authority, "--out", out, "--https-port", "8443", "--install-port", "8080"];
    assert!(ca(&arguments, &made.path("unused")).await.status.success());
    let text = fs::read_to_string(&sheet).unwrap();
    for line in made.authority.root().fingerprint().split(' ').collect::<Vec<_>>().chunks(4) {
        assert_eq!(text.matches(&line.join(" ")).count(), 1);
    }
    assert!(text.contains(&format!("https://{NAME}:8443")) && text.contains("http://192.168.1.10:8080/install"));
    assert!(text.contains(&made.authority.root().life().until.to_string()) && made.authority.root().life().until > NOW);
    assert!(!text.contains("{{") && !text.contains("<script") && !text.contains("<link") && !text.contains("url("));
    let sources: Vec<_> = text.split("src=\"").skip(1).collect();
    let picture = sources[0].strip_prefix("data:image/svg+xml;base64,").and_then(|rest| rest.split('"').next());
    let picture = STANDARD.decode(picture.expect("a picture of its own")).expect("base64");
    assert!(sources.len() == 1 && String::from_utf8(picture).expect("text").contains("<svg"));
}

async fn status_of(at: &Endpoint, method: &str) -> u16 {
    let address = crate::tablet::address(at);
    let mut stream = TcpStream::connect(address).await.expect("it listens");
    let request =
        format!("{method} /install HTTP/1.1\r\nHost: {address}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.expect("it reads");
    let mut answer = String::new();
    timeout(LIMIT, stream.read_to_string(&mut answer)).await.expect("in time").expect("an answer");
    answer.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status")
}
