//! Folders in which something is missing, or is no file.

use super::Case;
use crate::support::{Folder, Outcome, failed};

pub fn cases() -> Vec<Case> {
    vec![
        prepared("nothing there", |_| Ok(()), "no/such/folder"),
        prepared("a name and nothing there", |_| Ok(()), "mnist"),
        prepared("an empty folder", empty, "empty"),
        prepared("no training images", |folder| removed(folder, 0), ""),
        prepared("no training labels", |folder| removed(folder, 1), ""),
        prepared("no test images", |folder| removed(folder, 2), ""),
        prepared("no test labels", |folder| removed(folder, 3), ""),
        prepared(
            "a folder in place of training images",
            |folder| is_folder(folder, 0),
            "",
        ),
        prepared(
            "a folder in place of training labels",
            |folder| is_folder(folder, 1),
            "",
        ),
        prepared(
            "a folder in place of test images",
            |folder| is_folder(folder, 2),
            "",
        ),
        prepared(
            "a folder in place of test labels",
            |folder| is_folder(folder, 3),
            "",
        ),
        prepared("two datasets and none named", two_datasets, "two"),
        Case {
            files: vec![(
                Folder::TEST_IMAGES.into(),
                Folder::new().read(Folder::TRAIN_IMAGES),
            )],
            ..prepared("training images in place of test images", |_| Ok(()), "")
        },
        Case {
            files: vec![(
                Folder::TEST_LABELS.into(),
                Folder::new().read(Folder::TRAIN_LABELS),
            )],
            ..prepared("training labels in place of test labels", |_| Ok(()), "")
        },
    ]
}

/// Places that only Unix has.
pub fn on_unix() -> Vec<Case> {
    vec![
        prepared(
            "a pipe in place of training images",
            |folder| is_pipe(folder, 0),
            "",
        ),
        prepared(
            "a pipe in place of test labels",
            |folder| is_pipe(folder, 3),
            "",
        ),
        prepared(
            "a link to an endless device",
            |folder| linked(folder, 0, "/dev/zero"),
            "",
        ),
        prepared(
            "a link to an empty device",
            |folder| linked(folder, 1, "/dev/null"),
            "",
        ),
    ]
}

const FILES: [&str; 4] = Folder::FILES;

fn prepared(name: &str, prepare: fn(&Folder) -> Outcome, named: &'static str) -> Case {
    Case {
        name: format!("places: {name}"),
        files: Vec::new(),
        prepare: Some(prepare),
        named,
    }
}

fn removed(folder: &Folder, file: usize) -> Outcome {
    folder.remove(FILES[file]);
    Ok(())
}

fn empty(folder: &Folder) -> Outcome {
    std::fs::create_dir(folder.path().join("empty")).map_err(failed)
}

fn is_folder(folder: &Folder, file: usize) -> Outcome {
    folder.remove(FILES[file]);
    std::fs::create_dir(folder.path().join(FILES[file])).map_err(failed)
}

fn two_datasets(folder: &Folder) -> Outcome {
    let two = folder.path().join("two");
    std::fs::create_dir(&two).map_err(failed)?;
    for name in ["qmnist", "emnist-digits"] {
        let file = two.join(format!("{name}-train-images-idx3-ubyte"));
        std::fs::write(file, b"").map_err(failed)?;
    }
    Ok(())
}

fn is_pipe(folder: &Folder, file: usize) -> Outcome {
    folder.remove(FILES[file]);
    let made = std::process::Command::new("mkfifo")
        .arg(folder.path().join(FILES[file]))
        .status()
        .map_err(failed)?;
    made.success().then_some(()).ok_or_else(|| "no pipe".into())
}

#[cfg(unix)]
fn linked(folder: &Folder, file: usize, to: &str) -> Outcome {
    folder.remove(FILES[file]);
    std::os::unix::fs::symlink(to, folder.path().join(FILES[file])).map_err(failed)
}

#[cfg(not(unix))]
fn linked(_: &Folder, _: usize, _: &str) -> Outcome {
    Err("links are those of Unix".into())
}
