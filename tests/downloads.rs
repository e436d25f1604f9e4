//! Datasets by name, from mirrors on this machine that behave or do not.
//!
//! Most of it with a small dataset of the tests' own, fetched by the library
//! here and by processes of this same program; some with MNIST as it is
//! published, fetched by the command.

mod archive;
mod command;
mod made_up;
mod mirrors;
mod processes;
mod published;
