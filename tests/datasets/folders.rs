//! Folders of IDX files as people have them: unpacked, copied and renamed by
//! other programs.

use std::fs;
use std::path::Path;

use ncm::Dataset;

use super::digits::{open, zipped};
use crate::support::{Folder, Outcome, ensure, failed, gzip};

const FILES: [&str; 4] = Folder::FILES;

/// Reads what is at a path and compares it with the usual small dataset.
fn same(what: &str, path: &Path) -> Result<Dataset, String> {
    let expected = Dataset::from_folder(Folder::new().path()).map_err(failed)?;
    let found = open(path).map_err(|error| format!("{what}: {error}"))?;
    ensure(
        found.train() == expected.train() && found.test() == expected.test(),
        || format!("{what}: other content"),
    )?;
    Ok(found)
}

/// Moves a file into a folder of its own name, as Kaggle unpacks it.
fn into_a_folder(folder: &Folder, file: &str, inner: &str) -> Outcome {
    let bytes = folder.read(file);
    folder.remove(file);
    fs::create_dir(folder.path().join(file)).map_err(failed)?;
    fs::write(folder.path().join(file).join(inner), bytes).map_err(failed)
}

#[test]
fn named_like_files_are_looked_into() -> Outcome {
    // All four, and with the dotted names of the same files beside them.
    let folder = Folder::new();
    for file in FILES {
        into_a_folder(&folder, file, file)?;
    }
    same("all four", folder.path())?;
    let inner = folder.path().join(FILES[0]).join(FILES[0]);
    same("the inner file named", &inner)?;
    for file in FILES {
        let bytes = Folder::new().read(file);
        folder.write(&file.replace("-idx", ".idx"), &bytes);
    }
    same("with dotted names beside them", folder.path())?;
    // A folder of the name that has nothing hides no file beside it.
    for beside in ["train-images.idx3-ubyte", "train-images-idx3-ubyte.gz"] {
        let folder = Folder::new();
        let bytes = folder.read(FILES[0]);
        folder.remove(FILES[0]);
        fs::create_dir(folder.path().join(FILES[0])).map_err(failed)?;
        folder.write(beside, &bytes);
        same(beside, folder.path())?;
    }
    // One that has nothing, and nothing beside it.
    let folder = Folder::new();
    folder.remove(FILES[0]);
    fs::create_dir(folder.path().join(FILES[0])).map_err(failed)?;
    let error = open(folder.path()).err().ok_or("read")?;
    ensure(error.contains("a folder without such a file"), || {
        error.clone()
    })
}

#[test]
fn under_names_that_others_gave_them() -> Outcome {
    type Name = fn(&str) -> String;
    let names: [(&str, Name); 9] = [
        ("downloaded twice", |name| format!("{name} (1).gz")),
        ("downloaded twice by another", |name| {
            format!("{name}(2).gz")
        }),
        ("numbered at the end", |name| format!("{name}.gz (1)")),
        ("upper case", |name| format!("{}.GZ", name.to_uppercase())),
        ("one end in upper case", |name| format!("{name}.GZ")),
        ("low lines", |name| name.replace('-', "_")),
        ("an end for text", |name| format!("{name}.txt")),
        ("an end for bytes", |name| format!("{name}.bin")),
        ("copied", |name| format!("{name} - Copy.gz")),
    ];
    for (what, renamed) in names {
        let folder = Folder::new();
        for file in FILES {
            let bytes = folder.read(file);
            folder.remove(file);
            folder.write(&renamed(file), &gzip(&bytes));
        }
        let found = same(what, folder.path())?;
        let notes = found.notes().join("; ");
        let says = format!("{} was read as {}", renamed(FILES[0]), FILES[0]);
        ensure(notes.contains(&says), || format!("{what}: {notes}"))?;
    }
    // The published name is preferred, and nothing is said.
    let folder = Folder::new();
    folder.write("train-images-idx3-ubyte (1)", b"something else");
    let found = same("with a copy beside it", folder.path())?;
    ensure(found.notes().is_empty(), || format!("{:?}", found.notes()))?;
    // A download that was not finished is named.
    let folder = Folder::new();
    let bytes = folder.read(FILES[3]);
    folder.remove(FILES[3]);
    folder.write("t10k-labels-idx1-ubyte.gz.part", &bytes);
    let error = open(folder.path()).err().ok_or("read")?;
    let says = "unfinished download t10k-labels-idx1-ubyte.gz.part";
    ensure(error.contains(says), || error.clone())
}

#[test]
fn one_of_the_four_files_names_them_all() -> Outcome {
    let folder = Folder::new();
    for file in FILES {
        let found = same(file, &folder.path().join(file))?;
        let notes = found.notes().join("; ");
        ensure(notes.contains("is one of four files"), || notes.clone())?;
    }
    folder.gzip(FILES[2], "t10k-images-idx3-ubyte.gz");
    same("gzipped", &folder.path().join("t10k-images-idx3-ubyte.gz")).map(drop)
}

#[test]
fn in_the_only_folder_of_a_folder() -> Outcome {
    let outer = tempfile::tempdir().map_err(failed)?;
    let inner = outer.path().join("archive/mnist");
    Folder::new().copy(&inner, "")?;
    same("two folders deep", outer.path())?;
    // What is there instead is listed.
    fs::remove_dir_all(outer.path().join("archive")).map_err(failed)?;
    for name in ["b.xyz", "a.xyz", ".hidden"] {
        fs::write(outer.path().join(name), b"").map_err(failed)?;
    }
    let error = open(outer.path()).err().ok_or("read")?;
    ensure(
        error.contains("no file of train images among a.xyz, b.xyz;"),
        || error.clone(),
    )
}

/// EMNIST as NIST packs it: in a folder `gzip`, in an archive.
#[test]
fn of_emnist_as_nist_packs_it() -> Outcome {
    let place = tempfile::tempdir().map_err(failed)?;
    fs::create_dir(place.path().join("gzip")).map_err(failed)?;
    let archive = place.path().join("other.zip");
    let mut files = Vec::new();
    for prefix in ["emnist-digits", "emnist-letters"] {
        for file in FILES {
            let mut bytes = Folder::new().read(file);
            if prefix.ends_with("letters") && file.contains("labels") {
                bytes[8..].iter_mut().for_each(|label| *label += 1);
            }
            let name = format!("gzip/{prefix}-{}.gz", file.replace("t10k", "test"));
            fs::write(place.path().join(&name), gzip(&bytes)).map_err(failed)?;
            files.push((name, gzip(&bytes)));
        }
    }
    let named = files.iter().map(|(name, bytes)| (&**name, bytes.clone()));
    zipped(&archive, &named.collect::<Vec<_>>());
    for several in [place.path(), &archive] {
        let error = open(several).err().ok_or("one was chosen")?;
        ensure(
            error.contains("files of emnist-digits, emnist-letters"),
            || error.clone(),
        )?;
        // What the message says to name is read.
        let (_, named) = error
            .rsplit_once("name one of them, as ")
            .ok_or("no advice")?;
        open(Path::new(named))?;
    }
    for named in [
        place.path().join("emnist-letters"),
        archive.join("emnist-letters"),
    ] {
        let found = open(&named)?;
        let notes = found.notes().join("; ");
        for says in ["turned upright", "each is 1 less than in the files"] {
            ensure(notes.contains(says), || {
                format!("{}: {notes}", named.display())
            })?;
        }
        let shape = (found.train().shape().image_size(), found.classes());
        ensure(shape == (Some([3, 2]), 3), || format!("{shape:?}"))?;
    }
    Ok(())
}

#[test]
fn packed_in_an_archive() -> Outcome {
    let place = tempfile::tempdir().map_err(failed)?;
    let packed = |name: &str, files: &[(&str, Vec<u8>)]| {
        let path = place.path().join(name);
        zipped(&path, files);
        path
    };
    let whole = FILES.map(|file| (file, Folder::new().read(file)));
    same("an archive", &packed("archive.zip", &whole))?;
    for (files, says) in [
        (
            &whole[..3],
            "found no file of t10k labels among t10k-images-idx3-ubyte",
        ),
        (&[("a/data.pkl", vec![1])], "found a PyTorch file"),
        (
            &[("a.txt", vec![1]), ("b.txt", vec![1])],
            "an archive of a.txt, b.txt",
        ),
    ] {
        let error = open(&packed("other.zip", files)).err().ok_or(says)?;
        ensure(error.contains(says), || error.clone())?;
    }
    // A bit that is off is seen.
    let mut bad = whole.clone();
    bad[1].1[7] += 1;
    let error = open(&packed("bad.zip", &bad)).err().ok_or("read")?;
    ensure(error.contains("found 7 labels; expected 6"), || {
        error.clone()
    })
}

#[test]
fn of_labels_from_1_say_that_class_0_is_empty() -> Outcome {
    let folder = Folder::new();
    for file in [FILES[1], FILES[3]] {
        let mut bytes = folder.read(file);
        bytes[8..].iter_mut().for_each(|label| *label += 1);
        folder.write(file, &bytes);
    }
    let notes = open(folder.path())?.notes().join("; ");
    ensure(
        notes.contains("labels start at 1, so that class 0 has no sample"),
        || notes.clone(),
    )
}
