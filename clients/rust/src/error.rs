use std::collections::HashMap;
use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use tonic::{Code, Status, TimeoutExpired};
use tonic_types::StatusExt;

/// A call that was not answered as asked. Decide by [`code`](Error::code) or by
/// [`reason`](Error::reason).
///
/// - `FailedPrecondition`: the record's state does not allow it; `missing` names each condition unmet.
/// - `Aborted`: somebody else was first; read again and decide anew.
/// - `Unavailable`: the server is not reached; retried already, may be tried again.
/// - `ResourceExhausted`: too much at once; wait for `retry_delay`. Or the store is full.
/// - `DeadlineExceeded`: whether it was done is unknown; repeat it with the same `request_id`.
#[derive(Debug)]
pub struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    code: Code,
    reason: String,
    message: String,
    metadata: HashMap<String, String>,
    fields: Vec<FieldViolation>,
    missing: Vec<MissingCondition>,
    retry_delay: Option<Duration>,
    cause: Option<Box<dyn StdError + Send + Sync>>,
}

/// What is wrong with one field of the request.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FieldViolation {
    /// A path: "contact.identities\[0\].value".
    pub field: String,
    /// What is wrong with it.
    pub description: String,
}

/// A condition of the funnel policy that the lead does not meet.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MissingCondition {
    /// In the policy's words: "requirements_agreed", "interest >= 50".
    pub condition: String,
    /// The stage whose entry asks for it.
    pub stage: String,
    /// What it asks for.
    pub description: String,
}

impl Error {
    /// The canonical code.
    pub fn code(&self) -> Code {
        self.0.code
    }

    /// One of the published list without its prefix, such as "ETAG_MISMATCH"; empty if the server
    /// never saw the call.
    pub fn reason(&self) -> &str {
        &self.0.reason
    }

    /// What is wrong and what to do.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The values that go with the reason, such as the limit that was passed.
    pub fn metadata(&self) -> &HashMap<String, String> {
        &self.0.metadata
    }

    /// The fields of the request at fault.
    pub fn fields(&self) -> &[FieldViolation] {
        &self.0.fields
    }

    /// The conditions unmet of a refused move.
    pub fn missing(&self) -> &[MissingCondition] {
        &self.0.missing
    }

    /// After how long trying again may help, if the server said so.
    pub fn retry_delay(&self) -> Option<Duration> {
        self.0.retry_delay
    }

    fn new(code: Code, message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            code,
            reason: String::new(),
            message: message.into(),
            metadata: HashMap::new(),
            fields: Vec::new(),
            missing: Vec::new(),
            retry_delay: None,
            cause: None,
        }))
    }

    /// What went wrong on this side, and why.
    pub(crate) fn local(
        code: Code,
        message: &str,
        cause: impl Into<Box<dyn StdError + Send + Sync>>,
    ) -> Self {
        let cause = cause.into();
        let mut error = Self::new(code, format!("{message}: {}", root(&*cause)));
        error.0.cause = Some(cause);
        error
    }

    pub(crate) fn invalid(message: String) -> Self {
        Self::new(Code::InvalidArgument, message)
    }

    pub(crate) fn unauthenticated(message: String) -> Self {
        Self::new(Code::Unauthenticated, message)
    }

    pub(crate) fn late() -> Self {
        Self::new(Code::DeadlineExceeded, "there was no answer in time")
    }

    pub(crate) fn lost(message: &str) -> Self {
        Self::new(Code::Unavailable, message)
    }
}

impl fmt::Display for Error {
    /// `GUARD_UNMET: what is wrong and what to do`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.reason() {
            "" => write!(f, "{:?}: {}", self.0.code, self.0.message),
            reason => write!(f, "{reason}: {}", self.0.message),
        }
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.cause.as_deref().map(|cause| cause as _)
    }
}

impl From<Status> for Error {
    fn from(status: Status) -> Self {
        // What a server answers has no source; the rest says how the connection was lost.
        if let Some(source) = status.source() {
            if chain(source).any(|cause| cause.is::<TimeoutExpired>()) {
                return Self::late();
            }
            return Self::local(Code::Unavailable, "the server is not reached", status);
        }
        let details = status.get_error_details();
        let mut error = Self::new(status.code(), status.message());
        if let Some(info) = details.error_info() {
            error.0.reason.clone_from(&info.reason);
            error.0.metadata.clone_from(&info.metadata);
        }
        if let Some(request) = details.bad_request() {
            error.0.fields.extend(request.field_violations.iter().map(|violation| {
                FieldViolation {
                    field: violation.field.clone(),
                    description: violation.description.clone(),
                }
            }));
        }
        if let Some(failure) = details.precondition_failure() {
            error.0.missing.extend(failure.violations.iter().map(|violation| {
                // "condition: what it asks for", or the condition alone.
                let text = violation.description.as_str();
                let (condition, description) = text.split_once(": ").unwrap_or((text, ""));
                MissingCondition {
                    condition: condition.to_owned(),
                    stage: violation.subject.clone(),
                    description: description.to_owned(),
                }
            }));
        }
        error.0.retry_delay = details.retry_info().and_then(|info| info.retry_delay);
        error
    }
}

/// An error, what caused it, what caused that, and so on.
fn chain<'a>(
    error: &'a (dyn StdError + 'static),
) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |&error| error.source())
}

fn root(error: &(dyn StdError + 'static)) -> String {
    chain(error).last().map(ToString::to_string).unwrap_or_default()
}
