//! What the process ends with.

use crate::error::Error;

/// The exit code that stands for an error.
pub fn exit_code(error: &Error) -> u8 {
    match error {
        Error::Write { .. } | Error::Output(_) | Error::WrongAnswer(_) | Error::Serve(_) => 1,
        Error::Usage(_) => 2,
        Error::BadFile { .. } | Error::Invalid(_) | Error::Disagreement(_) => 3,
        Error::Download { .. } | Error::Offline(_) => 4,
        Error::NoGpu(_) | Error::Gpu(_) => 5,
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    #[test]
    fn exit_codes_are_what_the_help_says() {
        let io = || std::io::Error::other("full");
        let text = String::new;
        let codes = [
            (
                Error::Write {
                    path: PathBuf::new(),
                    source: io(),
                },
                1,
            ),
            (Error::Output(io()), 1),
            (Error::Usage(text()), 2),
            (Error::bad_file(&PathBuf::new(), "", "", ""), 3),
            (Error::Invalid(text()), 3),
            (Error::WrongAnswer(text()), 1),
            (Error::Serve(text()), 1),
            (Error::Disagreement(text()), 3),
            (
                Error::Download {
                    what: text(),
                    failures: Vec::new(),
                },
                4,
            ),
            (Error::Offline(text()), 4),
            (Error::NoGpu(text()), 5),
            (Error::Gpu(text()), 5),
        ];
        codes
            .iter()
            .for_each(|(error, code)| assert_eq!(exit_code(error), *code, "{error:?}"));
    }
}
