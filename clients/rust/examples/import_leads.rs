//! Imports leads with their past; doing it again changes nothing.
//!
//! Usage: import_leads [HOST:PORT] [WORKSPACE] < FILE.csv    (id,email,received,won,value)
//! The file's cells are not quoted; the crate csv reads those that are.

use std::error::Error;
use std::io::{BufRead, stdin};

use libsales::{Client, v1};
use tokio_stream::StreamExt;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let target = arguments.next().unwrap_or("localhost:8443".into());
    let workspace = arguments.next().unwrap_or("studio".into());
    let lines = stdin().lock().lines().collect::<Result<Vec<_>, _>>()?;
    import_leads(&target, &workspace, &lines).await
}

// [import]
async fn import_leads(
    target: &str,
    workspace: &str,
    lines: &[String],
) -> Result<(), Box<dyn Error>> {
    let sales = Client::builder(target).workspace(workspace).actor("import").connect().await?;
    let rows = (1..).zip(lines).skip(1).map(|(number, line)| row(number, line));
    let rows = rows.collect::<Result<Vec<_>, _>>()?;
    let mut results = sales.import_leads(tokio_stream::iter(rows));
    while let Some(result) = results.next().await {
        let result = result?;
        println!("{} {} {}", result.row, result.result().as_str_name(), result.reason);
    }
    Ok(())
}

/// Makes a request of a line: id, e-mail, when received, when won, at which value.
fn row(number: i64, line: &str) -> Result<v1::ImportLeadsRequest, Box<dyn Error>> {
    let [id, email, received, won, value] = line.split(',').collect::<Vec<_>>()[..] else {
        return Err(format!("line {number} has not five cells").into());
    };
    let capture = v1::CaptureLeadRequest {
        lead: Some(v1::Lead { external_id: id.into(), ..Default::default() }),
        contact: Some(v1::Contact {
            identities: vec![libsales::email(email)],
            ..Default::default()
        }),
        receive_time: Some(received.parse()?),
        ..Default::default()
    };
    let mut steps = Vec::new();
    if !won.is_empty() {
        let win = v1::WinLeadRequest {
            value: Some(libsales::money(value, "EUR")?),
            override_reason: "import".into(),
            ..Default::default()
        };
        let step = Some(v1::import_step::Step::Win(win));
        steps.push(v1::ImportStep { occur_time: Some(won.parse()?), step });
    }
    Ok(v1::ImportLeadsRequest { row: number, capture: Some(capture), steps, ..Default::default() })
}
// [/import]
