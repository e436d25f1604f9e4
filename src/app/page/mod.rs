//! The server of the page on which digits are drawn and read.
//!
//! It serves one person on one machine, and is closed to everybody else:
//!
//! - Other machines: it listens on the loopback address only.
//! - DNS rebinding: it answers only requests whose `Host` is its own name.
//! - Other sites: it refuses cross-site requests, and sends no CORS headers, so
//!   that no other site can read an answer.
//! - Other users of this machine: everything that computes needs a key, new at
//!   every start. The key is in the fragment of the address, behind `#`, which
//!   browsers do not send. Where this program opens the browser, other users may
//!   see the address among its arguments; `--no-open` avoids that.
//! - Path traversal: nothing is read from disk. The page's files are in the
//!   program, and the paths are a fixed list.
//! - Exhaustion: the bytes of a head and of a body, the life of a connection and
//!   the number of connections are bounded.
//! - Injected content: every response, errors included, has a Content Security
//!   Policy that forbids whatever the page does not need.
//!
//! A connection carries one request: on one machine a new connection costs next
//! to nothing, and none stays idle.

mod body;
mod connection;
mod error;
mod files;
mod guard;
mod query;
mod reply;
mod routes;
mod server;
mod token;

pub use error::Error;
pub use server::Server;

use crate::error::Result;

/// What the page can ask; each answer is a JSON object. What is
/// [not there](crate::Error::NotThere) is reported as the page's fault, any other
/// error as this program's.
pub trait Answers: Send + Sync {
    /// The models and what they are made for: `GET /api/models`.
    fn models(&self) -> String;

    /// How many bytes a canvas has.
    fn canvas_bytes(&self) -> usize;

    /// How many bytes an image has, as a model sees it.
    fn image_bytes(&self) -> usize;

    /// What a canvas is read as: `POST /api/read`.
    ///
    /// # Errors
    /// When the canvas cannot be read.
    fn read(&self, canvas: &[u8]) -> Result<String>;

    /// Where an image speaks for one class of a model, `a`, against another,
    /// `b`: `POST /api/difference`.
    ///
    /// # Errors
    /// When there is no such model or class.
    fn difference(&self, model: usize, a: usize, b: usize, image: &[u8]) -> Result<String>;

    /// Images to look at, `count` of them at most: `GET /api/gallery`.
    ///
    /// # Errors
    /// When there is no image `from`.
    fn gallery(&self, from: usize, count: usize) -> Result<String>;
}
