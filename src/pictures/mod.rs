//! The fifth room: a decoded picture in a model's frame, what a model reads in
//! it, and images looked at closely. It imports every room but `app`.

pub mod detail;
pub mod drawing;
pub mod frame;
pub mod thumbnail;
