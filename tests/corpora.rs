//! The fuzz targets' inputs once more: what has been found to matter must hold
//! in every test run.

mod checks;

use std::path::{Path, PathBuf};

use libtest_mimic::Trial;

use crate::support::{Outcome, Random, ensure, failed, trial};

type Check = fn(&[u8]);

const TARGETS: [(&str, Check); 6] = [
    ("idx", checks::idx),
    ("gz", checks::gz),
    ("npz", checks::npz),
    ("npy", checks::npy),
    ("picture", checks::picture),
    ("model", checks::model),
];

pub fn trials() -> Vec<Trial> {
    let replayed = |(name, check)| {
        trial(format!("corpora hold for {name}"), move || {
            replay(name, check)
        })
    };
    TARGETS.into_iter().map(replayed).collect()
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
