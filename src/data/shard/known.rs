//! Shards that are known already, to be found by their samples.

use std::collections::BTreeMap;

use super::{Origin, Shard};

/// Shards that share no samples, each with something that is known of it.
#[derive(Clone, Debug)]
pub struct Known<T> {
    by_digest: BTreeMap<u128, Vec<(Shard, T)>>,
    /// The rows of each set of a source, by the first of them: the first behind them.
    by_rows: BTreeMap<(Origin, String), BTreeMap<u64, (u64, T)>>,
}

impl<T> Default for Known<T> {
    fn default() -> Self {
        Self {
            by_digest: BTreeMap::new(),
            by_rows: BTreeMap::new(),
        }
    }
}

impl<T: Copy> Known<T> {
    /// What is known of the same samples, if anything.
    pub fn same(&self, shard: &Shard) -> Option<T> {
        let equal = self.by_digest.get(&shard.digest)?;
        let same = equal.iter().find(|(known, _)| known.is_same(shard));
        same.map(|&(_, it)| it)
    }

    /// What is known of samples some of which are these, though not of the same.
    pub fn overlapping(&self, shard: &Shard) -> Option<T> {
        let rows = shard.rows.as_ref()?;
        if self.same(shard).is_some() {
            return None;
        }
        let known = self.by_rows.get(&(rows.origin, shard.set.clone()))?;
        // Rows that are known overlap no others, so the last ones that start before the end
        // of these reach furthest.
        let (_, &(end, it)) = known.range(..rows.end).next_back()?;
        (end > rows.first).then_some(it)
    }

    /// Adds a shard.
    pub fn insert(&mut self, shard: &Shard, it: T) {
        let equal = self.by_digest.entry(shard.digest).or_default();
        equal.push((shard.clone(), it));
        if let Some(rows) = &shard.rows {
            let key = (rows.origin, shard.set.clone());
            let known = self.by_rows.entry(key).or_default();
            known.insert(rows.first, (rows.end, it));
        }
    }
}
