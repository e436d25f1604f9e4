//! What the documents name is there.

use std::path::{Path, PathBuf};

use crate::support::{Outcome, ensure};

/// The documents, from the root of the repository.
const DOCUMENTS: [&str; 8] = [
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "src/README.md",
    "shaders/README.md",
    "benches/README.md",
    "benches/results/README.md",
    "tests/README.md",
];

/// Lines of the README at most.
const README_LINES: usize = 130;

/// How the name of a file in the repository ends.
const ENDINGS: [&str; 7] = [".rs", ".wgsl", ".md", ".py", ".toml", ".js", "/"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn read(document: &str) -> Result<String, String> {
    std::fs::read_to_string(root().join(document)).map_err(|error| format!("{document}: {error}"))
}

#[test]
fn readme_is_short() -> Outcome {
    let lines = read(DOCUMENTS[0])?.lines().count();
    ensure(lines <= README_LINES, || format!("{lines} lines"))
}

#[test]
fn name_files_that_exist() -> Outcome {
    let mut missing = Vec::new();
    for document in DOCUMENTS {
        let (text, place) = (read(document)?, root().join(document));
        let folder = place.parent().ok_or("a document in no folder")?;
        let known = |path: &str| folder.join(path).exists() || root().join(path).exists();
        let named = links(&text).chain(quoted(&text));
        missing.extend(
            named
                .filter(|path| !known(path))
                .map(|path| format!("{document}: {path}")),
        );
    }
    ensure(missing.is_empty(), || missing.join("\n"))?;
    // It can fail.
    let planted = "[a](b.md#c) and `x/y.rs`, `cargo run`, [w](https://wgpu.rs)";
    let found: Vec<_> = links(planted).chain(quoted(planted)).collect();
    ensure(found == ["b.md", "x/y.rs"], || format!("{found:?}"))
}

/// Targets of links within the repository, without their `#section`.
fn links(text: &str) -> impl Iterator<Item = &str> {
    let targets = text
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next());
    targets
        .filter(|target| !target.contains("://"))
        .filter_map(|target| target.split('#').next())
        .filter(|path| !path.is_empty())
}

/// Words in code font that are paths of the repository.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    let lines = text.lines();
    let words = lines.flat_map(|line| line.split('`').skip(1).step_by(2));
    words.filter(|word| {
        let is_path = ENDINGS.iter().any(|ending| word.ends_with(ending));
        is_path && !word.contains([' ', '*', '$']) && !word.starts_with('.')
            || word.starts_with("../")
    })
}
