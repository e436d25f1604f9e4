//! The checks against made-up files.

use super::files::{Offence, Source};
use super::{SELECT, entangled, list_of_backends, words_of_app, wrong_imports};
use crate::support::{Outcome, ensure};

/// Each check finds what is wrong in made-up files, on its line, and nothing
/// in what is right.
#[test]
fn checks_find_what_is_planted() -> Outcome {
    type Check = fn(&Source) -> Vec<Offence>;
    let lists: Check = |source| list_of_backends(source).into_iter().collect();
    let cases: [(Check, &str, &str, &[usize]); 22] = [
        (
            wrong_imports,
            "data/find.rs",
            "use crate::app::report;",
            &[1],
        ),
        (
            wrong_imports,
            "classifier/exact.rs",
            "use crate::{\n    data::{Images, Split},\n    evaluation::{self as worth, Evaluation},\n};",
            &[3, 3],
        ),
        (
            wrong_imports,
            "classifier/model/mod.rs",
            "use super::super::backends::Backend;",
            &[1],
        ),
        (
            wrong_imports,
            "data/mod.rs",
            "mod tests {\n    use super::super::app::page;\n}\nuse super::pictures;",
            &[2, 4],
        ),
        (
            wrong_imports,
            "evaluation/accuracy.rs",
            "fn f<'a>(of: &'a u8) {\n    let _ = ('\"', crate::pictures::drawing::f(of));\n}",
            &[2],
        ),
        (
            wrong_imports,
            "error/no_gpu.rs",
            "use crate::data::Dataset;",
            &[1],
        ),
        (wrong_imports, "app/page/mod.rs", "use crate::Model;", &[1]),
        (
            wrong_imports,
            "data/find.rs",
            "//! [`app`](crate::app)\n/* crate::app */ use crate::error::Error;\nconst A: &str = \"\\\"crate::app::report\";\nuse super::{Images, idx::Files};",
            &[],
        ),
        (
            wrong_imports,
            "app/bench/mod.rs",
            "use crate::pictures::frame;\nuse super::report;\npub(super) struct A;\npub(crate) struct B;",
            &[],
        ),
        (
            entangled,
            "backends/reference.rs",
            "use super::cpu::Cpu;",
            &[1],
        ),
        (
            entangled,
            "backends/gpu/images.rs",
            "use crate::backends::{Backend, reference::Reference};",
            &[1],
        ),
        (
            entangled,
            "app/commands/bench.rs",
            "\nuse crate::backends::gpu::Gpu;",
            &[2],
        ),
        (
            entangled,
            "backends/gpu/images.rs",
            "use crate::backends::gpu::pieces;",
            &[],
        ),
        (
            entangled,
            SELECT,
            "use super::cpu::Cpu;\nuse super::gpu::Gpu;",
            &[],
        ),
        (lists, "app/report/text.rs", "[Cpu, Gpu,\nReference]", &[2]),
        (
            lists,
            "app/report/text.rs",
            "\"cpu, gpu\" // reference",
            &[],
        ),
        (
            words_of_app,
            "data/find.rs",
            "Err(Error::Usage(text))",
            &[1],
        ),
        (words_of_app, "data/find.rs", "\nerror.exit_code()", &[2]),
        (
            words_of_app,
            "backends/select.rs",
            "#[derive(clap::ValueEnum)]",
            &[1],
        ),
        (
            words_of_app,
            "data/place.rs",
            "\"name it\n  with --data DIR\"",
            &[2],
        ),
        (
            words_of_app,
            "data/place.rs",
            "r#\"see `ncm data list`\"#",
            &[1],
        ),
        (
            words_of_app,
            "data/place.rs",
            "// what `--data` names, `ncm data list`\nlet rule = \"-- -----\";",
            &[],
        ),
    ];
    for (check, place, text, lines) in cases {
        let found: Vec<_> = check(&Source::new(place, text))
            .iter()
            .map(|offence| offence.line)
            .collect();
        ensure(found == lines, || {
            format!("in src/{place}, {text:?}: found in lines {found:?}, planted in {lines:?}")
        })?;
    }
    Ok(())
}
