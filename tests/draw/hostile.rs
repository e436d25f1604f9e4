//! Thousands of requests that nobody means well with.

use std::collections::BTreeMap;
use std::panic;
use std::sync::Once;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::client::{CANVAS, IMAGE, Site, THREAD};
use super::response::Response;
use crate::support::{Outcome, Random, ensure};

/// How many are sent.
const REQUESTS: u64 = 12_000;

/// What turns up where it is not expected.
const PIECES: [&[u8]; 20] = [
    b"\r\n",
    b"\r\n\r\n",
    b"\n",
    b"\0",
    b"\xff\xfe",
    b"%",
    b"%00",
    b"/../",
    b"?",
    b"&&==",
    b"HTTP/1.1",
    b"HTTP/2.0",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"content-length: 5\r\n",
    b"content-length: 18446744073709551615\r\n",
    b"transfer-encoding: chunked\r\n",
    b"transfer-encoding: gzip, chunked\r\n",
    b"expect: 100-continue\r\n",
    b"connection: upgrade\r\nupgrade: websocket\r\n",
    b"\xf0\x9f\xa6\x80",
];

/// Panics in servers for drawing; any that were contained are among them.
static PANICS: AtomicUsize = AtomicUsize::new(0);

fn count_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if thread::current().name() == Some(THREAD) {
                PANICS.fetch_add(1, Ordering::Relaxed);
            }
            usual(info);
        }));
    });
}

#[test]
fn withstands_any_bytes() -> Outcome {
    count_panics();
    let site = Site::start()?;
    let good = [
        site.get("/").bytes(),
        site.get("/api/models").bytes(),
        site.get("/api/gallery?from=0&count=3").bytes(),
        site.post("/api/difference?model=0&a=1&b=2", vec![7; IMAGE])
            .bytes(),
        site.post("/api/read", vec![7; CANVAS]).bytes(),
        // Nearly good.
        site.post("/api/read", vec![7; CANVAS + 1]).bytes(),
    ];
    let mut random = Random(2026);
    let mut statuses = BTreeMap::<u16, usize>::new();
    for index in 0..REQUESTS {
        let bytes = match index % 8 {
            0 => noise(&mut random),
            which => mutated(&good[which as usize % good.len()], &mut random),
        };
        let about = |error| {
            let text = bytes[..bytes.len().min(600)].escape_ascii();
            format!("request {index}, {text}: {error}")
        };
        let said = site.say(&bytes).map_err(about)?;
        let said = said
            .strip_prefix(b"HTTP/1.1 100 Continue\r\n\r\n")
            .unwrap_or(&said);
        // Half a head is not answered.
        if !said.is_empty() {
            let response = Response::parse(said, bytes.starts_with(b"HEAD ")).map_err(about)?;
            *statuses.entry(response.status).or_default() += 1;
        }
    }
    let panics = PANICS.load(Ordering::Relaxed);
    ensure(panics == 0, || format!("{panics} panics"))?;
    // Otherwise this would show little.
    for status in [200, 400, 403, 404, 405, 413] {
        ensure(statuses.contains_key(&status), || format!("{statuses:?}"))?;
    }
    site.is_well()
}

/// Bytes that mean nothing.
fn noise(random: &mut Random) -> Vec<u8> {
    let length = random.below(400);
    let mut bytes: Vec<u8> = (0..length).map(|_| random.next() as u8).collect();
    if random.below(2) == 0 {
        bytes.extend(b"\r\n\r\n");
    }
    bytes
}

/// A good request with a few things done to its head, or to all of it.
fn mutated(good: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = good.to_vec();
    for _ in 0..=random.below(3) {
        let end = match random.below(4) {
            0 => bytes.len(),
            _ => bytes.len().min(200),
        };
        let at = random.below(end as u64 + 1) as usize;
        let to = (at + random.below(30) as usize).min(bytes.len());
        match random.below(6) {
            0 if at < bytes.len() => bytes[at] ^= 1 << random.below(8),
            1 => drop(bytes.drain(at..to)),
            2 => {
                let again = bytes[at..to].to_vec();
                bytes.splice(at..at, again);
            }
            3 if random.below(4) == 0 => bytes.truncate(at),
            4 if at < bytes.len() => bytes[at] = random.next() as u8,
            _ => {
                let piece = PIECES[random.below(PIECES.len() as u64) as usize];
                bytes.splice(at..at, piece.iter().copied());
            }
        }
    }
    bytes
}
