//! The models built into the program: one trained on MNIST's training images, one
//! on all of its images. Each is the file that `ncm means --data mnist --save`
//! writes, the second with `--train-on train+test`.

use std::path::Path;

use super::ModelFile;

/// One of the built-in models.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inside {
    /// Trained on MNIST's 60,000 training images.
    Train,
    /// Trained on all of MNIST's 70,000 images.
    TrainAndTest,
}

impl Inside {
    /// Both models.
    pub const ALL: [Self; 2] = [Self::Train, Self::TrainAndTest];

    /// The model's file.
    pub fn bytes(self) -> &'static [u8] {
        match self {
            Self::Train => include_bytes!("mnist-train.npz"),
            Self::TrainAndTest => include_bytes!("mnist-train+test.npz"),
        }
    }
}

/// Reads a built-in model.
pub fn inside(which: Inside) -> ModelFile {
    let name = Path::new("the model inside");
    ModelFile::from_bytes(which.bytes(), name).expect("a test reads both")
}
