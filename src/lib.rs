//! GPU-accelerated batch evaluation of the nearest-class-mean classifier.
//!
//! The classifier averages the training samples of each class and gives every
//! sample the class whose mean is nearest. This crate does that for whole datasets
//! of `u8` images, and of feature vectors as networks make them, on the GPU through
//! wgpu, on all CPU cores, or naively in `f64`, and every one of these backends
//! returns the label that exact arithmetic returns.
//!
//! # The flow
//!
//! ```text
//! bytes ─► data ─► classifier ─► backends ─► evaluation ─► pictures ─► app
//!          Dataset  ClassSums     Backend     Evaluation    frame       commands, report,
//!                   Model         cpu gpu     Comparison    drawing     page, bench
//!                   exactness     reference   Curve
//! ```
//!
//! Data moves from left to right through these rooms, and each imports only
//! those to its left.
//!
//! A [`Dataset`] holds labelled [`Samples`], in memory or in files. A [`Backend`]
//! makes them [`Resident`] once and computes on them: [`ClassSums`], exact
//! integers, and for any number of [`Question`]s about [`Model`]s the nearest
//! class of each sample. A [`Batched`] split is one of any size, and [`predict`]
//! is for samples without labels. What a backend is not certain of is settled by
//! exact arithmetic. [`Evaluation`] and [`Comparison`] say what
//! the answers mean, [`Predictions`] of other classifiers included. [`curve`] and
//! [`bootstrap`] ask thousands of models of drawn samples, as [`ManyModels`].
//!
//! # Own data, on a GPU where there is one
//!
//! ```
//! use ncm::{Choice, Evaluation, Images, Model, Question, Split};
//!
//! # fn main() -> ncm::Result<()> {
//! // Four images of 1 × 2 pixels in two classes.
//! let images = Images::new(1, 2, vec![0, 10, 2, 12, 200, 90, 220, 110])?;
//! let split = Split::new(images, vec![0, 0, 1, 1], 2)?;
//!
//! let opened = Choice::Auto.open()?;
//! if let Some(why) = &opened.instead_of_gpu {
//!     println!("{why}"); // There is no real GPU, and the CPU does the same.
//! }
//! let resident = opened.backend.upload(&split)?;
//! let model = Model::new("train", resident.class_sums()?)?;
//! assert_eq!(model.sums().mean(1), Some(vec![210.0, 100.0]));
//!
//! let predictions = resident.predictions(&[Question::leave_one_out(&model)])?;
//! let mut evaluation = Evaluation::new(split.classes());
//! evaluation.add(split.labels(), &predictions[0])?;
//! assert_eq!(evaluation.accuracy(), 1.0);
//!
//! // An image whose class nobody knows.
//! let unknown = Images::new(1, 2, vec![190, 80])?;
//! let found = ncm::predict(&*opened.backend, unknown, &[&model])?;
//! assert_eq!(found[0].classes(), [1]);
//! # Ok(())
//! # }
//! ```
//!
//! # Two classifiers compared
//!
//! ```
//! use ncm::{Evaluation, Pair, Predictions};
//!
//! # fn main() -> ncm::Result<()> {
//! let labels = [0, 0, 1, 1, 1];
//! let ours = Predictions::from_classes(vec![0, 0, 1, 1, 0]);
//! let theirs = Predictions::from_classes(vec![0, 1, 1, 0, 1]);
//!
//! let mut evaluation = Evaluation::new(2);
//! evaluation.add(&labels, &theirs)?;
//! assert_eq!((evaluation.correct(), evaluation.total()), (3, 5));
//!
//! let mut pair = Pair::new("ours", "theirs");
//! pair.add(&labels, &ours, &theirs)?;
//! assert_eq!((pair.fixed, pair.broken), (1, 2));
//! assert_eq!(pair.mcnemar().exact_p, 1.0);
//! # Ok(())
//! # }
//! ```
//!
//! # Many models: a learning curve
//!
//! ```
//! use ncm::{Batched, Cpu, Images, Labels, ManyModels, Source, Split, Timings, curve};
//!
//! # fn main() -> ncm::Result<()> {
//! let source = |pixels, labels| -> ncm::Result<Source> {
//!     Ok(Split::new(Images::new(1, 1, pixels)?, labels, 2)?.into())
//! };
//! let train = source(vec![0, 10, 90, 200, 220, 110], vec![0, 0, 0, 1, 1, 1])?;
//! let test = source(vec![7, 95, 99, 240], vec![0, 0, 1, 1])?;
//!
//! let cpu = Cpu::default();
//! let (trained, tested) = (Batched::new(&cpu, &train), Batched::new(&cpu, &test));
//! let mut many = ManyModels {
//!     train: &trained,
//!     test: &tested,
//!     timings: &mut Timings::default(),
//!     progress: &|_| {},
//! };
//! let setting = curve::Setting {
//!     sizes: vec![1, 2, 4, 6],
//!     repetitions: 50,
//!     seed: 0,
//!     per_class: false,
//! };
//! let curve = curve::Curve::draw(&mut many, &Labels::of(&train)?, &setting, |_, _| {})?;
//! let [one, _, _, all] = &curve.points[..] else { panic!("four sizes") };
//! // A single image knows one class.
//! assert_eq!((one.classes, one.spread.accuracy), (1.0, 0.5));
//! assert_eq!(all.spread.accuracy, curve.full.accuracy());
//! # Ok(())
//! # }
//! ```
//!
//! # Learned features
//!
//! Vectors of floats, such as a network makes of images, are prepared by a [`Recipe`].
//! Their sums are exact, and so is every label.
//!
//! ```
//! use ncm::{Backend, Cpu, Features, FloatSums, Model, Question, Recipe, Split};
//!
//! # fn main() -> ncm::Result<()> {
//! let train = Features::new(2, vec![9.0, 1.0, 8.5, 1.5, 7.0, 3.0, 6.5, 3.5])?;
//! let (labels, classes) = (vec![0, 0, 1, 1], 2);
//! let test = Features::new(2, vec![17.0, 2.5])?;
//!
//! // The centre is the mean of all training samples, and a part of the recipe.
//! let recipe = Recipe::Cl2n;
//! let centre = FloatSums::over(&train, &labels, classes)?.centre();
//! let train = recipe.prepare(train, centre.as_deref())?;
//! let test = recipe.prepare(test, centre.as_deref())?;
//!
//! let (train, test) = (
//!     Split::new(train, labels, classes)?,
//!     Split::new(test, vec![0], classes)?,
//! );
//! let cpu = Cpu::default();
//! let model = Model::new("train", cpu.upload(&train)?.class_sums()?)?;
//! let found = cpu.upload(&test)?.predictions(&[Question::plain(&model)])?;
//! assert_eq!((model.recipe(), found[0].classes()), (recipe, &[0][..]));
//! # Ok(())
//! # }
//! ```
//!
//! # Resident images, kept and moved
//!
//! ```
//! use ncm::{Backend, Cpu, Images, LevelSums, Resident, Split};
//!
//! struct Job<'a> {
//!     resident: Box<dyn Resident + 'a>,
//! }
//!
//! # fn main() -> ncm::Result<()> {
//! let split = Split::new(Images::new(1, 1, vec![3, 5])?, vec![0, 0], 1)?;
//! let cpu = Cpu::default();
//! let job = Job { resident: cpu.upload(&split)? };
//! let sums = std::thread::scope(|scope| {
//!     let thread = scope.spawn(move || job.resident.class_sums());
//!     thread.join().expect("no panic")
//! })?;
//! assert_eq!(sums, LevelSums::new(1, vec![2], vec![8])?.into());
//! # Ok(())
//! # }
//! ```
#![cfg_attr(
    feature = "arrays",
    doc = r#"
# A model as a file

```
use std::path::Path;
use ncm::{LevelSums, Model, ModelFile, Shape};

# fn main() -> ncm::Result<()> {
// Sums of one's own: two classes of 2 × 1 pixels, of 3 images and of 1.
let sums = LevelSums::new(2, vec![3, 1], vec![30, 60, 200, 10])?;
let shape = Shape::Image {
    rows: 2,
    columns: 1,
};
let file = ModelFile::new("mine", shape, Model::new("train", sums)?);
let bytes = file.bytes()?; // What NumPy reads as an `.npz` archive.
let again = ModelFile::from_bytes(&bytes, Path::new("mine.npz"))?;
assert_eq!(again, file);
# Ok(())
# }
```
"#
)]
//!
//! # Features
//!
//! All are on unless `default-features = false`, which leaves the evaluator
//! alone: IDX files, the [`Cpu`] and [`Reference`] backends, and statistics.
//!
//! | feature | adds |
//! |---|---|
//! | `gpu` | the compute shaders, on Vulkan, Metal or DirectX 12 |
//! | `arrays` | `.npz` datasets, files of learned features, and models as files |
//! | `fetch` | datasets by name, from mirrors and a cache; verifying, exporting |
//! | `pictures` | PNG, JPEG and PGM pictures in a model's frame |
//! | `cli`, `page` | the program, and the server of `ncm draw` |

// Some of what rooms have is for features, and goes unused where those are off.
#![cfg_attr(
    not(all(feature = "cli", feature = "page")),
    allow(
        dead_code,
        unused_imports,
        reason = "with all features nothing is unused"
    )
)]

#[cfg(any(feature = "cli", feature = "page"))]
mod app;
mod backends;
mod classifier;
mod data;
mod error;
mod evaluation;
#[cfg(feature = "pictures")]
mod pictures;

// Samples.
pub use data::{
    Batches, Dataset, Features, Images, Labelled, LabelledImages, LabelledRows, MOST_PIXELS,
    Memory, Samples, Shape, Source, Split, Survey, View, images_from_idx, labels_from_idx,
    recipe::{Metric, Preparation, Recipe},
    synthetic::Synthetic,
};

// Models, questions and answers.
pub use classifier::{
    class_sums::ClassSums,
    exact::SquaredDistance,
    float_exact::{Among, FloatQuestion, Measured as MeasuredFloats, Settled},
    float_sums::{FloatMeans, FloatSums},
    level_sums::LevelSums,
    model::{Model, Question},
    predictions::{Decision, Decisions, Distances, Predictions},
    reported::Reported,
};

// Where it is computed.
pub use backends::{
    Adapter, Backend, Bandwidth, Description, Kind, Resident,
    batched::Batched,
    select::every::*,
    select::{Choice, Selected},
    timings::Timings,
    unlabelled::predict,
};

// What answers are worth.
pub use evaluation::{
    ClassScores, Confusion, Evaluation, bootstrap,
    comparison::{Comparison, Pair, Row},
    curve,
    draws::{Labels, order, resample, resample_of_each, seeds},
    many_models::{Answers, ManyModels},
    margins::{Answer, Kept, Margins},
    spread::Spread,
    statistics::{McNemar, mcnemar, wilson_interval95},
};

pub use error::{Error, MirrorFailure, NoGpu, Result};

#[cfg(feature = "gpu")]
pub use backends::select::{Capabilities, FoundAdapter, adapters};

#[cfg(feature = "arrays")]
pub use {
    classifier::model::ModelFile,
    data::{
        OneSet,
        feature_files::{
            ArrayAt, FeatureSets, FileFeatures, LabelledFeatures, SetFiles, read_features,
        },
    },
};

#[cfg(feature = "fetch")]
pub use data::{
    CheckedFile, Found, Place, Verification, export,
    named::{Access, Fetching, Patience},
    verify,
};

#[cfg(feature = "pictures")]
pub use {
    data::picture::Picture,
    pictures::frame::{Crop, Frame, Framed, Ink, Polarity, Target},
};

/// The rooms as they are: for this crate's own program, tests and benchmarks,
/// without any promise.
#[doc(hidden)]
pub mod internals {
    #[cfg(any(feature = "cli", feature = "page"))]
    pub mod app {
        pub use crate::app::*;
    }
    pub mod backends {
        pub use crate::backends::*;
    }
    pub mod classifier {
        pub use crate::classifier::*;
    }
    pub mod data {
        pub use crate::data::*;
    }
    pub mod evaluation {
        pub use crate::evaluation::*;
    }
    #[cfg(feature = "pictures")]
    pub mod pictures {
        pub use crate::pictures::*;
    }
}
