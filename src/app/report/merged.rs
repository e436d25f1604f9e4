//! What `ncm merge` adds to the keys of what it has merged.

use schemars::JsonSchema;
use serde::Serialize;

use super::json;

/// The keys of what was merged, with how much it was.
#[derive(Serialize, JsonSchema)]
pub(super) struct MergedKeys<T> {
    /// Parts or scores that were named.
    pub parts: usize,
    /// Samples of all of them.
    pub samples: u64,
    #[serde(flatten)]
    pub merged: T,
}

/// The keys of a command's result, or of several that were merged.
pub(super) fn rendered(
    command: &str,
    parts: Option<usize>,
    samples: u64,
    notes: &[String],
    merged: impl Serialize,
) -> String {
    match parts {
        None => json::render(command, notes, merged),
        Some(parts) => {
            let keys = MergedKeys {
                parts,
                samples,
                merged,
            };
            json::render("merge", notes, keys)
        }
    }
}
