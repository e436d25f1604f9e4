//! The server of the page on which digits are drawn and read.
//!
//! It is for one person at one machine and keeps to that:
//!
//! - It listens on the loopback address alone, and answers only to its own
//!   name, so that no other machine reaches it, nor another name that was made
//!   to point here.
//! - It refuses what other sites make a browser send, and allows none of them
//!   to read an answer.
//! - Whatever computes wants a key that is new at every start, which other
//!   users of this machine do not have. The key stands behind the `#` of the
//!   address, the part that browsers send to nobody. Where this program opens
//!   the browser, other users may see the address among its arguments.
//! - Nothing is read from disk: the page's files are in the program, and the
//!   addresses are a fixed list.
//! - Every request is bounded, in the bytes of its head and of its body and in
//!   the time that its connection lives; so is the number of connections.
//! - Every response, errors included, forbids the browser whatever the page
//!   does not need.
//!
//! A connection carries one request. On one machine a new one costs next to
//! nothing, and none stays open with nothing to do.

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
/// [not there](crate::Error::NotThere) is told of as the page's fault, any other
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
