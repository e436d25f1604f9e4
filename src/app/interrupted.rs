//! What an interruption does to the program.

use crate::data::unfinished::remove_all_and_end;

/// Has an interruption remove unfinished files and then run `end`, which does
/// not return.
pub fn clean_up_when_interrupted(end: fn() -> !) {
    // Where no handler can be set an interruption ends the program all the same.
    let _ = ctrlc::set_handler(move || remove_all_and_end(end));
}
