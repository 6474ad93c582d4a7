//! Prints how far leads got, and what each channel brought.
//!
//! Usage: report [HOST:PORT] [WORKSPACE]

use libsales::{Client, v1};

#[tokio::main]
async fn main() -> Result<(), libsales::Error> {
    let mut arguments = std::env::args().skip(1);
    let target = arguments.next().unwrap_or("localhost:8443".into());
    let workspace = arguments.next().unwrap_or("studio".into());
    report(&target, &workspace).await
}

// [report]
async fn report(target: &str, workspace: &str) -> Result<(), libsales::Error> {
    let sales = Client::builder(target).workspace(workspace).connect().await?;
    for stage in sales.report_funnel(v1::ReportFunnelRequest::default()).await?.stages {
        let step = stage.step_conversion.unwrap_or_default();
        print!("{:20}{:8}  {:5.1}% go on", stage.stage, stage.reached, 100.0 * step.value);
        let (low, high) = (100.0 * step.low, 100.0 * step.high);
        println!("  ({}/{}, 95 % {low:.1}% to {high:.1}%)", step.numerator, step.denominator);
    }
    for row in sales.report_channels(v1::ReportChannelsRequest::default()).await?.rows {
        let revenue = libsales::amount(&row.revenue.unwrap_or_default());
        println!("{:40}{:8} leads {:6} won {revenue:>14}", row.name, row.leads, row.won);
    }
    Ok(())
}
// [/report]
