//! TLS with certificates of its own, and tokens.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use libsales::{Builder, Client, Code, v1};
use tokio_stream::StreamExt;

use crate::client::{Capricious, a_lead, serve};
use crate::rig::{Folder, Server};

/// A certificate and its key, in two files.
struct Pair {
    cert: PathBuf,
    key: PathBuf,
}

/// Makes a certificate for this machine, signed by an authority or, without one, by itself.
fn issue(folder: &Path, name: &str, authority: Option<&Pair>) -> Pair {
    let pair =
        Pair { cert: folder.join(format!("{name}.pem")), key: folder.join(format!("{name}.key")) };
    let mut command = Command::new("openssl");
    command
        .args(
            "req -x509 -nodes -days 2 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1".split(' '),
        )
        .args(["-subj", &format!("/CN={name}")])
        .arg("-keyout")
        .arg(&pair.key)
        .arg("-out")
        .arg(&pair.cert);
    if let Some(authority) = authority {
        command.arg("-CA").arg(&authority.cert).arg("-CAkey").arg(&authority.key);
        // Nothing but a name and an address, as rustls wants it: an authority serves nobody.
        command.args(["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]);
        command.args(["-addext", "basicConstraints=critical,CA:FALSE"]);
    }
    let done = command.output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    pair
}

fn flags(server: &Pair) -> Vec<String> {
    vec![
        format!("--tls-cert-file={}", server.cert.display()),
        format!("--tls-key-file={}", server.key.display()),
    ]
}

/// Makes a call; gives how it ended.
async fn reaches(builder: Builder) -> Code {
    let sales = builder.timeout(Duration::from_secs(10)).connect().await.unwrap();
    match sales.list_workspaces(v1::ListWorkspacesRequest::default()).next().await {
        Some(Err(error)) => error.code(),
        _ => Code::Ok,
    }
}

#[tokio::test]
async fn a_client_who_trusts_the_authority_is_served() {
    let folder = Folder::new();
    let [authority, stranger] = ["ca", "stranger"].map(|name| issue(&folder.0, name, None));
    let served = issue(&folder.0, "server", Some(&authority));
    let Some(server) = Server::start(&flags(&served)) else { return };
    let client = || Client::builder(&server.target);
    assert_eq!(reaches(client().ca_file(&authority.cert)).await, Code::Ok);
    assert_eq!(reaches(client().ca_file(&stranger.cert)).await, Code::Unavailable);
    assert_eq!(reaches(client().tls()).await, Code::Unavailable);
    assert_eq!(reaches(client()).await, Code::Unavailable);
}

/// Starts a server whose certificate is an authority's, and which wants the same of its clients.
fn mutual(folder: &Folder, authority: &Pair) -> Option<Server> {
    let mut flags = flags(&issue(&folder.0, "server", Some(authority)));
    flags.push(format!("--tls-client-ca-file={}", authority.cert.display()));
    Server::start(&flags)
}

#[tokio::test]
async fn a_server_may_ask_clients_for_certificates() {
    let folder = Folder::new();
    let [authority, stranger] = ["ca", "stranger"].map(|name| issue(&folder.0, name, None));
    let Some(server) = mutual(&folder, &authority) else { return };
    let client = || Client::builder(&server.target).ca_file(&authority.cert);
    let anna = issue(&folder.0, "anna", Some(&authority));
    assert_eq!(reaches(client().client_certificate(&anna.cert, &anna.key)).await, Code::Ok);
    assert_eq!(reaches(client()).await, Code::Unavailable);
    let eva = issue(&folder.0, "eva", Some(&stranger));
    let eva = client().client_certificate(&eva.cert, &eva.key);
    assert_eq!(reaches(eva).await, Code::Unavailable);
}

#[tokio::test]
async fn certificates_are_read_again_for_each_connection() {
    let folder = Folder::new();
    let [authority, stranger] = ["ca", "stranger"].map(|name| issue(&folder.0, name, None));
    let Some(server) = mutual(&folder, &authority) else { return };
    let shown = issue(&folder.0, "eva", Some(&stranger));
    let builder = Client::builder(&server.target)
        .ca_file(&stranger.cert)
        .client_certificate(&shown.cert, &shown.key);
    let sales = builder.timeout(Duration::from_secs(10)).connect().await.unwrap();
    let ask = async || sales.list_workspaces(v1::ListWorkspacesRequest::default()).next().await;
    assert!(matches!(ask().await, Some(Err(error)) if error.code() == Code::Unavailable));

    let renewed = issue(&folder.0, "anna", Some(&authority));
    for (new, old) in
        [(authority.cert, stranger.cert), (renewed.cert, shown.cert), (renewed.key, shown.key)]
    {
        fs::copy(new, old).unwrap();
    }
    assert!(ask().await.is_none());
}

#[tokio::test]
async fn a_token_is_read_again_when_its_file_changes() {
    let folder = Folder::new();
    let (server, target, _) = serve(Capricious::default()).await;
    let path = folder.0.join("token");
    fs::write(&path, "first\n").unwrap();
    let sales = Client::builder(target).token_file(&path).connect().await.unwrap();
    sales.advance_lead(a_lead()).await.unwrap();
    fs::write(&path, "second").unwrap();
    sales.advance_lead(a_lead()).await.unwrap();
    // As Kubernetes does it: another file takes the name.
    fs::write(folder.0.join("new"), "sEcond").unwrap();
    fs::rename(folder.0.join("new"), &path).unwrap();
    sales.advance_lead(a_lead()).await.unwrap();
    let metadata = server.metadata.lock().unwrap().clone();
    let said: Vec<_> = metadata.iter().map(|said| said.get("authorization").unwrap()).collect();
    assert_eq!(said, ["Bearer first", "Bearer second", "Bearer sEcond"]);

    fs::remove_file(&path).unwrap();
    let error = sales.advance_lead(a_lead()).await.unwrap_err();
    assert_eq!(error.code(), Code::Unauthenticated);
}

#[tokio::test]
async fn a_token_is_sent_unencrypted_to_this_machine_only() {
    let folder = Folder::new();
    let path = folder.0.join("token");
    fs::write(&path, "secret").unwrap();
    for (target, allowed) in [
        ("localhost:8443", true),
        ("127.1.2.3:8443", true),
        ("[::1]:8443", true),
        ("sales.example.com:8443", false),
        ("10.0.0.1:8443", false),
        ("localhost.example.com:8443", false),
        ("[2001:db8::1]:8443", false),
        ("sales", false),
    ] {
        let made = Client::builder(target).token_file(&path).connect().await;
        assert_eq!(made.is_ok(), allowed, "{target}");
    }
    let encrypted = Client::builder("sales.example.com:8443").tls().token_file(&path);
    assert!(encrypted.connect().await.is_ok());
}

#[tokio::test]
async fn files_that_cannot_be_used_are_refused_at_once() {
    let folder = Folder::new();
    let (empty, none) = (folder.0.join("empty"), folder.0.join("none"));
    fs::write(&empty, "").unwrap();
    let client = || Client::builder("localhost:1");
    for builder in [
        client().ca_file(&empty),
        client().ca_file(&none),
        client().client_certificate(&empty, &empty),
        client().client_certificate(&none, &none),
        client().token_file(&empty),
        client().token_file(&none),
        Client::builder("not a target"),
    ] {
        let debug = format!("{builder:?}");
        assert!(builder.connect().await.is_err(), "{debug}");
    }
}

/// Makes a token for a store, while its server runs or not.
fn token(server: &Server, actor: &str) -> String {
    let actor = format!("--actor={actor}");
    server.run(&["token", &server.store(), "--role=owner", &actor]).trim().to_owned()
}

#[tokio::test]
async fn a_server_may_ask_for_a_token_which_says_who_calls() {
    let Some(mut server) = Server::new(&["--auth=required".to_owned()]) else { return };
    let path = server.folder.0.join("token");
    fs::write(&path, token(&server, "boss")).unwrap();
    server.serve();
    let request =
        v1::CreateWorkspaceRequest { workspace_id: "studio".into(), ..Default::default() };

    let stranger = Client::builder(&server.target).connect().await.unwrap();
    let error = stranger.create_workspace(request.clone()).await.unwrap_err();
    assert_eq!((error.code(), error.reason()), (Code::Unauthenticated, "CREDENTIALS_MISSING"));

    let builder = Client::builder(&server.target).workspace("studio").token_file(&path);
    let sales = builder.connect().await.unwrap();
    sales.create_workspace(request).await.unwrap();
    let ads = v1::CreateChannelRequest { channel_id: "ads".into(), ..Default::default() };
    fs::write(&path, "sales_of-somebody-else").unwrap();
    let error = sales.create_channel(ads.clone()).await.unwrap_err();
    assert_eq!((error.code(), error.reason()), (Code::Unauthenticated, "CREDENTIALS_INVALID"));

    fs::write(&path, token(&server, "anna")).unwrap();
    sales.create_channel(ads).await.unwrap();
    let events = sales.list_events(v1::ListEventsRequest::default());
    let mut actors: Vec<_> = events.map(|event| event.unwrap().actor).collect().await;
    actors.dedup();
    assert_eq!(actors, ["boss", "anna"]);
}
