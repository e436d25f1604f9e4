//! What the tests share: the backends under test, what a machine must have,
//! and small datasets.

mod browser;
mod files;
mod mirror;
mod quiet;
mod stored;
mod subjects;

use std::path::PathBuf;

use libtest_mimic::{Failed, Trial};
use ncm::internals::data::{Images, Split};
use sha2::{Digest, Sha256};

pub use browser::{Browser, no_browser};
pub use files::{Folder, gzip, idx};
pub use mirror::{Answer, Mirror, authority, files_of, remove_authority};
pub use quiet::is_quiet;
pub use stored::{same_picture, same_text};
pub use subjects::{Subject, Subjects};

/// What a test returns: `Err` says what is wrong.
pub type Outcome = Result<(), String>;

/// A test that always runs.
pub fn trial(name: impl Into<String>, run: impl FnOnce() -> Outcome + Send + 'static) -> Trial {
    Trial::test(name, || run().map_err(Failed::from))
}

/// A test that cannot run here: ignored with the reason, or failed where
/// `NCM_REQUIRE` names what is missing.
pub fn skipped(name: impl Into<String>, needs: &str, reason: &str) -> Trial {
    let message = format!("NCM_REQUIRE names {needs}, but {reason}");
    let required = is_required(needs);
    Trial::test(name, move || Err(Failed::from(message)))
        .with_kind(format!("skipped: {reason}"))
        .with_ignored_flag(!required)
}

/// A trial where `missing` gives no reason against it, else a skipped one.
pub fn trial_unless(
    missing: Option<&str>,
    name: impl Into<String>,
    run: impl FnOnce() -> Outcome + Send + 'static,
) -> Trial {
    match missing {
        None => trial(name, run),
        Some(reason) => skipped(name, "everything", reason),
    }
}

/// Whether `NCM_REQUIRE`, a list with commas, names this.
fn is_required(what: &str) -> bool {
    std::env::var("NCM_REQUIRE").is_ok_and(|list| list.split(',').any(|item| item.trim() == what))
}

/// The folder of MNIST, where there is one.
pub fn mnist_folder() -> Option<PathBuf> {
    let named = std::env::var_os("NCM_DATA").filter(|folder| !folder.is_empty());
    let folder = named.map_or_else(|| PathBuf::from("data"), PathBuf::from);
    folder.is_dir().then_some(folder)
}

/// A stream of numbers that looks random and is the same everywhere
/// (S. Vigna's splitmix64).
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }
}

/// Images of `dim` pixels in one row.
pub fn split(dim: usize, pixels: Vec<u8>, labels: Vec<u16>, classes: usize) -> Split {
    let images = Images::new(1, dim, pixels).expect("a whole number of images");
    Split::new(images, labels, classes).expect("labels below the number of classes")
}

/// Random images, each near a pattern of its class, so that answers are neither
/// all right nor all alike.
pub fn random_split(seed: u64, images: usize, dim: usize, classes: usize) -> Split {
    let mut random = Random(seed);
    let patterns: Vec<u8> = (0..classes * dim).map(|_| random.next() as u8).collect();
    let labels: Vec<u16> = (0..images)
        .map(|_| random.below(classes as u64) as u16)
        .collect();
    let mut pixel = |pattern: u8| match random.below(4) {
        0 => random.next() as u8,
        _ => pattern,
    };
    let of_class = |&label: &u16| patterns[usize::from(label) * dim..][..dim].to_vec();
    let pixels = labels.iter().flat_map(of_class).map(&mut pixel).collect();
    split(dim, pixels, labels, classes)
}

/// The SHA-256 of bytes, in hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    let sum = Sha256::digest(bytes);
    sum.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// `Err` with a message where a condition does not hold.
pub fn ensure(holds: bool, message: impl FnOnce() -> String) -> Outcome {
    if holds { Ok(()) } else { Err(message()) }
}

/// A library error as a test's.
pub fn failed(error: impl std::fmt::Display) -> String {
    error.to_string()
}
