//! Vulkan drivers made for a test, and the command with such a driver alone.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::json;
use tempfile::TempDir;

use crate::command_line::ncm;
use crate::support::{Outcome, ensure, failed, needs};

/// A driver, and a cache that knows nothing of it.
pub struct Driver {
    folder: TempDir,
    manifest: PathBuf,
}

/// How a driver goes wrong: at a moment, by a statement of C.
pub type Wrong = (&'static str, &'static str);

pub const ABORTS: Wrong = ("NEGOTIATE", "abort()");
/// Nothing goes wrong, but there is no adapter.
pub const FINE: Wrong = ("NEGOTIATE", "");

impl Driver {
    /// A driver that goes wrong; none where it cannot be made here.
    pub fn wrong((when, wrong): Wrong) -> Result<Option<Self>, String> {
        Self::made("bad.c", |folder| {
            let held = folder.join("held");
            vec![
                format!("-DWHEN={when}"),
                format!("-DWRONG={wrong}"),
                format!("-DHELD=\"{}\"", held.display()),
            ]
        })
    }

    /// A driver that hangs at a moment.
    pub fn hanging(when: &'static str) -> Result<Option<Self>, String> {
        let driver = Self::wrong((when, ""))?;
        driver.iter().try_for_each(|driver| driver.hang(true))?;
        Ok(driver)
    }

    /// Mesa's software driver without its conformance.
    pub fn not_conformant() -> Result<Option<Self>, String> {
        let manifests = std::fs::read_dir("/usr/share/vulkan/icd.d");
        let paths = manifests.into_iter().flatten().flatten();
        let mesa = paths.map(|entry| entry.path()).find(|path| {
            path.file_name()
                .is_some_and(|name| name.to_string_lossy().starts_with("lvp_icd"))
        });
        let Some(mesa) = needs("drivers", mesa.ok_or("Mesa's software driver is not there"))?
        else {
            return Ok(None);
        };
        let text = std::fs::read_to_string(mesa).map_err(failed)?;
        let manifest: serde_json::Value = serde_json::from_str(&text).map_err(failed)?;
        let library = manifest["ICD"]["library_path"].as_str().unwrap_or_default();
        Self::made("not_conformant.c", |_| {
            vec![format!("-DREAL=\"{library}\"")]
        })
    }

    fn made(
        source: &str,
        definitions: impl FnOnce(&Path) -> Vec<String>,
    ) -> Result<Option<Self>, String> {
        let folder = tempfile::tempdir().map_err(failed)?;
        let library = folder.path().join("driver.so");
        let source = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/drivers")
            .join(source);
        let compiler = Command::new("cc")
            .args(["-shared", "-fPIC", "-o"])
            .arg(&library)
            .args(definitions(folder.path()))
            .arg(source)
            .arg("-ldl")
            .output();
        let compiled = match compiler {
            Ok(output) if cfg!(target_os = "linux") => output,
            _ => return needs("drivers", Err("no C compiler on Linux is there")),
        };
        if !compiled.status.success() {
            return Err(String::from_utf8_lossy(&compiled.stderr).into_owned());
        }
        let manifest = folder.path().join("driver.json");
        let content = json!({
            "file_format_version": "1.0.0",
            "ICD": { "library_path": library, "api_version": "1.3.0" },
        });
        std::fs::write(&manifest, content.to_string()).map_err(failed)?;
        Ok(Some(Self { folder, manifest }))
    }

    /// The command where this is the only driver.
    pub fn ncm(&self, arguments: &[&str]) -> Command {
        let mut command = ncm(arguments);
        command
            .env("VK_DRIVER_FILES", &self.manifest)
            .env("NCM_CACHE_DIR", self.folder.path().join("cache"))
            .env("NCM_GPU_TIMEOUT", "1");
        command
    }

    /// Whether it hangs from now on. Nobody has reached that yet.
    pub fn hang(&self, hangs: bool) -> Outcome {
        let held = self.folder.path().join("held");
        let reached = self.folder.path().join("held-reached");
        if reached.exists() {
            std::fs::remove_file(reached).map_err(failed)?;
        }
        match hangs {
            true => std::fs::write(held, ""),
            false => std::fs::remove_file(held),
        }
        .map_err(failed)
    }

    /// Waits until it is about to hang or to go wrong.
    pub fn reached(&self) -> Outcome {
        let reached = self.folder.path().join("held-reached");
        let began = Instant::now();
        while !reached.exists() {
            ensure(began.elapsed() < Duration::from_secs(50), || {
                "the driver was not reached".into()
            })?;
            std::thread::sleep(Duration::from_millis(5));
        }
        Ok(())
    }

    /// Whether any process has loaded it.
    pub fn is_loaded(&self) -> bool {
        self.folder.path().join("held-loaded").exists()
    }

    /// What is kept of it.
    pub fn records(&self) -> String {
        let folder = self.folder.path().join("cache/v1/drivers");
        let files = std::fs::read_dir(folder).into_iter().flatten().flatten();
        files
            .filter_map(|file| std::fs::read_to_string(file.path()).ok())
            .collect()
    }
}
