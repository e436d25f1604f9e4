//! NumPy's `.npz` format: a zip archive of `NAME.npy` files (NumPy, "numpy.lib.format").

mod archive;
mod checked;
mod member;
mod npy;
mod small;
mod values;
mod writer;

pub(crate) use archive::{Archive, WRITE_AGAIN};
pub(crate) use checked::FORMAT;
pub(crate) use npy::{BFLOAT16, Header};
pub(crate) use values::printable;
pub(crate) use writer::Writer;
