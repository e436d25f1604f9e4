//! Pictures and texts as they should be, kept in `tests/pictures`; `NCM_BLESS=1`
//! writes them anew, to be looked at before they are committed.

use std::path::{Path, PathBuf};

use super::{Outcome, ensure, failed};

fn place(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/pictures")
        .join(name)
}

fn is_blessed(path: &Path, bytes: &[u8]) -> Result<bool, String> {
    if std::env::var_os("NCM_BLESS").is_none() {
        return Ok(false);
    }
    std::fs::write(path, bytes).map_err(failed)?;
    Ok(true)
}

/// A picture's file has the pixels of the one that is kept.
pub fn same_picture(name: &str, found: &[u8]) -> Outcome {
    let path = place(name);
    if is_blessed(&path, found)? {
        return Ok(());
    }
    let decode = |bytes: &[u8]| image::load_from_memory(bytes).map_err(failed);
    let kept = std::fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let (kept, found) = (decode(&kept)?.into_rgb8(), decode(found)?.into_rgb8());
    ensure(kept.dimensions() == found.dimensions(), || {
        format!(
            "{name}: {:?} pixels, not {:?}",
            found.dimensions(),
            kept.dimensions()
        )
    })?;
    let differ = kept.pixels().zip(found.pixels());
    let differ = differ.filter(|(kept, found)| kept != found).count();
    ensure(differ == 0, || format!("{name}: {differ} pixels differ"))
}

/// A text is the one that is kept.
pub fn same_text(name: &str, found: &str) -> Outcome {
    let path = place(name);
    if is_blessed(&path, found.as_bytes())? {
        return Ok(());
    }
    let kept = std::fs::read_to_string(&path);
    let kept = kept.map_err(|error| format!("{}: {error}", path.display()))?;
    let differ = found.lines().zip(kept.lines()).find(|(a, b)| a != b);
    ensure(found == kept, || match differ {
        Some((found, kept)) => format!("{name}: found {found:?}, kept is {kept:?}"),
        None => format!("{name}: {} bytes, not {}", found.len(), kept.len()),
    })
}
