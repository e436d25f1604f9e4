//! The server of the page for drawing, asked in raw bytes: what it answers,
//! and everything that it must not.

mod answers;
mod bounds;
mod client;
mod guards;
mod hostile;
mod interrupted;
mod places;
mod response;
mod slow;
