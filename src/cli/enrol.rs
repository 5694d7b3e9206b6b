use super::{carry_out, not_done};
use crate::app::control::{Request, Response};
use crate::config::Place;
use clap::Args;
use std::process::ExitCode;

/// Give a person a one-time code for a tablet. Also the way back in when nobody else can give one.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  dienhong enrol --council hanoi p42 --server https://hoidong.example")]
pub struct Enrol {
    #[command(flatten)]
    place: Place,
    #[arg(long)]
    council: String,
    /// The person's id; `dienhong roster show` lists them.
    person: String,
    /// How long the code is valid.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=720))]
    minutes: u64,
    /// Address of the server, to print the whole link and its QR code.
    #[arg(long)]
    server: Option<String>,
}

impl Enrol {
    pub async fn run(self) -> ExitCode {
        let request = Request::Enrol { council: self.council, person: self.person, minutes: self.minutes };
        match carry_out(&self.place, request).await {
            Ok(Response::Code { person, name, code, link, minutes }) => {
                println!("{name} ({person}): {code}, valid for {minutes} minutes, once.");
                let link = format!("{}{link}", self.server.as_deref().unwrap_or_default().trim_end_matches('/'));
                println!("{link}");
                if self.server.is_some()
                    && let Ok(qr) = qrcode::QrCode::new(&link)
                {
                    println!("{}", qr.render::<qrcode::render::unicode::Dense1x2>().build());
                }
                ExitCode::SUCCESS
            }
            Ok(other) => not_done(other),
            Err(code) => code,
        }
    }
}
