//! Kernels that are wrong on purpose, each in a way a driver might get wrong. The
//! known answers must find every one of them.

use crate::backends::gpu::adapters::adapters;
use crate::backends::gpu::kernel::Shader;
use crate::backends::gpu::pieces::Pieces;
use crate::backends::gpu::{Gpu, SHADERS};
use crate::backends::known_answer::check;
use crate::error::{Error, NoGpu};

/// A kernel, a piece of its source, and what stands there instead.
struct Wrong(usize, &'static str, &'static str);

const CLASS_SUMS: usize = 0;
const DISTANCES: usize = 1;
const NEAREST: usize = 2;

/// What is found to be wrong of each kernel; the last, by several questions at once.
const STAGES: [&str; 4] = [
    "class sums",
    "distances",
    "nearest means",
    "nearest means of many models",
];

const ADD: &str = "atomicAdd(&sums[first_sum + pixel], sum);";
const CARRY: &str = "select(0u, 1u, low < a.x)";
const BORROW: &str = "select(0u, 1u, a.x < b.x)";

const EVERY: [Wrong; 27] = [
    // Workgroups that add to one sum lose each other's share.
    Wrong(
        CLASS_SUMS,
        ADD,
        "atomicStore(&sums[first_sum + pixel], sum);",
    ),
    // Sums keep 16 bits.
    Wrong(
        CLASS_SUMS,
        ADD,
        "atomicAdd(&sums[first_sum + pixel], sum); atomicAnd(&sums[first_sum + pixel], 0xffffu);",
    ),
    // A segment keeps no more than 128 images.
    Wrong(
        CLASS_SUMS,
        "let images = segment.end - segment.first;",
        "let images = min(segment.end - segment.first, 128u);",
    ),
    // What four loads at a time leave over is not added, or only that.
    Wrong(
        CLASS_SUMS,
        "for (; i < images; i += at_once) {",
        "for (; i < first_image; i += at_once) {",
    ),
    Wrong(CLASS_SUMS, "even += even_bytes(first) + ", "even += "),
    // Bytes are signed.
    Wrong(
        CLASS_SUMS,
        "return packed & vec4(0x00ff00ffu);",
        "return packed & vec4(0x007f007fu);",
    ),
    // Images are not cut into columns.
    Wrong(
        CLASS_SUMS,
        "let first_vector = workgroup.y * WORKGROUP_SIZE;",
        "let first_vector = 0u;",
    ),
    // Few images are not computed.
    Wrong(
        CLASS_SUMS,
        "if lane < images {",
        "if lane < images && arrayLength(&order) > 8u {",
    ),
    Wrong(
        DISTANCES,
        "image < parameters.images;",
        "image < parameters.images && parameters.images > 8u;",
    ),
    Wrong(
        NEAREST,
        "if image >= parameters.images {",
        "if image >= parameters.images || parameters.images < 9u {",
    ),
    // Packed products are signed.
    Wrong(
        DISTANCES,
        "dot4U8Packed(x, limbs.x)",
        "u32(dot4I8Packed(x, limbs.x))",
    ),
    Wrong(
        DISTANCES,
        "dot4U8Packed(x, limbs.w)",
        "u32(dot4I8Packed(x, limbs.w))",
    ),
    // Only the first workgroup, group of classes, slice of means works.
    Wrong(
        DISTANCES,
        "let image = workgroup.x * WORKGROUP_SIZE + lane;",
        "let image = lane;",
    ),
    Wrong(
        DISTANCES,
        "let first_class = workgroup.y % parameters.class_groups * 10u;",
        "let first_class = 0u;",
    ),
    Wrong(
        DISTANCES,
        "copy_means(workgroup.y, first, end, lane);",
        "copy_means(workgroup.y, 0u, end - first, lane);",
    ),
    // Only the first of several models, or of several questions, is answered.
    Wrong(
        DISTANCES,
        "let model = workgroup.y / parameters.class_groups;",
        "let model = 0u;",
    ),
    Wrong(
        NEAREST,
        "let question = invocation.y;",
        "let question = 0u;",
    ),
    Wrong(
        NEAREST,
        "questions[table].x * parameters",
        "0u * parameters",
    ),
    // What four loads at a time leave over is not added.
    Wrong(
        DISTANCES,
        "for (; vector < own_end; vector++) {",
        "for (; vector < first; vector++) {",
    ),
    // 64-bit numbers carry and borrow nothing.
    Wrong(DISTANCES, CARRY, "0u"),
    Wrong(DISTANCES, BORROW, "0u"),
    Wrong(NEAREST, CARRY, "0u"),
    Wrong(DISTANCES, " | (a.x >> (32u - bits))", ""),
    // Leave-one-out has no surcharge, or leaves the only image of a class in.
    Wrong(NEAREST, "if own {", "if own && c > 99u {"),
    Wrong(NEAREST, "(own && surcharge == OUT_FOR_OWN)", "c > 99u"),
    // The surcharge is on the low words alone, or on the high ones.
    Wrong(
        NEAREST,
        "multiply(squared_distance.y, surcharge)",
        "vec2<u32>()",
    ),
    Wrong(
        NEAREST,
        "multiply(squared_distance.x, surcharge)",
        "vec2<u32>()",
    ),
];

#[test]
fn known_answers_find_every_wrong_kernel() {
    for adapter in &adapters() {
        for Wrong(kernel, right, wrong) in &EVERY {
            let stage = STAGES[*kernel];
            let mut shaders = SHADERS;
            let shader = shaders[*kernel];
            assert!(
                shader.source.contains(right),
                "{} has no {right}",
                shader.name
            );
            let source = shader.source.replace(right, wrong).leak();
            shaders[*kernel] = Box::leak(Box::new(Shader { source, ..*shader }));
            let gpu = Gpu::with_shaders(adapter, Pieces::default(), shaders)
                .expect("a kernel that is wrong still compiles");
            let found = check(&gpu);
            assert!(
                matches!(&found, Err(Error::NoGpu(NoGpu::ComputesWrongly { stage: it, .. }))
                    if *it == stage || *it == STAGES[3])
                    // Sums that no images have are found at once.
                    || (*kernel == CLASS_SUMS && matches!(found, Err(Error::Gpu(_)))),
                "{}: {wrong} instead of {right}: {found:?}",
                shader.name
            );
        }
    }
}

#[test]
fn known_answers_find_nothing_in_the_right_kernels() {
    for adapter in &adapters() {
        let gpu = Gpu::open(adapter).expect("an adapter that is found can be opened");
        check(&gpu).expect("the kernels are right");
    }
}
