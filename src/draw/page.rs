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
    File {
        path: "/",
        kind: HTML,
        content: include_bytes!("page/index.html"),
    },
    File {
        path: "/page.css",
        kind: CSS,
        content: include_bytes!("page/page.css"),
    },
    File {
        path: "/page.js",
        kind: SCRIPT,
        content: include_bytes!("page/page.js"),
    },
    File {
        path: "/answers.js",
        kind: SCRIPT,
        content: include_bytes!("page/answers.js"),
    },
    File {
        path: "/drawing.js",
        kind: SCRIPT,
        content: include_bytes!("page/drawing.js"),
    },
    File {
        path: "/gallery.js",
        kind: SCRIPT,
        content: include_bytes!("page/gallery.js"),
    },
    File {
        path: "/pictures.js",
        kind: SCRIPT,
        content: include_bytes!("page/pictures.js"),
    },
    File {
        path: "/server.js",
        kind: SCRIPT,
        content: include_bytes!("page/server.js"),
    },
    File {
        path: "/why.js",
        kind: SCRIPT,
        content: include_bytes!("page/why.js"),
    },
];

impl File {
    /// The file that has exactly this path.
    pub(super) fn find(path: &str) -> Option<&'static Self> {
        FILES.iter().find(|file| file.path == path)
    }

    pub(super) fn reply(&self) -> Reply {
        reply(StatusCode::OK, self.kind, Bytes::from_static(self.content))
    }
}
