//! Datasets in IDX files, the format of MNIST and its relatives. A folder has
//! four [files](FourFiles): images and labels of two splits. `layout` describes
//! how the families differ, `reader` the format itself.

mod candidates;
mod files;
mod folder;
mod four_files;
mod labels;
mod layout;
mod names;
mod reader;
mod recognise;
#[cfg(feature = "arrays")]
mod zipped;

pub(super) use files::Files;
pub(super) use folder::find;
#[cfg(feature = "fetch")]
pub(super) use folder::{holding, is_for_mnist, is_one_of_four};
pub(super) use four_files::FourFiles;
pub(super) use labels::Labels;
pub(super) use layout::{Family, Layout};
pub(super) use reader::Reader;
pub(super) use recognise::Kind;
#[cfg(feature = "fetch")]
pub(super) use zipped::has_idx;
#[cfg(feature = "arrays")]
pub(super) use zipped::read_zipped;
