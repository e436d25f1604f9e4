//! What to type instead: the library says what was found, and this adds, where
//! there is something to try, the command or the option that may help.

use std::borrow::Cow;
use std::path::Path;

use crate::app::did_you_mean::{beside, nearest, without_marks};
use crate::app::shell::quoted;
use crate::data::Note;
use crate::error::{Error, MirrorFailure, NoGpu, taken_as_name};

/// An error of the library as the user reads it, in one line.
pub fn message(error: &Error) -> String {
    match error {
        Error::SyntheticName { .. } => format!("--data {error}"),
        // The advice is on what failed, not on the name.
        Error::NameOrPath { name, source } => {
            format!("{}; {}", message(source), taken_as_name(name))
        }
        // Not a step further but the rest of what was expected.
        Error::NoModel { .. } => {
            format!("{error}, as `ncm means --save` writes them; write the archive again")
        }
        Error::NoGpu(NoGpu::NoAdapter) => format!(
            "{error}: install a Vulkan driver (mesa-vulkan-drivers brings a software one on \
             Debian and Ubuntu) or use --backend cpu"
        ),
        _ => match advice(error) {
            Some(advice) => format!("{error}; {advice}"),
            None => error.to_string(),
        },
    }
}

fn advice(error: &Error) -> Option<Cow<'static, str>> {
    let fetch = |dataset| format!("fetch it with `ncm data fetch {dataset}`").into();
    Some(match error {
        Error::NoDataset { path, .. } => {
            let meant = without_marks(path).map(str::to_owned);
            meaning(
                meant.or_else(|| beside(path)),
                "name one with --data PATH, or a dataset as `ncm data list` has it",
            )
        }
        Error::MissingFile { .. } => "add the file or name another folder with --data DIR".into(),
        Error::NoPicture { bytes, .. } => to_be_read(*bytes).into(),
        Error::UnknownDataset { name, known } => {
            let names = known.iter().copied().chain(["synthetic"]);
            let named = nearest(name.to_str().unwrap_or_default(), names);
            let meant = without_marks(name).or(named).map(str::to_owned);
            meaning(meant.or_else(|| beside(name)), "see `ncm data list`")
        }
        Error::Download { failures, .. } => download(failures, proxy().as_deref()),
        Error::Offline { dataset, .. } | Error::DamagedCache { dataset, .. } => fetch(dataset),
        Error::NoGpu(NoGpu::Refused { .. }) => {
            "choose another with --adapter or use --backend cpu".into()
        }
        Error::NoGpu(NoGpu::ComputesWrongly { .. }) => {
            "update its driver, choose another with --adapter or use --backend cpu".into()
        }
        Error::NoGpu(NoGpu::NotConformant { .. }) => {
            "name one with --adapter, whose answers are checked first, or use --backend cpu".into()
        }
        Error::NoGpu(NoGpu::TimedOut { .. }) => {
            "set NCM_GPU_TIMEOUT to wait longer or use --backend cpu".into()
        }
        Error::NoGpu(NoGpu::PassedBy { .. }) => {
            "`ncm devices --retry` tries them again, for as long as NCM_GPU_TIMEOUT says; \
             --backend cpu does without"
                .into()
        }
        Error::NoGpu(NoGpu::Unknown { .. }) => "see `ncm devices` or use --backend cpu".into(),
        Error::NoGpu(NoGpu::TooLarge { .. }) => "use --backend cpu".into(),
        Error::Gpu(_) => "run again with --backend cpu for the same answer without it".into(),
        Error::WrongAnswer { .. } => "please report this with `ncm devices`".into(),
        _ => return None,
    })
}

/// Environment variables that name a proxy, in the order in which they count.
const PROXIES: [&str; 6] = [
    "ALL_PROXY",
    "all_proxy",
    "HTTPS_PROXY",
    "https_proxy",
    "HTTP_PROXY",
    "http_proxy",
];

/// The variable that names a proxy, if one is set.
fn proxy() -> Option<String> {
    let is_set = |name: &&str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    PROXIES.into_iter().find(is_set).map(str::to_owned)
}

/// What helps against what mirrors, or what stands between them and us, have said.
fn download(failures: &[MirrorFailure], proxy: Option<&str>) -> Cow<'static, str> {
    let later = "try again later, or name a folder that has the dataset with --data DIR";
    let is_unknown = |failure: &MirrorFailure| failure.reason.contains("UnknownIssuer");
    if failures.iter().any(is_unknown) {
        return "where a proxy opens encrypted connections, set SSL_CERT_FILE to a file with its \
                certificate; or name a folder that has the dataset with --data DIR"
            .into();
    }
    match proxy {
        Some(name) => format!("check the proxy that {name} names; {later}").into(),
        None => later.into(),
    }
}

/// Advice, and before it what was probably meant.
fn meaning(meant: Option<String>, advice: &'static str) -> Cow<'static, str> {
    match meant {
        Some(meant) => format!("did you mean {meant}? Else {advice}").into(),
        None => advice.into(),
    }
}

/// What to name where a folder was named for a picture.
pub fn pictures_in(folder: &Path) -> String {
    let folder = folder.display().to_string();
    let folder = folder.trim_end_matches(std::path::is_separator);
    let folder = quoted(folder);
    format!("name the pictures in it, as in `ncm predict {folder}/*`")
}

/// What to do where no picture can be made to look like a model's images.
pub const RESIZED: &str = "make it of that size, or use --resize plain";

/// What to name where a pipe was named for a picture.
pub fn piped() -> String {
    "name - and send the picture to standard input, as in `COMMAND | ncm predict -`".into()
}

/// What to do about a file that is no picture.
fn to_be_read(bytes: usize) -> String {
    let raw = "for an image of one byte a pixel say --raw or let its name end in .raw";
    match bytes {
        0 => "save it again".into(),
        _ => format!("save it again as PNG; {raw}"),
    }
}

/// What to say where the `cpu` backend stands in for a GPU.
pub fn instead(error: &Error) -> String {
    let why = match error {
        // The advice has been taken already.
        Error::Gpu(_) | Error::NoGpu(NoGpu::NoAdapter) => error.to_string(),
        other => message(other),
    };
    format!("{why}; using the cpu backend")
}

/// What the user should know of how a dataset was found.
pub fn note(note: &Note) -> String {
    match note {
        Note::NameOrPath(name) => taken_as_name(name),
        Note::PassedOver { folder, found } => {
            let folder = folder.display();
            format!("{folder} holds {found} and was passed over; to use it say --data {folder}")
        }
        // Why it could not be had is what fetching it says.
        Note::Drawn => "these are synthetic digits, not MNIST; `ncm data fetch mnist` \
                               gets it"
            .into(),
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    #[test]
    fn messages_end_with_what_to_try() {
        let adapter = || "card".to_owned();
        let cases: [(Error, &str); 8] = [
            (
                NoGpu::NoAdapter.into(),
                "no GPU adapter found: install a Vulkan driver (mesa-vulkan-drivers brings a \
                 software one on Debian and Ubuntu) or use --backend cpu",
            ),
            (
                NoGpu::Refused {
                    adapter: adapter(),
                    reason: "lost".into(),
                }
                .into(),
                "the adapter card cannot be used: lost; choose another with --adapter or use \
                 --backend cpu",
            ),
            (
                NoGpu::ComputesWrongly {
                    adapter: adapter(),
                    stage: "distances",
                }
                .into(),
                "the adapter card computes distances wrongly; update its driver, choose another \
                 with --adapter or use --backend cpu",
            ),
            (
                NoGpu::TooLarge {
                    what: "means".into(),
                    bytes: 9,
                    most: 8,
                }
                .into(),
                "means take 9 bytes, more than the 8 this adapter can bind; use --backend cpu",
            ),
            (
                NoGpu::Unknown {
                    wanted: "x".into(),
                    found: vec![adapter(), "other".into()],
                }
                .into(),
                "no adapter has the index or the name \"x\"; there are 0: card, 1: other; \
                 see `ncm devices` or use --backend cpu",
            ),
            (
                Error::Gpu("lost".into()),
                "the GPU failed: lost; run again with --backend cpu for the same answer without it",
            ),
            (
                Error::WrongAnswer {
                    image: 3,
                    given: 1,
                    exact: 2,
                },
                "image 3 was given class 1 but exact arithmetic finds 2; please report this with \
                 `ncm devices`",
            ),
            (
                Error::NameOrPath {
                    name: PathBuf::from("mnist"),
                    source: Box::new(unfetched()),
                },
                "images could not be fetched: https://a.org/images: 404; try again later, or name \
                 a folder that has the dataset with --data DIR; mnist is taken as a dataset's \
                 name; for the folder say ./mnist",
            ),
        ];
        for (error, says) in cases {
            assert_eq!(message(&error), says);
        }
    }

    #[test]
    fn what_stands_between_is_named() {
        let failure = |reason: &str| {
            vec![MirrorFailure {
                url: "https://a.org/images".into(),
                reason: reason.into(),
            }]
        };
        let unknown = download(&failure("invalid peer certificate: UnknownIssuer"), None);
        assert!(unknown.contains("set SSL_CERT_FILE"), "{unknown}");
        let refused = download(&failure("Connection refused"), Some("HTTPS_PROXY"));
        assert!(
            refused.starts_with("check the proxy that HTTPS_PROXY names"),
            "{refused}"
        );
        let plain = download(&failure("404"), None);
        assert!(plain.starts_with("try again later"), "{plain}");
    }

    #[test]
    fn what_stands_in_needs_no_advice() {
        let failed = Error::Gpu("lost".into());
        let says = "the GPU failed: lost; using the cpu backend";
        assert_eq!(instead(&failed), says);
        assert_eq!(
            note(&Note::Drawn),
            "these are synthetic digits, not MNIST; `ncm data fetch mnist` gets it"
        );
    }

    fn unfetched() -> Error {
        Error::Download {
            file: "images".into(),
            failures: vec![MirrorFailure {
                url: "https://a.org/images".into(),
                reason: "404".into(),
            }],
        }
    }
}
