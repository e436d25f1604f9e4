//! Every integration test, in one binary. See `tests/README.md` for what each
//! file shows and for the environment variables that steer them.
//!
//! The list of tests is made at run time, since it depends on the adapters of
//! the machine; a test that cannot run here is listed as ignored with the
//! reason in brackets.

mod support;

use std::process::ExitCode;

/// Hundreds of bad inputs, and what is said of each.
mod bad_inputs;
/// The pages, in a real browser.
mod browser;
/// Stage by stage: `shaders/class_sums.wgsl` and its twins.
mod class_sums;
/// The command as its users run it.
mod command_line;
/// The whole suite, on every backend and adapter.
mod conformance;
/// Each check fails when a sum, a distance, a margin or a label is off.
mod controls;
/// What fuzzing has found to matter.
mod corpora;
/// Reading datasets, good and bad.
mod datasets;
/// Stage by stage: `shaders/distances.wgsl` and its twins.
mod distances;
/// Datasets by name, from good mirrors and bad ones.
mod downloads;
/// The page for drawing, and who else gets at its server.
mod draw;
/// What models read in a drawing, and what is served of it.
mod drawing;
/// A device that fails.
mod faults;
/// Drawn digits in MNIST's frame.
mod frame;
/// The rooms of the source, and who may import whom.
mod house;
/// MNIST's true answers.
mod mnist;
/// Models as files, and those that the program carries.
mod models;
/// Stage by stage: `shaders/nearest.wgsl` and its twins.
mod nearest;
/// An independent naive classifier in integers, and the checks against it.
mod oracle;
/// Pictures in every format that people have.
mod pictures;
/// Random shapes, on every backend and adapter.
mod properties;
/// The page and the pictures of `ncm report`.
mod report;
/// The shaders' text against what Rust believes of it.
mod shaders;
/// Datasets larger than memory.
mod streaming;
/// Digits that the program draws itself.
mod synthetic;

fn main() -> ExitCode {
    if let Some(fetched) = downloads::fetch_as_told() {
        return ExitCode::from(u8::from(fetched.is_err()));
    }
    if let Some(served) = draw::serve_as_told() {
        return ExitCode::from(u8::from(served.is_err()));
    }
    let arguments = libtest_mimic::Arguments::from_args();
    let subjects = support::Subjects::find();
    let mut trials = Vec::new();
    trials.extend(conformance::trials(&subjects));
    trials.extend(properties::trials(&subjects));
    trials.extend(class_sums::trials(&subjects));
    trials.extend(distances::trials(&subjects));
    trials.extend(nearest::trials(&subjects));
    trials.extend(controls::trials());
    trials.extend(shaders::trials());
    trials.extend(house::trials());
    trials.extend(faults::trials(&subjects));
    trials.extend(mnist::trials(&subjects));
    trials.extend(datasets::trials());
    trials.extend(bad_inputs::trials());
    trials.extend(corpora::trials());
    trials.extend(downloads::trials());
    trials.extend(streaming::trials(&subjects));
    trials.extend(synthetic::trials());
    trials.extend(frame::trials());
    trials.extend(pictures::trials());
    trials.extend(models::trials());
    trials.extend(draw::trials());
    trials.extend(drawing::trials());
    trials.extend(browser::trials());
    trials.extend(command_line::trials(&subjects));
    trials.extend(report::trials());
    // Before the others, so that nothing is in its way.
    let timed = libtest_mimic::run(&arguments, browser::timed());
    let conclusion = libtest_mimic::run(&arguments, trials);
    support::remove_authority();
    match timed.has_failed() {
        true => timed.exit_code(),
        false => conclusion.exit_code(),
    }
}
