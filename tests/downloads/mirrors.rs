//! Good mirrors and bad ones, and what the cache makes of what they send.

use std::time::{Duration, Instant};

use ncm::internals::app::{exit_code, message};
use ncm::internals::data::named::Access;

use super::made_up::{MadeUp, access, cache, fetch};
use crate::support::{Answer, Mirror, Outcome, ensure, failed};

#[test]
fn are_kept_and_checked_each_time() -> Outcome {
    let (made_up, first, second) = (MadeUp::new(), cache()?, cache()?);
    let mirror = made_up.mirror(Answer::Right)?;
    let from_mirror = access(first.path(), &[&mirror.url]);
    fetch(&made_up, &from_mirror)?;
    // From the cache alone.
    fetch(&made_up, &from_mirror.offline())?;
    fetch(&made_up, &from_mirror)?;
    let asked = mirror.asked();
    ensure(
        asked.len() == 4 && asked.values().all(|&times| times == 1),
        || format!("{asked:?}"),
    )?;
    // In little pieces as well.
    let slowly = made_up.mirror(Answer::Slowly(7, Duration::from_micros(50)))?;
    fetch(&made_up, &access(second.path(), &[&slowly.url]))
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
#[test]
fn pass_over_bad_mirrors() -> Outcome {
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
#[test]
fn fail_with_the_reason_of_every_mirror() -> Outcome {
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
        let text = message(&error);
        ensure(exit_code(&error) == 4 && !text.contains('\n'), || {
            format!("exit code {}: {text}", exit_code(&error))
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
#[test]
fn are_never_led_away_from_https() -> Outcome {
    let made_up = MadeUp::new();
    let plain = Mirror::without_tls(made_up.files.clone())?;
    let leading = made_up.mirror(Answer::Redirect(plain.url.clone()))?;
    for url in [&leading.url, &plain.url] {
        let cache = cache()?;
        let access = access(cache.path(), &[url]);
        match made_up.entry.fetch(&access, &|_| ()) {
            Ok(_) => return Err(format!("{url} was followed")),
            Err(error) => ensure(message(&error).contains("https"), || message(&error))?,
        }
    }
    ensure(plain.asked().is_empty(), || "it was asked".into())?;
    // To another place with TLS it may lead.
    let (good, cache) = (made_up.mirror(Answer::Right)?, cache()?);
    let leading = made_up.mirror(Answer::Redirect(good.url.clone()))?;
    fetch(&made_up, &access(cache.path(), &[&leading.url]))
}

/// Every kind of damage is noticed, and mended where the network may be used.
#[test]
fn repair_a_damaged_cache() -> Outcome {
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
        let text = message(&error);
        ensure(
            exit_code(&error) == 3 && text.contains("ncm data fetch") && text.contains("-images-"),
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

#[test]
fn are_never_made_offline() -> Outcome {
    let (made_up, cache) = (MadeUp::new(), cache()?);
    let mirror = made_up.mirror(Answer::Right)?;
    let access = access(cache.path(), &[&mirror.url]).offline();
    let error = match made_up.entry.fetch(&access, &|_| ()) {
        Ok(_) => return Err("it was fetched".into()),
        Err(error) => error,
    };
    let text = message(&error);
    let folder = cache.path().display().to_string();
    ensure(
        exit_code(&error) == 4 && text.contains(&folder) && text.contains("ncm data fetch made-up"),
        || text.clone(),
    )?;
    ensure(mirror.asked().is_empty(), || "a mirror was asked".into())
}

/// A certificate of an authority that nobody knows is no certificate.
#[test]
fn trust_nobody_unknown() -> Outcome {
    let (made_up, cache) = (MadeUp::new(), cache()?);
    let mirror = made_up.mirror(Answer::Right)?;
    let access = Access {
        certificates: None,
        ..access(cache.path(), &[&mirror.url])
    };
    match made_up.entry.fetch(&access, &|_| ()) {
        Ok(_) => Err("it was trusted".into()),
        Err(error) => ensure(
            exit_code(&error) == 4 && message(&error).contains("UnknownIssuer"),
            || message(&error),
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
            exit_code(&error) == 3 && message(&error).contains("SSL_CERT_FILE"),
            || message(&error),
        ),
    }
}

/// A leftover that may not be opened does not stop a download.
#[cfg(target_os = "linux")]
#[test]
fn go_on_beside_leftovers_that_are_in_use() -> Outcome {
    let (made_up, cache) = (MadeUp::new(), cache()?);
    let mirror = made_up.mirror(Answer::Right)?;
    let folder = cache.path().join(super::made_up::UNDER);
    std::fs::create_dir_all(&folder).map_err(failed)?;
    // A program that runs may not be opened for writing, not even by root.
    let left = folder.join(".ncm-unfinished-busy");
    std::fs::copy("/bin/sleep", &left).map_err(failed)?;
    let mut busy = std::process::Command::new(&left);
    let mut busy = busy.arg("60").spawn().map_err(failed)?;
    let access = access(cache.path(), &[&mirror.url]);
    let fetched = made_up.entry.fetch(&access, &|_| ());
    busy.kill().map_err(failed)?;
    busy.wait().map_err(failed)?;
    fetched.map(drop).map_err(failed)
}
