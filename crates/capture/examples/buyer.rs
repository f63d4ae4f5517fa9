//! A buyer's hands for the demo: real clicks and keys in a browser started with `--remote-debugging-port=0`.
//!
//!   buyer PROFILE 'goto URL' 'click SELECTOR' 'fill SELECTOR TEXT' 'wait SELECTOR' 'keep NAME SELECTOR' 'say SELECTOR' …

use std::path::Path;
use std::process::ExitCode;

use sigu_capture::hands::Hands;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let profile = args.next().unwrap_or_default();
    let mut hands = match Hands::at(Path::new(&profile)).await {
        Ok(hands) => hands,
        Err(error) => return failed(&error.to_string()),
    };
    for step in args {
        match hands.step(&step).await {
            Ok(said) => said.iter().for_each(|text| println!("{text}")),
            Err(error) => return failed(&format!("{step}: {error}")),
        }
    }
    ExitCode::SUCCESS
}

fn failed(why: &str) -> ExitCode {
    eprintln!("buyer: {why}");
    ExitCode::FAILURE
}
