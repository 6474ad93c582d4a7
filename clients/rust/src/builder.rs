use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tonic::transport::Endpoint;

use crate::client::{Caller, Client};
use crate::retry::Throttle;
use crate::security::{Token, is_local};
use crate::tls::{Files, encrypted};
use crate::{Code, Error, VERSION, policy};

/// What a client is to be: [`Client::builder`] begins one, [`connect`](Builder::connect) makes it.
#[derive(Clone, Debug)]
#[must_use]
pub struct Builder {
    target: String,
    workspace: String,
    actor: String,
    timeout: Duration,
    tls: Option<Files>,
    token_file: Option<PathBuf>,
}

impl Builder {
    pub(crate) fn new(target: String) -> Self {
        Self {
            target,
            workspace: String::new(),
            actor: String::new(),
            timeout: policy::DEADLINE,
            tls: None,
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
        self.tls.get_or_insert_default();
        self
    }

    /// Encrypts the connection, and trusts the authorities of a PEM file instead of the system's.
    /// Each connection reads the file anew.
    pub fn ca_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.tls.get_or_insert_default().authorities = Some(path.into());
        self
    }

    /// Encrypts the connection, and shows the server a certificate: two PEM files, which each
    /// connection reads anew.
    pub fn client_certificate(
        mut self,
        cert_file: impl Into<PathBuf>,
        key_file: impl Into<PathBuf>,
    ) -> Self {
        self.tls.get_or_insert_default().certificate = Some((cert_file.into(), key_file.into()));
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
        if self.token_file.is_some() && self.tls.is_none() && !is_local(&self.target) {
            return Err(Error::invalid(format!(
                "a token is not sent to {} unencrypted; add tls or ca_file",
                self.target
            )));
        }
        let endpoint = Endpoint::from_shared(format!("http://{}", self.target))
            .and_then(|endpoint| endpoint.user_agent(format!("libsales-rust/{VERSION}")))
            .map_err(|cause| {
                Error::local(Code::InvalidArgument, "the target is not host:port", cause)
            })?
            .connect_timeout(Duration::from_secs(5))
            // A watch notices that its peer is gone; servers refuse pings more often than 5 minutes.
            .http2_keep_alive_interval(Duration::from_secs(320));
        let channel = match self.tls {
            Some(files) => encrypted(endpoint, files)?,
            None => endpoint.connect_lazy(),
        };
        let token = self.token_file.map(Token::open).transpose()?;
        Ok(Client {
            channel,
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
