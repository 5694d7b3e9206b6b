use super::{carry_out, not_done};
use crate::app::control::{Request, Response};
use crate::config::Place;
use clap::Args;
use std::process::ExitCode;

/// Found a council: its origin and rules are fixed for ever, and its first administrator gets a one-time link.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  dienhong init --id hanoi --origin hanoi.gov.vn/hdnd --name 'Hội đồng nhân dân Thành phố Hà Nội' \\
      --short-name 'HĐND Thành phố Hà Nội' --preset province --seats 125 --administrator 'Nguyễn Văn An'")]
pub struct Init {
    #[command(flatten)]
    place: Place,
    /// Short name in addresses: /c/<ID>/.
    #[arg(long)]
    id: String,
    /// Name of the record for ever, such as a domain and a path; it stands in every signed statement. No spaces, no '+'.
    #[arg(long)]
    origin: String,
    /// Full name.
    #[arg(long)]
    name: String,
    /// Name for headings; the full name when left out.
    #[arg(long)]
    short_name: Option<String>,
    /// Rules: province, commune or generic.
    #[arg(long, default_value = "province")]
    preset: String,
    /// Seats the council has by law.
    #[arg(long)]
    seats: u32,
    /// Name of the first administrator.
    #[arg(long)]
    administrator: String,
}

impl Init {
    pub async fn run(self) -> ExitCode {
        let Self { place, id, origin, name, short_name, preset, seats, administrator } = self;
        let short_name = short_name.unwrap_or_else(|| name.clone());
        let request = Request::Found { id: id.clone(), origin, name, short_name, preset, seats, administrator };
        match carry_out(&place, request).await {
            Ok(Response::Founded { link, vkey }) => {
                println!("Council {id} is founded.");
                println!("Key of its record (publish it; `dienhong verify --key` takes it):\n  {vkey}");
                println!(
                    "One-time link for its administrator, valid for 10 minutes; add it to the server's address:\n  {link}"
                );
                println!("When it has run out: dienhong enrol --council {id} admin");
                ExitCode::SUCCESS
            }
            Ok(other) => not_done(other),
            Err(code) => code,
        }
    }
}
