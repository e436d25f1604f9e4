//! One archive for several datasets.

use std::collections::BTreeMap;
use std::io::Write;

use ncm::Dataset;
use ncm::internals::data::named::Contents;
use zip::write::SimpleFileOptions;

use super::made_up::{UNDER, access, cache, entry, nothing_unfinished, published};
use crate::support::{Answer, Folder, Mirror, Outcome, Pictures, ensure, failed, gzip};

/// Letters stored column by column and numbered from 1, in an archive with
/// other files: fetched once, unpacked once, read upright and from 0.
#[test]
fn fetch_one_archive_for_all_of_emnist() -> Outcome {
    let folder = Folder::new();
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let names = [
        (Folder::TRAIN_IMAGES, "train-images-idx3"),
        (Folder::TRAIN_LABELS, "train-labels-idx1"),
        (Folder::TEST_IMAGES, "test-images-idx3"),
        (Folder::TEST_LABELS, "test-labels-idx1"),
    ];
    for dataset in ["emnist-letters", "emnist-digits"] {
        for (file, name) in names {
            let mut bytes = folder.read(file);
            if dataset == "emnist-letters" && name.contains("labels") {
                bytes[8..].iter_mut().for_each(|label| *label += 1);
            }
            let name = format!("gzip/{dataset}-{name}-ubyte.gz");
            zip.start_file(name, SimpleFileOptions::default())
                .map_err(failed)?;
            zip.write_all(&gzip(&bytes)).map_err(failed)?;
        }
    }
    let archive = zip.finish().map_err(failed)?.into_inner();
    let described = published("gzip.zip", &archive);
    let files = BTreeMap::from([(format!("{UNDER}/gzip.zip"), archive)]);
    let (mirror, cache) = (Mirror::start(files, Answer::Right)?, cache()?);
    let access = access(cache.path(), &[&mirror.url]);
    let plain = Dataset::from_folder(folder.path()).map_err(failed)?;
    let letters = entry("emnist-letters", Contents::Archive([described]));
    let unpacked = letters.fetch(&access, &|_| ()).map_err(failed)?;
    let read = |name: &str| {
        let place = cache.path().join(UNDER).join(name);
        Dataset::from_folder(&place).map_err(failed)
    };
    let found = read("emnist-letters")?;
    let whole = |dataset: &Dataset| dataset.train().whole().cloned().ok_or("too large");
    let (found, plain) = (whole(&found)?, whole(&plain)?);
    ensure(found.labels() == plain.labels(), || {
        format!("{:?}", found.labels())
    })?;
    // 2 × 3 pixels as they were, which column by column are 3 × 2.
    ensure(
        (found.pictures().rows(), found.pictures().columns()) == (3, 2),
        || "not turned".into(),
    )?;
    let (turned, stored) = (found.pictures().image(1), plain.pictures().image(1));
    let expected = [0, 3, 1, 4, 2, 5].map(|index| stored[index]);
    ensure(turned == expected, || format!("{turned:?} of {stored:?}"))?;
    // The other dataset is in what has been fetched; damage is unpacked again.
    let Contents::Archive([described]) = letters.contents else {
        return Err("no archive".into());
    };
    let digits = entry("emnist-digits", Contents::Archive([described]));
    digits.fetch(&access.offline(), &|_| ()).map_err(failed)?;
    std::fs::write(&unpacked[0], b"damaged").map_err(failed)?;
    let left = unpacked[0].with_file_name(".ncm-unfinished-killed");
    std::fs::write(left, b"half a file").map_err(failed)?;
    let Contents::Archive([described]) = digits.contents else {
        return Err("no archive".into());
    };
    let letters = entry("emnist-letters", Contents::Archive([described]));
    letters.fetch(&access.offline(), &|_| ()).map_err(failed)?;
    ensure(whole(&read("emnist-letters")?)? == found, || {
        "not mended".into()
    })?;
    nothing_unfinished(&cache.path().join(UNDER))?;
    let asked = mirror.asked();
    ensure(asked.values().sum::<usize>() == 1, || format!("{asked:?}"))
}
