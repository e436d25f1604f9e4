// bandwidth: how fast this device's memory can be read and copied.
//
// Formula        destination = source, or reading source alone
//
// One invocation reads four vectors of 16 bytes, a workgroup's length apart, so
//                that loads are coalesced and each invocation has four reads
//                in flight. COPIES says whether it writes them as well.
//
// Work           none: this is the bandwidth that the other kernels are compared
//                with. A copy by the driver is no substitute, since some drivers
//                copy at a fifth of the speed that a kernel reaches.
//
// Bindings       0 source      read        whole workgroups of 1,024 vectors
//                1 destination read_write  as many
//
// Exactness      Bytes.
//
// Twins          src/backends/gpu/bandwidth.rs  src/backends/cpu/bandwidth.rs

const WORKGROUP_SIZE: u32 = 256;

/// 1 to copy, 0 to only read.
override COPIES: u32;

@group(0) @binding(0) var<storage, read> source: array<vec4<u32>>;
@group(0) @binding(1) var<storage, read_write> destination: array<vec4<u32>>;

@compute @workgroup_size(WORKGROUP_SIZE)
fn bandwidth(
    @builtin(workgroup_id) workgroup: vec3<u32>,
    @builtin(local_invocation_index) lane: u32,
) {
    let first = workgroup.x * 4u * WORKGROUP_SIZE + lane;
    let second = first + WORKGROUP_SIZE;
    let third = second + WORKGROUP_SIZE;
    let fourth = third + WORKGROUP_SIZE;
    if COPIES == 1u {
        destination[first] = source[first];
        destination[second] = source[second];
        destination[third] = source[third];
        destination[fourth] = source[fourth];
        return;
    }
    let mixed = source[first] ^ source[second] ^ source[third] ^ source[fourth];
    // The buffers hold zeros, so this never writes, but the compiler cannot know
    // that and must keep the reads.
    if mixed.x != 0u {
        destination[first] = mixed;
    }
}
