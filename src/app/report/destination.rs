//! Where results are written to.

use std::io;
use std::path::{Path, PathBuf};

use super::Results;
use crate::app;
use crate::error::Error;

/// What stands for standard output where a file is expected. Under the other names it
/// would be opened once more, after it has been kept from drivers.
const OUTPUT: [&str; 4] = ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"];

/// Links to links that are followed at most.
const MOST_LINKS: usize = 40;

/// How names of pictures end.
const PICTURES: [&str; 10] = [
    "png", "jpg", "jpeg", "gif", "bmp", "webp", "tif", "tiff", "pdf", "svg",
];

/// Whether a path stands for standard output.
pub(super) fn is_standard_output(path: &Path) -> bool {
    OUTPUT.iter().any(|name| path == Path::new(name))
}

/// A path for a result that is none of the files which the result is made of.
pub struct Destination {
    /// As the user calls it.
    path: PathBuf,
    place: Place,
}

/// What a path leads to.
#[derive(PartialEq, Eq)]
pub(super) enum Place {
    /// Standard output.
    Output,
    /// A file, or what will be one, with symbolic links followed.
    File(PathBuf),
}

impl Destination {
    /// Checks a path against the files that the command reads.
    ///
    /// # Errors
    /// When there is no such folder, or the path is that of such a file.
    pub fn new(path: &Path, inputs: &[PathBuf]) -> app::Result<Self> {
        let place = Place::of(path)?;
        let is_it = |input: &PathBuf| {
            let input = input.canonicalize();
            input.is_ok_and(|input| Place::File(input) == place)
        };
        if inputs.iter().any(is_it) {
            return Err(app::Error::Usage(format!(
                "{}: this file is read, and would be lost if it were written; choose another place",
                path.display()
            )));
        }
        Ok(Self {
            path: path.to_owned(),
            place,
        })
    }

    /// As the user calls it.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// As messages call it.
    pub(super) fn name(&self) -> &Path {
        match self.place {
            Place::Output => Path::new("standard output"),
            Place::File(_) => &self.path,
        }
    }

    pub(super) fn place(&self) -> &Place {
        &self.place
    }

    /// Whether what is written is read at once, as from a pipe.
    pub fn is_stream(&self) -> bool {
        self.place == Place::Output || self.place.takes_several()
    }
}

impl Place {
    fn of(path: &Path) -> app::Result<Self> {
        if is_standard_output(path) {
            return Ok(Self::Output);
        }
        let place = resolve(path).map_err(Error::unwritable(path))?;
        Ok(Self::File(place))
    }

    /// Whether two results can be written there: a device or a pipe takes any
    /// number of them.
    fn takes_several(&self) -> bool {
        match self {
            Self::Output => false,
            Self::File(place) => place.exists() && !place.is_file(),
        }
    }
}

/// The files that a command was asked to write, before it knows what it reads.
pub struct Outputs<'a>(Vec<&'a Path>);

impl<'a> Outputs<'a> {
    /// Checks that each result has a place of its own.
    ///
    /// # Errors
    /// When two of them have the same, standard output among them, which also
    /// takes results in JSON; or when there is no such folder.
    pub fn new(
        paths: impl IntoIterator<Item = Option<&'a Path>>,
        as_json: bool,
    ) -> app::Result<Self> {
        let paths: Vec<&Path> = paths.into_iter().flatten().collect();
        let places = paths.iter().map(|path| Place::of(path));
        let places = places.collect::<app::Result<Vec<_>>>()?;
        if as_json && places.contains(&Place::Output) {
            return Err(app::Error::Usage(
                "- and --json both write to standard output; name a file in place of -".into(),
            ));
        }
        for (index, place) in places.iter().enumerate() {
            if places[..index].contains(place) && !place.takes_several() {
                return Err(app::Error::Usage(format!(
                    "{}: two results would be written there, and the first would be lost; \
                     choose another place for one",
                    paths[index].display()
                )));
            }
        }
        Ok(Self(paths))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A line for each file that was written.
    pub fn written(&self) -> String {
        self.0.iter().map(|path| super::written(path)).collect()
    }

    /// A text beside them: on standard error where a file has standard output.
    pub fn beside(&self, text: String) -> Results {
        if self.0.iter().any(|path| is_standard_output(path)) {
            Results::Aside(text)
        } else {
            Results::Text(text)
        }
    }
}

/// Checks that a PNG file is not called like a picture in another format.
///
/// # Errors
/// When it is.
pub fn check_png(path: Option<&Path>) -> app::Result<()> {
    check_picture(path, "png", "a PNG file")
}

/// Checks that an SVG file is not called like a picture in another format.
///
/// # Errors
/// When it is.
pub fn check_svg(path: Option<&Path>) -> app::Result<()> {
    check_picture(path, "svg", "an SVG file")
}

fn check_picture(path: Option<&Path>, own: &str, what: &str) -> app::Result<()> {
    let Some(path) = path else { return Ok(()) };
    let ending = path.extension().unwrap_or_default().to_string_lossy();
    let ending = ending.to_ascii_lowercase();
    if ending == own || !PICTURES.contains(&&*ending) {
        return Ok(());
    }
    Err(app::Error::Usage(format!(
        "{}: {what} is written, whatever its name; call it {}",
        path.display(),
        path.with_extension(own).display()
    )))
}

/// Checks a path that is to be a folder.
///
/// # Errors
/// When it stands for standard output.
pub fn check_folder(path: &Path) -> app::Result<()> {
    if is_standard_output(path) {
        return Err(app::Error::Usage(
            "- is standard output, which takes one file; name a folder, or ./- for one called -"
                .into(),
        ));
    }
    Ok(())
}

/// Where a file is or will be, with links followed, so that links stay links.
fn resolve(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_owned();
    for _ in 0..MOST_LINKS {
        if let Ok(existing) = path.canonicalize() {
            return Ok(existing);
        }
        // A pipe, whose name in /proc leads to no file.
        if path.exists() {
            return Ok(path);
        }
        let folder = path.parent().filter(|it| !it.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new(".")).to_owned();
        // A link to what is not there yet.
        if let Ok(target) = path.read_link() {
            path = folder.join(target);
            continue;
        }
        let folder = folder.canonicalize();
        let name = path.file_name();
        return match folder.ok().filter(|folder| folder.is_dir()).zip(name) {
            Some((folder, name)) => Ok(folder.join(name)),
            None => Err(io::Error::new(
                io::ErrorKind::NotFound,
                "there is no such folder",
            )),
        };
    }
    Err(io::Error::other("a link that leads to itself"))
}
