//! `ncm report`: its page, its pictures, and the margins they rest on.

mod files;
mod html;
mod margins;
mod numbers;
mod odd;
mod page;
mod pictures;

/// What the tests report about, unless it must be something else.
const SMALL: &str = "synthetic:500,200";
