//! Machines without a GPU, and those with a choice.

use std::process::Command;

use ncm::internals::backends::gpu::adapters::adapters;

use super::runner::{fail, json, ncm, on, succeed};
use crate::support::{Folder, Outcome, ensure, skips};

/// With every Vulkan driver hidden from the loader.
#[test]
#[cfg_attr(
    not(target_os = "linux"),
    ignore = "drivers are hidden from the loader on Linux alone"
)]
fn without_a_gpu_exits_with_5_or_falls_back() -> Outcome {
    let folder = Folder::new();
    let hidden = |mut command: Command| {
        command
            .env("VK_DRIVER_FILES", "/nonexistent")
            .env("VK_ICD_FILENAMES", "/nonexistent");
        command
    };
    fail(
        &mut hidden(on(&folder, &["accuracy", "--backend", "gpu"])),
        5,
        "install a Vulkan driver",
    )?;
    let ran = succeed(&mut hidden(on(&folder, &["accuracy", "--json"])))?;
    ensure(
        ran.stderr.trim() == "ncm: no GPU adapter found; using the cpu backend",
        || ran.stderr.clone(),
    )?;
    ensure(ran.stdout.contains("\"kind\": \"cpu\""), || {
        ran.stdout.clone()
    })?;
    let found = json(&mut hidden(ncm(&["devices", "--json"])))?;
    ensure(
        found["adapters"] == serde_json::json!([]) && found["auto"]["backend"] == "cpu",
        || found.to_string(),
    )
}

#[test]
fn chooses_adapters() -> Outcome {
    let found = adapters();
    let names: Vec<_> = found
        .iter()
        .map(|found| &*found.description().name)
        .collect();
    if skips("gpu", names.is_empty().then_some("no GPU adapter found"))? {
        return Ok(());
    }
    let folder = Folder::new();
    let chosen = |arguments: &[&str]| -> Result<String, String> {
        let found = json(&mut on(
            &folder,
            &[&["accuracy", "--json"], arguments].concat(),
        ))?;
        Ok(found["backend"]["adapter"]["name"]
            .as_str()
            .unwrap_or("-")
            .to_owned())
    };
    let part = names[0][1..].to_uppercase();
    for arguments in [
        &["--backend", "gpu"][..],
        &["--adapter", "0"],
        &["--backend", "gpu", "--adapter", &part],
    ] {
        let found = chosen(arguments)?;
        ensure(found == names[0], || format!("{arguments:?} chose {found}"))?;
    }
    for (wrong, says) in [("no such card", names[0]), ("99", "\"99\"")] {
        let adapter = ["accuracy", "--json", "--adapter", wrong];
        let asked = [&adapter[..], &["--backend", "gpu"]].concat();
        fail(&mut on(&folder, &asked), 5, says)?;
        // Left to us, the answer comes all the same.
        let ran = succeed(&mut on(&folder, &adapter))?;
        let one_line = ran.stderr.lines().count() == 1;
        ensure(one_line && ran.stderr.contains(says), || ran.stderr.clone())?;
        ensure(ran.stderr.contains("; using the cpu backend"), || {
            ran.stderr.clone()
        })?;
        ensure(ran.stdout.contains("\"kind\": \"cpu\""), || {
            ran.stdout.clone()
        })?;
    }
    Ok(())
}
