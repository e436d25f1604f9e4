//! Parts of datasets: whatever the samples, the cuts and the order, they add up to the bytes
//! of the whole, and come off again.

use ncm::internals::classifier::class_sums::ClassSums;
use ncm::internals::classifier::look::Look;
use ncm::internals::classifier::model::{ModelFile, Parts};
use ncm::internals::data::recipe::Recipe;
use ncm::internals::data::shard::{Shard, digest};
use ncm::internals::data::{Images, Split};
use ncm::{Features, Model};

use crate::support::{Outcome, Random, ensure, failed};

/// Samples of which some may be cut out.
struct Whole {
    dim: usize,
    pixels: Option<Vec<u8>>,
    values: Vec<f32>,
    labels: Vec<u16>,
    recipe: Recipe,
}

impl Whole {
    /// Levels, or floats of any size, under a recipe.
    fn new(random: &mut Random, recipe: Option<Recipe>) -> Self {
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

    fn split(&self, rows: std::ops::Range<usize>) -> Result<[Split; 2], String> {
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

    /// What `ncm means --save` makes of some rows.
    fn part(&self, rows: std::ops::Range<usize>) -> Result<ModelFile, String> {
        let [raw, prepared] = self.split(rows)?;
        let sums = ClassSums::of(&prepared).map_err(failed)?;
        let mut model = Model::new("train", sums).map_err(failed)?;
        if self.pixels.is_some() {
            model = model.with_look(Look::of_split(&raw)).map_err(failed)?;
        }
        let values = if self.pixels.is_some() { "u8" } else { "f32" };
        let shard = Shard {
            digest: digest(&raw.clone().into(), values, &[]).map_err(failed)?,
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
    fn parts(&self, random: &mut Random) -> Result<Vec<ModelFile>, String> {
        let rows = self.labels.len();
        let mut cuts: Vec<usize> = (0..random.below(9))
            .map(|_| 1 + random.below(rows as u64 - 1) as usize)
            .collect();
        cuts.extend([0, rows]);
        cuts.sort_unstable();
        cuts.dedup();
        cuts.windows(2)
            .map(|cut| self.part(cut[0]..cut[1]))
            .collect()
    }
}

/// Two of the parts are merged at a time, in any order, until one is left.
fn in_a_tree(mut parts: Vec<ModelFile>, random: &mut Random) -> Result<ModelFile, String> {
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

fn every_kind() -> impl Iterator<Item = Option<Recipe>> {
    [None].into_iter().chain(Recipe::ALL.map(Some))
}

#[test]
fn add_up_to_the_bytes_of_the_whole_in_any_tree() -> Outcome {
    let mut random = Random(17);
    for round in 0..20 {
        for recipe in every_kind() {
            let whole = Whole::new(&mut random, recipe);
            let parts = whole.parts(&mut random)?;
            let one = in_a_tree(parts.clone(), &mut random)?;
            let other = in_a_tree(parts, &mut random)?;
            let what = || format!("round {round}, {recipe:?}");
            let [bytes, others] = [&one, &other].map(ModelFile::bytes);
            ensure(bytes.map_err(failed)? == others.map_err(failed)?, what)?;
            // Samples are known by what they are, whoever adds them up.
            let [_, prepared] = whole.split(0..whole.labels.len())?;
            let sums = ClassSums::of(&prepared).map_err(failed)?;
            ensure(*one.model.sums() == sums, what)?;
            let look = whole.pixels.is_some().then(|| Look::of_split(&prepared));
            ensure(one.model.look() == look.as_ref(), what)?;
        }
    }
    Ok(())
}

#[test]
fn come_off_to_the_bytes_of_never_having_been_there() -> Outcome {
    let mut random = Random(18);
    for recipe in every_kind() {
        let whole = Whole::new(&mut random, recipe);
        let parts = loop {
            let parts = whole.parts(&mut random)?;
            if parts.len() > 2 {
                break parts;
            }
        };
        let never = in_a_tree(parts[1..].to_vec(), &mut random)?;
        let mut all = Parts::new(in_a_tree(parts.clone(), &mut random)?).map_err(failed)?;
        all.remove(&parts[0]).map_err(failed)?;
        ensure(all.remove(&parts[0]).is_err(), || "taken out twice".into())?;
        let left = all.finish().map_err(failed)?.bytes().map_err(failed)?;
        ensure(left == never.bytes().map_err(failed)?, || {
            format!("{recipe:?}")
        })?;
    }
    Ok(())
}

#[test]
fn of_other_kinds_or_the_same_samples_are_refused() -> Outcome {
    let mut random = Random(19);
    let whole = Whole::new(&mut random, Some(Recipe::L2n));
    let half = whole.labels.len() / 2;
    let (one, other) = (whole.part(0..half)?, whole.part(half..2 * half)?);
    let unknown = ModelFile {
        shards: None,
        ..other.clone()
    };
    ensure(Parts::new(unknown.clone()).is_err(), || "unknown".into())?;
    let mut parts = Parts::new(one.clone()).map_err(failed)?;
    let as_other = Whole {
        recipe: Recipe::Icarl,
        ..Whole::new(&mut Random(19), Some(Recipe::L2n))
    };
    let names = ModelFile {
        class_names: (0..other.model.sums().classes())
            .map(|it| it.to_string())
            .collect(),
        ..other.clone()
    };
    let values = ModelFile {
        values: "f16".into(),
        ..other.clone()
    };
    for (what, part) in [
        ("the same", one),
        ("unknown", unknown),
        ("another recipe", as_other.part(half..2 * half)?),
        ("names", names),
        ("values", values),
        ("images", Whole::new(&mut random, None).part(0..3)?),
    ] {
        ensure(parts.add(&part).is_err(), || what.into())?;
        ensure(parts.remove(&part).is_err() != (what == "the same"), || {
            format!("{what} comes off")
        })?;
    }
    Ok(())
}

#[test]
fn classes_of_names_are_united_by_these() -> Outcome {
    let mut random = Random(20);
    let whole = Whole::new(&mut random, None);
    let half = whole.labels.len() / 2;
    let named = |rows, names: [&str; 6]| -> Result<ModelFile, String> {
        let part = whole.part(rows)?;
        let classes = part.model.sums().classes();
        Ok(ModelFile {
            class_names: names[..classes].iter().map(ToString::to_string).collect(),
            ..part
        })
    };
    let one = named(0..half, ["b", "c", "e", "g", "x", "y"])?;
    let other = named(half..2 * half, ["a", "c", "d", "g", "w", "y"])?;
    let mut parts = Parts::new(one.clone()).map_err(failed)?;
    parts.add(&other).map_err(failed)?;
    let both = parts.finish().map_err(failed)?;
    for (place, name) in both.class_names.iter().enumerate() {
        let mut count = 0;
        for part in [&one, &other] {
            let class = part.class_names.iter().position(|it| it == name);
            count += class.map_or(0, |class| part.model.sums().count(class));
        }
        let found = both.model.sums().count(place);
        ensure(found == count && count > 0, || {
            format!("{name}: {found}, not {count}")
        })?;
    }
    ensure(both.class_names.is_sorted(), || {
        format!("{:?}", both.class_names)
    })
}
