//! What an interruption does to the program.

use super::ending::end_at_once;
use super::report;
use crate::data::unfinished::remove_all_and_end;

/// The exit code of a program that was interrupted, as shells have it.
const INTERRUPTED: i32 = 130;

/// Has an interruption remove unfinished files and end the program at once, whatever
/// drivers are doing.
pub fn clean_up_when_interrupted() {
    // Where no handler can be set an interruption ends the program all the same.
    let _ = ctrlc::set_handler(|| remove_all_and_end(end));
}

fn end() -> ! {
    report::note(format_args!("interrupted"));
    end_at_once(INTERRUPTED)
}
