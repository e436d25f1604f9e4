//! The tests that anyone can run and find by their functions; those that exist
//! once for each adapter are in `backends/`. See `tests/README.md` for what each
//! file shows and for the environment variables that steer them.

mod support;

/// Hundreds of bad inputs, and what is said of each.
mod bad_inputs;
/// The pages, in a real browser.
mod browser;
/// Stage by stage: `shaders/class_sums.wgsl` and its twins.
mod class_sums;
/// The command as its users run it.
mod command_line;
/// Each check fails when a sum, a distance, a margin or a label is off.
mod controls;
/// What fuzzing has found to matter.
mod corpora;
/// Reading datasets, good and bad.
mod datasets;
/// Stage by stage: `shaders/distances.wgsl` and its twins.
mod distances;
/// What the documents name is there.
mod documents;
/// Datasets by name, from good mirrors and bad ones.
mod downloads;
/// The page for drawing, and who else gets at its server.
mod draw;
/// What models read in a drawing, and what is served of it.
mod drawing;
/// GPU drivers that crash, hang or print, made for the test.
mod drivers;
/// Jobs for engines that spread work, run by these.
#[cfg(unix)]
mod engines;
/// Learned features, under every recipe.
mod features;
/// Drawn digits in MNIST's frame.
mod frame;
/// The rooms of the source, and who may import whom.
mod house;
/// MNIST read and classified in other ways.
mod mnist;
/// Models as files, and those that the program carries.
mod models;
/// Stage by stage: `shaders/nearest.wgsl` and its twins.
mod nearest;
/// An independent naive classifier in integers, and the checks against it.
mod oracle;
/// Parts that add up.
mod parts;
/// Pictures in every format that people have.
mod pictures;
/// The page and the pictures of `ncm report`.
mod report;
/// The shaders' text against what Rust believes of it.
mod shaders;
/// Datasets larger than memory.
mod streaming;
/// Digits that the program draws itself.
mod synthetic;
