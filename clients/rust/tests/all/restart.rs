//! A watch gives every event once and in order, and an import is done once, whatever dies.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::{Duration, SystemTime};

use libsales::v1::import_leads_response::Result as RowResult;
use libsales::{Client, v1};
use tokio::time::{sleep, timeout};
use tokio_stream::StreamExt;

use crate::rig::{Server, create};

const KILLS: usize = 4;
const CAPTURES: usize = 400;
const IMPORT_ROWS: i64 = 6000;
const PATIENCE: Duration = Duration::from_secs(120);

async fn studio(server: &Server) -> Client {
    let builder = Client::builder(&server.target).workspace("studio").actor("test");
    let sales = builder.connect().await.unwrap();
    create(&sales, "studio").await;
    sales
}

async fn short_while() {
    sleep(Duration::from_millis(fastrand::u64(50..200))).await;
}

/// Collects what a watch gives until a revision, which is known later. A fickle watcher leaves at
/// random and goes on with a new client.
async fn watch_all(
    target: String,
    fickle: bool,
    last: Arc<AtomicI64>,
) -> Vec<v1::WatchEventsResponse> {
    let mut batches = Vec::new();
    let mut after_revision = 0;
    loop {
        let sales = Client::builder(&target).workspace("studio").connect().await.unwrap();
        let request = v1::WatchEventsRequest { after_revision, ..Default::default() };
        let mut watch = sales.watch_events(request);
        while let Some(batch) = watch.next().await {
            let batch = batch.unwrap();
            after_revision = batch.revision;
            batches.push(batch);
            if after_revision >= last.load(Ordering::SeqCst) {
                return batches;
            }
            if fickle && fastrand::u8(0..5) == 0 {
                break;
            }
        }
    }
}

async fn capture_until_answered(sales: &Client, number: usize) {
    let identities = vec![libsales::email(format!("p{number}@example.com"))];
    let request = v1::CaptureLeadRequest {
        contact: Some(v1::Contact { identities, ..Default::default() }),
        request_id: format!("capture-{number}"),
        ..Default::default()
    };
    while sales.capture_lead(request.clone()).await.is_err() {}
}

#[tokio::test(flavor = "multi_thread")]
async fn a_watch_misses_and_repeats_nothing_while_the_server_is_killed() {
    let Some(mut server) = Server::start(&[]) else { return };
    let sales = studio(&server).await;
    let last = Arc::new(AtomicI64::new(i64::MAX));
    let watchers = [false, true]
        .map(|fickle| tokio::spawn(watch_all(server.target.clone(), fickle, last.clone())));
    let writing = tokio::spawn({
        let sales = sales.clone();
        async move {
            for number in 0..CAPTURES {
                capture_until_answered(&sales, number).await;
                sleep(Duration::from_millis(1)).await;
            }
        }
    });
    for _ in 0..KILLS {
        short_while().await;
        server.kill();
        server.serve();
    }
    timeout(PATIENCE, writing).await.expect("the writer gave up").unwrap();

    let request = v1::ListEventsRequest { page_size: 1000, ..Default::default() };
    let recorded: Vec<_> = sales.list_events(request).map(|event| event.unwrap()).collect().await;
    last.store(recorded.last().unwrap().revision, Ordering::SeqCst);
    // A watcher that has seen the last revision already looks again when there is another.
    let request = v1::CreateChannelRequest { channel_id: "last".into(), ..Default::default() };
    sales.create_channel(request).await.unwrap();
    for watcher in watchers {
        let batches = timeout(PATIENCE, watcher).await.expect("the watcher waits").unwrap();
        compare_watched(&batches, &recorded);
    }
}

fn compare_watched(batches: &[v1::WatchEventsResponse], recorded: &[v1::Event]) {
    let mut seen = 0;
    for batch in batches {
        assert!(batch.revision > seen, "revision {} after {seen}", batch.revision);
        let inside = |event: &v1::Event| seen < event.revision && event.revision <= batch.revision;
        assert!(batch.events.iter().all(inside));
        seen = batch.revision;
    }
    let watched = batches.iter().flat_map(|batch| &batch.events);
    // What comes after is what ended the wait.
    let watched: Vec<_> = watched.take(recorded.len()).cloned().collect();
    assert_eq!(watched, recorded);
}

/// Gives a row of an import; every fifth lead was won.
fn past_lead(number: i64) -> v1::ImportLeadsRequest {
    let hours = 24 * 365 * 55 + number.unsigned_abs();
    let received = SystemTime::UNIX_EPOCH + Duration::from_secs(3600 * hours);
    let capture = v1::CaptureLeadRequest {
        lead: Some(v1::Lead {
            external_id: format!("row-{number}"),
            need: "a site".into(),
            ..Default::default()
        }),
        contact: Some(v1::Contact {
            identities: vec![libsales::email(format!("row{number}@example.com"))],
            ..Default::default()
        }),
        receive_time: Some(received.into()),
        ..Default::default()
    };
    let win = v1::import_step::Step::Win(v1::WinLeadRequest {
        value: Some(libsales::money("100", "EUR").unwrap()),
        override_reason: "import".into(),
        ..Default::default()
    });
    let occur_time = Some((received + Duration::from_secs(48 * 3600)).into());
    let won = v1::ImportStep { occur_time, step: Some(win) };
    v1::ImportLeadsRequest {
        row: number,
        capture: Some(capture),
        steps: if number % 5 == 0 { vec![won] } else { Vec::new() },
        ..Default::default()
    }
}

/// Runs an import; gives how often each result came.
async fn import(sales: &Client) -> HashMap<RowResult, i64> {
    let rows = tokio_stream::iter((0..IMPORT_ROWS).map(past_lead));
    let mut results = sales.import_leads(rows);
    let (mut expected, mut counts) = (0, HashMap::new());
    while let Some(result) = results.next().await {
        let result = result.unwrap();
        assert_eq!(result.row, expected);
        expected += 1;
        *counts.entry(result.result()).or_default() += 1;
    }
    assert_eq!(expected, IMPORT_ROWS);
    counts
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_goes_on_after_the_server_was_killed() {
    let Some(mut server) = Server::start(&[]) else { return };
    let sales = studio(&server).await;
    let done = Arc::new(AtomicBool::new(false));
    let disturbance = tokio::spawn({
        let done = done.clone();
        async move {
            for _ in 0..KILLS {
                short_while().await;
                if done.load(Ordering::SeqCst) {
                    break;
                }
                server.kill();
                sleep(Duration::from_millis(50)).await;
                server.serve();
            }
            server
        }
    });
    let counts = import(&sales).await;
    done.store(true, Ordering::SeqCst);
    let _server = disturbance.await.unwrap();
    assert!(!counts.contains_key(&RowResult::Rejected), "{counts:?}");
    let again = import(&sales).await;
    assert_eq!(again, HashMap::from([(RowResult::Unchanged, IMPORT_ROWS)]));
    let funnel = sales.report_funnel(v1::ReportFunnelRequest::default()).await.unwrap();
    assert_eq!(funnel.received, IMPORT_ROWS);
    assert_eq!(funnel.outcomes.unwrap().won, IMPORT_ROWS / 5);
}
