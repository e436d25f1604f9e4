//! What went wrong at mirrors.

/// What went wrong at a mirror.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MirrorFailure {
    /// The file's address at the mirror.
    pub url: String,
    /// What went wrong.
    pub reason: String,
}

impl MirrorFailure {
    /// The mirror's host name.
    pub fn host(&self) -> &str {
        let rest = self
            .url
            .split_once("://")
            .map_or(&*self.url, |(_, rest)| rest);
        rest.split_once('/').map_or(rest, |(host, _)| host)
    }
}

/// Every failure, in one line.
pub(super) fn listed(failures: &[MirrorFailure]) -> String {
    let each = failures
        .iter()
        .map(|MirrorFailure { url, reason }| format!("{url}: {reason}"));
    each.collect::<Vec<_>>().join("; ")
}
