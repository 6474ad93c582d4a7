//! Compares `get_lead` of the client with that of the bare stub, call by call in turn, and prints the
//! medians of both and what the client adds.

#[path = "../tests/all/rig.rs"]
#[allow(dead_code)]
mod rig;
#[path = "../tests/all/stubs/services.rs"]
#[allow(clippy::all, dead_code)]
#[rustfmt::skip]
mod services;

use std::time::{Duration, Instant};

use libsales::v1;
use services::lead_service_client::LeadServiceClient;
use tonic::Request;
use tonic::transport::Endpoint;

const CALLS: usize = 10_000;

#[tokio::main]
async fn main() {
    let server = rig::Server::start(&[]).expect("salesd is built");
    let sales = server.workspace().await;
    let contact = Some(v1::Contact { display_name: "Eva".into(), ..Default::default() });
    let request = v1::CaptureLeadRequest { contact, ..Default::default() };
    let name = sales.capture_lead(request).await.unwrap().lead.unwrap().name;
    let request = v1::GetLeadRequest { name };
    let endpoint = Endpoint::from_shared(format!("http://{}", server.target)).unwrap();
    let mut bare = LeadServiceClient::new(endpoint.connect_lazy());
    let mut times = [const { Vec::<Duration>::new() }; 2];
    for _ in 0..CALLS {
        let begin = Instant::now();
        let mut deadlined = Request::new(request.clone());
        deadlined.set_timeout(Duration::from_secs(10));
        bare.get_lead(deadlined).await.unwrap();
        times[0].push(begin.elapsed());
        let begin = Instant::now();
        sales.get_lead(request.clone()).await.unwrap();
        times[1].push(begin.elapsed());
    }
    let [stub, client] = times.map(|mut times| {
        times.sort_unstable();
        times[CALLS / 2].as_secs_f64() * 1e6
    });
    let overhead = 100.0 * (client / stub - 1.0);
    println!("rust: bare {stub:.1} µs/call, client {client:.1} µs/call, overhead {overhead:.1} %");
}
