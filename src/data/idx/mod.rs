//! Datasets in IDX files, as MNIST and its relatives are published: a folder
//! has four [files](FourFiles), images and labels of two splits. How the
//! families differ is in `layout`; the format itself is `reader`'s.

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
