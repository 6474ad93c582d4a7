//! Prints what happens in a workspace, from the beginning and on; interrupt to stop.
//!
//! Usage: watch [HOST:PORT] [WORKSPACE] [AFTER_REVISION]

use libsales::{Client, v1};
use tokio_stream::StreamExt;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let target = arguments.next().unwrap_or("localhost:8443".into());
    let workspace = arguments.next().unwrap_or("studio".into());
    let after_revision = arguments.next().map_or(Ok(0), |text| text.parse())?;
    Ok(watch(&target, &workspace, after_revision).await?)
}

// [watch]
async fn watch(target: &str, workspace: &str, after_revision: i64) -> Result<(), libsales::Error> {
    let sales = Client::builder(target).workspace(workspace).connect().await?;
    let request = v1::WatchEventsRequest { after_revision, ..Default::default() };
    let mut batches = sales.watch_events(request);
    while let Some(batch) = batches.next().await {
        let batch = batch?;
        for event in &batch.events {
            let kind = event.r#type().as_str_name();
            println!("{} {kind} {}{}", event.revision, event.lead, event.subject);
        }
        // Keep batch.revision: it is where to go on after a restart.
    }
    Ok(())
}
// [/watch]
