//! Captures a request, and is told what is missing before work may begin.
//!
//! Usage: quickstart [HOST:PORT]

// [quickstart]
use std::error::Error;

use libsales::{Client, v1};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let target = std::env::args().nth(1).unwrap_or("localhost:8443".into());
    quickstart(&target).await
}

async fn quickstart(target: &str) -> Result<(), Box<dyn Error>> {
    let sales = Client::builder(target).workspace("studio").actor("anna").connect().await?;
    let request =
        v1::CreateWorkspaceRequest { workspace_id: "studio".into(), ..Default::default() };
    sales.create_workspace(request).await?;
    let captured = sales
        .capture_lead(v1::CaptureLeadRequest {
            contact: Some(v1::Contact {
                display_name: "Иван Петров".into(),
                identities: vec![libsales::email("ivan@example.com")],
                ..Default::default()
            }),
            lead: Some(v1::Lead { need: "an online shop".into(), ..Default::default() }),
            ..Default::default()
        })
        .await?;
    let moved = sales
        .advance_lead(v1::AdvanceLeadRequest {
            name: captured.lead.unwrap_or_default().name,
            stage: "start_of_work".into(),
            ..Default::default()
        })
        .await;
    match moved {
        Err(refused) if refused.reason() == "GUARD_UNMET" => {
            for missing in refused.missing() {
                println!("not yet: {}", missing.condition);
            }
            Ok(())
        }
        other => Ok(other.map(drop)?),
    }
}
// [/quickstart]
