//! The stages of an evaluation, timed on every backend and adapter.
//!
//! One group for each stage, named like its shader, `resample` for the sums of twelve
//! draws with replacement, the drawing included, and `evaluate` for means
//! and labels from images in memory with everything in between. `resident`
//! starts from images already on the device, `upload` brings them there first;
//! on `reference` and `cpu` the two are the same work, so only one is timed.
//!
//! Before anything is timed its answer is compared with the `reference`
//! backend's. What the figures leave out: reading files and opening devices.
//!
//! Data is MNIST from `$NCM_DATA` or `./data`, else random images of its shape.
//! `cargo test` runs everything once, at 100 images.

#![expect(clippy::print_stdout, reason = "a benchmark says what it runs on")]

mod class_sums;
mod distances;
mod evaluate;
mod float_nearest;
mod nearest;
mod resample;
mod setting;

use criterion::Criterion;

fn main() {
    let smoke = !std::env::args().any(|argument| argument == "--bench");
    let setting = setting::Setting::find(smoke);
    setting.print();
    let mut criterion = Criterion::default().sample_size(10).configure_from_args();
    class_sums::bench(&mut criterion, &setting);
    distances::bench(&mut criterion, &setting);
    nearest::bench(&mut criterion, &setting);
    float_nearest::bench(&mut criterion, &setting, smoke);
    resample::bench(&mut criterion, &setting);
    evaluate::bench(&mut criterion, &setting);
    criterion.final_summary();
}
