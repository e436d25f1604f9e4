// class_sums: labelled u8 images → integer sums per class.
//
// Formula        S[c][d] = Σ x[d] over the images x of class c
//
// One workgroup  adds a segment: up to 256 images of one class. An image has
//                fewer vectors than the workgroup has invocations, so several
//                images are read at once: invocations 0 to 48 read the first
//                of MNIST's, 49 to 97 the second. Wider images are cut into
//                columns of 256 vectors, one workgroup each.
// One invocation adds one vector of 16 pixels of each of its images: every fifth
//                image of the segment, for MNIST. Neighbouring invocations read
//                neighbouring vectors, so loads are coalesced.
//
// The host sorts image indices by label, so a segment has one class and the
// loop needs neither a branch nor an atomic. Atomic additions are needed only at
// the end, because several workgroups add to the same sums.
//
// Work           about 20 integer operations per 16 bytes of image: the kernel is
//                memory-bound.
//
// Bindings       0 pixels      read        16 pixels to a vec4, rows padded to that
//                1 order       read        image indices, sorted by class
//                2 segments    read        stretches of `order`
//                3 sums        read_write  classes × vectors × 16 sums, added to
//                4 parameters  uniform
//
// Exactness      Integers throughout; equal bit for bit in any order. A 16-bit
//                half holds 257 · 255; a u32 sum holds 16,843,009 images.
//
// Twins          src/backends/gpu/class_sums.rs  src/backends/cpu/class_sums.rs
//                tests/backends/class_sums.rs    benches/class_sums.rs

/// Invocations per workgroup, and the most images per segment.
const WORKGROUP_SIZE: u32 = 256;

struct Segment {
    first: u32,
    end: u32,
    class_index: u32,
}

struct Parameters {
    /// Vectors of 16 pixels per image.
    vectors: u32,
}

@group(0) @binding(0) var<storage, read> pixels: array<vec4<u32>>;
@group(0) @binding(1) var<storage, read> order: array<u32>;
@group(0) @binding(2) var<storage, read> segments: array<Segment>;
@group(0) @binding(3) var<storage, read_write> sums: array<atomic<u32>>;
@group(0) @binding(4) var<uniform> parameters: Parameters;

/// Index of the first vector of each image in the segment.
var<workgroup> rows: array<u32, WORKGROUP_SIZE>;

/// The sums of each invocation, in pairs of 16 bits: pixels 0 and 2 of each of its
/// four words, then pixels 1 and 3.
var<workgroup> halves: array<array<u32, 8>, WORKGROUP_SIZE>;

@compute @workgroup_size(WORKGROUP_SIZE)
fn class_sums(
    @builtin(workgroup_id) workgroup: vec3<u32>,
    @builtin(local_invocation_index) lane: u32,
) {
    let segment = segments[workgroup.x];
    let images = segment.end - segment.first;
    if lane < images {
        rows[lane] = order[segment.first + lane] * parameters.vectors;
    }
    let first_vector = workgroup.y * WORKGROUP_SIZE;
    let width = min(parameters.vectors - first_vector, WORKGROUP_SIZE);
    let at_once = WORKGROUP_SIZE / width;
    workgroupBarrier();

    var even = vec4<u32>();
    var odd = vec4<u32>();
    let vector = first_vector + lane % width;
    // Invocations in excess of a whole number of images get none.
    let first_image = select(images, lane / width, lane < at_once * width);
    var i = first_image;
    // Four independent loads per iteration keep more memory requests in flight.
    for (; i + 3u * at_once < images; i += 4u * at_once) {
        let first = pixels[rows[i] + vector];
        let second = pixels[rows[i + at_once] + vector];
        let third = pixels[rows[i + 2u * at_once] + vector];
        let fourth = pixels[rows[i + 3u * at_once] + vector];
        even += even_bytes(first) + even_bytes(second) + even_bytes(third) + even_bytes(fourth);
        odd += odd_bytes(first) + odd_bytes(second) + odd_bytes(third) + odd_bytes(fourth);
    }
    for (; i < images; i += at_once) {
        let packed = pixels[rows[i] + vector];
        even += even_bytes(packed);
        odd += odd_bytes(packed);
    }
    halves[lane] = array(even.x, odd.x, even.y, odd.y, even.z, odd.z, even.w, odd.w);
    workgroupBarrier();

    // Neighbouring invocations now take neighbouring pixels and add up the partial
    // sums of the images that were read side by side.
    let first_sum = (segment.class_index * parameters.vectors + first_vector) * 16u;
    for (var pixel = lane; pixel < width * 16u; pixel += WORKGROUP_SIZE) {
        let word = pixel / 4u % 4u;
        var both = 0u;
        for (var i = 0u; i < at_once; i++) {
            both += halves[i * width + pixel / 16u][word * 2u + pixel % 2u];
        }
        let sum = select(both & 0xffffu, both >> 16u, pixel % 4u >= 2u);
        atomicAdd(&sums[first_sum + pixel], sum);
    }
}

/// Bytes 0 and 2 of each word, in 16 bits each.
fn even_bytes(packed: vec4<u32>) -> vec4<u32> {
    return packed & vec4(0x00ff00ffu);
}

/// Bytes 1 and 3 of each word.
fn odd_bytes(packed: vec4<u32>) -> vec4<u32> {
    return (packed >> vec4(8u)) & vec4(0x00ff00ffu);
}
