//! IDX files in a zip archive, as NIST publishes EMNIST and as Kaggle packs MNIST.

use std::io::{Cursor, Read, Seek};
use std::path::{Path, PathBuf};

use super::files::Opened;
use super::folder::{part_of, several_datasets};
use super::layout::{FAMILIES, Family};
use crate::data::content;
use crate::data::npz::Archive;
use crate::data::{Dataset, Images};
use crate::error::{Error, Result};

/// Reads a dataset into memory. `dataset` chooses one of several.
pub(in crate::data) fn read_zipped<R: Read + Seek>(
    archive: &mut Archive<'_, R>,
    path: &Path,
    dataset: Option<&str>,
) -> Result<Dataset> {
    let members = archive.members();
    let parts: Vec<(Family, usize, String)> = members
        .iter()
        .filter_map(|member| {
            let name = member.rsplit('/').next().unwrap_or(member);
            let (family, place) = part_of(name)?;
            Some((family, place, member.clone()))
        })
        .collect();
    let holds = |family: &Family| {
        parts
            .iter()
            .any(|(of, place, _)| of == family && *place == 0)
    };
    let families: Vec<Family> = FAMILIES.into_iter().filter(holds).collect();
    let named = dataset.map(Family::of);
    let family = match (named, &families[..]) {
        (Some(family), _) if families.contains(&family) => family,
        (None, [family]) => *family,
        (None, [family, _, ..]) if *family == FAMILIES[0] => *family,
        (None, []) => return Err(stranger(path, &members)),
        _ => return Err(several_datasets(path, &families)),
    };
    let mut bodies = Vec::new();
    for place in 0..4 {
        let found = parts
            .iter()
            .find(|(of, at, _)| (*of, *at) == (family, place));
        let Some((.., member)) = found else {
            let found = format!("{} without one of the four IDX files", members.join(", "));
            let expected = "images and labels to train and to test";
            return Err(Error::bad_file(
                path,
                found,
                expected,
                "add the file to the archive",
            ));
        };
        let place = path.join(member);
        let bytes = archive.member(member, longest)?;
        let content = content::from_reader(Cursor::new(bytes));
        bodies.push((place.clone(), content.map_err(Error::unreadable(&place))?));
    }
    let [train_images, train_labels, test_images, test_labels] =
        <[(PathBuf, content::Content); 4]>::try_from(bodies)
            .map_err(|_| Error::Invalid("an archive without four files".into()))?;
    let train = whole(train_images, train_labels, family)?;
    let test = whole(test_images, test_labels, family)?;
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
    Ok(Dataset {
        notes: family.layout.notes(),
        ..made
    })
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
            format!("an archive of {}", crate::data::listing::listed(members)),
            "unpack it and name the folder",
        ),
    };
    let expected = "the four IDX files, or the arrays x_train, y_train, x_test and y_test";
    Error::bad_file(path, found, expected, advice)
}
