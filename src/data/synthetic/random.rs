//! Random numbers that are the same on every platform: SplitMix64 (G. L.
//! Steele, D. Lea, C. H. Flood, "Fast splittable pseudorandom number
//! generators", 2014).

/// A stream of random numbers.
pub(crate) struct Random(u64);

impl Random {
    /// The stream seeded by these numbers; each combination has its own stream.
    pub(super) fn new(key: &[u64]) -> Self {
        let mut random = Self(0);
        for &part in key {
            random.0 ^= part;
            random.0 = random.next();
        }
        random
    }

    /// The plain stream of one seed, as S. Vigna's splitmix64.c has it.
    pub(crate) fn seeded(seed: u64) -> Self {
        Self(seed)
    }

    /// The next 64 random bits.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A random integer below `end`, which must be small.
    pub(super) fn below(&mut self, end: u64) -> u64 {
        ((self.next() >> 32) * end) >> 32
    }

    /// A random number in the half-open range from `from` to `to`.
    pub(super) fn between(&mut self, from: f64, to: f64) -> f64 {
        let unit = (self.next() >> 11) as f64 / (1_u64 << 53) as f64;
        from + (to - from) * unit
    }
}
