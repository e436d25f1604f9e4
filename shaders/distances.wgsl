// distances: images × class means → squared distances, whole batch.
//
// Formula        d²(x, c) = Σ (2ᶠ·x − q)² = 2²ᶠ·‖x‖² − 2ᶠ⁺¹·(x·q) + ‖q‖²
//                with q the class mean in units of 2⁻ᶠ and f = FRACTION_BITS
//
// One invocation computes one image against ten class means, with both 8-bit
//                limbs of q: x·q = x·low + 256·(x·high).
// One workgroup  takes WORKGROUP_SIZE images. Slice by slice it copies their
//                pixels and the same pixels of the means into its own memory:
//                neighbouring invocations read neighbouring vectors there, and
//                the means are read once for all its images. The odd number of
//                vectors in a slice spreads images over the memory's banks.
//
// Work           for each byte of image five products of packed bytes and a
//                quarter, so arithmetic is the limit where memory is fast.
//
// Bindings       0 pixels         read        16 pixels to a vec4, rows padded to that
//                1 means          read        limbs of two classes to a vec4, five of
//                                             them for each word of four pixels
//                2 squared_norms  read        ‖q‖² of each class
//                3 squared        read_write  images × classes results
//                4 parameters     uniform
//
// Exactness      Integers throughout, so every adapter computes the same bits.
//                A u32 holds 65,536 products of two bytes; 64-bit values are
//                pairs (low, high).
//
// Twins          src/backends/gpu/distances.rs  src/backends/cpu/distances.rs
//                tests/backends/distances.rs    benches/distances.rs

/// Images in a workgroup.
override WORKGROUP_SIZE: u32;

/// Vectors of 16 pixels in a slice of an image.
const SLICE: u32 = 7;

/// Pairs of classes that an invocation handles.
const PAIRS: u32 = 5;

/// Slices whose products fit a u32 sum: 585 · 7 · 16 ≤ 65,536.
const BLOCK: u32 = 585;

/// Bits after the binary point of a mean.
override FRACTION_BITS: u32;

struct Parameters {
    /// The first image of this batch among the resident ones.
    first_image: u32,
    /// Images in this batch.
    images: u32,
    /// Vectors of 16 pixels in an image.
    vectors: u32,
    classes: u32,
}

@group(0) @binding(0) var<storage, read> pixels: array<vec4<u32>>;
@group(0) @binding(1) var<storage, read> means: array<vec4<u32>>;
@group(0) @binding(2) var<storage, read> squared_norms: array<vec2<u32>>;
@group(0) @binding(3) var<storage, read_write> squared: array<vec2<u32>>;
@group(0) @binding(4) var<uniform> parameters: Parameters;

var<workgroup> image_slice: array<vec4<u32>, WORKGROUP_SIZE * SLICE>;
var<workgroup> mean_slice: array<vec4<u32>, SLICE * 4u * PAIRS>;

@compute @workgroup_size(WORKGROUP_SIZE)
fn distances(
    @builtin(workgroup_id) workgroup: vec3<u32>,
    @builtin(local_invocation_index) lane: u32,
) {
    let first_image = workgroup.x * WORKGROUP_SIZE;
    let slices = (parameters.vectors + SLICE - 1u) / SLICE;

    var norm = vec2<u32>();
    var sums = array<vec2<u32>, 2u * PAIRS>();
    for (var block = 0u; block < slices; block += BLOCK) {
        // Sums over pixels: ‖x‖², and x·low, x·high of each pair of classes.
        var squares = 0u;
        var dots = array<vec4<u32>, PAIRS>();
        for (var slice = block; slice < min(block + BLOCK, slices); slice++) {
            workgroupBarrier();
            copy_images(first_image, slice * SLICE, lane);
            copy_means(workgroup.y, slice * SLICE, lane);
            workgroupBarrier();
            for (var i = 0u; i < SLICE; i++) {
                let x = image_slice[lane * SLICE + i];
                squares += dot4U8Packed(x.x, x.x) + dot4U8Packed(x.y, x.y);
                squares += dot4U8Packed(x.z, x.z) + dot4U8Packed(x.w, x.w);
                for (var pair = 0u; pair < PAIRS; pair++) {
                    let mean = i * 4u * PAIRS + pair;
                    dots[pair] += products(x.x, mean_slice[mean])
                        + products(x.y, mean_slice[mean + PAIRS])
                        + products(x.z, mean_slice[mean + 2u * PAIRS])
                        + products(x.w, mean_slice[mean + 3u * PAIRS]);
                }
            }
        }
        norm = add(norm, vec2(squares, 0u));
        for (var pair = 0u; pair < PAIRS; pair++) {
            sums[2u * pair] = add_limbs(sums[2u * pair], dots[pair].xy);
            sums[2u * pair + 1u] = add_limbs(sums[2u * pair + 1u], dots[pair].zw);
        }
    }

    let image = first_image + lane;
    if image >= parameters.images {
        return;
    }
    let scaled_norm = shift_left(norm, 2u * FRACTION_BITS);
    let first_class = workgroup.y * 2u * PAIRS;
    for (var i = 0u; i < min(2u * PAIRS, parameters.classes - first_class); i++) {
        let class_index = first_class + i;
        let product = shift_left(sums[i], FRACTION_BITS + 1u);
        let norms = add(scaled_norm, squared_norms[class_index]);
        squared[image * parameters.classes + class_index] = subtract(norms, product);
    }
}

/// Copies the vectors from `first` on of this workgroup's images, zeros beyond their end.
fn copy_images(first_image: u32, first: u32, lane: u32) {
    for (var i = lane; i < WORKGROUP_SIZE * SLICE; i += WORKGROUP_SIZE) {
        let vector = first + i % SLICE;
        // Beyond the last image the last one is read again; its results go nowhere.
        let image = min(first_image + i / SLICE, parameters.images - 1u);
        var x = vec4<u32>();
        if vector < parameters.vectors {
            x = pixels[(parameters.first_image + image) * parameters.vectors + vector];
        }
        image_slice[i] = x;
    }
}

/// Copies the same pixels of ten class means; beyond their end anything will do,
/// as it is multiplied with zeros.
fn copy_means(class_group: u32, first: u32, lane: u32) {
    let words = parameters.vectors * 4u * PAIRS;
    for (var i = lane; i < SLICE * 4u * PAIRS; i += WORKGROUP_SIZE) {
        let word = min(first * 4u * PAIRS + i, words - 1u);
        mean_slice[i] = means[class_group * words + word];
    }
}

fn products(x: u32, limbs: vec4<u32>) -> vec4<u32> {
    return vec4(
        dot4U8Packed(x, limbs.x),
        dot4U8Packed(x, limbs.y),
        dot4U8Packed(x, limbs.z),
        dot4U8Packed(x, limbs.w),
    );
}

/// sum + low + 256·high
fn add_limbs(sum: vec2<u32>, limbs: vec2<u32>) -> vec2<u32> {
    return add(add(sum, vec2(limbs.x, 0u)), shift_left(vec2(limbs.y, 0u), 8u));
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
