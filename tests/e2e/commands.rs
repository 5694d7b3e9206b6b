//! The commands as somebody at a console meets them: what they say, where they say it, and how they end.

use crate::hall::{COUNCIL, LIMIT, join};
use crate::plain_http::get;
use crate::process::{Process, dienhong, init, stderr, stdout};
use crate::support::place::Place;
use crate::tablet::Tablet;
use dienhong::chamber::command::Command as Order;
use dienhong::client::when;
use dienhong::wire::frames::Page;
use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

on_every_store! {
    a_council_is_founded_once,
    a_roster_and_codes_work_with_and_without_a_server,
    a_server_asked_to_stop_has_kept_its_word,
    two_servers_do_not_share_a_folder,
}

const ROSTER: &str = "id,name,seat,group,offices\n\
    p1,Nguyễn Văn An,1,Tổ 1,chair\n\
    p2,Trần Thị Bình,2,Tổ 1,\n\
    s1,Lê Văn Cường,,,secretary\n";

async fn a_council_is_founded_once(store: Place) {
    let folder = tempfile::tempdir().unwrap();
    let (data, url) = (folder.path().join("data"), store.url());
    let first = init(&data, Some(&url), 3).await;
    assert!(first.status.success(), "{}", stderr(&first));
    let said = stdout(&first);
    assert!(said.contains("Council mau is founded.") && said.contains("/c/mau/admin#enrol="), "{said}");
    assert!(said.contains("hall.example/mau+"), "the key to publish: {said}");
    assert_eq!(stderr(&first), "");

    let again = init(&data, Some(&url), 3).await;
    assert_eq!((again.status.code(), stdout(&again).as_str()), (Some(1), ""));
    assert!(stderr(&again).contains("council_exists"), "{}", stderr(&again));

    let process = Process::serve(&data, Some(&url)).await;
    let beside = init(&data, Some(&url), 3).await;
    assert_eq!(beside.status.code(), Some(1));
    assert!(stderr(&beside).contains("council_exists"), "{}", stderr(&beside));
    drop(process);
}

async fn a_roster_and_codes_work_with_and_without_a_server(store: Place) {
    let folder = tempfile::tempdir().unwrap();
    let (data, url) = (folder.path().join("data"), store.url());
    assert!(init(&data, Some(&url), 3).await.status.success());
    let good = written(folder.path(), "good.csv", ROSTER);
    let bad = written(folder.path(), "bad.csv", &ROSTER.replace(",2,", ",1,").replace(",secretary", ",clerk"));
    let run = async |arguments: &[&str]| dienhong(&data, Some(&url), arguments).await;

    let failed = run(&["roster", "import", &bad, "--council", COUNCIL]).await;
    assert_eq!((failed.status.code(), stdout(&failed).as_str()), (Some(1), ""));
    let said = stderr(&failed);
    assert!(said.contains("line 3, seat: duplicate_seat (\"1\")"), "{said}");
    assert!(said.contains("line 4, offices: unknown_office (\"clerk\")"), "{said}");
    assert!(said.contains("nothing has changed (bad_csv)"), "{said}");
    let shown = stdout(&run(&["roster", "show", "--council", COUNCIL]).await);
    assert_eq!(shown.lines().count(), 1, "only the administrator: {shown}");

    let dry = run(&["roster", "import", &good, "--council", COUNCIL, "--dry-run"]).await;
    assert_eq!(stdout(&dry), "3 added, 0 changed, 0 unchanged: would be imported.\n");
    let done = run(&["roster", "import", &good, "--council", COUNCIL]).await;
    assert_eq!(stdout(&done), "3 added, 0 changed, 0 unchanged: imported.\n");

    // A code given out while no server runs is good when one does.
    let given = run(&["enrol", "--council", COUNCIL, "p1"]).await;
    assert!(given.status.success(), "{}", stderr(&given));
    let code = code_in(&stdout(&given), "delegate", "chair");
    let nobody = run(&["enrol", "--council", COUNCIL, "p99"]).await;
    assert_eq!(nobody.status.code(), Some(1));
    assert!(stderr(&nobody).contains("unknown_person"), "{}", stderr(&nobody));
    let nowhere = run(&["enrol", "--council", "nowhere", "p1"]).await;
    assert!(stderr(&nowhere).contains("unknown_council"), "{}", stderr(&nowhere));

    let process = Process::serve(&data, Some(&url)).await;
    let chair = crate::hall::enrol(&process.endpoint(), &code).await;
    let page = join(&process.endpoint(), Page::Chair, &chair).await;
    when(&page.views().roll, LIMIT, |roll| roll.people.len() == 4).await.expect("the roll");

    // The same beside the running server: its pages see it at once.
    let more = written(folder.path(), "more.csv", &format!("{ROSTER}p3,Phạm Thị Dung,3,Tổ 2,\n"));
    let done = run(&["roster", "import", &more, "--council", COUNCIL]).await;
    assert_eq!(stdout(&done), "1 added, 0 changed, 3 unchanged: imported.\n");
    when(&page.views().roll, LIMIT, |roll| roll.people.len() == 5).await.expect("the new delegate");
    let failed = run(&["roster", "import", &bad, "--council", COUNCIL]).await;
    assert_eq!(failed.status.code(), Some(1));
    assert!(stderr(&failed).contains("line 3, seat: duplicate_seat"), "{}", stderr(&failed));
    let given = stdout(&run(&["enrol", "--council", COUNCIL, "p3", "--server", "http://hall.example/"]).await);
    assert!(given.contains("http://hall.example/c/mau/delegate#enrol="), "{given}");
    let delegate = crate::hall::enrol(&process.endpoint(), &code_in(&given, "delegate", "delegate")).await;
    Tablet::join(&process.endpoint(), Page::Delegate, &delegate).await;
}

async fn a_server_asked_to_stop_has_kept_its_word(store: Place) {
    let folder = tempfile::tempdir().unwrap();
    let (data, url) = (folder.path().join("data"), store.url());
    assert!(init(&data, Some(&url), 3).await.status.success());
    let mut process = Process::serve(&data, Some(&url)).await;
    let people = written(folder.path(), "people.csv", ROSTER);
    assert!(dienhong(&data, Some(&url), &["roster", "import", &people, "--council", COUNCIL]).await.status.success());
    let device = process.enrol("s1").await;
    let mut desk = Tablet::join(&process.endpoint(), Page::Admin, &device).await;
    let session = Order::create_session("Kỳ họp", "2026–2031");
    let receipt = desk.order(&device, &session).await.expect("a receipt");

    // With an order under way: what gets a receipt is there afterwards, what gets none may be.
    let sitting = Order::open_sitting("Phiên họp");
    let (statement, arguments) = device.order(&sitting).unwrap();
    let under_way = tokio::spawn(async move {
        let id = desk.id();
        let order = dienhong::wire::frames::ClientFrame::Order { id, statement, arguments };
        desk.say(&order).await;
        let mut receipt = None;
        loop {
            match desk.hear().await {
                crate::tablet::Heard::Frame(frame) => {
                    if let dienhong::wire::frames::ServerFrame::Receipt { receipt: given, .. } = *frame {
                        receipt = Some(given);
                    }
                }
                crate::tablet::Heard::Closed(code) => break (receipt, Some(code)),
                crate::tablet::Heard::Lost => break (receipt, None),
            }
        }
    });
    let status = process.terminate().await;
    assert_eq!(status.code(), Some(0));
    assert!(!data.join("control.sock").exists());
    let (second, code) = under_way.await.unwrap();
    assert_eq!(code, Some(1001), "the page is told to come back");

    process.restart().await;
    let checkpoint = get(&process.endpoint(), "record/checkpoint").await.text();
    assert!(checkpoint.starts_with("hall.example/mau\n"), "{checkpoint}");
    let mut desk = Tablet::join(&process.endpoint(), Page::Admin, &device).await;
    if second.is_some() {
        let again = desk.order(&device, &sitting).await;
        assert_eq!(again, Err(("sitting_open".to_owned(), false)), "it was opened before the stop");
    }
    assert!(process.terminate().await.success());
    let place = dienhong::config::Place { data, store: Some(url) };
    let lines = crate::hall::verified_export(&place, &folder.path().join("record.tar")).await;
    for receipt in [Some(receipt), second].into_iter().flatten() {
        assert_eq!(lines[receipt.seq as usize], receipt.entry);
    }
}

async fn two_servers_do_not_share_a_folder(store: Place) {
    let folder = tempfile::tempdir().unwrap();
    let (data, url) = (folder.path().join("data"), store.url());
    assert!(init(&data, Some(&url), 3).await.status.success());
    let process = Process::serve(&data, Some(&url)).await;
    let device = process.enrol("admin").await;
    let second = dienhong(&data, Some(&url), &["serve", "--listen", "127.0.0.1:0"]).await;
    assert_eq!(second.status.code(), Some(1));
    assert!(stderr(&second).contains("another server runs on this data folder"), "{}", stderr(&second));

    // The first was not disturbed: it is still the record's writer, and its socket is still there.
    let people = written(folder.path(), "people.csv", ROSTER);
    let done = dienhong(&data, Some(&url), &["roster", "import", &people, "--council", COUNCIL]).await;
    assert!(done.status.success(), "{}", stderr(&done));
    let ready = crate::plain_http::get_at(&process.endpoint(), "/readyz", "").await;
    assert_eq!(ready.status, 200);
    let metrics = crate::plain_http::get_at(&process.endpoint(), "/metrics", "").await.text();
    assert!(!metrics.contains("dienhong_append_failures_total{"), "no write was outlawed");
    Tablet::join(&process.endpoint(), Page::Admin, &device).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_port_in_use_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let taken = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address: SocketAddr = taken.local_addr().unwrap();
    let output = dienhong(&data, None, &["serve", "--listen", &address.to_string()]).await;
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stderr(&output).contains(&format!("port {} on 127.0.0.1 is in use", address.port())),
        "{}",
        stderr(&output)
    );
    assert!(!data.exists(), "nothing else was touched");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_secret_others_can_read_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    assert!(init(&data, None, 3).await.status.success());
    let secret = data.join("instance.key");
    assert_eq!(fs::metadata(&secret).unwrap().permissions().mode() & 0o777, 0o600);
    fs::set_permissions(&secret, fs::Permissions::from_mode(0o640)).unwrap();
    let output = dienhong(&data, None, &["serve", "--listen", "127.0.0.1:0"]).await;
    assert_eq!(output.status.code(), Some(1));
    let said = stderr(&output);
    assert!(said.contains("can be read by others; run: chmod 600") && said.contains("instance.key"), "{said}");
    assert!(!data.join("control.sock").exists(), "nothing is left of the attempt");

    // With another secret the record's key does not fit.
    fs::remove_file(&secret).unwrap();
    let output = dienhong(&data, None, &["serve", "--listen", "127.0.0.1:0"]).await;
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("is it the right instance.key?"), "{}", stderr(&output));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_that_cannot_be_reached_is_named_without_its_password() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    // A port that was free a moment ago: nobody listens there.
    let port = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
    let url = format!("postgres://keeper:hunter2secret@127.0.0.1:{port}/hall");
    for arguments in [&["serve", "--listen", "127.0.0.1:0"][..], &["enrol", "--council", "mau", "p1"]] {
        let output = dienhong(&data, Some(&url), arguments).await;
        assert_eq!(output.status.code(), Some(1));
        let said = stderr(&output) + &stdout(&output);
        assert!(said.contains(&format!("127.0.0.1:{port}")) && said.contains("cannot be reached"), "{said}");
        assert!(!said.contains("hunter2secret"), "{said}");
    }
    let output = dienhong(&data, Some("mysql://root:hunter2secret@db/hall"), &["serve"]).await;
    let said = stderr(&output) + &stdout(&output);
    assert!(said.contains("sqlite:PATH or postgres://") && !said.contains("hunter2secret"), "{said}");
}

fn written(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    fs::write(&path, text).unwrap();
    path.to_str().expect("a path in UTF-8").to_owned()
}

/// The code in a link to one of these pages.
fn code_in(said: &str, page: &str, or: &str) -> String {
    let link = said.lines().find(|line| line.contains("#enrol=")).unwrap_or_else(|| panic!("no link: {said}"));
    assert!(link.contains(&format!("/{page}#")) || link.contains(&format!("/{or}#")), "{link}");
    link.rsplit("#enrol=").next().expect("a code").trim().to_owned()
}
