//! Responses, all of them with the same security headers.

use hyper::body::Bytes;
use hyper::header::{ALLOW, CONTENT_TYPE, HeaderName, HeaderValue};
use hyper::{Response, StatusCode};

use crate::error::Error;

/// A complete response.
pub(super) type Reply = Response<Bytes>;

/// Headers of every response: the page loads its own files only, connects to this
/// server only, is framed by no other page, and is neither cached nor referred to.
const LOCKS: [(&str, &str); 6] = [
    (
        "content-security-policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
         connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("cache-control", "no-store"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-resource-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
];

/// The content type of answers.
pub(super) const JSON: &str = "application/json";

/// A response with this content.
pub(super) fn reply(status: StatusCode, kind: &'static str, content: Bytes) -> Reply {
    let mut reply = Response::new(content);
    *reply.status_mut() = status;
    let headers = reply.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    for (name, value) in LOCKS {
        headers.insert(
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        );
    }
    reply
}

/// A response as it is sent, the last one of its connection.
pub(super) fn wire_format(reply: &Reply) -> Vec<u8> {
    let length = reply.body().len();
    let mut bytes = format!(
        "HTTP/1.1 {}\r\ncontent-length: {length}\r\n",
        reply.status()
    )
    .into_bytes();
    for (name, value) in reply.headers() {
        bytes.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
    }
    bytes.extend(b"connection: close\r\n\r\n");
    bytes.extend(reply.body());
    bytes
}

/// Why there is no answer.
#[derive(Debug)]
pub(super) struct Refusal {
    status: StatusCode,
    why: String,
    /// The methods that are allowed.
    allow: Option<&'static str>,
}

impl Refusal {
    pub(super) fn new(status: StatusCode, why: impl Into<String>) -> Self {
        Self {
            status,
            why: why.into(),
            allow: None,
        }
    }

    /// A request that this server does not understand.
    pub(super) fn bad(why: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, why)
    }

    /// Another method than those that are allowed.
    pub(super) fn method(allowed: &'static str) -> Self {
        Self {
            allow: Some(allowed),
            ..Self::new(
                StatusCode::METHOD_NOT_ALLOWED,
                format!("only {allowed} is understood here"),
            )
        }
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        let status = match error {
            Error::NotThere(_) => StatusCode::BAD_REQUEST,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        };
        Self::new(status, error.to_string())
    }
}

impl From<Refusal> for Reply {
    fn from(refusal: Refusal) -> Self {
        let content = serde_json::json!({ "error": refusal.why }).to_string();
        let mut reply = reply(refusal.status, JSON, content.into());
        if let Some(allowed) = refusal.allow {
            let allowed = HeaderValue::from_static(allowed);
            reply.headers_mut().insert(ALLOW, allowed);
        }
        reply
    }
}
