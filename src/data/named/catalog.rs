//! The published datasets: names, files, lengths, checksums and mirrors.
//!
//! The checksums of compressed files are those published by torchvision and
//! TensorFlow Datasets. Those of MNIST's uncompressed files belong to the files
//! as first published.

/// A dataset with a well-known name.
#[derive(Debug, PartialEq, Eq)]
pub struct Entry {
    /// The dataset's name.
    pub name: &'static str,
    /// What the images show.
    pub about: &'static str,
    /// Number of training images and of test images.
    pub images: [u32; 2],
    /// Number of classes.
    pub classes: u16,
    /// Base URLs in order of preference; a file's name is appended.
    pub mirrors: &'static [&'static str],
    /// The published files.
    pub contents: Contents,
    /// Name of the dataset's folder in the cache.
    pub cached_under: &'static str,
}

/// How a dataset is published.
#[derive(Debug, PartialEq, Eq)]
pub enum Contents {
    /// Training images and labels, then test images and labels.
    Files([Published; 4]),
    /// An archive that contains these four files among others.
    Archive([Published; 1]),
}

/// A published file.
#[derive(Debug, PartialEq, Eq)]
pub struct Published {
    /// The file's name.
    pub name: &'static str,
    /// The file's length in bytes.
    pub bytes: u64,
    /// The file's SHA-256 in hexadecimal.
    pub sha256: &'static str,
}

impl Contents {
    /// The files to download.
    pub fn published(&self) -> &[Published] {
        match self {
            Self::Files(files) => files,
            Self::Archive(archive) => archive,
        }
    }

    /// Total bytes to download.
    pub fn bytes(&self) -> u64 {
        self.published().iter().map(|file| file.bytes).sum()
    }
}

/// All named datasets except the synthetic digits.
pub fn entries() -> &'static [Entry] {
    &ENTRIES
}

/// The dataset with this name.
pub fn entry(name: &str) -> Option<&'static Entry> {
    ENTRIES.iter().find(|entry| entry.name == name)
}

/// Describes the published file with this SHA-256, if there is one.
pub(in crate::data) fn recognise(sha256: &str) -> Option<String> {
    let published = ENTRIES.iter().flat_map(|entry| {
        let files = entry.contents.published().iter();
        files.map(|file| (file.sha256, entry.name, file.name))
    });
    let plain = MNIST_PLAIN.iter().map(|&(name, sum)| (sum, "mnist", name));
    let mut known = published.chain(plain).chain([KERAS]);
    let (_, dataset, file) = known.find(|(sum, ..)| *sum == sha256)?;
    Some(format!("{file} of {dataset}"))
}

const fn file(name: &'static str, bytes: u64, sha256: &'static str) -> Published {
    Published {
        name,
        bytes,
        sha256,
    }
}

/// The four files under the names shared by MNIST, Fashion-MNIST and KMNIST.
const fn four(
    [train_images, train_labels, test_images, test_labels]: [(u64, &'static str); 4],
) -> Contents {
    Contents::Files([
        file("train-images-idx3-ubyte.gz", train_images.0, train_images.1),
        file("train-labels-idx1-ubyte.gz", train_labels.0, train_labels.1),
        file("t10k-images-idx3-ubyte.gz", test_images.0, test_images.1),
        file("t10k-labels-idx1-ubyte.gz", test_labels.0, test_labels.1),
    ])
}

const fn emnist(name: &'static str, about: &'static str, images: [u32; 2], classes: u16) -> Entry {
    Entry {
        name,
        about,
        images,
        classes,
        mirrors: &["https://biometrics.nist.gov/cs_links/EMNIST/"],
        contents: Contents::Archive([file(
            "gzip.zip",
            561_753_746,
            "fb9bb67e33772a9cc0b895e4ecf36d2cf35be8b709693c3564cea2a019fcda8e",
        )]),
        cached_under: "emnist",
    }
}

static ENTRIES: [Entry; 9] = [
    Entry {
        name: "mnist",
        about: "handwritten digits",
        images: [60_000, 10_000],
        classes: 10,
        mirrors: &[
            "https://storage.googleapis.com/cvdf-datasets/mnist/",
            "https://ossci-datasets.s3.amazonaws.com/mnist/",
        ],
        contents: four([
            (
                9_912_422,
                "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
            ),
            (
                28_881,
                "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
            ),
            (
                1_648_877,
                "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
            ),
            (
                4_542,
                "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
            ),
        ]),
        cached_under: "mnist",
    },
    Entry {
        name: "fashion-mnist",
        about: "pictures of clothes",
        images: [60_000, 10_000],
        classes: 10,
        mirrors: &[
            "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
            "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
        ],
        contents: four([
            (
                26_421_880,
                "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
            ),
            (
                29_515,
                "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
            ),
            (
                4_422_102,
                "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
            ),
            (
                5_148,
                "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
            ),
        ]),
        cached_under: "fashion-mnist",
    },
    Entry {
        name: "kmnist",
        about: "cursive Japanese characters",
        images: [60_000, 10_000],
        classes: 10,
        mirrors: &["https://codh.rois.ac.jp/kmnist/dataset/kmnist/"],
        contents: four([
            (
                18_165_135,
                "51467d22d8cc72929e2a028a0428f2086b092bb31cfb79c69cc0a90ce135fde4",
            ),
            (
                29_497,
                "e38f9ebcd0f3ebcdec7fc8eabdcdaef93bb0df8ea12bee65224341c8183d8e17",
            ),
            (
                3_041_136,
                "edd7a857845ad6bb1d0ba43fe7e794d164fe2dce499a1694695a792adfac43c5",
            ),
            (
                5_120,
                "20bb9a0ef54c7db3efc55a92eef5582c109615df22683c380526788f98e42a1c",
            ),
        ]),
        cached_under: "kmnist",
    },
    Entry {
        name: "qmnist",
        about: "MNIST's digits made again, with 60,000 to test",
        images: [60_000, 60_000],
        classes: 10,
        mirrors: &["https://raw.githubusercontent.com/facebookresearch/qmnist/master/"],
        contents: Contents::Files([
            file(
                "qmnist-train-images-idx3-ubyte.gz",
                9_704_059,
                "9e26a7bf1683614e065d7b76460ccd52807165b3f22561fb782bd9f38c52b51d",
            ),
            file(
                "qmnist-train-labels-idx2-int.gz",
                463_024,
                "2c05dc77f6b916b38e455e97ab129a42a444f3dbef09b278a366f82904e0dd9f",
            ),
            file(
                "qmnist-test-images-idx3-ubyte.gz",
                9_742_279,
                "43fc22bf7498b8fc98de98369d72f752d0deabc280a43a7bcc364ab19e57b375",
            ),
            file(
                "qmnist-test-labels-idx2-int.gz",
                526_800,
                "9fbcbe594c3766fdf4f0b15c5165dc0d1e57ac604e01422608bb72c906030d06",
            ),
        ]),
        cached_under: "qmnist",
    },
    emnist(
        "emnist-balanced",
        "letters and digits, as many of each",
        [112_800, 18_800],
        47,
    ),
    emnist(
        "emnist-byclass",
        "letters and digits",
        [697_932, 116_323],
        62,
    ),
    emnist(
        "emnist-bymerge",
        "letters and digits, like ones merged",
        [697_932, 116_323],
        47,
    ),
    emnist(
        "emnist-letters",
        "letters, large and small ones merged",
        [124_800, 20_800],
        26,
    ),
    emnist("emnist-digits", "digits", [240_000, 40_000], 10),
];

/// Names and checksums of MNIST's four uncompressed files.
const MNIST_PLAIN: [(&str, &str); 4] = [
    (
        "train-images-idx3-ubyte",
        "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    ),
    (
        "train-labels-idx1-ubyte",
        "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    ),
    (
        "t10k-images-idx3-ubyte",
        "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    ),
    (
        "t10k-labels-idx1-ubyte",
        "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
    ),
];

/// MNIST in Keras's format.
const KERAS: (&str, &str, &str) = (
    "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1",
    "Keras's mnist",
    "mnist.npz",
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_are_of_sha256_and_mirrors_of_https() {
        for entry in entries() {
            for file in entry.contents.published() {
                let digits = file.sha256.bytes();
                assert_eq!(digits.len(), 64, "{}", file.name);
                assert!(
                    file.sha256
                        .bytes()
                        .all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'))
                );
            }
            for mirror in entry.mirrors {
                assert!(mirror.starts_with("https://") && mirror.ends_with('/'));
            }
        }
    }
}
