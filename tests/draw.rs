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

use libtest_mimic::Trial;

use crate::support::{Outcome, trial, trial_unless};

pub use interrupted::serve_as_told;

type Test = fn() -> Outcome;

pub fn trials() -> Vec<Trial> {
    let tests: [(&str, Test); 25] = [
        ("listens on the loopback address alone", places::loopback),
        ("says so when a port is taken", places::busy_port),
        ("makes a new key at every start", places::new_keys),
        ("answers the page", answers::page),
        ("locks down every response", answers::locked_down),
        ("answers each question", answers::questions),
        ("takes each number once", answers::strict_queries),
        ("tells faults of the page from its own", answers::faults),
        ("has nothing but its own files", places::no_files),
        ("has a list of methods for each address", places::methods),
        ("answers to its own names alone", guards::hosts),
        ("refuses what other sites send", guards::sites),
        ("refuses who has no key", guards::keys),
        ("takes no body that a form could send", guards::kinds),
        ("takes bodies of one length", bounds::lengths),
        ("takes bodies in pieces of one length", bounds::chunks),
        ("does not read a long body to its end", bounds::endless),
        ("hears out whom it refuses", bounds::heard_out),
        ("takes heads of some length", bounds::heads),
        (
            "takes thirty-two connections at a time",
            bounds::connections,
        ),
        ("drops who is slow to ask", slow::dropped),
        ("drops who does not listen", slow::deaf),
        ("answers others while it works", slow::busy),
        ("answers one request on a connection", slow::one_request),
        ("withstands any bytes", hostile::any_bytes),
    ];
    let full = |name: &str| format!("the server for drawing {name}");
    let mut trials: Vec<Trial> = tests.map(|(name, test)| trial(full(name), test)).into();
    let by_signal = cfg!(not(unix)).then_some("processes are told to end on Unix alone");
    let name = full("ends at once when interrupted");
    trials.push(trial_unless(by_signal, name, interrupted::at_once));
    trials
}
