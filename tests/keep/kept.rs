//! A council served by a process of its own, whose data can be taken and put back.

use crate::hall::{COUNCIL, LIMIT};
use crate::plain_http;
use crate::process::{Process, dienhong, init};
use crate::support::place::Place;
use dienhong::app::control::{Request, Response};
use dienhong::client::roster_csv;
use dienhong::config;
use dienhong::sample;
use std::path::PathBuf;
use std::process::Output;
use std::time::{Duration, Instant};
use tempfile::TempDir;

pub const SEATS: u32 = 4;

pub struct Kept {
    pub store: Place,
    pub folder: TempDir,
    pub process: Process,
}

impl Kept {
    /// Founded and served, with its people on the roll.
    pub async fn begin(store: Place) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (data, url) = (folder.path().join("data"), store.url());
        assert!(init(&data, Some(&url), SEATS).await.status.success());
        let process = Process::serve(&data, Some(&url)).await;
        let kept = Self { store, folder, process };
        assert!(kept.add(29).await);
        kept
    }

    /// Puts people on the roll, who are others for another seed. False when nothing was recorded.
    pub async fn add(&self, seed: u64) -> bool {
        let csv = roster_csv(&sample::council(seed, SEATS));
        let roster = Request::ImportRoster { council: COUNCIL.to_owned(), csv, dry_run: false };
        matches!(self.process.control(roster).await, Response::Roster { imported: true, .. })
    }

    pub async fn stop(&mut self) {
        assert!(self.process.terminate().await.success());
    }

    /// A command on this data and store, run to its end.
    pub async fn run(&self, arguments: &[&str]) -> Output {
        dienhong(&self.data(), Some(&self.store.url()), arguments).await
    }

    /// `serve`, where it is expected not to.
    pub async fn serve_in_vain(&self) -> Output {
        self.run(&["serve", "--listen", "127.0.0.1:0"]).await
    }

    /// Waits until the metric has that value.
    pub async fn metric(&self, name: &str, wanted: u64) {
        let begun = Instant::now();
        loop {
            let metrics = plain_http::get_at(&self.process.endpoint(), "/metrics", "").await.text();
            let value = metrics.lines().find_map(|line| line.strip_prefix(name));
            if value.and_then(|value| value.trim().parse().ok()) == Some(wanted) {
                return;
            }
            assert!(begun.elapsed() < LIMIT, "{name} is {value:?}, not {wanted}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Waits until nothing is served from the record, because it is in question.
    pub async fn alarmed(&self) {
        self.metric("dienhong_record_alarm{council=\"mau\"}", 1).await;
        assert_eq!(plain_http::get_at(&self.process.endpoint(), "/readyz", "").await.status, 503);
        assert!(!self.add(97).await, "nothing is written to it");
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub fn place(&self) -> config::Place {
        config::Place { data: self.data(), store: Some(self.store.url()) }
    }
}
