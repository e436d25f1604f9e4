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
//! bytes ─► data ─► classifier ─► backends ─► evaluation ─► pictures ─► app
//!          Dataset  ClassSums     Backend     Evaluation    frame       commands, report,
//!                   Model         cpu gpu     Comparison    drawing     page, bench
//!                   exactness     reference
//! ```
//!
//! Data moves from left to right through these rooms, and each imports only
//! those to its left.
//!
//! A [`Dataset`] holds labelled images. A [`Backend`](backends::Backend) makes
//! them [`Resident`](backends::Resident) once and computes on them:
//! [`ClassSums`], exact integers, and for any number of [`Question`]s about
//! [`Model`]s the nearest class of each image. A [`Batched`](backends::batched::Batched)
//! split is one of any size. What a backend is not certain of is
//! [settled](classifier::settle) by [`exact`](classifier::exact) arithmetic.
//! [`Evaluation`] and [`Comparison`] say what the answers mean.
//!
//! ```
//! use ncm::backends::Backend;
//! use ncm::backends::cpu::Cpu;
//! use ncm::data::{Images, Split};
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

pub mod app;
pub mod backends;
pub mod classifier;
pub mod data;
pub mod error;
pub mod evaluation;
pub mod pictures;

pub use classifier::class_sums::ClassSums;
pub use classifier::model::{Model, Question};
pub use classifier::predictions::{Distances, Predictions};
pub use data::Dataset;
pub use error::{Error, Result};
pub use evaluation::Evaluation;
pub use evaluation::comparison::Comparison;
