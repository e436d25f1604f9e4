//! How datasets that have a name are got at, and what the environment says of it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::error::{Error, Result};

/// How long to wait for a mirror to be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Patience {
    /// Who asked for a dataset waits.
    Usual,
    /// Who asked for none gets synthetic digits where there is no network, and soon.
    Short,
}

/// Where the cache is and how the network may be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// The folder of all datasets; `None` where nothing says which that is.
    pub cache: Option<PathBuf>,
    /// Whether the network may not be used at all.
    pub offline: bool,
    /// How long to wait for a mirror.
    pub patience: Patience,
    /// Mirrors instead of the known ones: `DATASET/FILE` follows.
    pub mirrors: Option<Vec<String>>,
    /// How long a mirror may say nothing.
    pub silence: Duration,
    /// Certificates to trust instead of those built in, a file of PEM.
    pub certificates: Option<PathBuf>,
}

/// How long a mirror may say nothing where the environment says nothing of it.
const SILENCE: u64 = 20;

/// The version of how the cache is laid out.
const VERSION: &str = "v1";

impl Access {
    /// The cache is in `$NCM_CACHE_DIR`, else in `$XDG_CACHE_HOME/ncm`, else
    /// where this system has caches. Of the network `$NCM_MIRROR` (a list with
    /// spaces), `$NCM_TIMEOUT` (seconds) and `$SSL_CERT_FILE` say more.
    ///
    /// # Errors
    /// When `$NCM_TIMEOUT` is no number of seconds.
    pub fn from_environment() -> Result<Self> {
        let set = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
        let silence = match set("NCM_TIMEOUT") {
            None => SILENCE,
            Some(seconds) => seconds
                .parse()
                .ok()
                .filter(|seconds| (1..=86_400).contains(seconds))
                .ok_or_else(|| Error::Environment {
                    variable: "NCM_TIMEOUT",
                    problem: format!(
                        "NCM_TIMEOUT={seconds}: set it to whole seconds from 1 to 86400"
                    ),
                })?,
        };
        let mirrors = set("NCM_MIRROR")
            .map(|list| list.split_whitespace().map(str::to_owned).collect())
            .filter(|mirrors: &Vec<_>| !mirrors.is_empty());
        Ok(Self {
            cache: cache(),
            offline: false,
            patience: Patience::Usual,
            mirrors,
            silence: Duration::from_secs(silence),
            certificates: set("SSL_CERT_FILE").map(PathBuf::from),
        })
    }

    /// The same without the network.
    pub fn offline(&self) -> Self {
        Self {
            offline: true,
            ..self.clone()
        }
    }

    /// The folder of all datasets.
    ///
    /// # Errors
    /// When nothing says which that is.
    pub fn cache(&self) -> Result<&Path> {
        self.cache.as_deref().ok_or_else(|| Error::Environment {
            variable: "NCM_CACHE_DIR",
            problem: "nothing says where caches are; set NCM_CACHE_DIR to a folder".into(),
        })
    }

    /// How long it may take to find a mirror's address. Without a network that
    /// is where it ends.
    pub(super) fn resolve(&self) -> Duration {
        match self.patience {
            Patience::Usual => self.silence,
            Patience::Short => Duration::from_millis(500),
        }
    }

    /// How long it may take to connect, proxy and certificates included.
    pub(super) fn connect(&self) -> Duration {
        match self.patience {
            Patience::Usual => self.silence,
            Patience::Short => self.silence.min(Duration::from_secs(3)),
        }
    }
}

fn cache() -> Option<PathBuf> {
    use etcetera::BaseStrategy;
    if let Some(named) = std::env::var_os("NCM_CACHE_DIR").filter(|named| !named.is_empty()) {
        return Some(PathBuf::from(named).join(VERSION));
    }
    let system = etcetera::choose_base_strategy().ok()?;
    Some(system.cache_dir().join("ncm").join(VERSION))
}
