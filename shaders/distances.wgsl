// distances: images × class means → squared distances, whole batch.
//
// Formula        d²(x, c) = Σ (2ᶠ·x − q)² = 2²ᶠ·‖x‖² − 2ᶠ⁺¹·(x·q) + ‖q‖²
//                with q the class mean in units of 2⁻ᶠ and f = FRACTION_BITS
//
// One invocation computes one image against four class means: it reads 16
//                pixels at a time and multiplies them with both 8-bit limbs
//                of q, x·q = x·low + 256·(x·high).
// One workgroup  takes 64 images. Its invocations read the same mean words.
//
// Bindings       0 pixels         read        16 pixels to a vec4, rows padded to that
//                1 means          read        four classes' limbs of four pixels, class quad after class quad
//                2 squared_norms  read        ‖q‖² of each class
//                3 squared        read_write  images × classes results
//                4 parameters     uniform
//
// Exactness      Integers throughout, so every adapter computes the same bits.
//                A u32 holds 65,536 products of two bytes; 64-bit values are
//                pairs (low, high).
//
// Twins          src/gpu/distances.rs  src/cpu/distances.rs
//                tests/distances.rs    benches/distances.rs

const WORKGROUP_SIZE: u32 = 64;

/// Vectors of 16 pixels whose products fit a u32 sum.
const BLOCK: u32 = 4096;

/// Bits after the binary point of a mean.
override FRACTION_BITS: u32;

struct MeanWord {
    /// Low limbs of four pixels, one class to a component.
    low: vec4<u32>,
    /// High limbs of the same.
    high: vec4<u32>,
}

struct Parameters {
    /// The first image of this batch among the resident ones.
    first_image: u32,
    /// Images in this batch.
    images: u32,
    /// Vectors of 16 pixels in an image.
    vectors: u32,
    classes: u32,
}

/// Sums over pixels: ‖x‖², and x·low, x·high for four classes.
struct Dots {
    norm: u32,
    low: vec4<u32>,
    high: vec4<u32>,
}

@group(0) @binding(0) var<storage, read> pixels: array<vec4<u32>>;
@group(0) @binding(1) var<storage, read> means: array<MeanWord>;
@group(0) @binding(2) var<storage, read> squared_norms: array<vec2<u32>>;
@group(0) @binding(3) var<storage, read_write> squared: array<vec2<u32>>;
@group(0) @binding(4) var<uniform> parameters: Parameters;

@compute @workgroup_size(WORKGROUP_SIZE)
fn distances(@builtin(global_invocation_id) invocation: vec3<u32>) {
    let image = invocation.x;
    let class_quad = invocation.y;
    if image >= parameters.images {
        return;
    }
    let row = (parameters.first_image + image) * parameters.vectors;
    let mean_row = class_quad * parameters.vectors * 4u;

    var norm = vec2<u32>();
    var products = array<vec2<u32>, 4>();
    for (var block = 0u; block < parameters.vectors; block += BLOCK) {
        let end = min(block + BLOCK, parameters.vectors);
        var dots = Dots();
        for (var i = block; i < end; i++) {
            let x = pixels[row + i];
            let mean = mean_row + i * 4u;
            dots = add_word(dots, x.x, means[mean]);
            dots = add_word(dots, x.y, means[mean + 1u]);
            dots = add_word(dots, x.z, means[mean + 2u]);
            dots = add_word(dots, x.w, means[mean + 3u]);
        }
        norm = add(norm, vec2(dots.norm, 0u));
        products[0] = add_limbs(products[0], dots.low.x, dots.high.x);
        products[1] = add_limbs(products[1], dots.low.y, dots.high.y);
        products[2] = add_limbs(products[2], dots.low.z, dots.high.z);
        products[3] = add_limbs(products[3], dots.low.w, dots.high.w);
    }

    let scaled_norm = shift_left(norm, 2u * FRACTION_BITS);
    let first_class = class_quad * 4u;
    for (var i = 0u; i < min(4u, parameters.classes - first_class); i++) {
        let class_index = first_class + i;
        let product = shift_left(products[i], FRACTION_BITS + 1u);
        let norms = add(scaled_norm, squared_norms[class_index]);
        squared[image * parameters.classes + class_index] = subtract(norms, product);
    }
}

fn add_word(dots: Dots, x: u32, mean: MeanWord) -> Dots {
    return Dots(
        dots.norm + dot4U8Packed(x, x),
        dots.low + vec4(
            dot4U8Packed(x, mean.low.x),
            dot4U8Packed(x, mean.low.y),
            dot4U8Packed(x, mean.low.z),
            dot4U8Packed(x, mean.low.w),
        ),
        dots.high + vec4(
            dot4U8Packed(x, mean.high.x),
            dot4U8Packed(x, mean.high.y),
            dot4U8Packed(x, mean.high.z),
            dot4U8Packed(x, mean.high.w),
        ),
    );
}

/// sum + low + 256·high
fn add_limbs(sum: vec2<u32>, low: u32, high: u32) -> vec2<u32> {
    return add(add(sum, vec2(low, 0u)), shift_left(vec2(high, 0u), 8u));
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
