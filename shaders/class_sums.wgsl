// class_sums: labelled u8 images → integer sums per class.
//
// Formula        S[c][d] = Σ x[d] over the images x of class c
//
// One workgroup  adds a segment: up to 257 images of one class, 256 pixels of each.
// One invocation owns four neighbouring pixels, one packed word, of that segment.
//                Neighbouring invocations read neighbouring words: one wide load.
//
// The host sorts image indices by label, so a segment has one class and the
// loop needs neither a branch nor an atomic. Only its end adds to memory that
// other workgroups add to.
//
// Bindings       0 pixels      read        four pixels to a word, rows padded to whole words
//                1 order       read        image indices, sorted by class
//                2 segments    read        stretches of `order`
//                3 sums        read_write  classes × words × 4 sums, added to
//                4 parameters  uniform
//
// Exactness      Integers throughout; equal bit for bit in any order. A 16-bit
//                half holds 257 · 255 = 65,535; a u32 sum holds 16,843,009 images.
//
// Twins          src/gpu/class_sums.rs  src/cpu/class_sums.rs
//                tests/class_sums.rs    benches/class_sums.rs

const WORKGROUP_SIZE: u32 = 64;

struct Segment {
    first: u32,
    end: u32,
    class_index: u32,
}

struct Parameters {
    /// Packed words in an image.
    words: u32,
}

@group(0) @binding(0) var<storage, read> pixels: array<u32>;
@group(0) @binding(1) var<storage, read> order: array<u32>;
@group(0) @binding(2) var<storage, read> segments: array<Segment>;
@group(0) @binding(3) var<storage, read_write> sums: array<atomic<u32>>;
@group(0) @binding(4) var<uniform> parameters: Parameters;

@compute @workgroup_size(WORKGROUP_SIZE)
fn class_sums(
    @builtin(workgroup_id) workgroup: vec3<u32>,
    @builtin(local_invocation_index) lane: u32,
) {
    let word = workgroup.y * WORKGROUP_SIZE + lane;
    if word >= parameters.words {
        return;
    }
    let segment = segments[workgroup.x];

    // Two 16-bit sums side by side in each word: pixels 0 and 2, pixels 1 and 3.
    var even = 0u;
    var odd = 0u;
    for (var i = segment.first; i < segment.end; i++) {
        let packed = pixels[order[i] * parameters.words + word];
        even += packed & 0x00ff00ffu;
        odd += (packed >> 8u) & 0x00ff00ffu;
    }

    let first = (segment.class_index * parameters.words + word) * 4u;
    atomicAdd(&sums[first], even & 0xffffu);
    atomicAdd(&sums[first + 1u], odd & 0xffffu);
    atomicAdd(&sums[first + 2u], even >> 16u);
    atomicAdd(&sums[first + 3u], odd >> 16u);
}
