//! Files that may hold a dataset, and are none that is read.

use std::fs;

use super::digits::open;
use crate::support::{Outcome, ensure, failed, gzip};

#[test]
fn that_are_no_datasets_are_named() -> Outcome {
    let folder = tempfile::tempdir().map_err(failed)?;
    let tar = [&[b'a'; 257][..], b"ustar\x0000", &[0; 200]].concat();
    let pickle = b"\x80\x03]q\x00.".to_vec();
    let cases: [(&str, Vec<u8>, &str, &str); 20] = [
        (
            "a.mat",
            b"MATLAB 5.0 MAT-file, Platform".to_vec(),
            "a MATLAB file",
            "scipy.io.loadmat",
        ),
        (
            "a.h5",
            b"\x89HDF\r\n\x1a\n....".to_vec(),
            "an HDF5 file",
            "h5py",
        ),
        (
            "a.parquet",
            b"PAR1....".to_vec(),
            "a Parquet file",
            "pandas.read_parquet",
        ),
        (
            "a.arff",
            b"% MNIST\n@RELATION mnist".to_vec(),
            "an ARFF file",
            "loadarff",
        ),
        (
            "a.arff.txt",
            b"@relation mnist".to_vec(),
            "an ARFF file",
            "loadarff",
        ),
        (
            "mnist.pkl",
            pickle.clone(),
            "a Python pickle",
            "pickle.load",
        ),
        (
            "mnist.pkl.gz",
            gzip(&pickle),
            "a Python pickle, gzipped",
            "pickle.load",
        ),
        ("a.tar", tar.clone(), "a tar archive", "unpack it"),
        (
            "a.tar.gz",
            gzip(&tar),
            "a tar archive, gzipped",
            "unpack it",
        ),
        ("a.bz2", b"BZh91AY".to_vec(), "a bzip2 file", "unpack it"),
        (
            "a.7z",
            b"7z\xbc\xaf\x27\x1c".to_vec(),
            "a 7-Zip archive",
            "unpack it",
        ),
        ("a.xz", b"\xfd7zXZ\0".to_vec(), "an xz file", "unpack it"),
        (
            "a.npy",
            b"\x93NUMPY\x01\0".to_vec(),
            "a single NumPy array",
            "x_train.npy",
        ),
        (
            "mnist.npz",
            b"<!DOCTYPE html>".to_vec(),
            "a web page",
            "fetch the file again",
        ),
        (
            "b.npz",
            b"version https://git-lfs.github.com".to_vec(),
            "a Git LFS pointer",
            "git lfs",
        ),
        ("c.npz", b"{\"a\": 1}".to_vec(), "JSON", "numpy.savez"),
        (
            "d.npz",
            b"".to_vec(),
            "an empty file",
            "fetch the file again",
        ),
        (
            "e.npz",
            b"whatever".to_vec(),
            "something that is no archive",
            "fetch the file again",
        ),
        (
            "a.png",
            b"\x89PNG\r\n".to_vec(),
            "a PNG picture",
            "a folder of pictures for each class",
        ),
        (
            "images.idx",
            b"\0\0\x08\x03\0\0\0\x01".to_vec(),
            "an IDX file of images",
            "call it",
        ),
    ];
    for (name, bytes, what, advice) in cases {
        let path = folder.path().join(name);
        fs::write(&path, bytes).map_err(failed)?;
        let error = open(&path).err().ok_or(name)?;
        for says in [format!("found {what}"), advice.to_owned()] {
            ensure(error.contains(&says), || {
                format!("{error} does not say {says:?}")
            })?;
        }
    }
    Ok(())
}

/// Compressed in a way that is not read is not damaged.
#[test]
fn archives_of_another_compression_are_not_called_damaged() -> Outcome {
    let (folder, path) = super::digits::stored(&super::digits::Digits::new().arrays())?;
    let whole = fs::read(&path).map_err(failed)?;
    // The method stands in each local header and again in the directory.
    for (method, name) in [(14_u8, "LZMA"), (12, "bzip2"), (93, "Zstandard")] {
        let mut other = whole.clone();
        for place in 0..other.len() - 12 {
            match &other[place..place + 4] {
                b"PK\x03\x04" => other[place + 8] = method,
                b"PK\x01\x02" => other[place + 10] = method,
                _ => {}
            }
        }
        let path = folder.path().join(format!("{name}.npz"));
        fs::write(&path, other).map_err(failed)?;
        let error = open(&path).err().ok_or(name)?;
        for says in [&format!("compressed by {name}"), "numpy.savez_compressed"] {
            ensure(error.contains(says), || {
                format!("{error} does not say {says:?}")
            })?;
        }
    }
    Ok(())
}
