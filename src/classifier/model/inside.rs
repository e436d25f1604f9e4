//! The models that the program carries: MNIST's, of its training images and of
//! all of them. Each is what `ncm means --data mnist --save` writes, with
//! `--train-on train+test` for the second.

use std::path::Path;

use super::ModelFile;

/// One of the models that the program carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inside {
    /// Of MNIST's 60,000 training images.
    Train,
    /// Of MNIST's 70,000 images.
    TrainAndTest,
}

impl Inside {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Train, Self::TrainAndTest];

    /// The file that is inside.
    pub fn bytes(self) -> &'static [u8] {
        match self {
            Self::Train => include_bytes!("mnist-train.npz"),
            Self::TrainAndTest => include_bytes!("mnist-train+test.npz"),
        }
    }
}

/// A model that the program carries.
pub fn inside(which: Inside) -> ModelFile {
    let name = Path::new("the model inside");
    ModelFile::from_bytes(which.bytes(), name).expect("a test reads both")
}
