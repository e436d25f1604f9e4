//! Models of images as files.
//!
//! | array | type | shape | |
//! |---|---|---|---|
//! | `class_sums` | `u64` | classes × rows × columns | the exact sums |
//! | `counts` | `u64` | classes | images of each class |
//! | `means` | `f64` | as `class_sums` | for other programs; NaN for a class without images |
//! | `levels` | `u64` | 256 | how often each level is in the images, where that is known |
//! | `outermost_levels` | `u64` | 256 | the same of their outermost pixels |

use std::io::{Read, Seek};
use std::path::Path;

use zip::result::ZipResult;

use crate::classifier::level_sums::LevelSums;
use crate::classifier::look::Look;
use crate::classifier::model::Model;
use crate::data::npz::{Archive, Header, WRITE_AGAIN, Writer};
use crate::data::{MOST_PIXELS, Shape};
use crate::error::{Error, Result};

/// The arrays that a model file of images must have.
pub(super) const ARRAYS: [&str; 2] = ["class_sums", "counts"];

/// The arrays of what its images look like, which older files do not have.
const LOOK: [&str; 2] = ["levels", "outermost_levels"];

/// The most sums that may be stored in fewer than 64 bits. In memory each sum takes
/// 64 bits, so a larger array of narrow, compressible values could take far more
/// memory than the file's size suggests.
const MOST_NARROW: u64 = 1 << 26;

/// Writes all arrays but those that every model has; images have so many rows and columns.
pub(super) fn write(
    sums: &LevelSums,
    look: Option<&Look>,
    [rows, columns]: [usize; 2],
    archive: &mut Writer,
) -> ZipResult<()> {
    let classes = 0..sums.classes();
    let shape = [sums.classes(), rows, columns];
    let of_sums = classes.clone().flat_map(|class| sums.sum(class));
    let of_sums: Vec<u8> = of_sums.flat_map(|sum| sum.to_le_bytes()).collect();
    let counts = sums.counts().iter().flat_map(|count| count.to_le_bytes());
    let means = classes.flat_map(|class| {
        let none = || vec![f64::NAN; sums.dim()];
        sums.mean(class).unwrap_or_else(none)
    });
    let means: Vec<u8> = means.flat_map(f64::to_le_bytes).collect();
    archive.add("class_sums", "<u8", &shape, &of_sums)?;
    archive.add("counts", "<u8", &shape[..1], &counts.collect::<Vec<_>>())?;
    archive.add("means", "<f8", &shape, &means)?;
    if let Some(look) = look {
        look.write(archive, LOOK)?;
    }
    Ok(())
}

/// Reads what the images look like that a model was trained on, and the model.
///
/// # Errors
/// When the file has no such model, or [`write`] could not have written it.
pub(super) fn read<R: Read + Seek>(
    archive: &mut Archive<'_, R>,
    path: &Path,
    trained_on: String,
) -> Result<(Shape, Model)> {
    if let Some(array) = ARRAYS.into_iter().find(|array| !archive.has(array)) {
        return Err(Error::NoModel {
            path: path.to_owned(),
            array,
        });
    }
    let [of_sums, of_counts] = [archive.header("class_sums")?, archive.header("counts")?];
    let (rows, columns) = shape(&of_sums, &of_counts, path)?;
    let sums = archive.whole_numbers("class_sums", &of_sums)?;
    let counts = archive.whole_numbers("counts", &of_counts)?;
    let refuse = |error: Error| {
        let expected = "sums of images of 0 to 255";
        Error::bad_file(path, error.to_string(), expected, WRITE_AGAIN)
    };
    let sums = LevelSums::new(rows * columns, counts, sums).map_err(refuse)?;
    let mut model = Model::new_part(trained_on, sums);
    if let Some(look) = look(archive)? {
        model = model.with_look(look).map_err(refuse)?;
    }
    Ok((Shape::Image { rows, columns }, model))
}

/// What the images look like, where the file says so.
fn look<R: Read + Seek>(archive: &mut Archive<'_, R>) -> Result<Option<Look>> {
    if !LOOK.iter().all(|array| archive.has(array)) {
        return Ok(None);
    }
    Look::read(archive, LOOK).map(Some)
}

/// Rows and columns of the images that the sums were made of.
fn shape(of_sums: &Header, of_counts: &Header, path: &Path) -> Result<(usize, usize)> {
    let refuse = |header: &Header, expected: &str| {
        Err(Error::bad_file(
            path,
            header.to_string(),
            expected,
            WRITE_AGAIN,
        ))
    };
    let ([classes, rows, columns], true) = (&of_sums.shape[..], of_sums.is_plain()) else {
        return refuse(
            of_sums,
            "integers of classes × rows × columns in class_sums, in C order",
        );
    };
    let pixels = rows
        .checked_mul(*columns)
        .filter(|pixels| (1..=MOST_PIXELS as u64).contains(pixels));
    if pixels.is_none() || !(1..=1 << 16).contains(classes) {
        let expected = format!("1 to 65,536 classes of 1 to {MOST_PIXELS} pixels in class_sums");
        return refuse(of_sums, &expected);
    }
    let elements = pixels.and_then(|pixels| pixels.checked_mul(*classes));
    let is_narrow = of_sums.bytes() < elements.and_then(|elements| elements.checked_mul(8));
    if is_narrow && elements > Some(MOST_NARROW) {
        let expected = format!("64 bits each for more than {MOST_NARROW} numbers");
        return refuse(of_sums, &expected);
    }
    if of_counts.shape != [*classes] || !of_counts.is_plain() {
        return refuse(of_counts, &format!("{classes} integers in counts"));
    }
    // Neither exceeds the number of pixels in an image.
    Ok((*rows as usize, *columns as usize))
}
