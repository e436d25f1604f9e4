//! IDX files in a zip archive, as NIST publishes EMNIST and as Kaggle packs MNIST.

use std::collections::BTreeSet;
use std::io::{Cursor, Read, Seek};
use std::path::{Path, PathBuf};

use super::files::Opened;
use super::folder::several_datasets;
use super::layout::{FAMILIES, Family};
use super::names::{PARTS, Part, Understood, understand};
use crate::data::arrays::ARRAYS;
use crate::data::content;
use crate::data::listing::listed;
use crate::data::npz::Archive;
use crate::data::{Dataset, Images};
use crate::error::{Error, Result};

/// A file in an archive whose name is that of one of the four files.
struct Member {
    name: Understood,
    /// The folder of the dataset that it is one of, within the archive.
    folder: String,
    path: String,
}

impl Member {
    fn of(path: &str) -> Option<Self> {
        let split = |path: &str| match path.rsplit_once('/') {
            Some((folder, name)) => (folder.to_owned(), name.to_owned()),
            None => (String::new(), path.to_owned()),
        };
        let (folder, file) = split(path);
        let name = understand(&file)?;
        // Kaggle packs each file into a folder of its name.
        let (above, last) = split(&folder);
        let is_alone = understand(&last).is_some_and(|it| it.part == name.part);
        Some(Self {
            name,
            folder: if is_alone { above } else { folder },
            path: path.to_owned(),
        })
    }

    /// What comes first is preferred: published names, files in no folder of theirs.
    fn order(&self) -> (usize, usize, String) {
        let spelling = self.name.published.unwrap_or(usize::MAX);
        let depth = self.path.matches('/').count();
        (depth, spelling, self.path.clone())
    }
}

/// Reads a dataset into memory. `named` chooses one of several.
pub(in crate::data) fn read_zipped<R: Read + Seek>(
    archive: &mut Archive<'_, R>,
    path: &Path,
    named: Option<Family>,
) -> Result<Dataset> {
    let all = archive.members();
    let mut members: Vec<Member> = all.iter().filter_map(|path| Member::of(path)).collect();
    members.sort_by_cached_key(Member::order);
    let family = family(&members, named, &all, path)?;
    members.retain(|member| member.name.part.family == family);
    let folder = folder(&members, path)?;
    members.retain(|member| member.folder == folder);
    let mut notes = Vec::new();
    let files = PARTS.map(|(split, what)| {
        let part = Part {
            family,
            split,
            what,
        };
        let found = members.iter().find(|member| member.name.part == part);
        let member = found.ok_or_else(|| Error::MissingFile {
            folder: path.to_owned(),
            part: part.contents(),
            file: part.usual_name(),
            instead: format!(" among {}", listed(&all)),
        })?;
        notes.extend(member.name.note(&member.path));
        let bytes = archive.member(&member.path, longest)?;
        let place = path.join(&member.path);
        let content = content::from_reader(Cursor::new(bytes));
        let content = content.map_err(Error::unreadable(&place))?;
        Ok::<_, Error>((place, content))
    });
    let [train_images, train_labels, test_images, test_labels] = files;
    let train = whole(train_images?, train_labels?, family)?;
    let test = whole(test_images?, test_labels?, family)?;
    let name = match family.dataset() {
        Some(name) => name.to_owned(),
        None => path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned(),
    };
    let made = Dataset::new(name, path.display().to_string(), train, test);
    let made = made.map_err(|error| {
        Error::bad_file(
            path,
            error.to_string(),
            "files of one dataset",
            "use another archive",
        )
    })?;
    notes.extend(family.layout.notes());
    Ok(Dataset { notes, ..made })
}

/// Whether any of these files is one of a dataset's four by its name.
#[cfg(feature = "fetch")]
pub(in crate::data) fn has_idx(members: &[String]) -> bool {
    members.iter().any(|path| Member::of(path).is_some())
}

/// The family to read: the one that is named, or the only one there is.
fn family(
    members: &[Member],
    named: Option<Family>,
    all: &[String],
    path: &Path,
) -> Result<Family> {
    let holds = |family: &Family| {
        let images = training_images(members);
        images.map(|it| it.name.part.family).any(|it| it == *family)
    };
    let families: Vec<Family> = FAMILIES.into_iter().filter(holds).collect();
    match (named, &families[..]) {
        (Some(family), _) if families.contains(&family) => Ok(family),
        (Some(family), [_, ..]) => Err(Error::bad_file(
            path,
            format!("an archive of {}", listed(all)),
            format!("files of {}", family.dataset().unwrap_or("MNIST")),
            "name the archive itself, or another dataset in it",
        )),
        (None, [family]) => Ok(*family),
        (None, [family, ..]) if *family == FAMILIES[0] => Ok(*family),
        (None, [_, ..]) => Err(several_datasets(path, &families)),
        // Whatever there is lacks its training images, which is said.
        (_, []) => match members.first() {
            Some(member) => Ok(named.unwrap_or(member.name.part.family)),
            None => Err(stranger(path, all)),
        },
    }
}

/// The only folder that has a family's training images, among all its files.
fn folder(members: &[Member], path: &Path) -> Result<String> {
    let folders: BTreeSet<&str> = training_images(members).map(|it| &*it.folder).collect();
    let mut folders = folders.into_iter();
    let Some(first) = folders.next() else {
        let any = members.first().map(|it| it.folder.clone());
        return Ok(any.unwrap_or_default());
    };
    let mut several = vec![if first.is_empty() { "." } else { first }.to_owned()];
    several.extend(folders.map(str::to_owned));
    match several.len() {
        1 => Ok(first.to_owned()),
        _ => Err(Error::bad_file(
            path,
            format!("files of several datasets, in {}", listed(&several)),
            "one dataset",
            "unpack it and name one of the folders",
        )),
    }
}

fn training_images(members: &[Member]) -> impl Iterator<Item = &Member> {
    let are = |part: Part| (part.split, part.what) == PARTS[0];
    members.iter().filter(move |it| are(it.name.part))
}

/// How long a file that starts like this may be: as its header says, or anything
/// where it is compressed or something else.
fn longest(start: &[u8]) -> u64 {
    let big_endian = |word: &[u8]| word.iter().fold(0, |sum, &byte| sum << 8 | u64::from(byte));
    match *start {
        [0, 0, kind, dimensions @ (1 | 3), ref sizes @ ..] => {
            let sizes = sizes
                .chunks_exact(4)
                .take(dimensions.into())
                .map(big_endian);
            let value = if kind == 8 { 1 } else { 4 };
            sizes.fold(value, u64::saturating_mul).saturating_add(16)
        }
        _ => u64::MAX - 1,
    }
}

fn whole(
    images: (PathBuf, content::Content),
    labels: (PathBuf, content::Content),
    family: Family,
) -> Result<(Images, Vec<u16>)> {
    let path = images.0.clone();
    let mut opened = Opened::of_contents(images, labels, family.layout)?;
    let none = || Error::bad_file(&path, "no images", "one or more", "use another archive");
    opened.read(opened.len)?.ok_or_else(none)
}

/// An archive of other files.
fn stranger(path: &Path, members: &[String]) -> Error {
    let is_torch = members.iter().any(|member| member.ends_with("data.pkl"));
    let (found, advice) = match is_torch {
        true => (
            "a PyTorch file".to_owned(),
            "load it with torch.load and save numpy.savez('data.npz', x_train=x.numpy(), …)",
        ),
        false => (
            format!("an archive of {}", listed(members)),
            "unpack it and name the folder",
        ),
    };
    let expected = format!("the four IDX files, or {ARRAYS}");
    Error::bad_file(path, found, expected, advice)
}
