//! The first room: turns bytes into labelled samples, in memory or in batches,
//! which are valid by construction. Datasets are found, fetched, verified or
//! generated here, and pictures are decoded. It imports no other room.

pub(crate) mod content;
mod dataset;
mod features;
mod from_bytes;
mod gzip;
pub(crate) mod hexadecimal;
mod idx;
mod images;
mod listing;
mod memory;
mod reading;
pub mod recipe;
mod source;
mod split;
mod survey;
pub mod synthetic;

#[cfg(any(feature = "fetch", feature = "gpu", feature = "pictures"))]
pub(crate) mod panics;

#[cfg(feature = "arrays")]
mod archive;
#[cfg(feature = "arrays")]
mod arrays;
#[cfg(feature = "arrays")]
mod class_names;
#[cfg(feature = "arrays")]
pub(crate) mod class_table;
#[cfg(feature = "arrays")]
pub mod feature_files;
#[cfg(feature = "arrays")]
pub(crate) mod npz;
#[cfg(feature = "arrays")]
mod one_set;
#[cfg(feature = "arrays")]
pub mod shard;

#[cfg(feature = "fetch")]
mod checksum;
#[cfg(feature = "fetch")]
mod csv;
#[cfg(feature = "fetch")]
pub(crate) mod environment;
#[cfg(feature = "fetch")]
mod export;
#[cfg(feature = "fetch")]
mod find;
#[cfg(feature = "fetch")]
mod format;
#[cfg(feature = "fetch")]
pub(crate) mod home;
#[cfg(feature = "fetch")]
pub mod named;
#[cfg(feature = "fetch")]
mod nearby;
#[cfg(all(feature = "fetch", feature = "pictures"))]
mod picture_folders;
#[cfg(feature = "fetch")]
mod place;
#[cfg(feature = "fetch")]
mod range;
#[cfg(feature = "fetch")]
mod second_reader;
#[cfg(feature = "fetch")]
mod strangers;
#[cfg(feature = "fetch")]
pub mod unfinished;
#[cfg(feature = "fetch")]
mod verify;

#[cfg(feature = "pictures")]
pub mod picture;

pub use dataset::Dataset;
pub use features::Features;
pub use from_bytes::{images_from_idx, labels_from_idx};
pub use images::{Images, MOST_PIXELS};
pub use memory::Memory;
pub use source::{Batches, Source};
pub use split::{LabelledImages, LabelledRows, Samples, Shape, Split, View};
pub use survey::{Labelled, Survey};

#[cfg(feature = "arrays")]
pub use {feature_files::FeatureSets, one_set::OneSet};

#[cfg(feature = "fetch")]
pub use {
    export::export,
    find::{Found, Note},
    place::{CachedFiles, Place},
    verify::{CheckedFile, Verification, verify},
};
