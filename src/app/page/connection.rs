//! One connection: one request, one response, then it is closed.

use std::convert::Infallible;
use std::future::poll_fn;
use std::io::{self, Write};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use http_body_util::Full;
use hyper::StatusCode;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::reply::{Refusal, Reply, wire_format};
use super::routes::Site;

/// How long a connection may live. One that takes longer is stuck, or slow on
/// purpose (slowloris).
const LIFE: Duration = Duration::from_secs(4);

/// Bytes of the head of a request, at most. Browsers send the cookies of other
/// servers on this machine along, so this is generous.
const LONGEST_HEAD: usize = 32 << 10;
const MOST_HEADERS: usize = 64;

/// Bytes that are read and dropped after the response, at most.
const MOST_IGNORED: usize = 1 << 20;

/// Answers one request, valid or not.
pub(super) async fn attend(stream: TcpStream, site: Arc<Site>) {
    // A timeout needs no response: the client neither sends nor reads.
    let _ = timeout(LIFE, exchange(stream, site)).await;
}

/// Answers with 503: there are too many connections already.
pub(super) fn turn_away(stream: TcpStream) {
    let why = "too many connections at once; try again in a few seconds";
    let refusal = Refusal::new(StatusCode::SERVICE_UNAVAILABLE, why);
    if let Ok(mut stream) = stream.into_std() {
        // So short a response fits the send buffer; a client that is gone misses nothing.
        let _ = stream.write(&wire_format(&refusal.into()));
    }
}

async fn exchange(stream: TcpStream, site: Arc<Site>) -> io::Result<()> {
    let understood = Arc::new(AtomicBool::new(false));
    let wire = Wire {
        stream,
        understood: Arc::clone(&understood),
    };
    let service = service_fn(|request| {
        understood.store(true, Ordering::Relaxed);
        let site = Arc::clone(&site);
        Box::pin(async move { Ok::<_, Infallible>(site.reply(request).await.map(Full::new)) })
    });
    let mut connection = http1::Builder::new()
        .keep_alive(false)
        // A client may close its sending side after the request.
        .half_close(true)
        // The limits for an incomplete head and for a complete one.
        .max_buf_size(LONGEST_HEAD)
        .max_header_size(LONGEST_HEAD)
        .max_headers(MOST_HEADERS)
        .serve_connection(TokioIo::new(wire), service);
    let ended = poll_fn(|context| connection.poll_without_shutdown(context)).await;
    let mut stream = connection.into_parts().io.into_inner().stream;
    let refusal = ended.err().and_then(|error| not_understood(&error));
    if let Some(refusal) = refusal.filter(|_| !understood.load(Ordering::Relaxed)) {
        let bytes = wire_format(&Reply::from(refusal));
        // Nothing was sent before, so it fits the send buffer.
        poll_fn(|context| Pin::new(&mut stream).poll_write(context, &bytes)).await?;
    }
    close(stream).await
}

/// What is wrong with a request whose head could not be parsed; nothing where
/// the connection just ended.
fn not_understood(error: &hyper::Error) -> Option<Refusal> {
    if error.is_parse_too_large() {
        let why = "the head of the request is too long";
        let status = StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE;
        Some(Refusal::new(status, why))
    } else if error.is_parse() {
        Some(Refusal::bad("this is no request in the form of HTTP/1.1"))
    } else {
        None
    }
}

/// Closes a connection so that the response arrives. Closed while the client is
/// still sending, it would be reset, and the client might lose the response.
async fn close(mut stream: TcpStream) -> io::Result<()> {
    poll_fn(|context| Pin::new(&mut stream).poll_shutdown(context)).await?;
    let (mut ignored, mut bytes) = (0, [0; 4096]);
    while ignored < MOST_IGNORED {
        stream.readable().await?;
        match stream.try_read(&mut bytes) {
            Ok(0) => break,
            Ok(read) => ignored += read,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// A stream that writes nothing before a request was parsed: hyper's own answer
/// to a malformed one would lack the security headers.
struct Wire {
    stream: TcpStream,
    understood: Arc<AtomicBool>,
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match self.understood.load(Ordering::Relaxed) {
            true => Pin::new(&mut self.stream).poll_write(context, bytes),
            false => Poll::Ready(Ok(bytes.len())),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
