//! Kernels that are wrong on purpose, each in a way a driver might get wrong. The known
//! answers must find every one of them.

use super::{SHADER, known};
use crate::backends::gpu::Gpu;
use crate::backends::gpu::adapters::adapters;
use crate::backends::gpu::kernel::{Kernel, Shader};
use crate::error::{Error, NoGpu};

/// A piece of the kernel's source, and what stands there instead.
type Wrong = (&'static str, &'static str);

const BARRIER: &str = "workgroupBarrier();";

/// The bounds of a score.
const BOUNDS: &str = "let low = select(vec4(FAR), score - error, counts);
    let high = select(vec4(FAR), score + error, counts);";
const NO_BOUNDS: &str = "let low = select(vec4(FAR), score, counts);
    let high = low;";

/// Where the last slice of a block is.
const END: &str = "let end = min(first + parameters.slices_to_a_block, parameters.slices);";

const EVERY: [Wrong; 43] = [
    // No invocation waits for what others copy.
    (BARRIER, ""),
    // A class is taken for the next one, or is passed over.
    ("low.x, numbers.x", "low.x, numbers.y"),
    ("low.w, numbers.w", "low.w, numbers.w + 1u"),
    ("add_low(least, low.z, numbers.z);", ""),
    ("min(of_two.x, of_two.y)", "of_two.x"),
    // Products have the wrong sign, no weight, or those of other values or classes.
    (
        "- scale.product_factor * product",
        "+ scale.product_factor * product",
    ),
    ("scale.product_factor * product", "product"),
    ("scale.offset_factor * classes[terms]", "classes[terms]"),
    ("of2.with4 += x.z * v4;", "of2.with4 += x.y * v4;"),
    ("of3.with8 += x.w * v8;", "of3.with8 += x.w * v4;"),
    (
        "sums.with12, terms + 12u, first + 12u",
        "sums.with12, terms + 12u, first + 8u",
    ),
    (
        "sums.with4, terms + 4u, first + 4u",
        "sums.with4, terms, first + 4u",
    ),
    (
        "add_tile(&least1, sample + 1u,",
        "add_tile(&least1, sample,",
    ),
    ("found[place + 3u] = least3;", "found[place + 3u] = least2;"),
    // The last slice or value is missing, or only the last block counts.
    (
        END,
        "let end = min(first + parameters.slices_to_a_block, parameters.slices - 1u);",
    ),
    (END, "let end = min(first + 1u, parameters.slices);"),
    (
        "value < DEPTH; value += 4u",
        "value < DEPTH - 4u; value += 4u",
    ),
    ("add_value(&block, x3, (value + 3u) * GROUPS);", ""),
    (
        "sums.of1 = added(sums.of1, block.of1);",
        "sums.of1 = block.of1;",
    ),
    // The wrong slices or values are read.
    (
        "(slice * DEPTH + value) * WORKGROUP_SIZE;",
        "value * WORKGROUP_SIZE;",
    ),
    (
        "classes[class_tile + slice * WORKGROUP_SIZE + lane]",
        "classes[class_tile + lane]",
    ),
    ("samples[at + 2u * WORKGROUP_SIZE]", "samples[at + 2u]"),
    // Only the first tile of samples or of classes, or range of these, is computed.
    (
        "let sample_tile = parameters.first_tile + workgroup.x;",
        "let sample_tile = parameters.first_tile;",
    ),
    (
        "let class_tile = tile * (tile_values + TERMS);",
        "let class_tile = 0u;",
    ),
    ("parameters.first_class + tile * CLASSES", "tile * CLASSES"),
    ("+ workgroup.y * parameters.tiles_each", ""),
    (
        "(workgroup.y * workgroups.x + workgroup.x)",
        "(workgroup.x)",
    ),
    // A second class within reach is not seen.
    (
        "(*least).second = min((*least).second, max((*least).low, low));",
        "",
    ),
    ("max((*least).low, low)", "(*least).low"),
    (
        "min((*least).second, max((*least).low, low))",
        "min((*least).second, low)",
    ),
    // A class is not counted as nearer, or is where another is, or the sample's own.
    ("(*least).nearer += count(", "count("),
    (
        "(*least).nearer_at_most += count(",
        "(*least).nearer += count(",
    ),
    (
        "others & (high < vec4(scale.own_low))",
        "others & (low < vec4(scale.own_high))",
    ),
    (
        "others & (low <= vec4(scale.own_high))",
        "others & (high < vec4(scale.own_low))",
    ),
    ("numbers != vec4(scale.own);", "numbers == numbers;"),
    (
        "numbers != vec4(scale.own);",
        "numbers + 1u != vec4(scale.own);",
    ),
    (
        "vec4(1u), which), vec4(1u))",
        "vec4(1u), which), vec4(1u, 1u, 1u, 0u))",
    ),
    // Classes that cannot be nearest are, and those left out.
    ("(errors >= vec4(0.0)) & ", ""),
    (" & (numbers != vec4(scale.left_out))", ""),
    // Errors are nothing, or too large to tell anything.
    (BOUNDS, NO_BOUNDS),
    ("+ FLUSHED;", "+ 0.1;"),
    // Values keep the bits of 16-bit floats, of either kind.
    ("let x0 = samples[at];", "let x0 = halved(samples[at]);"),
    (
        "classes[class_tile + slice * WORKGROUP_SIZE + lane];",
        "cut(classes[class_tile + slice * WORKGROUP_SIZE + lane]);",
    ),
];

/// Floats of 16 bits: `f16`, and the upper half of an `f32`.
const HALVES: &str = "
fn halved(x: vec4<f32>) -> vec4<f32> {
    return vec4(unpack2x16float(pack2x16float(x.xy)), unpack2x16float(pack2x16float(x.zw)));
}

fn cut(x: vec4<f32>) -> vec4<f32> {
    return bitcast<vec4<f32>>(bitcast<vec4<u32>>(x) & vec4(0xffff0000u));
}
";

#[test]
fn known_answers_find_every_wrong_kernel() {
    for adapter in &adapters() {
        let gpu = Gpu::open(adapter).expect("an adapter that is found can be opened");
        let mut passed = Vec::new();
        for (right, wrong) in EVERY {
            assert!(SHADER.source.contains(right), "there is no {right}");
            let source = (SHADER.source.replace(right, wrong) + HALVES).leak();
            let shader = Box::leak(Box::new(Shader { source, ..SHADER }));
            let kernel = gpu.device.run(|| Ok(Kernel::new(&gpu.device, shader)));
            let kernel = kernel.expect("a kernel that is wrong still compiles");
            match known::check(&gpu, &kernel) {
                Err(Error::NoGpu(NoGpu::ComputesWrongly { .. })) => {}
                other => passed.push(format!("{wrong:?} instead of {right:?}: {other:?}")),
            }
        }
        assert!(passed.is_empty(), "{}", passed.join("\n"));
    }
}

#[test]
fn known_answers_find_nothing_in_the_right_kernel() {
    for adapter in &adapters() {
        let gpu = Gpu::open(adapter).expect("an adapter that is found can be opened");
        super::kernel(&gpu).expect("the kernel is right");
    }
}
