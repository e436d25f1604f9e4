//! Who is refused.

use super::client::{CANVAS, IMAGE, Request, Site};
use crate::support::Outcome;

/// A good request for everything that there is.
fn good(site: &Site) -> [Request; 7] {
    [
        site.get("/"),
        site.get("/page.css"),
        site.request("HEAD", "/page.js"),
        site.get("/api/models"),
        site.get("/api/gallery?from=0&count=1"),
        site.post("/api/read", vec![0; CANVAS]),
        site.post("/api/difference?model=0&a=0&b=1", vec![0; IMAGE]),
    ]
}

/// Whether all of them are answered with this status, when changed so.
fn all(site: &Site, status: u16, change: impl Fn(Request) -> Request) -> Outcome {
    let mut requests = good(site).into_iter().map(change);
    requests.try_for_each(|request| site.expect(&request, status, "").map(|_| ()))
}

#[test]
fn answers_to_its_own_names_alone() -> Outcome {
    let site = Site::start()?;
    let port = site.port;
    for own in ["127.0.0.1", "localhost"] {
        all(&site, 200, |it| it.set("host", format!("{own}:{port}")))?;
    }
    let mut others = [
        "",
        "127.0.0.1",
        "localhost",
        "example.org",
        "127.0.0.1:80",
        "localhost:1",
        ":",
    ]
    .map(str::to_owned)
    .to_vec();
    let names = [
        "example.org",
        "",
        "[::1]",
        "0.0.0.0",
        "127.1",
        "127.0.0.2",
        "localhost.",
        "LOCALHOST",
        "localhost.example.org",
        "a@127.0.0.1",
        "127.0.0.1:80,127.0.0.1",
    ];
    others.extend(names.map(|name| format!("{name}:{port}")));
    others.push(format!("127.0.0.1:{port}.example.org"));
    others.push(format!("127.0.0.1:0{port}"));
    others.push(format!("127.0.0.1:{}", port ^ 1));
    for other in others {
        all(&site, 403, |it| it.set("host", &*other))?;
    }
    // Another port is what a forwarded one looks like.
    let forwarded = site.get("/").set("host", "localhost:9000");
    let says = format!("ssh -L {port}:127.0.0.1:{port}");
    site.expect(&forwarded, 403, &says)?;
    let own = format!("127.0.0.1:{port}");
    all(&site, 403, |it| it.without("host"))?;
    all(&site, 403, |it| it.with("host", &*own))?;
    all(&site, 403, |it| it.with("host", "example.org"))?;
    // Before there were names of hosts.
    all(&site, 403, |mut it| {
        it.line = it.line.replace("HTTP/1.1", "HTTP/1.0");
        it.without("host")
    })?;
    // Whatever else is said of the host.
    all(&site, 403, |it| {
        it.set("host", "example.org")
            .with("x-forwarded-host", &*own)
            .with("forwarded", &*own)
    })
}

#[test]
fn refuses_what_other_sites_send() -> Outcome {
    let site = Site::start()?;
    let own = format!("http://127.0.0.1:{}", site.port);
    let by_name = format!("http://localhost:{}", site.port);
    all(&site, 200, |it| {
        it.with("sec-fetch-site", "same-origin")
            .with("origin", &*own)
    })?;
    all(&site, 200, |it| it.with("sec-fetch-site", "none"))?;
    all(&site, 200, |it| it.with("origin", &*own))?;
    let host = by_name.trim_start_matches("http://");
    all(&site, 200, |it| {
        it.set("host", host).with("origin", &*by_name)
    })?;
    for doing in [
        "cross-site",
        "same-site",
        "",
        "nonsense",
        "same-origin, cross-site",
    ] {
        all(&site, 403, |it| it.with("sec-fetch-site", doing))?;
        all(&site, 403, |it| {
            it.with("sec-fetch-site", doing).with("origin", &*own)
        })?;
    }
    all(&site, 403, |it| {
        it.with("sec-fetch-site", "same-origin")
            .with("sec-fetch-site", "cross-site")
    })?;
    let elsewhere = [
        "http://example.org",
        "https://example.org",
        "null",
        "",
        "http://127.0.0.1",
        "http://127.0.0.1:80",
        &*by_name,
        &own.replace("http", "https"),
        &format!("{own}/"),
        &format!("{own}.example.org"),
    ];
    for origin in elsewhere {
        all(&site, 403, |it| it.with("origin", origin))?;
        all(&site, 403, |it| {
            it.with("origin", origin)
                .with("sec-fetch-site", "same-origin")
        })?;
    }
    all(&site, 403, |it| {
        it.with("origin", &*own)
            .with("origin", "http://example.org")
    })?;
    // Nobody else is told that they may ask.
    let preflight = site
        .request("OPTIONS", "/api/read")
        .with("origin", "http://example.org")
        .with("access-control-request-method", "POST")
        .with("access-control-request-headers", "ncm-token")
        .with("access-control-request-private-network", "true");
    site.expect(&preflight, 403, "")?;
    site.expect(&preflight.without("origin").without("ncm-token"), 403, "")?;
    Ok(())
}

#[test]
fn refuses_who_has_no_key() -> Outcome {
    let site = Site::start()?;
    let key = site.token.clone();
    let last = |digit: char| format!("{}{digit}", &key[..31]);
    let other = if key.ends_with('0') { '1' } else { '0' };
    let wrong = [
        String::new(),
        "0".repeat(32),
        last(other),
        key[..31].to_owned(),
        key[1..].to_owned(),
        format!("{key}0"),
        format!("{key} {key}"),
        Site::start()?.token,
    ];
    let asks = [
        site.get("/api/models"),
        site.get("/api/gallery?from=0&count=1"),
        site.post("/api/read", vec![0; CANVAS]),
        site.post("/api/difference?model=0&a=0&b=1", vec![0; IMAGE]),
        site.get("/api/other"),
        site.get("/api/"),
        site.request("OPTIONS", "/api/read"),
    ];
    let why = "the key is missing or wrong";
    for ask in asks {
        for key in &wrong {
            site.expect(&ask.clone().set("ncm-token", &**key), 403, why)?;
        }
        site.expect(&ask.clone().without("ncm-token"), 403, why)?;
        site.expect(&ask.clone().with("ncm-token", &*key), 403, why)?;
        let elsewhere = ask
            .without("ncm-token")
            .with("cookie", format!("ncm-token={key}"));
        site.expect(&elsewhere, 403, why)?;
    }
    let target = format!("/api/models?ncm-token={key}");
    site.expect(&site.get(&target).without("ncm-token"), 403, why)?;
    // The page itself needs none.
    site.expect(&site.get("/"), 200, "").map(|_| ())
}

#[test]
fn takes_no_body_that_a_form_could_send() -> Outcome {
    let site = Site::start()?;
    let posts = [
        site.post("/api/read", vec![0; CANVAS]),
        site.post("/api/difference?model=0&a=0&b=1", vec![0; IMAGE]),
    ];
    let kinds = [
        "",
        "text/plain",
        "application/json",
        "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded",
        "application/octet-stream; charset=x",
        "application/octet-stream, text/plain",
        "text/plain; application/octet-stream",
    ];
    for post in posts {
        for kind in kinds {
            site.expect(&post.clone().set("content-type", kind), 415, "octet-stream")?;
        }
        site.expect(&post.clone().without("content-type"), 415, "octet-stream")?;
        site.expect(
            &post.with("content-type", "text/plain"),
            415,
            "octet-stream",
        )?;
    }
    Ok(())
}
