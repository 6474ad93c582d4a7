//! The samples run, also from the packed crate in an empty project.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use libsales::v1;

use crate::rig::{Folder, Server, root, unique};

/// Gives a program of examples/, which are built with the tests.
fn sample(name: &str) -> PathBuf {
    let tests = std::env::current_exe().unwrap();
    let program = tests.parent().unwrap().parent().unwrap().join("examples").join(name);
    assert!(program.exists(), "{} is not built: run all of cargo test", program.display());
    program
}

/// Runs a program; gives what it prints.
fn output(program: &Path, arguments: &[&str], stdin: &str) -> String {
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(stdin.as_bytes()).unwrap();
    let done = child.wait_with_output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).unwrap()
}

fn assert_contains(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "no {part:?} in:\n{text}");
    }
}

#[test]
fn the_walkthrough_wins_one_and_refuses_one() {
    let Some(server) = Server::start(&[]) else { return };
    let printed = output(&sample("walkthrough"), &[&server.target, &unique("walk")], "");
    let expected = ["missing requirements_agreed, asked for by", "won at 8600.00 EUR"];
    assert_contains(&printed, &expected);
    assert_contains(&printed, &["ARGUMENTS_REQUIRED", "channels/referral", "won 1 of 3"]);
}

#[tokio::test]
async fn an_import_is_reported() {
    let Some(server) = Server::start(&[]) else { return };
    let sales = server.workspace().await;
    let workspace = sales.workspace();
    let arguments = [server.target.as_str(), workspace.strip_prefix("workspaces/").unwrap()];
    let rows = "id,email,received,won,value\n\
        1,eva@example.com,2026-03-01T10:00:00+01:00,2026-03-05T10:00:00+01:00,4900.50\n\
        2,ada@example.com,2026-03-02T10:00:00+01:00,,\n";
    let import = sample("import_leads");
    assert_contains(
        &output(&import, &arguments, rows),
        &["2 RESULT_IMPORTED", "3 RESULT_IMPORTED"],
    );
    let again = output(&import, &arguments, rows);
    assert_contains(&again, &["2 RESULT_UNCHANGED", "3 RESULT_UNCHANGED"]);
    assert_contains(&output(&sample("report"), &arguments, ""), &["(1/2, 95 % ", "4900.50"]);
}

#[tokio::test]
async fn a_watch_prints_what_happens() {
    let Some(server) = Server::start(&[]) else { return };
    let sales = server.workspace().await;
    let workspace = sales.workspace();
    let id = workspace.strip_prefix("workspaces/").unwrap();
    let mut watching = Command::new(sample("watch"))
        .args([&server.target, id])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(watching.stdout.take().unwrap()).lines().map(Result::unwrap);
    assert!(lines.next().unwrap().starts_with("1 EVENT_TYPE_WORKSPACE_CREATED"));
    let request = v1::CreateChannelRequest { channel_id: "ads".into(), ..Default::default() };
    sales.create_channel(request).await.unwrap();
    let created =
        |line: &String| line.contains("EVENT_TYPE_CHANNEL_CREATED") && line.ends_with("ads");
    assert!(lines.any(|line| created(&line)));
    watching.kill().unwrap();
    watching.wait().unwrap();
}

/// Runs cargo as this test was built: with what is downloaded already.
fn cargo(folder: &Path, arguments: &[&str]) {
    let done = Command::new(env!("CARGO"))
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", root().join("build/rust"))
        .args(arguments)
        .arg("--offline")
        .output()
        .unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

#[test]
fn the_packed_crate_runs_in_an_empty_project() {
    let Some(server) = Server::start(&[]) else { return };
    let crate_folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let project = Folder::new();
    cargo(crate_folder, &["package", "-p", "libsales", "--allow-dirty", "--no-verify"]);
    let name = format!("libsales-{}", libsales::VERSION);
    let packed = root().join("build/rust/package").join(format!("{name}.crate"));
    let unpacked = Command::new("tar").arg("-xzf").arg(packed).arg("-C").arg(&project.0).status();
    assert!(unpacked.unwrap().success());
    let folder = project.0.join("project");
    fs::create_dir_all(folder.join("src")).unwrap();
    let manifest = format!(
        "[package]\nname = \"project\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\n\
         libsales = {{ path = \"../{name}\" }}\n\
         tokio = {{ version = \"1\", features = [\"macros\", \"rt-multi-thread\"] }}\n"
    );
    fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    fs::copy(crate_folder.join("examples/quickstart.rs"), folder.join("src/main.rs")).unwrap();
    // The versions that this test was built with.
    fs::copy(crate_folder.join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    cargo(&folder, &["build"]);
    let program = root().join("build/rust/debug/project");
    let expected = ["not yet: requirements_agreed", "not yet: price_offered"];
    assert_contains(&output(&program, &[&server.target], ""), &expected);
}
