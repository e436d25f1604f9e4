//! Which samples a file has seen, as arrays of it:
//!
//! | array | type | shape | |
//! |---|---|---|---|
//! | `shard_digests` | `u8` | shards × 16 | hashes of the samples, the highest byte first, in ascending order |
//! | `shard_samples` | `u64` | shards | how many they are |
//! | `shard_classes` | `u64` | shards | classes of the datasets that they are from |
//! | `shard_datasets` | text | shards | what these are called |
//! | `shard_sets` | text | shards | which of their sets they are |
//! | `shard_rows` | `u64` | shards × 2 | the first row of the source, and the first behind them; 0 and 0 of all samples |
//! | `shard_lengths` | `u64` | shards | the bytes of the source; 0 of all samples |
//! | `shard_sources` | `u8` | shards × 16 | the hash of both ends of the source; 0 of all samples |
//!
//! The last three are there where some shard has rows of a source.

use std::io::{Read, Seek};

use zip::result::ZipResult;

use super::{Origin, Rows, Shard};
use crate::data::npz::{Archive, Writer, printable};
use crate::error::Result;

const DIGESTS: &str = "shard_digests";
const SAMPLES: &str = "shard_samples";
const CLASSES: &str = "shard_classes";
const DATASETS: &str = "shard_datasets";
const SETS: &str = "shard_sets";
const ROWS: &str = "shard_rows";
const LENGTHS: &str = "shard_lengths";
const SOURCES: &str = "shard_sources";

/// Bytes of a digest.
const DIGEST: usize = 16;

/// The most shards of a file, so that its header alone reserves little.
const MOST: u64 = 1 << 24;

/// Writes shards.
pub(crate) fn write(shards: &[Shard], archive: &mut Writer) -> ZipResult<()> {
    let bytes = |number: fn(&Shard) -> u64| -> Vec<u8> {
        let numbers = shards.iter().map(number);
        numbers.flat_map(u64::to_le_bytes).collect()
    };
    let names = |name: fn(&Shard) -> &str| -> Vec<String> {
        shards.iter().map(|shard| printable(name(shard))).collect()
    };
    let digests = |digest: fn(&Shard) -> u128| -> Vec<u8> {
        let digests = shards.iter().map(digest);
        digests.flat_map(u128::to_be_bytes).collect()
    };
    let shape = [shards.len(), DIGEST];
    archive.add(DIGESTS, "|u1", &shape, &digests(|shard| shard.digest))?;
    archive.add(SAMPLES, "<u8", &shape[..1], &bytes(|shard| shard.samples))?;
    archive.add(CLASSES, "<u8", &shape[..1], &bytes(|shard| shard.classes))?;
    archive.add_texts(DATASETS, &names(|shard| &shard.dataset))?;
    archive.add_texts(SETS, &names(|shard| &shard.set))?;
    if shards.iter().all(|shard| shard.rows.is_none()) {
        return Ok(());
    }
    let none = [0_u64; 2];
    let ends = |shard: &Shard| shard.rows.map_or(none, |rows| [rows.first, rows.end]);
    let ends: Vec<u8> = (shards.iter().flat_map(ends))
        .flat_map(u64::to_le_bytes)
        .collect();
    archive.add(ROWS, "<u8", &[shards.len(), 2], &ends)?;
    let length = bytes(|shard| shard.rows.map_or(0, |rows| rows.origin.length));
    archive.add(LENGTHS, "<u8", &shape[..1], &length)?;
    let sources = digests(|shard| shard.rows.map_or(0, |rows| rows.origin.digest));
    archive.add(SOURCES, "|u1", &shape, &sources)
}

/// Reads shards that together have so many samples, if that is known; `None` where the file
/// has none.
///
/// # Errors
/// When [`write`] could not have written them.
pub(crate) fn read<R: Read + Seek>(
    archive: &mut Archive<'_, R>,
    samples: Option<u64>,
) -> Result<Option<Vec<Shard>>> {
    if !archive.has(DIGESTS) {
        return Ok(None);
    }
    let of_digests = archive.header(DIGESTS)?;
    let count = match of_digests.shape[..] {
        [count, 16] if count <= MOST => count as usize,
        _ => return Err(archive.refuse(of_digests.to_string(), "16 bytes for each shard")),
    };
    let digests = digests(archive, DIGESTS, count)?;
    let of_samples = archive.whole_array(SAMPLES, &[count])?;
    let of_classes = archive.whole_array(CLASSES, &[count])?;
    let datasets = archive.row_of_texts(DATASETS, count)?;
    let sets = archive.row_of_texts(SETS, count)?;
    let rows = rows(archive, &of_samples)?;
    let numbers = of_samples.into_iter().zip(of_classes);
    let texts = datasets.into_iter().zip(sets);
    let shards: Vec<Shard> = (digests.into_iter().zip(numbers))
        .zip(texts.zip(rows))
        .map(
            |((digest, (samples, classes)), ((dataset, set), rows))| Shard {
                digest,
                samples,
                classes,
                dataset,
                set,
                rows,
            },
        )
        .collect();
    let key = |shard: &Shard| (shard.digest, shard.rows);
    let is_ascending = shards.is_sorted_by(|one, other| key(one) < key(other));
    let seen = shards
        .iter()
        .try_fold(0_u64, |sum, shard| sum.checked_add(shard.samples));
    let is_all = seen.is_some() && samples.is_none_or(|samples| seen == Some(samples));
    match is_ascending && is_all && shards.iter().all(|shard| shard.samples > 0) {
        true => Ok(Some(shards)),
        false => Err(archive.refuse(
            format!("shards of {} samples", seen.unwrap_or(u64::MAX)),
            "different ones, of as many samples as the sums",
        )),
    }
}

/// Which rows of a source so many samples are.
fn rows<R: Read + Seek>(
    archive: &mut Archive<'_, R>,
    of_samples: &[u64],
) -> Result<Vec<Option<Rows>>> {
    let count = of_samples.len();
    if !archive.has(ROWS) {
        return Ok(vec![None; count]);
    }
    let ends = archive.whole_array(ROWS, &[count, 2])?;
    let lengths = archive.whole_array(LENGTHS, &[count])?;
    let sources = digests(archive, SOURCES, count)?;
    let origins = lengths.into_iter().zip(sources);
    let each = ends.as_chunks().0.iter().zip(origins).zip(of_samples);
    let rows = each.map(|((&[first, end], (length, digest)), &samples)| {
        let origin = Origin { length, digest };
        match [first, end] {
            [0, 0] => Ok(None),
            _ if end.checked_sub(first) == Some(samples) => Ok(Some(Rows { first, end, origin })),
            _ => Err(archive.refuse(
                format!("rows {first}..{end}"),
                format!("{samples} rows of a source"),
            )),
        }
    });
    rows.collect()
}

fn digests<R: Read + Seek>(
    archive: &mut Archive<'_, R>,
    name: &str,
    count: usize,
) -> Result<Vec<u128>> {
    let header = archive.header(name)?;
    if header.shape != [count as u64, DIGEST as u64] || !header.is_bytes() || header.fortran_order {
        return Err(archive.refuse(header.to_string(), "16 bytes for each shard"));
    }
    let bytes = archive.values(name, &header)?;
    let digests = bytes.as_chunks::<DIGEST>().0.iter();
    Ok(digests.map(|&digest| u128::from_be_bytes(digest)).collect())
}
