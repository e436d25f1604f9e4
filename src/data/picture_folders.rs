//! Pictures in a folder for each class, as many datasets are kept.

use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::Images;
use super::class_names::Numbered;
use super::listing::Listing;
use super::one_set::{Labelled, Samples, Sets};
use crate::data::picture::Picture;
use crate::error::{Error, Result};

/// Names of folders of the sets.
const TRAIN: [&str; 3] = ["train", "training", "trn"];
const TEST: [&str; 3] = ["test", "testing", "t10k"];
const VALIDATION: [&str; 3] = ["val", "valid", "validation"];

/// How the names of pictures end.
const ENDS: [&str; 7] = [".png", ".jpg", ".jpeg", ".pgm", ".pbm", ".ppm", ".pnm"];

/// The pictures of a dataset.
#[derive(Clone, Debug)]
pub(super) struct PictureFolders {
    folder: PathBuf,
    train: Vec<Class>,
    test: Option<Vec<Class>>,
    unread: Unread,
    notes: Vec<String>,
}

/// How many files were passed over.
#[derive(Clone, Debug, Default)]
struct Unread {
    /// Pictures that are in no class's folder.
    unclassed: usize,
    /// Files that are no pictures by their names.
    others: usize,
}

impl Unread {
    fn count(&mut self, name: &str) {
        match is_picture(name) {
            true => self.unclassed += 1,
            false => self.others += 1,
        }
    }
}

/// The pictures of a class in the order of their names.
#[derive(Clone, Debug)]
struct Class {
    name: String,
    files: Vec<PathBuf>,
}

impl PictureFolders {
    /// The pictures below a folder, if it has folders with some.
    pub(super) fn of(folder: &Path, listing: &Listing) -> Option<Self> {
        let mut unread = Unread::default();
        let mut notes = Vec::new();
        let named = |names: &[&str]| {
            let is_it = |name: &&String| names.contains(&name.to_ascii_lowercase().as_str());
            let found = listing.names().iter().find(is_it)?;
            folder.join(found).is_dir().then_some(found)
        };
        let mut below = |folder: &Path| classes(folder, &mut unread);
        let (train, test) = match named(&TRAIN) {
            Some(train) => {
                let mut within = |name: &String| {
                    Some(below(&folder.join(name))).filter(|classes| !classes.is_empty())
                };
                let train = within(train)?;
                let test = named(&TEST).and_then(&mut within);
                let validation = named(&VALIDATION);
                match (test, validation) {
                    (Some(test), Some(name)) => {
                        notes.push(format!("the pictures in {name} were not read"));
                        (train, Some(test))
                    }
                    (None, Some(name)) => {
                        let validation = within(name);
                        if validation.is_some() {
                            notes.push(format!("the pictures in {name} are the test set"));
                        }
                        (train, validation)
                    }
                    (test, None) => (train, test),
                }
            }
            None => (below(folder), None),
        };
        (!train.is_empty()).then(|| Self {
            folder: folder.to_owned(),
            train,
            test,
            unread,
            notes,
        })
    }

    pub(super) fn paths(&self) -> Vec<PathBuf> {
        let classes = self.train.iter().chain(self.test.iter().flatten());
        classes.flat_map(|class| &class.files).cloned().collect()
    }

    /// Reads all pictures. Those that cannot be read are passed over and counted.
    pub(super) fn read(&self) -> Result<Samples> {
        let classes = self.train.iter().chain(self.test.iter().flatten());
        let numbered = Numbered::new(classes.map(|class| &*class.name), &self.folder)?;
        let mut broken = 0;
        let mut size = None;
        let mut labelled = |classes: &[Class]| labelled(classes, &numbered, &mut size, &mut broken);
        let train = labelled(&self.train)?;
        let sets = match &self.test {
            Some(test) => Sets::Two(train, labelled(test)?),
            None => Sets::One(train),
        };
        let passed_over = |count: usize, one: &str, more: &str| match count {
            0 => None,
            1 => Some(format!("1 {one} was passed over")),
            _ => Some(format!("{count} {more} were passed over")),
        };
        let mut notes = self.notes.clone();
        notes.extend(numbered.note());
        for (count, one, more) in [
            (
                self.unread.unclassed,
                "picture in no class's folder",
                "pictures in no class's folder",
            ),
            (
                self.unread.others,
                "file that is no picture",
                "files that are no pictures",
            ),
            (
                broken,
                "file that cannot be read",
                "files that cannot be read",
            ),
        ] {
            notes.extend(passed_over(count, one, more));
        }
        Ok(Samples {
            sets,
            notes,
            class_names: numbered.names,
        })
    }
}

/// The folders in a folder that have pictures.
fn classes(folder: &Path, unread: &mut Unread) -> Vec<Class> {
    let Ok(listing) = Listing::of(folder) else {
        return Vec::new();
    };
    let mut classes = Vec::new();
    for name in listing.names() {
        let place = folder.join(name);
        let Some(files) = place.is_dir().then(|| Listing::of(&place).ok()).flatten() else {
            if place.is_file() {
                unread.count(name);
            }
            continue;
        };
        let (pictures, rest): (Vec<_>, Vec<_>) =
            files.names().iter().partition(|it| is_picture(it));
        if !pictures.is_empty() {
            unread.others += rest.len();
            classes.push(Class {
                name: name.clone(),
                files: pictures.into_iter().map(|it| place.join(it)).collect(),
            });
        }
    }
    classes
}

fn is_picture(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ENDS.iter().any(|end| name.ends_with(end))
}

fn labelled(
    classes: &[Class],
    numbered: &Numbered,
    size: &mut Option<[usize; 2]>,
    broken: &mut usize,
) -> Result<Labelled> {
    let (mut pixels, mut labels) = (Vec::new(), Vec::new());
    for Class { name, files } in classes {
        // A picture of any format; nothing is taken for bare levels.
        let pictures: Vec<Result<Picture>> = files
            .par_iter()
            .map(|file| Picture::read(file, None))
            .collect();
        for (file, picture) in files.iter().zip(pictures) {
            let Ok(picture) = picture else {
                *broken += 1;
                continue;
            };
            let found = [picture.rows(), picture.columns()];
            let expected = *size.get_or_insert(found);
            if found != expected {
                let shape = |[rows, columns]: [usize; 2]| format!("{rows} × {columns} pixels");
                return Err(Error::bad_file(
                    file,
                    format!("a picture of {}", shape(found)),
                    format!("{}, as the pictures before it", shape(expected)),
                    "bring all pictures to one size",
                ));
            }
            pixels.extend_from_slice(picture.levels());
            labels.push(numbered.class(name));
        }
    }
    let Some([rows, columns]) = size.filter(|_| !labels.is_empty()) else {
        let files = classes.first().and_then(|class| class.files.first());
        return Err(Error::bad_file(
            files.map_or(Path::new(""), PathBuf::as_path),
            "no picture that can be read, nor in any other file",
            "PNG, JPEG or PGM",
            "save the pictures again as PNG",
        ));
    };
    Ok(Labelled {
        images: Images::new(rows, columns, pixels)?,
        labels,
    })
}
