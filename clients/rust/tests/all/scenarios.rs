//! The scenarios that every door passes, through this client.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use libsales::{Client, Code, Error, Request, v1};
use prost_reflect::prost::Message;
use prost_reflect::{DescriptorPool, DynamicMessage, SerializeOptions};
use serde_json::{Map, Value, json};
use tokio_stream::StreamExt;

use crate::rig;
use crate::stubs::calls;

type Saved = HashMap<String, String>;

/// The contract, which says how messages look in JSON.
static CONTRACT: LazyLock<DescriptorPool> = LazyLock::new(|| {
    let proto = rig::root().join("proto");
    let files = sorted_files(&proto.join("sales/v1"), "proto");
    let files = protox::compile(files, [proto]).unwrap();
    DescriptorPool::from_file_descriptor_set(files).unwrap()
});

fn sorted_files(folder: &Path, suffix: &str) -> Vec<PathBuf> {
    let mut files: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|end| end == suffix));
    files.sort();
    files
}

/// Makes a call with a request in JSON; gives the answer as JSON with every field.
pub async fn call<R, A>(client: &Client, path: &'static str, request: Value) -> Result<Value, Error>
where
    R: Request,
    A: Message + Default + 'static,
{
    let (service, method) = path[1..].split_once('/').unwrap();
    let service = CONTRACT.get_service_by_name(service).unwrap();
    let method = service.methods().find(|known| known.name() == method).unwrap();
    let request = from_json::<R>(method.input().full_name(), request);
    let answer: A = client.call(path, request).await?;
    Ok(to_json(method.output().full_name(), &answer))
}

fn from_json<M: Message + Default>(name: &str, value: Value) -> M {
    let description = CONTRACT.get_message_by_name(name).unwrap();
    let message = DynamicMessage::deserialize(description, value).unwrap();
    M::decode(&message.encode_to_vec()[..]).unwrap()
}

fn to_json(name: &str, message: &impl Message) -> Value {
    let description = CONTRACT.get_message_by_name(name).unwrap();
    let message = DynamicMessage::decode(description, &message.encode_to_vec()[..]).unwrap();
    let options = SerializeOptions::new().skip_default_fields(false);
    message.serialize_with_options(serde_json::value::Serializer, &options).unwrap()
}

async fn import(client: &Client, request: Value) -> Result<Value, Error> {
    let rows = request["requests"].as_array().unwrap().clone().into_iter();
    let rows: Vec<v1::ImportLeadsRequest> =
        rows.map(|row| from_json("sales.v1.ImportLeadsRequest", row)).collect();
    let mut results = client.import_leads(tokio_stream::iter(rows));
    let mut responses = Vec::new();
    while let Some(result) = results.next().await {
        responses.push(to_json("sales.v1.ImportLeadsResponse", &result?));
    }
    Ok(json!({ "responses": responses }))
}

/// Makes the call of one step; says what was not as expected.
async fn play(client: &Client, step: &Value, saved: &mut Saved) -> Result<(), String> {
    let client = match step["actor"].as_str() {
        Some(actor) => client.with_actor(actor),
        None => client.clone(),
    };
    let request = filled(step.get("request").unwrap_or(&json!({})), saved);
    let answer = match step["call"].as_str().unwrap() {
        "LeadService.ImportLeads" => import(&client, request).await,
        name => calls::call_by_name(&client, name, request).await,
    };
    let answer = match (answer, step.get("error")) {
        (Ok(answer), None) => answer,
        (Err(error), Some(expected)) => return compare_error(&error, &filled(expected, saved)),
        (answer, error) => return Err(format!("expected the error {error:?}, got {answer:?}")),
    };
    let mut wrong = String::new();
    if let Some(expected) = step.get("expect") {
        compare(&filled(expected, saved), &answer, "", &mut wrong);
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    for (name, path) in step["save"].as_object().unwrap_or(&Map::new()) {
        let path = path.as_str().unwrap();
        let text = found(&answer, path).as_str().ok_or(format!("nothing to save at {path}"))?;
        saved.insert(name.clone(), text.to_owned());
    }
    Ok(())
}

fn compare_error(error: &Error, expected: &Value) -> Result<(), String> {
    let code = json!(shouted(error.code()));
    if expected["code"] != code || expected["reason"] != error.reason() {
        return Err(format!("expected {expected}, got {error:?}"));
    }
    let missing = error.missing().iter().map(|missing| missing.condition.clone());
    let fields = error.fields().iter().map(|field| field.field.clone());
    for (key, got) in
        [("missing", missing.collect::<Vec<_>>()), ("fields", fields.collect::<Vec<_>>())]
    {
        if let Some(texts) = expected[key].as_array() {
            let mut texts: Vec<_> = texts.iter().map(|text| text.as_str().unwrap()).collect();
            let mut got: Vec<_> = got.iter().map(String::as_str).collect();
            texts.sort_unstable();
            got.sort_unstable();
            if texts != got {
                return Err(format!("expected {key} {texts:?}, got {got:?}"));
            }
        }
    }
    for (key, value) in expected["metadata"].as_object().unwrap_or(&Map::new()) {
        if error.metadata().get(key).map(String::as_str) != value.as_str() {
            return Err(format!("metadata {key}: expected {value}, got {:?}", error.metadata()));
        }
    }
    Ok(())
}

/// "NOT_FOUND" for `NotFound`.
fn shouted(code: Code) -> String {
    let mut text = String::new();
    for letter in format!("{code:?}").chars() {
        if letter.is_uppercase() && !text.is_empty() {
            text.push('_');
        }
        text.push(letter.to_ascii_uppercase());
    }
    text
}

/// Puts what was saved in the place of each `${name}`.
fn filled(value: &Value, saved: &Saved) -> Value {
    let fill = |text: &str| {
        let mut parts = text.split("${");
        let mut result = parts.next().unwrap().to_owned();
        for part in parts {
            let (name, rest) = part.split_once('}').unwrap();
            result += &saved[name];
            result += rest;
        }
        result
    };
    match value {
        Value::String(text) => fill(text).into(),
        Value::Array(items) => items.iter().map(|item| filled(item, saved)).collect(),
        Value::Object(object) => {
            object.iter().map(|(key, item)| (fill(key), filled(item, saved))).collect()
        }
        other => other.clone(),
    }
}

/// Gives what is at "lead.visits.0.stage".
fn found<'a>(value: &'a Value, path: &str) -> &'a Value {
    let path = path.replace('[', ".").replace(']', "");
    path.split('.').fold(value, |value, key| match key.parse::<usize>() {
        Ok(index) if value.is_array() => &value[index],
        _ => &value[key],
    })
}

/// Says where `actual` has not what `expected` lists; it may have more fields.
fn compare(expected: &Value, actual: &Value, path: &str, wrong: &mut String) {
    let same = match (expected, actual) {
        (Value::Object(fields), Value::Object(_)) => {
            for (key, value) in fields {
                compare(value, &actual[key], &format!("{path}.{key}"), wrong);
            }
            true
        }
        (Value::Array(items), Value::Array(others)) if items.len() == others.len() => {
            for (index, (item, other)) in items.iter().zip(others).enumerate() {
                compare(item, other, &format!("{path}[{index}]"), wrong);
            }
            true
        }
        (Value::Number(a), Value::Number(b)) => {
            let (a, b) = (a.as_f64().unwrap(), b.as_f64().unwrap());
            (a - b).abs() <= 1e-9 * a.abs().max(b.abs())
        }
        _ => expected == actual,
    };
    if !same {
        write!(wrong, "{path}: expected {expected}, got {actual}; ").unwrap();
    }
}

async fn play_all(path: &Path, target: &str) -> Result<(), String> {
    let client = Client::builder(target).connect().await.map_err(|error| error.to_string())?;
    let story: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let mut saved = Saved::from([("unique".to_owned(), rig::unique("s"))]);
    for (number, step) in story["steps"].as_array().unwrap().iter().enumerate() {
        play(&client, step, &mut saved)
            .await
            .map_err(|wrong| format!("step {number}, {}: {wrong}", step["call"]))?;
    }
    Ok(())
}

#[tokio::test]
async fn every_scenario_passes() {
    let Some(server) = rig::Server::start(&[]) else { return };
    let paths = sorted_files(&rig::root().join("tests/scenarios"), "json");
    assert!(!paths.is_empty());
    let (mut verdicts, mut failures) = (String::new(), String::new());
    for path in paths {
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let target = server.target.clone();
        // A task of its own, so that a panic is this scenario's.
        let played = tokio::spawn(async move { play_all(&path, &target).await }).await;
        let failure = match played {
            Ok(Ok(())) => None,
            Ok(Err(wrong)) => Some(wrong),
            Err(panic) => Some(panic.to_string()),
        };
        let verdict = if failure.is_none() { "passed" } else { "failed" };
        writeln!(verdicts, "{verdict} {name}").unwrap();
        if let Some(failure) = failure {
            writeln!(failures, "{name}: {failure}").unwrap();
        }
    }
    note(&verdicts);
    assert!(failures.is_empty(), "{failures}");
}

/// Writes which scenarios passed, for the table of all clients.
fn note(verdicts: &str) {
    let folder = rig::root().join("build/scenarios");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("rust.txt"), verdicts).unwrap();
}
