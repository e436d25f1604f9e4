//! A dataset of four small files under a name that only this test knows.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use ncm::Dataset;
use ncm::dataset::named::{Access, Contents, Entry, Patience, Published};
use sha2::{Digest, Sha256};
use tempfile::TempDir;
use zip::write::SimpleFileOptions;

use crate::support::{Answer, Folder, Mirror, Outcome, authority, ensure, failed, files_of, gzip};

/// The folder of the cache and of mirrors that the dataset is in.
pub const UNDER: &str = "made-up";

/// Files by name, and the dataset that they are.
pub struct MadeUp {
    pub files: BTreeMap<String, Vec<u8>>,
    pub entry: Entry,
}

/// A file as the catalog describes it; what is leaked is small.
fn published(name: &str, bytes: &[u8]) -> Published {
    let sum = Sha256::digest(bytes);
    let digits: String = sum.iter().map(|byte| format!("{byte:02x}")).collect();
    Published {
        name: String::leak(name.to_owned()),
        bytes: bytes.len() as u64,
        sha256: String::leak(digits),
    }
}

impl MadeUp {
    pub fn new() -> Self {
        Self::of(files_of(&Folder::new(), UNDER))
    }

    /// A dataset of these four files.
    pub fn of(files: BTreeMap<String, Vec<u8>>) -> Self {
        let described = [
            Folder::TRAIN_IMAGES,
            Folder::TRAIN_LABELS,
            Folder::TEST_IMAGES,
            Folder::TEST_LABELS,
        ]
        .map(|name| {
            let name = format!("{name}.gz");
            published(&name, &files[&format!("{UNDER}/{name}")])
        });
        Self {
            files,
            entry: entry(UNDER, Contents::Files(described)),
        }
    }

    pub fn mirror(&self, answer: Answer) -> Result<Mirror, String> {
        Mirror::start(self.files.clone(), answer)
    }
}

fn entry(name: &'static str, contents: Contents) -> Entry {
    Entry {
        name,
        about: "for this test",
        images: [6, 4],
        classes: 3,
        mirrors: &[],
        contents,
        cached_under: UNDER,
    }
}

/// Mirrors in this order, and a cache.
pub fn access(cache: &Path, mirrors: &[&str]) -> Access {
    access_trusting(cache, mirrors, authority())
}

/// As [`access`], with certificates of the caller's.
pub fn access_trusting(cache: &Path, mirrors: &[&str], certificates: PathBuf) -> Access {
    Access {
        cache: Some(cache.to_owned()),
        offline: false,
        patience: Patience::Usual,
        mirrors: Some(mirrors.iter().map(|&url| url.to_owned()).collect()),
        silence: Duration::from_secs(1),
        certificates: Some(certificates),
    }
}

fn cache() -> Result<TempDir, String> {
    tempfile::tempdir().map_err(failed)
}

/// Fetches, and reads what came.
fn fetch(made_up: &MadeUp, access: &Access) -> Result<(), String> {
    let files = made_up.entry.fetch(access, &|_| ()).map_err(failed)?;
    for (file, published) in files.iter().zip(made_up.entry.contents.published()) {
        let there = std::fs::read(file).map_err(failed)?;
        let right = &made_up.files[&format!("{UNDER}/{}", published.name)];
        ensure(&there == right, || format!("{} is another", published.name))?;
    }
    nothing_unfinished(&made_up.entry.folder(access).map_err(failed)?)
}

/// Only files and the lock are in a folder.
pub fn nothing_unfinished(folder: &Path) -> Outcome {
    let Ok(there) = std::fs::read_dir(folder) else {
        return Ok(());
    };
    let names = there.flatten().map(|file| file.file_name());
    let unfinished: Vec<_> = names
        .filter(|name| name.to_string_lossy().starts_with(".ncm-unfinished"))
        .collect();
    ensure(unfinished.is_empty(), || format!("{unfinished:?} is left"))
}

pub fn kept_and_checked() -> Outcome {
    let (made_up, cache) = (MadeUp::new(), cache()?);
    let mirror = made_up.mirror(Answer::Right)?;
    let access = access(cache.path(), &[&mirror.url]);
    fetch(&made_up, &access)?;
    // From the cache alone.
    fetch(&made_up, &access.offline())?;
    fetch(&made_up, &access)?;
    let asked = mirror.asked();
    ensure(
        asked.len() == 4 && asked.values().all(|&times| times == 1),
        || format!("{asked:?}"),
    )?;
    // In little pieces as well.
    let slowly = made_up.mirror(Answer::Slowly(7, Duration::from_micros(50)))?;
    let other = self::cache()?;
    fetch(&made_up, &self::access(other.path(), &[&slowly.url]))
}

/// What can be wrong with a mirror, and what is said of it.
fn faults(other: &str, plain: &str) -> Vec<(Answer, &'static str)> {
    vec![
        (Answer::Status(404), "404"),
        (Answer::Status(500), "500"),
        (Answer::WebPage, "41 bytes instead of"),
        (Answer::CutShort, "after"),
        (Answer::WrongBit, "another file, SHA-256"),
        (Answer::OneMore, "more than"),
        (Answer::Endless, "more than"),
        (Answer::Stalled, "timeout"),
        (Answer::HangUp, "https://localhost"),
        (Answer::Redirect(plain.to_owned()), "http"),
        (Answer::Redirect(other.to_owned()), "redirect"),
    ]
}

/// The next mirror is asked, and what came from the bad one is not kept.
pub fn bad_mirrors() -> Outcome {
    let made_up = MadeUp::new();
    let good = made_up.mirror(Answer::Right)?;
    let plain = Mirror::without_tls(made_up.files.clone())?.url;
    for (answer, _) in faults("https://localhost:1", &plain) {
        let (cache, started) = (cache()?, Instant::now());
        // Redirected to what is right is right.
        let bad = match &answer {
            Answer::Redirect(to) if to.starts_with("https") => {
                made_up.mirror(Answer::Redirect(good.url.clone()))?
            }
            answer => made_up.mirror(answer.clone())?,
        };
        let access = access(cache.path(), &[&bad.url, "https://localhost:1", &good.url]);
        fetch(&made_up, &access).map_err(|error| format!("{answer:?}: {error}"))?;
        ensure(started.elapsed() < Duration::from_secs(20), || {
            format!("{answer:?} took {:?}", started.elapsed())
        })?;
    }
    Ok(())
}

/// With bad mirrors alone, all of what is wrong is said, and nothing is kept.
pub fn every_reason() -> Outcome {
    let made_up = MadeUp::new();
    let plain = Mirror::without_tls(made_up.files.clone())?.url;
    for (answer, says) in faults("https://localhost:1", &plain) {
        // A mirror that sends to itself sends for ever.
        let says = if says == "redirect" { "refused" } else { says };
        let (cache, bad) = (cache()?, made_up.mirror(answer.clone())?);
        let gone = "https://localhost:1";
        let access = access(cache.path(), &[&bad.url, gone]);
        let error = match made_up.entry.fetch(&access, &|_| ()) {
            Ok(_) => return Err(format!("{answer:?} was accepted")),
            Err(error) => error,
        };
        let text = error.to_string();
        ensure(error.exit_code() == 4 && !text.contains('\n'), || {
            format!("exit code {}: {text}", error.exit_code())
        })?;
        for part in [says, &bad.url, gone, "--data DIR"] {
            ensure(text.to_lowercase().contains(&part.to_lowercase()), || {
                format!("{answer:?}: {text} does not say {part}")
            })?;
        }
        let folder = made_up.entry.folder(&access).map_err(failed)?;
        let kept = std::fs::read_dir(folder).map_err(failed)?.flatten();
        let kept: Vec<_> = kept.map(|file| file.file_name()).collect();
        ensure(kept.iter().all(|name| name == ".lock"), || {
            format!("{answer:?} left {kept:?}")
        })?;
    }
    Ok(())
}

/// A server without TLS has the right bytes, and is not even asked for them.
pub fn led_away() -> Outcome {
    let made_up = MadeUp::new();
    let plain = Mirror::without_tls(made_up.files.clone())?;
    let leading = made_up.mirror(Answer::Redirect(plain.url.clone()))?;
    for url in [&leading.url, &plain.url] {
        let cache = cache()?;
        let access = access(cache.path(), &[url]);
        match made_up.entry.fetch(&access, &|_| ()) {
            Ok(_) => return Err(format!("{url} was followed")),
            Err(error) => ensure(error.to_string().contains("https"), || error.to_string())?,
        }
    }
    ensure(plain.asked().is_empty(), || "it was asked".into())?;
    // To another place with TLS it may lead.
    let (good, cache) = (made_up.mirror(Answer::Right)?, cache()?);
    let leading = made_up.mirror(Answer::Redirect(good.url.clone()))?;
    fetch(&made_up, &access(cache.path(), &[&leading.url]))
}

/// Every kind of damage is noticed, and mended where the network may be used.
pub fn damaged_cache() -> Outcome {
    let (made_up, cache) = (MadeUp::new(), cache()?);
    let mirror = made_up.mirror(Answer::Right)?;
    let access = access(cache.path(), &[&mirror.url]);
    let files = made_up.entry.fetch(&access, &|_| ()).map_err(failed)?;
    let right = std::fs::read(&files[0]).map_err(failed)?;
    let mut flipped = right.clone();
    flipped[20] ^= 1;
    let shorter = right[..right.len() - 1].to_vec();
    let longer = [&right[..], b"!"].concat();
    for (what, damaged) in [
        ("a flipped bit", flipped),
        ("a byte less", shorter),
        ("a byte more", longer),
        ("nothing in it", Vec::new()),
    ] {
        std::fs::write(&files[0], &damaged).map_err(failed)?;
        let error = match made_up.entry.fetch(&access.offline(), &|_| ()) {
            Ok(_) => return Err(format!("{what} was accepted")),
            Err(error) => error,
        };
        let text = error.to_string();
        ensure(
            error.exit_code() == 3 && text.contains("ncm data fetch") && text.contains("-images-"),
            || text.clone(),
        )?;
        fetch(&made_up, &access).map_err(|error| format!("{what}: {error}"))?;
    }
    // What a killed run has left goes with the next one that writes.
    let left = files[0].with_file_name(".ncm-unfinished-killed");
    std::fs::write(left, b"half a file").map_err(failed)?;
    std::fs::remove_file(&files[1]).map_err(failed)?;
    fetch(&made_up, &access)?;
    let asked = mirror.asked();
    ensure(asked.values().sum::<usize>() == 4 + 4 + 1, || {
        format!("{asked:?}")
    })
}

pub fn offline() -> Outcome {
    let (made_up, cache) = (MadeUp::new(), cache()?);
    let mirror = made_up.mirror(Answer::Right)?;
    let access = access(cache.path(), &[&mirror.url]).offline();
    let error = match made_up.entry.fetch(&access, &|_| ()) {
        Ok(_) => return Err("it was fetched".into()),
        Err(error) => error,
    };
    let text = error.to_string();
    let folder = cache.path().display().to_string();
    ensure(
        error.exit_code() == 4 && text.contains(&folder) && text.contains("ncm data fetch made-up"),
        || text.clone(),
    )?;
    ensure(mirror.asked().is_empty(), || "a mirror was asked".into())
}

/// A certificate of an authority that nobody knows is no certificate.
pub fn unknown_authority() -> Outcome {
    let (made_up, cache) = (MadeUp::new(), cache()?);
    let mirror = made_up.mirror(Answer::Right)?;
    let access = Access {
        certificates: None,
        ..access(cache.path(), &[&mirror.url])
    };
    match made_up.entry.fetch(&access, &|_| ()) {
        Ok(_) => Err("it was trusted".into()),
        Err(error) => ensure(
            error.exit_code() == 4 && error.to_string().contains("UnknownIssuer"),
            || error.to_string(),
        ),
    }?;
    ensure(mirror.asked().is_empty(), || "it was asked".into())?;
    let no_certificates = Access {
        certificates: Some("/no/such/file.pem".into()),
        ..access
    };
    match made_up.entry.fetch(&no_certificates, &|_| ()) {
        Ok(_) => Err("no certificates were trusted".into()),
        Err(error) => ensure(
            error.exit_code() == 3 && error.to_string().contains("SSL_CERT_FILE"),
            || error.to_string(),
        ),
    }
}

/// Letters stored column by column and numbered from 1, in an archive with
/// other files: fetched once, unpacked once, read upright and from 0.
pub fn archive() -> Outcome {
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
        (found.images().rows(), found.images().columns()) == (3, 2),
        || "not turned".into(),
    )?;
    let (turned, stored) = (found.images().image(1), plain.images().image(1));
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
