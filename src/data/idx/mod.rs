//! Datasets in IDX files, the format of MNIST and its relatives. A folder has
//! four [files](FourFiles): images and labels of two splits. `layout` describes
//! how the families differ, `reader` the format itself.

mod files;
mod folder;
mod four_files;
mod labels;
mod layout;
mod reader;
mod recognise;

pub(super) use files::Files;
pub(super) use folder::{find, holds_dataset};
pub(super) use four_files::FourFiles;
pub(super) use labels::Labels;
pub(super) use layout::{Family, Layout};
pub(super) use reader::Reader;
pub(super) use recognise::Kind;
