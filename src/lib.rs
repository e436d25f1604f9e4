//! GPU-accelerated batch evaluation of the nearest-class-mean classifier.
//!
//! The classifier averages the training images of each class and gives every
//! image the class whose mean is nearest in Euclidean distance. This crate does
//! that for whole datasets of `u8` images on the GPU through wgpu, on all CPU
//! cores, or naively in `f64`, and every one of these backends returns the
//! label that exact arithmetic returns.
//!
//! # The flow
//!
//! ```text
//! bytes ─► Dataset ─► ClassSums ─► Model ─► Distances ─► Predictions ─► Evaluation ─► Comparison ─► report
//!                     └───── Backend: reference │ cpu │ gpu ─────┘
//! ```
//!
//! A [`Dataset`] holds labelled images. A [`Backend`](backend::Backend) makes
//! them [`Resident`](backend::Resident) once and computes on them:
//! [`ClassSums`], exact integers, and for any number of [`Question`]s about
//! [`Model`]s the nearest class of each image. A [`Pass`](pass::Pass) does that for
//! splits of any size. Whatever a backend is not
//! certain of, [`exact`] settles. [`Evaluation`] and [`Comparison`] say what
//! the answers mean.
//!
//! ```
//! use ncm::backend::Backend;
//! use ncm::cpu::Cpu;
//! use ncm::dataset::{Images, Split};
//! use ncm::{Evaluation, Model, Question};
//!
//! # fn main() -> ncm::Result<()> {
//! // Four images of 1 × 2 pixels in two classes.
//! let images = Images::new(1, 2, vec![0, 10, 2, 12, 200, 90, 220, 110])?;
//! let split = Split::new(images, vec![0, 0, 1, 1], 2)?;
//!
//! let cpu = Cpu::default();
//! let resident = cpu.upload(&split)?;
//! let model = Model::new("train", resident.class_sums()?)?;
//! assert_eq!(model.sums().mean(1), Some(vec![210.0, 100.0]));
//!
//! let predictions = resident.predictions(&[Question::plain(&model)])?;
//! let mut evaluation = Evaluation::new(split.classes());
//! evaluation.add(split.labels(), &predictions[0]);
//! assert_eq!(evaluation.accuracy(), 1.0);
//! # Ok(())
//! # }
//! ```

pub mod backend;
pub mod bench;
pub mod certainty;
pub mod class_sums;
pub mod commands;
pub mod comparison;
mod contain;
pub mod cpu;
pub mod dataset;
pub mod distances;
pub mod draw;
pub mod drawing;
pub mod error;
pub mod evaluation;
pub mod exact;
pub mod examples;
pub mod fixed_point;
pub mod frame;
pub mod gpu;
mod hexadecimal;
pub mod known_answer;
pub mod margins;
pub mod measure;
pub mod model;
mod npz;
pub mod pass;
pub mod picture;
pub mod predictions;
pub mod reference;
pub mod report;
pub mod select;
pub mod statistics;
mod stored;
pub mod thumbnail;
pub mod timings;
pub mod unfinished;

pub use class_sums::ClassSums;
pub use comparison::Comparison;
pub use dataset::Dataset;
pub use distances::Distances;
pub use error::{Error, Result};
pub use evaluation::Evaluation;
pub use model::{Model, Question};
pub use predictions::Predictions;
