//! Where the server is, and what is there.

use std::net::{SocketAddr, TcpStream, UdpSocket};
use std::time::Duration;

use ncm::internals::app::page::Server;

use super::client::Site;
use crate::support::{Outcome, ensure, failed};

#[test]
fn listens_on_the_loopback_address_alone() -> Outcome {
    let site = Site::start()?;
    ensure(site.port != 0, || "no port".into())?;
    site.is_well()?;
    // Another address of this machine's own, and one that its network knows.
    let mut others = vec!["127.0.0.2".parse().map_err(failed)?];
    others.extend(network_address());
    for other in others {
        let address = SocketAddr::new(other, site.port);
        let reached = TcpStream::connect_timeout(&address, Duration::from_secs(1));
        ensure(reached.is_err(), || format!("it is reached at {address}"))?;
    }
    Ok(())
}

/// Where others reach this machine; nothing is sent to find out.
fn network_address() -> Option<std::net::IpAddr> {
    let socket = UdpSocket::bind("0.0.0.0:0").ok()?;
    socket.connect("192.0.2.1:9").ok()?;
    Some(socket.local_addr().ok()?.ip())
}

#[test]
fn says_so_when_a_port_is_taken() -> Outcome {
    let site = Site::start()?;
    let Err(error) = Server::bind(site.port) else {
        return Err("the same port twice".into());
    };
    let text = error.to_string();
    ensure(
        ncm::internals::app::Error::from(error).exit_code() == 1 && text.lines().count() == 1,
        || text.clone(),
    )?;
    for part in [&*format!("port {}", site.port), "in use", "--port"] {
        // Windows has other words.
        ensure(text.contains(part) || cfg!(windows), || text.clone())?;
    }
    site.is_well()
}

#[test]
fn makes_a_new_key_at_every_start() -> Outcome {
    let keys = [Site::start()?.token, Site::start()?.token];
    let is_key = |key: &String| {
        key.len() == 32
            && key
                .bytes()
                .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    };
    ensure(keys.iter().all(is_key) && keys[0] != keys[1], || {
        format!("{keys:?}")
    })
}

#[test]
fn has_nothing_but_its_own_files() -> Outcome {
    let site = Site::start()?;
    let port = site.port;
    let targets = [
        "/../x",
        "/../../../../../../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/..%2f..%2fetc%2fpasswd",
        "/./",
        "//",
        "//page.css",
        "/page.css/",
        "/page.css%00",
        "/%70age.css",
        "/Page.css",
        "/index.html",
        "/page/index.html",
        "/src/app/page/files/index.html",
        "/Cargo.toml",
        "/etc/passwd",
        "/C:/Windows/win.ini",
        "/..\\..\\x",
        "/favicon.ico",
        "/api",
        "/API/models",
        "/api/",
        "/api/models/",
        "/api/other",
        "/api/../page.css",
        "*",
        "page.css",
        "http://127.0.0.1/",
        "http://example.org/",
        "http://example.org/page.css",
        "file:///etc/passwd",
    ];
    let own = [format!("http://127.0.0.1:{port}/")];
    for target in targets.into_iter().chain(own.iter().map(String::as_str)) {
        let response = site.answer(&site.get(target))?;
        // Some are no addresses at all.
        let is_refused = response.status == 404 || response.status == 400;
        ensure(is_refused, || format!("{target}: {}", response.status))?;
        let is_address = !target.contains('\\') && !target.starts_with("file:");
        ensure(response.status == 404 || !is_address, || {
            format!("{target}: {}", response.status)
        })?;
    }
    Ok(())
}

#[test]
fn has_a_list_of_methods_for_each_address() -> Outcome {
    let site = Site::start()?;
    let allowed = [
        ("/", "GET, HEAD"),
        ("/page.css", "GET, HEAD"),
        ("/page.js", "GET, HEAD"),
        ("/api/models", "GET"),
        ("/api/gallery?from=0&count=1", "GET"),
        ("/api/read", "POST"),
        ("/api/difference?model=0&a=0&b=1", "POST"),
    ];
    let methods = [
        "GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "get",
    ];
    for (target, allowed) in allowed {
        let is_other = |method: &&str| !allowed.split(", ").any(|it| it == *method);
        for method in methods.into_iter().filter(is_other) {
            let request = site
                .request(method, target)
                .with("x-private", "not sent back");
            let response = site.answer(&request)?;
            let is_right = response.status == 405 && response.header("allow") == Some(allowed);
            ensure(is_right, || {
                format!(
                    "{method} {target}: {} {:?}",
                    response.status,
                    response.header("allow")
                )
            })?;
            let text = String::from_utf8_lossy(&response.body);
            ensure(!text.contains("private"), || {
                format!("{method} {target}: {text}")
            })?;
        }
    }
    // For a proxy, which this is not.
    let connect = site.request("CONNECT", &format!("127.0.0.1:{}", site.port));
    site.expect(&connect, 404, "").map(|_| ())
}
