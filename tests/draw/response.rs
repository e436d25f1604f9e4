//! Responses, and what all of them must have.

use serde_json::Value;

use crate::support::{ensure, failed};

/// A response that has what every response must have.
pub struct Response {
    pub status: u16,
    headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Response {
    pub fn parse(said: &[u8], is_head: bool) -> Result<Self, String> {
        let end = said.windows(4).position(|window| window == b"\r\n\r\n");
        let Some(end) = end else {
            let text = String::from_utf8_lossy(said);
            return Err(format!("no response, but {text:?}"));
        };
        let head = std::str::from_utf8(&said[..end]).map_err(failed)?;
        let mut lines = head.split("\r\n");
        let first = lines.next().unwrap_or_default();
        let status = first
            .strip_prefix("HTTP/1.1 ")
            .or_else(|| first.strip_prefix("HTTP/1.0 "));
        let status = status.and_then(|rest| rest.get(..3)?.parse().ok());
        let pairs = lines.map(|line| line.split_once(": ").ok_or_else(|| line.to_owned()));
        let owned = pairs.map(|pair| pair.map(|(name, value)| (name.to_owned(), value.to_owned())));
        let response = Self {
            status: status.ok_or_else(|| first.to_owned())?,
            headers: owned.collect::<Result<_, _>>()?,
            body: said[end + 4..].to_vec(),
        };
        response.is_locked()?;
        response.is_whole(is_head)?;
        Ok(response)
    }

    /// The value of a header that is there once.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.iter().filter(|(known, _)| known == name);
        let value = values.next().map(|(_, value)| &**value);
        value.filter(|_| values.next().is_none())
    }

    fn json(&self) -> Result<Value, String> {
        serde_json::from_slice(&self.body).map_err(failed)
    }

    /// What a browser is told with every response.
    fn is_locked(&self) -> Result<(), String> {
        let locks = [
            (
                "content-security-policy",
                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
                 connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            ),
            ("x-content-type-options", "nosniff"),
            ("cache-control", "no-store"),
            ("cross-origin-resource-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
            ("referrer-policy", "no-referrer"),
        ];
        for (name, value) in locks {
            ensure(self.header(name) == Some(value), || {
                format!("{}: {name} is {:?}", self.status, self.header(name))
            })?;
        }
        let mut names = self.headers.iter().map(|(name, _)| name);
        let open = names.find(|name| name.starts_with("access-control"));
        ensure(open.is_none(), || format!("{}: {open:?}", self.status))
    }

    /// All of it is there, and errors say what is wrong in one line.
    fn is_whole(&self, is_head: bool) -> Result<(), String> {
        let length = self
            .header("content-length")
            .and_then(|text| text.parse().ok());
        if is_head {
            return ensure(self.body.is_empty(), || "a body after HEAD".into());
        }
        ensure(length == Some(self.body.len()), || {
            format!("{} bytes instead of {length:?}", self.body.len())
        })?;
        if self.status < 400 {
            return Ok(());
        }
        let json = self.json()?;
        let error = json["error"].as_str().unwrap_or_default();
        let is_alone = json.as_object().is_some_and(|keys| keys.len() == 1);
        let is_json = self.header("content-type") == Some("application/json");
        ensure(
            is_alone && is_json && !error.is_empty() && !error.contains('\n'),
            || format!("{}: {json}", self.status),
        )
    }
}
