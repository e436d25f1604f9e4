//! Who may send requests: host, key and site are checked.

use hyper::header::{CONTENT_TYPE, HOST, HeaderValue, ORIGIN};
use hyper::http::request::Parts;
use hyper::{HeaderMap, StatusCode};

use super::reply::Refusal;
use super::token::Token;

/// The header that carries the key.
const TOKEN: &str = "ncm-token";

/// The port of HTTP.
const HTTP: u16 = 80;

/// Knows this server's names and its key.
pub(super) struct Guard {
    hosts: Vec<String>,
    port: u16,
    token: Token,
}

impl Guard {
    pub(super) fn new(port: u16, token: Token) -> Self {
        let names = ["127.0.0.1", "localhost"];
        let mut hosts: Vec<String> = names.map(|name| format!("{name}:{port}")).into();
        if port == HTTP {
            // A `Host` without a port means port 80.
            hosts.extend(names.map(str::to_owned));
        }
        Self { hosts, port, token }
    }

    /// Refuses a request unless it comes from the page itself, with its key.
    pub(super) fn admit(&self, request: &Parts) -> Result<(), Refusal> {
        let host = self.host(&request.headers)?;
        own_site(&request.headers, host)?;
        if request.uri.path().starts_with("/api/") {
            self.key(&request.headers)?;
        }
        Ok(())
    }

    /// Checks `Host` against DNS rebinding: another site can make its own name
    /// resolve to this machine, but not send this server's name.
    fn host(&self, headers: &HeaderMap) -> Result<&str, Refusal> {
        let given = only(headers, HOST);
        let own = given.and_then(|given| self.hosts.iter().find(|own| given == *own));
        own.map(String::as_str).ok_or_else(|| {
            let [address, name] = [&self.hosts[0], &self.hosts[1]];
            let port = self.port;
            forbidden(&format!(
                "this server is called {address} or {name}, and answers to nothing else; to reach \
                 it from another machine, forward the same port number, as ssh -L \
                 {port}:127.0.0.1:{port} does, and open the address that ncm draw printed"
            ))
        })
    }

    /// Checks the key: other users of this machine reach the port, but lack the key.
    fn key(&self, headers: &HeaderMap) -> Result<(), Refusal> {
        let given = only(headers, TOKEN);
        if given.is_some_and(|given| self.token.is(given.as_bytes())) {
            return Ok(());
        }
        Err(forbidden(
            "the key is missing or wrong; open the address that ncm draw printed last",
        ))
    }
}

/// Refuses cross-site requests. Browsers mark them with `Sec-Fetch-Site`; older
/// ones at least name the site in `Origin`.
fn own_site(headers: &HeaderMap, host: &str) -> Result<(), Refusal> {
    let is_own_doing = |site: &HeaderValue| site == "same-origin" || site == "none";
    let own_origin = format!("http://{host}");
    let is_own = headers.get_all("sec-fetch-site").iter().all(is_own_doing)
        && headers.get_all(ORIGIN).iter().all(|it| *it == own_origin);
    if is_own {
        return Ok(());
    }
    Err(forbidden(
        "another site asked for this; copy the address that ncm draw printed into the \
         browser's address bar",
    ))
}

/// Refuses content types that a form of another site can send without a CORS preflight.
pub(super) fn plain_bytes(headers: &HeaderMap) -> Result<(), Refusal> {
    match only(headers, CONTENT_TYPE) {
        Some(kind) if kind == "application/octet-stream" => Ok(()),
        _ => Err(Refusal::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "the content-type must be application/octet-stream",
        )),
    }
}

/// The value of a header that occurs exactly once.
fn only(headers: &HeaderMap, name: impl hyper::header::AsHeaderName) -> Option<&HeaderValue> {
    let mut values = headers.get_all(name).iter();
    values.next().filter(|_| values.next().is_none())
}

fn forbidden(why: &str) -> Refusal {
    Refusal::new(StatusCode::FORBIDDEN, why)
}

#[cfg(test)]
mod tests {
    use super::*;
    use hyper::Request;

    #[test]
    fn browsers_do_not_name_the_port_of_http() {
        let asked = |port: u16, host: &str, origin: &str| {
            let request = Request::get("/").header(HOST, host).header(ORIGIN, origin);
            let (parts, ()) = request.body(()).expect("a request").into_parts();
            Guard::new(port, Token::new().expect("randomness"))
                .admit(&parts)
                .is_ok()
        };
        assert!(asked(80, "127.0.0.1", "http://127.0.0.1"));
        assert!(asked(80, "localhost", "http://localhost"));
        assert!(!asked(80, "localhost", "http://localhost:8080"));
        assert!(!asked(8080, "127.0.0.1", "http://127.0.0.1"));
        assert!(asked(8080, "127.0.0.1:8080", "http://127.0.0.1:8080"));
    }
}
