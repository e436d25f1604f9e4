//! Files that must be refused, with what the message must say.

use ncm::Dataset;

use crate::support::{Folder, Outcome, ensure, gzip, idx};

/// One bad file in an otherwise good folder.
pub struct BadFile {
    pub what: &'static str,
    name: &'static str,
    content: Vec<u8>,
    /// What the message must say: found, expected.
    says: [&'static str; 2],
}

pub fn bad_files() -> Vec<BadFile> {
    let bad = |what, name, content, says| BadFile {
        what,
        name,
        content,
        says,
    };
    let (images, labels) = (Folder::TRAIN_IMAGES, Folder::TRAIN_LABELS);
    let image_file = "an IDX image file (magic 0x00000803)";
    let body = vec![7; 36];
    let little_endian = [&[3, 8, 0, 0, 6, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0], &body[..]].concat();
    let floats = [
        &[0, 0, 13, 3, 0, 0, 0, 6, 0, 0, 0, 2, 0, 0, 0, 3],
        &body[..],
    ]
    .concat();
    vec![
        bad(
            "wrong magic",
            images,
            b"hello, this is no IDX file at all".to_vec(),
            ["something else", image_file],
        ),
        bad(
            "an empty file",
            images,
            vec![],
            ["an empty file", "header has 16 bytes"],
        ),
        bad(
            "a short header",
            images,
            idx(&[6, 2, 3], &[])[..11].to_vec(),
            ["11 bytes", "header has 16 bytes"],
        ),
        bad(
            "a short magic",
            labels,
            vec![0, 0],
            ["2 bytes", "header has 8 bytes"],
        ),
        bad(
            "a short body",
            images,
            idx(&[6, 2, 3], &body[1..]),
            ["35 bytes", "36 bytes for 6 × 2 × 3 items"],
        ),
        bad(
            "short labels",
            labels,
            idx(&[6], &[0; 5]),
            ["5 bytes", "6 bytes for 6 items"],
        ),
        bad(
            "trailing bytes",
            images,
            idx(&[6, 2, 3], &[7; 37]),
            ["more than 36 bytes", "36 bytes"],
        ),
        bad(
            "trailing labels",
            labels,
            idx(&[6], &[0; 7]),
            ["more than 6 bytes", "6 bytes"],
        ),
        bad(
            "dimensions beyond 64 bits",
            images,
            idx(&[u32::MAX; 3], &body),
            ["too many", "64 bits"],
        ),
        bad(
            "dimensions beyond the file",
            images,
            idx(&[u32::MAX, 2, 3], &body),
            ["36 bytes", "25769803770 bytes"],
        ),
        bad(
            "zero images",
            images,
            idx(&[0, 2, 3], &[]),
            ["0 × 2 × 3", "at least one"],
        ),
        bad(
            "zero rows",
            images,
            idx(&[6, 0, 3], &[]),
            ["6 × 0 × 3", "at least one"],
        ),
        bad(
            "zero labels",
            labels,
            idx(&[0], &[]),
            ["dimensions 0", "at least one"],
        ),
        bad(
            "fewer labels than images",
            labels,
            idx(&[5], &[0; 5]),
            ["5 labels", "6, one for each image"],
        ),
        bad(
            "more labels than images",
            labels,
            idx(&[7], &[0; 7]),
            ["7 labels", "6, one for each image"],
        ),
        bad(
            "labels in place of images",
            images,
            idx(&[6], &[0; 6]),
            ["an IDX label file", image_file],
        ),
        bad(
            "images in place of labels",
            labels,
            idx(&[6, 2, 3], &body),
            ["an IDX image file", "an IDX label file"],
        ),
        bad(
            "little-endian headers",
            images,
            little_endian,
            ["little-endian", image_file],
        ),
        bad(
            "other element types",
            images,
            floats,
            ["another type or shape (magic 0x00000d03)", image_file],
        ),
        bad(
            "four dimensions",
            images,
            idx(&[6, 1, 2, 3], &body),
            ["another type or shape", image_file],
        ),
        bad(
            "a web page",
            images,
            b"<!DOCTYPE html><html>404".to_vec(),
            ["a web page", image_file],
        ),
        bad(
            "an .npz archive",
            images,
            b"PK\x03\x04 and so on".to_vec(),
            ["a ZIP or .npz archive", image_file],
        ),
        bad(
            "a Git LFS pointer",
            images,
            b"version https://git-lfs.github.com/spec/v1".to_vec(),
            ["LFS", image_file],
        ),
        bad(
            "gzip within gzip",
            images,
            gzip(&gzip(&idx(&[6, 2, 3], &body))),
            ["gzip data inside", image_file],
        ),
        bad(
            "gzip cut short",
            images,
            gzip(&idx(&[6, 2, 3], &body))[..30].to_vec(),
            ["ends early", "complete gzip"],
        ),
        bad(
            "a short body in gzip",
            images,
            gzip(&idx(&[6, 2, 3], &body[1..])),
            ["35 bytes", "36 bytes"],
        ),
        bad(
            "trailing bytes in gzip",
            images,
            gzip(&idx(&[6, 2, 3], &[7; 99])),
            ["more than 36", "36 bytes"],
        ),
        bad(
            "garbage behind gzip",
            images,
            [
                gzip(&idx(&[6, 2, 3], &body)),
                b"garbage after the end".to_vec(),
            ]
            .concat(),
            ["damaged gzip data", "complete gzip"],
        ),
    ]
}

impl BadFile {
    pub fn is_refused(&self) -> Outcome {
        let folder = Folder::new();
        folder.write(self.name, &self.content);
        let error = Dataset::from_folder(folder.path())
            .err()
            .ok_or("it was accepted")?;
        let text = error.to_string();
        let [found, expected] = self.says;
        let halves = text
            .split_once("; expected ")
            .ok_or_else(|| format!("no expectation: {text}"))?;
        ensure(halves.0.contains(self.name), || {
            format!("does not name the file: {text}")
        })?;
        ensure(
            halves.0.contains(found) && halves.1.contains(expected),
            || text.clone(),
        )?;
        ensure(halves.1.contains("; ") && !text.contains('\n'), || {
            format!("no advice, or many lines: {text}")
        })?;
        ensure(error.exit_code() == 3, || {
            format!("exit code {}", error.exit_code())
        })
    }
}
