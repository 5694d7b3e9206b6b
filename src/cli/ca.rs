use super::failed;
use crate::authority::{Authority, AuthorityError, Host, Moment, Names, Renewal, Root, ServerCertificate};
use crate::authority::{MOST_DAYS, MOST_YEARS};
use crate::http::install;
use crate::node::clock::Clock;
use clap::{Args, Subcommand};
use std::fmt::Display;
use std::fs;
use std::io::{IsTerminal, stdout};
use std::net::IpAddr;
use std::path::PathBuf;
use std::process::ExitCode;

/// The hall's own authority: https on a network without internet.
#[derive(Debug, Subcommand)]
#[command(after_help = "Example:
  dienhong ca new --for hoidong.lan --ip 192.168.1.10 --out ca
  dienhong ca issue --authority ca --out tls
  dienhong serve --listen 0.0.0.0:443 --tls-cert tls/server.pem --tls-key tls/server.key \\
      --authority ca --install-listen 0.0.0.0:80
  dienhong ca poster --authority ca --out poster.html")]
pub enum Ca {
    New(New),
    Issue(Issue),
    Renew(Renew),
    Show(Show),
    Poster(Poster),
}

/// Make an authority that can vouch for the given names and nothing else.
#[derive(Debug, Args)]
pub struct New {
    /// Name by which browsers reach the server, such as hoidong.lan. May be given several times.
    #[arg(long = "for", value_name = "NAME", required = true)]
    names: Vec<String>,
    /// Address of the server on the hall's network. May be given several times.
    #[arg(long = "ip", value_name = "ADDRESS")]
    addresses: Vec<IpAddr>,
    /// Folder for authority.pem and authority.key.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// How long it is good: a council's term at most.
    #[arg(long, default_value_t = MOST_YEARS, value_parser = clap::value_parser!(u32).range(1..=i64::from(MOST_YEARS)))]
    years: u32,
}

/// Make the server's key and certificate, as `serve --tls-cert --tls-key` takes them.
#[derive(Debug, Args)]
pub struct Issue {
    /// Folder of the authority.
    #[arg(long, value_name = "DIR")]
    authority: PathBuf,
    /// Name or address of the server. May be given several times; default: all that the authority was made for.
    #[arg(long = "host", value_name = "NAME")]
    hosts: Vec<String>,
    /// Folder for server.pem and server.key.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// How long it is good.
    #[arg(long, default_value_t = 90, value_parser = clap::value_parser!(u32).range(1..=i64::from(MOST_DAYS)))]
    days: u32,
}

/// Make the server's certificate anew when less than a third of its life is left; for a daily timer. A running server takes it
/// up within a minute.
#[derive(Debug, Args)]
pub struct Renew {
    /// Folder of the authority.
    #[arg(long, value_name = "DIR")]
    authority: PathBuf,
    /// Folder of the server's certificate.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

/// Show what tablets take on: names, life, fingerprint, and the way to the install page.
#[derive(Debug, Args)]
pub struct Show {
    /// Folder of the authority; its key need not be there.
    #[arg(long, value_name = "DIR")]
    authority: PathBuf,
    /// Port of the install page (`serve --install-listen`).
    #[arg(long, default_value_t = 80)]
    install_port: u16,
}

/// Write the sheet for the hall's wall, to be printed on A4: fingerprint, QR code and steps.
#[derive(Debug, Args)]
pub struct Poster {
    /// Folder of the authority; its key need not be there.
    #[arg(long, value_name = "DIR")]
    authority: PathBuf,
    /// The sheet, as one HTML file.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Port of the install page (`serve --install-listen`).
    #[arg(long, default_value_t = 80)]
    install_port: u16,
    /// Port of the server (`serve --listen`).
    #[arg(long, default_value_t = 443)]
    https_port: u16,
}

impl Ca {
    pub fn run(self) -> ExitCode {
        let now = Moment::of(Clock::start().now());
        let done = match self {
            Self::New(command) => command.run(now),
            Self::Issue(command) => command.run(now),
            Self::Renew(command) => command.run(now),
            Self::Show(command) => command.run(now),
            Self::Poster(command) => command.run(),
        };
        match done {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => failed(format_args!("{error} ({})", error.code())),
        }
    }
}

impl New {
    fn run(self, now: Moment) -> Result<(), AuthorityError> {
        let names = Names::new(&self.names, &self.addresses)?;
        let authority = Authority::create(&names, self.years, &self.out, now)?;
        let out = self.out.display();
        println!("{}", told(authority.root()));
        println!("\nIts key is {}. Whoever has it can be this", Authority::key_path(&self.out).display());
        println!(
            "server to every tablet that took the authority on: keep it on a stick in a safe, or here if a timer renews."
        );
        println!("\nNext: dienhong ca issue --authority {out} --out tls");
        Ok(())
    }
}

impl Issue {
    fn run(self, now: Moment) -> Result<(), AuthorityError> {
        let authority = Authority::open(&self.authority)?;
        let hosts = self.hosts.iter().map(|host| Host::parse(host)).collect::<Result<Vec<_>, _>>()?;
        let made = authority.issue(&hosts, self.days, &self.out, now)?;
        println!("Certificate for {}, good until {}.", joined(&made.hosts), made.life.until);
        println!(
            "\nNext: dienhong serve --listen 0.0.0.0:443 --tls-cert {} --tls-key {} \\\n    --authority {} --install-listen 0.0.0.0:80",
            ServerCertificate::path(&self.out).display(),
            ServerCertificate::key_path(&self.out).display(),
            self.authority.display()
        );
        Ok(())
    }
}

impl Renew {
    fn run(self, now: Moment) -> Result<(), AuthorityError> {
        let authority = Authority::open(&self.authority)?;
        let (what, certificate) = match authority.renew(&self.out, now)? {
            Renewal::NotDue(certificate) => ("Still good: nothing was done.", certificate),
            Renewal::Renewed(certificate) => ("Renewed.", certificate),
        };
        println!("{what} {}, good until {}.", joined(&certificate.hosts), certificate.life.until);
        warn_of_the_end(authority.root(), now);
        Ok(())
    }
}

impl Show {
    fn run(self, now: Moment) -> Result<(), AuthorityError> {
        let root = Root::read(&self.authority)?;
        let page = install::page_address(&root.names().for_plain_http(), self.install_port);
        println!("{}\n\n{}", told(&root), way_to(&page));
        println!("{WHAT_TO_DO}");
        warn_of_the_end(&root, now);
        Ok(())
    }
}

impl Poster {
    fn run(self) -> Result<(), AuthorityError> {
        let root = Root::read(&self.authority)?;
        let page = install::page_address(&root.names().for_plain_http(), self.install_port);
        let sheet = install::poster(&root, &page, &install::site(&root, self.https_port));
        fs::write(&self.out, sheet).map_err(|source| AuthorityError::Unwritable { path: self.out.clone(), source })?;
        println!("{}: open it in a browser and print it on A4, without margins of its own.", self.out.display());
        Ok(())
    }
}

/// Where tablets find the install page, and what to compare there.
pub fn invitation(root: &Root, page: &str) -> String {
    format!("{}\n{}", way_to(page), in_lines(&root.fingerprint()))
}

/// At a terminal also as a QR code.
fn way_to(page: &str) -> String {
    let mut text = format!("Cài chứng thư · Install the certificate: {page}");
    if stdout().is_terminal()
        && let Ok(code) = qrcode::QrCode::new(page)
    {
        text.push_str("\n\n");
        text.push_str(&code.render::<qrcode::render::unicode::Dense1x2>().build());
    }
    text
}

fn told(root: &Root) -> String {
    format!(
        "{}\n  Chỉ cho · Only for      {}\n  Hiệu lực · Good         {} … {}\n  Vân tay · Fingerprint   SHA-256\n{}",
        root.title(),
        root.names(),
        root.life().from,
        root.life().until,
        in_lines(&root.fingerprint())
    )
}

/// Four groups a line, as on the page and the sheet.
fn in_lines(fingerprint: &str) -> String {
    let groups: Vec<&str> = fingerprint.split(' ').collect();
    groups.chunks(4).map(|four| format!("    {}", four.join(" "))).collect::<Vec<_>>().join("\n")
}

fn joined(hosts: &[impl Display]) -> String {
    hosts.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn warn_of_the_end(root: &Root, now: Moment) {
    // Time to print a new sheet and to see every delegate's tablet once.
    const SOON: u64 = 90;
    let left = now.days_until(root.life().until);
    if left < SOON {
        eprintln!("dienhong: the authority ends in {left} days: make a new one and let the tablets take it on");
    }
}

const WHAT_TO_DO: &str = "
Mở trang trên từng máy và làm theo; so vân tay máy hiện ra với tờ giấy (dienhong ca poster).
Open the page on each device and follow it; compare the fingerprint the device shows with the sheet (dienhong ca poster).

  iPad, iPhone    Safari › hồ sơ/profile › Certificate Trust Settings
  Android         Chrome › tệp/file .crt › Cài đặt/Settings › Chứng chỉ CA/CA certificate
  Windows         .crt › Install Certificate › Trusted Root Certification Authorities
  macOS           .crt › Keychain Access › Always Trust
  Linux           certutil -d sql:$HOME/.pki/nssdb -A -t C,, -n NAME -i FILE.crt
";
