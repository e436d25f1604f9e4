//! Which samples a model has seen, in its file:
//!
//! | array | type | shape | |
//! |---|---|---|---|
//! | `shard_digests` | `u8` | shards × 16 | hashes of the samples, the highest byte first, in ascending order |
//! | `shard_samples` | `u64` | shards | how many they are |
//! | `shard_classes` | `u64` | shards | classes of the datasets that they are from |
//! | `shard_datasets` | text | shards | what these are called |
//! | `shard_sets` | text | shards | which of their sets they are |

use std::io::{Read, Seek};
use std::path::Path;

use zip::result::ZipResult;

use super::texts::{printable, texts};
use super::{is_plain, numbers};
use crate::data::npz::{Archive, Header, WRITE_AGAIN, Writer};
use crate::data::shard::Shard;
use crate::error::{Error, Result};

const DIGESTS: &str = "shard_digests";
const SAMPLES: &str = "shard_samples";
const CLASSES: &str = "shard_classes";
const DATASETS: &str = "shard_datasets";
const SETS: &str = "shard_sets";

/// Bytes of a digest.
const DIGEST: usize = 16;

/// Writes shards, if there are some.
pub(super) fn write(shards: &[Shard], archive: &mut Writer) -> ZipResult<()> {
    if shards.is_empty() {
        return Ok(());
    }
    let bytes = |number: fn(&Shard) -> u64| -> Vec<u8> {
        let numbers = shards.iter().map(number);
        numbers.flat_map(u64::to_le_bytes).collect()
    };
    let names = |name: fn(&Shard) -> &str| -> Vec<String> {
        shards.iter().map(|shard| printable(name(shard))).collect()
    };
    let digests = shards.iter().flat_map(|shard| shard.digest.to_be_bytes());
    let digests: Vec<u8> = digests.collect();
    let shape = [shards.len(), DIGEST];
    archive.add(DIGESTS, "|u1", &shape, &digests)?;
    archive.add(SAMPLES, "<u8", &shape[..1], &bytes(|shard| shard.samples))?;
    archive.add(CLASSES, "<u8", &shape[..1], &bytes(|shard| shard.classes))?;
    archive.add_texts(DATASETS, &names(|shard| &shard.dataset))?;
    archive.add_texts(SETS, &names(|shard| &shard.set))
}

/// Reads shards that together have so many samples, if that is known; none where the file
/// has none.
///
/// # Errors
/// When [`write`] could not have written them.
pub(super) fn read<R: Read + Seek>(
    archive: &mut Archive<'_, R>,
    path: &Path,
    samples: Option<u64>,
) -> Result<Vec<Shard>> {
    if !archive.has(DIGESTS) {
        return Ok(Vec::new());
    }
    let refuse = |found: String, expected: &str| -> Error {
        Error::bad_file(path, found, expected, WRITE_AGAIN)
    };
    let of_digests = archive.header(DIGESTS)?;
    let &[count, 16] = &of_digests.shape[..] else {
        return Err(refuse(of_digests.to_string(), "16 bytes for each shard"));
    };
    if !of_digests.is_bytes() || of_digests.fortran_order {
        return Err(refuse(of_digests.to_string(), "16 bytes for each shard"));
    }
    let digests = archive.values(DIGESTS, &of_digests)?;
    let of_each = |archive: &mut Archive<'_, R>, name: &str| -> Result<Header> {
        let header = archive.header(name)?;
        match header.shape == [count] && !header.fortran_order {
            true => Ok(header),
            false => Err(refuse(
                format!("{header} in {name}"),
                "a value for each shard",
            )),
        }
    };
    let mut whole = |name: &str| -> Result<Vec<u64>> {
        let header = of_each(archive, name)?;
        match is_plain(&header) {
            true => numbers(archive, path, name, &header),
            false => Err(refuse(header.to_string(), "integers")),
        }
    };
    let (of_samples, of_classes) = (whole(SAMPLES)?, whole(CLASSES)?);
    let mut names = |name: &str| -> Result<Vec<String>> {
        let header = of_each(archive, name)?;
        let names = texts(archive, name, &header)?;
        names.ok_or_else(|| refuse(header.to_string(), "texts"))
    };
    let (datasets, sets) = (names(DATASETS)?, names(SETS)?);
    let digests = digests.as_chunks::<DIGEST>().0.iter();
    let numbers = of_samples.into_iter().zip(of_classes);
    let shards: Vec<Shard> = digests
        .zip(numbers)
        .zip(datasets.into_iter().zip(sets))
        .map(|((digest, (samples, classes)), (dataset, set))| Shard {
            digest: u128::from_be_bytes(*digest),
            samples,
            classes,
            dataset,
            set,
        })
        .collect();
    let is_ascending = shards.is_sorted_by(|one, other| one.digest < other.digest);
    let seen = shards
        .iter()
        .try_fold(0_u64, |sum, shard| sum.checked_add(shard.samples));
    let is_all = samples.is_none_or(|samples| seen == Some(samples));
    match is_ascending && is_all && shards.iter().all(|shard| shard.samples > 0) {
        true => Ok(shards),
        false => Err(refuse(
            format!("shards of {} samples", seen.unwrap_or(u64::MAX)),
            "different ones, of as many samples as the sums",
        )),
    }
}
