// nearest: squared distances → nearest class, and whether that is certain, for
//          each of a number of questions.
//
// Formula        argmin over c of d²(x, c); under leave-one-out the distance to
//                the image's own class is d² + d²·surcharge, with
//                surcharge = (n/(n−1))² − 1 in units of 2⁻ˢ, s = SURCHARGE_BITS
//
// One invocation decides one image for one question: the least squared distance, the second
//                least, and the class of the least, the lowest one if several tie.
//                The margin between the two tells whether rounding the means can
//                have changed the answer; if so, the host settles it exactly.
//
// Work           8 bytes read for each class, 4 written: a tenth of what
//                `distances` reads for an image of MNIST.
//
// Bindings       0 squared     read        models × classes × images squared distances
//                1 labels      read        class of each resident image
//                2 questions   read        a table for each question: the model that it is
//                                          about; the widest margin that is not certain, for
//                                          each number of bits of the second least distance;
//                                          and a surcharge, ABSENT or OUT_FOR_OWN for each
//                                          class
//                3 decisions   read_write  questions × images of the batch: class, plus
//                                          DOUBTFUL
//                4 parameters  uniform
//
// Exactness      Integers throughout; 64-bit values are pairs (low, high).
//
// Twins          src/backends/gpu/nearest.rs  src/backends/cpu/nearest.rs
//                tests/backends/nearest.rs    benches/nearest.rs

const WORKGROUP_SIZE: u32 = 64;

/// Fractional bits of a surcharge.
override SURCHARGE_BITS: u32;

/// The surcharge of a class without images, which is never nearest.
override ABSENT: u32;

/// The surcharge of a class whose only image is the one left out.
override OUT_FOR_OWN: u32;

/// Added to the class of an uncertain decision.
override DOUBTFUL: u32;

/// The number of bit lengths that a 64-bit value can have.
const ENTRIES: u32 = 65;

/// Where the margins and the surcharges begin in a question's table.
const MARGINS: u32 = 1;
const SURCHARGES: u32 = MARGINS + ENTRIES;

struct Parameters {
    /// Index of this batch's first image among the resident ones.
    first_image: u32,
    /// Number of images in this batch.
    images: u32,
    classes: u32,
}

@group(0) @binding(0) var<storage, read> squared: array<vec2<u32>>;
@group(0) @binding(1) var<storage, read> labels: array<u32>;
@group(0) @binding(2) var<storage, read> questions: array<vec2<u32>>;
@group(0) @binding(3) var<storage, read_write> decisions: array<u32>;
@group(0) @binding(4) var<uniform> parameters: Parameters;

@compute @workgroup_size(WORKGROUP_SIZE)
fn nearest(@builtin(global_invocation_id) invocation: vec3<u32>) {
    let image = invocation.x;
    if image >= parameters.images {
        return;
    }
    let label = labels[parameters.first_image + image];
    let question = invocation.y;
    let table = question * (SURCHARGES + parameters.classes);
    let first_class = questions[table].x * parameters.classes;

    var class_index = 0u;
    var least = vec2(0xffffffffu);
    var second = vec2(0xffffffffu);
    for (var c = 0u; c < parameters.classes; c++) {
        let surcharge = questions[table + SURCHARGES + c].x;
        let own = c == label;
        if surcharge == ABSENT || (own && surcharge == OUT_FOR_OWN) {
            continue;
        }
        var candidate = squared[(first_class + c) * parameters.images + image];
        if own {
            candidate = add(candidate, surcharge_on(candidate, surcharge));
        }
        if less(candidate, least) {
            second = least;
            least = candidate;
            class_index = c;
        } else if less(candidate, second) {
            second = candidate;
        }
    }
    let most_doubtful = questions[table + MARGINS + bits(second)];
    let is_certain = less(most_doubtful, subtract(second, least));
    decisions[question * parameters.images + image] = class_index + select(DOUBTFUL, 0u, is_certain);
}

/// The bit length of a number.
fn bits(a: vec2<u32>) -> u32 {
    return select(32u - countLeadingZeros(a.x), 64u - countLeadingZeros(a.y), a.y > 0u);
}

/// squared · surcharge · 2⁻ˢ, rounded down.
fn surcharge_on(squared_distance: vec2<u32>, surcharge: u32) -> vec2<u32> {
    let low = multiply(squared_distance.x, surcharge);
    let high = add(multiply(squared_distance.y, surcharge), vec2(low.y, 0u));
    // The 96-bit product is (low.x, high.x, high.y).
    return vec2(
        (low.x >> SURCHARGE_BITS) | (high.x << (32u - SURCHARGE_BITS)),
        (high.x >> SURCHARGE_BITS) | (high.y << (32u - SURCHARGE_BITS)),
    );
}

/// The 64-bit product of two words, from 16-bit halves.
fn multiply(a: u32, b: u32) -> vec2<u32> {
    let low = (a & 0xffffu) * (b & 0xffffu);
    let middle = (a >> 16u) * (b & 0xffffu) + (low >> 16u);
    let other = (a & 0xffffu) * (b >> 16u) + (middle & 0xffffu);
    let high = (a >> 16u) * (b >> 16u) + (middle >> 16u) + (other >> 16u);
    return vec2((other << 16u) | (low & 0xffffu), high);
}

fn add(a: vec2<u32>, b: vec2<u32>) -> vec2<u32> {
    let low = a.x + b.x;
    return vec2(low, a.y + b.y + select(0u, 1u, low < a.x));
}

fn subtract(a: vec2<u32>, b: vec2<u32>) -> vec2<u32> {
    return vec2(a.x - b.x, a.y - b.y - select(0u, 1u, a.x < b.x));
}

fn less(a: vec2<u32>, b: vec2<u32>) -> bool {
    return a.y < b.y || (a.y == b.y && a.x < b.x);
}
