//! Calls against the real server: errors, pages and repeated requests.

use std::collections::HashSet;

use libsales::{Client, Code, v1};
use tokio_stream::StreamExt;

use crate::rig::Server;

async fn capture(sales: &Client, number: usize) -> v1::Lead {
    let identities = vec![libsales::email(format!("p{number}@example.com"))];
    let contact = Some(v1::Contact { identities, ..Default::default() });
    let request = v1::CaptureLeadRequest { contact, ..Default::default() };
    sales.capture_lead(request).await.unwrap().lead.unwrap()
}

#[tokio::test]
async fn errors_say_what_is_wrong() {
    let Some(server) = Server::start(&[]) else { return };
    let sales = server.workspace().await;

    let name = sales.name(["leads", "nobody"]);
    let error = sales.get_lead(v1::GetLeadRequest { name }).await;
    let error = error.unwrap_err();
    assert_eq!((error.code(), error.reason()), (Code::NotFound, "LEAD_NOT_FOUND"));

    let lead = capture(&sales, 1).await;
    let request = v1::AdvanceLeadRequest {
        name: lead.name,
        stage: "start_of_work".into(),
        ..Default::default()
    };
    let error = sales.advance_lead(request).await.unwrap_err();
    assert_eq!((error.code(), error.reason()), (Code::FailedPrecondition, "GUARD_UNMET"));
    let missing: HashSet<_> = error.missing().iter().map(|missing| &*missing.condition).collect();
    assert!(missing.is_superset(&HashSet::from(["requirements_agreed", "price_offered"])));

    let request = v1::CreateChannelRequest { channel_id: "Not An Id".into(), ..Default::default() };
    let error = sales.create_channel(request).await.unwrap_err();
    assert_eq!((error.code(), error.reason()), (Code::InvalidArgument, "ID_INVALID"));
    assert_eq!(error.fields()[0].field, "channel_id");

    let request = v1::ListLeadsRequest { filter: "(".into(), ..Default::default() };
    let listed: Vec<_> = sales.list_leads(request).collect().await;
    assert_eq!(listed[0].as_ref().unwrap_err().reason(), "FILTER_INVALID");
}

#[tokio::test]
async fn a_list_gives_each_item_once_over_its_pages() {
    let Some(server) = Server::start(&[]) else { return };
    let sales = server.workspace().await;
    let mut captured = HashSet::new();
    for number in 0..23 {
        captured.insert(capture(&sales, number).await.name);
    }
    for page_size in [1, 5, 23, 1000] {
        let request = v1::ListLeadsRequest { page_size, ..Default::default() };
        let listed: Vec<_> =
            sales.list_leads(request).map(|lead| lead.unwrap().name).collect().await;
        assert_eq!(listed.len(), 23, "pages of {page_size}");
        assert_eq!(HashSet::from_iter(listed), captured, "pages of {page_size}");
    }
}

#[tokio::test]
async fn an_actor_is_kept_in_the_event() {
    let Some(server) = Server::start(&[]) else { return };
    let sales = server.workspace().await;
    capture(&sales.with_actor("boris"), 1).await;
    let events = sales.list_events(v1::ListEventsRequest::default());
    let mut actors: Vec<_> = events.map(|event| event.unwrap().actor).collect().await;
    actors.dedup();
    assert_eq!(actors, ["test", "boris"]);
}

#[tokio::test]
async fn a_repeated_request_gives_the_same_answer_and_one_effect() {
    let Some(server) = Server::start(&[]) else { return };
    let sales = server.workspace().await;
    let request = v1::CreateChannelRequest {
        channel_id: "ads".into(),
        request_id: "once".into(),
        ..Default::default()
    };
    let first = sales.create_channel(request.clone()).await.unwrap();
    assert_eq!(sales.create_channel(request.clone()).await.unwrap(), first);
    let other = v1::CreateChannelRequest { channel_id: "mail".into(), ..request };
    let error = sales.create_channel(other).await.unwrap_err();
    assert_eq!(error.reason(), "REQUEST_ID_REUSED");
}

#[tokio::test]
async fn tallies_are_rebuilt() {
    let Some(server) = Server::start(&[]) else { return };
    let sales = server.workspace().await;
    capture(&sales, 1).await;
    let request = v1::RebuildTalliesRequest { name: sales.workspace() };
    let progress: Vec<_> = sales.rebuild_tallies(request).collect().await;
    assert!(progress.last().unwrap().as_ref().unwrap().done);
}
