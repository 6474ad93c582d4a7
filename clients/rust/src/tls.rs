use std::error::Error as StdError;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use hyper_rustls::{ConfigBuilderExt, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore};
use tonic::codegen::http::Uri;
use tonic::codegen::http::uri::Scheme;
use tonic::transport::{Channel, Endpoint};
use tower::Service;

use crate::{Code, Error};

/// The files of encrypted connections; without authorities, the system's are trusted.
#[derive(Clone, Debug, Default)]
pub(crate) struct Files {
    pub authorities: Option<PathBuf>,
    pub certificate: Option<(PathBuf, PathBuf)>,
}

impl Files {
    fn read(&self) -> Result<Arc<ClientConfig>, Error> {
        let ring = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(ring)
            .with_safe_default_protocol_versions()
            .expect("ring has what they need");
        let config = match &self.authorities {
            Some(path) => {
                let mut roots = RootCertStore::empty();
                for certificate in certificates(path)? {
                    roots.add(certificate).map_err(|cause| unusable(path, cause))?;
                }
                config.with_root_certificates(roots)
            }
            None => config.with_native_roots().map_err(|cause| {
                Error::local(Code::InvalidArgument, "the system's authorities are not read", cause)
            })?,
        };
        let Some((cert_file, key_file)) = &self.certificate else {
            return Ok(Arc::new(config.with_no_client_auth()));
        };
        let key =
            PrivateKeyDer::from_pem_file(key_file).map_err(|cause| unusable(key_file, cause))?;
        let config = config
            .with_client_auth_cert(certificates(cert_file)?, key)
            .map_err(|cause| unusable(cert_file, cause))?;
        Ok(Arc::new(config))
    }
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, Error> {
    let found: Vec<_> = CertificateDer::pem_file_iter(path)
        .and_then(Iterator::collect)
        .map_err(|cause| unusable(path, cause))?;
    if found.is_empty() {
        return Err(Error::invalid(format!("{} has no certificate in PEM form", path.display())));
    }
    Ok(found)
}

fn unusable(path: &Path, cause: impl StdError + Send + Sync + 'static) -> Error {
    Error::local(Code::InvalidArgument, &format!("{} cannot be used", path.display()), cause)
}

/// Makes a channel whose connections are encrypted, each with the files as they are when it is
/// opened: certificates are renewed while the client runs.
pub(crate) fn encrypted(endpoint: Endpoint, files: Files) -> Result<Channel, Error> {
    let mut config = files.read()?;
    let mut server = endpoint.uri().clone().into_parts();
    server.scheme = Some(Scheme::HTTPS);
    let server = Uri::from_parts(server).expect("an endpoint has all parts");
    let mut tcp = HttpConnector::new();
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    let connector = {
        let server = server.clone();
        tower::service_fn(move |_: Uri| {
            // Files that are just being swapped leave what was read before.
            if let Ok(read) = files.read() {
                config = read;
            }
            HttpsConnectorBuilder::new()
                .with_tls_config(ClientConfig::clone(&config))
                .https_only()
                .enable_http2()
                .wrap_connector(tcp.clone())
                .call(server.clone())
        })
    };
    // The endpoint itself is not to encrypt, but its requests say that it is done.
    Ok(endpoint.origin(server).connect_with_connector_lazy(connector))
}
