//! What images look like as two arrays of a file: how often each level is in them, and in
//! their outermost pixels, 256 of `u64` each.

use std::io::{Read, Seek};

use zip::result::ZipResult;

use super::Look;
use crate::data::npz::{Archive, Writer};
use crate::error::Result;

impl Look {
    /// Adds both histograms to a file under these names.
    pub(crate) fn write(&self, archive: &mut Writer, names: [&str; 2]) -> ZipResult<()> {
        for (name, histogram) in names.into_iter().zip([&self.all, &self.outermost]) {
            let counts = histogram.iter().flat_map(|count| count.to_le_bytes());
            archive.add(name, "<u8", &[256], &counts.collect::<Vec<_>>())?;
        }
        Ok(())
    }

    /// Reads what [`write`](Self::write) has written.
    ///
    /// # Errors
    /// When that is not 256 integers each.
    pub(crate) fn read<R: Read + Seek>(
        archive: &mut Archive<'_, R>,
        names: [&str; 2],
    ) -> Result<Self> {
        let mut histogram = |name| -> Result<[u64; 256]> {
            let counts = archive.whole_array(name, &[256])?;
            Ok(counts.try_into().expect("an array of 256"))
        };
        Ok(Self::new(histogram(names[0])?, histogram(names[1])?))
    }
}
