use super::failed;
use crate::verify::cli::{VerifyArgs, run as verify};
use indicatif::{ProgressBar, ProgressStyle};
use reqwest::redirect::Policy;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

pub const BUNDLE_HELP: &str = "The exported record (a .tar file), - to read it from standard input, or an http:// or https:// address to fetch it from (at \
     most 4 GiB; kept in a temporary file while it is checked)";

/// Far above a council's record of decades; below what a temporary folder can be expected to hold.
const MOST_BYTES: u64 = 4 << 30;
const CONNECT_LIMIT: Duration = Duration::from_secs(10);
/// Without a byte. The whole may take as long as it needs: somebody watches the progress.
const SILENCE_LIMIT: Duration = Duration::from_secs(30);
/// A publisher may have moved to another name, and that one to https.
const REDIRECTS: usize = 5;

/// Checks a record, fetched first where an address is given. Exits 2 when it cannot be fetched.
pub fn run(mut args: VerifyArgs) -> ExitCode {
    let address = args.bundle.to_str().filter(|text| text.starts_with("http://") || text.starts_with("https://"));
    let Some(address) = address.map(str::to_owned) else {
        return verify(&args);
    };
    match fetch_now(&address) {
        Ok(fetched) => {
            args.bundle = fetched.0.clone();
            verify(&args)
        }
        Err(error) => {
            failed(format_args!("{address}: {error}"));
            ExitCode::from(2)
        }
    }
}

fn fetch_now(address: &str) -> io::Result<Fetched> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(fetch(address, MOST_BYTES))
}

/// The fetched file, removed when this is dropped.
#[derive(Debug)]
struct Fetched(PathBuf);

impl Drop for Fetched {
    fn drop(&mut self) {
        // A temporary folder is emptied by others as well.
        let _ = std::fs::remove_file(&self.0);
    }
}

async fn fetch(address: &str, most: u64) -> io::Result<Fetched> {
    // rustls wants one provider for the process; whoever was first stays.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder()
        .connect_timeout(CONNECT_LIMIT)
        .read_timeout(SILENCE_LIMIT)
        .redirect(Policy::limited(REDIRECTS))
        .build()
        .map_err(whole)?;
    let mut response = client.get(address).send().await.and_then(|answer| answer.error_for_status()).map_err(whole)?;
    let length = response.content_length();
    let too_large = || io::Error::other(format!("larger than {most} bytes"));
    if length.is_some_and(|length| length > most) {
        return Err(too_large());
    }
    let (fetched, mut file) = temporary()?;
    let bar = progress(length);
    let mut size = 0;
    while let Some(chunk) = response.chunk().await.map_err(whole)? {
        size += chunk.len() as u64;
        if size > most {
            return Err(too_large());
        }
        file.write_all(&chunk)?;
        bar.set_position(size);
    }
    bar.finish_and_clear();
    Ok(fetched)
}

/// A new file only this user can read.
fn temporary() -> io::Result<(Fetched, File)> {
    let mut random = [0; 8];
    getrandom::fill(&mut random).map_err(io::Error::other)?;
    let path = std::env::temp_dir().join(format!("dienhong-record-{:016x}.tar", u64::from_be_bytes(random)));
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
    Ok((Fetched(path), file))
}

/// Drawn on standard error, and only where that is a terminal.
fn progress(length: Option<u64>) -> ProgressBar {
    let (bar, template) = match length {
        Some(length) => (ProgressBar::new(length), "{bar:40} {bytes}/{total_bytes}"),
        None => (ProgressBar::no_length(), "{spinner} {bytes}"),
    };
    ProgressStyle::with_template(template).map(|style| bar.clone().with_style(style)).unwrap_or(bar)
}

/// The whole chain: reqwest's own text leaves out why.
fn whole(error: reqwest::Error) -> io::Error {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(next) = cause {
        text = format!("{text}: {next}");
        cause = next.source();
    }
    io::Error::other(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::Router;
    use axum::http::StatusCode;
    use axum::response::Redirect;
    use axum::routing::get;

    #[tokio::test]
    async fn a_record_is_fetched_within_limits_and_not_left_behind() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let router = Router::new()
            .route("/record.tar", get(async || "x".repeat(100_000)))
            .route("/moved", get(async || Redirect::permanent("/record.tar")))
            .route("/gone", get(async || StatusCode::GONE));
        let server = tokio::spawn(async move { axum::serve(listener, router).await });

        let fetched = fetch(&format!("{base}/moved"), 100_000).await.expect("fetched");
        let path = fetched.0.clone();
        assert_eq!(std::fs::read(&path).expect("a file").len(), 100_000);
        drop(fetched);
        assert!(!path.exists());
        let error = fetch(&format!("{base}/record.tar"), 99_999).await.expect_err("too large");
        assert!(error.to_string().contains("larger than 99999 bytes"), "{error}");
        assert!(fetch(&format!("{base}/gone"), 100_000).await.is_err());
        server.abort();
    }
}
