use std::sync::Arc;
use std::time::Duration;

use prost::Message;
use tokio::time::{Instant, sleep_until, timeout_at};
use tonic::client::Grpc;
use tonic::codegen::http::uri::PathAndQuery;
use tonic::metadata::MetadataMap;
use tonic::transport::Channel;
use tonic_prost::ProstCodec;

use crate::retry::{Backoff, Throttle};
use crate::security::Token;
use crate::{Builder, Code, Error, policy};

const RESPONSE_BYTES_MAX: usize = 64 << 20;

/// The verbs of one workspace, called by someone. A clone shares the connection, which is closed when
/// the last is dropped; dropping a call's future ends the call.
///
/// A request whose `parent` is left out is about the client's workspace. A `request_id` is made once
/// a call and goes with every retry, so that a write whose answer was lost is not done twice; to
/// repeat a call yourself, give one.
#[derive(Clone, Debug)]
pub struct Client {
    pub(crate) channel: Channel,
    pub(crate) throttle: Arc<Throttle>,
    pub(crate) token: Option<Arc<Token>>,
    pub(crate) caller: Arc<Caller>,
}

/// About what a client calls, and as whom.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    pub workspace: String,
    pub actor: String,
    pub timeout: Duration,
}

/// A request of the API, in which the client fills in what was left out.
pub trait Request: Message + Clone + Default + 'static {
    /// Fills in `parent` and `request_id`, where the request has them and they are empty.
    fn complete(&mut self, _parent: &str) {}
}

/// A request that is answered in pages.
pub(crate) trait Paged: Request {
    type Page: Page;

    /// Asks for the page with a token.
    fn turn(&mut self, token: String);
}

/// The answer of a list method.
pub(crate) trait Page: Message + Default + 'static {
    type Item: Send + 'static;

    /// Gives the items and the token of the next page.
    fn split(self) -> (Vec<Self::Item>, String);
}

pub(crate) fn new_request_id() -> String {
    uuid::Uuid::new_v4().to_string()
}

impl Client {
    /// Begins a client of the server at `target`, "host:port". Without TLS, which
    /// [`ca_file`](Builder::ca_file) asks for, the connection is not encrypted.
    pub fn builder(target: impl Into<String>) -> Builder {
        Builder::new(target.into())
    }

    /// Makes a client of another workspace on the same connection.
    #[must_use]
    pub fn with_workspace(&self, id: impl Into<String>) -> Self {
        self.with(|caller| caller.workspace = id.into())
    }

    /// Makes a client that calls as someone else on the same connection.
    #[must_use]
    pub fn with_actor(&self, id: impl Into<String>) -> Self {
        self.with(|caller| caller.actor = id.into())
    }

    /// Makes a client with another deadline on the same connection.
    #[must_use]
    pub fn with_timeout(&self, timeout: Duration) -> Self {
        self.with(|caller| caller.timeout = timeout)
    }

    fn with(&self, change: impl FnOnce(&mut Caller)) -> Self {
        let mut client = self.clone();
        change(Arc::make_mut(&mut client.caller));
        client
    }

    /// The name that the names of the workspace's resources begin with: "workspaces/studio". Empty
    /// without a workspace.
    pub fn workspace(&self) -> String {
        match self.caller.workspace.as_str() {
            "" => String::new(),
            id => format!("workspaces/{id}"),
        }
    }

    /// Gives the name of a resource: `name(["channels", "ads"])` is "workspaces/studio/channels/ads".
    pub fn name<'a>(&self, parts: impl IntoIterator<Item = &'a str>) -> String {
        parts.into_iter().fold(self.workspace(), |name, part| name + "/" + part)
    }

    /// Calls a method by its path, "/sales.v1.LeadService/GetLead". The methods of the client do so;
    /// it is of use for one page of a list, whose token goes from one program to another.
    ///
    /// # Errors
    ///
    /// What the server answers, or UNAVAILABLE and DEADLINE_EXCEEDED where it does not.
    pub async fn call<R, A>(&self, path: &'static str, mut request: R) -> Result<A, Error>
    where
        R: Request,
        A: Message + Default + 'static,
    {
        request.complete(&self.workspace());
        let deadline = Instant::now() + self.caller.timeout;
        let mut backoff = Backoff::new(policy::BACKOFF_FIRST);
        let mut attempts = 0;
        loop {
            attempts += 1;
            let attempted = timeout_at(deadline, self.attempt(path, request.clone(), deadline));
            let error = match attempted.await {
                Ok(Ok(answer)) => {
                    self.throttle.succeeded();
                    return Ok(answer);
                }
                Ok(Err(error)) => error,
                Err(_) => return Err(Error::late()),
            };
            if error.code() != Code::Unavailable {
                return Err(error);
            }
            let again = self.throttle.failed() && attempts < policy::ATTEMPTS_MAX;
            let resume = Instant::now() + backoff.next();
            if !again || resume >= deadline {
                return Err(error);
            }
            sleep_until(resume).await;
        }
    }

    async fn attempt<R: Request, A: Message + Default + 'static>(
        &self,
        path: &'static str,
        request: R,
        deadline: Instant,
    ) -> Result<A, Error> {
        let mut request = self.request(request)?;
        request.set_timeout(deadline.saturating_duration_since(Instant::now()));
        let mut grpc = self.grpc().await?;
        let answered = grpc.unary(request, PathAndQuery::from_static(path), codec::<R, A>());
        Ok(answered.await?.into_inner())
    }

    /// The connection, once it takes a call.
    pub(crate) async fn grpc(&self) -> Result<Grpc<Channel>, Error> {
        let mut grpc =
            Grpc::new(self.channel.clone()).max_decoding_message_size(RESPONSE_BYTES_MAX);
        match grpc.ready().await {
            Ok(()) => Ok(grpc),
            Err(cause) => Err(Error::local(Code::Unavailable, "the server is not reached", cause)),
        }
    }

    /// A call's body with who makes it.
    pub(crate) fn request<B>(&self, body: B) -> Result<tonic::Request<B>, Error> {
        let mut request = tonic::Request::new(body);
        self.sign(request.metadata_mut())?;
        Ok(request)
    }

    fn sign(&self, metadata: &mut MetadataMap) -> Result<(), Error> {
        if !self.caller.actor.is_empty() {
            let actor = self.caller.actor.parse().map_err(|cause| {
                Error::local(Code::InvalidArgument, "the actor is not ASCII text", cause)
            })?;
            metadata.insert("sales-actor", actor);
        }
        if let Some(token) = &self.token {
            metadata.insert("authorization", token.bearer()?);
        }
        Ok(())
    }
}

pub(crate) fn codec<R, A>() -> ProstCodec<R, A>
where
    R: Message + 'static,
    A: Message + Default + 'static,
{
    ProstCodec::default()
}
