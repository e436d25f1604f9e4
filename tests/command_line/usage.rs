//! Bad usage, and what the command says of itself.

use super::runner::{fail, ncm, on, run, succeed};
use crate::support::{Folder, Outcome, ensure, failed};

#[test]
fn usage_errors_exit_with_2() -> Outcome {
    let folder = Folder::new();
    for arguments in [
        &["accuracy", "--backend", "cuda"][..],
        &["accuracy", "--train-on", "test"],
        &["accuracy", "--leave-one-out"],
        &["accuracy", "--backend", "cpu", "--adapter", "0"],
        &["compare", "--nonsense"],
        &["accuracy", "--adapter", ""],
    ] {
        fail(&mut on(&folder, arguments), 2, "--")?;
    }
    fail(&mut ncm(&[]), 2, "Usage: ncm <COMMAND>")?;
    fail(&mut ncm(&["train"]), 2, "unrecognized subcommand")
}

/// Every command explains itself, and the version says what it is a version of.
#[test]
fn explains_itself() -> Outcome {
    let version = succeed(&mut ncm(&["--version"]))?.stdout;
    for says in [
        concat!("ncm ", env!("CARGO_PKG_VERSION"), "\n"),
        std::env::consts::ARCH,
        "backends: reference, cpu, gpu through ",
    ] {
        ensure(version.contains(says), || version.clone())?;
    }
    ensure(version.lines().all(|line| line.len() <= 80), || {
        version.clone()
    })?;
    let short = succeed(&mut ncm(&["-V"]))?.stdout;
    ensure(short.lines().count() == 1, || short.clone())?;
    let help = succeed(&mut ncm(&["--help"]))?.stdout;
    for command in [
        "accuracy",
        "compare",
        "bench",
        "devices",
        "data",
        "info",
        "distances",
    ] {
        ensure(help.contains(command), || help.clone())?;
    }
    for says in ["Exit codes: 0 success", "NCM_CACHE_DIR", "schema"] {
        ensure(help.contains(says), || help.clone())?;
    }
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = succeed(&mut ncm(&["completions", shell]))?.stdout;
        for word in ["accuracy", "train-on", "offline", "schema"] {
            ensure(script.contains(word), || format!("{shell}: no {word}"))?;
        }
    }
    let page = succeed(&mut ncm(&["man"]))?.stdout;
    ensure(
        page.contains(".TH ncm 1") && page.contains("Exit codes"),
        || page.clone(),
    )?;
    let page = succeed(&mut ncm(&["man", "compare"]))?.stdout;
    ensure(
        page.contains(".TH ncm-compare 1") && page.contains("McNemar"),
        || page.clone(),
    )?;
    let page = succeed(&mut ncm(&["man", "data", "fetch"]))?.stdout;
    ensure(page.contains(".TH ncm-data-fetch 1"), || page.clone())?;
    fail(
        &mut ncm(&["schema", "draw"]),
        2,
        "no command \"draw\" has --json",
    )?;
    fail(
        &mut ncm(&["man", "nothing"]),
        2,
        "there is no command \"nothing\"",
    )
}

/// Every command and every command below one, by its words.
fn commands(above: &[&str]) -> Result<Vec<Vec<String>>, String> {
    let help = succeed(&mut ncm(&[above, &["--help"]].concat()))?.stdout;
    let listed = help
        .lines()
        .skip_while(|line| !line.starts_with("Commands:"));
    let listed = listed.skip(1).take_while(|line| !line.is_empty());
    // What goes on from the line above stands further right.
    let listed = listed.filter_map(|line| line.strip_prefix("  "));
    let listed = listed.filter(|line| !line.starts_with(' '));
    let names = listed.filter_map(|line| line.split_whitespace().next());
    let mut found = Vec::new();
    for name in names.filter(|name| *name != "help") {
        let words = [above, &[name]].concat();
        found.extend(commands(&words)?);
        found.push(words.into_iter().map(str::to_owned).collect());
    }
    Ok(found)
}

/// In 80 columns of ASCII, with an example; whatever the terminal and the locale.
#[test]
fn every_help_fits_and_has_an_example() -> Outcome {
    let mut all = commands(&[])?;
    ensure(all.len() > 20, || format!("{all:?}"))?;
    all.push(vec![]);
    for command in all {
        let words: Vec<&str> = command.iter().map(String::as_str).collect();
        for option in ["--help", "-h"] {
            let text = succeed(&mut ncm(&[&words[..], &[option]].concat()))?.stdout;
            let wide = text
                .lines()
                .find(|line| line.len() > 80 || !line.is_ascii());
            ensure(wide.is_none(), || format!("{words:?}: {wide:?}"))?;
            for says in ["Usage: ncm", "Example"] {
                ensure(text.contains(says), || format!("{words:?}: no {says}"))?;
            }
        }
    }
    Ok(())
}

/// Examples are commands that exist, with options that exist.
#[test]
fn examples_are_understood() -> Outcome {
    for command in commands(&[])? {
        let words: Vec<&str> = command.iter().map(String::as_str).collect();
        let text = succeed(&mut ncm(&[&words[..], &["--help"]].concat()))?.stdout;
        // In bash, one command can be the file that another one reads.
        let examples = text.lines().map(|line| match line.split_once("<(") {
            Some((_, inner)) => inner.trim_end_matches(')'),
            None => line.trim_start(),
        });
        let examples = examples.map(|line| line.trim_start_matches("Example: "));
        let examples: Vec<&str> = examples.filter(|line| line.starts_with("ncm ")).collect();
        ensure(!examples.is_empty(), || format!("{words:?}: no example"))?;
        for example in examples {
            let arguments: Vec<&str> = example.split_whitespace().skip(1).collect();
            let is_of_shell = |word: &str| ["|", ">"].contains(&word);
            let own = arguments.into_iter().take_while(|word| !is_of_shell(word));
            let arguments: Vec<&str> = own.collect();
            // Beside --help every option is looked at, but nothing is done.
            let ran = succeed(&mut ncm(&[&arguments[..], &["--help"]].concat()))?;
            ensure(ran.stdout.contains("Usage"), || {
                format!("{example}: {}", ran.stdout)
            })?;
        }
    }
    Ok(())
}

#[test]
fn words_are_explained() -> Outcome {
    for arguments in [&["help", "words"][..], &["words"]] {
        let text = succeed(&mut ncm(arguments))?.stdout;
        for word in [
            "fixed ",
            "broken ",
            "settled ",
            "mid-p ",
            "margin ",
            "leave-one-out ",
        ] {
            let is_explained = text.lines().any(|line| line.starts_with(word));
            ensure(is_explained, || format!("{arguments:?}: no {word}"))?;
        }
    }
    Ok(())
}

#[test]
fn numbers_below_zero_are_called_so() -> Outcome {
    let folder = Folder::new();
    for (arguments, says) in [
        (
            &["info", "--index", "-1"][..],
            "these numbers are counted from 0",
        ),
        (
            &["show", "--index", "-1"],
            "these numbers are counted from 0",
        ),
        (
            &["distances", "--index", "-3"],
            "these numbers are counted from 0",
        ),
        (
            &["means", "--class", "-1"],
            "these numbers are counted from 0",
        ),
        (&["bench", "--images", "-1"], "-1 is not in 1.."),
        (&["draw", "--port", "-1"], "-1 is not in 0..=65535"),
        (&["info", "--index", "x"], "not a whole number"),
    ] {
        fail(&mut on(&folder, arguments), 2, says)?;
    }
    Ok(())
}

/// A dataset without `--data` before it.
#[test]
fn a_forgotten_option_is_named() -> Outcome {
    let here = tempfile::tempdir().map_err(failed)?;
    std::fs::create_dir(here.path().join("base")).map_err(failed)?;
    for name in ["mnist", "fashion-mnist", "synthetic:20,4", ".", "base"] {
        let says = format!("a dataset is named with '--data {name}'");
        for command in ["accuracy", "compare", "info", "means"] {
            let mut command = ncm(&[command, name]);
            fail(command.current_dir(here.path()), 2, &says)?;
        }
    }
    for arguments in [&["accuracy", "nonsense"][..], &["devices", "mnist"]] {
        let ran = run(ncm(arguments).current_dir(here.path()))?;
        let passed_over = !ran.stderr.contains("a dataset is named");
        ensure(ran.code == Some(2) && passed_over, || {
            format!("{arguments:?}: {:?}: {}", ran.code, ran.stderr)
        })?;
    }
    Ok(())
}

/// A word in no encoding is refused like any other.
#[cfg(unix)]
#[test]
fn words_of_any_bytes_are_refused() -> Outcome {
    use std::os::unix::ffi::OsStrExt;
    let word = std::ffi::OsStr::from_bytes(b"\xff");
    fail_usage(ncm(&["accuracy"]).arg(word))?;
    fail_usage(ncm(&["accuracy", "mnist"]).arg(word))
}

fn fail_usage(command: &mut std::process::Command) -> Outcome {
    let ran = crate::command_line::run(command)?;
    ensure(ran.code == Some(2), || {
        format!("{:?}: {}", ran.code, ran.stderr)
    })
}
