//! What the name of a file says about it. The published names are
//! `train-images-idx3-ubyte` and the like; browsers, file managers and archivers
//! change them in well-known ways, which are read as well.

use super::layout::{FAMILIES, Family};

/// Which of a dataset's four files a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub family: Family,
    pub split: Split,
    pub what: What,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Split {
    Train,
    Test,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    Images,
    Labels,
}

/// The four files of a dataset.
pub(super) const PARTS: [(Split, What); 4] = [
    (Split::Train, What::Images),
    (Split::Train, What::Labels),
    (Split::Test, What::Images),
    (Split::Test, What::Labels),
];

/// A name that was understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Understood {
    pub part: Part,
    /// Its place among the published spellings; `None` for any other spelling.
    pub published: Option<usize>,
}

impl Understood {
    /// What to say of a file whose name is none of the published ones.
    pub(super) fn note(self, name: &dyn std::fmt::Display) -> Option<String> {
        let usual = self.part.usual_name();
        (self.published.is_none()).then(|| format!("{name} was read as {usual}"))
    }
}

impl Split {
    /// Names of the split in file names, the usual one first.
    fn names(self) -> &'static [&'static str] {
        match self {
            Self::Train => &["train"],
            Self::Test => &["t10k", "test"],
        }
    }
}

impl What {
    fn name(self) -> &'static str {
        match self {
            Self::Images => "images",
            Self::Labels => "labels",
        }
    }

    /// How published names end, the usual one first.
    fn ends(self) -> &'static [&'static str] {
        match self {
            Self::Images => &["idx3-ubyte"],
            Self::Labels => &["idx1-ubyte", "idx2-int"],
        }
    }
}

impl Part {
    /// What the file contains, such as `train images`.
    pub(super) fn contents(self) -> String {
        format!("{} {}", self.split.names()[0], self.what.name())
    }

    /// The file's usual name.
    pub(super) fn usual_name(self) -> String {
        self.published_names().remove(0)
    }

    /// The spellings in use, the preferred one first; uncompressed before gzipped.
    pub(super) fn published_names(self) -> Vec<String> {
        let (prefix, what) = (self.family.prefix, self.what.name());
        let mut names = Vec::new();
        for gz in ["", ".gz"] {
            for end in self.what.ends() {
                for split in self.split.names() {
                    for dot in ["-", "."] {
                        names.push(format!("{prefix}{split}-{what}{dot}{end}{gz}"));
                    }
                }
            }
        }
        names
    }
}

/// Understands a file's name.
pub(super) fn understand(name: &str) -> Option<Understood> {
    let tidy = tidy(name);
    // Longer prefixes first: MNIST's is empty.
    let part = FAMILIES.into_iter().rev().find_map(|family| {
        let rest = tidy.strip_prefix(family.prefix)?;
        PARTS.into_iter().find_map(|(split, what)| {
            let is_it = split.names().iter().any(|split| {
                let rest = rest.strip_prefix(split).and_then(|it| it.strip_prefix('-'));
                let end = rest.and_then(|it| it.strip_prefix(what.name()));
                end.and_then(|it| it.strip_prefix('-'))
                    .is_some_and(|end| is_end(end, what))
            });
            is_it.then_some(Part {
                family,
                split,
                what,
            })
        })
    })?;
    let mut published = part.published_names().into_iter();
    Some(Understood {
        part,
        published: published.position(|published| published == name),
    })
}

/// Whether a name is that of a download which was not finished.
pub(super) fn is_unfinished(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let ends = [
        ".part",
        ".partial",
        ".crdownload",
        ".download",
        ".opdownload",
    ];
    ends.iter().any(|end| {
        name.strip_suffix(end)
            .is_some_and(|it| understand(it).is_some())
    })
}

fn is_end(end: &str, what: What) -> bool {
    let short = |usual: &str| usual.split_once('-').is_some_and(|(idx, _)| end == idx);
    what.ends()
        .iter()
        .any(|usual| end == *usual || short(usual))
}

/// Lower case, with `-` between words, without what was added at the end: `.gz`,
/// `.bin`, ` (1)`, ` - Copy`.
fn tidy(name: &str) -> String {
    let mut name = name.to_ascii_lowercase();
    loop {
        let ends = [
            ".gz", ".gzip", ".z", ".bin", ".dat", ".txt", ".idx", " - copy", " copy",
        ];
        let shorter = ends.iter().find_map(|end| name.strip_suffix(end));
        let shorter = shorter.or_else(|| without_number(&name));
        match shorter {
            Some(shorter) => name = shorter.trim_end().to_owned(),
            None => break,
        }
    }
    name.replace(['_', '.', ' '], "-")
}

/// Without the ` (1)` of a file that was downloaded twice.
fn without_number(name: &str) -> Option<&str> {
    let (start, number) = name.strip_suffix(')')?.rsplit_once('(')?;
    let is_number = !number.is_empty() && number.bytes().all(|digit| digit.is_ascii_digit());
    is_number.then_some(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_understood_as_people_have_them() {
        let of = |name: &str| {
            let part = understand(name)?.part;
            Some(part.usual_name())
        };
        for name in [
            "train-images-idx3-ubyte",
            "train-images.idx3-ubyte",
            "train-images-idx3-ubyte.gz",
            "train-images-idx3-ubyte (1).gz",
            "train-images-idx3-ubyte.gz (2)",
            "train-images-idx3-ubyte(1).gz",
            "train-images-idx3-ubyte - Copy.gz",
            "TRAIN-IMAGES-IDX3-UBYTE.GZ",
            "Train_Images_idx3_ubyte",
            "train-images-idx3-ubyte.gz.gz",
            "train-images-idx3-ubyte.bin",
            "train-images.idx3",
            "train-images-idx3-ubyte.txt",
        ] {
            assert_eq!(
                of(name).as_deref(),
                Some("train-images-idx3-ubyte"),
                "{name}"
            );
        }
        for (name, usual) in [
            ("T10K-LABELS-IDX1-UBYTE", "t10k-labels-idx1-ubyte"),
            ("test-labels-idx1-ubyte (3).gz", "t10k-labels-idx1-ubyte"),
            (
                "QMNIST-test-labels-idx2-int.GZ",
                "qmnist-t10k-labels-idx1-ubyte",
            ),
            (
                "emnist_letters_train_images_idx3_ubyte",
                "emnist-letters-train-images-idx3-ubyte",
            ),
        ] {
            assert_eq!(of(name).as_deref(), Some(usual), "{name}");
        }
        for other in [
            "train-images",
            "train-images-idx3-ubyte.part",
            "train-labels-idx3-ubyte",
            "xtrain-images-idx3-ubyte",
            "train-images-idx3-ubyte.md5",
            "()",
        ] {
            assert_eq!(of(other), None, "{other}");
        }
        assert!(is_unfinished("t10k-labels-idx1-ubyte.gz.crdownload"));
        assert!(!is_unfinished("t10k-labels-idx1-ubyte.gz"));
    }

    #[test]
    fn published_spellings_come_first() {
        let published = |name: &str| understand(name).and_then(|it| it.published);
        assert_eq!(published("train-images-idx3-ubyte"), Some(0));
        assert!(published("train-images-idx3-ubyte") < published("train-images-idx3-ubyte.gz"));
        assert_eq!(published("train-images-idx3-ubyte (1).gz"), None);
    }
}
