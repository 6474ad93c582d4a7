use std::fs::{self, Metadata};
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::SystemTime;

use tonic::metadata::AsciiMetadataValue;

use crate::{Code, Error};

/// Tells whether a target is on this machine.
pub(crate) fn is_local(target: &str) -> bool {
    let host = match target.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => target,
    };
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

/// A bearer token in a file, which is read again when it is written or replaced.
#[derive(Debug)]
pub(crate) struct Token {
    path: PathBuf,
    read: Mutex<(FileState, AsciiMetadataValue)>,
}

/// What tells a file from what it was, and from another that took its name.
#[derive(Debug, PartialEq)]
struct FileState {
    modified: Option<SystemTime>,
    bytes: u64,
    number: u64,
}

impl FileState {
    fn of(metadata: &Metadata) -> Self {
        #[cfg(unix)]
        let number = std::os::unix::fs::MetadataExt::ino(metadata);
        #[cfg(not(unix))]
        let number = 0;
        Self { modified: metadata.modified().ok(), bytes: metadata.len(), number }
    }
}

impl Token {
    pub fn open(path: PathBuf) -> Result<Self, Error> {
        let read = Mutex::new(Self::read(&path)?);
        Ok(Self { path, read })
    }

    /// Gives what to say in `authorization`.
    pub fn bearer(&self) -> Result<AsciiMetadataValue, Error> {
        let state = Self::state(&self.path)?;
        let mut read = self.read.lock().expect("nobody panics with it");
        if read.0 != state {
            *read = Self::read(&self.path)?;
        }
        Ok(read.1.clone())
    }

    fn state(path: &Path) -> Result<FileState, Error> {
        let metadata = fs::metadata(path)
            .map_err(|cause| Error::local(Code::Unauthenticated, "the token is not read", cause))?;
        Ok(FileState::of(&metadata))
    }

    fn read(path: &Path) -> Result<(FileState, AsciiMetadataValue), Error> {
        let state = Self::state(path)?;
        let text = fs::read_to_string(path)
            .map_err(|cause| Error::local(Code::Unauthenticated, "the token is not read", cause))?;
        let token = text.trim();
        if token.is_empty() {
            return Err(Error::unauthenticated(format!("{} is empty", path.display())));
        }
        let mut bearer: AsciiMetadataValue =
            format!("Bearer {token}").parse().map_err(|cause| {
                Error::local(Code::Unauthenticated, "the token is not ASCII text", cause)
            })?;
        bearer.set_sensitive(true);
        Ok((state, bearer))
    }
}
