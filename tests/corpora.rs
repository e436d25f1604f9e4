//! The fuzz targets' inputs once more: what has been found to matter must hold
//! in every test run.

mod checks;

use std::path::{Path, PathBuf};

use crate::support::{Outcome, Random, ensure, failed};

type Check = fn(&[u8]);

#[test]
fn hold_for_idx() -> Outcome {
    replay("idx", checks::idx)
}

#[test]
fn hold_for_gz() -> Outcome {
    replay("gz", checks::gz)
}

#[test]
fn hold_for_npz() -> Outcome {
    replay("npz", checks::npz)
}

#[test]
fn hold_for_npy() -> Outcome {
    replay("npy", checks::npy)
}

#[test]
fn hold_for_picture() -> Outcome {
    replay("picture", checks::picture)
}

#[test]
fn hold_for_model() -> Outcome {
    replay("model", checks::model)
}

#[test]
fn hold_for_score() -> Outcome {
    replay("score", checks::score)
}

#[test]
fn hold_for_features() -> Outcome {
    replay("features", checks::features)
}

#[test]
fn hold_for_safetensors() -> Outcome {
    replay("safetensors", checks::safetensors)
}

/// Every input as it is, and with a byte changed here and there.
fn replay(name: &str, check: Check) -> Outcome {
    let inputs = inputs(name)?;
    ensure(inputs.len() >= 2, || "a corpus is missing".into())?;
    let mut random = Random(91);
    for path in inputs {
        let mut bytes = std::fs::read(&path).map_err(failed)?;
        check(&bytes);
        for _ in 0..20 {
            if bytes.is_empty() {
                break;
            }
            let at = random.below(bytes.len() as u64) as usize;
            bytes[at] = random.next() as u8;
            check(&bytes);
        }
    }
    Ok(())
}

fn inputs(name: &str) -> Result<Vec<PathBuf>, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpora");
    let files = std::fs::read_dir(folder.join(name)).map_err(failed)?;
    let mut paths = Vec::new();
    for file in files {
        paths.push(file.map_err(failed)?.path());
    }
    paths.sort();
    Ok(paths)
}
