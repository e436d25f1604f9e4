//! Which model it is: a hash of all that its answers depend on.

use twox_hash::XxHash3_128;

use super::Model;
use crate::classifier::class_sums::ClassSums;

impl Model {
    /// The XXH3-128 of the recipe with its centre and, for each class that has samples, of its
    /// name or number, its count and its sums. Classes without samples change nothing.
    pub fn digest(&self, class_names: &[String]) -> u128 {
        let mut hash = XxHash3_128::with_seed(0);
        let preparation = self.preparation();
        let text = |hash: &mut XxHash3_128, text: &str| {
            hash.write(&(text.len() as u64).to_le_bytes());
            hash.write(text.as_bytes());
        };
        text(&mut hash, preparation.recipe().name());
        for value in preparation.centre().unwrap_or_default() {
            hash.write(&value.to_le_bytes());
        }
        if let ClassSums::Floats(sums) = &self.sums {
            hash.write(&sums.exponent().to_le_bytes());
            hash.write(&(sums.width() as u64).to_le_bytes());
        }
        for class in self.sums.present() {
            match class_names.get(class) {
                Some(name) => text(&mut hash, name),
                None => hash.write(&(class as u64).to_le_bytes()),
            }
            hash.write(&self.sums.count(class).to_le_bytes());
            let sums = match &self.sums {
                ClassSums::Levels(sums) => sums.sum(class),
                ClassSums::Floats(sums) => {
                    let each = sums.dim() * sums.width();
                    &sums.limbs()[class * each..][..each]
                }
            };
            let sums: Vec<u64> = sums.iter().map(|sum| sum.to_le()).collect();
            hash.write(bytemuck::cast_slice(&sums));
        }
        hash.finish_128()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::classifier::float_sums::FloatSums;
    use crate::classifier::level_sums::LevelSums;
    use crate::data::recipe::{Preparation, Recipe};
    use crate::error::Result;

    /// The count of each class, two sums of each, and names.
    type Classes<'a> = (&'a [u64], &'a [u64], &'a [&'a str]);

    /// Of levels, and of the same as floats.
    fn digests((counts, sums, names): Classes<'_>) -> Result<[u128; 2]> {
        let levels = LevelSums::new(2, counts.to_vec(), sums.to_vec())?;
        let floats = FloatSums::of_levels(&levels)?;
        let names: Vec<String> = names.iter().map(ToString::to_string).collect();
        Ok([
            Model::new("train", levels)?.digest(&names),
            Model::new("train", floats)?.digest(&names),
        ])
    }

    #[test]
    fn a_sum_a_count_and_a_name_tell_models_apart() -> Result<()> {
        let of = digests((&[3, 2], &[7, 5, 4, 9], &["a", "b"]))?;
        let others: [Classes<'_>; 6] = [
            (&[3, 2], &[7, 5, 4, 8], &["a", "b"]),
            (&[3, 2], &[5, 7, 4, 9], &["a", "b"]),
            (&[3, 1], &[7, 5, 4, 9], &["a", "b"]),
            (&[3, 2], &[7, 5, 4, 9], &["a", "c"]),
            (&[3, 2], &[7, 5, 4, 9], &[]),
            (&[3, 0, 2], &[7, 5, 0, 0, 4, 9], &[]),
        ];
        let mut known = of.map(|of| BTreeSet::from([of]));
        for other in others {
            let found = digests(other)?;
            let [levels, floats] = &mut known;
            let are_new = levels.insert(found[0]) && floats.insert(found[1]);
            assert!(are_new, "{other:?}");
        }
        Ok(())
    }

    #[test]
    fn a_recipe_and_its_centre_tell_models_apart() -> Result<()> {
        let sums = FloatSums::new(1, vec![2], 0, 1, vec![3])?;
        let digest = |(recipe, centre): (Recipe, f32)| -> Result<u128> {
            let centre = recipe.centres().then(|| vec![centre]);
            let preparation = Preparation::new(recipe, centre)?;
            let sums = sums.clone().prepared_by(preparation)?;
            Ok(Model::new("train", sums)?.digest(&[]))
        };
        let all = Recipe::ALL.map(|recipe| (recipe, 0.5)).into_iter();
        let found = all.chain([(Recipe::Cl2n, 0.25)]).map(digest);
        let found: BTreeSet<u128> = found.collect::<Result<_>>()?;
        assert_eq!(found.len(), Recipe::ALL.len() + 1);
        Ok(())
    }

    #[test]
    fn classes_without_samples_change_nothing() -> Result<()> {
        let named = digests((&[3, 2], &[7, 5, 4, 9], &["a", "c"]))?;
        let with_b = digests((&[3, 0, 2], &[7, 5, 0, 0, 4, 9], &["a", "b", "c"]))?;
        assert_eq!(with_b, named);
        let numbered = digests((&[3, 2], &[7, 5, 4, 9], &[]))?;
        let with_third = digests((&[3, 2, 0], &[7, 5, 4, 9, 0, 0], &[]))?;
        assert_eq!(with_third, numbered);
        Ok(())
    }
}
