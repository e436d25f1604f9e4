//! What stands on a screen: lines that fit it, colours and signs that it has.

use super::looking::digits;
use super::runner::{fail, json, ncm, on, succeed};
use crate::support::{Folder, Outcome, ensure, failed, idx};

#[test]
fn has_colour_only_where_wanted() -> Outcome {
    let folder = Folder::new();
    let escapes = |setting: &[(&str, &str)], arguments: &[&str]| -> Result<bool, String> {
        let ran = succeed(on(&folder, arguments).envs(setting.iter().copied()))?;
        Ok(ran.stdout.contains('\u{1b}') || ran.stderr.contains('\u{1b}'))
    };
    let text = ["accuracy", "--backend", "cpu"];
    ensure(!escapes(&[], &text)?, || "escape codes in a pipe".into())?;
    ensure(!escapes(&[("NO_COLOR", "1")], &text)?, || {
        "escape codes with NO_COLOR".into()
    })?;
    ensure(escapes(&[("CLICOLOR_FORCE", "1")], &text)?, || {
        "no colour where it was forced".into()
    })?;
    let json = ["accuracy", "--backend", "cpu", "--json"];
    ensure(!escapes(&[("CLICOLOR_FORCE", "1")], &json)?, || {
        "escape codes in JSON".into()
    })
}

/// Every result in 80 columns, where nobody says how many there are.
#[test]
fn every_text_fits_80_columns() -> Outcome {
    let folder = Folder::new();
    let cpu = ["--backend", "cpu"];
    let page = folder.path().join("page.html");
    let page = page.to_str().ok_or("a path")?;
    for arguments in [
        &["accuracy"][..],
        &["compare"],
        &["curve", "--repetitions", "40"],
        &["curve", "--repetitions", "3", "--per-class"],
        &["bootstrap", "--models", "40"],
        &["distances"],
        &["means"],
        &["report", "--html", page],
        &["show", "--grid", "2x10", "--predict"],
    ] {
        fits(&mut digits(&[arguments, &cpu].concat()))?;
    }
    for arguments in [
        &["info"][..],
        &["show"],
        &["show", "--grid", "10x10"],
        &["show", "--grid", "1x40"],
    ] {
        fits(&mut digits(arguments))?;
    }
    fits(&mut on(&folder, &["bench", "--images", "20"]))?;
    fits(&mut ncm(&["devices"]))?;
    fits(&mut ncm(&["data", "list"]))?;
    fits(&mut ncm(&["words"]))
}

fn fits(command: &mut std::process::Command) -> Outcome {
    let text = succeed(command)?.stdout;
    ensure(!text.is_empty(), || format!("{command:?} says nothing"))?;
    // Paths are never broken.
    let words = |line: &str| line.split_whitespace().count();
    let wide = text
        .lines()
        .find(|line| line.chars().count() > 80 && words(line) > 2 && !line.starts_with("next "));
    ensure(wide.is_none(), || format!("{command:?}: {wide:?}"))
}

/// All images are there, fewer of them beside each other.
#[test]
fn a_wide_grid_has_all_its_images() -> Outcome {
    let text = succeed(&mut digits(&["show", "--grid", "10x10"]))?.stdout;
    let titles = text.lines().skip(1).filter(|line| {
        let mut labels = line.split_whitespace();
        labels.all(|label| label.len() == 1 && label.parse::<u8>().is_ok())
    });
    let titles: usize = titles.map(|line| line.split_whitespace().count()).sum();
    ensure(titles == 100, || format!("{titles} images"))
}

/// The first of these that is set says whether there is more than ASCII.
#[test]
fn speaks_ascii_where_the_locale_does() -> Outcome {
    let commands = [
        &["compare", "--backend", "cpu"][..],
        &["accuracy", "--backend", "cpu"],
        &["distances"],
        &["info"],
        &["show"],
    ];
    let run = |arguments: &[&str], locale: &[(&str, &str)]| {
        let mut command = digits(arguments);
        command
            .env("CLICOLOR_FORCE", "1")
            .env("TERM", "xterm-256color");
        succeed(command.envs(locale.iter().copied()))
    };
    for arguments in commands {
        for locale in [
            &[("LC_ALL", "C")][..],
            &[("LC_ALL", "C"), ("LANG", "en_US.UTF-8")],
            &[("LC_CTYPE", "POSIX"), ("LANG", "en_US.UTF-8")],
            &[("LC_ALL", ""), ("LANG", "de_DE.ISO-8859-1")],
        ] {
            let text = run(arguments, locale)?.stdout;
            ensure(text.is_ascii(), || {
                format!("{arguments:?} {locale:?}: {text}")
            })?;
        }
        for locale in [
            &[][..],
            &[("LANG", "C.UTF-8")],
            &[("LC_CTYPE", "en_US.utf8"), ("LANG", "C")],
        ] {
            let text = run(arguments, locale)?.stdout;
            ensure(!text.is_ascii(), || {
                format!("{arguments:?} {locale:?}: {text}")
            })?;
        }
    }
    // Programs get the same bytes everywhere.
    let verdict =
        |locale| json(digits(&["compare", "--backend", "cpu", "--json"]).env("LC_ALL", locale));
    ensure(
        verdict("C")?["pairs"] == verdict("C.UTF-8")?["pairs"],
        || "other JSON".into(),
    )
}

/// By choice, also where standard output is no terminal.
#[test]
fn draws_in_the_colours_that_are_wanted() -> Outcome {
    let show = |colours: &[&str], term: &str, colorterm: &str| {
        let mut command = digits(&[&["show"][..], colours].concat());
        command.env("TERM", term).env("COLORTERM", colorterm);
        Ok::<_, String>(succeed(&mut command)?.stdout)
    };
    for (wanted, code) in [
        ("truecolour", "38;2;"),
        ("truecolor", "38;2;"),
        ("256", "38;5;"),
    ] {
        let text = show(&["--colour", wanted], "vt100", "")?;
        ensure(text.contains(code), || format!("{wanted}: {text:?}"))?;
    }
    let sixteen = show(&["--color", "16"], "dumb", "")?;
    ensure(
        sixteen.contains('\u{1b}') && !sixteen.contains("38;"),
        || format!("{sixteen:?}"),
    )?;
    for wanted in ["never", "auto"] {
        let text = show(&["--colour", wanted], "xterm-256color", "truecolor")?;
        ensure(!text.contains('\u{1b}'), || format!("{wanted}: {text:?}"))?;
    }
    // Where a terminal is claimed, its name decides.
    for (term, colorterm, code) in [
        ("xterm-256color", "truecolor", "38;2;"),
        ("xterm-256color", "", "38;5;"),
        ("screen-256color", "truecolor", "38;5;"),
        ("screen", "truecolor", ""),
        ("linux", "24bit", ""),
        ("vt100", "truecolor", ""),
        ("ansi", "truecolor", ""),
    ] {
        let mut command = digits(&["show"]);
        command
            .env("CLICOLOR_FORCE", "1")
            .env("TERM", term)
            .env("COLORTERM", colorterm);
        let text = succeed(&mut command)?.stdout;
        let right = if code.is_empty() {
            !text.contains('▀')
        } else {
            text.contains(code)
        };
        ensure(right, || format!("{term} {colorterm}: {text:?}"))?;
    }
    fail(&mut digits(&["show", "--colour", "pink"]), 2, "truecolour")
}

/// A result ends with a command that works as it stands.
#[test]
fn results_end_with_what_to_ask_next() -> Outcome {
    let folder = Folder::new();
    let odd = folder.path().join("it's a name");
    folder.copy(&odd, "")?;
    for command in [
        &["accuracy", "--backend", "cpu"][..],
        &["compare", "--backend", "cpu"],
        &["info"],
    ] {
        let text = succeed(ncm(command).arg("--data").arg(&odd))?.stdout;
        let last = text.lines().last().unwrap_or_default();
        let words = last.split_once(": ncm ").map_or("-", |(_, words)| words);
        ensure(
            last.starts_with("next ") && words.contains("--data"),
            || text.clone(),
        )?;
        if cfg!(unix) {
            let run = format!("{} {words}", env!("CARGO_BIN_EXE_ncm"));
            let mut shell = std::process::Command::new("sh");
            succeed(shell.arg("-c").arg(run).current_dir(folder.path()))?;
        }
        json(
            ncm(&[command, &["--json"]].concat())
                .arg("--data")
                .arg(&odd),
        )?;
    }
    Ok(())
}

/// Labels that start high: no class that nobody has is listed.
#[test]
fn labels_with_gaps_leave_no_holes() -> Outcome {
    let folder = Folder::new();
    folder.write(Folder::TRAIN_LABELS, &idx(&[6], &[65, 65, 66, 66, 90, 90]));
    folder.write(Folder::TEST_LABELS, &idx(&[4], &[65, 66, 90, 90]));
    let none = "88 of 91 classes have no images";
    for command in [&["info"][..], &["means", "--backend", "cpu"]] {
        let text = succeed(&mut on(&folder, command))?.stdout;
        ensure(text.contains(none) && text.lines().count() < 30, || {
            text.clone()
        })?;
    }
    let text = succeed(&mut on(&folder, &["accuracy", "--backend", "cpu"]))?.stdout;
    let matrix = text.contains("      65  66  90\n") && text.contains(none);
    ensure(matrix, || text.clone())?;
    let png = folder.path().join("means.png");
    succeed(
        on(&folder, &["means", "--backend", "cpu"])
            .arg("--png")
            .arg(&png),
    )?;
    let picture = image::open(&png).map_err(failed)?;
    ensure(picture.height() < 200, || {
        format!("{} rows", picture.height())
    })
}

/// A class that no test image has, but some are given.
#[test]
fn classes_that_are_only_predicted_are_listed() -> Outcome {
    let folder = Folder::new();
    folder.write(Folder::TEST_LABELS, &idx(&[4], &[0, 1, 1, 1]));
    let text = succeed(&mut on(&folder, &["accuracy", "--backend", "cpu"]))?.stdout;
    let row = text.lines().find(|line| {
        line.split_whitespace()
            .eq(["2", "0.0000", "–", "0.0000", "0"])
    });
    ensure(row.is_some(), || text.clone())
}

/// Tests of classes that training has no images of.
#[test]
fn tests_of_untrained_classes_are_noted() -> Outcome {
    let folder = Folder::new();
    folder.write(Folder::TEST_LABELS, &idx(&[4], &[0, 1, 7, 7]));
    let found = json(&mut on(
        &folder,
        &["accuracy", "--backend", "cpu", "--json"],
    ))?;
    let note = "2 images are of classes that the model has no images of, so no answer to them can be right";
    ensure(found["notes"] == serde_json::json!([note]), || {
        found["notes"].to_string()
    })
}

#[test]
fn one_is_not_many() -> Outcome {
    let folder = Folder::new();
    folder.write(Folder::TRAIN_IMAGES, &idx(&[1, 2, 3], &[7; 6]));
    folder.write(Folder::TRAIN_LABELS, &idx(&[1], &[0]));
    folder.write(Folder::TEST_IMAGES, &idx(&[1, 2, 3], &[7; 6]));
    folder.write(Folder::TEST_LABELS, &idx(&[1], &[0]));
    for command in [
        &["accuracy", "--backend", "cpu"][..],
        &["means", "--backend", "cpu"],
        &["bench"],
    ] {
        let text = succeed(&mut on(&folder, command))?.stdout;
        let wrong = ["1 classes", " 1 images"]
            .iter()
            .find(|wrong| text.contains(**wrong));
        ensure(wrong.is_none(), || text.clone())?;
    }
    Ok(())
}
