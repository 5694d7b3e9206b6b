//! Checks an exported record. Built without the server, so that whoever doubts a council needs little to check it.

use clap::Parser;
use dienhong::verify::cli::{VerifyArgs, run};
use std::process::ExitCode;

#[derive(Parser)]
#[command(name = "dienhong-verify", version)]
struct Cli {
    #[command(flatten)]
    args: VerifyArgs,
}

fn main() -> ExitCode {
    run(&Cli::parse().args)
}
