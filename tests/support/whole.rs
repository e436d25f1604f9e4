//! Random samples that are cut into parts, and the parts added up.

use std::ops::Range;

use ncm::internals::classifier::class_sums::ClassSums;
use ncm::internals::classifier::look::Look;
use ncm::internals::classifier::model::{ModelFile, Parts};
use ncm::internals::data::recipe::Recipe;
use ncm::internals::data::shard::{Shard, digest};
use ncm::internals::data::{Images, Split};
use ncm::{Features, Model};

use super::{Outcome, Random, ensure, failed};

/// The class sums of a split, by whoever is tested.
pub type Sums<'a> = &'a dyn Fn(&Split) -> Result<ClassSums, String>;

/// Sums by their definition.
pub fn on_host(split: &Split) -> Result<ClassSums, String> {
    ClassSums::of(split).map_err(failed)
}

/// Samples of which some may be cut out.
pub struct Whole {
    dim: usize,
    pixels: Option<Vec<u8>>,
    values: Vec<f32>,
    labels: Vec<u16>,
    pub recipe: Recipe,
}

impl Whole {
    /// Levels, or floats of any size, under a recipe.
    pub fn new(random: &mut Random, recipe: Option<Recipe>) -> Self {
        let (rows, dim) = (20 + random.below(60) as usize, 1 + random.below(9) as usize);
        let labels = (0..rows).map(|_| random.below(6) as u16).collect();
        let pixels = recipe.is_none().then(|| {
            let levels = (0..rows * dim).map(|_| random.below(256) as u8);
            levels.collect()
        });
        let value = |random: &mut Random| loop {
            let value = f32::from_bits(random.next() as u32);
            if value.is_finite() {
                return value;
            }
        };
        Self {
            dim,
            pixels,
            values: (0..rows * dim).map(|_| value(random)).collect(),
            labels,
            recipe: recipe.unwrap_or(Recipe::Euclidean),
        }
    }

    pub fn split(&self, rows: Range<usize>) -> Result<[Split; 2], String> {
        let labels = self.labels[rows.clone()].to_vec();
        let cut = rows.start * self.dim..rows.end * self.dim;
        let classes = labels
            .iter()
            .max()
            .map_or(1, |&label| usize::from(label) + 1);
        if let Some(pixels) = &self.pixels {
            let images = Images::new(1, self.dim, pixels[cut].to_vec()).map_err(failed)?;
            let split = Split::new(images, labels, classes).map_err(failed)?;
            return Ok([split.clone(), split]);
        }
        let raw = Features::new(self.dim, self.values[cut].to_vec()).map_err(failed)?;
        let centre: Vec<f32> = (0..self.dim).map(|column| column as f32).collect();
        let centre = (self.recipe == Recipe::Cl2n).then_some(&centre[..]);
        let prepared = self.recipe.prepare(raw.clone(), centre).map_err(failed)?;
        let split = |features| Split::new(features, labels.clone(), classes).map_err(failed);
        Ok([split(raw)?, split(prepared)?])
    }

    /// How many samples there are.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// What `ncm means --save` makes of some rows.
    pub fn part(&self, rows: Range<usize>, sums: Sums<'_>) -> Result<ModelFile, String> {
        let [raw, prepared] = self.split(rows)?;
        let mut model = Model::new("train", sums(&prepared)?).map_err(failed)?;
        if self.pixels.is_some() {
            model = model.with_look(Look::of_split(&raw)).map_err(failed)?;
        }
        let values = if self.pixels.is_some() { "u8" } else { "f32" };
        let shard = Shard {
            digest: digest(&raw.clone().into(), values, &[], |_| {}).map_err(failed)?,
            samples: raw.len() as u64,
            classes: raw.classes() as u64,
            dataset: "some".into(),
            set: "train".into(),
            rows: None,
        };
        Ok(ModelFile {
            values: values.into(),
            shards: Some(vec![shard]),
            ..ModelFile::new("some", prepared.shape(), model)
        })
    }

    /// Parts at random cuts.
    pub fn parts(&self, random: &mut Random, sums: Sums<'_>) -> Result<Vec<ModelFile>, String> {
        let rows = self.labels.len();
        let mut cuts: Vec<usize> = (0..random.below(9))
            .map(|_| 1 + random.below(rows as u64 - 1) as usize)
            .collect();
        cuts.extend([0, rows]);
        cuts.sort_unstable();
        cuts.dedup();
        cuts.windows(2)
            .map(|cut| self.part(cut[0]..cut[1], sums))
            .collect()
    }

    /// The model of all samples, which has seen them in the shards of these parts.
    pub fn in_shards_of(&self, parts: &[ModelFile]) -> Result<ModelFile, String> {
        let all = self.part(0..self.len(), &on_host)?;
        let mut shards: Vec<Shard> = parts
            .iter()
            .flat_map(|part| part.shards.clone())
            .flatten()
            .collect();
        shards.sort_unstable();
        Ok(ModelFile {
            shards: Some(shards),
            ..all
        })
    }
}

/// Two of the parts are merged at a time, in any order, until one is left.
pub fn in_a_tree(mut parts: Vec<ModelFile>, random: &mut Random) -> Result<ModelFile, String> {
    while parts.len() > 1 {
        let mut take = || parts.swap_remove(random.below(parts.len() as u64) as usize);
        let (one, other) = (take(), take());
        let mut both = Parts::new(one).map_err(failed)?;
        both.add(&other).map_err(failed)?;
        let both = both.finish().map_err(failed)?;
        // As it comes back from its file.
        let bytes = both.bytes().map_err(failed)?;
        parts.push(ModelFile::from_bytes(&bytes, "part.npz".as_ref()).map_err(failed)?);
    }
    parts.pop().ok_or_else(|| "no part".into())
}

/// Levels, and floats under each recipe.
pub fn every_kind() -> impl Iterator<Item = Option<Recipe>> {
    [None].into_iter().chain(Recipe::ALL.map(Some))
}

/// Merges random cuts of random samples of every kind in random trees, to the bytes of all
/// samples together.
pub fn merge_to_the_whole(seed: u64, rounds: usize, sums: Sums<'_>) -> Outcome {
    let mut random = Random(seed);
    for round in 0..rounds {
        for recipe in every_kind() {
            let whole = Whole::new(&mut random, recipe);
            let parts = whole.parts(&mut random, sums)?;
            let expected = whole.in_shards_of(&parts)?.bytes().map_err(failed)?;
            let found = in_a_tree(parts, &mut random)?.bytes().map_err(failed)?;
            ensure(found == expected, || format!("round {round}, {recipe:?}"))?;
        }
    }
    Ok(())
}
