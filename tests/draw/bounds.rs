//! How much is taken.

use std::io::Write;
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::client::{CANVAS, IMAGE, Request, Site, listen};
use super::response::Response;
use crate::support::{Outcome, ensure, failed};

/// What is sent, and how long that is to be.
fn posts(site: &Site) -> [(Request, usize); 2] {
    let difference = "/api/difference?model=0&a=0&b=1";
    [
        (site.post("/api/read", vec![0; CANVAS]), CANVAS),
        (site.post(difference, vec![0; IMAGE]), IMAGE),
    ]
}

#[test]
fn takes_bodies_of_one_length() -> Outcome {
    let site = Site::start()?;
    for (post, right) in posts(&site) {
        let of = |length: usize| {
            let post = post.clone().set("content-length", length.to_string());
            Request {
                body: vec![0; length],
                ..post
            }
        };
        site.expect(&post, 200, "")?;
        let needed = format!("{right} are needed");
        site.expect(&of(right - 1), 400, &needed)?;
        site.expect(&of(0), 400, &needed)?;
        site.expect(&of(0).without("content-length"), 400, &needed)?;
        for longer in [right + 1, 10 * right] {
            site.expect(&of(longer), 413, &format!("more than the {right} bytes"))?;
        }
        // Nothing of what is announced comes.
        for announced in [right + 1, 1 << 40] {
            let announced = of(0).set("content-length", announced.to_string());
            site.expect(&announced, 413, "")?;
        }
        for nonsense in ["-1", "1e3", "0x310", "99999999999999999999"] {
            site.expect(&of(right).set("content-length", nonsense), 400, "")?;
        }
        site.expect(&of(right).with("content-length", "1"), 400, "")?;
        let cut = Request {
            body: vec![0; right - 1],
            ..of(right)
        };
        site.expect(&cut, 400, "the body ends early")?;
        // Sent when asked for.
        let patient = site.say(&post.clone().with("expect", "100-continue").bytes())?;
        let rest = patient.strip_prefix(b"HTTP/1.1 100 Continue\r\n\r\n");
        let answer = Response::parse(rest.ok_or("not asked for")?, false)?;
        ensure(answer.status == 200, || answer.status.to_string())?;
    }
    // What has no body needs none.
    let get = site.get("/").with("content-length", "0");
    site.expect(&get, 200, "")?;
    for target in ["/", "/api/models", "/api/gallery?from=0&count=1"] {
        let get = site.get(target).with("content-length", "1");
        site.expect(
            &Request {
                body: vec![0],
                ..get
            },
            413,
            "",
        )?;
    }
    Ok(())
}

/// A body in pieces of a size.
fn pieces(body: &[u8], size: usize) -> Vec<u8> {
    let piece =
        |piece: &[u8]| [format!("{:x}\r\n", piece.len()).as_bytes(), piece, b"\r\n"].concat();
    let mut pieces: Vec<u8> = body.chunks(size).flat_map(piece).collect();
    pieces.extend(b"0\r\n\r\n");
    pieces
}

#[test]
fn takes_bodies_in_pieces_of_one_length() -> Outcome {
    let site = Site::start()?;
    for (post, right) in posts(&site) {
        let post = post
            .without("content-length")
            .with("transfer-encoding", "chunked");
        let of = |length: usize, size| Request {
            body: pieces(&vec![0; length], size),
            ..post.clone()
        };
        for size in [1, 7, 1000, right] {
            site.expect(&of(right, size), 200, "")?;
            site.expect(&of(right - 1, size), 400, "are needed")?;
            site.expect(&of(right + 1, size), 413, "more than")?;
        }
        for bad in [
            "x\r\n",
            "-1\r\n",
            "5\r\nabc",
            "ffffffffffffffffff\r\n",
            "1\r\nab",
            "",
        ] {
            let bad = Request {
                body: bad.into(),
                ..post.clone()
            };
            site.expect(&bad, 400, "")?;
        }
        let announced = Request {
            body: b"ffffffffffff\r\n".to_vec(),
            ..post.clone()
        };
        site.expect(&announced, 400, "ends early")?;
    }
    Ok(())
}

/// Refused long before its end.
#[test]
fn does_not_read_a_long_body_to_its_end() -> Outcome {
    let site = Site::start()?;
    let (post, _) = posts(&site)[0].clone();
    let heads = [
        post.clone()
            .set("content-length", (1_u64 << 40).to_string()),
        post.without("content-length")
            .with("transfer-encoding", "chunked"),
    ];
    for head in heads {
        let mut stream = site.connect()?;
        let begun = Instant::now();
        let head = Request {
            body: Vec::new(),
            ..head
        }
        .bytes();
        stream.write_all(&head).map_err(failed)?;
        let mut reading = stream.try_clone().map_err(failed)?;
        let response = std::thread::spawn(move || (listen(&mut reading), begun.elapsed()));
        let piece = pieces(&[0; 1 << 16], 1 << 16);
        let piece = &piece[..piece.len() - 5];
        let mut sent = 0;
        while sent < 1 << 28 && stream.write_all(piece).is_ok() {
            sent += piece.len();
        }
        ensure(sent < 1 << 26, || format!("it took {sent} bytes"))?;
        let (said, time) = response.join().map_err(|_| "no response")?;
        let response = Response::parse(&said?, false)?;
        ensure(response.status == 413, || response.status.to_string())?;
        ensure(time < Duration::from_secs(2), || format!("{time:?}"))?;
    }
    site.is_well()
}

/// Who sends all of a body that is refused can do so, and then reads why.
#[test]
fn hears_out_whom_it_refuses() -> Outcome {
    let site = Site::start()?;
    let (post, _) = posts(&site)[0].clone();
    let (piece, pieces) = (vec![0; CANVAS], 6);
    let head = post.set("content-length", (piece.len() * pieces).to_string());
    let head = Request {
        body: Vec::new(),
        ..head
    };
    let mut stream = site.connect()?;
    stream.write_all(&head.bytes()).map_err(failed)?;
    for _ in 0..pieces {
        sleep(Duration::from_millis(20));
        stream.write_all(&piece).map_err(failed)?;
    }
    let response = Response::parse(&listen(&mut stream)?, false)?;
    ensure(response.status == 413, || response.status.to_string())
}

#[test]
fn takes_heads_of_some_length() -> Outcome {
    let site = Site::start()?;
    let many = |count: usize| {
        let names = (0..count).map(|index| format!("x-{index}"));
        names.fold(site.get("/"), |request, name| request.with(&name, ""))
    };
    // With the name of the host.
    site.expect(&many(63), 200, "")?;
    site.expect(&many(64), 431, "too long")?;
    site.expect(&many(10_000), 431, "too long")?;
    site.expect(&site.get("/").with("cookie", "x".repeat(16_000)), 200, "")?;
    site.expect(
        &site.get("/").with("cookie", "x".repeat(40_000)),
        431,
        "too long",
    )?;
    site.expect(
        &site.get("/").with(&"x".repeat(40_000), ""),
        431,
        "too long",
    )?;
    site.expect(&site.get(&"/x".repeat(20_000)), 431, "too long")?;
    site.expect(&site.request(&"X".repeat(40_000), "/"), 431, "too long")?;
    // Without an end.
    let endless = format!("GET / HTTP/1.1\r\nx: {}", "y".repeat(1 << 20));
    let response = Response::parse(&site.say(endless.as_bytes())?, false)?;
    ensure(response.status == 431, || response.status.to_string())
}

#[test]
fn takes_thirty_two_connections_at_a_time() -> Outcome {
    let site = Site::start()?;
    let held = (0..32)
        .map(|_| site.connect())
        .collect::<Result<Vec<_>, _>>()?;
    let refused = site.expect(&site.get("/"), 503, "too many connections");
    refused.map_err(|error| format!("the thirty-third: {error}"))?;
    // None of the others was given up for it, and each is still answered.
    for mut stream in held {
        stream.write_all(&site.get("/").bytes()).map_err(failed)?;
        let response = Response::parse(&listen(&mut stream)?, false)?;
        ensure(response.status == 200, || response.status.to_string())?;
    }
    let begun = Instant::now();
    while let Err(error) = site.is_well() {
        ensure(begun.elapsed() < Duration::from_secs(2), || error)?;
        sleep(Duration::from_millis(10));
    }
    Ok(())
}
