//! What the tests share: what a machine must have, and small datasets.

mod browser;
mod files;
mod mirror;
pub mod mnist;
mod quiet;
pub mod skip;
mod stored;
pub mod streamed;
pub mod whole;

use std::path::Path;
use std::process::Command;

use ncm::internals::data::{Images, Split};
use sha2::{Digest, Sha256};

pub use browser::{Browser, no_browser};
pub use files::{Folder, gzip, idx};
pub use mirror::{Answer, Mirror, authority, files_of};
pub use quiet::is_quiet;
pub use skip::{needs, skips};
pub use stored::{same_picture, same_text};

/// What a test returns: `Err` says what is wrong.
pub type Outcome = Result<(), String>;

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

/// The images of a split that has some.
pub trait Pictures {
    fn pictures(&self) -> &Images;
}

impl Pictures for Split {
    fn pictures(&self) -> &Images {
        self.images().expect("images").images()
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

/// A program of tests, running one of them alone, also where it is ignored.
pub fn alone(program: &Path, test: &str) -> Command {
    let mut command = Command::new(program);
    command.args(["--exact", test, "--include-ignored", "--nocapture"]);
    command
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
