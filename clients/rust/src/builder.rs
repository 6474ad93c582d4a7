use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tonic::transport::Endpoint;

use crate::client::{Caller, Client};
use crate::retry::Throttle;
use crate::security::{Token, is_local, tls};
use crate::{Code, Error, VERSION, policy};

/// What a client is to be: [`Client::builder`] begins one, [`connect`](Builder::connect) makes it.
#[derive(Clone, Debug)]
#[must_use]
pub struct Builder {
    target: String,
    workspace: String,
    actor: String,
    timeout: Duration,
    pub(crate) tls: bool,
    pub(crate) ca_file: Option<PathBuf>,
    pub(crate) certificate: Option<(PathBuf, PathBuf)>,
    token_file: Option<PathBuf>,
}

impl Builder {
    pub(crate) fn new(target: String) -> Self {
        Self {
            target,
            workspace: String::new(),
            actor: String::new(),
            timeout: policy::DEADLINE,
            tls: false,
            ca_file: None,
            certificate: None,
            token_file: None,
        }
    }

    /// Names the workspace that calls are about, by its id.
    pub fn workspace(mut self, id: impl Into<String>) -> Self {
        self.workspace = id.into();
        self
    }

    /// Names who calls, by the id that is kept in events.
    pub fn actor(mut self, id: impl Into<String>) -> Self {
        self.actor = id.into();
        self
    }

    /// Sets the deadline of a call, retries included; 10 seconds unless said otherwise. Streams go on
    /// for as long as they are read.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Encrypts the connection, and trusts the authorities that the system trusts.
    pub fn tls(mut self) -> Self {
        self.tls = true;
        self
    }

    /// Encrypts the connection, and trusts the authorities of a PEM file instead of the system's.
    pub fn ca_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.tls = true;
        self.ca_file = Some(path.into());
        self
    }

    /// Encrypts the connection, and shows the server a certificate: two PEM files.
    pub fn client_certificate(
        mut self,
        cert_file: impl Into<PathBuf>,
        key_file: impl Into<PathBuf>,
    ) -> Self {
        self.tls = true;
        self.certificate = Some((cert_file.into(), key_file.into()));
        self
    }

    /// Sends the token in a file with every call; the file is read again when it changes. Without TLS
    /// a token is sent to this machine only.
    pub fn token_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.token_file = Some(path.into());
        self
    }

    /// Makes the client; it connects at the first call. Called in a Tokio runtime, which keeps the
    /// connection.
    ///
    /// # Errors
    ///
    /// INVALID_ARGUMENT where a file cannot be used, or the target is not `host:port`.
    pub async fn connect(self) -> Result<Client, Error> {
        if self.token_file.is_some() && !self.tls && !is_local(&self.target) {
            return Err(Error::invalid(format!(
                "a token is not sent to {} unencrypted; add tls or ca_file",
                self.target
            )));
        }
        let scheme = if self.tls { "https" } else { "http" };
        let mut endpoint = Endpoint::from_shared(format!("{scheme}://{}", self.target))
            .and_then(|endpoint| endpoint.user_agent(format!("libsales-rust/{VERSION}")))
            .map_err(|cause| {
                Error::local(Code::InvalidArgument, "the target is not host:port", cause)
            })?
            .connect_timeout(Duration::from_secs(5))
            // A watch notices that its peer is gone; servers refuse pings more often than 5 minutes.
            .http2_keep_alive_interval(Duration::from_secs(320));
        if self.tls {
            endpoint = endpoint
                .tls_config(tls(&self)?)
                .map_err(|cause| Error::local(Code::InvalidArgument, "TLS", cause))?;
        }
        let token = self.token_file.map(Token::open).transpose()?;
        Ok(Client {
            channel: endpoint.connect_lazy(),
            throttle: Arc::new(Throttle::default()),
            token: token.map(Arc::new),
            caller: Arc::new(Caller {
                workspace: self.workspace,
                actor: self.actor,
                timeout: self.timeout,
            }),
        })
    }
}
