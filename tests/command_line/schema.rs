//! Results in JSON against what `ncm schema` says of them.
//!
//! A crate that validates any schema brings 25 crates, six of them in versions
//! that the tree has otherwise; ours uses a dozen keywords, so these are checked
//! here, and any other keyword is a failure.

use std::sync::OnceLock;

use serde_json::{Map, Value, json};

use super::runner::{ncm, on, succeed};
use crate::support::{Folder, Outcome, ensure, failed, same_text};

/// Whether a result is what the schema of its command says.
pub fn check(result: &Value) -> Outcome {
    matches(result, of_command(&result["command"])?, "result")
}

/// The schema of a command's results.
fn of_command(command: &Value) -> Result<&'static Value, String> {
    static ALL: OnceLock<Result<Value, String>> = OnceLock::new();
    let read = || serde_json::from_str(&succeed(&mut ncm(&["schema"]))?.stdout).map_err(failed);
    let all = ALL.get_or_init(read).as_ref().map_err(String::clone)?;
    let schemas = all["oneOf"].as_array().into_iter().flatten();
    let title = format!("ncm {} --json", command.as_str().unwrap_or_default());
    let mut known = schemas.filter(|schema| schema["title"] == title);
    known
        .next()
        .ok_or_else(|| format!("no schema of {command}"))
}

fn matches(value: &Value, schema: &Value, path: &str) -> Outcome {
    let keywords = schema
        .as_object()
        .ok_or_else(|| format!("{path}: no schema"))?;
    for (keyword, wanted) in keywords {
        let holds = match &keyword[..] {
            "title" | "description" | "format" | "required" => true,
            "type" => has_type(value, wanted),
            "const" => value == wanted,
            "minimum" => value
                .as_f64()
                .is_none_or(|number| Some(number) >= wanted.as_f64()),
            "maximum" => value
                .as_f64()
                .is_none_or(|number| Some(number) <= wanted.as_f64()),
            "minItems" => value
                .as_array()
                .is_none_or(|items| items.len() as u64 >= count(wanted)),
            "maxItems" => value
                .as_array()
                .is_none_or(|items| items.len() as u64 <= count(wanted)),
            "items" => {
                let items = value.as_array().into_iter().flatten().enumerate();
                for (place, item) in items {
                    matches(item, wanted, &format!("{path}[{place}]"))?;
                }
                true
            }
            "anyOf" => {
                let mut any = wanted.as_array().into_iter().flatten();
                any.any(|wanted| matches(value, wanted, path).is_ok())
            }
            "properties" | "additionalProperties" => {
                if let Some(object) = value.as_object() {
                    has_keys(object, schema, path)?;
                }
                true
            }
            _ => return Err(format!("{path}: this check does not know {keyword}")),
        };
        ensure(holds, || {
            format!("{path} is {value}, not {keyword} {wanted}")
        })?;
    }
    Ok(())
}

fn count(wanted: &Value) -> u64 {
    wanted.as_u64().unwrap_or_default()
}

fn has_type(value: &Value, wanted: &Value) -> bool {
    let is = |name: &Value| match name.as_str() {
        Some("null") => value.is_null(),
        Some("boolean") => value.is_boolean(),
        Some("integer") => value.is_u64() || value.is_i64(),
        Some("number") => value.is_number(),
        Some("string") => value.is_string(),
        Some("array") => value.is_array(),
        Some("object") => value.is_object(),
        _ => false,
    };
    match wanted {
        Value::Array(names) => names.iter().any(is),
        name => is(name),
    }
}

/// All keys that are required, and none but those that are described.
fn has_keys(object: &Map<String, Value>, schema: &Value, path: &str) -> Outcome {
    let required = schema["required"].as_array().into_iter().flatten();
    for key in required.filter_map(Value::as_str) {
        ensure(object.contains_key(key), || format!("{path} has no {key}"))?;
    }
    for (key, value) in object {
        let path = format!("{path}.{key}");
        match (&schema["properties"][key], &schema["additionalProperties"]) {
            (Value::Null, Value::Bool(false) | Value::Null) => {
                return Err(format!("{path} is in no schema"));
            }
            (Value::Null, other) => matches(value, other, &path)?,
            (known, _) => matches(value, known, &path)?,
        }
    }
    Ok(())
}

/// Renaming, removing or adding a key shows in the list that is kept.
#[test]
fn schema_is_stable() -> Outcome {
    let all = succeed(&mut ncm(&["schema"]))?.stdout;
    let all: Value = serde_json::from_str(&all).map_err(failed)?;
    let mut lines = String::new();
    for schema in all["oneOf"].as_array().into_iter().flatten() {
        let title = schema["title"].as_str().unwrap_or_default();
        for form in forms(schema) {
            lines += title.trim_start_matches("ncm ").trim_end_matches(" --json");
            lines.push('\n');
            outline(form, "  ", &mut lines);
        }
    }
    same_text("keys.txt", &lines)
}

/// The forms that a value may have.
fn forms(schema: &Value) -> Vec<&Value> {
    match schema["anyOf"].as_array() {
        Some(any) => any.iter().collect(),
        None => vec![schema],
    }
}

/// A line for each key, with its type; `?` where it may be missing.
fn outline(schema: &Value, indent: &str, lines: &mut String) {
    for (key, below) in schema["properties"].as_object().into_iter().flatten() {
        let mut required = schema["required"].as_array().into_iter().flatten();
        let mark = if required.any(|name| name == key) {
            ""
        } else {
            "?"
        };
        let kind = match below["anyOf"].as_array() {
            Some(any) => any.iter().map(|one| one["type"].clone()).collect(),
            None => below["type"].clone(),
        };
        *lines += &format!(
            "{indent}{key}{mark}: {}\n",
            kind.to_string().replace('"', "")
        );
        let mut inner = below;
        while inner.get("items").is_some() {
            inner = &inner["items"];
        }
        for form in forms(inner) {
            outline(form, &format!("{indent}  "), lines);
        }
    }
}

/// A result with a key more, a key less or another type anywhere is refused.
#[test]
fn schema_is_strict() -> Outcome {
    let accuracy = ["accuracy", "--backend", "cpu", "--json"];
    let result = succeed(&mut on(&Folder::new(), &accuracy))?.stdout;
    let result: Value = serde_json::from_str(&result).map_err(failed)?;
    check(&result)?;
    let alone = succeed(&mut ncm(&["schema", "accuracy"]))?.stdout;
    let alone: Value = serde_json::from_str(&alone).map_err(failed)?;
    ensure(alone["title"] == "ncm accuracy --json", || {
        alone.to_string()
    })?;
    for place in ["", "/dataset", "/backend", "/model", "/per_class/0"] {
        let mut more = result.clone();
        more.pointer_mut(place).ok_or("no such place")?["more"] = json!(1);
        let refused = check(&more).err().unwrap_or_default();
        ensure(refused.ends_with(".more is in no schema"), || {
            format!("{place}: {refused}")
        })?;
    }
    for key in [
        "schema",
        "dataset",
        "interval95",
        "per_class",
        "milliseconds",
    ] {
        let mut less = result.clone();
        less.as_object_mut().and_then(|object| object.remove(key));
        let refused = check(&less).err().unwrap_or_default();
        ensure(refused == format!("result has no {key}"), || {
            format!("{key}: {refused}")
        })?;
    }
    for (place, other) in [
        ("/schema", json!("ncm/2")),
        ("/correct", json!(1.5)),
        ("/correct", json!(-1)),
        ("/interval95", json!([0.1])),
        ("/interval95", json!([0.1, 0.2, 0.3])),
        ("/backend/adapter", json!("none")),
        ("/per_class/0/f1", json!("1")),
        ("/milliseconds/load", json!(null)),
    ] {
        let mut changed = result.clone();
        *changed.pointer_mut(place).ok_or(place)? = other;
        ensure(check(&changed).is_err(), || {
            format!("{place} may be {changed}")
        })?;
    }
    // A number of either kind, and nothing else.
    let result = succeed(&mut on(&Folder::new(), &["info", "--json"]))?.stdout;
    let result: Value = serde_json::from_str(&result).map_err(failed)?;
    for (other, may_be) in [
        (json!(3), true),
        (json!(-0.5), true),
        (json!("3"), false),
        (json!(null), false),
        (json!([3]), false),
    ] {
        let mut changed = result.clone();
        *changed
            .pointer_mut("/arrays/0/least")
            .ok_or("no such place")? = other.clone();
        ensure(check(&changed).is_ok() == may_be, || {
            format!("a value of an array is {other}: {may_be}")
        })?;
    }
    Ok(())
}
