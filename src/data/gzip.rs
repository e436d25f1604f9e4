//! Gzip as `gunzip` reads it: all members (`cat a.gz b.gz` makes one valid file),
//! and nothing of what follows them. Tapes and copied disks leave zeros there,
//! and some programs a few bytes of their own.

use std::io::{self, BufRead, Chain, Cursor, Read};

use flate2::bufread::GzDecoder;

use super::content::{GZIP_MAGIC, first_two};

/// A source of which some bytes have been read to look at them.
type Rewound<R> = Chain<Cursor<Vec<u8>>, R>;

/// The content of all members.
pub(super) struct Members<R> {
    /// `None` once the last member has ended.
    member: Option<GzDecoder<Rewound<R>>>,
}

impl<R: BufRead> Members<R> {
    pub(super) fn new(source: R) -> Self {
        Self {
            member: Some(starting(Vec::new(), source)),
        }
    }
}

impl<R: BufRead> Read for Members<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while let Some(member) = &mut self.member {
            let read = member.read(into)?;
            if read > 0 || into.is_empty() {
                return Ok(read);
            }
            let Some(ended) = self.member.take() else {
                break;
            };
            // A member is longer than the bytes that were looked at.
            let (_, mut source) = ended.into_inner().into_inner();
            let start = first_two(&mut source)?;
            if start == GZIP_MAGIC {
                self.member = Some(starting(start, source));
            }
        }
        Ok(0)
    }
}

/// Reads a member whose first bytes have been read.
fn starting<R: BufRead>(start: Vec<u8>, source: R) -> GzDecoder<Rewound<R>> {
    GzDecoder::new(Cursor::new(start).chain(source))
}
