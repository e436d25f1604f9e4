//! A dataset in files, read batch by batch.

use ncm::internals::data::{Dataset, Memory};

use super::{Folder, Pictures, failed, idx, random_split};

/// Pixels of an image.
pub const DIM: usize = 6 * 7;

/// A folder of random images: 500 to train on and 300 to test.
pub fn folder() -> Folder {
    let folder = Folder::new();
    for (seed, images, image_file, label_file) in [
        (71, 500, Folder::TRAIN_IMAGES, Folder::TRAIN_LABELS),
        (72, 300, Folder::TEST_IMAGES, Folder::TEST_LABELS),
    ] {
        let split = random_split(seed, images, DIM, 7);
        let labels: Vec<u8> = split.labels().iter().map(|&label| label as u8).collect();
        folder.write(
            image_file,
            &idx(&[images as u32, 6, 7], split.pictures().pixels()),
        );
        folder.write(label_file, &idx(&[images as u32], &labels));
    }
    folder
}

/// The same, in batches of so many images.
pub fn open(folder: &Folder, images: usize) -> Result<Dataset, String> {
    let memory = Memory {
        whole: 0,
        batch: images * DIM,
        reread: false,
    };
    Dataset::from_folder_within(folder.path(), memory).map_err(failed)
}
