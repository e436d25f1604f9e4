//! Settings for the cache and the network, read from the environment.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::data::environment::seconds;
use crate::data::home;
use crate::error::{Error, Result};

/// How long to wait for a connection to a mirror.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Patience {
    /// The user asked for the dataset, so wait for it.
    Usual,
    /// The user named no dataset: without a network, fall back to synthetic digits soon.
    Short,
}

/// Where the cache is and how the network may be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// The root folder of the cache; `None` if it cannot be determined.
    pub cache: Option<PathBuf>,
    /// Whether network access is forbidden.
    pub offline: bool,
    /// How long to wait for a mirror.
    pub patience: Patience,
    /// Mirrors to use instead of the built-in ones; `DATASET/FILE` is appended to each.
    pub mirrors: Option<Vec<String>>,
    /// How long to wait for a mirror that sends nothing.
    pub silence: Duration,
    /// A PEM file of certificates to trust instead of the built-in ones.
    pub certificates: Option<PathBuf>,
}

/// Default for `silence`, in seconds.
const SILENCE: u64 = 20;

/// Version of the cache's layout.
const VERSION: &str = "v1";

impl Access {
    /// The cache is in `$NCM_CACHE_DIR`, else in `$XDG_CACHE_HOME/ncm`, else in
    /// the platform's cache folder. The network is configured by `$NCM_MIRROR`
    /// (separated by spaces), `$NCM_TIMEOUT` (seconds) and `$SSL_CERT_FILE`.
    ///
    /// # Errors
    /// When `$NCM_TIMEOUT` is not a number of seconds.
    pub fn from_environment() -> Result<Self> {
        let set = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
        let mirrors = set("NCM_MIRROR")
            .map(|list| list.split_whitespace().map(str::to_owned).collect())
            .filter(|mirrors: &Vec<_>| !mirrors.is_empty());
        Ok(Self {
            cache: cache(),
            offline: false,
            patience: Patience::Usual,
            mirrors,
            silence: seconds("NCM_TIMEOUT", SILENCE, 86_400)?,
            certificates: home::variable("SSL_CERT_FILE"),
        })
    }

    /// The same settings, but offline.
    pub fn offline(&self) -> Self {
        Self {
            offline: true,
            ..self.clone()
        }
    }

    /// The root folder of the cache.
    ///
    /// # Errors
    /// When it cannot be determined.
    pub fn cache(&self) -> Result<&Path> {
        self.cache.as_deref().ok_or_else(|| Error::Environment {
            variable: "NCM_CACHE_DIR",
            problem: "nothing says where caches are; set NCM_CACHE_DIR to a folder".into(),
        })
    }

    /// Time limit for resolving a mirror's host name. Without a network, this
    /// is the step that fails.
    pub(super) fn resolve(&self) -> Duration {
        match self.patience {
            Patience::Usual => self.silence,
            Patience::Short => Duration::from_millis(500),
        }
    }

    /// Time limit for connecting, including any proxy and the TLS handshake.
    pub(super) fn connect(&self) -> Duration {
        match self.patience {
            Patience::Usual => self.silence,
            Patience::Short => self.silence.min(Duration::from_secs(3)),
        }
    }
}

fn cache() -> Option<PathBuf> {
    use etcetera::BaseStrategy;
    if let Some(named) = home::variable("NCM_CACHE_DIR") {
        return Some(named.join(VERSION));
    }
    let system = etcetera::choose_base_strategy().ok()?;
    Some(system.cache_dir().join("ncm").join(VERSION))
}
