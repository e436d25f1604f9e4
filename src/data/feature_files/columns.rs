//! Arrays that are stored column after column (Fortran order), as rows. Of many
//! columns a tile is read, so that rows are written some values at a time.

use std::io::Read;

use rayon::prelude::*;

use super::matrix::Planned;
use super::values::Values;
use crate::error::{Error, Result};

/// Values in a tile, at least. A tile may also have a part of all values, which is
/// little beside them.
const TILE: usize = 8 << 20;
const PART: usize = 16;

/// Rows and columns that are turned at a time: a line of the processor's cache.
const SIDE: usize = 16;

/// Reads all values; they are returned row after row.
///
/// # Errors
/// When memory does not hold them, and as [`Values::read`].
pub(super) fn read(values: &mut Values<impl Read>, planned: &Planned) -> Result<Vec<f32>> {
    let (rows, count) = planned.counted()?;
    read_in_tiles(values, planned, TILE.max(count / PART).min(count), rows)
}

/// As [`read`], with at most so many values in a tile.
fn read_in_tiles(
    values: &mut Values<impl Read>,
    planned: &Planned,
    most: usize,
    rows: usize,
) -> Result<Vec<f32>> {
    let dim = planned.dim;
    let (mut all, mut tile) = (Vec::new(), Vec::new());
    let reserve = |memory: &mut Vec<f32>, count: usize| {
        let reserved = memory.try_reserve_exact(count);
        reserved.map_err(|_| planned.too_large())?;
        memory.resize(count, 0.0);
        Ok::<_, Error>(())
    };
    reserve(&mut tile, most)?;
    reserve(&mut all, rows * dim)?;
    // Whole columns, as many as are turned at once if there is room; or a part of one.
    let columns = match most / rows {
        few @ ..SIDE => few.max(1),
        many => many / SIDE * SIDE,
    };
    let height = rows.min(most);
    for column in (0..dim).step_by(columns) {
        let columns = columns.min(dim - column);
        for top in (0..rows).step_by(height) {
            let height = height.min(rows - top);
            let tile = &mut tile[..height * columns];
            values.read(tile)?;
            turn(
                tile,
                height,
                &mut all[top * dim..][..height * dim],
                dim,
                column,
            );
        }
    }
    Ok(all)
}

/// Writes columns of a tile, which have `height` values each, to the rows of `into`
/// from `column` on.
fn turn(tile: &[f32], height: usize, into: &mut [f32], dim: usize, column: usize) {
    let turn = |(index, rows): (usize, &mut [f32])| {
        let (top, tall) = (index * SIDE, rows.len() / dim);
        for (index, columns) in tile.chunks(SIDE * height).enumerate() {
            let (left, wide) = (column + index * SIDE, columns.len() / height);
            // In memory of its own, or columns that are a power of two apart would
            // drive each other out of the cache.
            let mut turned = [[0.0; SIDE]; SIDE];
            for (place, column) in columns.chunks(height).enumerate() {
                for (row, &value) in turned.iter_mut().zip(&column[top..][..tall]) {
                    row[place] = value;
                }
            }
            for (row, turned) in rows.chunks_mut(dim).zip(&turned) {
                row[left..][..wide].copy_from_slice(&turned[..wide]);
            }
        }
    };
    into.par_chunks_mut(SIDE * dim).enumerate().for_each(turn);
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::data::feature_files::store::Spot;
    use crate::data::feature_files::widen::Value;
    use crate::data::npz::Header;

    fn planned(rows: u64, dim: usize) -> Arc<Planned> {
        let mut header = Header::new("<f4", vec![rows, dim as u64]);
        header.fortran_order = true;
        Arc::new(Planned {
            name: "folder/x".into(),
            header,
            spot: Spot::file("x.npy".as_ref()),
            value: Value::F32,
            rows,
            dim,
        })
    }

    /// Tiles of many columns, of one, and of a part of one.
    #[test]
    fn tiles_of_every_size_give_the_same_rows() -> Result<()> {
        for (rows, dim) in [(2, 2), (37, 35), (100, 3), (16, 64), (3, 100)] {
            let value = |row: usize, column: usize| (row * dim + column) as f32;
            let stored = (0..rows * dim).flat_map(|it| value(it % rows, it / rows).to_le_bytes());
            let stored: Vec<u8> = stored.collect();
            let expected: Vec<f32> = (0..rows * dim)
                .map(|it| value(it / dim, it % dim))
                .collect();
            for most in 1..=rows * dim {
                let planned = planned(rows as u64, dim);
                let mut values = Values::new(&stored[..], &planned);
                let read = read_in_tiles(&mut values, &planned, most, rows)?;
                assert!(read == expected, "{rows} × {dim}, {most} at a time");
                values.end()?;
            }
        }
        Ok(())
    }

    #[test]
    fn what_memory_does_not_hold_is_refused_with_what_works() {
        let planned = planned(u64::MAX / 2, 2);
        let error = read(&mut Values::new(&[][..], &planned), &planned).map(|_| ());
        let error = error.map_err(|error| error.to_string());
        let expected = "x.npy: found an array of 9223372036854775807 × 2 <f4 in Fortran order; \
                        expected what memory holds; save numpy.ascontiguousarray(x), of which a \
                        part can be read at a time";
        assert_eq!(error, Err(expected.to_owned()));
    }
}
