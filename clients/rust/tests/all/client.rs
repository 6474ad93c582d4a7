//! What the client adds to gRPC, seen from a server that misbehaves on purpose.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use libsales::{Client, Code, Error, VERSION, v1};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio_stream::wrappers::{ReceiverStream, TcpListenerStream};
use tokio_stream::{Stream, StreamExt};
use tonic::metadata::MetadataMap;
use tonic::transport::Server;
use tonic::{Request, Response, Status, Streaming};
use tonic_types::{ErrorDetails, StatusExt};

use crate::stubs::services::event_service_server::{EventService, EventServiceServer};
use crate::stubs::services::lead_service_server::{LeadService, LeadServiceServer};

type Answers<T> = Pin<Box<dyn Stream<Item = Result<T, Status>> + Send>>;
type Batch = v1::WatchEventsResponse;
type Done = Result<(), Status>;
type Batches = Vec<Result<Batch, Status>>;

/// Records what it is sent, and does what a test told it to; calls are counted from 1.
#[derive(Default)]
pub struct Capricious {
    pub advanced: Mutex<Vec<v1::AdvanceLeadRequest>>,
    pub metadata: Mutex<Vec<MetadataMap>>,
    listed: Mutex<Vec<v1::ListLeadsRequest>>,
    watched: Mutex<Vec<v1::WatchEventsRequest>>,
    imported: Mutex<Vec<Vec<v1::ImportLeadsRequest>>>,
    advance: Option<fn(usize) -> Done>,
    pause: Duration,
    list: Option<fn(usize, &v1::ListLeadsRequest) -> v1::ListLeadsResponse>,
    watch: Option<fn(usize) -> Batches>,
    import_row: Option<fn(usize, i64) -> Done>,
}

#[tonic::async_trait]
impl LeadService for Arc<Capricious> {
    async fn advance_lead(
        &self,
        request: Request<v1::AdvanceLeadRequest>,
    ) -> Result<Response<v1::Lead>, Status> {
        self.metadata.lock().unwrap().push(request.metadata().clone());
        let request = request.into_inner();
        let name = request.name.clone();
        let number = {
            let mut advanced = self.advanced.lock().unwrap();
            advanced.push(request);
            advanced.len()
        };
        tokio::time::sleep(self.pause).await;
        self.advance.map_or(Ok(()), |advance| advance(number))?;
        Ok(Response::new(v1::Lead { name, ..Default::default() }))
    }

    async fn list_leads(
        &self,
        request: Request<v1::ListLeadsRequest>,
    ) -> Result<Response<v1::ListLeadsResponse>, Status> {
        let mut listed = self.listed.lock().unwrap();
        listed.push(request.into_inner());
        let list = self.list.expect("a list");
        Ok(Response::new(list(listed.len(), &listed[listed.len() - 1])))
    }

    async fn get_lead(&self, _: Request<v1::GetLeadRequest>) -> Result<Response<v1::Lead>, Status> {
        Err(Status::unimplemented("no test asks for it"))
    }

    type ImportLeadsStream = Answers<v1::ImportLeadsResponse>;

    async fn import_leads(
        &self,
        request: Request<Streaming<v1::ImportLeadsRequest>>,
    ) -> Result<Response<Self::ImportLeadsStream>, Status> {
        let (server, mut rows) = (self.clone(), request.into_inner());
        let number = {
            let mut imported = server.imported.lock().unwrap();
            imported.push(Vec::new());
            imported.len()
        };
        let (answers, receiver) = mpsc::channel(1);
        tokio::spawn(async move {
            while let Some(Ok(row)) = rows.next().await {
                let number_of_row = row.row;
                server.imported.lock().unwrap()[number - 1].push(row);
                let done = server.import_row.expect("an import")(number, number_of_row);
                let failed = done.is_err();
                let answer = done
                    .map(|()| v1::ImportLeadsResponse { row: number_of_row, ..Default::default() });
                if answers.send(answer).await.is_err() || failed {
                    return;
                }
            }
        });
        Ok(Response::new(Box::pin(ReceiverStream::new(receiver))))
    }
}

#[tonic::async_trait]
impl EventService for Arc<Capricious> {
    type WatchEventsStream = Answers<Batch>;

    async fn watch_events(
        &self,
        request: Request<v1::WatchEventsRequest>,
    ) -> Result<Response<Self::WatchEventsStream>, Status> {
        let mut watched = self.watched.lock().unwrap();
        watched.push(request.into_inner());
        let batches = self.watch.expect("a watch")(watched.len());
        Ok(Response::new(Box::pin(tokio_stream::iter(batches))))
    }
}

/// Starts a server, and makes a client of it.
pub async fn serve(server: Capricious) -> (Arc<Capricious>, String, Client) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let target = listener.local_addr().unwrap().to_string();
    let server = Arc::new(server);
    let router = Server::builder()
        .add_service(LeadServiceServer::new(server.clone()))
        .add_service(EventServiceServer::new(server.clone()));
    tokio::spawn(router.serve_with_incoming(TcpListenerStream::new(listener)));
    let builder = Client::builder(&target).workspace("studio").actor("anna");
    let client = builder.connect().await.unwrap();
    (server, target, client)
}

pub fn a_lead() -> v1::AdvanceLeadRequest {
    v1::AdvanceLeadRequest {
        name: "workspaces/studio/leads/1".into(),
        stage: "contacted".into(),
        ..Default::default()
    }
}

#[tokio::test]
async fn a_call_says_who_calls_and_with_what() {
    let (server, _, sales) = serve(Capricious::default()).await;
    sales.advance_lead(a_lead()).await.unwrap();
    let metadata = server.metadata.lock().unwrap()[0].clone();
    assert_eq!(metadata.get("sales-actor").unwrap(), "anna");
    let agent = metadata.get("user-agent").unwrap().to_str().unwrap();
    assert!(agent.starts_with(&format!("libsales-rust/{VERSION} ")), "{agent}");
    assert!(metadata.contains_key("grpc-timeout"));
}

#[tokio::test]
async fn retries_are_the_same_request() {
    let advance = |number| if number < 3 { Err(Status::unavailable("try again")) } else { Ok(()) };
    let server = Capricious { advance: Some(advance), ..Default::default() };
    let (server, _, sales) = serve(server).await;
    sales.advance_lead(a_lead()).await.unwrap();
    let advanced = server.advanced.lock().unwrap();
    assert_eq!(advanced.len(), 3);
    assert!(!advanced[0].request_id.is_empty());
    assert!(advanced.iter().all(|request| *request == advanced[0]));
}

#[tokio::test]
async fn each_call_has_its_own_request_id_unless_one_is_given() {
    let (server, _, sales) = serve(Capricious::default()).await;
    sales.advance_lead(a_lead()).await.unwrap();
    sales.advance_lead(a_lead()).await.unwrap();
    let mine = v1::AdvanceLeadRequest { request_id: "mine".into(), ..a_lead() };
    sales.advance_lead(mine).await.unwrap();
    let advanced = server.advanced.lock().unwrap();
    assert_ne!(advanced[0].request_id, advanced[1].request_id);
    assert_eq!(advanced[2].request_id, "mine");
}

#[tokio::test]
async fn a_call_is_given_up_after_its_last_attempt() {
    let advance = |_| Err(Status::unavailable("try again"));
    let server = Capricious { advance: Some(advance), ..Default::default() };
    let (server, _, sales) = serve(server).await;
    let error = sales.advance_lead(a_lead()).await.unwrap_err();
    assert_eq!(error.code(), Code::Unavailable);
    assert_eq!(error.message(), "try again");
    assert_eq!(server.advanced.lock().unwrap().len(), 5);
}

#[tokio::test]
async fn an_answer_that_is_no_lost_call_is_not_retried() {
    let answers: [fn(usize) -> Done; 4] = [
        |_| Err(Status::aborted("no")),
        |_| Err(Status::failed_precondition("no")),
        |_| Err(Status::internal("no")),
        |_| Err(Status::not_found("no")),
    ];
    for advance in answers {
        let expected = advance(1).unwrap_err().code();
        let server = Capricious { advance: Some(advance), ..Default::default() };
        let (server, _, sales) = serve(server).await;
        assert_eq!(sales.advance_lead(a_lead()).await.unwrap_err().code(), expected);
        assert_eq!(server.advanced.lock().unwrap().len(), 1, "{expected:?}");
    }
}

#[tokio::test]
async fn no_answer_in_time_is_deadline_exceeded() {
    let server = Capricious { pause: Duration::from_millis(500), ..Default::default() };
    let (_, _, sales) = serve(server).await;
    let sales = sales.with_timeout(Duration::from_millis(50));
    let error = sales.advance_lead(a_lead()).await.unwrap_err();
    assert_eq!(error.code(), Code::DeadlineExceeded);
}

#[tokio::test]
async fn nobody_there_is_unavailable() {
    let sales = Client::builder("127.0.0.1:1").connect().await.unwrap();
    let error = sales.advance_lead(a_lead()).await.unwrap_err();
    assert_eq!((error.code(), error.reason()), (Code::Unavailable, ""));
    assert!(std::error::Error::source(&error).is_some());
}

#[tokio::test]
async fn an_error_carries_its_details() {
    let advance = |_| {
        let mut details = ErrorDetails::new();
        let stage = HashMap::from([("stage".to_owned(), "start_of_work".to_owned())]);
        details.set_error_info("GUARD_UNMET", "sales.v1", stage);
        let condition = "price_offered: Offer a price.";
        details.add_precondition_failure_violation("CONDITION", "start_of_work", condition);
        details.add_bad_request_violation("stage", "later");
        details.set_retry_info(Some(Duration::from_millis(1500)));
        let message = "conditions are unmet";
        Err(Status::with_error_details(Code::FailedPrecondition, message, details))
    };
    let server = Capricious { advance: Some(advance), ..Default::default() };
    let (_, _, sales) = serve(server).await;
    let error = sales.advance_lead(a_lead()).await.unwrap_err();
    assert_eq!(error.to_string(), "GUARD_UNMET: conditions are unmet");
    assert_eq!(error.code(), Code::FailedPrecondition);
    assert_eq!(error.metadata()["stage"], "start_of_work");
    let (field, missing) = (&error.fields()[0], &error.missing()[0]);
    assert_eq!((field.field.as_str(), field.description.as_str()), ("stage", "later"));
    assert_eq!(missing.condition, "price_offered");
    assert_eq!(missing.stage, "start_of_work");
    assert_eq!(missing.description, "Offer a price.");
    assert_eq!(error.retry_delay(), Some(Duration::from_millis(1500)));
}

#[tokio::test]
async fn a_list_asks_for_the_next_page_when_it_is_needed() {
    let list = |number, request: &v1::ListLeadsRequest| v1::ListLeadsResponse {
        leads: (0..request.page_size)
            .map(|item| v1::Lead { name: format!("{number}-{item}"), ..Default::default() })
            .collect(),
        next_page_token: if number < 3 { format!("p{number}") } else { String::new() },
    };
    let (server, _, sales) = serve(Capricious { list: Some(list), ..Default::default() }).await;
    let filter = "interest > 50";
    let request =
        v1::ListLeadsRequest { page_size: 2, filter: filter.into(), ..Default::default() };
    let mut leads = sales.list_leads(request);
    assert!(server.listed.lock().unwrap().is_empty());
    assert_eq!(leads.next().await.unwrap().unwrap().name, "1-0");
    assert_eq!(server.listed.lock().unwrap().len(), 1);
    let rest: Vec<_> = leads.map(|lead| lead.unwrap().name).collect().await;
    assert_eq!(rest, ["1-1", "2-0", "2-1", "3-0", "3-1"]);
    let listed = server.listed.lock().unwrap();
    let tokens: Vec<_> = listed.iter().map(|request| request.page_token.as_str()).collect();
    assert_eq!(tokens, ["", "p1", "p2"]);
    assert!(listed.iter().all(|request| request.parent == "workspaces/studio"));
    assert!(listed.iter().all(|request| request.filter == filter));
}

fn batch(revisions: &[i64]) -> Result<Batch, Status> {
    let event = |revision: &i64| v1::Event { revision: *revision, ..Default::default() };
    Ok(Batch {
        events: revisions.iter().map(event).collect(),
        revision: *revisions.last().unwrap(),
    })
}

#[tokio::test]
async fn a_watch_goes_on_after_what_it_has_given() {
    let watch = |number| match number {
        1 => {
            let bookmark = Ok(Batch { revision: 3, ..Default::default() });
            vec![batch(&[1, 2]), batch(&[3]), bookmark, Err(Status::unavailable("going away"))]
        }
        2 => vec![], // A server that ends a watch is one that goes away.
        3 | 4 => vec![Err(Status::unavailable("going away"))],
        _ => vec![batch(&[4])],
    };
    let (server, _, sales) = serve(Capricious { watch: Some(watch), ..Default::default() }).await;
    let batches = sales.watch_events(v1::WatchEventsRequest::default());
    let revisions: Vec<_> = batches.take(3).map(|batch| batch.unwrap().revision).collect().await;
    assert_eq!(revisions, [2, 3, 4]);
    let watched = server.watched.lock().unwrap();
    let after: Vec<_> = watched.iter().map(|request| request.after_revision).collect();
    assert_eq!(after, [0, 3, 3, 3, 3]);
    assert_eq!(watched[4].parent, "workspaces/studio");
}

#[tokio::test]
async fn a_watch_that_is_refused_says_so() {
    let watch = |_| vec![Err(Status::out_of_range("older than what is kept"))];
    let (server, _, sales) = serve(Capricious { watch: Some(watch), ..Default::default() }).await;
    let batches = sales.watch_events(v1::WatchEventsRequest::default());
    let all: Vec<Result<Batch, Error>> = batches.collect().await;
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].as_ref().unwrap_err().code(), Code::OutOfRange);
    assert_eq!(server.watched.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn an_import_sends_unanswered_rows_again() {
    let import_row = |number, row| match row {
        3 if number < 3 => Err(Status::unavailable("the server goes away")),
        _ => Ok(()),
    };
    let server = Capricious { import_row: Some(import_row), ..Default::default() };
    let (server, _, sales) = serve(server).await;
    let rows = (1..=5).map(|row| v1::ImportLeadsRequest { row, ..Default::default() });
    let results = sales.import_leads(tokio_stream::iter(rows.collect::<Vec<_>>()));
    let results: Vec<_> = results.map(|result| result.unwrap().row).collect().await;
    assert_eq!(results, [1, 2, 3, 4, 5]);
    let imported = server.imported.lock().unwrap();
    let first: Vec<_> = imported.iter().map(|rows| rows[0].row).collect();
    assert_eq!(first, [1, 3, 3]);
    assert!(imported.iter().all(|rows| rows[0].parent == "workspaces/studio"));
}
