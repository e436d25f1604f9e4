//! A server with answers that are made up, and a client that says exactly
//! what it is told.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use super::response::Response;
use crate::support::{ensure, failed};
use ncm::Error;
use ncm::internals::app::page::{Answers, Server};

pub const CANVAS: usize = 280 * 280;
pub const IMAGE: usize = 784;

/// What the server's thread is called.
pub const THREAD: &str = "server for drawing";

/// Answers that show what was asked.
pub struct MadeUp;

impl Answers for MadeUp {
    fn models(&self) -> String {
        r#"{"models":[]}"#.into()
    }

    fn canvas_bytes(&self) -> usize {
        CANVAS
    }

    fn image_bytes(&self) -> usize {
        IMAGE
    }

    fn read(&self, canvas: &[u8]) -> ncm::Result<String> {
        let sum: u64 = canvas.iter().map(|&grey| u64::from(grey)).sum();
        Ok(format!(r#"{{"read":{sum}}}"#))
    }

    fn difference(&self, model: usize, a: usize, b: usize, image: &[u8]) -> ncm::Result<String> {
        match model {
            0 => Ok(format!(r#"{{"a":{a},"b":{b},"image":{}}}"#, image.len())),
            1 => Err(Error::Invalid("the model is broken".into())),
            // A panic without its message.
            2 => std::panic::resume_unwind(Box::new(())),
            _ => Err(Error::NotThere(format!("model {model}"))),
        }
    }

    /// `SLOW` takes two seconds and `LONG` makes an answer that no buffer holds.
    fn gallery(&self, from: usize, count: usize) -> ncm::Result<String> {
        match from {
            SLOW => thread::sleep(Duration::from_secs(2)),
            LONG => return Ok(" ".repeat(LONG)),
            _ => {}
        }
        Ok(format!(r#"{{"from":{from},"count":{count}}}"#))
    }
}

pub const SLOW: usize = 777;
pub const LONG: usize = 64 << 20;

/// A server that serves until the tests end.
pub struct Site {
    pub port: u16,
    pub token: String,
}

impl Site {
    pub fn start() -> Result<Self, String> {
        let server = Server::bind(0).map_err(failed)?;
        let site = Self::at(&server.address())?;
        let serve = move || server.serve(Arc::new(MadeUp));
        let thread = thread::Builder::new().name(THREAD.into());
        thread.spawn(serve).map_err(failed)?;
        Ok(site)
    }

    /// The site that has this address.
    pub fn at(address: &str) -> Result<Self, String> {
        let rest = address.strip_prefix("http://127.0.0.1:");
        let (port, token) = rest
            .and_then(|rest| rest.split_once("/#"))
            .ok_or_else(|| address.to_owned())?;
        Ok(Self {
            port: port.parse().map_err(failed)?,
            token: token.to_owned(),
        })
    }

    /// A connection on which nobody waits for ever.
    pub fn connect(&self) -> Result<TcpStream, String> {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).map_err(failed)?;
        for set in [TcpStream::set_read_timeout, TcpStream::set_write_timeout] {
            set(&stream, Some(Duration::from_secs(9))).map_err(failed)?;
        }
        Ok(stream)
    }

    /// A request as the page makes it.
    pub fn request(&self, method: &str, target: &str) -> Request {
        let mut request = Request {
            line: format!("{method} {target} HTTP/1.1"),
            headers: Vec::new(),
            body: Vec::new(),
        };
        request = request.with("host", format!("127.0.0.1:{}", self.port));
        if target.starts_with("/api/") {
            request = request.with("ncm-token", &*self.token);
        }
        request
    }

    pub fn get(&self, target: &str) -> Request {
        self.request("GET", target)
    }

    pub fn post(&self, target: &str, body: Vec<u8>) -> Request {
        let request = self
            .request("POST", target)
            .with("content-type", "application/octet-stream")
            .with("content-length", body.len().to_string());
        Request { body, ..request }
    }

    /// What is said to a request.
    pub fn answer(&self, request: &Request) -> Result<Response, String> {
        let said = self.say(&request.bytes())?;
        Response::parse(&said, request.line.starts_with("HEAD "))
            .map_err(|error| format!("{}: {error}", request.line))
    }

    /// What is said to some bytes, after which nothing follows.
    pub fn say(&self, bytes: &[u8]) -> Result<Vec<u8>, String> {
        let mut stream = self.connect()?;
        // Whoever refuses need not listen to the end.
        let _ = stream.write_all(bytes);
        let _ = stream.shutdown(Shutdown::Write);
        listen(&mut stream)
    }

    /// Whether a request is answered with this status, and says this.
    pub fn expect(&self, request: &Request, status: u16, says: &str) -> Result<Response, String> {
        let response = self.answer(request)?;
        let text = String::from_utf8_lossy(&response.body);
        ensure(response.status == status && text.contains(says), || {
            let headers = request.headers.iter();
            let headers = headers.map(|(name, value)| format!("{name}: {value}"));
            let headers = headers.collect::<Vec<_>>().join(", ");
            format!(
                "{} ({headers:.300}): {} {text:.300} instead of {status} {says}",
                request.line, response.status
            )
        })?;
        Ok(response)
    }

    /// Whether the server is well.
    pub fn is_well(&self) -> Result<(), String> {
        let canvas = self.post("/api/read", vec![1; CANVAS]);
        self.expect(&canvas, 200, r#"{"read":78400}"#).map(|_| ())
    }
}

/// Everything that still comes.
pub fn listen(stream: &mut TcpStream) -> Result<Vec<u8>, String> {
    let mut said = Vec::new();
    match stream.read_to_end(&mut said) {
        // Closed while something was still to be read there.
        Err(error) if error.kind() == ErrorKind::ConnectionReset => Ok(said),
        Err(error) => Err(format!("{} bytes, then {error}", said.len())),
        Ok(_) => Ok(said),
    }
}

/// A request, good or bad.
#[derive(Clone)]
pub struct Request {
    pub line: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Request {
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    pub fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(known, _)| known != name);
        self
    }

    /// With this value in place of any other.
    pub fn set(self, name: &str, value: impl Into<String>) -> Self {
        self.without(name).with(name, value)
    }

    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = format!("{}\r\n", self.line).into_bytes();
        for (name, value) in &self.headers {
            bytes.extend(format!("{name}: {value}\r\n").bytes());
        }
        bytes.extend(b"\r\n");
        bytes.extend(&self.body);
        bytes
    }
}
