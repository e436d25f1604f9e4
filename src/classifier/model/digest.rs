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
            sums.iter().for_each(|sum| hash.write(&sum.to_le_bytes()));
        }
        hash.finish_128()
    }
}
