//! Models of feature vectors as files.
//!
//! | array | type | shape | |
//! |---|---|---|---|
//! | `sums_limbs` | `u64` | classes × dim × limbs | the exact sums: two's complement, the lowest limb first |
//! | `sums_exponent` | `i64` | | all sums are in units of 2 to this power |
//! | `counts` | `u64` | classes | samples of each class |
//! | `means` | `f64` | classes × dim | for other programs; NaN for a class without samples |
//! | `recipe` | text | | how the samples were prepared |
//! | `centre` | `f32` | dim | b, of the recipe that has one |
//!
//! Sums are in lowest terms, so equal sums give the same bytes.

use std::io::{Read, Seek};
use std::path::Path;

use zip::result::ZipResult;

use crate::classifier::float_sums::FloatSums;
use crate::data::npz::{Archive, Header, WRITE_AGAIN, Writer};
use crate::data::recipe::{Preparation, Recipe};
use crate::error::{Error, Result};

/// The array that only such a file has.
pub(super) const LIMBS: &str = "sums_limbs";
const EXPONENT: &str = "sums_exponent";
const COUNTS: &str = "counts";
const RECIPE: &str = "recipe";
const CENTRE: &str = "centre";

/// Writes all arrays but those that every model has.
pub(super) fn write(sums: &FloatSums, archive: &mut Writer) -> ZipResult<()> {
    let shape = [sums.classes(), sums.dim(), sums.width()];
    let bytes = |numbers: &[u64]| -> Vec<u8> {
        numbers
            .iter()
            .flat_map(|number| number.to_le_bytes())
            .collect()
    };
    archive.add(LIMBS, "<u8", &shape, &bytes(sums.limbs()))?;
    let exponent = i64::from(sums.exponent()).to_le_bytes();
    archive.add(EXPONENT, "<i8", &[], &exponent)?;
    archive.add(COUNTS, "<u8", &shape[..1], &bytes(sums.counts()))?;
    let mut means = Vec::with_capacity(8 * sums.classes() * sums.dim());
    for class in 0..sums.classes() {
        let none = || vec![f64::NAN; sums.dim()];
        let mean = sums.mean(class).unwrap_or_else(none);
        means.extend(mean.iter().flat_map(|value| value.to_le_bytes()));
    }
    archive.add("means", "<f8", &shape[..2], &means)?;
    let preparation = sums.preparation();
    archive.add_text(RECIPE, preparation.recipe().name())?;
    if let Some(centre) = preparation.centre() {
        let centre: Vec<u8> = centre
            .iter()
            .flat_map(|value| value.to_le_bytes())
            .collect();
        archive.add(CENTRE, "<f4", &shape[1..2], &centre)?;
    }
    Ok(())
}

/// Reads the sums.
///
/// # Errors
/// When [`write`] could not have written them.
pub(super) fn read<R: Read + Seek>(archive: &mut Archive<'_, R>, path: &Path) -> Result<FloatSums> {
    let refuse =
        |found: String, expected: &str| Error::bad_file(path, found, expected, WRITE_AGAIN);
    for array in [EXPONENT, COUNTS, RECIPE] {
        if !archive.has(array) {
            return Err(refuse(format!("no array {array}"), "all arrays of a model"));
        }
    }
    let limbs = archive.header(LIMBS)?;
    let is_u64 = matches!(limbs.value(), Some(('<', 'u', 8)));
    let (&[classes, dim, width], true) = (&limbs.shape[..], is_u64 && limbs.is_plain()) else {
        let expected = "integers of classes × dim × limbs in sums_limbs, in C order";
        return Err(refuse(limbs.to_string(), expected));
    };
    let counts = archive.header(COUNTS)?;
    if counts.shape != [classes] || !counts.is_plain() {
        return Err(refuse(
            counts.to_string(),
            "an integer for each class in counts",
        ));
    }
    let exponent = exponent(archive, path)?;
    let preparation = preparation(archive, path)?;
    let counts = archive.whole_numbers(COUNTS, &counts)?;
    let sums = archive.whole_numbers(LIMBS, &limbs)?;
    // All limbs have been read, so their numbers fit.
    let sums = FloatSums::new(dim as usize, counts, exponent, width as usize, sums);
    sums.and_then(|sums| sums.prepared_by(preparation))
        .map_err(|error| refuse(error.to_string(), "sums of feature vectors"))
}

fn exponent<R: Read + Seek>(archive: &mut Archive<'_, R>, path: &Path) -> Result<i32> {
    let header = archive.header(EXPONENT)?;
    let refuse = || {
        let expected = "one integer in sums_exponent";
        Error::bad_file(path, header.to_string(), expected, WRITE_AGAIN)
    };
    if !header.shape.is_empty() || !header.is_plain() {
        return Err(refuse());
    }
    let values = archive.values(EXPONENT, &header)?;
    let number = header.numbers(&values).next();
    number
        .and_then(|number| i32::try_from(number).ok())
        .ok_or_else(refuse)
}

fn preparation<R: Read + Seek>(archive: &mut Archive<'_, R>, path: &Path) -> Result<Preparation> {
    let refuse =
        |found: String, expected: &str| Error::bad_file(path, found, expected, WRITE_AGAIN);
    let name = archive.text(RECIPE)?.unwrap_or_default();
    let recipe = Recipe::named(&name).ok_or_else(|| {
        let names = Recipe::ALL.map(Recipe::name).join(", ");
        refuse(format!("the recipe {name:?}"), &format!("one of {names}"))
    })?;
    let centre = match archive.has(CENTRE) {
        false => None,
        true => {
            let header = archive.header(CENTRE)?;
            let is_f32 = matches!(header.value(), Some((_, 'f', 4)));
            if header.shape.len() != 1 || !is_f32 {
                return Err(refuse(header.to_string(), "a row of f32 in centre"));
            }
            Some(floats(archive, &header)?)
        }
    };
    Preparation::new(recipe, centre).map_err(|error| refuse(error.to_string(), "a recipe"))
}

fn floats<R: Read + Seek>(archive: &mut Archive<'_, R>, header: &Header) -> Result<Vec<f32>> {
    let values = archive.values(CENTRE, header)?;
    Ok(header.floats(&values).map(|value| value as f32).collect())
}
