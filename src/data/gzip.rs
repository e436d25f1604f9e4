//! Gzip as `gunzip` reads it: all members (`cat a.gz b.gz` makes one valid file),
//! and nothing of what follows them. Tapes and copied disks leave zeros there,
//! and some programs a few bytes of their own.

use std::io::{self, BufRead, Read};

use flate2::bufread::GzDecoder;

use super::content::GZIP_MAGIC;

/// The content of all members.
pub(super) struct Members<R> {
    /// `None` once the last member has ended.
    member: Option<GzDecoder<Rewound<R>>>,
}

impl<R: BufRead> Members<R> {
    pub(super) fn new(source: R) -> Self {
        let source = Rewound {
            start: Vec::new(),
            source,
        };
        Self {
            member: Some(GzDecoder::new(source)),
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
            let ended = self.member.take().map(GzDecoder::into_inner);
            let mut source = match ended {
                Some(source) => source,
                None => break,
            };
            let mut start = Vec::new();
            (&mut source).take(2).read_to_end(&mut start)?;
            if start == GZIP_MAGIC {
                source.start = start;
                self.member = Some(GzDecoder::new(source));
            }
        }
        Ok(0)
    }
}

/// A source of which some bytes have been read to look at them.
struct Rewound<R> {
    start: Vec<u8>,
    source: R,
}

impl<R: BufRead> Read for Rewound<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(into)?;
        self.consume(read);
        Ok(read)
    }
}

impl<R: BufRead> BufRead for Rewound<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        match self.start.is_empty() {
            true => self.source.fill_buf(),
            false => Ok(&self.start),
        }
    }

    fn consume(&mut self, bytes: usize) {
        match self.start.is_empty() {
            true => self.source.consume(bytes),
            false => drop(self.start.drain(..bytes)),
        }
    }
}
