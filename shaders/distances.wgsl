// distances: images × class means of models → squared distances, whole batch.
//
// Formula        d²(x, c) = Σ (2ᶠ·x − q)² = 2²ᶠ·‖x‖² − 2ᶠ⁺¹·(x·q) + ‖q‖²
//                with q the class mean in units of 2⁻ᶠ and f = FRACTION_BITS
//
// One invocation computes one image against ten class means, with both 8-bit
//                limbs of q: x·q = x·low + 256·(x·high). It loads four vectors
//                of its image per iteration, to keep more memory requests in
//                flight.
// One workgroup  takes WORKGROUP_SIZE images and ten classes of one model. It copies the means into workgroup
//                memory slice by slice, where all its invocations read them.
//
// Work           5¼ dot products of packed bytes per byte of image. On the card
//                it was measured on, the kernel is still limited by its loads,
//                since 32 invocations read from 32 images.
//
// Bindings       0 pixels         read        16 pixels to a vec4, rows padded to that
//                1 means          read        limbs of two classes to a vec4, five of
//                                             them for each word of four pixels
//                2 squared_norms  read        ‖q‖² of each class of each model
//                3 squared        read_write  models × classes × images results
//                4 parameters     uniform
//
// Exactness      Integers throughout, so every adapter computes the same bits.
//                A u32 holds 65,536 products of two bytes, so the host has larger
//                images computed in stretches, whose results are added up.
//                64-bit values are pairs (low, high).
//
// Twins          src/backends/gpu/distances.rs  src/backends/cpu/distances.rs
//                tests/backends/distances.rs    benches/distances.rs

/// Images per workgroup.
const WORKGROUP_SIZE: u32 = 256;

/// Vectors of 16 pixels in a slice of the means: a whole MNIST image, and within
/// the 16 KiB of workgroup memory that every adapter has.
const SLICE: u32 = 49;

/// Vectors of means, with two classes each, per vector of pixels.
const MEANS_TO_A_VECTOR: u32 = 20;

/// Fractional bits of a mean.
override FRACTION_BITS: u32;

struct Parameters {
    /// Index of this batch's first image among the resident ones.
    first_image: u32,
    /// Number of images in this batch.
    images: u32,
    /// Vectors of 16 pixels per image.
    vectors: u32,
    /// Classes of a model.
    classes: u32,
    /// Groups of ten classes of a model.
    class_groups: u32,
    /// The range of vectors to add in this pass.
    first_vector: u32,
    end_vector: u32,
}

/// Sums over the pixels of an image: ‖x‖², and for each pair of classes x·low and
/// x·high of the first class, then of the second.
struct Sums {
    norm: u32,
    pair0: vec4<u32>,
    pair1: vec4<u32>,
    pair2: vec4<u32>,
    pair3: vec4<u32>,
    pair4: vec4<u32>,
}

@group(0) @binding(0) var<storage, read> pixels: array<vec4<u32>>;
@group(0) @binding(1) var<storage, read> means: array<vec4<u32>>;
@group(0) @binding(2) var<storage, read> squared_norms: array<vec2<u32>>;
@group(0) @binding(3) var<storage, read_write> squared: array<vec2<u32>>;
@group(0) @binding(4) var<uniform> parameters: Parameters;

var<workgroup> mean_slice: array<vec4<u32>, SLICE * MEANS_TO_A_VECTOR>;

@compute @workgroup_size(WORKGROUP_SIZE)
fn distances(
    @builtin(workgroup_id) workgroup: vec3<u32>,
    @builtin(local_invocation_index) lane: u32,
) {
    let image = workgroup.x * WORKGROUP_SIZE + lane;
    let is_image = image < parameters.images;
    let row = (parameters.first_image + image) * parameters.vectors;

    var sums = Sums();
    for (var first = parameters.first_vector; first < parameters.end_vector; first += SLICE) {
        let end = min(first + SLICE, parameters.end_vector);
        workgroupBarrier();
        copy_means(workgroup.y, first, end, lane);
        workgroupBarrier();
        // Invocations past the last image only help to copy the means.
        let own_end = select(first, end, is_image);
        var vector = first;
        for (; vector + 3u < own_end; vector += 4u) {
            let x0 = pixels[row + vector];
            let x1 = pixels[row + vector + 1u];
            let x2 = pixels[row + vector + 2u];
            let x3 = pixels[row + vector + 3u];
            add_vector(&sums, x0, vector - first);
            add_vector(&sums, x1, vector - first + 1u);
            add_vector(&sums, x2, vector - first + 2u);
            add_vector(&sums, x3, vector - first + 3u);
        }
        for (; vector < own_end; vector++) {
            add_vector(&sums, pixels[row + vector], vector - first);
        }
    }

    if !is_image {
        return;
    }
    let model = workgroup.y / parameters.class_groups;
    let first_class = workgroup.y % parameters.class_groups * 10u;
    store(image, model, first_class, sums.norm, sums.pair0.xy);
    store(image, model, first_class + 1u, sums.norm, sums.pair0.zw);
    store(image, model, first_class + 2u, sums.norm, sums.pair1.xy);
    store(image, model, first_class + 3u, sums.norm, sums.pair1.zw);
    store(image, model, first_class + 4u, sums.norm, sums.pair2.xy);
    store(image, model, first_class + 5u, sums.norm, sums.pair2.zw);
    store(image, model, first_class + 6u, sums.norm, sums.pair3.xy);
    store(image, model, first_class + 7u, sums.norm, sums.pair3.zw);
    store(image, model, first_class + 8u, sums.norm, sums.pair4.xy);
    store(image, model, first_class + 9u, sums.norm, sums.pair4.zw);
}

/// Copies the vectors from `first` up to `end` of ten class means.
fn copy_means(class_group: u32, first: u32, end: u32, lane: u32) {
    let source = (class_group * parameters.vectors + first) * MEANS_TO_A_VECTOR;
    for (var i = lane; i < (end - first) * MEANS_TO_A_VECTOR; i += WORKGROUP_SIZE) {
        mean_slice[i] = means[source + i];
    }
}

/// Adds the products of 16 pixels with vector `i` of the slice of the means.
fn add_vector(sums: ptr<function, Sums>, x: vec4<u32>, i: u32) {
    (*sums).norm += dot4U8Packed(x.x, x.x);
    (*sums).norm += dot4U8Packed(x.y, x.y);
    (*sums).norm += dot4U8Packed(x.z, x.z);
    (*sums).norm += dot4U8Packed(x.w, x.w);
    add_word(sums, x.x, i * MEANS_TO_A_VECTOR);
    add_word(sums, x.y, i * MEANS_TO_A_VECTOR + 5u);
    add_word(sums, x.z, i * MEANS_TO_A_VECTOR + 10u);
    add_word(sums, x.w, i * MEANS_TO_A_VECTOR + 15u);
}

/// Adds the products of four pixels with five pairs of classes, starting at `mean`.
/// Unrolled by hand, because not every driver unrolls a loop over an array.
fn add_word(sums: ptr<function, Sums>, x: u32, mean: u32) {
    (*sums).pair0 += products(x, mean_slice[mean]);
    (*sums).pair1 += products(x, mean_slice[mean + 1u]);
    (*sums).pair2 += products(x, mean_slice[mean + 2u]);
    (*sums).pair3 += products(x, mean_slice[mean + 3u]);
    (*sums).pair4 += products(x, mean_slice[mean + 4u]);
}

/// Stores a squared distance, or adds the share of this stretch to it. Negative
/// intermediate values wrap around; the final sum is correct.
fn store(image: u32, model: u32, class_index: u32, norm: u32, limbs: vec2<u32>) {
    if class_index >= parameters.classes {
        return;
    }
    // Neighbouring invocations store to neighbouring addresses, so stores are
    // coalesced.
    let mean = model * parameters.classes + class_index;
    let place = mean * parameters.images + image;
    var before = squared_norms[mean];
    if parameters.first_vector > 0u {
        before = squared[place];
    }
    let scaled_norm = shift_left(vec2(norm, 0u), 2u * FRACTION_BITS);
    let product = add(vec2(limbs.x, 0u), shift_left(vec2(limbs.y, 0u), 8u));
    squared[place] = subtract(add(before, scaled_norm), shift_left(product, FRACTION_BITS + 1u));
}

fn products(x: u32, limbs: vec4<u32>) -> vec4<u32> {
    return vec4(
        dot4U8Packed(x, limbs.x),
        dot4U8Packed(x, limbs.y),
        dot4U8Packed(x, limbs.z),
        dot4U8Packed(x, limbs.w),
    );
}

fn add(a: vec2<u32>, b: vec2<u32>) -> vec2<u32> {
    let low = a.x + b.x;
    return vec2(low, a.y + b.y + select(0u, 1u, low < a.x));
}

fn subtract(a: vec2<u32>, b: vec2<u32>) -> vec2<u32> {
    return vec2(a.x - b.x, a.y - b.y - select(0u, 1u, a.x < b.x));
}

/// For 0 < bits < 32.
fn shift_left(a: vec2<u32>, bits: u32) -> vec2<u32> {
    return vec2(a.x << bits, (a.y << bits) | (a.x >> (32u - bits)));
}
