use std::pin::{Pin, pin};
use std::time::Duration;

use async_stream::try_stream;
use prost::Message;
use tokio::time::{Instant, sleep, timeout};
use tokio_stream::StreamExt as _;
use tonic::Streaming;
use tonic::codegen::http::uri::PathAndQuery;

use crate::client::{Client, Page, Paged, Request, codec};
use crate::retry::Backoff;
use crate::{Code, Error, v1};

/// What a client streams. Its first error is its end.
pub type Stream<T> = Pin<Box<dyn futures_core::Stream<Item = Result<T, Error>> + Send>>;

// How many rows of an import are under way at once, and kept to be sent again.
const IMPORT_CHUNK_MAX: usize = 1000;
// How long an import waits for a result, or for a lost server, before it gives up.
const IMPORT_PATIENCE: Duration = Duration::from_secs(60);
const PAUSE_FIRST: Duration = Duration::from_millis(50);

const IMPORT_LEADS: PathAndQuery = PathAndQuery::from_static("/sales.v1.LeadService/ImportLeads");
const WATCH_EVENTS: &str = "/sales.v1.EventService/WatchEvents";

impl Client {
    /// Imports leads with their past, and gives a result for each row, in the order of the rows.
    ///
    /// A lost server is waited for, and rows without a result are sent again: one that was written
    /// just before is then `UNCHANGED`. A rejected row is a result, not an error.
    pub fn import_leads(
        &self,
        rows: impl futures_core::Stream<Item = v1::ImportLeadsRequest> + Send + 'static,
    ) -> Stream<v1::ImportLeadsResponse> {
        let client = self.clone();
        Box::pin(try_stream! {
            let mut rows = pin!(rows);
            loop {
                let mut chunk = Vec::new();
                while chunk.len() < IMPORT_CHUNK_MAX && let Some(row) = rows.next().await {
                    chunk.push(row);
                }
                if chunk.is_empty() {
                    return;
                }
                let mut backoff = Backoff::new(PAUSE_FIRST);
                let mut progress = Instant::now();
                while !chunk.is_empty() {
                    let mut answered = 0;
                    let mut results = None;
                    let loss = loop {
                        match next_result(&client, &chunk, &mut results).await {
                            Ok(result) => {
                                answered += 1;
                                yield result;
                                if answered == chunk.len() {
                                    break None;
                                }
                            }
                            Err(error) => break Some(error),
                        }
                    };
                    chunk.drain(..answered);
                    if let Some(results) = &mut results && chunk.is_empty() {
                        // Having seen the end, the server knows that it was no loss.
                        let _ = timeout(IMPORT_PATIENCE, results.message()).await;
                    }
                    if answered > 0 {
                        backoff = Backoff::new(PAUSE_FIRST);
                        progress = Instant::now();
                    }
                    if let Some(error) = loss {
                        if !is_lost(&error) || progress.elapsed() > IMPORT_PATIENCE {
                            Err(error)?;
                        } else {
                            sleep(backoff.next()).await;
                        }
                    }
                }
            }
        })
    }

    /// Gives every event after a revision, each once and in order, and goes on for as long as it is
    /// read.
    ///
    /// Each item holds whole revisions, or none where the filter passed over some; to go on another
    /// day, watch after its `revision`. A lost server is waited for as long as it takes.
    pub fn watch_events(
        &self,
        mut request: v1::WatchEventsRequest,
    ) -> Stream<v1::WatchEventsResponse> {
        let client = self.clone();
        Box::pin(try_stream! {
            let mut backoff = Backoff::new(PAUSE_FIRST);
            loop {
                let mut batches =
                    client.download::<_, v1::WatchEventsResponse>(WATCH_EVENTS, request.clone());
                while let Some(received) = batches.next().await {
                    match received {
                        Ok(batch) => {
                            backoff = Backoff::new(PAUSE_FIRST);
                            // Others are bookmarks of what is known.
                            if batch.revision > request.after_revision {
                                request.after_revision = batch.revision;
                                yield batch;
                            }
                        }
                        Err(error) if is_lost(&error) => break,
                        Err(error) => Err(error)?,
                    }
                }
                sleep(backoff.next()).await;
            }
        })
    }

    /// Gives the items of all pages; a page is asked for when it is needed.
    pub(crate) fn pages<R: Paged>(
        &self,
        path: &'static str,
        mut request: R,
    ) -> Stream<<R::Page as Page>::Item> {
        let client = self.clone();
        Box::pin(try_stream! {
            loop {
                let page: R::Page = client.call(path, request.clone()).await?;
                let (items, next) = page.split();
                for item in items {
                    yield item;
                }
                if next.is_empty() {
                    return;
                }
                request.turn(next);
            }
        })
    }

    /// Gives what the server streams, as it comes.
    pub(crate) fn download<R, A>(&self, path: &'static str, mut request: R) -> Stream<A>
    where
        R: Request,
        A: Message + Default + 'static,
    {
        let client = self.clone();
        Box::pin(try_stream! {
            request.complete(&client.workspace());
            let request = client.request(request)?;
            let mut grpc = client.grpc().await?;
            let path = PathAndQuery::from_static(path);
            let begun = grpc.server_streaming(request, path, codec::<R, A>()).await?;
            let mut answers = begun.into_inner();
            while let Some(answer) = answers.message().await? {
                yield answer;
            }
        })
    }

    /// Sends a stream; gives the answer to all of it.
    pub(crate) async fn upload<R, A>(
        &self,
        path: &'static str,
        requests: impl futures_core::Stream<Item = R> + Send + 'static,
    ) -> Result<A, Error>
    where
        R: Request,
        A: Message + Default + 'static,
    {
        let request = self.request(requests)?;
        let mut grpc = self.grpc().await?;
        let path = PathAndQuery::from_static(path);
        let answered = grpc.client_streaming(request, path, codec::<R, A>()).await?;
        Ok(answered.into_inner())
    }
}

/// Gives the next result of the rows, which are sent when the first is asked for.
async fn next_result(
    client: &Client,
    rows: &[v1::ImportLeadsRequest],
    results: &mut Option<Streaming<v1::ImportLeadsResponse>>,
) -> Result<v1::ImportLeadsResponse, Error> {
    let next = async {
        let results = match results {
            Some(results) => results,
            None => results.insert(send(client, rows).await?),
        };
        let result = results.message().await?;
        result.ok_or_else(|| Error::lost("the import ended before its last row"))
    };
    timeout(IMPORT_PATIENCE, next).await.unwrap_or_else(|_| Err(Error::late()))
}

async fn send(
    client: &Client,
    rows: &[v1::ImportLeadsRequest],
) -> Result<Streaming<v1::ImportLeadsResponse>, Error> {
    let mut rows = rows.to_vec();
    rows[0].complete(&client.workspace());
    let request = client.request(tokio_stream::iter(rows))?;
    let mut grpc = client.grpc().await?;
    Ok(grpc.streaming(request, IMPORT_LEADS, codec()).await?.into_inner())
}

/// Tells whether a stream ended in a way that another try helps.
fn is_lost(error: &Error) -> bool {
    matches!(error.code(), Code::Unavailable | Code::Cancelled | Code::DeadlineExceeded)
}
