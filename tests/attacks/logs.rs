//! What the real program writes into its log while it is attacked: one JSON object a line whatever it is sent, and no secret, at a
//! finer level than anybody runs it with.

use crate::edge::{head_of, say};
use crate::hall::{COUNCIL, LIMIT, own_address};
use crate::line::{FINAL, Line, State, TEXT, frame};
use crate::process::{init, stdout};
use crate::tablet::{Tablet, address};
use dienhong::app::control::{self, Request, Response};
use dienhong::chamber::texts::may_stand;
use dienhong::client::{DeviceKey, Endpoint};
use dienhong::ledger::text::{base64, hex};
use dienhong::wire::frames::{ClientFrame, Page};
use serde_json::Value;
use std::fs::{self, File};
use std::path::Path;
use std::process::Stdio;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;

/// Ends a line and begins one of its own, as text and as a terminal reads it.
const FORGED: &str = "\"}\n{\"level\":\"ERROR\",\"message\":\"forged\"}\n\x1b[2J\x1b]0;forged\x07";

struct Logging {
    child: Child,
    endpoint: Endpoint,
}

impl Logging {
    async fn serve(data: &Path, log: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_dienhong"))
            .args(["serve", "--listen", &format!("{}:0", own_address())])
            .env("DIENHONG_DATA", data)
            .env("DIENHONG_LOG", "debug,dienhong=trace,hyper=trace")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(File::create(log).expect("a file"))
            .kill_on_drop(true)
            .spawn()
            .expect("it starts");
        let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        let first = timeout(LIMIT, lines.next_line()).await.expect("it says where it listens").expect("text");
        let listens = first.expect("it did not start");
        let at = listens.rsplit("http://").next().expect("an address").trim();
        let endpoint = Endpoint::new(&format!("http://{at}"), COUNCIL).expect("an address");
        Self { child, endpoint }
    }

    /// Its last word written.
    async fn end(mut self) {
        let id = self.child.id().expect("it runs").to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().await.expect("kill is there").success());
        assert!(timeout(LIMIT, self.child.wait()).await.expect("it stops").expect("it can be waited for").success());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_log_keeps_its_form_and_its_secrets() {
    let folder = tempfile::tempdir().unwrap();
    let (data, log) = (folder.path().join("data"), folder.path().join("log"));
    let founded = init(&data, None, 3).await;
    let link = stdout(&founded);
    let first_code = link.split("#enrol=").nth(1).expect("a link")[..9].to_owned();
    let server = Logging::serve(&data, &log).await;
    let ask = async |request| control::call(&data.join("control.sock"), &request).await.unwrap().expect("it listens");

    // Names as JSON would be; those that would break a line are refused before.
    let csv = "id,name,seat,group,offices\np1,\"A\"\"},{\"\"level\"\":\"\"ERROR\"\"\",1,g,\n";
    let roster = Request::ImportRoster { council: COUNCIL.to_owned(), csv: csv.to_owned(), dry_run: false };
    assert!(matches!(ask(roster).await, Response::Roster { imported: true, .. }));
    let csv = format!("id,name,seat,group,offices\np2,\"{}\",2,g,\n", FORGED.replace('"', "\"\""));
    let roster = Request::ImportRoster { council: COUNCIL.to_owned(), csv, dry_run: false };
    assert!(matches!(ask(roster).await, Response::Failed { .. }));

    let mut secrets = vec![fs::read_to_string(data.join("instance.key")).expect("a key").trim().to_owned()];
    secrets.push(first_code);
    let enrol = Request::Enrol { council: COUNCIL.to_owned(), person: "p1".to_owned(), minutes: 10 };
    let Response::Code { code, .. } = ask(enrol).await else { panic!("no code") };
    let seed = [0xA7; 32];
    let device = server.endpoint.enrol(&code, DeviceKey::from_seed(seed)).await.expect("the code is good");
    secrets.extend([code.clone(), hex(&seed), base64(&seed)]);
    let mut tablet = Tablet::open(&server.endpoint).await;
    let join = tablet.join_frame(Page::Delegate, Some(&device));
    let ClientFrame::Join { statement: Some(login), .. } = &join else { panic!("no login") };
    let vote = device.vote("b1", &hex(&[1; 32]), "yes", 1).unwrap();
    secrets.extend([signature_of(login), signature_of(&vote)]);
    tablet.say(&join).await;
    tablet.frame().await;
    assert!(tablet.cast(&vote).await.is_err());

    attack(&server.endpoint, &code, &vote).await;
    server.end().await;
    let log = fs::read_to_string(&log).expect("UTF-8");
    well_formed(&log);
    for secret in secrets {
        for form in forms_of(&secret) {
            assert!(!log.contains(&form), "{form} is in the log");
        }
    }
}

/// Everything of a request that a log might take up.
async fn attack(endpoint: &Endpoint, code: &str, vote: &str) {
    let address = address(endpoint);
    let signature = signature_of(vote);
    let paths = [
        "/%0a%7B%22level%22:%22ERROR%22,%22message%22:%22forged%22%7D".to_owned(),
        "/%1b[2J%0d%0a".to_owned(),
        "/\"},{\"level\":\"ERROR\",\"message\":\"forged\"}".to_owned(),
        "/\u{9b}2J\u{85}\u{2028}\u{202e}".to_owned(),
        format!("/c/{COUNCIL}/\u{9b}31m"),
        format!("/c/\u{202e}{COUNCIL}/wall"),
        format!("/c/{COUNCIL}/delegate?enrol={code}"),
        format!("/c/{COUNCIL}/delegate#enrol={code}"),
        format!("/c/{COUNCIL}/api/enrol/look?code={code}&statement={}", signature.replace('+', "%2B")),
    ];
    for path in &paths {
        for method in ["GET", "POST", "X\u{1b}[2J", "FORGED"] {
            head_or_end(address, &format!("{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"))
                .await;
        }
    }
    for header in
        ["User-Agent", "Referer", "Origin", "X-Forwarded-For", "Cookie", "Authorization", "Upgrade", "Content-Type"]
    {
        for value in ["\x1b[2J", "a\"},{\"level\":\"ERROR\"", "a\r\n b", "\u{9b}2J", code, &signature] {
            let request = format!(
                "POST /c/{COUNCIL}/api/enrol HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Length: 0\r\n{header}: {value}\r\n\r\n"
            );
            head_or_end(address, &request).await;
        }
    }
    for host in [FORGED, "\u{9b}2J", code] {
        head_or_end(address, &format!("GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")).await;
    }
    for text in [FORGED, vote, code] {
        let mut line = Line::in_state(endpoint, State::Watching).await;
        line.send(&frame(FINAL | TEXT, text.as_bytes())).await;
        line.closing().await;
        let body = serde_json::json!({ "code": text, "statement": text }).to_string();
        let answer = say(address, format!(
            "POST /c/{COUNCIL}/api/enrol HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n\r\n{body}",
            body.len()
        ))
        .await;
        assert!(answer.starts_with("HTTP/1.1 4"), "{answer}");
    }
    // That the log was listening at all.
    head_of(address, format!("GET /the-last-one HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")).await;
}

/// Some of it is no request, and gets no answer.
async fn head_or_end(address: std::net::SocketAddr, request: &str) {
    say(address, request).await;
}

fn well_formed(log: &str) {
    assert!(log.ends_with('\n') && log.contains("/the-last-one"));
    for line in log.lines() {
        let parsed: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        assert!(parsed["timestamp"].is_string() && parsed["target"].is_string(), "{line}");
        assert_ne!(parsed["message"], "forged", "{line}");
        assert_ne!(parsed["level"], "ERROR", "nothing here is the server's fault: {line}");
        assert!(line.chars().all(may_stand), "a character that speaks to a terminal: {line:?}");
    }
}

/// As it is, and as it may have been rewritten on its way.
fn forms_of(secret: &str) -> Vec<String> {
    let bare = secret.replace('-', "");
    let escaped = secret.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
    let in_json = secret.replace('/', "\\/");
    let for_urls = secret.replace('+', "-").replace('/', "_");
    let unpadded = secret.trim_end_matches('=').to_owned();
    let mut forms = vec![secret.to_owned(), secret.to_lowercase(), bare.to_lowercase(), bare];
    forms.extend([escaped.to_lowercase(), escaped, in_json, for_urls, unpadded]);
    forms
}

fn signature_of(note: &str) -> String {
    note.trim_end().rsplit(' ').next().expect("a signature").to_owned()
}
