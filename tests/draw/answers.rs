//! What is answered to good requests, and to some that are nearly good.

use super::client::{CANVAS, IMAGE, Site};
use crate::support::{Outcome, ensure};

const FILES: [(&str, &str); 3] = [
    ("/", "text/html; charset=utf-8"),
    ("/page.css", "text/css; charset=utf-8"),
    ("/page.js", "text/javascript; charset=utf-8"),
];

#[test]
fn the_page() -> Outcome {
    let site = Site::start()?;
    for (path, kind) in FILES {
        let whole = site.expect(&site.get(path), 200, "")?;
        let head = site.expect(&site.request("HEAD", path), 200, "")?;
        let kinds = [&whole, &head].map(|response| response.header("content-type"));
        ensure(kinds == [Some(kind); 2], || format!("{path}: {kinds:?}"))?;
        let lengths = [&whole, &head].map(|response| response.header("content-length"));
        ensure(lengths[0] == lengths[1] && !whole.body.is_empty(), || {
            format!("{path}: {lengths:?}")
        })?;
    }
    Ok(())
}

/// One response of each status; [`super::response::Response`] looks at each.
#[test]
fn locks_down_every_response() -> Outcome {
    let site = Site::start()?;
    let of_status = [
        (site.get("/"), 200),
        (site.get("/api/models"), 200),
        (site.get("/?x"), 400),
        (site.get("/").set("host", "example.org"), 403),
        (site.get("/nothing"), 404),
        (site.request("PUT", "/"), 405),
        (site.post("/api/read", vec![0; CANVAS + 1]), 413),
        (site.post("/api/read", vec![]).without("content-type"), 415),
        (site.get("/").with("x", "y".repeat(100_000)), 431),
        (
            site.post("/api/difference?model=1&a=0&b=1", vec![0; IMAGE]),
            500,
        ),
        // Not in the form of HTTP/1.1.
        (site.request("G(T", "/"), 400),
        (site.get("/ /"), 400),
        (site.get("/").with("na me", ""), 400),
        (site.get("/").with("content-length", "x"), 400),
    ];
    of_status
        .iter()
        .try_for_each(|(request, status)| site.expect(request, *status, "").map(|_| ()))
}

#[test]
fn each_question() -> Outcome {
    let site = Site::start()?;
    let mut canvas = vec![0; CANVAS];
    canvas[CANVAS - 1] = 200;
    canvas[0] = 50;
    let asked = [
        (site.get("/api/models"), r#"{"models":[]}"#),
        (site.post("/api/read", canvas), r#"{"read":250}"#),
        (
            site.post("/api/difference?b=9&a=7&model=0", vec![0; IMAGE]),
            r#"{"a":7,"b":9,"image":784}"#,
        ),
        (
            site.get("/api/gallery?from=9960&count=40"),
            r#"{"from":9960,"count":40}"#,
        ),
        (
            site.get("/api/gallery?from=0&count=100"),
            r#"{"from":0,"count":100}"#,
        ),
    ];
    for (request, answer) in asked {
        let response = site.expect(&request, 200, answer)?;
        ensure(
            response.header("content-type") == Some("application/json"),
            || format!("{}: {:?}", request.line, response.header("content-type")),
        )?;
    }
    Ok(())
}

#[test]
fn takes_each_number_once() -> Outcome {
    let site = Site::start()?;
    let gallery = [
        ("", "from is missing"),
        ("?", "from is missing"),
        ("?from=0", "count is missing"),
        ("?from=0&count", "count must be a whole number"),
        ("?from=0&count=", "count must be a whole number"),
        ("?from=-1&count=1", "from must be a whole number"),
        ("?from=+1&count=1", "from must be a whole number"),
        ("?from=%31&count=1", "from must be a whole number"),
        ("?from=1e3&count=1", "from must be a whole number"),
        (
            "?from=99999999999999999999&count=1",
            "from must be a whole number",
        ),
        ("?from=0&count=1&from=0", "from is given twice"),
        ("?from=0&count=1&more=1", "more is not asked for"),
        ("?from=0&count=0", "count must be 1 to 100"),
        ("?from=0&count=101", "count must be 1 to 100"),
    ];
    for (query, why) in gallery {
        site.expect(&site.get(&format!("/api/gallery{query}")), 400, why)?;
    }
    for query in [
        "",
        "?model=0",
        "?model=0&a=1",
        "?model=0&a=x&b=1",
        "?a=0&b=1",
    ] {
        let target = format!("/api/difference{query}");
        site.expect(&site.post(&target, vec![0; IMAGE]), 400, "")?;
    }
    site.expect(&site.get("/api/models?x=1"), 400, "x is not asked for")?;
    site.expect(
        &site.post("/api/read?x=1", vec![0; CANVAS]),
        400,
        "x is not",
    )?;
    site.expect(&site.get("/page.css?v=2"), 400, "v is not asked for")?;
    Ok(())
}

#[test]
fn tells_faults_of_the_page_from_its_own() -> Outcome {
    let site = Site::start()?;
    let ask = |model: usize| {
        let target = format!("/api/difference?model={model}&a=0&b=1");
        site.post(&target, vec![0; IMAGE])
    };
    site.expect(&ask(3), 400, "there is no model 3")?;
    site.expect(&ask(1), 500, "the model is broken")?;
    // A panic is an answer like any other, and the server goes on.
    site.expect(&ask(2), 500, "a fault in ncm")?;
    site.is_well()
}
