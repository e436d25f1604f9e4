//! Bodies of requests, each of a known length.

use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::StatusCode;
use hyper::body::{Body, Bytes, Incoming};

use super::reply::Refusal;

/// The body, where it has exactly this many bytes. A longer one is not read to
/// its end; one whose `Content-Length` is wrong is not read at all.
pub(super) async fn exactly(body: Incoming, length: usize) -> Result<Bytes, Refusal> {
    if let Some(announced) = body.size_hint().exact() {
        check(announced, length)?;
    }
    let read = Limited::new(body, length).collect().await;
    let body = read
        .map_err(|error| match error.is::<LengthLimitError>() {
            true => too_long(length),
            false => Refusal::bad("the body ends early or is not in the form of HTTP/1.1"),
        })?
        .to_bytes();
    check(body.len() as u64, length)?;
    Ok(body)
}

fn check(found: u64, length: usize) -> Result<(), Refusal> {
    match found.cmp(&(length as u64)) {
        std::cmp::Ordering::Less => Err(Refusal::bad(format!(
            "the body has {found} bytes; {length} are needed"
        ))),
        std::cmp::Ordering::Equal => Ok(()),
        std::cmp::Ordering::Greater => Err(too_long(length)),
    }
}

fn too_long(length: usize) -> Refusal {
    Refusal::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        format!("the body has more than the {length} bytes that are needed"),
    )
}
