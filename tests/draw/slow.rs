//! How long the server waits, and for whom.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread::{scope, sleep};
use std::time::{Duration, Instant};

use super::client::{CANVAS, LONG, SLOW, Site, listen};
use super::response::Response;
use crate::support::{Outcome, ensure, failed};

/// How long anybody may hold a connection.
const LONGEST: Duration = Duration::from_secs(5);

/// What is sent at once, and what follows little by little.
type Slow = (Vec<u8>, Vec<u8>);

/// Sends the first bytes at once and of the rest one every fifth of a second;
/// returns how long the connection was kept.
fn drip(mut stream: TcpStream, first: &[u8], rest: &[u8]) -> Result<Duration, String> {
    stream.write_all(first).map_err(failed)?;
    let mut reading = stream.try_clone().map_err(failed)?;
    scope(|scope| {
        let begun = Instant::now();
        let closed = scope.spawn(move || listen(&mut reading).map(|_| begun.elapsed()));
        for byte in rest {
            if closed.is_finished() || stream.write_all(&[*byte]).is_err() {
                break;
            }
            sleep(Duration::from_millis(200));
        }
        closed.join().map_err(|_| "not read")?
    })
}

/// Whether all these are dropped in time, and others answered meanwhile.
fn all_dropped(site: &Site, slow: &[Slow]) -> Outcome {
    scope(|scope| {
        let drip = |(first, rest): &Slow| drip(site.connect()?, first, rest);
        let started = slow.iter().map(|it| scope.spawn(move || drip(it)));
        let started: Vec<_> = started.collect();
        for _ in 0..10 {
            let begun = Instant::now();
            site.is_well()?;
            let time = begun.elapsed();
            ensure(time < Duration::from_secs(1), || {
                format!("{time:?} meanwhile")
            })?;
            sleep(Duration::from_millis(50));
        }
        for dropped in started {
            let time = dropped.join().map_err(|_| "not read")??;
            ensure(time < LONGEST, || format!("held for {time:?}"))?;
        }
        Ok(())
    })
}

#[test]
fn drops_who_is_slow_to_ask() -> Outcome {
    let site = Site::start()?;
    all_dropped(&site, &[heads(), bodies(&site)].concat())
}

fn heads() -> Vec<Slow> {
    let slowly = b"x".repeat(60);
    vec![
        // Nothing at all, and next to nothing.
        (b"".to_vec(), b"".to_vec()),
        (b"\r\n".to_vec(), b"".to_vec()),
        (b"GET / HTTP/1.1\r\nhost: ".to_vec(), b"".to_vec()),
        (b"".to_vec(), slowly.clone()),
        (b"GET / HTTP/1.1\r\nhost: ".to_vec(), slowly),
        (b"".to_vec(), b"\r\n".repeat(30)),
    ]
}

fn bodies(site: &Site) -> Vec<Slow> {
    let mut post = site.post("/api/read", vec![0; CANVAS]);
    post.body.clear();
    let chunked = post
        .clone()
        .without("content-length")
        .with("transfer-encoding", "chunked");
    let nearly = [post.bytes(), vec![0; CANVAS - 100]].concat();
    vec![
        (post.bytes(), vec![]),
        (post.bytes(), vec![0; 60]),
        (nearly, vec![0; 60]),
        (chunked.bytes(), vec![]),
        (chunked.bytes(), b"1\r\n0\r\n".repeat(10)),
        (chunked.bytes(), vec![b'0'; 60]),
    ]
}

/// Asks for much and reads none of it.
#[test]
fn drops_who_does_not_listen() -> Outcome {
    let site = Site::start()?;
    let mut stream = site.connect()?;
    let ask = site.get(&format!("/api/gallery?from={LONG}&count=1"));
    stream.write_all(&ask.bytes()).map_err(failed)?;
    sleep(LONGEST);
    let (mut bytes, mut read) = ([0; 1 << 16], 0);
    while let Ok(more @ 1..) = stream.read(&mut bytes) {
        read += more;
    }
    ensure(read < LONG, || "it waited until all was taken".into())?;
    // Whoever listens gets all of it.
    let whole = site.expect(&ask, 200, "")?;
    ensure(whole.body.len() == LONG, || whole.body.len().to_string())
}

/// Long work stops neither the page nor the end of slow connections.
#[test]
fn answers_others_while_it_works() -> Outcome {
    let site = Site::start()?;
    let slow = site.get(&format!("/api/gallery?from={SLOW}&count=1"));
    scope(|scope| {
        let answer = scope.spawn(|| site.expect(&slow, 200, "").map(|_| ()));
        sleep(Duration::from_millis(300));
        let begun = Instant::now();
        site.expect(&site.get("/"), 200, "")?;
        let time = begun.elapsed();
        ensure(time < Duration::from_secs(1), || {
            format!("it took {time:?}")
        })?;
        answer.join().map_err(|_| "no answer")?
    })
}

/// The connection ends with its response.
#[test]
fn answers_one_request_on_a_connection() -> Outcome {
    let site = Site::start()?;
    let get = site.get("/").with("connection", "keep-alive").bytes();
    for sent in [get.clone(), get.repeat(3)] {
        let mut stream = site.connect()?;
        let begun = Instant::now();
        stream.write_all(&sent).map_err(failed)?;
        let response = Response::parse(&listen(&mut stream)?, false)?;
        let is_last = response.header("connection") == Some("close");
        ensure(response.status == 200 && is_last, || {
            response.status.to_string()
        })?;
        let time = begun.elapsed();
        ensure(time < Duration::from_secs(1), || {
            format!("it took {time:?}")
        })?;
    }
    Ok(())
}
