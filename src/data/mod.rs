//! The first room: bytes become labelled samples, valid once built, in memory
//! or in batches; they are found, fetched, verified or drawn here, and so are
//! pictures decoded. It imports no other room.

mod checksum;
pub(crate) mod content;
mod dataset;
mod export;
mod find;
mod from_bytes;
pub(crate) mod hexadecimal;
mod idx;
mod keras;
mod memory;
pub mod named;
pub(crate) mod npz;
pub(crate) mod panics;
pub mod picture;
mod place;
mod reading;
mod second_reader;
mod source;
mod survey;
pub mod synthetic;
pub mod unfinished;
mod verify;

pub use dataset::{Dataset, Images, MOST_PIXELS, Split};
pub use export::export;
pub use find::{Found, Note};
pub use from_bytes::{images_from_idx, labels_from_idx};
pub use memory::Memory;
pub use place::{CachedFiles, Place};
pub use source::{Batches, Source};
pub use survey::{Labelled, Survey};
pub use verify::{CheckedFile, Verification, verify};
