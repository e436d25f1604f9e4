// float_nearest: samples of floats × class vectors → the least scores of each sample, from
//                which the host tells its nearest class, and whether that is certain; and how
//                many classes are nearer than its own.
//
// Formula        argmin over c of score(c) = N − ⟨x, v⟩, all of it scaled by powers of two:
//                a·N − b·⟨x, v⟩ with ‖x‖, ‖v‖, N, a and b at most 1. With e a bound on its
//                error, c is certain where no other class has score − e ≤ the least of
//                all score + e. Likewise c is nearer than a sample's own class where
//                score + e is below the least that the own score can be, and may be where
//                score − e ≤ the most.
//
// One invocation computes four samples against 16 classes at a time, tile after tile. It keeps
//                of each sample the two least lower bounds, the class of the first, the
//                least upper bound, and the two counts.
// One workgroup  takes a tile of 256 samples and a range of tiles of 16 classes. It copies
//                these into workgroup memory slice by slice, 16 values of each class, where
//                all its invocations read them.
//
// Work           One product and one addition for each value, sample and class. A sample
//                is read once for 16 classes, a class once for 256 samples.
//
// Bindings       0 samples     read        tiles of 256 samples: for each value those of four
//                                          samples to a vec4, 64 of them
//                1 classes     read        tiles of 16 classes: likewise, four of them; at the
//                                          end of each tile its terms, four vec4 for four
//                                          classes
//                2 scales      read        for each sample how its scores are scaled
//                3 found       read_write  for each range of tiles and sample of the batch
//                                          what was found
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
// Twins          src/backends/gpu/float_nearest/mod.rs    src/backends/cpu/float_nearest/mod.rs
//                tests/backends/float_nearest/mod.rs  benches/float_nearest.rs

/// Vectors of four samples in a tile, and vectors in a slice of a tile of classes.
const WORKGROUP_SIZE: u32 = 64;

/// Classes of a tile, and vectors of four of them.
const CLASSES: u32 = 16;
const GROUPS: u32 = 4;

/// Values in a slice.
const DEPTH: u32 = 16;

/// Vectors of terms at the end of a tile of classes.
const TERMS: u32 = 4u * GROUPS;

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
    /// The range of tiles of classes of this dispatch,
    first_class_tile: u32,
    end_class_tile: u32,
    /// those of one workgroup,
    tiles_each: u32,
    /// and the number of the first class of tile 0.
    first_class: u32,
}

/// How a sample's scores are scaled.
struct Scale {
    /// What N is multiplied by: a.
    offset_factor: f32,
    /// What ⟨x, v⟩ is multiplied by: b.
    product_factor: f32,
    /// At least b times how far x is from the sample, and b·‖x‖.
    displacement: f32,
    norm: f32,
    /// The class that is left out, if there is such a class.
    left_out: u32,
    /// The class whose place among all is asked for, if there is such a class,
    own: u32,
    /// and the least and the most that its score can be.
    own_low: f32,
    own_high: f32,
}

struct Found {
    /// The least lower bound, and the second least.
    low: f32,
    second: f32,
    /// The least upper bound.
    reach: f32,
    /// The class of the least lower bound.
    class_index: u32,
    /// Classes that are nearer than the sample's own, and those that may be.
    nearer: u32,
    nearer_at_most: u32,
}

/// Sums of products of four samples, each with 16 classes.
struct Sums {
    of0: Products,
    of1: Products,
    of2: Products,
    of3: Products,
}

struct Products {
    with0: vec4<f32>,
    with4: vec4<f32>,
    with8: vec4<f32>,
    with12: vec4<f32>,
}

@group(0) @binding(0) var<storage, read> samples: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read> classes: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> scales: array<Scale>;
@group(0) @binding(3) var<storage, read_write> found: array<Found>;
@group(0) @binding(4) var<uniform> parameters: Parameters;

var<workgroup> class_slice: array<vec4<f32>, WORKGROUP_SIZE>;

@compute @workgroup_size(WORKGROUP_SIZE)
fn float_nearest(
    @builtin(workgroup_id) workgroup: vec3<u32>,
    @builtin(num_workgroups) workgroups: vec3<u32>,
    @builtin(local_invocation_index) lane: u32,
) {
    let sample_tile = parameters.first_tile + workgroup.x;
    let values = sample_tile * parameters.slices * DEPTH * WORKGROUP_SIZE + lane;
    let sample = (sample_tile * WORKGROUP_SIZE + lane) * 4u;
    let tile_values = parameters.slices * WORKGROUP_SIZE;
    let first_tile = parameters.first_class_tile + workgroup.y * parameters.tiles_each;
    let end_tile = min(first_tile + parameters.tiles_each, parameters.end_class_tile);

    var least0 = Found(FAR, FAR, FAR, 0u, 0u, 0u);
    var least1 = least0;
    var least2 = least0;
    var least3 = least0;
    for (var tile = first_tile; tile < end_tile; tile++) {
        let class_tile = tile * (tile_values + TERMS);
        let sums = products(values, class_tile, lane);
        let terms = class_tile + tile_values;
        let first = parameters.first_class + tile * CLASSES;
        add_tile(&least0, sample, sums.of0, terms, first);
        add_tile(&least1, sample + 1u, sums.of1, terms, first);
        add_tile(&least2, sample + 2u, sums.of2, terms, first);
        add_tile(&least3, sample + 3u, sums.of3, terms, first);
    }
    let place = ((workgroup.y * workgroups.x + workgroup.x) * WORKGROUP_SIZE + lane) * 4u;
    found[place] = least0;
    found[place + 1u] = least1;
    found[place + 2u] = least2;
    found[place + 3u] = least3;
}

/// The products of the samples and the tile of classes that begin there.
fn products(sample_values: u32, class_tile: u32, lane: u32) -> Sums {
    var sums = Sums();
    for (var first = 0u; first < parameters.slices; first += parameters.slices_to_a_block) {
        let end = min(first + parameters.slices_to_a_block, parameters.slices);
        var block = Sums();
        for (var slice = first; slice < end; slice++) {
            workgroupBarrier();
            class_slice[lane] = classes[class_tile + slice * WORKGROUP_SIZE + lane];
            workgroupBarrier();
            for (var value = 0u; value < DEPTH; value += 4u) {
                let at = sample_values + (slice * DEPTH + value) * WORKGROUP_SIZE;
                let x0 = samples[at];
                let x1 = samples[at + WORKGROUP_SIZE];
                let x2 = samples[at + 2u * WORKGROUP_SIZE];
                let x3 = samples[at + 3u * WORKGROUP_SIZE];
                add_value(&block, x0, value * GROUPS);
                add_value(&block, x1, (value + 1u) * GROUPS);
                add_value(&block, x2, (value + 2u) * GROUPS);
                add_value(&block, x3, (value + 3u) * GROUPS);
            }
        }
        sums.of0 = added(sums.of0, block.of0);
        sums.of1 = added(sums.of1, block.of1);
        sums.of2 = added(sums.of2, block.of2);
        sums.of3 = added(sums.of3, block.of3);
    }
    return sums;
}

/// Adds the products of one value of four samples with that of the classes at `place`.
fn add_value(block: ptr<function, Sums>, x: vec4<f32>, place: u32) {
    let v0 = class_slice[place];
    let v4 = class_slice[place + 1u];
    let v8 = class_slice[place + 2u];
    let v12 = class_slice[place + 3u];
    (*block).of0.with0 += x.x * v0;
    (*block).of0.with4 += x.x * v4;
    (*block).of0.with8 += x.x * v8;
    (*block).of0.with12 += x.x * v12;
    (*block).of1.with0 += x.y * v0;
    (*block).of1.with4 += x.y * v4;
    (*block).of1.with8 += x.y * v8;
    (*block).of1.with12 += x.y * v12;
    (*block).of2.with0 += x.z * v0;
    (*block).of2.with4 += x.z * v4;
    (*block).of2.with8 += x.z * v8;
    (*block).of2.with12 += x.z * v12;
    (*block).of3.with0 += x.w * v0;
    (*block).of3.with4 += x.w * v4;
    (*block).of3.with8 += x.w * v8;
    (*block).of3.with12 += x.w * v12;
}

fn added(a: Products, b: Products) -> Products {
    return Products(
        a.with0 + b.with0,
        a.with4 + b.with4,
        a.with8 + b.with8,
        a.with12 + b.with12,
    );
}

/// Adds the bounds of a sample's scores of 16 classes, the first of which is `first`.
fn add_tile(least: ptr<function, Found>, sample: u32, sums: Products, terms: u32, first: u32) {
    let scale = scales[sample];
    add_scores(least, scale, sums.with0, terms, first);
    add_scores(least, scale, sums.with4, terms + 4u, first + 4u);
    add_scores(least, scale, sums.with8, terms + 8u, first + 8u);
    add_scores(least, scale, sums.with12, terms + 12u, first + 12u);
}

/// Adds the bounds of the scores of four classes, whose terms are N; at least ‖v‖ before v
/// was rounded; at least how far v is from that, and what rounding can do to a product with
/// it; and at least the error of N, negative for a class that cannot be nearest.
fn add_scores(
    least: ptr<function, Found>,
    scale: Scale,
    product: vec4<f32>,
    terms: u32,
    first: u32,
) {
    let errors = classes[terms + 3u];
    let score = scale.offset_factor * classes[terms] - scale.product_factor * product;
    let error = scale.displacement * classes[terms + 1u]
        + scale.norm * classes[terms + 2u]
        + scale.offset_factor * errors
        + FLUSHED;
    let numbers = first + vec4(0u, 1u, 2u, 3u);
    let counts = (errors >= vec4(0.0)) & (numbers != vec4(scale.left_out));
    let low = select(vec4(FAR), score - error, counts);
    let high = select(vec4(FAR), score + error, counts);
    let of_two = min(high.xy, high.zw);
    (*least).reach = min((*least).reach, min(of_two.x, of_two.y));
    let others = numbers != vec4(scale.own);
    (*least).nearer += count(others & (high < vec4(scale.own_low)));
    (*least).nearer_at_most += count(others & (low <= vec4(scale.own_high)));
    add_low(least, low.x, numbers.x);
    add_low(least, low.y, numbers.y);
    add_low(least, low.z, numbers.z);
    add_low(least, low.w, numbers.w);
}

fn add_low(least: ptr<function, Found>, low: f32, class_index: u32) {
    (*least).second = min((*least).second, max((*least).low, low));
    (*least).class_index = select((*least).class_index, class_index, low < (*least).low);
    (*least).low = min((*least).low, low);
}

fn count(which: vec4<bool>) -> u32 {
    return dot(select(vec4(0u), vec4(1u), which), vec4(1u));
}
