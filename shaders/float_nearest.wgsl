// float_nearest: samples of floats × class vectors → nearest class, and whether that is
//                certain.
//
// Formula        argmin over c of score(c) = N − ⟨x, v⟩, all of it scaled by powers of two:
//                a·N − b·⟨x, v⟩ with |x|, |v|, |N|, a and b at most 1. With e = a bound on
//                its error, c is certain where no other class has score − e ≤ the least
//                score + e.
//
// One invocation computes four samples against four classes of a tile at a time. It keeps
//                of each sample the two least lower bounds, the class of the first, and the
//                least upper bound.
// One workgroup  takes a tile of 64 samples and goes through tiles of 64 classes. Both pass
//                through workgroup memory slice by slice, 16 values of each sample and each
//                class at a time. In the end, what its invocations found is put together.
//
// Work           One product and one addition for each value, sample and class. Of each
//                value of 64 samples, memory is read once for 64 classes.
//
// Bindings       0 samples     read        tiles of 64 samples: for each value those of four
//                                          samples to a vec4, 16 of them
//                1 classes     read        tiles of 64 classes, likewise; at the end of each
//                                          tile the terms of its classes, four vec4 for four
//                2 states      read_write  for each sample its terms, and what is known of it
//                3 decisions   read_write  for each sample of the batch: class, plus DOUBTFUL
//                4 parameters  uniform
//
// Exactness      The scores are a filter. The host makes the terms so that e covers the
//                rounding of x and v, and whatever a device may do here: round each operation
//                up or down, fuse a product with an addition, add in another order within a
//                block, flush subnormal numbers to zero. Products are added in blocks, which
//                bounds the roundings that one passes through by a block's length and the
//                number of blocks. No value is infinite, nor not a number, since a compiler
//                may assume that.
//
// Twins          src/backends/gpu/float_nearest/mod.rs  src/backends/cpu/float_nearest/mod.rs

const WORKGROUP_SIZE: u32 = 256;

/// Samples, and classes, of a tile.
const TILE: u32 = 64;

/// Vectors of four samples, or classes, in a tile.
const GROUPS: u32 = 16;

/// Values in a slice, and vectors: one for each invocation to copy.
const DEPTH: u32 = 16;
const SLICE: u32 = GROUPS * DEPTH;

/// Vectors of terms at the end of a tile of classes.
const TERMS: u32 = 4u * GROUPS;

/// Added to the class of an uncertain decision.
override DOUBTFUL: u32;

/// Beyond every score.
override FAR: f32;

/// More than flushing subnormal numbers to zero can change a score.
override FLUSHED: f32;

struct Parameters {
    /// The batch's first tile of samples among the resident ones.
    first_tile: u32,
    /// Slices of a sample.
    slices: u32,
    /// Slices whose products are added up before they are added to those of others.
    slices_to_a_block: u32,
    /// The range of tiles of classes to go through in this pass,
    first_class_tile: u32,
    end_class_tile: u32,
    /// and the number of the first class of tile 0.
    first_class: u32,
}

/// A sample in this question.
struct State {
    /// What N is multiplied by: a.
    offset_factor: f32,
    /// What ⟨x, v⟩ is multiplied by: b.
    product_factor: f32,
    /// b times how far x is from the sample, and b·‖x‖, at the least.
    displacement: f32,
    norm: f32,
    /// The class that is left out here, if there is such a class.
    left_out: u32,
    /// What is known from the classes so far.
    found: Found,
}

struct Found {
    /// The least lower bound, and the second least.
    low: f32,
    second: f32,
    /// The least upper bound.
    reach: f32,
    /// The class of the least lower bound.
    class_index: u32,
}

/// Four classes, the first of which is `first`.
struct Terms {
    first: u32,
    /// N.
    offsets: vec4<f32>,
    /// At least ‖v‖, before it was rounded.
    norms: vec4<f32>,
    /// How far v is from that, and what rounding can do to a product with it, at least.
    displacements: vec4<f32>,
    /// At least the error of N; negative for a class that cannot be nearest.
    errors: vec4<f32>,
}

/// Sums of products: of four samples, each with four classes.
struct Sums {
    of0: vec4<f32>,
    of1: vec4<f32>,
    of2: vec4<f32>,
    of3: vec4<f32>,
}

@group(0) @binding(0) var<storage, read> samples: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read> classes: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> states: array<State>;
@group(0) @binding(3) var<storage, read_write> decisions: array<u32>;
@group(0) @binding(4) var<uniform> parameters: Parameters;

var<workgroup> sample_slice: array<vec4<f32>, SLICE>;
var<workgroup> class_slice: array<vec4<f32>, SLICE>;

@compute @workgroup_size(WORKGROUP_SIZE)
fn float_nearest(
    @builtin(workgroup_id) workgroup: vec3<u32>,
    @builtin(local_invocation_index) lane: u32,
) {
    let row = lane / GROUPS;
    let column = lane % GROUPS;
    let sample_tile = parameters.first_tile + workgroup.x;
    let sample = sample_tile * TILE + row * 4u;
    let tile_values = parameters.slices * SLICE;

    var found0 = nothing();
    var found1 = nothing();
    var found2 = nothing();
    var found3 = nothing();
    for (var tile = parameters.first_class_tile; tile < parameters.end_class_tile; tile++) {
        let class_tile = tile * (tile_values + TERMS);
        let sums = products(sample_tile * tile_values, class_tile, row, column, lane);
        let first = parameters.first_class + tile * TILE + column * 4u;
        let terms = terms_at(class_tile + tile_values + column * 4u, first);
        add_scores(&found0, sample, sums.of0, terms);
        add_scores(&found1, sample + 1u, sums.of1, terms);
        add_scores(&found2, sample + 2u, sums.of2, terms);
        add_scores(&found3, sample + 3u, sums.of3, terms);
    }
    put_together(found0, workgroup.x, 0u, lane);
    put_together(found1, workgroup.x, 1u, lane);
    put_together(found2, workgroup.x, 2u, lane);
    put_together(found3, workgroup.x, 3u, lane);
}

/// The products of an invocation's samples and classes, of tiles that begin there.
fn products(sample_tile: u32, class_tile: u32, row: u32, column: u32, lane: u32) -> Sums {
    var sums = Sums();
    for (var first = 0u; first < parameters.slices; first += parameters.slices_to_a_block) {
        let end = min(first + parameters.slices_to_a_block, parameters.slices);
        var block = Sums();
        for (var slice = first; slice < end; slice++) {
            workgroupBarrier();
            sample_slice[lane] = samples[sample_tile + slice * SLICE + lane];
            class_slice[lane] = classes[class_tile + slice * SLICE + lane];
            workgroupBarrier();
            for (var value = 0u; value < SLICE; value += 4u * GROUPS) {
                add_products(&block, value + row, value + column);
                add_products(&block, value + GROUPS + row, value + GROUPS + column);
                add_products(&block, value + 2u * GROUPS + row, value + 2u * GROUPS + column);
                add_products(&block, value + 3u * GROUPS + row, value + 3u * GROUPS + column);
            }
        }
        sums.of0 += block.of0;
        sums.of1 += block.of1;
        sums.of2 += block.of2;
        sums.of3 += block.of3;
    }
    return sums;
}

/// Adds the products of one value of four samples and four classes.
fn add_products(block: ptr<function, Sums>, sample_place: u32, class_place: u32) {
    let x = sample_slice[sample_place];
    let v = class_slice[class_place];
    (*block).of0 += x.x * v;
    (*block).of1 += x.y * v;
    (*block).of2 += x.z * v;
    (*block).of3 += x.w * v;
}

fn terms_at(place: u32, first: u32) -> Terms {
    return Terms(
        first,
        classes[place],
        classes[place + 1u],
        classes[place + 2u],
        classes[place + 3u],
    );
}

/// Adds the bounds of a sample's scores with four classes.
fn add_scores(found: ptr<function, Found>, sample: u32, product: vec4<f32>, terms: Terms) {
    let offset_factor = states[sample].offset_factor;
    let score = offset_factor * terms.offsets - states[sample].product_factor * product;
    let error = states[sample].displacement * terms.norms
        + states[sample].norm * terms.displacements
        + offset_factor * terms.errors
        + FLUSHED;
    let numbers = terms.first + vec4(0u, 1u, 2u, 3u);
    let counts = (terms.errors >= vec4(0.0)) & (numbers != vec4(states[sample].left_out));
    let low = select(vec4(FAR), score - error, counts);
    let high = select(vec4(FAR), score + error, counts);
    let least = min(high.xy, high.zw);
    (*found).reach = min((*found).reach, min(least.x, least.y));
    add_low(found, low.x, numbers.x);
    add_low(found, low.y, numbers.y);
    add_low(found, low.z, numbers.z);
    add_low(found, low.w, numbers.w);
}

fn add_low(found: ptr<function, Found>, low: f32, class_index: u32) {
    (*found).second = min((*found).second, max((*found).low, low));
    (*found).class_index = select((*found).class_index, class_index, low < (*found).low);
    (*found).low = min((*found).low, low);
}

/// Decides the samples that are number `place` of four in their invocations, from what
/// all classes of this pass and those before it have shown.
fn put_together(found: Found, batch_tile: u32, place: u32, lane: u32) {
    workgroupBarrier();
    // A class number is a float without rounding, while its bits would be a subnormal one.
    sample_slice[lane] = vec4(found.low, found.second, found.reach, f32(found.class_index));
    workgroupBarrier();
    if lane < GROUPS {
        let in_tile = lane * 4u + place;
        let sample = (parameters.first_tile + batch_tile) * TILE + in_tile;
        var all = states[sample].found;
        for (var column = 0u; column < GROUPS; column++) {
            let one = sample_slice[lane * GROUPS + column];
            all.second = min(all.second, one.y);
            add_low(&all, one.x, u32(one.w));
            all.reach = min(all.reach, one.z);
        }
        states[sample].found = all;
        let is_certain = all.reach < all.second;
        decisions[batch_tile * TILE + in_tile] = all.class_index + select(DOUBTFUL, 0u, is_certain);
    }
}

fn nothing() -> Found {
    return Found(FAR, FAR, FAR, 0u);
}
