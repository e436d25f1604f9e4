//! The image file and the label file of a split, read whole or in batches.

use std::ops::Range;
use std::path::PathBuf;

use super::labels::Labels;
use super::layout::Layout;
use super::reader::Reader;
use super::recognise::Kind;
use crate::data::content::{self, Content};
use crate::data::{Images, MOST_PIXELS, Samples, Split};
use crate::error::{Error, Result};

/// An image file and its label file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::data) struct Files {
    pub images: PathBuf,
    pub labels: PathBuf,
    pub layout: Layout,
}

/// Both files of a split, opened, with equal numbers of items.
pub(in crate::data) struct Opened {
    layout: Layout,
    images: Reader,
    labels: Labels,
    pub len: usize,
    pub rows: usize,
    pub columns: usize,
}

impl Files {
    /// Opens both files and checks that they have equal numbers of items.
    pub(in crate::data) fn open(&self) -> Result<Opened> {
        let content = |path: &PathBuf| Ok::<_, Error>((path.clone(), content::open(path)?));
        Opened::of_contents(content(&self.images)?, content(&self.labels)?, self.layout)
    }

    /// Reads all images without keeping them. Returns true, or the error found.
    pub(in crate::data) fn images_are_there(&self) -> Result<bool> {
        let mut images = Reader::open(&self.images, Kind::Images)?;
        let mut read = Vec::new();
        loop {
            read = images.read_into(1, read)?;
            if read.is_empty() {
                return Ok(true);
            }
        }
    }

    /// Reads `rows` of the `all` images of the split in batches of `images`, each into the
    /// buffer of used ones.
    pub(in crate::data) fn batches(
        &self,
        images: usize,
        classes: usize,
        rows: Range<usize>,
        all: usize,
    ) -> impl FnMut(Option<Samples>) -> Result<Option<Split>> + Send + 'static {
        let files = self.clone();
        let (mut opened, mut rows) = (None, rows);
        move |used| {
            if opened.is_none() {
                let mut files = files.open()?;
                if files.len != all {
                    return Err(Error::Changed);
                }
                files.images.skip(rows.start as u64)?;
                files.labels.skip(rows.start)?;
                opened = Some(files);
            }
            let Some(opened) = &mut opened else {
                return Ok(None);
            };
            let memory = used.map_or_else(Vec::new, Samples::into_pixels);
            let images = images.min(rows.len());
            rows.start += images;
            if images == 0 {
                return Ok(None);
            }
            let read = opened.read_into(images, memory)?;
            read.map(|(images, labels)| Split::new(images, labels, classes))
                .transpose()
        }
    }
}

impl Opened {
    /// Both files, from opened content; the paths are only used in messages.
    pub(in crate::data) fn of_contents(
        (image_path, images): (PathBuf, Content),
        (label_path, labels): (PathBuf, Content),
        layout: Layout,
    ) -> Result<Self> {
        let images = Reader::new(&image_path, images, Kind::Images)?;
        let labels = Labels::new(&label_path, labels, layout.first_label)?;
        let labelled = labels.reader().items();
        if images.items() != labelled {
            return Err(Error::bad_file(
                &label_path,
                format!("{labelled} labels"),
                format!(
                    "{}, one for each image of {}",
                    images.items(),
                    image_path.display()
                ),
                "use files of one dataset and split",
            ));
        }
        let (rows, columns) = (images.shape()[0], images.shape()[1]);
        if rows * columns > MOST_PIXELS as u64 {
            let found = format!("images of {rows} × {columns} pixels");
            let expected = format!("at most {MOST_PIXELS} pixels in an image");
            return Err(Error::bad_file(
                &image_path,
                found,
                expected,
                "cut or shrink the images",
            ));
        }
        let size = |size: u64| {
            usize::try_from(size).map_err(|_| {
                let found = format!("a dimension of {size}");
                Error::bad_file(
                    &image_path,
                    found,
                    "what this machine can count",
                    "use a 64-bit machine",
                )
            })
        };
        let len = size(images.items())?;
        let stored = [size(rows)?, size(columns)?];
        let [rows, columns] = Layout::upright(stored, layout.transposed);
        Ok(Self {
            layout,
            images,
            labels,
            len,
            rows,
            columns,
        })
    }

    /// Whether each label is stored in one byte.
    pub(in crate::data) fn labels_are_bytes(&self) -> bool {
        self.labels.reader().value_bytes() == 1
    }

    /// Whether neither file is compressed.
    pub(in crate::data) fn are_plain(&self) -> bool {
        self.images.is_plain() && self.labels.reader().is_plain()
    }

    /// Descriptions of both headers for the user.
    pub(in crate::data) fn headers(&self) -> [String; 2] {
        [self.images.header(), self.labels.reader().header()]
    }

    /// Size of all images in bytes.
    pub(in crate::data) fn image_bytes(&self) -> u64 {
        // Cannot overflow: checked when the header was read.
        self.len as u64 * self.rows as u64 * self.columns as u64
    }

    /// Reads up to `images` images with their labels; `None` at the end.
    pub(in crate::data) fn read(&mut self, images: usize) -> Result<Option<(Images, Vec<u16>)>> {
        self.read_into(images, Vec::new())
    }

    /// As [`read`](Self::read), but reuses a buffer.
    fn read_into(&mut self, images: usize, memory: Vec<u8>) -> Result<Option<(Images, Vec<u16>)>> {
        let mut pixels = self.images.read_into(images as u64, memory)?;
        if pixels.is_empty() {
            return Ok(None);
        }
        if self.layout.transposed {
            Layout::turn(&mut pixels, [self.rows, self.columns]);
        }
        let labels = self.labels.read(images)?;
        Ok(Some((
            Images::new(self.rows, self.columns, pixels)?,
            labels,
        )))
    }

    /// Reads all labels and returns the highest.
    pub(in crate::data) fn highest_label(&mut self) -> Result<u16> {
        self.labels.highest()
    }
}
