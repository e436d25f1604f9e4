//! The page's files, which are part of this program.

use hyper::StatusCode;
use hyper::body::Bytes;

use super::reply::{Reply, reply};

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";

/// A file of the page.
pub(super) struct File {
    path: &'static str,
    kind: &'static str,
    content: &'static [u8],
}

/// All of them.
static FILES: &[File] = &[
    File::new("/", HTML, include_bytes!("index.html")),
    File::new("/page.css", CSS, include_bytes!("page.css")),
    File::new("/page.js", SCRIPT, include_bytes!("page.js")),
    File::new("/answers.js", SCRIPT, include_bytes!("answers.js")),
    File::new("/drawing.js", SCRIPT, include_bytes!("drawing.js")),
    File::new("/gallery.js", SCRIPT, include_bytes!("gallery.js")),
    File::new("/pictures.js", SCRIPT, include_bytes!("pictures.js")),
    File::new("/server.js", SCRIPT, include_bytes!("server.js")),
    File::new("/why.js", SCRIPT, include_bytes!("why.js")),
];

impl File {
    const fn new(path: &'static str, kind: &'static str, content: &'static [u8]) -> Self {
        Self {
            path,
            kind,
            content,
        }
    }

    /// The file that has exactly this path.
    pub(super) fn find(path: &str) -> Option<&'static Self> {
        FILES.iter().find(|file| file.path == path)
    }

    pub(super) fn reply(&self) -> Reply {
        reply(StatusCode::OK, self.kind, Bytes::from_static(self.content))
    }
}
